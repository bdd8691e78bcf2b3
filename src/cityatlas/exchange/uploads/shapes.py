"""Read GeoJSON, GPX, KML, KMZ and zipped Shapefiles from outside, to be looked at before anything is kept.

Collect the features of a file that is parsed, within the limits of a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...geo import datum as datums
from ...geo.geojson import NOT_TEXT
from ...geo.projection import lon_lat_of_grid
from ...limits import COLUMNS, FEATURES, VERTICES
from ...schema.strict_json import JsonTable
from .limits import Refused, check_size, check_zip, is_zip, refusal, report_progress
from .sandbox import Progress, parse_isolated

MAX_FILE_NAME = 80  # letters of a file's name that are kept, as the title of a source
_DECIMALS = 7  # of a degree: a centimetre
_LOOKED_AT = 4096  # bytes in which the root of an XML file must begin


@dataclass(frozen=True)
class ImportedShape:
    """Hold one feature of a file: its number from 1, its geometry as GeoJSON or the key of why it has none."""

    number: int
    geometry: JsonTable | None
    attributes: Mapping[str, Any]  # Any: texts, numbers, and lists where the file is GeoJSON
    fault: str = ""


@dataclass(frozen=True)
class Imported:
    """Hold what a file says, nothing of it checked against the city; lon-lat in the datum of whoever wrote it."""

    file: str
    format: str
    columns: tuple[str, ...]
    shapes: tuple[ImportedShape, ...]
    cut: frozenset[str] = frozenset()  # columns of a Shapefile that hold texts too long for it, and so only begin

    def in_datum(self, datum: datums.Datum) -> Imported:
        """Return the same with all positions taken to be in a datum and converted to WGS-84."""
        if datum == "WGS-84":
            return self
        return replace(self, shapes=tuple(_converted(shape, datum) for shape in self.shapes))


def read_upload(raw: bytes, file: str, progress: Progress | None = None) -> Imported:
    """Return what a file holds. Its name is only shown; what it is, its content says.

    Raises FileTooLarge or InvalidFile when it cannot be used as a whole.
    """
    check_size(len(raw))
    parser = format_of(raw)
    told = parse_isolated(parser, raw, progress=progress)
    rows = [
        ImportedShape(number, row["geometry"], row["attributes"], row["fault"])
        for number, row in enumerate(told["features"], 1)
    ]
    if grid := told.get("projection"):
        rows = _off_grid(rows, grid)
    return Imported(file_title(file), parser, tuple(told["columns"]), tuple(rows), frozenset(told.get("cut", ())))


def format_of(raw: bytes) -> str:
    """Return the parser for a file, by what it holds. Raises InvalidFile when nobody reads it."""
    if is_zip(raw):
        names = [entry.filename.lower() for entry in check_zip(raw)]
        for suffix, parser in ((".shp", "shapefile"), (".kml", "kml")):
            if any(name.endswith(suffix) for name in names):
                return parser
        raise refusal("files.unknown_format")
    head = raw[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] in (b"{", b"["):
        return "geojson"
    found = re.search(rb"<(?:\w{1,20}:)?(gpx|kml)[\s/>]", head) if head[:1] == b"<" else None
    if not found:
        raise refusal("files.unknown_format")
    return found.group(1).decode()


def file_title(file: str) -> str:
    """Return a file's name without folders and control characters, to be shown and cited."""
    name = NOT_TEXT.sub("", re.split(r"[\\/]", file)[-1]).replace("\n", " ").strip()
    return name[:MAX_FILE_NAME] or "file"


def _converted(shape: ImportedShape, datum: datums.Datum) -> ImportedShape:
    def convert(lon: float, lat: float) -> list[float]:
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            return [lon, lat]  # is told as lying outside the city
        return [round(degrees, _DECIMALS) for degrees in datums.convert(lon, lat, datum, "WGS-84")]

    return replace(shape, geometry=_moved(shape.geometry, convert))


def _moved(geometry: JsonTable | None, move: Callable[[float, float], list[float]]) -> JsonTable | None:
    """Return a geometry with each position moved; what is no position stays, and is told later."""
    if geometry is None:
        return None
    return geometry | {"coordinates": _each(geometry.get("coordinates"), move, 5)}


