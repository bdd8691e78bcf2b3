"""Write an itinerary for maps: as GeoJSON (RFC 7946), GPX 1.1 and KML 2.2."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC
from xml.etree.ElementTree import Element, SubElement, tostring
from xml.sax.saxutils import escape

from gpxpy.gpx import GPX, GPXRoute, GPXRoutePoint, GPXTrack, GPXTrackPoint, GPXTrackSegment, GPXWaypoint
from markupsafe import Markup

from ..planner.itinerary.itinerary import ItineraryStop, Leg
from ..schema.strict_json import JsonTable
from ..tiles.geojson import DECIMALS
from .handout import Handout, boat_line, is_located, leg_name, leg_notes, span, stop_name, stop_notes, way_words


def itinerary_geojson(handout: Handout) -> bytes:
    """Return a FeatureCollection in WGS-84, lon before lat; foreign members tell the plan's name, day and address."""
    itinerary = handout.itinerary
    features = [_stop(handout, number, stop) for number, stop in enumerate(itinerary.stops, 1)]
    features += [_boat(handout, stop, line) for stop in itinerary.stops if (line := boat_line(stop))]
    features += [
        _way(handout, number, span)
        for number, leg in enumerate(itinerary.legs, 1)
        for span in (leg.spans if leg else ())
        if len(span.coords) > 1
    ]
    collection = {
        "type": "FeatureCollection",
        "name": f"{handout.title} {handout.day.isoformat()}",
        "date": handout.day.isoformat(),
        "link": handout.link,
        "note": " ".join((handout.words("take.schematic_file"), *handout.estimates)),
        **({"attribution": handout.credits} if handout.credits else {}),
        "features": features,
    }
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _stop(handout: Handout, number: int, stop: ItineraryStop) -> JsonTable:
    properties = {
        "role": "stop",
        "number": number,
        "name": stop_name(handout, number),
        **_times(handout, stop.begin_s, stop.end_s),
        "position": stop.place.position_class,
        "is_located": is_located(stop),
        "notes": stop_notes(handout, stop),
        "page": handout.page_of(stop.feature),
    }
    point = {"type": "Point", "coordinates": _rounded([(stop.place.lon, stop.place.lat)])[0]}
    return {"type": "Feature", "id": stop.feature.id, "geometry": point, "properties": properties}


def _way(handout: Handout, number: int, leg: Leg) -> JsonTable:
    properties = {
        "role": "leg",
        "mode": leg.mode,
        "name": leg_name(handout, number),
        **_times(handout, leg.begin_s, leg.end_s),
        "length_m": leg.length_m,
        "are_steps_unknown": leg.are_steps_unknown,
        "notes": [way_words(handout, leg)] * bool(leg.ride or leg.is_estimate) + leg_notes(handout, leg),
        **({"is_estimate": True} if leg.is_estimate else {}),
    }
    return _line(leg.coords, properties)


def _boat(handout: Handout, stop: ItineraryStop, line: Iterable[tuple[float, float]]) -> JsonTable:
    name = handout.name(stop.feature)
    return _line(line, {"role": "leg", "mode": "boat", "name": name, **_times(handout, stop.begin_s, stop.end_s)})


def _line(line: Iterable[tuple[float, float]], properties: JsonTable) -> JsonTable:
    geometry = {"type": "LineString", "coordinates": _rounded(line)}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _times(handout: Handout, begin_s: int, end_s: int) -> JsonTable:
    return {"begin": handout.moment(begin_s).isoformat(), "end": handout.moment(end_s).isoformat()}


def _rounded(line: Iterable[tuple[float, float]]) -> list[list[float]]:
    return [[round(lon, DECIMALS), round(lat, DECIMALS)] for lon, lat in line]


def itinerary_gpx(handout: Handout) -> bytes:
    """Return a GPX document in WGS-84; it says that schematic positions are no directions."""
    name = f"{handout.title} {handout.day.isoformat()}"
    gpx = GPX()
    gpx.creator, gpx.name = "cityatlas", name
    gpx.description = " ".join((handout.words("take.schematic_file"), *handout.estimates, handout.credits)).strip()
    gpx.link, gpx.link_text = _address(handout.link), handout.words("take.plan_page")
    gpx.waypoints = [_waypoint(handout, number) for number in range(1, len(handout.itinerary.stops) + 1)]
    gpx.routes = [_route(handout, name)]
    gpx.tracks = [track for track in (_walks(handout, name), *_boats(handout), *_ridden(handout)) if track.segments]
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


def _ridden(handout: Handout) -> list[GPXTrack]:
    """Return what is ridden by estimate: straight lines, whose names say so."""
    return [_track(way_words(handout, leg), [leg.coords]) for leg in _spans(handout) if leg.is_estimate]


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


