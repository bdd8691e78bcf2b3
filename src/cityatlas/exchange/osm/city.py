"""Make a city's network and basemap out of OpenStreetMap: what one may walk, what is drawn, and how.

Choose the names that a basemap out of OpenStreetMap shows: one for each street, water and settlement.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ...catalogue.cross_checks import METRES_PER_DEG
from ...geo.projection import Bbox
from ...limits import FEATURE_VERTICES, NAME_LETTERS
from ...versioning.content import Json
from .extract import OsmArea, OsmLine, OsmPlace, Tags, name_of


@dataclass(frozen=True, slots=True)
class Drawn:
    """Hold a feature to be written: geometry in lon-lat, properties, and an id where it needs one."""

    geometry: BaseGeometry
    properties: Json
    id: str = ""


STREETS = {  # how a highway is drawn, and from which zoom
    **dict.fromkeys(("motorway", "trunk", "primary", "secondary"), ("main", 10)),
    **dict.fromkeys(("motorway_link", "trunk_link", "primary_link", "secondary_link"), ("main", 12)),
    **dict.fromkeys(("tertiary", "tertiary_link", "unclassified"), ("street", 13)),
    **dict.fromkeys(("residential", "living_street", "pedestrian"), ("lane", 14)),
    "service": ("lane", 16),
}
NOT_WALKED = frozenset(("motorway", "motorway_link", "trunk", "trunk_link", "construction", "proposed", "raceway"))
FOOT = frozenset(("yes", "designated", "permissive", "official"))
CLOSED = frozenset(("no", "private"))
GREENS = {
    "leisure": frozenset(("park", "garden", "nature_reserve", "golf_course")),
    "landuse": frozenset(("grass", "forest", "meadow", "recreation_ground", "village_green")),
    "natural": frozenset(("wood", "scrub", "grassland")),
}
BUILT_UP = frozenset(("residential", "commercial", "retail", "industrial"))
LARGE_M2, SMALL_M2 = 100_000, 10_000  # areas that are seen from afar, and those that only near views show
SIMPLIFY_DEG = 0.00002  # two metres: only what has too many vertices is simplified


def is_walked(tags: Tags) -> bool:
    """Return whether anybody may walk a highway; a closed gate or a motorway may not be walked."""
    kind, foot = tags.get("highway"), tags.get("foot")
    if kind is None or tags.get("area") == "yes" or foot in CLOSED:
        return False
    return foot in FOOT or (kind not in NOT_WALKED and tags.get("access") not in CLOSED)


def is_boated(tags: Tags) -> bool:
    """Return whether a line says that boats take it: a ferry, or a waterway with that tag."""
    return tags.get("route") == "ferry" or ("waterway" in tags and tags.get("boat") in FOOT)


def step_free(tags: Tags) -> bool | None:
    """Return whether a way has no steps; None where nobody has looked."""
    if tags.get("highway") == "steps" and tags.get("ramp:wheelchair") != "yes":
        return False
    return {"yes": True, "designated": True, "no": False}.get(tags.get("wheelchair", ""))


def make_paths(lines: Sequence[OsmLine], extent: Bbox) -> Iterator[Drawn]:
    """Yield the features of paths.geojson: ways split where they meet, cut to the extent."""
    for mode, is_chosen in (("walk", is_walked), ("boat", lambda tags: is_boated(tags) and not is_walked(tags))):
        chosen = [line for line in lines if is_chosen(line.tags)]
        junctions = _junctions(chosen)
        for line in chosen:
            said: Json = {"mode": mode, "name": _named(line.tags)}
            said |= {"step_free": step_free(line.tags)} if mode == "walk" else {}
            pieces = (piece for part in _split(line, junctions) for piece in _inside(part, extent))
            for number, piece in enumerate(pieces, 1):
                yield Drawn(piece, said, f"osm-{line.id}-{number}")


def _junctions(lines: Sequence[OsmLine]) -> set[int]:
    """Return the nodes that are passed more than once."""
    if not lines:
        return set()
    nodes, counts = np.unique(np.concatenate([np.asarray(line.nodes) for line in lines]), return_counts=True)
    return set(nodes[counts > 1].tolist())


def _split(line: OsmLine, junctions: set[int]) -> Iterator[BaseGeometry]:
    """Yield a way's pieces between the nodes that other ways, or it itself, pass as well."""
    last = len(line.nodes) - 1
    cuts = [0, *(at for at in range(1, last) if line.nodes[at] in junctions), last]
    positions = shapely.get_coordinates(line.line)
    for first, end in pairwise(cuts):
        for begin in range(first, end, FEATURE_VERTICES - 1):
            yield shapely.LineString(positions[begin : min(end, begin + FEATURE_VERTICES - 1) + 1])


