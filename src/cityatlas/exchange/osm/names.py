"""Choose the names that a basemap out of OpenStreetMap shows: one for each street, water and settlement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import shapely
from shapely.geometry.base import BaseGeometry

from ...geo.projection import Bbox
from ...limits import NAME_LETTERS
from .city import STREETS, Drawn, zoom_of
from .extract import OsmArea, OsmLine, OsmPlace, Tags, name_of

PLACE_ZOOMS = {"city": 8, "town": 10, "suburb": 12, "quarter": 13, "village": 13, "neighbourhood": 15}
STREET_ZOOMS = {"main": 13, "street": 15, "lane": 16}
Named = tuple[str, int, BaseGeometry, Tags]  # class, from which zoom, geometry, tags
APART_DEG = 0.02  # some 2 km: a long street is named again that far on


def make_labels(
    lines: Iterable[OsmLine], areas: Iterable[OsmArea], places: Iterable[OsmPlace], extent: Bbox
) -> Iterator[Drawn]:
    """Yield the features of base/labels.geojson: settlements, waters, streets; a name once every 2 km."""
    taken: set[tuple[str, int, int]] = set()
    for kind, zoom, geometry, tags in (*_settlements(places), *_waters(lines, areas), *_streets(lines)):
        name = {language: text[:NAME_LETTERS] for language, text in name_of(tags).items()}
        point = _middle(geometry, extent)
        if not name or point is None:
            continue
        near = (str(sorted(name.items())), round(point.x / APART_DEG), round(point.y / APART_DEG))
        if near not in taken:
            taken.add(near)
            yield Drawn(point, {"class": kind, "min_zoom": zoom, "name": name})


def _settlements(places: Iterable[OsmPlace]) -> Iterator[Named]:
    for place in places:
        zoom = PLACE_ZOOMS[place.tags["place"]]
        yield "town" if zoom < 12 else "district", zoom, place.point, place.tags


def _waters(lines: Iterable[OsmLine], areas: Iterable[OsmArea]) -> Iterator[Named]:
    for area in areas:
        if area.tags.get("natural") == "water":
            yield "lake", max(12, zoom_of(area, 12)), area.geometry, area.tags
    for line in sorted(lines, key=lambda line: -line.line.length):
        if line.tags.get("waterway") in ("river", "canal"):
            yield "river", 13 if line.tags["waterway"] == "river" else 14, line.line, line.tags


def _streets(lines: Iterable[OsmLine]) -> Iterator[Named]:
    for line in sorted(lines, key=lambda line: -line.line.length):
        kind, _ = STREETS.get(line.tags.get("highway", ""), ("", 0))
        if kind:
            yield "street", STREET_ZOOMS[kind], line.line, line.tags


def _middle(geometry: BaseGeometry, extent: Bbox) -> shapely.Point | None:
    """Return where a name stands, rounded to 0.1 m: in the middle of a line, within an area; None outside."""
    inside = shapely.clip_by_rect(geometry, *extent)
    part = max(getattr(inside, "geoms", [inside]), key=lambda part: (part.area, part.length), default=inside)
    if part.is_empty:
        return None
    is_line = part.geom_type == "LineString"
    point = part.interpolate(0.5, normalized=True) if is_line else part.representative_point()
    return shapely.Point(round(point.x, 6), round(point.y, 6))
