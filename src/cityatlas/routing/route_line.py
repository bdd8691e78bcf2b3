"""Join the stops of a tour route along the network: on paths, on waterways, and straight where there is neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import geopandas as gpd
import shapely

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
