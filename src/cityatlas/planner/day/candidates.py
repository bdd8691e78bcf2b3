"""Choose what a tour may visit on its day: how long, when a visit may begin, and what it is worth.

What can be visited: a feature to which an editor gave `visit_min` or opening hours. Not: tour routes, stops,
and what is planned or being built on that day. A visitor who names a place as a must may name any that is not
being built. A tour route that is all by boat counts as one visit that begins and ends at its first stop.
Who adapts a route to the time there is chooses among that route's stops, in its order, and among the musts.

**Programmes.** One that was chosen is what the visit is: its length, its limits of party, and the boat that it is
on. Where no source says how long it takes, the length is assumed as for any visit, and the plan says so. A
programme with `departures` begins at one of them; a boat trip whose programmes all have them keeps that timetable.

**Appointments.** A visit that was agreed for a moment begins then. Hours that nobody published do not stand in
its way (somebody at the place said yes), but hours that are known do, and so does a notice that closes the place.

**A place inside a larger one** counts once (`containment.py`): who spends 90 minutes in a district crosses its bridge.

Tell when a visit may begin on the day of a tour: open then, long enough, and before the tour ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from ...catalogue.catalogue import Catalogue
from ...catalogue.visiting import is_boat_trip, is_built, is_visitable, programme_minutes, programme_of, visit_minutes
from ...city.layers import Feature
from ...city.opening.feature_opening import closure_on, is_in_season, open_on
from ...schema.items import Programme
from ..request.request import TourRequest
from ..request.values import DAY_S
from .departures import departures_on, taking

Windows = tuple[tuple[int, int], ...]


def visit_windows(
    catalogue: Catalogue, feature: Feature, request: TourRequest, visit_s: int, departures: Sequence[int] | None = None
) -> Windows:
    """Return when a visit may begin: it ends before closing and before the tour's end, and keeps last entry.

    What was agreed to begin at a moment has that moment alone, if the place can be visited then. What leaves by a
    timetable (`departures`, seconds since midnight) begins at one of its moments.
    """
    last_entry_s = max(visit_s, (feature.last_entry_min or 0) * 60)
    spans = [(0, request.end_s + last_entry_s)]  # unknown hours that are allowed: any time, and the plan says so
    if (known := open_spans(catalogue, feature, request)) is not None:
        spans = known
    windows = []
    agreed_s = dict(request.begins).get(feature.id)
    for opens_s, closes_s in spans:
        first_s = max(opens_s, request.start_s, agreed_s or 0)
        last_s = min(closes_s - last_entry_s, request.end_s - visit_s)
        last_s = last_s if agreed_s is None else min(last_s, agreed_s)
        if first_s <= last_s:
            windows.append((first_s, last_s))
    if departures is not None:
        windows = [(at_s, at_s) for at_s in departures if any(first_s <= at_s <= last_s for first_s, last_s in windows)]
    return tuple(windows)


def open_spans(catalogue: Catalogue, feature: Feature, request: TourRequest) -> list[tuple[int, int]] | None:
    """Return from when to when a place is open on the day, in seconds since its midnight; None for unknown hours."""
    intervals = open_on(feature, request.day, catalogue.city)
    if intervals is None:
        return None
    return [(_seconds(start, request.day), _seconds(end, request.day)) for start, end in intervals]


def _seconds(moment: datetime, day: date) -> int:
    return (moment.date() - day).days * DAY_S + moment.hour * 3600 + moment.minute * 60


Reason = Literal[
    "route",
    "works",
    "closure",
    "season",
    "steps",
    "hours_unknown",
    "closed",
    "too_short",
    "boat",
    "boat_off",
    "time",
    "departure",
    "party",
    "far",
    "no_way",
    "avoid",
    "begin_closed",
    "begin_outside",
    "not_visited",
    "contained",
]

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
    programme: Programme | None = None
    is_begin_fixed: bool = False

    @property
    def id(self) -> str:
        """Return the feature's id."""
        return self.feature.id


def choose(
    catalogue: Catalogue, request: TourRequest, *, only_musts: bool = False
) -> tuple[list[Candidate], dict[str, Reason]]:
    """Return the candidates by id, musts and the best by score per minute, and why others are none.

    The reasons name only what could be visited on another day or wish, all musts, and all stops of a route that
    is adapted.
    """
    found: list[Candidate] = []
    dropped: dict[str, Reason] = {}
    named, kept = route_order(catalogue, request), dict(request.keeps)
    for feature in catalogue.features.values():
        is_offered = is_visitable(catalogue, feature, request.day) and (not request.route or feature.id in named)
        is_offered &= bool(request.route) or not _is_for_others(catalogue, feature, request)
        is_needed = feature.id in request.must or (request.boat == "only" and is_boat_trip(feature))
        if is_needed or ((is_offered or feature.id in kept) and not only_musts):
            made = candidate_of(catalogue, feature, request)
            if isinstance(made, Candidate):
                found.append(made)
            else:
                dropped[feature.id] = made
        elif feature.id in named and not is_offered:
            dropped[feature.id] = "not_visited" if is_built(feature, request.day) else "works"
    found.sort(key=lambda c: (not c.is_must, c.id not in kept, -c.score / c.visit_s, c.id))
    trips = [c.id for c in found if c.is_boat]  # one trip on the water is enough, unless more are musts
    found = [c for c in found if c.is_must or not c.is_boat or c.id == trips[0]]
    if request.boat == "only" and trips:
        found = [replace(c, is_must=c.is_must or c.id == trips[0]) for c in found]
    # In an order that does not depend on how the wish was written, so that ties fall the same way.
    return sorted(found[: MOST + len(request.must) + len(kept)], key=lambda c: c.id), dropped


