"""Write a city's network and basemap from an OpenStreetMap extract into a folder, with the attribution it asks for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import shapely
from shapely.geometry import shape

from ...city.spec import City
from .city import Drawn, is_building, make_labels, make_land, make_paths, make_streets, make_water
from .extract import EVERY, OsmArea, Report, count_ways, read_areas, read_lines, read_places, read_services
from .services import LAYER, make_services, own_services

ATTRIBUTION = {
    "attribution": {"zh": "© OpenStreetMap 贡献者", "en": "© OpenStreetMap contributors"},
    "licence": "Open Database License (ODbL) 1.0",
    "licence_url": "https://www.openstreetmap.org/copyright",
    "is_schematic": False,
}
KEPT = ("land", "sea")  # outlines that OpenStreetMap has only as a coastline: the city's own stay
SHARES = {"count": 0.12, "lines": 0.28, "areas": 0.55, "paths.geojson": 0.67, "base/land.geojson": 0.97}  # at its end


@dataclass(frozen=True)
class TakenFiles:
    """Hold how many features each file got, and how many small buildings were left out since a file has a limit."""

    counts: Mapping[str, int]
    left_out: int


def import_osm(
    file: Path,
    city: City,
    geodata: Path,
    out: Path,
    report: Callable[[float], None],
    *,
    most_buildings: int,
    has_buildings: bool = True,
) -> TakenFiles:
    """Write paths.geojson, base/land, water, streets and labels, and services.geojson in a city with that layer.

    `geodata` is the city's folder, whose outline of land and sea and whose own services are kept. Nothing there is
    changed unless it is `out`.
    `report` gets the share that is done. Above `most_buildings` the largest are taken.
    """
    extent = city.extent
    places = list(read_places(file, extent))
    line_count, area_count = count_ways(file)
    report(SHARES["count"])
    lines = list(read_lines(file, extent, _part_of(report, "count", "lines", line_count)))
    areas_report = _part_of(report, "lines", "areas", area_count)
    found = list(read_areas(file, extent, areas_report, has_buildings=has_buildings))
    report(SHARES["areas"])
    areas, left_out = _bounded(found, most_buildings)
    files: dict[str, Iterable[Drawn]] = {
        "paths.geojson": make_paths(lines, extent),
        "base/land.geojson": chain(_outline(geodata / "base" / "land.geojson"), make_land(areas)),
        "base/water.geojson": make_water(lines, areas, extent),
        "base/streets.geojson": make_streets(lines, extent),
        "base/labels.geojson": make_labels(lines, areas, places, extent),
    }
    if city.layer(LAYER):
        kept = own_services(geodata / f"{LAYER}.geojson")
        files[f"{LAYER}.geojson"] = make_services(read_services(file, extent), city, kept)
    (out / "base").mkdir(parents=True, exist_ok=True)
    paths_report = _part_of(report, "areas", "paths.geojson", 2 * len(lines))  # a way is cut where it meets others
    land_report = _part_of(report, "paths.geojson", "base/land.geojson", len(areas))
    reports = {"paths.geojson": paths_report, "base/land.geojson": land_report}
    counts = {name: _write(out / name, features, reports.get(name)) for name, features in files.items()}
    report(1)
    return TakenFiles(counts, left_out)


def _part_of(report: Callable[[float], None], before: str, this: str, count: int) -> Report:
    """Return what tells of one part of the reading, in objects of about so many, as a share of all."""
    begin, end = SHARES[before], SHARES[this]
    return lambda done: report(begin + (end - begin) * min(1.0, done / max(1, count)))


def _bounded(areas: list[OsmArea], most_buildings: int) -> tuple[list[OsmArea], int]:
    """Return areas with no more than so many buildings, the largest, and how many were left out."""
    sizes = sorted((area.geometry.area for area in areas if is_building(area.tags)), reverse=True)
    if len(sizes) <= most_buildings:
        return areas, 0
    least = sizes[most_buildings]
    kept = [area for area in areas if not is_building(area.tags) or area.geometry.area > least]
    return kept, len(areas) - len(kept)


def _outline(path: Path) -> list[Drawn]:
    if not path.is_file():
        return []
    features = json.loads(path.read_text("utf-8"))["features"]
    kept = [feature for feature in features if feature["properties"].get("class") in KEPT]
    return [Drawn(shape(feature["geometry"]), feature["properties"]) for feature in kept]


def _write(path: Path, features: Iterable[Drawn], report: Report | None = None) -> int:
    """Write a collection, a feature to a line, whole or not at all; return how many it has."""
    count = 0
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"type": "FeatureCollection"} | ATTRIBUTION, ensure_ascii=False)[:-1])
        file.write(', "features": [')
        for count, feature in enumerate(features, 1):
            file.write(("\n" if count == 1 else ",\n") + _line(feature))
            if report and count % EVERY == 0:
                report(count)
        file.write("\n]}\n")
    draft.replace(path)
    return count


def _line(feature: Drawn) -> str:
    head = f'{{"type":"Feature","id":{json.dumps(feature.id)},' if feature.id else '{"type":"Feature",'
    properties = json.dumps(feature.properties, ensure_ascii=False, separators=(",", ":"))
    return f'{head}"properties":{properties},"geometry":{shapely.to_geojson(feature.geometry)}}}'
