"""Parse a GeoJSON file without trusting it: size, encoding, numbers and nesting are checked before use."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from ..i18n import messages
from ..limits import FEATURE_VERTICES as MAX_VERTICES
from ..schema.faults import Fault, fault
from ..schema.strict_json import NotJson, parse_strictly
from .projection import Bbox

MARGIN_DEG = 0.5  # how far beyond the city's extent a position may lie; less than any swap of axes
DEPTHS = {
    "Point": 0,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}  # lists around a position
GEOMETRY_TYPES = tuple(DEPTHS)
NUMBERS = frozenset((int, float))
MAX_SHOWN = 60  # letters of a wrong value in a message
# What no page and no XML may hold: control characters (but tab and line ends), half characters, non-characters.
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
HAND_EDITED_BYTES = 8_000_000  # below this a repeated key is looked for: people make that slip, programs do not
WGS84_NAMES = ("CRS84", "EPSG::4326", "EPSG:4326", "EPSG::4490", "EPSG:4490")


class Unreadable(Exception):
    """A file or geometry cannot be used; `fault` says why and what to do."""

    def __init__(self, found: Fault) -> None:
        super().__init__(found)
        self.fault = found


def _unfit(rule: str, **values: object) -> Unreadable:
    """Return the error for a geometry."""
    return Unreadable(fault(rule, "geometry", **values))


def parse_document(path: Path, max_bytes: int, max_features: int) -> dict[str, Any]:
    """Return a FeatureCollection with what stands beside its features, all still unchecked.

    Raises Unreadable when the file is none in UTF-8 and WGS-84, or none of a bearable size.
    """
    document = parse_json(path, max_bytes)
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise Unreadable(fault("not_collection"))
    features = document.get("features")
    if not isinstance(features, list):
        raise Unreadable(fault("no_features"))
    if len(features) > max_features:
        raise Unreadable(fault("many_features", count=len(features), most=max_features))
    _check_datum(document)
    return document


def parse_json(path: Path, max_bytes: int) -> Any:  # Any: what JSON holds is not known yet
    """Return what a JSON file in UTF-8 holds. Raises Unreadable with the cure."""
    raw = _read(path, max_bytes)
    return _parse(raw, strict_keys=len(raw) < HAND_EDITED_BYTES)


def _read(path: Path, max_bytes: int) -> bytes:
    if path.is_symlink():
        raise Unreadable(fault("symbolic_link"))
    if not path.is_file():
        raise Unreadable(fault("no_file"))
    size = path.stat().st_size
    if size > max_bytes:
        raise Unreadable(fault("large_file", size=math.ceil(size / 2**20), most=max_bytes >> 20))
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(fault("unreadable", cause=error.strerror)) from None


def _parse(raw: bytes, strict_keys: bool) -> Any:  # Any: what JSON holds is not known yet
    if not raw.strip():
        raise Unreadable(fault("empty_file"))
    if raw[:3] == b"\xef\xbb\xbf" or raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable(fault("byte_order_mark"))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unreadable(fault("is_gbk" if _is_gbk(raw) else "not_utf8", line=line)) from None
    try:
        return parse_strictly(text, has_unique_keys=strict_keys)
    except NotJson as error:
        raise Unreadable(_told(error)) from None


def _told(error: NotJson) -> Fault:
    """Return what is wrong with a text that is no JSON."""
    match error.reason:
        case "syntax":
            return fault("not_json", cause=error.given, line=error.line, column=error.column)
        case "depth":
            return fault("json_depth")
        case "constant":
            return fault("json_constant", given=error.given)
        case "infinite":
            return fault("json_infinite", given=error.given[:40])
        case "twice":
            return fault("json_twice", given=show(error.given))
        case _:
            return fault("json_digits")


def _is_gbk(raw: bytes) -> bool:
    try:
        raw.decode("gbk")
    except UnicodeDecodeError:
        return False
    return True


def _check_datum(document: dict[str, object]) -> None:
    named = document.get("datum") or document.get("crs")
    if named and not any(name in json.dumps(named) for name in (*WGS84_NAMES, "WGS-84", "CGCS2000")):
        raise Unreadable(fault("not_wgs84", given=show(named)))


def read_geometry(member: object, extent: Bbox) -> BaseGeometry:
    """Return the checked geometry (lon-lat, WGS-84, heights dropped) of a feature's `geometry` member.

    Raises Unreadable when it is missing, of another type, too large, not valid or outside the city.
    """
    if not isinstance(member, dict):
        raise _unfit("no_geometry")
    if member.get("type") not in GEOMETRY_TYPES:
        raise _unfit("geometry_type", given=show(member.get("type")), known=", ".join(GEOMETRY_TYPES))
    kind: str = member["type"]
    try:
        positions = list(_positions(member.get("coordinates"), DEPTHS[kind]))
    except TypeError:  # a number, a text or null where a list must be
        raise _unfit("geometry_nesting", type=kind) from None
    if not positions:
        raise _unfit("geometry_empty", type=kind)
    if len(positions) > MAX_VERTICES:
        raise _unfit("many_vertices", count=len(positions), most=MAX_VERTICES)
    if not _are_near(positions, extent):
        for lon, lat in positions:
            _check_position(lon, lat, extent)
    _check_rings(member)
    geometry: BaseGeometry
    try:
        if kind == "Polygon" and len(member["coordinates"]) == 1:  # by far the most common area, made quickly
            geometry = shapely.Polygon(shapely.linearrings(positions))
        else:
            geometry = shapely.force_2d(shape(member))
    except (ValueError, TypeError, OverflowError, shapely.errors.ShapelyError):
        raise _unfit("geometry_nesting", type=kind) from None
    if geometry.is_empty or (kind.endswith("LineString") and geometry.length == 0):
        raise _unfit("no_extent")
    if not geometry.is_valid:
        raise _unfit("geometry_invalid", **_causes(shapely.is_valid_reason(geometry)))
    return geometry


def _positions(node: object, depth: int) -> Iterator[tuple[float, float]]:
    """Yield lon, lat of every position, which lies in `depth` lists. Raises TypeError where it does not."""
    if depth == 0 and isinstance(node, list) and 2 <= len(node) <= 3 and NUMBERS.issuperset(map(type, node)):
        yield node[0], node[1]  # first, since millions of positions are right and none may take long
        return
    if not isinstance(node, list) or (depth == 0 and any(isinstance(part, list | dict) for part in node)):
        raise TypeError
    if depth > 0:
        for child in node:
            yield from _positions(child, depth - 1)
        return
    if not 2 <= len(node) <= 3 or any(type(number) not in (int, float) for number in node):
        raise _unfit("not_position", given=show(node))
    yield node[0], node[1]


def show(value: object) -> str:
    """Return a value as JSON, short enough for a message."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except RecursionError:
        return "(nested too deep)"
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."