def _is_for_others(catalogue: Catalogue, feature: Feature, request: TourRequest) -> bool:
    """Return whether a place is mainly for officials and residents, and a visitor has not chosen its theme."""
    is_wanted = not {theme for theme, _ in request.themes}.isdisjoint(feature.themes)
    return request.is_visitor and catalogue.city.kinds[feature.kind].for_locals and not is_wanted


def route_order(catalogue: Catalogue, request: TourRequest) -> tuple[str, ...]:
    """Return the route that is adapted, if one visits it by boat, and its stops in order; empty without a route."""
    if not request.route:
        return ()
    route = catalogue.features[request.route]
    first = (route.id,) if is_boat_trip(route) else ()
    return tuple(dict.fromkeys((*first, *route.stops)))


def candidate_of(catalogue: Catalogue, feature: Feature, request: TourRequest) -> Candidate | Reason:
    """Return the visit that a tour could make of a feature, or why it makes none."""
    is_boat = is_boat_trip(feature)
    programme = programme_of(feature, dict(request.programmes).get(feature.id, ""))
    is_begin_fixed = feature.id in dict(request.begins)
    if reason := _refusal(catalogue, feature, request, programme):
        return reason
    programmes = taking(feature, request.party, programme, is_boat)
    departures = departures_on(catalogue.city, programmes, request.day)
    minutes, is_estimated = _length(feature, request, programme, programmes)
    windows = visit_windows(catalogue, feature, request, minutes * 60, departures)
    if not windows:
        return _why_not_then(catalogue, feature, request, minutes * 60, departures)
    hours = feature.opening_hours
    return Candidate(
        feature=feature,
        place=catalogue.features[feature.stops[0]] if is_boat else feature,
        visit_s=minutes * 60,
        windows=windows,
        score=_score(feature, request, minutes, is_sure=bool(hours or departures) or is_begin_fixed),
        is_must=feature.id in request.must,
        are_hours_known=bool(departures) if is_boat else bool(hours),
        is_estimated=is_estimated,
        is_boat=is_boat,
        programme=programme,
        is_begin_fixed=is_begin_fixed,
    )


def _length(
    feature: Feature, request: TourRequest, programme: Programme | None, offered: Sequence[Programme]
) -> tuple[int, bool]:
    """Return the minutes of a visit, and whether they are assumed: the visitor's, the programme's or the editors'."""
    if minutes := dict(request.stays).get(feature.id):
        return minutes, False
    return programme_minutes(feature, programme) if programme else visit_minutes(feature, offered or None)


def _refusal(
    catalogue: Catalogue, feature: Feature, request: TourRequest, programme: Programme | None
) -> Reason | None:
    """Return why a feature is out of the question whatever the time, or None."""
    access, is_boat = feature.access, is_boat_trip(feature)
    is_agreed = feature.id in dict(request.begins)
    taken = taking(feature, request.party, programme, is_boat)
    are_boats_fine = request.allows_boat or bool(programme) or is_agreed or feature.id == request.route
    checks: Iterable[tuple[bool, Reason]] = (
        (feature.id in request.avoid, "avoid"),
        (catalogue.city.kinds[feature.kind].role == "route" and not is_boat, "route"),
        (not is_built(feature, request.day), "works"),
        (closure_on(feature, request.day) is not None, "closure"),
        (not is_in_season(feature, request.day), "season"),
        (request.is_step_free and access.step_free is False, "steps"),
        (request.is_step_free and is_boat and access.boat_gangway is False, "steps"),
        (is_boat and not are_boats_fine, "boat_off" if departures_on(catalogue.city, taken, request.day) else "boat"),
        (_has_limits(feature, programme, is_boat) and not taken, "party"),
        (
            not is_boat and not feature.opening_hours and not request.allows_unknown_hours | is_agreed,
            "hours_unknown",
        ),
    )
    return next((reason for is_so, reason in checks if is_so), None)


def _has_limits(feature: Feature, chosen: Programme | None, is_boat: bool) -> bool:
    """Return whether a party has to fit a programme: the one that was chosen, or one of a boat trip's."""
    return bool(chosen or (is_boat and feature.programmes))


def _why_not_then(
    catalogue: Catalogue, feature: Feature, request: TourRequest, visit_s: int, departures: Sequence[int] | None
) -> Reason:
    """Return why a visit has no moment at which it may begin."""
    if departures is not None and visit_windows(catalogue, feature, request, visit_s):
        return "departure"
    begin_s = dict(request.begins).get(feature.id)
    if begin_s is not None:
        is_within = request.start_s <= begin_s <= request.end_s - visit_s
        return "begin_closed" if is_within else "begin_outside"
    if not feature.opening_hours or visit_s > request.end_s - request.start_s:
        return "time"
    return "too_short" if open_spans(catalogue, feature, request) else "closed"


def _score(feature: Feature, request: TourRequest, minutes: int, *, is_sure: bool) -> int:
    wanted = dict(request.themes)
    factor = float(sum(wanted.get(theme, 0) for theme in feature.themes)) if wanted else 1.0
    base = BASE_SCORE + min(minutes, MOST_SCORED_MIN)
    return round(base * (factor or UNWANTED) * (1.0 if is_sure else UNSURE))
