"""Read waypoints, routes and tracks of a GPX file from outside."""

from __future__ import annotations

from collections.abc import Sequence

import gpxpy
from gpxpy.gpx import GPXException, GPXRoutePoint, GPXTrackPoint, GPXWaypoint

from ...limits import TEXT_LETTERS
from ...schema.strict_json import JsonTable
from .limits import Refused
from .shapes import Collected
from .xml_in import name_of, read_xml

_TOLD = ("name", "description", "comment", "type", "symbol")


def parse(raw: bytes, _: dict[str, str]) -> JsonTable:
    """Return columns and features: a point for each waypoint, a line for each route and track."""
    if name_of(read_xml(raw)) != "gpx":  # refuses entities before gpxpy sees the file
        raise Refused("files.not_gpx")
    try:
        gpx = gpxpy.parse(raw)
    except (GPXException, ValueError, TypeError):
        raise Refused("files.not_gpx") from None
    collected = Collected(len(gpx.waypoints) + len(gpx.routes) + len(gpx.tracks))
    for point in gpx.waypoints:
        collected.add({"type": "Point", "coordinates": _position(point)}, _told(point))
    for route in gpx.routes:
        _add_line(collected, [route.points], _told(route))
    for track in gpx.tracks:
        _add_line(collected, [segment.points for segment in track.segments], _told(track))
    return collected.result()


def _add_line(collected: Collected, parts: Sequence[Sequence[GPXRoutePoint | GPXTrackPoint]], told: JsonTable) -> None:
    """Take a line of the parts that have two points or more."""
    lines = [[_position(point) for point in part] for part in parts if len(part) > 1]
    if not lines:
        collected.add(None, told, "files.no_geometry")
    elif len(lines) == 1:
        collected.add({"type": "LineString", "coordinates": lines[0]}, told)
    else:
        collected.add({"type": "MultiLineString", "coordinates": lines}, told)


def _position(point: GPXWaypoint | GPXRoutePoint | GPXTrackPoint) -> list[float]:
    position = [point.longitude, point.latitude]
    if any(degrees is None or degrees != degrees or abs(degrees) == float("inf") for degrees in position):
        raise Refused("files.bad_number", given=position)
    return position


def _told(element: object) -> JsonTable:
    return {name: str(text)[:TEXT_LETTERS] for name in _TOLD if (text := getattr(element, name, None))}
