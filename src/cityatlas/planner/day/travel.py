"""Lead from place to place on the day of a wish, on foot and by boat: which way that is, and how long it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ...catalogue.catalogue import Catalogue
from ...catalogue.visiting import phase_on
from ...city.layers import Feature
from ...geo.projection import WGS84, to_metres
from ...routing.graph import ACCESS_SPEED, Anchor, Coords, Floats, Walks, Way
from ...routing.network import Place
from ...routing.route_legs import WALK_M_PER_MIN as NORMAL_M_PER_MIN
from ..request.request import TourRequest
from ..solver.model import UNREACHABLE_S, Departure, Seconds
from .departures import BOARDING_S, Crossings, Ride, landings_of, make_crossings, rides_on

WORKS_REACH_M = 15.0  # works this close to a leg are met by those who walk it
# A way round works is taken when it is at most so many times as long, and so much farther.
MOST_TIMES, MOST_FARTHER_M = 1.5, 200.0
LONG_M = 3_000  # three quarters of an hour on foot


@dataclass(frozen=True, eq=False)
class Leg:
    """Hold the way to a stop: metres on foot along the paths, times at the pace that was asked, its course in lon-lat.

    `works` are the construction sites of the day that it still meets, `avoided` those that it goes round, `detour_m`
    farther than the shortest way. One of mode "boat" has `parts`, the walks at both ends and the `ride` itself, whose
    metres are those on the water; between them one waits at the landing.
    """

    begin_s: int
    end_s: int
    length_m: int
    coords: Coords
    are_steps_unknown: bool
    works: tuple[Feature, ...] = ()
    mode: str = "walk"
    avoided: tuple[Feature, ...] = ()
    detour_m: int = 0
    ride: Ride | None = None
    parts: tuple[Leg, ...] = ()

    @property
    def spans(self) -> tuple[Leg, ...]:
        """Return the parts, or the walk itself."""
        return self.parts or (self,)

    @property
    def is_long(self) -> bool:
        """Return whether most people would rather ride; we know of no rides, and can only say so."""
        return any(part.length_m > LONG_M for part in self.spans if part.mode == "walk")


@dataclass(frozen=True, eq=False)
class Ways:
    """Know the ways on foot of one day: times for the solver and courses for the visitor are of the same ways."""

    catalogue: Catalogue
    day: date
    is_step_free: bool

    @cached_property
    def works(self) -> tuple[Feature, ...]:
        """Return the construction sites that are at work on the day."""
        phased = (f for f in self.catalogue.features.values() if f.phases)
        return tuple(f for f in phased if (phase := phase_on(f, self.day)) is not None and phase.is_active)

    @property
    def direct(self) -> Walks:
        """Return the whole network."""
        return self.catalogue.network.walks(is_step_free=self.is_step_free)

    @cached_property
    def around(self) -> Walks:
        """Return the network without what passes works."""
        sites = {feature.id: feature.geometry for feature in self.works}
        return self.catalogue.network.walks_around(sites, WORKS_REACH_M, is_step_free=self.is_step_free)

    def table_m(self, anchors: Sequence[Anchor]) -> Floats:
        """Return metres between all anchors, counted as on paths; inf where there is no way."""
        direct_m = self.direct.table_m(anchors)
        if not self.around.closed:
            return direct_m
        around_m = self.around.table_m(anchors)
        table: Floats = np.where(around_m <= _limit_m(direct_m), around_m, direct_m)
        return table

    def leg(self, start: Anchor, end: Anchor, begin_s: int, walk_s: int) -> Leg | None:
        """Return the walk between two anchors, or None where there is no way."""
        way = shortest = self.direct.way(start, end)
        if way is None or shortest is None:
            return None
        if not self.around.closed.keys().isdisjoint(shortest.lines):
            around = self.around.way(start, end)
            off_m = (start.access_m + end.access_m) * (1 / ACCESS_SPEED - 1)
            if around and around.length_m + off_m <= _limit_m(shortest.length_m + off_m):
                way = around
        met = self._met_by([way, shortest])
        are_unknown = self.catalogue.network.are_steps_unknown(way, is_step_free=self.is_step_free)
        leg = Leg(begin_s, begin_s + walk_s, round(way.length_m), way.coords, are_unknown, met[0])
        if way is shortest:
            return leg
        detour_m = round(way.length_m - shortest.length_m)
        return replace(leg, avoided=tuple(f for f in met[1] if f not in met[0]), detour_m=detour_m)

    def crossing(
        self, start: Anchor, end: Anchor, ride: Ride, landings: tuple[Anchor, Anchor], departure: Departure
    ) -> Leg | None:
        """Return the way by a boat: to its first landing, over the water, on from the other one."""
        board, alight = landings
        board_walk_s = ride.board_s - BOARDING_S - departure.depart_s
        walks = [
            self.leg(start, board, departure.depart_s, board_walk_s) if board_walk_s else None,
            self.leg(alight, end, ride.alight_s, departure.arrive_s - ride.alight_s),
        ]
        before, after = (walk if walk and walk.end_s > walk.begin_s else None for walk in walks)
        parts = tuple(part for part in (before, self._sailed(ride, landings), after) if part)
        on_foot = [part for part in (before, after) if part]
        return Leg(
            begin_s=departure.depart_s,
            end_s=departure.arrive_s,
            length_m=sum(walk.length_m for walk in on_foot),
            coords=[spot for part in parts for spot in part.coords],
            are_steps_unknown=any(walk.are_steps_unknown for walk in on_foot),
            works=tuple(dict.fromkeys(site for walk in on_foot for site in walk.works)),
            mode="boat",
            avoided=tuple(dict.fromkeys(site for walk in on_foot for site in walk.avoided)),
            detour_m=sum(walk.detour_m for walk in on_foot),
            ride=ride,
            parts=parts,
        )

    def _sailed(self, ride: Ride, landings: tuple[Anchor, Anchor]) -> Leg:
        """Return the ride; where no waterway joins its landings it is drawn straight."""
        board, alight = ride.board, ride.alight
        way = self.catalogue.network.boat_way(
            (board.geometry, board.lon, board.lat), (alight.geometry, alight.lon, alight.lat)
        )
        coords = way.coords if way else [(place.lon, place.lat) for place in landings]
        length_m = round(way.length_m) if way else 0
        return Leg(ride.board_s, ride.alight_s, length_m, coords, False, mode="boat", ride=ride)

    def _met_by(self, ways: Sequence[Way]) -> list[tuple[Feature, ...]]:
        """Return for each way the works within reach of it."""
        if not self.works:
            return [() for _ in ways]
        lines = [shapely.LineString(way.coords) if len(way.coords) > 1 else shapely.Point() for way in ways]
        return [
            tuple(
                f for f, area in zip(self.works, self._metric_works, strict=True) if line.dwithin(area, WORKS_REACH_M)
            )
            for line in _to_metres(self.catalogue, lines)
        ]

    @cached_property
    def _metric_works(self) -> list[BaseGeometry]:
        return _to_metres(self.catalogue, [feature.geometry for feature in self.works])


def _limit_m(direct_m: Floats | float) -> Floats | float:
    return MOST_TIMES * direct_m + MOST_FARTHER_M


def _to_metres(catalogue: Catalogue, geometries: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    view = catalogue.city.view
    return list(to_metres(gpd.GeoSeries([*geometries], crs=WGS84), view.lon, view.lat))


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
