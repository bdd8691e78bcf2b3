"""Lead from place to place on the day of a wish, on foot, by boat or by ride: which way it is, how long it takes."""

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
from ...city.ride_estimates import RideMode
from ...geo.projection import WGS84, to_metres
from ...routing.graph import ACCESS_SPEED, Anchor, Floats, Walks, Way
from ...routing.network import Place
from ...routing.route_legs import WALK_M_PER_MIN as NORMAL_M_PER_MIN
from ..request.request import TourRequest
from ..solver.model import UNREACHABLE_S, Departure, Seconds
from .departures import BOARDING_S, Crossings, Ride, landings_of, make_crossings, rides_on
from .leg import BusRide, Leg, RideOffer
from .modes import REACH_M, EstimatedMode, by_bus, by_road, halts_of, long_walk_m, modes_for

WORKS_REACH_M = 15.0  # works this close to a leg are met by those who walk it
# A way round works is taken when it is at most so many times as long, and so much farther.
MOST_TIMES, MOST_FARTHER_M = 1.5, 200.0


@dataclass(frozen=True, eq=False)
class Ways:
    """Know the ways on foot of one day: times for the solver and courses for the visitor are of the same ways."""

    catalogue: Catalogue
    day: date
    is_step_free: bool
    pace_m_per_min: int

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

    def between_m(self, anchors: Sequence[Anchor | None]) -> Floats:
        """Return metres between places on foot; none from or to anywhere, inf where none leads or it is far."""
        known = [row for row, anchor in enumerate(anchors) if anchor]
        table_m = np.zeros((len(anchors), len(anchors)))
        if known:
            table_m[np.ix_(known, known)] = self.table_m([anchor for anchor in anchors if anchor])
        far = [row for row in known if (anchor := anchors[row]) and anchor.access_m > FAR_M]
        table_m[np.ix_(far, known)], table_m[np.ix_(known, far)] = np.inf, np.inf
        return table_m

    def walk_s(self, table_m: Floats) -> Seconds:
        """Return seconds for metres, each way in whole minutes as a clock shows them."""
        seconds = 60 * np.ceil(table_m / self.pace_m_per_min)
        walk_s: Seconds = np.where(np.isfinite(seconds), seconds, UNREACHABLE_S).astype(np.int64)
        return walk_s

    def straight_m(self, anchors: Sequence[Anchor | None]) -> Floats:
        """Return metres between places as the crow flies; inf from or to anywhere."""
        known = [row for row, anchor in enumerate(anchors) if anchor]
        straight_m = np.full((len(anchors), len(anchors)), np.inf)
        spots = _to_metres(self.catalogue, [shapely.Point(at.lon, at.lat) for at in anchors if at])
        x, y = shapely.get_coordinates(spots).reshape(-1, 2).T
        straight_m[np.ix_(known, known)] = np.hypot(x[:, None] - x, y[:, None] - y)
        return straight_m

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
        return replace(_joined("boat", parts), begin_s=departure.depart_s, end_s=departure.arrive_s, ride=ride)

    def _sailed(self, ride: Ride, landings: tuple[Anchor, Anchor]) -> Leg:
        """Return the ride; where no waterway joins its landings it is drawn straight."""
        board, alight = ride.board, ride.alight
        way = self.catalogue.network.boat_way(
            (board.geometry, board.lon, board.lat), (alight.geometry, alight.lon, alight.lat)
        )
        coords = way.coords if way else [(place.lon, place.lat) for place in landings]
        length_m = round(way.length_m) if way else 0
        return Leg(ride.board_s, ride.alight_s, length_m, coords, False, mode="boat", ride=ride)

    def ridden(self, ends: tuple[Anchor, Anchor], rows: tuple[int, int], begin_s: int, mode: EstimatedMode) -> Leg:
        """Return the ride from one row to another, whose anchors are the ends; with the walks to a bus and from it."""
        whole_s, rides_m = int(mode.table.travel_s[rows]), round(float(mode.rides_m[rows]))
        ridden = Leg(begin_s, begin_s + whole_s, rides_m, [(at.lon, at.lat) for at in ends], False, mode=mode.name)
        if not (hop := mode.hops.get(rows)):
            return _joined(mode.name, (ridden,))
        board, alight = self.catalogue.network.anchors(
            [place_of(self.catalogue.features[halt]) for halt in (hop.board, hop.alight)],
            is_step_free=self.is_step_free,
        )
        before = self.leg(ends[0], board, begin_s, hop.walks_s[0])
        after = self.leg(alight, ends[1], ridden.end_s - hop.walks_s[1], hop.walks_s[1])
        bus = BusRide(hop.line, self.catalogue.features[hop.board], self.catalogue.features[hop.alight])
        course = [(at.lon, at.lat) for at in (board, alight)]
        ride = replace(ridden, begin_s=begin_s + hop.walks_s[0], coords=course, bus=bus)
        ride = replace(ride, end_s=ridden.end_s - hop.walks_s[1])
        parts = [part for part in (before, ride, after) if part and part.end_s > part.begin_s]
        return replace(_joined("bus", tuple(parts)), bus=bus)

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


