"""Write an itinerary as GPX 1.1: its stops as waypoints and route, the walked line as a track."""

from __future__ import annotations

from gpxpy.gpx import GPX, GPXRoute, GPXRoutePoint, GPXTrack, GPXTrackPoint, GPXTrackSegment, GPXWaypoint

from ..i18n import Language, say, translate
from ..planner.itinerary import Itinerary
from ..planner.request import clock
from .ics import stop_notes


def itinerary_gpx(itinerary: Itinerary, title: str, language: Language) -> bytes:
    """Return a GPX document in WGS-84; it says that schematic positions are no directions."""
    gpx = GPX()
    gpx.creator = "cityatlas"
    gpx.name = f"{title} {itinerary.request.day.isoformat()}"
    gpx.description = translate("page.schematic", language)
    route, track, segment = GPXRoute(name=gpx.name), GPXTrack(name=gpx.name), GPXTrackSegment()
    for number, stop in enumerate(itinerary.stops, 1):
        name = f"{number}. {say(stop.feature.name, language).text}"
        when = f"{clock(stop.begin_s)}–{clock(stop.end_s)}"
        notes = " ".join([when, *stop_notes(stop, language)])
        gpx.waypoints.append(GPXWaypoint(stop.place.lat, stop.place.lon, name=name, description=notes))
        route.points.append(GPXRoutePoint(stop.place.lat, stop.place.lon, name=name))
    for leg in itinerary.legs:
        segment.points += [GPXTrackPoint(lat, lon) for lon, lat in (leg.coords if leg else ())]
    track.segments.append(segment)
    gpx.routes.append(route)
    gpx.tracks.append(track)
    return gpx.to_xml(version="1.1").encode()
