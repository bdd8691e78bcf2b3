"""Read streets, waters, places and areas of a city out of an OpenStreetMap extract that the operator trusts."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import osmium
import shapely
from osmium.filter import EntityFilter, KeyFilter
from shapely.geometry.base import BaseGeometry

from ...geo.projection import Bbox

Tags = Mapping[str, str]
Lon = float
Lat = float
Report = Callable[[int], None]  # how many objects were read
LINE_KEYS = ("highway", "waterway", "route")
AREA_KEYS = ("natural", "leisure", "landuse")
EVERY = 2_000  # objects between two reports
_NAMES = {"zh": ("name:zh", "name:zh-Hans", "name"), "en": ("name:en",)}
SERVICE_KEYS = ("amenity", "baby_feeding", "drinking_water")
PLACES = ("city", "town", "suburb", "quarter", "village", "neighbourhood")
_SERVICE = ("man_made", "opening_hours", "changing_table")
_USED = ("building", "access", "area", "boat", "foot", "wheelchair", "ramp:wheelchair", *_NAMES["zh"], *_NAMES["en"])
_KEPT = frozenset(
    (*LINE_KEYS, *AREA_KEYS, *SERVICE_KEYS, *_SERVICE, "place", *_USED)
)  # other tags would only fill the memory


@dataclass(frozen=True, slots=True)
class OsmLine:
    """Hold a way within the city: its id, tags, the ids of its nodes, and its line in lon-lat, as many positions."""

    id: int
    tags: Tags
    nodes: array[int]
    line: shapely.LineString


@dataclass(frozen=True, slots=True)
class OsmPlace:
    """Hold a settlement's tags and where its name stands, in lon-lat."""

    tags: Tags
    point: shapely.Point


@dataclass(frozen=True, slots=True)
class OsmService:
    """Hold what may be of service to visitors: its id as `node/7`, tags, and where it is, in lon-lat."""

    id: str
    tags: Tags
    point: shapely.Point


@dataclass(frozen=True, slots=True)
class OsmArea:
    """Hold an area within the city: its tags and geometry in lon-lat."""

    tags: Tags
    geometry: BaseGeometry


def count_ways(file: Path) -> tuple[int, int]:
    """Return how many lines and how many areas an extract holds, so that reading them can tell how far it is."""
    lines = areas = 0
    for way in osmium.FileProcessor(file, osmium.osm.WAY).with_filter(KeyFilter(*LINE_KEYS, *AREA_KEYS, "building")):
        if isinstance(way, osmium.osm.Way):
            is_line = any(key in way.tags for key in LINE_KEYS)
            lines, areas = lines + is_line, areas + (not is_line)
    return lines, areas


def read_places(file: Path, extent: Bbox) -> Iterator[OsmPlace]:
    """Yield the settlements with a name within an extent (west, south, east, north)."""
    nodes = osmium.FileProcessor(file, osmium.osm.NODE).with_filter(KeyFilter("place"))
    for node in nodes:
        if not isinstance(node, osmium.osm.Node) or node.tags.get("place") not in PLACES:
            continue
        point = shapely.Point(round(node.location.lon, 6), round(node.location.lat, 6))
        if _touches([(point.x, point.y)], extent):
            yield OsmPlace(_tags(node.tags), point)


def read_services(file: Path, extent: Bbox) -> Iterator[OsmService]:
    """Yield the points, and the middles of areas, within an extent that may be of service to visitors."""
    found = osmium.FileProcessor(file).with_areas(KeyFilter(*SERVICE_KEYS)).with_filter(KeyFilter(*SERVICE_KEYS))
    factory = osmium.geom.WKBFactory()
    for one in found:
        if isinstance(one, osmium.osm.Node):
            key, point = f"node/{one.id}", shapely.Point(one.location.lon, one.location.lat)
        elif isinstance(one, osmium.osm.Area):
            key = f"{'way' if one.from_way() else 'relation'}/{one.orig_id()}"
            try:
                point = shapely.from_wkb(factory.create_multipolygon(one)).representative_point()
            except (RuntimeError, shapely.errors.ShapelyError):
                continue
        else:
            continue
        point = shapely.Point(round(point.x, 6), round(point.y, 6))
        if _touches([(point.x, point.y)], extent):
            yield OsmService(key, _tags(one.tags), point)


def read_lines(file: Path, extent: Bbox, report: Report = lambda count: None) -> Iterator[OsmLine]:
    """Yield the streets, waterways and ferry lines that touch an extent (west, south, east, north)."""
    ways = (
        osmium.FileProcessor(file)
        .with_locations()
        .with_filter(EntityFilter(osmium.osm.WAY))
        .with_filter(KeyFilter(*LINE_KEYS))
    )
    for count, way in enumerate(ways, 1):
        if count % EVERY == 0:
            report(count)
        if not isinstance(way, osmium.osm.Way):  # for the type checker: the filters let nothing else through
            continue
        nodes = [(node.ref, round(node.lon, 6), round(node.lat, 6)) for node in way.nodes if node.location.valid()]
        if len(nodes) > 1 and _touches([(lon, lat) for _, lon, lat in nodes], extent):
            line = shapely.LineString([(lon, lat) for _, lon, lat in nodes])
            yield OsmLine(way.id, _tags(way.tags), array("q", [node for node, _, _ in nodes]), line)


def read_areas(
    file: Path, extent: Bbox, report: Report = lambda count: None, *, has_buildings: bool = False
) -> Iterator[OsmArea]:
    """Yield the areas that touch an extent: closed ways and multipolygons alike, cut to the extent."""
    factory = osmium.geom.WKBFactory()
    keys = (*AREA_KEYS, "building") if has_buildings else AREA_KEYS
    areas = (
        osmium.FileProcessor(file)
        .with_areas(KeyFilter(*keys))
        .with_filter(EntityFilter(osmium.osm.AREA))
        .with_filter(KeyFilter(*keys))
    )
    for count, area in enumerate(areas, 1):
        if count % EVERY == 0:
            report(count)
        if not isinstance(area, osmium.osm.Area):
            continue
        try:
            geometry = shapely.from_wkb(factory.create_multipolygon(area))
        except (RuntimeError, shapely.errors.ShapelyError):  # a ring that is not closed, a node that is missing
            continue
        inside = shapely.clip_by_rect(geometry, *extent)
        if not inside.is_empty and inside.geom_type in ("Polygon", "MultiPolygon"):
            yield OsmArea(_tags(area.tags), inside)


def _tags(tags: Iterable[osmium.osm.Tag]) -> Tags:
    return {tag.k: tag.v for tag in tags if tag.k in _KEPT}


def name_of(tags: Tags) -> dict[str, str]:
    """Return a name by language; what nobody wrote stays out."""
    found = {language: next((tags[key] for key in keys if tags.get(key)), "") for language, keys in _NAMES.items()}
    return {language: text for language, text in found.items() if text}


def _touches(positions: list[tuple[Lon, Lat]], extent: Bbox) -> bool:
    west, south, east, north = extent
    lons, lats = [p[0] for p in positions], [p[1] for p in positions]
    return min(lons) <= east and max(lons) >= west and min(lats) <= north and max(lats) >= south
