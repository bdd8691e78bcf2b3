"""Read the placemarks of a KML or KMZ file from outside; styles, links and pictures are not followed."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Callable
from xml.etree.ElementTree import Element

from ...limits import TEXT_LETTERS
from ...schema.strict_json import JsonTable
from .limits import Refused
from .shapes import Collected, merged
from .xml_in import children, name_of, read_xml, text_of, within


def parse(raw: bytes, _: dict[str, str]) -> JsonTable:
    """Return columns and features, one for each Placemark. Links to other files are left alone."""
    root = read_xml(_unpacked(raw) if raw[:2] == b"PK" else raw)
    if name_of(root) != "kml":
        raise Refused("files.not_kml")
    placemarks = list(within(root, "Placemark"))
    collected = Collected(len(placemarks))
    for placemark in placemarks:
        parts = [part for child in placemark for part in _geometries(child)]
        geometry = merged(parts)
        fault = "" if geometry else ("files.mixed_geometry" if parts else "files.no_geometry")
        collected.add(geometry, _attributes(placemark), fault)
    return collected.result()


def _unpacked(raw: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(".kml")]
        if not names:
            raise Refused("files.no_kml")
        return archive.read(min(names, key=lambda name: (name.count("/"), name.lower() != "doc.kml", name)))


def _attributes(placemark: Element) -> JsonTable:
    told = {name: text_of(placemark, name) for name in ("name", "description", "address", "phoneNumber")}
    for data in within(placemark, "Data"):
        told[data.get("name", "")] = text_of(data, "value")
    for data in within(placemark, "SimpleData"):
        told[data.get("name", "")] = "".join(data.itertext()).strip()
    return {name: text[:TEXT_LETTERS] for name, text in told.items() if name and text}


def _geometries(element: Element) -> list[JsonTable]:
    """Return an element's geometries; a MultiGeometry holds several."""
    name = name_of(element)
    if name == "MultiGeometry":
        return [part for child in element for part in _geometries(child)]
    make = _MAKERS.get(name)
    return [{"type": name, "coordinates": make(element)}] if make else []


def _point(element: Element) -> list[float]:
    positions = _positions(element)
    if not positions:
        raise Refused("files.bad_number", given="coordinates")
    return positions[0]


def _positions(element: Element) -> list[list[float]]:
    """Return [lon, lat] of `coordinates`, whose tuples are parted by white space; heights are dropped."""
    try:
        found = [[float(number) for number in part.split(",")[:2]] for part in text_of(element, "coordinates").split()]
    except ValueError:
        raise Refused("files.bad_number", given=text_of(element, "coordinates")) from None
    if any(len(position) != 2 or not all(map(math.isfinite, position)) for position in found):
        raise Refused("files.bad_number", given=text_of(element, "coordinates"))
    return found


def _polygon(element: Element) -> list[list[list[float]]]:
    rings = [*children(element, "outerBoundaryIs"), *children(element, "innerBoundaryIs")]
    return [_positions(ring) for boundary in rings for ring in children(boundary, "LinearRing")]


_MAKERS: dict[str, Callable[[Element], object]] = {"Point": _point, "LineString": _positions, "Polygon": _polygon}
