"""Write a city's network and basemap from an OpenStreetMap extract into a folder, with the attribution it asks for."""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import shapely
from shapely.geometry import shape

from ..city import City
from .osm import Report, read_areas, read_lines
from .osm_city import Drawn, make_land, make_paths, make_streets, make_water

ATTRIBUTION = {
    "attribution": "© OpenStreetMap contributors",
    "licence": "Open Database License (ODbL) 1.0",
    "source": "https://www.openstreetmap.org/copyright",
}
KEPT = ("land", "sea")  # outlines that OpenStreetMap has only as a coastline: the city's own stay


def import_osm(
    file: Path, city: City, geodata: Path, out: Path, report: Report, *, has_buildings: bool = False
) -> dict[str, int]:
    """Write paths.geojson and base/land, water and streets into `out`; return how many features each has.

    `geodata` is the city's folder, whose outline of land and sea is kept. Nothing there is changed unless it is `out`.
    """
    lines = list(read_lines(file, city.extent, report))
    areas = list(read_areas(file, city.extent, report, has_buildings=has_buildings))
    land = chain(_outline(geodata / "base" / "land.geojson"), make_land(areas))
    files: dict[str, Iterable[Drawn]] = {
        "paths.geojson": make_paths(lines, city.extent),
        "base/land.geojson": land,
        "base/water.geojson": make_water(lines, areas, city.extent),
        "base/streets.geojson": make_streets(lines, city.extent),
    }
    (out / "base").mkdir(parents=True, exist_ok=True)
    return {name: _write(out / name, features) for name, features in files.items()}


def _outline(path: Path) -> list[Drawn]:
    if not path.is_file():
        return []
    features = json.loads(path.read_text("utf-8"))["features"]
    kept = [feature for feature in features if feature["properties"].get("class") in KEPT]
    return [Drawn(shape(feature["geometry"]), feature["properties"]) for feature in kept]


def _write(path: Path, features: Iterable[Drawn]) -> int:
    """Write a collection, a feature to a line, whole or not at all; return how many it has."""
    count = 0
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"type": "FeatureCollection"} | ATTRIBUTION, ensure_ascii=False)[:-1])
        file.write(', "features": [')
        for count, feature in enumerate(features, 1):
            file.write(("\n" if count == 1 else ",\n") + _line(feature))
        file.write("\n]}\n")
    draft.replace(path)
    return count


def _line(feature: Drawn) -> str:
    head = f'{{"type":"Feature","id":{json.dumps(feature.id)},' if feature.id else '{"type":"Feature",'
    properties = json.dumps(feature.properties, ensure_ascii=False, separators=(",", ":"))
    return f'{head}"properties":{properties},"geometry":{shapely.to_geojson(feature.geometry)}}}'
