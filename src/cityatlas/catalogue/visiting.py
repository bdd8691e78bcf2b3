"""Tell what can be visited, and how long a visit takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..city.layers import Feature
from ..schema.items import Programme
from ..schema.phases import PhaseState, state_at
from .catalogue import Catalogue

BUILT = frozenset({"complete", "open"})
DEFAULT_VISIT_MIN = 30  # where the editors give no estimate
DEFAULT_BOAT_MIN = 60  # where no source states how long a boat trip takes


def is_visitable(catalogue: Catalogue, feature: Feature, day: date | None = None) -> bool:
    """Return whether the planner may offer a feature by itself (see `candidates.py`), on a day or as last known."""
    role = catalogue.city.kinds[feature.kind].role
    if role == "route":
        return is_boat_trip(feature)
    return role != "stop" and is_built(feature, day) and bool(feature.visit_min or feature.opening_hours)


def phase_on(feature: Feature, day: date | None) -> PhaseState | None:
    """Return the phase that a project is in on a day, or the last one known."""
    return feature.phase if day is None else state_at(feature.phases, day.isoformat()[:7])


def is_built(feature: Feature, day: date | None = None) -> bool:
    """Return whether nothing is planned or being built there, as far as is known."""
    phase = phase_on(feature, day)
    return not feature.phases or (phase is not None and phase.phase in BUILT)


def is_boat_trip(feature: Feature) -> bool:
    """Return whether a tour route is a trip on the water that begins and ends at its first stop.

    One with `sailings` is a way to get about instead (`sailings.py`).
    """
    legs = feature.legs
    is_by_boat = bool(legs) and bool(feature.stops) and all(leg.mode == "boat" for leg in legs)
    return is_by_boat and not feature.sailings


def visit_minutes(feature: Feature, offered: Sequence[Programme] | None = None) -> tuple[int, bool]:
    """Return how long a visit takes, and whether that is our assumption since nobody says so.

    Of the programmes that a boat trip has, or of those `offered` to a party, it is the longest: whichever boat one
    takes, one is back by then.
    """
    if not is_boat_trip(feature):
        return feature.visit_min or DEFAULT_VISIT_MIN, not feature.visit_min
    programmes = feature.programmes if offered is None else offered
    told = sorted((p.duration_min for p in programmes if p.duration_min), reverse=True)
    told += _stated_min(feature)
    return (told[0], False) if told else (DEFAULT_BOAT_MIN, True)


def programme_minutes(feature: Feature, programme: Programme) -> tuple[int, bool]:
    """Return how long a chosen programme takes, and whether that is our assumption since nobody says so."""
    if programme.duration_min:
        return programme.duration_min, False
    if not is_boat_trip(feature):
        return feature.visit_min or DEFAULT_VISIT_MIN, True
    told = _stated_min(feature)
    return (told[0], False) if told else (DEFAULT_BOAT_MIN, True)


def programme_of(feature: Feature, programme_id: str) -> Programme | None:
    """Return a programme of a place's menu, or None."""
    return next((p for p in feature.programmes if p.id == programme_id), None)


def _stated_min(feature: Feature) -> list[int]:
    return [int(stated.value) for stated in feature.stated if stated.what == "duration_min"]
