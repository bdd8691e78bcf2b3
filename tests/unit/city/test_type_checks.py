"""Check values by the type that the table says of a property."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cityatlas.city.property_checks import check_properties
from cityatlas.city.type_checks import Known, type_faults
from cityatlas.schema.properties import properties
from cityatlas.schema.property_types import Described, Month, Number, Property, both
from sheet_files import toy_catalogue, toy_layer

CITY, SPEC = toy_catalogue().city, toy_layer().spec
KNOWN = Known(("Paper",), SPEC.kinds, SPEC.id, tuple(CITY.themes))
STATED = {"what": "length_m", "value": 12.5, "source": "Paper"}


def told(one: Described, value: Any) -> list[str]:
    return [str(found.under(one.key)) for found in type_faults(one, value, KNOWN)]


def of(key: str) -> Property:
    return properties().by_key[key]


@pytest.mark.parametrize("row", toy_layer().features, ids=lambda row: row.id)
def test_every_value_of_a_sound_city_is_sound_by_its_type(row: Any) -> None:
    faults = {
        key: found
        for key, value in row.properties.items()
        if (found := list(type_faults(of(key), value, replace(KNOWN, titles=tuple(s.title for s in row.sources)))))
    }
    assert faults == {}


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("name", {"zh": "长" * 201}, "is 201 letters long, the limit is 200"),
        ("summary", "text", '"text" is not a text; write {"zh": "...", "en": "..."}'),
        ("kind", "project", '"project" is not a kind of layer "sights" (one of house, museum, boat_stop, route)'),
        ("themes", ["family", "golf"], '"golf" is not in [themes] of city.toml (one of family, art)'),
        ("aliases", [3], "3 is not a short text"),
        ("figures", ["A b"], '"A b" is not an id'),
        ("visit_min", 1441, "1441 is not a whole number from 0 to 1,440"),
        ("visit_min", True, "true is not a whole number from 0 to 1,440"),
        ("visit_min", 30.0, "30.0 is not a whole number from 0 to 1,440"),
        ("is_loop", "yes", '"yes" is neither true nor false'),
        ("hours_source", " ", '" " is not a text'),
        ("access", {"lift": "yes"}, 'lift "yes" is neither true nor false'),
        ("access", {"steps": 3}, '"steps" is not known; there may be boat_gangway, lift, note, step_free, toilets'),
        ("phases", {}, "{} is not a list"),
        ("phases", [{"source": "Paper"}], "phase is missing"),
        ("phases", [{"phase": "open", "from": "2024", "source": "Paper"}], 'from "2024" is not a month'),
        ("facts", [{"label": both("高", "h"), "value": both("九", "9"), "source": "Else"}], 'has the source "Else"'),
        ("stated", [STATED | {"value": 0}], "value 0 is not a number from 0 to 1,000,000, both beyond it"),
        ("sources", [{"title": "Paper", "date": "2024-02-30"}], 'date "2024-02-30" is not a date'),
        ("stops", ["mill", "Old mill"], '"Old mill" is not an id'),
        ("opening_hours", "9h-5", "is not OSM syntax"),
    ],
)
def test_a_value_that_is_none_of_its_type_is_told(key: str, value: Any, fault: str) -> None:
    (found,) = told(of(key), value)
    assert fault in found


def test_a_number_has_the_limits_of_its_row_and_is_finite() -> None:
    area = Property("area_m2", Number(0.5, 100), both("面积", "Area"))
    assert [value for value in (0, 0.5, 7, 100, 100.5, float("nan"), float("inf"), "7") if not told(area, value)] == [
        *(0.5, 7, 100)
    ]
    assert told(Property("since", Month(), both("起", "Since")), "2024-13") != []


def test_what_is_required_is_asked_for() -> None:
    assert list(map(str, check_properties({}, SPEC, CITY))) == [
        "name is missing",
        "kind is missing",
        "position is missing",
        "sources is missing",
    ]
