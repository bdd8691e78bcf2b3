"""Say what the checks found in the reader's own language, whatever it was."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cityatlas.city.property_checks import check_properties
from cityatlas.exchange.tables.cells import BadCell
from cityatlas.exchange.tables.columns import columns_of
from cityatlas.exchange.tables.fault_words import said
from sheet_files import toy_catalogue, toy_layer

CITY, SPEC = toy_catalogue().city, toy_layer().spec
SOUND: dict[str, Any] = {
    "name": {"zh": "馆"},
    "kind": "museum",
    "position": {"class": "schematic", "located_by": {"zh": "估"}},
    "sources": [{"title": "报"}],
}
WORD = re.compile(r"[A-Za-z]{3,}")
BAD: list[tuple[dict[str, Any], str]] = [
    ({"name": None}, "required"),
    ({"name": {"zh": " "}}, "required"),
    ({"name": {"zh": "长" * 201}}, "check_long"),
    ({"name": {"zh": "a\x01"}}, "check_control"),
    ({"name": {"fr": "a"}}, "check_form"),
    ({"name": "馆"}, "check_form"),
    ({"kind": "店"}, "check_choice"),
    ({"themes": ["吃"]}, "check_choice"),
    ({"themes": "吃"}, "check_form"),
    ({"aliases": "一"}, "check_form"),
    ({"facts": [{"label": {"zh": "一"}, "value": {"zh": "二"}}]}, "check_source"),
    ({"facts": [{"label": {"zh": "一"}, "value": {"zh": "二"}, "source": "别"}]}, "unknown_source"),
    ({"facts": 3}, "check_form"),
    ({"phases": [{"phase": "睡", "source": "报"}]}, "check_choice"),
    ({"phases": [{"phase": "open", "from": "春", "source": "报"}]}, "not_month"),
    ({"phases": [{"phase": "open", "from": "2024-05", "to": "2024-01", "source": "报"}]}, "check_ends"),
    (
        {"phases": [{"phase": p, "from": f, "source": "报"} for p, f in (("piling", "2024-05"), ("open", "2024-01"))]},
        "check_order",
    ),
    ({"visit_min": 2000}, "check_minutes"),
    ({"opening_hours": "早上", "hours_source": "报"}, "check_hours"),
    ({"position": {"class": "approximate", "source": "报"}}, "check_accuracy"),
    ({"position": {"class": "schematic"}}, "check_located_by"),
    ({"position": {"class": "surveyed"}}, "check_position_source"),
    ({"position": {"class": "好"}}, "check_choice"),
    ({"position": SOUND["position"] | {"verified_on": "昨"}}, "not_date"),
    ({"sources": [{"date": "2024"}]}, "check_title"),
    ({"sources": [{"title": "报", "url": "ftp"}]}, "check_url"),
    ({"sources": [{"title": "报", "date": "昨"}]}, "not_date"),
    ({"photos": [{"file": "../x"}]}, "check_photo"),
    ({"photos": [{"file": "x.jpg"}]}, "check_alt"),
    ({"programmes": [{"id": "a", "title": {"zh": "一"}, "duration_min": -1, "source": "报"}]}, "check_number"),
    ({"programmes": [{"id": "a", "title": {"zh": "一"}, "departures": "早", "source": "报"}]}, "check_times"),
    ({"programmes": [{"id": "a", "title": {"zh": "一"}, "days": "早", "source": "报"}]}, "check_times"),
    ({"access": {"lift": "是"}}, "check_form"),
    ({"access": {"楼": True}}, "check_form"),
    ({"stops": ["a", "b"], "legs": []}, "check_legs"),
    ({"stops": ["a", "b"], "legs": [{"mode": "walk"}], "sailings": [{}]}, "check_boat"),
    ({"is_loop": 1}, "check_form"),
    ({"stated": [{"what": "length_m", "value": -1, "source": "报"}]}, "check_number"),
    ({"价": 1}, "check_unknown"),
]


@pytest.mark.parametrize(("properties", "key"), BAD)
def test_a_fault_of_the_checks_has_a_sentence_in_each_language(properties: dict[str, Any], key: str) -> None:
    found = [
        said(str(told), "3", columns_of(SPEC, CITY)) for told in check_properties({**SOUND, **properties}, SPEC, CITY)
    ]
    assert [told.key for told in found] == [f"files.{key}"]
    zh = found[0].sentence("zh")
    assert set(WORD.findall(zh)) <= {"Apr", "http", "https", "ftp", "opening", "Fri"}, zh
    assert found[0].sentence("en")


def test_a_fault_names_the_column_of_its_property() -> None:
    told = said("opening_hours has no source; name one", "3", columns_of(SPEC, CITY))
    assert told.say("zh") == "3（开放时间）：每条内容都要注明来源，写“资料来源”里的某个标题。"


def test_choices_are_listed_in_the_readers_language() -> None:
    kind = next(column for column in columns_of(SPEC, CITY) if column.key == "kind")
    with pytest.raises(BadCell) as caught:
        kind.codec.read("店")
    titles = [CITY.kinds[name].title["en"] for name in SPEC.kinds]
    assert caught.value.fault.sentence("en") == f"“店” is not one of: {', '.join(titles)}"
    assert "、" in caught.value.fault.sentence("zh")
