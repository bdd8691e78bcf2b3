"""Read the schematic basemap: land, water, streets and labels, each from a file that may be absent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import NoneType
from typing import Any

from .city import SLUG
from .errors import BrokenGeodata
from .geo import Bbox
from .geojson import Unreadable, parse_collection, read_geometry, show
from .values import check_text

BASE_FILES = ("land", "water", "streets", "labels")


@dataclass(frozen=True, eq=False)
class BaseShape:
    """Hold one shape of the schematic basemap; `min_zoom` is where it begins to be drawn."""

    group: str
    kind: str
    geometry: Any  # Any: shapely publishes no common base for its typed geometries
    name: Mapping[str, str]
    min_zoom: int


def read_base(folder: Path, extent: Bbox, limits: Mapping[str, int]) -> list[BaseShape]:
    """Return the basemap's shapes; a file that is not there has none. Raises BrokenGeodata with all faults."""
    shapes: list[BaseShape] = []
    faults: list[str] = []
    for group in BASE_FILES:
        path = folder / "base" / f"{group}.geojson"
        if not path.exists() and not path.is_symlink():
            continue
        try:
            rows = parse_collection(path, **limits)
        except Unreadable as error:
            faults.append(f"base/{path.name}: {error}")
            continue
        for number, row in enumerate(rows, 1):
            try:
                shapes.append(_base_shape(row, group, extent))
            except Unreadable as error:
                faults.append(f"base/{path.name}: feature number {number}: {error}")
    if faults:
        raise BrokenGeodata(faults)
    return shapes


def _base_shape(row: Any, group: str, extent: Bbox) -> BaseShape:
    """Return one shape of the basemap. Raises Unreadable."""
    properties = row.get("properties") if isinstance(row, dict) else None
    if not isinstance(properties, dict):
        raise Unreadable('is not {"type": "Feature", "properties": {...}, "geometry": {...}}')
    kind, name, min_zoom = (properties.get(key) for key in ("class", "name", "min_zoom"))
    if not isinstance(kind, str) or not SLUG.fullmatch(kind):
        raise Unreadable(f"class {show(kind)} is not a plain word (a-z, 0-9 and -)")
    if type(min_zoom) not in (int, NoneType):
        raise Unreadable(f"min_zoom {show(min_zoom)} is not a whole number")
    for fault in check_text(name) if name is not None else ():
        raise Unreadable(f"name {fault}")
    geometry = read_geometry(row.get("geometry"), extent)
    if group == "labels" and (geometry.geom_type != "Point" or not name):
        raise Unreadable("is a label; it needs a Point and a name")
    return BaseShape(group, kind, geometry, name or {}, min_zoom or 0)
