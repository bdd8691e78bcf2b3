"""Show the corners of a line or an area as text, one `lon, lat` a line, and read them back."""

from __future__ import annotations

import re
import unicodedata

from ...city.spec import DATUMS
from ...errors import InvalidValue
from ...geo.datum import Datum, convert
from ...limits import AREA_CORNERS, LINE_CORNERS
from ...versioning.content import Json

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
