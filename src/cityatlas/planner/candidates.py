"""Choose what a tour may visit on its day: how long, when a visit may begin, and what it is worth.

What can be visited: a feature to which an editor gave `visit_min` or opening hours. Not: tour routes, stops,
and what is planned or being built. A visitor who names a place as a must may name any that is not being built.
A tour route that is all by boat counts as one visit that begins and ends at its first stop.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..catalogue import Catalogue
from ..hours import intervals_on
from ..layers import Feature
from .request import TourRequest

Reason = Literal["route", "works", "steps", "hours_unknown", "closed", "too_short", "boat", "party", "no_way", "avoid"]
Windows = tuple[tuple[int, int], ...]

BUILT = frozenset({"complete", "open"})
DEFAULT_VISIT_MIN = 30  # where the editors give no estimate
DEFAULT_BOAT_MIN = 60  # where no source states how long a boat trip takes
REST_MIN = {"relaxed": 15, "normal": 5, "full": 0}  # left free at each stop
MOST = 60  # candidates besides the musts

# The score of a visit: a little for being there, then its minutes, since editors give more to what has more
# to see. A theme that is wanted multiplies by its weight, one that is not leaves a fifth. A visit that may end
# at a closed door is worth four fifths of one that is sure.
BASE_SCORE, MOST_SCORED_MIN = 30, 90
UNWANTED, UNSURE = 0.2, 0.8


@dataclass(frozen=True, eq=False)
class Candidate:
    """Hold one visit that a tour could make; `place` is where it begins, the feature itself but for a boat trip.

    `visit_s` is without the rest after it. Windows are seconds since midnight in which the visit may begin.
    """

    feature: Feature
    place: Feature
    visit_s: int
    windows: Windows
    score: int
    is_must: bool
    are_hours_known: bool
    is_estimated: bool  # no editor and no source says how long it takes
    is_boat: bool

    @property
    def id(self) -> str:
        """Return the feature's id."""
        return self.feature.id


def choose(
    catalogue: Catalogue, request: TourRequest, *, only_musts: bool = False
) -> tuple[list[Candidate], dict[str, Reason]]:
    """Return the candidates, musts first and then the best by score per minute, and why others are none.

    The reasons name only what could be visited on another day or wish, and all musts.
    """
    found: list[Candidate] = []
    dropped: dict[str, Reason] = {}
    for feature in catalogue.features.values():
        if feature.id in request.must or (not only_musts and is_visitable(catalogue, feature)):
            made = _candidate(catalogue, feature, request)
            if isinstance(made, Candidate):
                found.append(made)
            else:
                dropped[feature.id] = made
    found.sort(key=lambda c: (not c.is_must, -c.score / c.visit_s, c.id))
    trips = [c.id for c in found if c.is_boat]  # one trip on the water is enough, unless more are musts
    found = [c for c in found if c.is_must or not c.is_boat or c.id == trips[0]]
    return found[: MOST + len(request.must)], dropped


def is_visitable(catalogue: Catalogue, feature: Feature) -> bool:
    """Return whether the planner may offer a feature by itself; see the head of this module."""
    role = catalogue.city.kinds[feature.kind].role
    if role == "route":
        return is_boat_trip(feature)
    return role != "stop" and is_built(feature) and bool(feature.get("visit_min") or feature.get("opening_hours"))


def is_built(feature: Feature) -> bool:
    """Return whether nothing is planned or being built there, as far as is known."""
    return feature.phase is None or feature.phase.phase in BUILT


def is_boat_trip(feature: Feature) -> bool:
    """Return whether a tour route is by boat from end to end."""
    legs = feature.get("legs") or ()
    return bool(legs) and bool(feature.get("stops")) and all(leg["mode"] == "boat" for leg in legs)


def visit_minutes(feature: Feature) -> tuple[int, bool]:
    """Return how long a visit takes, and whether that is our assumption since nobody says so."""
    if not is_boat_trip(feature):
        return feature.get("visit_min") or DEFAULT_VISIT_MIN, not feature.get("visit_min")
    told = [p["duration_min"] for p in feature.get("programmes") or () if p.get("duration_min")]
    told += [int(s["value"]) for s in feature.get("stated") or () if s["what"] == "duration_min"]
    return (told[0], False) if told else (DEFAULT_BOAT_MIN, True)


