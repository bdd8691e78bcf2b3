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

from ..schema.strict_json import NotJson, parse_strictly
from .projection import Bbox

MAX_VERTICES = 5_000  # of one feature: checks and pictures stay quick whatever a file holds
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
    """A file or geometry cannot be used; the text says why and what to do."""


def parse_collection(path: Path, max_bytes: int, max_features: int) -> list[Any]:
    """Return the features of a file, still unchecked.

    Raises Unreadable when the file is not a FeatureCollection in UTF-8 and WGS-84 of a bearable size.
    """
    features: list[Any] = parse_document(path, max_bytes, max_features)["features"]
    return features


def parse_document(path: Path, max_bytes: int, max_features: int) -> dict[str, Any]:
    """Return a FeatureCollection with what stands beside its features, all still unchecked. Raises Unreadable."""
    document = parse_json(path, max_bytes)
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise Unreadable('is not a FeatureCollection. Begin with {"type": "FeatureCollection", "features": [...]}')
    features = document.get("features")
    if not isinstance(features, list):
        raise Unreadable('"features" is not a list')
    if len(features) > max_features:
        raise Unreadable(f"has {len(features)} features, the limit is {max_features} (CITYATLAS_MAX_FEATURES)")
    _check_datum(document)
    return document


def parse_json(path: Path, max_bytes: int) -> Any:  # Any: what JSON holds is not known yet
    """Return what a JSON file in UTF-8 holds. Raises Unreadable with the cure."""
    raw = _read(path, max_bytes)
    return _parse(raw, strict_keys=len(raw) < HAND_EDITED_BYTES)


def _read(path: Path, max_bytes: int) -> bytes:
    if path.is_symlink():
        raise Unreadable("is a symbolic link; put the file itself into the folder")
    if not path.is_file():
        raise Unreadable("not found or not a file; the layer in city.toml needs it")
    size = path.stat().st_size
    if size > max_bytes:
        size_mb = math.ceil(size / 2**20)
        raise Unreadable(f"is {size_mb} MB, the limit is {max_bytes >> 20} MB (CITYATLAS_MAX_FILE_MB)")
    try:
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from None


def _parse(raw: bytes, strict_keys: bool) -> Any:  # Any: what JSON holds is not known yet
    if not raw.strip():
        raise Unreadable('is empty. A layer without features is {"type": "FeatureCollection", "features": []}')
    if raw[:3] == b"\xef\xbb\xbf" or raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Unreadable("begins with a byte order mark; save it as UTF-8 without BOM")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        cure = "It looks like GBK: save" if _is_gbk(raw) else "Save"
        raise Unreadable(f"is not UTF-8 in line {line}. {cure} it as UTF-8") from None
    try:
        return parse_strictly(text, has_unique_keys=strict_keys)
    except NotJson as error:
        raise Unreadable(_told(error)) from None


def _told(error: NotJson) -> str:
    """Return what is wrong with a text and what to do, as the end of a sentence."""
    match error.reason:
        case "syntax":
            return f"is not JSON: {error.given} in line {error.line}, column {error.column}"
        case "depth":
            return "is nested too deep to be GeoJSON"
        case "constant":
            return f"holds {error.given}, which is not JSON; leave an unknown value out"
        case "infinite":
            return f"holds the number {error.given[:40]}, which is too large; correct it"
        case "twice":
            return f"has the key {show(error.given)} twice in one object; take one out, since it would be lost"
        case _:
            return "holds a number of thousands of digits, which nothing here needs"


def _is_gbk(raw: bytes) -> bool:
    try:
        raw.decode("gbk")
    except UnicodeDecodeError:
        return False
    return True


def _check_datum(document: dict[str, Any]) -> None:
    named = document.get("datum") or document.get("crs")
    if named and not any(name in json.dumps(named) for name in (*WGS84_NAMES, "WGS-84", "CGCS2000")):
        raise Unreadable(f"says that it is in {show(named)}; convert it to WGS-84 first")


def read_geometry(member: Any, extent: Bbox) -> BaseGeometry:
    """Return the checked geometry (lon-lat, WGS-84, heights dropped) of a feature's `geometry` member.

    Raises Unreadable when it is missing, of another type, too large, not valid or outside the city.
    """
    if not isinstance(member, dict):
        raise Unreadable("has no geometry; a place that is not located yet gets a schematic point")
    if member.get("type") not in GEOMETRY_TYPES:
        raise Unreadable(f"geometry type {show(member.get('type'))} is not one of {', '.join(GEOMETRY_TYPES)}")
    kind: str = member["type"]
    try:
        positions = list(_positions(member.get("coordinates"), DEPTHS[kind]))
    except TypeError:  # a number, a text or null where a list must be
        raise Unreadable(f"coordinates do not make a {kind}; their nesting or number is wrong") from None
    if not positions:
        raise Unreadable(f"geometry is empty; a {kind} needs positions [lon, lat]")
    if len(positions) > MAX_VERTICES:
        raise Unreadable(f"has {len(positions)} vertices, the limit is {MAX_VERTICES}; simplify it")
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
        raise Unreadable(f"coordinates do not make a {kind}; their nesting or number is wrong") from None
    if geometry.is_empty or (kind.endswith("LineString") and geometry.length == 0):
        raise Unreadable("geometry has no extent; its positions are all the same")
    if not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry)
        raise Unreadable(f"geometry is not valid: {reason} (lon lat); draw it anew there")
    return geometry


def _positions(node: Any, depth: int) -> Iterator[tuple[float, float]]:
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
        raise Unreadable(f"position {show(node)} is not two numbers [lon, lat]")
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
        raise Unreadable(f"position [{lon}, {lat}] has its axes swapped; GeoJSON is [lon, lat]")
    west, south, east, north = extent
    raise Unreadable(
        f"position {show([lon, lat])} lies outside the city ({west} to {east} E, {south} to {north} N); "
        "check the numbers, or the extent in city.toml"
    )


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


def _check_rings(member: dict[str, Any]) -> None:
    """Raise where a ring is open: shapely would close it silently, and a vertex may be missing."""
    polygons = {"Polygon": [member["coordinates"]], "MultiPolygon": member["coordinates"]}.get(member["type"], [])
    for ring in (ring for polygon in polygons for ring in polygon if isinstance(ring, list)):
        if not ring or ring[0] != ring[-1]:
            ends = f"begins at {ring[0]} and ends at {ring[-1]}" if ring else "is empty"
            raise Unreadable(f"ring is not closed: it {ends}; repeat the first position at the end")
        if len(ring) < 4:
            raise Unreadable(f"ring has {len(ring)} positions, an area needs at least 4")
