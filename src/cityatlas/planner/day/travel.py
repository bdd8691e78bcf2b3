"""Work out how long it takes from place to place on the day of a wish, on foot and by boat, and which way that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...routing.graph import Anchor, Floats
from ...routing.network import Place
from ...routing.route_legs import WALK_M_PER_MIN as NORMAL_M_PER_MIN
from ..request.request import TourRequest
from ..solver.model import UNREACHABLE_S, Departure, Seconds
from .legs import Leg, Ways
from .sailings import Crossings, Ride, landings_of, make_crossings, rides_on

WALK_M_PER_MIN = {"slow": 50, "normal": NORMAL_M_PER_MIN, "brisk": 80}  # on paths; the pages of routes count "normal"
FAR_M = 600.0  # farther off every path, a place is not reached on foot, as far as we know
SHORT_WALK_M = 800  # the longest walk of who wants to go by boat only


@dataclass(frozen=True, eq=False)
class Travel:
    """Hold the ways between the rows of a problem: start, end, candidates (`anchors`, None: anywhere).

    `walk_s` are seconds on foot as far as the wish allows to walk, `least_s` by the quickest way that there is at all.
    """

    ways: Ways
    anchors: tuple[Anchor | None, ...]
    walk_s: Seconds
    least_s: Seconds
    crossings: Crossings | None
    landings: Mapping[str, Anchor]

    @property
    def has_boats(self) -> bool:
        """Return whether a boat brings one anywhere."""
        return self.crossings is not None

    def departure(self, origin: int, goal: int, ready_s: int, arrive_s: int) -> Departure | None:
        """Return the boat by which one who is ready at a row is at another one just then; None: one walks.

        Of several ways that arrive together it is the one with least walking, as the solver has it.
        """
        if self.crossings is None:
            return None
        on_foot_s = int(self.walk_s[origin, goal])
        most_s = on_foot_s if ready_s + on_foot_s == arrive_s else UNREACHABLE_S
        trips = self.crossings.timetable.after(origin, goal, ready_s)
        fitting = [trip for trip in trips if trip.arrive_s == arrive_s and trip.walk_s < most_s]
        return min(fitting, key=lambda trip: (trip.walk_s, -trip.depart_s), default=None)

    def leg(self, origin: int, goal: int, ready_s: int, arrive_s: int) -> Leg | None:
        """Return the leg between two rows that arrives just then; None where a tour may start or end anywhere."""
        start, end = self.anchors[origin], self.anchors[goal]
        if start is None or end is None:
            return None
        departure = self.departure(origin, goal, ready_s, arrive_s)
        if departure is None or self.crossings is None:
            return self.ways.leg(start, end, ready_s, int(self.walk_s[origin, goal]))
        ride = self.crossings.rides[origin, goal, departure]
        landings = self.landings[ride.board.id], self.landings[ride.alight.id]
        return self.ways.crossing(start, end, ride, landings, departure)


def make_travel(catalogue: Catalogue, request: TourRequest, anchors: tuple[Anchor | None, ...]) -> Travel:
    """Return the ways of a wish between these places."""
    ways = Ways(catalogue, request.day, request.is_step_free)
    rides = rides_on(catalogue, request)
    landings = _landings(catalogue, request, rides)
    rows = len(anchors)
    table_m = _walk_m(ways, [*anchors, *landings.values()])
    least_s = _walk_s(table_m, request)[:rows, :rows]
    if request.boat == "only":
        table_m = np.where(table_m > SHORT_WALK_M, np.inf, table_m)
    table_s = _walk_s(table_m, request)
    walk_s = table_s[:rows, :rows]
    crossings = make_crossings(rides, walk_s, table_s[:rows, rows:], table_s[rows:, :rows], list(landings))
    if crossings:
        least_s = crossings.shortened(least_s)
    return Travel(ways, anchors, walk_s, least_s, crossings, landings)


def place_of(feature: Feature) -> Place:
    """Return where a feature is, as the network asks for it."""
    return feature.geometry, feature.lon, feature.lat


def _landings(catalogue: Catalogue, request: TourRequest, rides: Sequence[Ride]) -> dict[str, Anchor]:
    """Return where one comes to the landings of rides; one off every path is none."""
    stops = landings_of(rides)
    anchors = catalogue.network.anchors(list(map(place_of, stops)), is_step_free=request.is_step_free)
    return {stop.id: anchor for stop, anchor in zip(stops, anchors, strict=True) if anchor.access_m <= FAR_M}


def _walk_m(ways: Ways, anchors: Sequence[Anchor | None]) -> Floats:
    """Return metres between places on foot; from or to anywhere there are none, inf where there is no way."""
    known = [row for row, anchor in enumerate(anchors) if anchor]
    table_m = np.zeros((len(anchors), len(anchors)))
    if known:
        table_m[np.ix_(known, known)] = ways.table_m([anchor for anchor in anchors if anchor])
    return table_m


def _walk_s(table_m: Floats, request: TourRequest) -> Seconds:
    """Return seconds for metres, each way in whole minutes as a clock shows them."""
    seconds = 60 * np.ceil(table_m / WALK_M_PER_MIN[request.pace])
    walk_s: Seconds = np.where(np.isfinite(seconds), seconds, UNREACHABLE_S).astype(np.int64)
    return walk_s