def _each(node: object, move: Callable[[float, float], list[float]], depth: int) -> object:
    if not isinstance(node, list) or not node or not depth:
        return node
    if len(node) >= 2 and all(type(number) in (int, float) for number in node):
        return move(node[0], node[1])
    return [_each(part, move, depth - 1) for part in node]


def _off_grid(rows: Iterable[ImportedShape], grid: Mapping[str, float]) -> list[ImportedShape]:
    """Return shapes in degrees; all positions are converted at once."""
    rows = list(rows)
    positions: list[tuple[float, float]] = []

    def collect(x: float, y: float) -> list[float]:
        positions.append((x, y))
        return [x, y]

    for row in rows:
        _moved(row.geometry, collect)
    if not positions:
        return rows
    degrees = iter(lon_lat_of_grid(positions, grid))

    def take(x: float, y: float) -> list[float]:
        return [round(value, _DECIMALS) for value in next(degrees)]

    return [replace(row, geometry=_moved(row.geometry, take)) for row in rows]


_DEEPEST_LIST = 5  # lists and tables within each other in an attribute; ours have three
_DEEPEST = 4  # lists around a position, in a MultiPolygon


class Collected:
    """Collect geometries (as GeoJSON, in the file's own datum) and attributes, in the order of the file.

    `count` is how many there will be, where that is known.
    """

    def __init__(self, count: int = 0) -> None:
        self._count = count
        self._features: list[JsonTable] = []
        self._columns: dict[str, None] = {}
        self._vertices = 0

    def add(self, geometry: JsonTable | None, attributes: JsonTable, fault: str = "") -> None:
        """Take a feature; `fault` is the key of why it has no geometry. Raises Refused above a limit."""
        flat = {name: value for name, value in attributes.items() if value not in (None, "")}
        if any(_is_deep(value, _DEEPEST_LIST) for value in flat.values()):
            raise Refused("files.deep")
        self._columns |= dict.fromkeys(attributes)
        self._vertices += count_vertices(geometry.get("coordinates")) if geometry else 0
        self._features.append({"geometry": geometry, "attributes": flat, "fault": fault})
        report_progress(len(self._features), self._count)
        if self._vertices > VERTICES:
            raise Refused("files.many_vertices", is_too_large=True, most=VERTICES)
        if len(self._features) > FEATURES:
            raise Refused("files.many_features", is_too_large=True, most=FEATURES)
        if len(self._columns) > COLUMNS:
            raise Refused("files.large_table", is_too_large=True, rows=FEATURES, columns=COLUMNS)

    def result(self, **more: object) -> JsonTable:
        """Return what was collected. Raises Refused when that is nothing."""
        if not self._features:
            raise Refused("files.no_features")
        return {"columns": list(self._columns), "features": self._features} | more


def count_vertices(coordinates: object) -> int:
    """Return how many positions lie in lists; what is nested too deep counts as none, and is refused later."""
    level: list[object] = [coordinates]
    count = 0
    for _ in range(_DEEPEST):
        inner = [part for node in level if isinstance(node, list) for part in node]
        count += sum(1 for node in level if isinstance(node, list) and node and not isinstance(node[0], list))
        level = [part for part in inner if isinstance(part, list)]
    return count


def _is_deep(value: object, most: int) -> bool:
    """Return whether lists and tables lie deeper within each other than something of ours could."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return bool(inner) and (most == 0 or any(_is_deep(part, most - 1) for part in inner))


def merged(parts: list[JsonTable]) -> JsonTable | None:
    """Return geometries of one kind as one, or None when they are of several kinds or none."""
    kinds = {str(part["type"]).removeprefix("Multi") for part in parts}
    if len(parts) == 1 and parts[0]["type"] != "MultiPoint":
        return parts[0]
    if len(kinds) != 1 or kinds == {"Point"}:
        return None
    coordinates: list[object] = []
    for part in parts:
        own = part["coordinates"]
        coordinates += own if isinstance(own, list) and str(part["type"]).startswith("Multi") else [own]
    return {"type": f"Multi{kinds.pop()}", "coordinates": coordinates}
