"""Hold the names that the shipped basemap has from OpenStreetMap apart from what was drawn for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cityatlas.city.basemap import read_base
from cityatlas.city.spec import read_city
from cityatlas.paths import geodata_dir

ANCHORS = Path(__file__).resolve().parents[2] / "data" / "pinghu_anchors.geojson"
OSM = ("© OpenStreetMap contributors", "https://www.openstreetmap.org/copyright")


def rows(path: Path) -> list[dict[str, Any]]:
    """Return the features of a file."""
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["features"]
    return found


def names(file: str) -> dict[str, list[float]]:
    """Return the Chinese names of a file of the shipped basemap, with lon, lat of each."""
    found = rows(geodata_dir() / "base" / file)
    return {row["properties"]["name"]["zh"]: row["geometry"]["coordinates"] for row in found}


def test_names_from_openstreetmap_stand_in_a_file_of_their_own() -> None:
    known = [(row["properties"]["name"], row["geometry"]["coordinates"]) for row in rows(ANCHORS)]
    told = names("places.geojson")
    assert [item for item in told.items() if item not in known] == []
    assert len(told) == 29
    assert not set(names("labels.geojson")) & {name for name, _ in known}


def test_the_basemap_names_whose_they_are_and_stays_schematic() -> None:
    city = read_city(geodata_dir())
    base = read_base(geodata_dir(), city.extent, {"max_bytes": 1 << 24, "max_features": 10_000})
    assert [(one.text["en"], one.url) for one in base.attributions] == [OSM]
    assert base.is_schematic
    hospital = next(shape for shape in base.shapes if shape.name.get("en") == "Pinghu First People's Hospital")
    assert (hospital.group, hospital.kind) == ("labels", "hospital")
