"""Make classes of what a feature's lists hold: null, absent and empty are the same there."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from cityatlas.schema.items import Items, Phase, Source
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