def _joined(mode: str, parts: tuple[Leg, ...]) -> Leg:
    """Return a leg of several parts; its metres, works and unknown steps are those of its walks."""
    on_foot = [part for part in parts if part.mode == "walk"]
    return Leg(
        begin_s=parts[0].begin_s,
        end_s=parts[-1].end_s,
        length_m=sum(walk.length_m for walk in on_foot),
        coords=[spot for part in parts for spot in part.coords],
        are_steps_unknown=any(walk.are_steps_unknown for walk in on_foot),
        works=tuple(dict.fromkeys(site for walk in on_foot for site in walk.works)),
        mode=mode,
        avoided=tuple(dict.fromkeys(site for walk in on_foot for site in walk.avoided)),
        detour_m=sum(walk.detour_m for walk in on_foot),
        parts=parts,
    )


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

    `walk_s` are seconds on foot as far as the wish allows to walk, `least_s` by the quickest way that there is at all;
    `modes` are what else the wish allows, by estimate.
    """

    ways: Ways
    request: TourRequest
    anchors: tuple[Anchor | None, ...]
    are_by_road: tuple[bool, ...]
    walk_s: Seconds
    least_s: Seconds
    crossings: Crossings | None
    landings: Mapping[str, Anchor]
    modes: tuple[EstimatedMode, ...]

    @property
    def has_boats(self) -> bool:
        """Return whether a boat brings one anywhere."""
        return self.crossings is not None

    @cached_property
    def offered(self) -> tuple[EstimatedMode, ...]:
        """Return what the city offers beside walking, though the wish does not allow it."""
        names = [m for m in modes_for(self.ways.catalogue.city, self.request) if m not in self.request.modes]
        return _estimated(self.ways, self.anchors, self.are_by_road, names)

    def departure(self, origin: int, goal: int, ready_s: int, arrive_s: int) -> Departure | None:
        """Return the boat by which one who is ready at a row is at another one just then; None: another way is taken.

        Of several ways that arrive together it is the one with least walking, as the solver has it.
        """
        if self.crossings is None:
            return None
        most_s = self._anytime(origin, goal, arrive_s - ready_s)[0]
        trips = self.crossings.timetable.after(origin, goal, ready_s)
        fitting = [trip for trip in trips if trip.arrive_s == arrive_s and trip.walk_s < most_s]
        return min(fitting, key=lambda trip: (trip.walk_s, -trip.depart_s), default=None)

    def _anytime(self, origin: int, goal: int, takes_s: int) -> tuple[int, EstimatedMode | None]:
        """Return the way at any time that takes just so long with least walking: its walking, and its mode or None."""
        on_foot_s = int(self.walk_s[origin, goal])
        ways: list[tuple[int, EstimatedMode | None]] = [(on_foot_s if on_foot_s == takes_s else UNREACHABLE_S, None)]
        fitting = [mode for mode in self.modes if mode.table.travel_s[origin, goal] == takes_s]
        ways += [(int(mode.table.walk_s[origin, goal]), mode) for mode in fitting]
        return min(ways, key=lambda way: way[0])

    def leg(self, origin: int, goal: int, ready_s: int, arrive_s: int) -> Leg | None:
        """Return the leg between two rows that arrives just then; None where a tour may start or end anywhere."""
        start, end = self.anchors[origin], self.anchors[goal]
        if start is None or end is None:
            return None
        departure = self.departure(origin, goal, ready_s, arrive_s)
        if departure is None or self.crossings is None:
            if mode := self._anytime(origin, goal, arrive_s - ready_s)[1]:
                return self.ways.ridden((start, end), (origin, goal), ready_s, mode)
            walk = self.ways.leg(start, end, ready_s, int(self.walk_s[origin, goal]))
            return replace(walk, offer=self._offer(origin, goal, walk)) if walk else None
        ride = self.crossings.rides[origin, goal, departure]
        landings = self.landings[ride.board.id], self.landings[ride.alight.id]
        return self.ways.crossing(start, end, ride, landings, departure)

    def _offer(self, origin: int, goal: int, walk: Leg) -> RideOffer | None:
        """Return the quickest mode that would spare a long walk; None for a short one, or where none is quicker."""
        if walk.length_m <= long_walk_m(self.ways.catalogue.city, self.request):
            return None
        offers = [
            RideOffer(mode.name, int(mode.table.travel_s[origin, goal]), round(float(mode.rides_m[origin, goal])))
            for mode in self.offered
            if mode.table.travel_s[origin, goal] < walk.end_s - walk.begin_s
        ]
        return min(offers, key=lambda offer: offer.takes_s, default=None)


def make_travel(
    catalogue: Catalogue, request: TourRequest, anchors: tuple[Anchor | None, ...], are_by_road: tuple[bool, ...]
) -> Travel:
    """Return the ways of a wish between these places, to which a road leads or not."""
    ways = Ways(catalogue, request.day, request.is_step_free, WALK_M_PER_MIN[request.pace])
    rides = rides_on(catalogue, request)
    landings = _landings(catalogue, request, rides)
    rows = len(anchors)
    table_m = ways.between_m([*anchors, *landings.values()])
    walk_m = table_m[:rows, :rows]
    least_s = ways.walk_s(walk_m)
    if request.boat == "only":
        table_m = np.where(table_m > SHORT_WALK_M, np.inf, table_m)
    table_s = ways.walk_s(table_m)
    walk_s = table_s[:rows, :rows]
    crossings = make_crossings(rides, walk_s, table_s[:rows, rows:], table_s[rows:, :rows], list(landings))
    if crossings:
        least_s = crossings.shortened(least_s)
    names = [mode for mode in modes_for(catalogue.city, request) if mode in request.modes]
    modes = _estimated(ways, anchors, are_by_road, names)
    modes = tuple(mode.where(walk_m > (request.ride_from_m or 0)) for mode in modes)
    for mode in modes:
        least_s = np.minimum(least_s, mode.table.travel_s)
    return Travel(ways, request, anchors, are_by_road, walk_s, least_s, crossings, landings, modes)


def _estimated(
    ways: Ways, anchors: Sequence[Anchor | None], are_by_road: Sequence[bool], names: Sequence[RideMode]
) -> tuple[EstimatedMode, ...]:
    """Return modes by estimate between places, in the order of their names."""
    if not names:
        return ()
    city, straight_m = ways.catalogue.city, ways.straight_m(anchors)
    return tuple(
        _bussed(ways, anchors) if name == "bus" else by_road(name, city.rides[name], straight_m, are_by_road)
        for name in names
    )


def _bussed(ways: Ways, anchors: Sequence[Anchor | None]) -> EstimatedMode:
    """Return the way by bus: its stops are as near as one walks to it."""
    catalogue, rows = ways.catalogue, len(anchors)
    ids = halts_of(catalogue.city)
    halts = catalogue.network.anchors(
        [place_of(catalogue.features[halt]) for halt in ids], is_step_free=ways.is_step_free
    )
    table_m = ways.between_m([*anchors, *halts])
    table_m[[row for row, anchor in enumerate(anchors) if anchor is None]] = np.inf
    table_m[:, [row for row, anchor in enumerate(anchors) if anchor is None]] = np.inf
    table_s = ways.walk_s(np.where(table_m > REACH_M, np.inf, table_m))
    walks_s = table_s[:rows, rows:], table_s[rows:, :rows]
    return by_bus(catalogue.city.rides["bus"], catalogue.city.bus_lines, ids, ways.straight_m(halts), walks_s)


def place_of(feature: Feature) -> Place:
    """Return where a feature is, as the network asks for it."""
    return feature.geometry, feature.lon, feature.lat


def _landings(catalogue: Catalogue, request: TourRequest, rides: Sequence[Ride]) -> dict[str, Anchor]:
    """Return where one comes to the landings of rides; one off every path is none."""
    stops = landings_of(rides)
    anchors = catalogue.network.anchors(list(map(place_of, stops)), is_step_free=request.is_step_free)
    return {stop.id: anchor for stop, anchor in zip(stops, anchors, strict=True) if anchor.access_m <= FAR_M}