def _candidate(catalogue: Catalogue, feature: Feature, request: TourRequest) -> Candidate | Reason:
    is_boat = is_boat_trip(feature)
    if reason := _refusal(catalogue, feature, request, is_boat):
        return reason
    minutes, is_estimated = visit_minutes(feature)
    hours = feature.get("opening_hours")
    windows = _windows(catalogue, feature, request, minutes * 60)
    if not windows:
        is_open = not hours or any(_open_spans(catalogue, feature, request))
        return "too_short" if is_open else "closed"
    place = catalogue.features[feature.get("stops")[0]] if is_boat else feature
    score = _score(feature, request, minutes, is_sure=bool(hours))
    is_must = feature.id in request.must
    return Candidate(
        feature, place, minutes * 60, windows, score, is_must, bool(hours) and not is_boat, is_estimated, is_boat
    )


def _refusal(catalogue: Catalogue, feature: Feature, request: TourRequest, is_boat: bool) -> Reason | None:
    """Return why a feature is out of the question whatever the time, or None."""
    access = feature.get("access") or {}
    checks: Iterable[tuple[bool, Reason]] = (
        (feature.id in request.avoid, "avoid"),
        (catalogue.city.kinds[feature.kind].role == "route" and not is_boat, "route"),
        (not is_built(feature), "works"),
        (request.is_step_free and access.get("step_free") is False, "steps"),
        (request.is_step_free and is_boat and access.get("boat_gangway") is False, "steps"),
        (is_boat and not request.allows_boat, "boat"),
        (is_boat and not _takes(feature, request.party), "party"),
        (not is_boat and not feature.get("opening_hours") and not request.allows_unknown_hours, "hours_unknown"),
    )
    return next((reason for is_so, reason in checks if is_so), None)


def _takes(feature: Feature, party: int) -> bool:
    """Return whether one of a boat trip's programmes takes as many people; no programmes set no limits."""
    programmes = feature.get("programmes") or ()
    limits = [(p.get("party_min") or 1, p.get("party_max") or party) for p in programmes]
    return not limits or any(least <= party <= most for least, most in limits)


def _windows(catalogue: Catalogue, feature: Feature, request: TourRequest, visit_s: int) -> Windows:
    """Return when a visit may begin: it ends before closing and before the tour's end, and keeps last entry."""
    last_entry_s = max(visit_s, (feature.get("last_entry_min") or 0) * 60)
    spans = [(0, request.end_s + last_entry_s)]  # unknown hours that are allowed: any time, and the plan says so
    if feature.get("opening_hours"):
        spans = list(_open_spans(catalogue, feature, request))
    windows = []
    for opens_s, closes_s in spans:
        first_s = max(opens_s, request.start_s)
        last_s = min(closes_s - last_entry_s, request.end_s - visit_s)
        if first_s <= last_s:
            windows.append((first_s, last_s))
    return tuple(windows)


def _open_spans(catalogue: Catalogue, feature: Feature, request: TourRequest) -> Iterator[tuple[int, int]]:
    city, midnight = catalogue.city, request.day
    for start, end in intervals_on(
        feature.get("opening_hours"), request.day, timezone=city.timezone, country=city.holidays
    ):
        begin_s = start.hour * 3600 + start.minute * 60
        days = (end.date() - midnight).days
        yield begin_s, days * 86_400 + end.hour * 3600 + end.minute * 60


def _score(feature: Feature, request: TourRequest, minutes: int, *, is_sure: bool) -> int:
    wanted = dict(request.themes)
    factor = float(sum(wanted.get(theme, 0) for theme in feature.get("themes") or ())) if wanted else 1.0
    base = BASE_SCORE + min(minutes, MOST_SCORED_MIN)
    return max(1, round(base * (factor or UNWANTED) * (1.0 if is_sure else UNSURE)))
