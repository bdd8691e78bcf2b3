"""Write an itinerary as GPX 1.1: stops as waypoints, their order as a route, walks and boat trips as tracks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from xml.sax.saxutils import escape

from gpxpy.gpx import GPX, GPXRoute, GPXRoutePoint, GPXTrack, GPXTrackPoint, GPXTrackSegment, GPXWaypoint

from ..planner.itinerary.itinerary import Leg
from .handout import Handout, boat_line, is_located, span, stop_name, stop_notes


def itinerary_gpx(handout: Handout) -> bytes:
    """Return a GPX document in WGS-84; it says that schematic positions are no directions."""
    name = f"{handout.title} {handout.day.isoformat()}"
    gpx = GPX()
    gpx.creator, gpx.name = "cityatlas", name
    gpx.description = " ".join((handout.words("take.schematic_file"), handout.credits)).strip()
    gpx.link, gpx.link_text = _address(handout.link), handout.words("take.plan_page")
    gpx.waypoints = [_waypoint(handout, number) for number in range(1, len(handout.itinerary.stops) + 1)]
    gpx.routes = [_route(handout, name)]
    gpx.tracks = [track for track in (_walks(handout, name), *_boats(handout)) if track.segments]
    return gpx.to_xml(version="1.1").encode()


def _waypoint(handout: Handout, number: int) -> GPXWaypoint:
    stop = handout.itinerary.stops[number - 1]
    notes = [span(stop.begin_s, stop.end_s), *stop_notes(handout, stop)]
    notes += [] if is_located(stop) else [handout.words("take.schematic_stop")]
    begin = handout.moment(stop.begin_s).astimezone(UTC)
    name = stop_name(handout, number)
    point = GPXWaypoint(stop.place.lat, stop.place.lon, time=begin, name=name, description="\n".join(notes))
    point.link = _address(handout.page_of(stop.feature))  # type: ignore[assignment]  # its stub says None alone
    point.link_text = handout.name(stop.feature)  # type: ignore[assignment]
    return point


def _route(handout: Handout, name: str) -> GPXRoute:
    route = GPXRoute(name=name)
    stops = [
        (stop.place.lat, stop.place.lon, stop_name(handout, n)) for n, stop in enumerate(handout.itinerary.stops, 1)
    ]
    for tip, place in ((handout.start, 0), (handout.end, len(stops) + 1)):
        if tip:
            stops.insert(place, (tip.lat, tip.lon, tip.name))
    for index, (lat, lon, label) in enumerate(stops):
        if not index or (lat, lon) != stops[index - 1][:2]:  # a tour may end where its last visit is
            route.points.append(GPXRoutePoint(lat, lon, name=label))
    return route


def _walks(handout: Handout, name: str) -> GPXTrack:
    """Return the walks as one track, a segment each."""
    return _track(name, [leg.coords for leg in _spans(handout) if leg.mode == "walk"])


def _boats(handout: Handout) -> list[GPXTrack]:
    trips = [(handout.name(stop.feature), boat_line(stop)) for stop in handout.itinerary.stops]
    rides = [(handout.name(leg.ride.line), leg.coords) for leg in _spans(handout) if leg.ride]
    return [_track(name, [line]) for name, line in (*trips, *rides) if line]


def _spans(handout: Handout) -> list[Leg]:
    """Return the walks and rides in their order."""
    return [span for leg in handout.itinerary.legs if leg for span in leg.spans if len(span.coords) > 1]


def _track(name: str, lines: Sequence[Sequence[tuple[float, float]]]) -> GPXTrack:
    track = GPXTrack(name=name)
    track.segments = [GPXTrackSegment([GPXTrackPoint(lat, lon) for lon, lat in line]) for line in lines]
    return track


def _address(address: str) -> str:
    """Return an address for an attribute: gpxpy escapes texts but writes addresses as they are."""
    return escape(address, {'"': "&quot;"})
