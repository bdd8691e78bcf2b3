"""Make classes of what a feature's lists hold: null, absent and empty are the same there."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from cityatlas.schema.items import Items, Phase, Programme, Sailing, Source
from toy import PAPER, SIGN, works


def test_what_is_null_or_absent_is_empty() -> None:
    assert Source.of(SIGN) == Source("Sign at the door", "2025", "")
    assert Phase.of({"phase": "open", "from": None}) == Phase("open", "", "", "", {})
    held = Items.of({"phases": None, "sources": [PAPER]})
    assert (held.phases, held.photos) == ((), ())
    assert held.sources == (Source("Town paper", "2024-03", "https://paper.example/1"),)
    assert (held.position.trust, held.position.accuracy_m) == ("", None)


def test_they_are_in_the_order_of_the_file_and_stay_as_they_are() -> None:
    (school,) = (row["properties"] for row in works()["features"] if row["id"] == "school")
    phases = Items.of(school).phases
    assert [phase.phase for phase in phases] == ["planned", "groundbreaking", "piling"]
    with pytest.raises(FrozenInstanceError):
        phases[0].ends = "2024-01"  # type: ignore[misc]


def test_numbers_that_nobody_says_are_none_and_texts_are_empty() -> None:
    held = Items.of({"programmes": [{"id": "talk", "booking": None}], "sailings": [{"times": "09:00 09:25"}]})
    assert held.programmes == (Programme("talk", {}, {}, None, None, None, "", "", {}, (), ""),)
    assert held.sailings == (Sailing("09:00 09:25", False, "", None, ""),)
    assert Items.of({"facts": [{}], "stated": [{"what": "length_m", "value": 7}]}).stated[0].value == 7
