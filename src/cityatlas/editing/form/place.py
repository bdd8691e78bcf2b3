"""Turn a geometry into the fields of a form and back: GeoJSON, for a point two numbers, for all else its corners.

Show the corners of a line or an area as text, one `lon, lat` a line, and read them back.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Mapping

from ...city.spec import DATUMS
from ...errors import InvalidValue
from ...geo.datum import Datum, convert
from ...geo.geojson import GEOMETRY_TYPES
from ...limits import AREA_CORNERS, LINE_CORNERS
from ...schema.strict_json import MOST_DEPTH, NotJson, parse_strictly
from ...versioning.content import Json, content_of

PLACES = 7  # decimals of a converted degree: a centimetre
BETWEEN = re.compile(r"[,，;；\s]+")
LEAST = {"LineString": LINE_CORNERS, "Polygon": AREA_CORNERS}


def shown_corners(geometry: Json | None) -> str | None:
    """Return the corners of one line, or of one area without holes, whose last corner is not its first once more.

    A geometry that is still to be set has none; for all others None: only GeoJSON says what they are.
    """
    if geometry is None:
        return ""
    kind, positions = geometry.get("type"), geometry.get("coordinates")
    if kind == "Polygon" and isinstance(positions, list) and len(positions) == 1:
        positions = positions[0]
        if isinstance(positions, list) and len(positions) > 1 and positions[0] == positions[-1]:
            positions = positions[:-1]
    elif kind != "LineString":
        return None
    if not isinstance(positions, list) or not all(_is_pair(position) for position in positions):
        return None
    return "\n".join(f"{lon!r}, {lat!r}" for lon, lat in positions)


def read_corners(text: str, shape: str, datum: str) -> Json | None:
    """Return the geometry of a text of corners; None where a line of it cannot be read, or there are too few."""
    source = next((known for known in DATUMS if known == datum), None)
    lines = [line for line in unicodedata.normalize("NFKC", text).splitlines() if line.strip()]
    try:
        pairs = [[float(part) for part in BETWEEN.split(line.strip().rstrip(",;"))] for line in lines]
        if source is None or len(pairs) < LEAST[shape] or any(len(pair) != 2 for pair in pairs):
            return None
        corners = [_in_wgs84(lon, lat, source) for lon, lat in pairs]
    except (ValueError, KeyError, InvalidValue):
        return None
    return {"type": shape, "coordinates": corners if shape == "LineString" else [[*corners, corners[0]]]}


def is_same_text(one: str, other: str) -> bool:
    """Return whether two texts have the same corners, whatever their line ends."""
    return one.split() == other.split()


def _in_wgs84(lon: float, lat: float, datum: Datum) -> list[float]:
    x, y = convert(lon, lat, datum, "WGS-84")
    return [x, y] if datum == "WGS-84" else [round(x, PLACES), round(y, PLACES)]


def _is_pair(node: object) -> bool:
    return isinstance(node, list) and len(node) == 2 and all(type(part) in (int, float) for part in node)


Place = tuple[Json | None, dict[str, str]]


def place_fields(geometry: Json | None) -> dict[str, str]:
    """Return the fields that show a geometry: a point has its lon and lat too, a line or an area its corners.

    A place that is still to be set has both.
    """
    fields = {"geometry": "" if geometry is None else json.dumps(geometry, separators=(",", ":"))}
    if (corners := shown_corners(geometry)) is not None:
        fields |= {"corners": corners, "shape": geometry["type"] if geometry else "LineString"}
    if geometry is None:
        return fields | {"lon": "", "lat": ""}
    numbers = geometry.get("coordinates")
    if geometry.get("type") == "Point" and isinstance(numbers, list) and len(numbers) >= 2 and _are_numbers(numbers):
        return fields | {"lon": repr(numbers[0]), "lat": repr(numbers[1])}
    return fields


def read_place(fields: Mapping[str, str], old: Json | None) -> Place:
    """Return the geometry that a form says, and faults by field; one that cannot be read leaves the old one.

    `lon` and `lat` count where they are not as they were, or are said to be in another datum; else `geometry` where
    it was changed; else `corners`.
    """
    shown = place_fields(old)
    lon, lat = (_plain(fields.get(name, "")) for name in ("lon", "lat"))
    was = tuple(_plain(fields.get(f"{name}_was", shown.get(name, ""))) for name in ("lon", "lat"))
    datum = fields.get("datum") or "WGS-84"
    is_elsewhere = (lon, lat) != was or (datum != "WGS-84" and bool(lon or lat))
    drawn = fields.get("geometry", shown["geometry"]).strip()
    is_line = not lon and not lat and drawn != shown["geometry"]  # the script empties both when it is drawn
    if "lon" in fields and "lat" in fields and is_elsewhere and not is_line:
        return _read_point(lon, lat, datum, old)
    if drawn != shown["geometry"]:
        return _read_shape(drawn, old)
    return _read_corners(fields, shown, datum, old)


def _read_corners(fields: Mapping[str, str], shown: Mapping[str, str], datum: str, old: Json | None) -> Place:
    """Return the geometry of the corners where they, or what they are corners of, were changed."""
    typed, shape = fields.get("corners", ""), fields.get("shape", shown.get("shape", ""))
    was = fields.get("corners_was", shown.get("corners", ""))
    if is_same_text(typed, was) and (shape == shown.get("shape") or not typed.strip()):
        return old, {}
    if not typed.strip():
        return None, {}
    read = read_corners(typed, shape, datum)
    return (read, {}) if read else (old, {"corners": "corners"})


def _read_point(lon: str, lat: str, datum: str, old: Json | None) -> Place:
    if not lon and not lat:
        return None, {}
    faults = {name: "number" for name, text in (("lon", lon), ("lat", lat)) if _degrees(text) is None}
    if faults:
        return old, faults
    source = next((known for known in DATUMS if known == datum), None)
    if source is None:
        return old, {"datum": "datum"}
    try:
        x, y = convert(float(lon), float(lat), source, "WGS-84")
    except InvalidValue:
        return old, {"lat": "globe"}
    degrees = [x, y] if datum == "WGS-84" else [round(x, PLACES), round(y, PLACES)]
    return {"type": "Point", "coordinates": degrees}, {}


def _read_shape(text: str, old: Json | None) -> Place:
    """Return the geometry of a GeoJSON text; that of a whole feature is taken out of it."""
    if not text:
        return None, {}
    try:
        shape = parse_strictly(text, most_depth=MOST_DEPTH)
        if isinstance(shape, dict) and shape.get("type") == "Feature":
            shape = shape.get("geometry")
        if isinstance(shape, dict) and shape.get("type") in GEOMETRY_TYPES and _are_numbers(shape.get("coordinates")):
            return content_of("", shape, {}).geometry, {}
    except (NotJson, OverflowError):  # or a whole number that is too large for a coordinate
        pass
    return old, {"geometry": "geometry"}


def _are_numbers(node: object) -> bool:
    """Return whether a node is a list of finite numbers, or of such lists."""
    return isinstance(node, list) and all(
        _are_numbers(child) if isinstance(child, list) else type(child) in (int, float) and math.isfinite(child)
        for child in node
    )


def _degrees(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _plain(text: str) -> str:
    """Return a number as a keyboard for Chinese may have typed it, in plain digits."""
    return unicodedata.normalize("NFKC", text).strip().rstrip("°")
