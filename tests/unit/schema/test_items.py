"""Read what a feature holds into classes: null, absent, empty and what is of another type are the same there."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import get_args, get_origin, get_type_hints

import pytest

from cityatlas.i18n import Text
from cityatlas.schema.items import Attributes, FromJson, Phase, Programme, Sailing, Source, readers
from cityatlas.schema.properties import properties
from cityatlas.schema.property_types import (
    BilingualList,
    BilingualText,
    Described,
    ItemList,
    Listed,
    Number,
    Stops,
    Table,
    YesNo,
)
from toy import PAPER, SIGN, works


def test_what_is_null_or_absent_is_empty() -> None:
    assert Source.of(SIGN) == Source("Sign at the door", "2025", "")
    assert Phase.of({"phase": "open", "from": None}) == Phase("open", "", "", "", {})
    held = Attributes.of({"phases": None, "sources": [PAPER]})
    assert (held.phases, held.photos, held.summary, held.opening_hours) == ((), (), {}, "")
    assert held.sources == (Source("Town paper", "2024-03", "https://paper.example/1"),)
    assert (held.position.trust, held.position.accuracy_m, held.visit_min) == ("", None, None)
    assert (held.access.step_free, held.is_loop) == (None, False)


def test_they_are_in_the_order_of_the_file_and_stay_as_they_are() -> None:
    (school,) = (row["properties"] for row in works()["features"] if row["id"] == "school")
    phases = Attributes.of(school).phases
    assert [phase.phase for phase in phases] == ["planned", "groundbreaking", "piling"]
    with pytest.raises(FrozenInstanceError):
        phases[0].ends = "2024-01"  # type: ignore[misc]


def test_numbers_that_nobody_says_are_none_and_texts_are_empty() -> None:
    held = Attributes.of({"programmes": [{"id": "talk", "booking": None}], "sailings": [{"times": "09:00 09:25"}]})
    assert held.programmes == (Programme("talk", {}, {}, None, None, None, "", "", {}, (), ""),)
    assert held.sailings == (Sailing("09:00 09:25", False, "", None, ""),)
    assert Attributes.of({"facts": [{}], "stated": [{"what": "length_m", "value": 7}]}).stated[0].value == 7


def test_what_is_of_another_type_is_empty_and_keeps_its_place_in_a_list() -> None:
    held = Attributes.of(
        {
            "name": "Mill",
            "summary": {"zh": 7},
            "themes": "old",
            "visit_min": True,
            "phases": [7, {"phase": "open"}],
            "stops": ["mill", None],
            "position": [],
            "access": {"step_free": "yes"},
        }
    )
    assert (held.name, held.summary, held.themes, held.visit_min) == ({}, {}, (), None)
    assert [phase.phase for phase in held.phases] == ["", "open"]
    assert held.stops == ("mill", "")
    assert (held.position.trust, held.access.step_free) == ("", None)


def test_classes_say_what_the_table_says() -> None:
    """Each class has the members that the table has, each of the type that the table says."""
    by_key = properties().by_key
    hints = get_type_hints(Attributes)
    for name, key, _ in readers(Attributes):
        held, row = hints[name], by_key[key]
        assert is_as_said(held, row), key
        made = get_args(held)[0] if get_origin(held) is tuple else held
        if isinstance(row.type, ItemList | Table):
            own = get_type_hints(made)
            members = {member.key: member for member in row.members}
            assert {key for _, key, _ in readers(made)} == set(members), key
            assert all(is_as_said(own[name], members[key]) for name, key, _ in readers(made)), key


def is_as_said(hint: object, described: Described) -> bool:
    """Return whether an attribute's annotation fits the type in the table."""
    match described.type:
        case BilingualText():
            return bool(hint == Text)
        case BilingualList():
            return bool(hint == tuple[Text, ...])
        case Number(is_whole=is_whole):
            return hint == (int | None) if is_whole else hint is float
        case YesNo():
            return hint is bool or hint == (bool | None)
        case Listed() | Stops():
            return bool(hint == tuple[str, ...])
        case ItemList():
            return get_origin(hint) is tuple and issubclass(get_args(hint)[0], FromJson)
        case Table():
            return isinstance(hint, type) and issubclass(hint, FromJson)
        case _:
            return hint is str
