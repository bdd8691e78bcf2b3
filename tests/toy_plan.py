"""Give the toy city streets to walk on, and places that are worth a visit.

A street along 30.7 N from the mill (121.00) to the quay (121.01), then steps on to the hall (121.03); a way round
without known steps goes by 30.705 N. 0.01 degrees of longitude are 957 m there, 0.005 of latitude 554 m. The school
that is being built lies off both (30.702 N), unless a test puts it on the steps.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.settings import Settings
from toy import Json, point, sights, with_properties, works, write_city


def path(path_id: str, *coordinates: list[float], mode: str = "walk", step_free: Any = True) -> Json:
    """Return one path without a name."""
    return {
        "type": "Feature",
        "id": path_id,
        "properties": {"mode": mode, "name": None, "step_free": step_free},
        "geometry": {"type": "LineString", "coordinates": list(coordinates)},
    }


def paths(*more: Json) -> Json:
    """Return the streets: flat, steps and round; a boat goes from the quay to the hall."""
    features = [
        path("flat", [121.0, 30.7], [121.01, 30.7]),
        path("steps", [121.01, 30.7], [121.03, 30.7], step_free=False),
        path("round", [121.01, 30.7], [121.01, 30.705], [121.03, 30.705], [121.03, 30.7], step_free=None),
        path("boat", [121.01, 30.7], [121.03, 30.7], mode="boat"),
    ]
    return {"type": "FeatureCollection", "features": [*features, *more]}


def walkable_sights() -> Json:
    """Return the first layer with half an hour's visit at the mill."""
    return with_properties(sights(), "mill", visit_min=30)


def works_at(lon: float, lat: float, **properties: Any) -> Json:
    """Return the second layer with the school at a place of its own."""
    layer = with_properties(works(), "school", **properties)
    layer["features"][1]["geometry"] = point(lon, lat)
    return layer


def write_walkable(folder: Path, **changed: Json) -> Path:
    """Write the toy city with its streets."""
    usual = {"sights": walkable_sights(), "paths": paths(), "works": works_at(121.02, 30.702)}
    return write_city(folder, **(usual | changed))


def walkable(folder: Path, **changed: Json) -> Catalogue:
    """Return a snapshot of the toy city with its streets."""
    return build_catalogue(Settings(geodata=write_walkable(folder, **changed)))
