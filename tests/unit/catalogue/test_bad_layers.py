"""Check that each way to get a feature wrong has its own sentence: file, feature, property, value and cure."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.settings import Settings
from faults import faults_of, faults_of_bytes, faults_of_mill
from toy import Json, feature, point, sights, text, with_properties, works, write_city

MILL = 'sights.geojson: feature "mill": '
PHASES = "planned, approved, groundbreaking, piling, structure, fit_out, complete, open"
PAPER = "Town paper"
NO_SOURCE = "has no source; name the title of one of this feature's sources"


def phase(name: str, begin: str | None, end: str | None, **more: object) -> Json:
    """Return one phase of a project with its source."""
    return {"phase": name, "from": begin, "to": end, "source": PAPER} | more


SCHEMATIC = {"class": "schematic", "accuracy_m": None, "located_by": text("示意", "by hand")}
PROPERTIES: list[tuple[Json, str]] = [
    ({"name": None}, "name is missing"),
    ({"name": {"zh": "", "en": " "}}, "name is empty in every language"),
    ({"name": {"zh": "磨坊", "fr": "Moulin"}}, 'name has the language ["fr"]; only zh and en are known'),
    ({"name": "Mill"}, 'name "Mill" is not a text; write {"zh": "...", "en": "..."}'),
    ({"name": text("磨坊", "a" * 201)}, "name is 201 letters long, the limit is 200"),
    ({"name": text("磨坊", "Mi\x07ll")}, 'name holds a control character: "Mi\\u0007ll"; take it out'),
    ({"name": text("磨坊", "Mi\ufffell")}, 'name holds a control character: "Mi\\ufffell"; take it out'),
    ({"name": text("磨坊", "Mi\ud800ll")}, 'name holds a control character: "Mi\\ud800ll"; take it out'),
    ({"aliases": "Mill"}, 'aliases "Mill" is not a list'),
    ({"aliases": ["\ud800"]}, 'aliases holds a control character: "\\ud800"; take it out'),
    ({"kind": None}, "kind is missing"),
    (
        {"kind": "mill"},
        'kind "mill" is not a kind of layer "sights" (one of house, museum, boat_stop, route)',
    ),
    (
        {"kind": ["house"]},
        'kind ["house"] is not a kind of layer "sights" (one of house, museum, boat_stop, route)',
    ),
    ({"themes": ["famly"]}, 'themes "famly" is not in [themes] of city.toml (one of family, art)'),
    ({"themes": [["family"]]}, 'themes ["family"] is not in [themes] of city.toml (one of family, art)'),
    ({"themes": "family"}, 'themes "family" is not a list'),
    ({"phases": [phase("digging", None, None)]}, f'phases phase "digging" is not one of {PHASES}'),
    (
        {"phases": [phase("piling", "2023-13", None)]},
        'phases from "2023-13" is not a month (example: "2023-09")',
    ),
    (
        {"phases": [phase("piling", "２０２３-01", None)]},
        'phases from "２０２３-01" is not a month (example: "2023-09")',
    ),
    (
        {"phases": [phase("piling", "2024-01", None), phase("structure", "2023-12", None)]},
        'phases "structure" begins 2023-12, before the phase above it; order them by time',
    ),
    (
        {"phases": [phase("piling", "2024-02", "2024-01")]},
        'phases "piling" ends 2024-01, before it begins 2024-02; correct one of the two',
    ),
    (
        {"phases": [{"from": "2024-02", "to": "2024-01", "source": PAPER}]},
        "phases phase is missing",
    ),
    (
        {"phases": [phase("piling", None, None, source="Hearsay")]},
        'phases has the source "Hearsay", which is not the title of',
    ),
    (
        {"phases": [phase("piling", None, None, since="2023")]},
        'phases "since" is not known; there may be from, note, phase',
    ),
    ({"phases": ["piling"]}, 'phases "piling" is not {"phase", "from", "to", "source", "note"}'),
    (
        {"opening_hours": "9h-5", "hours_source": PAPER},
        'opening_hours "9h-5" is not OSM syntax (example: Tu-Su 09:00-16:30). Write days as Mo Tu We Th Fr Sa Su',
    ),
    (
        {"opening_hours": 9, "hours_source": PAPER},
        "opening_hours 9 is not a text (example: Tu-Su 09:00-16:30)",
    ),
    ({"opening_hours": "Mo 09:00-17:00"}, f"opening_hours {NO_SOURCE} in hours_source"),
    ({"visit_min": -5}, "visit_min -5 is not a whole number from 0 to 1,440"),
    ({"visit_min": "30"}, 'visit_min "30" is not a whole number from 0 to 1,440'),
    ({"visit_min": True}, "visit_min true is not a whole number from 0 to 1,440"),
    ({"last_entry_min": 1.5}, "last_entry_min 1.5 is not a whole number from 0 to 1,440"),
    ({"opening_hour": "Mo"}, 'property "opening_hour" is not known; did you mean "opening_hours"?'),
    ({"colour": "red"}, 'property "colour" is not known'),
    (
        {"access": {"step_free": "yes"}},
        'access step_free "yes" is neither true nor false',
    ),
    (
        {"access": {"ramp": True}},
        'access "ramp" is not known; there may be boat_gangway, lift, note, step_free, toilets',
    ),
    ({"photos": [{"file": "mill.jpg"}]}, "photos alt is missing"),
    (
        {"photos": [{"file": "../../etc/passwd", "alt": text("磨", "Mill")}]},
        'photos "../../etc/passwd" has no plain file name',
    ),
    ({"position": {"class": "gps"}}, 'position class "gps" is not one of surveyed, approximate, schematic'),
    (
        {"position": {"class": "approximate", "source": PAPER}},
        "position accuracy_m is missing; an approximate position needs it, in whole metres",
    ),
    (
        {"position": {"class": "schematic"}},
        "position located_by is missing; say in words how this schematic position",
    ),
    (
        {"position": {"class": "surveyed"}},
        "position source is missing; a position without one can only be schematic, not surveyed",
    ),
    (
        {"position": SCHEMATIC | {"verified_on": "May"}},
        'position verified_on "May" is not a date (example: "2024-03-05"',
    ),
    (
        {"position": SCHEMATIC | {"height": 4}},
        'position "height" is not known; there may be accuracy_m, attribution, class',
    ),
    ({"sources": []}, "sources is missing"),
    ({"sources": None}, "sources is missing"),
    ({"sources": PAPER}, 'sources "Town paper" is not a list; write [{"title", "date", "url"}]'),
    (
        {"sources": [{"title": PAPER}, {"date": "2024"}]},
        "sources title is missing",
    ),
    (
        {"sources": [{"title": PAPER, "date": "2024-02-31"}]},
        'sources date "2024-02-31" is not a date (example: "2024-03-05", "2024-03" or "2024")',
    ),
    (
        {"sources": [{"title": PAPER, "date": "May 2024"}]},
        'sources date "May 2024" is not a date (example: "2024-03-05"',
    ),
    (
        {"sources": [{"title": PAPER, "url": "javascript:alert(1)"}]},
        'sources url "javascript:alert(1)" is not an http or https address',
    ),
    (
        {"sources": [{"title": f"{PAPER}"}, {"title": "\ud800"}]},
        'sources title holds a control character: "\\ud800"',
    ),
    (
        {"facts": [{"label": text("高", "High"), "value": text("3米", "3 m"), "source": "Hearsay"}]},
        'facts has the source "Hearsay", which is not the title of one of this feature\'s sources',
    ),
    (
        {"facts": [{"label": text("高", "High"), "value": "3 m", "source": PAPER}]},
        'facts value "3 m" is not a text',
    ),
    (
        {"programmes": [{"id": "talk", "title": text("讲", "Talk"), "duration_min": "30", "source": PAPER}]},
        'programmes duration_min "30" is not a whole number',
    ),
    ({"programmes": [{"title": text("讲", "Talk")}]}, "programmes id is missing"),
    (
        {"programmes": [{"id": "talk", "title": text("讲", "Talk"), "departures": "9:30, 14:00", "source": PAPER}]},
        'programmes departures "9:30, 14:00" are not times',
    ),
    (
        {"programmes": [{"id": "talk", "title": text("讲", "Talk"), "days": "Sat 09:00", "source": PAPER}]},
        'programmes days "Sat 09:00" are not OSM days',
    ),
    ({"stops": ["mill", "quay"], "legs": []}, "legs are 0, but 2 stops need 1"),
    (
        {"legs": [{"mode": "bus"}]},
        'legs mode "bus" is not one of walk, boat',
    ),
    ({"is_loop": "yes"}, 'is_loop "yes" is neither true nor false'),
    (
        {"stated": [{"what": "length_m", "value": 0, "source": PAPER}]},
        "stated value 0 is not a number from 0 to 1,000,000, both beyond it",
    ),
    (
        {"stated": [{"what": "length_m", "value": 10**400, "source": PAPER}]},
        f"stated value {'1' + '0' * 56}... is not a",
    ),
    (
        {"stated": [{"what": "length_m", "value": 5, "note": "about", "source": PAPER}]},
        'stated note "about" is not a text; write {"zh": "...", "en": "..."}',
    ),
    ({"figures": ["No 1"]}, 'figures "No 1" is not an id'),
]


@pytest.mark.parametrize(("properties", "fault"), PROPERTIES, ids=range(len(PROPERTIES)))
def test_a_bad_property_is_named_with_its_cure(tmp_path: Path, properties: Json, fault: str) -> None:
    layer = with_properties(sights(), "mill", **properties)
    first, *_ = faults_of_bytes(tmp_path, json.dumps(layer).encode())
    assert first.startswith(MILL + fault)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"id": "Old Mill"}, 'feature number 1: id "Old Mill" is not a slug (a-z, 0-9 and -)'),
        ({"id": "../mill"}, 'feature number 1: id "../mill" is not a slug (a-z, 0-9 and -)'),
        ({"id": 7}, "feature number 1: id 7 is not a slug (a-z, 0-9 and -)"),
        ({"id": "quay"}, 'feature "quay": id is used twice; each feature needs its own'),
        ({"type": "feature"}, 'feature number 1 is not {"type": "Feature", ...}'),
        ({"properties": None}, 'feature "mill": has no properties'),
    ],
)
def test_a_bad_feature_is_named_by_its_number_or_id(tmp_path: Path, change: Json, fault: str) -> None:
    assert faults_of_mill(tmp_path, lambda mill: mill.update(change)) == [f"sights.geojson: {fault}"]


@pytest.mark.parametrize("row", ["mill", None, 7, [], True])
def test_a_feature_that_is_no_object_is_refused(tmp_path: Path, row: Any) -> None:
    folder = write_city(tmp_path / "toy", sights={"type": "FeatureCollection", "features": [row]})
    assert faults_of(folder) == ['sights.geojson: feature number 1 is not {"type": "Feature", ...}']


def test_an_id_in_two_layers_names_both_files(tmp_path: Path) -> None:
    layer = works()
    layer["features"].append(feature("mill", "project", text("磨坊改造", "Mill works"), point(121.0)))
    (found,) = faults_of(write_city(tmp_path / "toy", works=layer))
    assert found == 'works.geojson: feature "mill": id is also in sights.geojson; rename one'


def test_a_stop_that_is_nowhere_is_named(tmp_path: Path) -> None:
    layer = with_properties(sights(), "boat-tour", stops=["mill", "pier", "hall"])
    (found,) = faults_of(write_city(tmp_path / "toy", sights=layer))
    assert found == 'sights.geojson: feature "boat-tour": stop "pier" is in no layer'


def test_a_figure_that_is_nowhere_is_named(tmp_path: Path) -> None:
    layer = with_properties(sights(), "mill", figures=["sales"])
    (found,) = faults_of(write_city(tmp_path / "toy", sights=layer))
    assert found == 'sights.geojson: feature "mill": figure "sales" is not in figures.json'


def test_a_feature_at_the_gcj_02_offset_of_its_namesake_is_named(tmp_path: Path) -> None:
    layer = works()
    # 121.0, 30.7 in WGS-84 is 121.004339, 30.697681 in GCJ-02: 490 m to the south-east.
    layer["features"].append(feature("mill-works", "project", text("老磨坊", "Old mill"), point(121.004339, 30.697681)))
    (found,) = faults_of(write_city(tmp_path / "toy", works=layer))
    assert found == (
        'works.geojson: feature "mill-works": lies off "mill" of the same name by just the shift of GCJ-02; '
        "convert the file to WGS-84"
    )


def test_long_and_traditional_texts_are_no_fault(tmp_path: Path) -> None:
    layer = with_properties(sights(), "mill", summary=text("長" * 10_000, "a" * 10_000), name={"zh": "磨坊"})
    catalogue = build_catalogue(Settings(geodata=write_city(tmp_path / "toy", sights=layer)))
    assert len(catalogue.feature("mill").summary["zh"]) == 10_000


def test_all_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    first = with_properties(sights(), "mill", visit_min=-5, themes=["famly"])
    second = copy.deepcopy(works())
    second["features"][1]["geometry"] = point(30.7, 121.0)
    assert faults_of(write_city(tmp_path / "toy", sights=first, works=second)) == [
        f'{MILL}themes "famly" is not in [themes] of city.toml (one of family, art)',
        f"{MILL}visit_min -5 is not a whole number from 0 to 1,440",
        'works.geojson: feature "school": position [30.7, 121.0] has its axes swapped; GeoJSON is [lon, lat]',
    ]


BY_BOAT = {"stops": ["quay", "hall"], "legs": [{"mode": "boat"}]}


@pytest.mark.parametrize(
    ("sailing", "cure"),
    [
        ({"times": "09:00"}, "not one for each of 2 stops"),
        ({"times": "09:00 -"}, "not one for each of 2 stops"),
        ({"times": "09:30 09:10"}, "each later than the one before"),
        ({"times": "9:00 9:10"}, "each later than the one before"),
        ({"times": ""}, 'times "" is not a text'),
        ({"times": "09:00 09:10", "days": "weekends"}, "are not OSM days"),
        ({"times": "09:00 09:10", "seats": 0}, "whole number from 1 to 10,000"),
        ({"times": "09:00 09:10", "is_back": "yes"}, "neither true nor false"),
        ({"times": "09:00 09:10", "price": 5}, "price"),
        ({"times": "; ".join(["09:00 09:10"] * 101)}, "more than 100 runs"),
    ],
)
def test_a_timetable_that_cannot_be_kept_is_told(tmp_path: Path, sailing: dict[str, Any], cure: str) -> None:
    given = with_properties(sights(), "boat-tour", **BY_BOAT, sailings=[sailing | {"source": "Town paper"}])
    (fault,) = faults_of(write_city(tmp_path / "city", sights=given))
    assert 'feature "boat-tour": sailings' in fault
    assert cure in fault


def test_a_timetable_is_for_boats_alone(tmp_path: Path) -> None:
    given = with_properties(sights(), "boat-tour", sailings=[{"times": "09:00 - 09:10", "source": "Town paper"}])
    (fault,) = faults_of(write_city(tmp_path / "city", sights=given))
    assert "need stops with legs that are all by boat" in fault
