"""Show what a file of shapes holds: a sample of each column, and a map of what it would add or move."""

from __future__ import annotations

from typing import Any

from flask import g

from ....catalogue.catalogue import Catalogue
from ....city.layers import Feature
from ....city.spec import View
from ....exchange.tables.cells import shown
from ....geo.projection import fitting_zoom
from ....render.city_map import draw_map
from .look import LookedAt

PICTURE_PX = (640, 420)


def samples(looked: LookedAt) -> list[tuple[str, str, str]]:
    """Return each column of a file, its first value, and the property of ours that it is mapped to."""
    assert looked.imported
    assert looked.choices
    ours = {theirs: key for key, theirs in looked.choices.mapping.items()}
    found = []
    for name in looked.imported.columns:
        values = (shape.attributes.get(name) for shape in looked.imported.shapes)
        first = next((value for value in values if value not in (None, "")), "")
        found.append((name, _plain(first)[:80], ours.get(name, "")))
    return found


def _plain(value: Any) -> str:  # Any: what a file gave
    """Return a value in words: of a list its items, of a table what it holds."""
    if isinstance(value, list):
        return "；".join(map(_plain, value))
    if isinstance(value, dict):
        return " | ".join(filter(None, map(_plain, value.values())))
    return "" if value is None else shown(value)


def picture(catalogue: Catalogue, features: list[Feature]) -> str:
    """Return an SVG map of what a file would add."""
    bounds = [feature.geometry.bounds for feature in features]
    west, south, *_ = (min(side) for side in zip(*bounds, strict=True))
    *_, east, north = (max(side) for side in zip(*bounds, strict=True))
    width_px, height_px = PICTURE_PX
    zoom = fitting_zoom((west, south, east, north), width_px - 80, height_px - 80, 16)
    view = View((west + east) / 2, (south + north) / 2, zoom)
    return draw_map(catalogue, features, view, PICTURE_PX, g.language, lambda feature: f"#new-{feature.id}")