# Colours are aabbggrr: cinnabar stops, deep water walks, as on our own maps.
STYLES = {
    "stop": "ff1f32a8",
    "walk": "ff6f6023",
    "boat": "ffc98a2b",
    "bicycle": "ff864f6d",
    "bus": "ff864f6d",
    "taxi": "ff864f6d",
}
LINE_PX = "4"


def itinerary_kml(handout: Handout) -> bytes:
    """Return a KML document in WGS-84. Its XML is built, never joined: a name stays a name."""
    root = Element("kml", {"xmlns": "http://www.opengis.net/kml/2.2", "xmlns:atom": "http://www.w3.org/2005/Atom"})
    document = SubElement(root, "Document")
    _add(document, "name", f"{handout.title} {handout.day.isoformat()}")
    SubElement(document, "atom:link", {"href": handout.link})
    _describe(document, [handout.day_words, handout.words("take.schematic_file"), *handout.estimates, handout.credits])
    for style, colour in STYLES.items():
        _style(document, style, colour)
    stops, ways = _folder(document, handout.words("take.stops")), _folder(document, handout.words("take.ways"))
    for number in range(1, len(handout.itinerary.stops) + 1):
        _stop_mark(stops, handout, number)
        _boat_mark(ways, handout, number)
    for number in range(1, len(handout.itinerary.legs) + 1):
        _way_mark(ways, handout, number)
    body: bytes = tostring(root, "utf-8", xml_declaration=True)
    return body


def _stop_mark(folder: Element, handout: Handout, number: int) -> None:
    stop = handout.itinerary.stops[number - 1]
    lines = [span(stop.begin_s, stop.end_s), *stop_notes(handout, stop)]
    lines += [] if is_located(stop) else [handout.words("take.schematic_stop")]
    placemark = _placemark(folder, stop_name(handout, number), handout.page_of(stop.feature), lines)
    _time(placemark, handout, stop.begin_s, stop.end_s)
    _add(placemark, "styleUrl", "#stop")
    data = SubElement(SubElement(placemark, "ExtendedData"), "Data", name="position")
    _add(data, "value", stop.place.position_class)
    _add(SubElement(placemark, "Point"), "coordinates", _coordinates([(stop.place.lon, stop.place.lat)]))


def _way_mark(folder: Element, handout: Handout, number: int) -> None:
    leg = handout.itinerary.legs[number - 1]
    notes = leg_notes(handout, leg) if leg else []
    for part in leg.spans if leg else ():
        if len(part.coords) > 1:
            lines = [way_words(handout, part), *notes]
            placemark = _placemark(folder, leg_name(handout, number), "", lines)
            _time(placemark, handout, part.begin_s, part.end_s)
            _line_mark(placemark, part.mode, part.coords)


def _boat_mark(folder: Element, handout: Handout, number: int) -> None:
    stop = handout.itinerary.stops[number - 1]
    if line := boat_line(stop):
        placemark = _placemark(folder, handout.name(stop.feature), handout.page_of(stop.feature), [])
        _time(placemark, handout, stop.begin_s, stop.end_s)
        _line_mark(placemark, "boat", line)


def _folder(parent: Element, name: str) -> Element:
    folder = SubElement(parent, "Folder")
    _add(folder, "name", name)
    return folder


def _placemark(parent: Element, name: str, page: str, lines: Sequence[str]) -> Element:
    placemark = SubElement(parent, "Placemark")
    _add(placemark, "name", name)
    if page:
        SubElement(placemark, "atom:link", {"href": page})
    _describe(placemark, lines)
    return placemark


def _describe(parent: Element, lines: Sequence[str]) -> None:
    """Add a description: viewers read it as HTML, so that each line is escaped once more than XML asks."""
    _add(parent, "description", str(Markup("<br>").join(line for line in lines if line)))


def _time(placemark: Element, handout: Handout, begin_s: int, end_s: int) -> None:
    times = SubElement(placemark, "TimeSpan")
    _add(times, "begin", handout.moment(begin_s).isoformat())
    _add(times, "end", handout.moment(end_s).isoformat())


def _line_mark(placemark: Element, style: str, coords: Iterable[tuple[float, float]]) -> None:
    _add(placemark, "styleUrl", f"#{style}")
    line = SubElement(placemark, "LineString")
    _add(line, "tessellate", "1")
    _add(line, "coordinates", _coordinates(coords))


def _style(document: Element, style: str, colour: str) -> None:
    element = SubElement(document, "Style", id=style)
    part = SubElement(element, "IconStyle" if style == "stop" else "LineStyle")
    _add(part, "color", colour)
    if style != "stop":
        _add(part, "width", LINE_PX)


def _coordinates(coords: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{lon:.6f},{lat:.6f}" for lon, lat in coords)


def _add(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text
