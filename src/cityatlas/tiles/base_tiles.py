"""Part a large basemap into what every view shows and tiles of what only near ones do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

import shapely

from ..city.basemap import Base, BaseShape
from ..geo.projection import TILE_PX, web_mercator_px

WHOLE = 1_000  # shapes that are sent at once
NEAR, CLOSE = 13, 16  # zooms from which tiles are asked for: streets and greens, then lanes and buildings
GRIDS = {NEAR: 13, CLOSE: 15}  # zooms whose tiles they come in, some 4 km and 1 km wide here
BIG_DEG = 0.03  # what is larger lies in many tiles, and is sent to every view
NEAR_SIMPLE_DEG, FAR_SIMPLE_DEG = 0.00003, 0.0002  # 3 m, less than two pixels; 20 m, for far views alone
Tile = tuple[int, int, int]  # NEAR or CLOSE, x, y


@dataclass(frozen=True)
class BaseTiles:
    """Hold the shapes that every view gets, and those of each tile; without tiles all of them are in `overview`."""

    overview: tuple[BaseShape, ...]
    tiles: Mapping[Tile, tuple[BaseShape, ...]]


def part_base(base: Base) -> BaseTiles:
    """Return a basemap in parts: a shape that a tile holds is in the overview for far views alone, or not at all."""
    if len(base.shapes) <= WHOLE:
        return BaseTiles(base.shapes, {})
    overview: list[BaseShape] = []
    tiles: dict[Tile, list[BaseShape]] = defaultdict(list)
    for shape in base.shapes:
        is_label = shape.group == "labels"
        if is_label and shape.min_zoom < NEAR:
            overview.append(shape)
        elif _is_big(shape):
            overview.append(_simple(shape, NEAR_SIMPLE_DEG))
        else:
            tiles[_tile(shape)].append(shape if shape.min_zoom >= CLOSE else _simple(shape, NEAR_SIMPLE_DEG))
            if shape.min_zoom < NEAR:
                overview.append(replace(_simple(shape, FAR_SIMPLE_DEG), max_zoom=NEAR - 1))
    return BaseTiles(tuple(overview), {tile: tuple(shapes) for tile, shapes in tiles.items()})


def _is_big(shape: BaseShape) -> bool:
    west, south, east, north = shape.geometry.bounds
    return bool(max(east - west, north - south) > BIG_DEG)


def _tile(shape: BaseShape) -> Tile:
    """Return the tile of a shape's middle: no shape is cut, and none is in two."""
    west, south, east, north = shape.geometry.bounds
    level = CLOSE if shape.min_zoom >= CLOSE else NEAR
    x, y = web_mercator_px((west + east) / 2, (south + north) / 2, GRIDS[level])
    return level, int(x // TILE_PX), int(y // TILE_PX)


def _simple(shape: BaseShape, tolerance_deg: float) -> BaseShape:
    return replace(shape, geometry=shapely.simplify(shape.geometry, tolerance_deg))
