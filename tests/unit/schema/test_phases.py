"""Check which phase a project is in at a month."""

from __future__ import annotations

import pytest

from cityatlas.schema.items import Phase
from cityatlas.schema.phases import PHASES, PhaseState, latest, months_of, state_at

# As the toy city's school: planned without a known beginning, ground broken in September 2023, piling since 2024.
SCHOOL = [
    Phase.of({"phase": "planned", "from": None, "to": "2023-08"}),
    Phase.of({"phase": "groundbreaking", "from": "2023-09", "to": "2023-12"}),
    Phase.of({"phase": "piling", "from": "2024-01", "to": None}),
]


@pytest.mark.parametrize(
    ("month", "phase", "since", "step"),
    [
        ("1999-01", "planned", None, 1),
        ("2023-08", "planned", None, 1),
        ("2023-09", "groundbreaking", "2023-09", 3),
        ("2023-12", "groundbreaking", "2023-09", 3),
        ("2024-01", "piling", "2024-01", 4),
        ("2030-01", "piling", "2024-01", 4),
    ],
)
def test_the_phase_at_a_month_is_the_last_begun(month: str, phase: str, since: str | None, step: int) -> None:
    assert state_at(SCHOOL, month) == PhaseState(phase, since, step)


def test_before_the_first_known_phase_there_is_none() -> None:
    assert state_at(SCHOOL[1:], "2023-08") is None


def test_a_phase_that_ended_still_holds_until_the_next() -> None:
    gap = [SCHOOL[1], Phase.of({"phase": "open", "from": "2025-06", "to": None})]
    assert state_at(gap, "2024-06") == PhaseState("groundbreaking", "2023-09", 3)


def test_the_latest_phase_is_the_last_one() -> None:
    assert latest(SCHOOL) == PhaseState("piling", "2024-01", 4)
    assert latest([]) is None


def test_a_site_is_at_work_from_groundbreaking_to_fit_out() -> None:
    active = [phase for n, phase in enumerate(PHASES, 1) if PhaseState(phase, None, n).is_active]
    assert active == ["groundbreaking", "piling", "structure", "fit_out"]


def test_the_months_are_those_in_which_something_began() -> None:
    begun = [SCHOOL, [], [Phase.of({"phase": "open", "from": "2022-05", "to": "2023-01"})], SCHOOL]
    assert months_of(begun) == ("2022-05", "2023-09", "2024-01")
    assert months_of([[], [Phase.of({"phase": "open", "from": None, "to": None})]]) == ()
