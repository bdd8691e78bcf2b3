"""Order the phases of a project, and tell which one it is in at a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .items import Phase

PHASES = ("planned", "approved", "groundbreaking", "piling", "structure", "fit_out", "complete", "open")
ACTIVE = frozenset({"groundbreaking", "piling", "structure", "fit_out"})


@dataclass(frozen=True)
class PhaseState:
    """Say which phase holds at a month, since when, and how far along it is (1 to 8)."""

    phase: str
    since: str | None
    step: int

    @property
    def is_active(self) -> bool:
        """Return whether a construction site is at work in this phase."""
        return self.phase in ACTIVE


def state_at(phases: Sequence[Phase], month: str) -> PhaseState | None:
    """Return the phase at a month ("YYYY-MM"): the last one begun by then; None before the first.

    A phase without a beginning counts as begun always. A phase that ended without a successor still
    holds: what came after it is not known.
    """
    begun = [phase for phase in phases if phase.begins <= month]
    if not begun:
        return None
    last = begun[-1]
    return PhaseState(last.phase, last.begins or None, PHASES.index(last.phase) + 1)


def latest(phases: Sequence[Phase]) -> PhaseState | None:
    """Return the last phase that is known."""
    return state_at(phases, "9999-12")


def months_of(all_phases: Sequence[Sequence[Phase]]) -> tuple[str, ...]:
    """Return the months ("YYYY-MM") in which any phase began, in order."""
    return tuple(sorted({p.begins for phases in all_phases for p in phases if p.begins}))
