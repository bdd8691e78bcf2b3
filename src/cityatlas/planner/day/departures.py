"""Tell when programmes and boats leave on a day, and which rides they offer.

A boat line is a tour route that is by boat from end to end and has `sailings`: runs with a time at each stop. It is a
way to get about, as walking is; a boat trip without them is a visit (`candidates.py`). One ride is taken at a time:
who changes boats does so at a place that is visited, or at a landing of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...city.opening.feature_opening import closure_on, is_in_season
from ...city.opening.opening_hours import intervals_on
from ...city.spec import City
from ...schema.items import Programme, Sailing
from ..request.request import TourRequest
from ..solver.model import UNREACHABLE_S, Departure, Seconds, Timetable


def departures_on(city: City, programmes: Sequence[Programme], day: date) -> tuple[int, ...] | None:
    """Return the seconds since midnight at which any of some programmes leaves on a day, in order.

    None when one of them has no timetable, since it may leave at any time; empty when none leaves on that day.
    """
    if not programmes or not all(programme.departures for programme in programmes):
        return None
    leaving = [programme for programme in programmes if runs_on(city, programme.days, day)]
    return tuple(sorted({seconds(clock) for p in leaving for clock in p.departures.split()}))


def runs_on(city: City, days: str, day: date) -> bool:
    """Return whether what takes place on `days` (OSM syntax without times; none is every day) does so on a day."""
    return not days or bool(intervals_on(f"{days} 00:00-24:00", day, timezone=city.timezone, holidays=city.holidays))


def taking(feature: Feature, party: int, chosen: Programme | None, is_boat: bool) -> list[Programme]:
    """Return the programme that was chosen, or those of a boat trip, as far as they take as many people."""
    offered = (chosen,) if chosen else feature.programmes if is_boat else ()
    return [p for p in offered if (p.party_min or 1) <= party <= (p.party_max or party)]


def seconds(clock: str) -> int:
    """Return the seconds since midnight of HH:MM."""
    hours, minutes = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60


BOARDING_S = 120  # one is at the landing this long before the boat leaves
Landing = tuple[Feature, int]  # a stop, and the second at which the boat is there


@dataclass(frozen=True, eq=False)
class Ride:
    """Hold one boat from landing to landing, in seconds since midnight."""

    line: Feature
    board: Feature
    alight: Feature
    board_s: int
    alight_s: int


@dataclass(frozen=True, eq=False)
class Crossings:
    """Hold the departures between rows of a problem, door to door, and the ride that each of them is."""

    timetable: Timetable
    rides: Mapping[tuple[int, int, Departure], Ride]

    def shortened(self, table_s: Seconds) -> Seconds:
        """Return a table of seconds in which a boat stands where it takes less, without the waiting for it."""
        least_s = table_s.copy()
        for (origin, goal), trips in self.timetable.departures.items():
            least_s[origin, goal] = min([int(least_s[origin, goal]), *(t.arrive_s - t.depart_s for t in trips)])
        return least_s


def rides_on(catalogue: Catalogue, request: TourRequest) -> list[Ride]:
    """Return the rides of the day of a wish that take its party, in order of time.

    Who wants no steps is sent on no boat whose gangway is known to have them.
    """
    if request.boat == "no":
        return []
    found = [
        Ride(line, board, alight, board_s, alight_s)
        for line in catalogue.of_role("route")
        if line.id not in request.avoid
        and _runs_on(line, request.day)
        and not (request.is_step_free and _has_steps(line))
        for sailing in line.sailings
        if runs_on(catalogue.city, sailing.days, request.day) and request.party <= (sailing.seats or request.party)
        for run in _runs(catalogue, line, sailing)
        for (board, board_s), (alight, alight_s) in combinations(run, 2)
        if board is not alight
    ]
    return sorted(found, key=lambda ride: (ride.board_s, ride.alight_s, ride.line.id))


def landings_of(rides: Sequence[Ride]) -> tuple[Feature, ...]:
    """Return the landings of rides, each once."""
    return tuple({stop.id: stop for ride in rides for stop in (ride.board, ride.alight)}.values())


def make_crossings(
    rides: Sequence[Ride], walk_s: Seconds, to_s: Seconds, from_s: Seconds, landings: Sequence[str]
) -> Crossings | None:
    """Return the departures that are worth a look, or None when there are none.

    `walk_s` (n, n) are walking seconds between the rows of a problem, `to_s` (n, k) from a row to a landing, `from_s`
    (k, n) from a landing to a row. A departure that is neither quicker than walking nor has less of it is left out.
    """
    number = {landing: place for place, landing in enumerate(landings)}
    departures: dict[tuple[int, int], list[Departure]] = {}
    found: dict[tuple[int, int, Departure], Ride] = {}
    for ride in (ride for ride in rides if {ride.board.id, ride.alight.id} <= number.keys()):
        before_s, after_s = to_s[:, number[ride.board.id]], from_s[number[ride.alight.id]]
        on_foot_s = before_s[:, None] + after_s[None, :]
        takes_s = on_foot_s + (ride.alight_s - ride.board_s + BOARDING_S)
        is_better = (np.minimum(takes_s, on_foot_s) < walk_s) & (on_foot_s < UNREACHABLE_S)
        np.fill_diagonal(is_better, False)
        for origin, goal in np.argwhere(is_better).tolist():
            leaves_s = ride.board_s - BOARDING_S - int(before_s[origin])
            departure = Departure(leaves_s, ride.alight_s + int(after_s[goal]), int(on_foot_s[origin, goal]))
            departures.setdefault((origin, goal), []).append(departure)
            found.setdefault((origin, goal, departure), ride)
    return Crossings(Timetable(departures), found) if departures else None


def _runs_on(line: Feature, day: date) -> bool:
    return is_in_season(line, day) and closure_on(line, day) is None


def _has_steps(line: Feature) -> bool:
    return line.access.boat_gangway is False


def _runs(catalogue: Catalogue, line: Feature, sailing: Sailing) -> Iterator[list[Landing]]:
    """Yield the calls of each run of a sailing in order of time."""
    stops = [catalogue.features[stop] for stop in line.stops]
    if sailing.is_back:
        stops.reverse()
    for run in sailing.times.split(";"):
        yield [(stop, seconds(at)) for stop, at in zip(stops, run.split(), strict=True) if at != "-"]