def _inside(line: BaseGeometry, extent: Bbox) -> Iterator[BaseGeometry]:
    """Yield the parts of a line within the extent that have a length, rounded to 0.1 m."""
    clipped = shapely.transform(shapely.clip_by_rect(line, *extent), lambda degrees: degrees.round(6))
    for part in getattr(clipped, "geoms", [clipped]):
        if part.geom_type == "LineString" and part.length > 0:
            yield part


def make_streets(lines: Iterable[OsmLine], extent: Bbox) -> Iterator[Drawn]:
    """Yield the features of base/streets.geojson."""
    for line in lines:
        kind, zoom = STREETS.get(line.tags.get("highway", ""), ("", 0))
        if kind and line.tags.get("area") != "yes":
            yield from _drawn(line, {"class": kind, "min_zoom": zoom}, extent)


def make_water(lines: Iterable[OsmLine], areas: Iterable[OsmArea], extent: Bbox) -> Iterator[Drawn]:
    """Yield the features of base/water.geojson: lines of rivers and canals, then waters with banks."""
    for line in lines:
        kind = line.tags.get("waterway")
        if kind in ("river", "canal"):
            yield from _drawn(line, {"class": kind, "min_zoom": 10 if kind == "river" else 13}, extent)
    for area in areas:
        if area.tags.get("natural") == "water" or area.tags.get("landuse") == "reservoir":
            yield from _polygons(area, {"class": "lake", "min_zoom": zoom_of(area, 10)} | _name_if_any(area.tags))


def _drawn(line: OsmLine, said: Json, extent: Bbox) -> Iterator[Drawn]:
    for piece in _split(line, set()):
        for part in _inside(piece, extent):
            yield Drawn(part, said | _name_if_any(line.tags))


def make_land(areas: Sequence[OsmArea]) -> Iterator[Drawn]:
    """Yield what is added to base/land.geojson, in the order it is drawn: built-up areas, greens, buildings."""
    for kind, zoom, is_kind in (("town_area", 11, _is_built_up), ("green", 12, _is_green)):
        for area in areas:
            if is_kind(area.tags):
                yield from _polygons(area, {"class": kind, "min_zoom": zoom_of(area, zoom)})
    for area in areas:
        if is_building(area.tags):
            yield from _polygons(area, {"class": "building", "min_zoom": 16})


def zoom_of(area: OsmArea, far: int) -> int:
    """Return from which zoom an area is drawn: a large one from afar, a small one only near."""
    lat = math.radians(area.geometry.bounds[1])
    area_m2 = area.geometry.area * METRES_PER_DEG**2 * math.cos(lat)
    return far if area_m2 > LARGE_M2 else max(far, 13) if area_m2 > SMALL_M2 else max(far, 15)


def _is_built_up(tags: Tags) -> bool:
    return tags.get("landuse") in BUILT_UP


def _is_green(tags: Tags) -> bool:
    return any(tags.get(key) in values for key, values in GREENS.items())


def is_building(tags: Tags) -> bool:
    return tags.get("building", "no") != "no"


def _polygons(area: OsmArea, said: Json) -> Iterator[Drawn]:
    """Yield an area's polygons, simplified where they have too many vertices; what is not valid is left out."""
    for part in getattr(area.geometry, "geoms", [area.geometry]):
        polygon = shapely.set_precision(part, 1e-6)  # 0.1 m
        if shapely.get_num_coordinates(polygon) > FEATURE_VERTICES:
            polygon = polygon.simplify(SIMPLIFY_DEG)
        is_fit = polygon.is_valid and not polygon.is_empty and shapely.get_num_coordinates(polygon) <= FEATURE_VERTICES
        if is_fit and polygon.geom_type in ("Polygon", "MultiPolygon"):
            yield Drawn(shapely.transform(polygon, lambda degrees: degrees.round(6)), said)


def _named(tags: Tags) -> dict[str, str] | None:
    return {language: text[:NAME_LETTERS] for language, text in name_of(tags).items()} or None


def _name_if_any(tags: Tags) -> Json:
    name = _named(tags)
    return {"name": name} if name else {}


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
