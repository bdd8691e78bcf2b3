"""Write an itinerary as KML 2.2: a placemark for each stop, a line for each walk and boat trip."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from markupsafe import Markup

from .handout import Handout, boat_line, is_located, leg_name, leg_notes, span, stop_name, stop_notes, way_words

# Colours are aabbggrr: cinnabar stops, deep water walks, as on our own maps.
STYLES = {"stop": "ff1f32a8", "walk": "ff6f6023", "boat": "ffc98a2b"}
LINE_PX = "4"


def itinerary_kml(handout: Handout) -> bytes:
    """Return a KML document in WGS-84. Its XML is built, never joined: a name stays a name."""
    root = Element("kml", {"xmlns": "http://www.opengis.net/kml/2.2", "xmlns:atom": "http://www.w3.org/2005/Atom"})
    document = SubElement(root, "Document")
    _add(document, "name", f"{handout.title} {handout.day.isoformat()}")
    SubElement(document, "atom:link", {"href": handout.link})
    _describe(document, [handout.day_words, handout.words("take.schematic_file"), handout.credits])
    for style, colour in STYLES.items():
        _style(document, style, colour)
    stops, ways = _folder(document, handout.words("take.stops")), _folder(document, handout.words("take.ways"))
    for number in range(1, len(handout.itinerary.stops) + 1):
        _stop(stops, handout, number)
        _boat(ways, handout, number)
    for number in range(1, len(handout.itinerary.legs) + 1):
        _way(ways, handout, number)
    body: bytes = tostring(root, "utf-8", xml_declaration=True)
    return body


def _stop(folder: Element, handout: Handout, number: int) -> None:
    stop = handout.itinerary.stops[number - 1]
    lines = [span(stop.begin_s, stop.end_s), *stop_notes(handout, stop)]
    lines += [] if is_located(stop) else [handout.words("take.schematic_stop")]
    placemark = _placemark(folder, stop_name(handout, number), handout.page_of(stop.feature), lines)
    _time(placemark, handout, stop.begin_s, stop.end_s)
    _add(placemark, "styleUrl", "#stop")
    data = SubElement(SubElement(placemark, "ExtendedData"), "Data", name="position")
    _add(data, "value", stop.place.position_class)
    _add(SubElement(placemark, "Point"), "coordinates", _coordinates([(stop.place.lon, stop.place.lat)]))


def _way(folder: Element, handout: Handout, number: int) -> None:
    leg = handout.itinerary.legs[number - 1]
    notes = leg_notes(handout, leg) if leg else []
    for part in leg.spans if leg else ():
        if len(part.coords) > 1:
            lines = [way_words(handout, part), *notes]
            placemark = _placemark(folder, leg_name(handout, number), "", lines)
            _time(placemark, handout, part.begin_s, part.end_s)
            _line(placemark, part.mode, part.coords)


def _boat(folder: Element, handout: Handout, number: int) -> None:
    stop = handout.itinerary.stops[number - 1]
    if line := boat_line(stop):
        placemark = _placemark(folder, handout.name(stop.feature), handout.page_of(stop.feature), [])
        _time(placemark, handout, stop.begin_s, stop.end_s)
        _line(placemark, "boat", line)


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


def _line(placemark: Element, style: str, coords: Iterable[tuple[float, float]]) -> None:
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
