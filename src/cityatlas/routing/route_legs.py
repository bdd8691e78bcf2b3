"""Join the stops of a route by ways on the network, and cut a drawn line into its legs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge

from ..city.layers import Feature
from ..city.spec import City
from ..geo.geojson import Unreadable, read_geometry
from ..geo.projection import WGS84, to_metres
from .graph import Coords, Way
from .network import Network, Place


@dataclass(frozen=True, slots=True)
class Joint:
    """Hold the way from one stop to the next: lon, lat along it, its metres, and whether it is only a straight line."""

    mode: str
    length_m: int
    coords: Coords
    is_straight: bool


def join_stops(network: Network, stops: Sequence[Place], modes: Sequence[str]) -> list[Joint]:
    """Return the way between each two stops; there is one mode fewer than there are stops."""
    return [_joint(network, start, end, mode) for (start, end), mode in zip(pairwise(stops), modes, strict=True)]


def line_of(joints: Sequence[Joint]) -> Coords:
    """Return one line, lon, lat, of ways that follow each other."""
    coords = [place for joint in joints for place in joint.coords]
    return [place for place, before in zip(coords, [None, *coords], strict=False) if place != before]


def _joint(network: Network, start: Place, end: Place, mode: str) -> Joint:
    way = network.boat_way(start, end) if mode == "boat" else _walk(network, start, end)
    if way and len(way.coords) > 1:
        return Joint(mode, round(way.length_m), way.coords, is_straight=False)
    coords = [(start[1], start[2]), (end[1], end[2])]
    (line,) = to_metres(gpd.GeoSeries([shapely.LineString(coords)], crs=WGS84), network.lon, network.lat)
    return Joint(mode, round(line.length), coords, is_straight=True)


def _walk(network: Network, start: Place, end: Place) -> Way | None:
    return network.walks().way(*network.anchors([start, end])) if network.has_walks else None


WALK_M_PER_MIN = 65  # at ease, in a group; Transport for London plans with 80 for one adult


@dataclass(frozen=True, slots=True)
class RouteLeg:
    """Say how one gets from a stop to the next: metres along the line, and minutes where they can be told.

    Minutes are told for walking alone; a boat's come from the timetable, which is not known.
    """

    mode: str
    length_m: int
    walk_min: int | None


def route_legs(route: Feature, stops: Sequence[Feature]) -> list[RouteLeg]:
    """Return the legs between stops, one fewer than they are; a stop's own line place is the nearest to it."""
    modes = [leg.mode for leg in route.legs]
    return legs_along(route.geometry, (route.lon, route.lat), [stop.geometry for stop in stops], modes)


def legs_drawn(drawn: object, city: City, stops: Sequence[Feature], modes: Sequence[str]) -> list[RouteLeg]:
    """Return the legs between stops along a geometry that somebody draws; none where it is no line of the city."""
    try:
        shape = read_geometry(drawn, city.extent)
    except Unreadable:
        return []
    return legs_along(shape, (city.view.lon, city.view.lat), [stop.geometry for stop in stops], modes)


def legs_along(
    drawn: BaseGeometry, middle: tuple[float, float], stops: Sequence[BaseGeometry], modes: Sequence[str]
) -> list[RouteLeg]:
    """Return the legs between stops along a line in WGS-84; none where it is no line, or modes do not fit.

    `middle` is lon, lat of where metres are true.
    """
    if len(modes) != len(stops) - 1:
        return []
    line, *places = to_metres(gpd.GeoSeries([drawn, *stops], crs=WGS84), *middle)
    line = linemerge(line) if line.geom_type == "MultiLineString" else line
    if line.geom_type != "LineString":
        return []
    at_m = _in_order([shapely.line_locate_point(line, _touching(line, place)) for place in places], line.length)
    return [_leg(mode, end_m - begin_m) for mode, begin_m, end_m in zip(modes, at_m, at_m[1:], strict=False)]


def _touching(line: shapely.Geometry, place: shapely.Geometry) -> shapely.Point:
    """Return the point of the line nearest to a stop, which may be an area such as a lake."""
    return shapely.Point(shapely.shortest_line(line, place).coords[0])


def _in_order(at_m: list[float], length_m: float) -> list[float]:
    """Return the places with a loop's last stop at the end of the line, where it is its first."""
    if len(at_m) > 1 and at_m[-1] < at_m[-2]:
        return [*at_m[:-1], length_m]
    return at_m


def _leg(mode: str, length_m: float) -> RouteLeg:
    walk_min = max(1, round(length_m / WALK_M_PER_MIN)) if mode == "walk" else None
    return RouteLeg(mode, round(max(0.0, length_m)), walk_min)