def _check_position(lon: float, lat: float, extent: Bbox) -> None:
    if _is_near(lon, lat, extent):
        return
    if _is_near(lat, lon, extent):
        raise _unfit("swapped", lon=lon, lat=lat)
    west, south, east, north = extent
    raise _unfit("outside", given=show([lon, lat]), west=west, east=east, south=south, north=north)


def _causes(reason: str) -> dict[str, str]:
    """Return in each language what shapely found, as `Self-intersection[121.005 30.705]`: what, and where."""
    what, bracket, where = reason.partition("[")
    named = messages("zh").get(f"shapefault.{what.strip().lower().replace(' ', '_')}", what)
    return {"cause_zh": named + bracket + where, "cause_en": reason}


def _are_near(positions: list[tuple[float, float]], extent: Bbox) -> bool:
    """Return whether all positions lie near the city; only if not, each is looked at."""
    west, south, east, north = (
        extent[0] - MARGIN_DEG,
        extent[1] - MARGIN_DEG,
        extent[2] + MARGIN_DEG,
        extent[3] + MARGIN_DEG,
    )
    return all(west <= lon <= east and south <= lat <= north for lon, lat in positions)


def _is_near(lon: float, lat: float, extent: Bbox) -> bool:
    west, south, east, north = extent
    return west - MARGIN_DEG <= lon <= east + MARGIN_DEG and south - MARGIN_DEG <= lat <= north + MARGIN_DEG


def _check_rings(member: dict[str, Any]) -> None:  # Any: nested as the kind says
    """Raise where a ring is open: shapely would close it silently, and a vertex may be missing."""
    polygons = {"Polygon": [member["coordinates"]], "MultiPolygon": member["coordinates"]}.get(member["type"], [])
    for ring in (ring for polygon in polygons for ring in polygon if isinstance(ring, list)):
        if not ring or ring[0] != ring[-1]:
            raise _unfit("ring_open", first=ring[0], last=ring[-1]) if ring else _unfit("ring_empty")
        if len(ring) < 4:
            raise _unfit("ring_short", count=len(ring))
