"""Cut a layer into vector tiles for other programs (Mapbox Vector Tile 2.1): XYZ, 4096 units to a side.

All that a tile says of its features is one row of small numbers, lengths and headings among them, which numpy writes
at once. Far zooms are thinned as our own map's tiles are (`layer_tiles.py`); lines and areas are cut at the tile's edge
and simplified to half a pixel of 512. What is still too large is thinned further.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from ..city.layers import Layer
from ..errors import NotFound
from .layer_tiles import EDGE_PX, TILE_PX, rows_in, thin, touches
from .layer_tiles import Numbers as Rows
from .protobuf import Numbers, member, spread, sums, tag, varint_sizes, varints, zigzag
from .vector_layer import EXTENT, FEATURE, VectorLayer, vector_layer

MIMETYPE = "application/vnd.mapbox-vector-tile"
MOST_BYTES = 500_000
DEEPEST = 14  # a unit is 0.6 m there; programs magnify it for nearer views
EDGE = EDGE_PX * EXTENT // TILE_PX  # units that a tile reaches beyond its side, so that strokes do not end there
NEAR_STEP, FAR_STEP = 1, 4  # units that shapes are simplified to: at the deepest zoom, and before
LAYERS = 3  # the field of a tile
TAGS, TYPE, GEOMETRY = 2, 3, 4  # of a feature
POINT, LINE, AREA = 1, 2, 3
MOVE, DRAW, CLOSE = 1, 2, 7  # commands
FRAME = 8  # numbers of a feature besides its tags and its geometry
COARSER = 4  # zooms whose thinning is tried before features are left out
Tile = tuple[int, int, int]


def zooms_of(layer: Layer, city_zooms: tuple[int, int]) -> tuple[int, int]:
    """Return the shallowest and the deepest zoom of a layer's tiles."""
    first, deepest = vector_layer(layer, city_zooms).index.zooms
    return first, max(deepest, min(DEEPEST, city_zooms[1]))


def vector_tile(layer: Layer, tile: Tile, city_zooms: tuple[int, int]) -> bytes:
    """Return the tile z, x, y, of at most MOST_BYTES, or nothing when no feature reaches into it.

    Raises NotFound outside the layer's zooms or extent.
    """
    (z, x, y), made = tile, vector_layer(layer, city_zooms)
    first, deepest = zooms_of(layer, city_zooms)
    if not (first <= z <= deepest and 0 <= x < 2**z and 0 <= y < 2**z and touches(made.index, *tile)):
        raise NotFound(f"There is no tile {z}/{x}/{y} of this layer.", f"Zooms are {first} to {deepest}.")
    rows = rows_in(made.index, *tile)
    if z < made.index.zooms[1]:
        rows = thin(made.index, rows, z)[0]
    for fewer in _fewer(made, rows, z):
        content = encode(made, fewer, tile, NEAR_STEP if z == deepest else FAR_STEP)
        if len(content) <= MOST_BYTES:
            break
    return content


def _fewer(made: VectorLayer, rows: Rows, z: int) -> Iterator[Rows]:
    """Yield the rows of a tile, then ever fewer of them."""
    yield rows
    for coarser in range(1, COARSER + 1):
        yield thin(made.index, rows, z - coarser)[0]
    while len(rows):
        rows = rows[::2]
        yield rows


def encode(made: VectorLayer, rows: Rows, tile: Tile, step: int = NEAR_STEP) -> bytes:
    """Return some features of a layer as a tile; lines and areas that are too small to be seen are left out."""
    rows, geometry, sizes, kinds = _geometries(made, rows, tile, step)
    if not len(rows):
        return b""
    counts = made.starts[rows + 1] - made.starts[rows]
    tags = made.tags[spread(made.starts[rows], counts)]
    used, tags = _renumbered(tags, len(made.value_ends))
    layer = [made.head, _features(tags, counts, geometry, sizes, kinds), *_values(made, used), made.tail]
    return member(LAYERS, b"".join(layer))


def _values(made: VectorLayer, used: Numbers) -> Iterator[bytes]:
    """Yield the fields of some values; those whose numbers follow each other are one piece."""
    breaks = np.flatnonzero(np.diff(used) != 1)
    first, last = used[np.r_[0, breaks + 1]], used[np.r_[breaks, len(used) - 1]]
    begins = np.where(first > 0, made.value_ends[first - 1], 0)
    return (made.values[begin:end] for begin, end in zip(begins.tolist(), made.value_ends[last].tolist(), strict=True))


def _renumbered(tags: Numbers, count: int) -> tuple[Numbers, Numbers]:
    """Return which values some features have, and their tags with the numbers that these have in the tile."""
    is_used = np.zeros(count, bool)
    is_used[tags[1::2]] = True
    number = np.cumsum(is_used) - 1
    renumbered = tags.copy()
    renumbered[1::2] = number[tags[1::2]]
    return np.flatnonzero(is_used), renumbered


def _features(tags: Numbers, counts: Numbers, geometry: Numbers, sizes: Numbers, kinds: Numbers) -> bytes:
    """Return the features' messages; `counts` and `sizes` are the numbers of tags and geometry that each has."""
    tag_bytes, geometry_bytes = sums(varint_sizes(tags), counts), sums(varint_sizes(geometry), sizes)
    lengths = 4 + varint_sizes(tag_bytes) + tag_bytes + varint_sizes(geometry_bytes) + geometry_bytes
    total = FRAME + counts + sizes
    at = np.cumsum(total) - total
    row = np.empty(int(total.sum()), np.int32)
    row[at], row[at + 1] = tag(FEATURE, 2), lengths
    row[at + 2], row[at + 3] = tag(TAGS, 2), tag_bytes
    row[spread(at + 4, counts)] = tags
    behind = at + 4 + counts
    row[behind], row[behind + 1] = tag(TYPE, 0), kinds
    row[behind + 2], row[behind + 3] = tag(GEOMETRY, 2), geometry_bytes
    row[spread(behind + 4, sizes)] = geometry
    return varints(row)


def _geometries(made: VectorLayer, rows: Rows, tile: Tile, step: int) -> tuple[Rows, Numbers, Numbers, Numbers]:
    """Return the rows that are drawn, points first, their commands, how many numbers of these each has, its kind."""
    is_point = made.is_point[rows]
    points, others = rows[is_point], rows[~is_point]
    commands, sizes, kinds = _points(made, points, tile), np.full(len(points), 3), np.full(len(points), POINT)
    if not len(others):
        return points, commands, sizes, kinds
    drawn = [(row, *shape) for row, shape in zip(others.tolist(), _shapes(made, others, tile, step), strict=True)]
    drawn = [one for one in drawn if len(one[2])]
    return (
        np.r_[points, np.array([row for row, _, _ in drawn], np.int64)],
        np.concatenate([commands, *(numbers for _, _, numbers in drawn)]),
        np.r_[sizes, np.array([len(numbers) for _, _, numbers in drawn], np.int32)],
        np.r_[kinds, np.array([kind for _, kind, _ in drawn], np.int32)],
    )


def _points(made: VectorLayer, rows: Numbers, tile: Tile) -> Numbers:
    """Return the commands of points: move to each."""
    z, x, y = tile
    commands = np.empty((len(rows), 3), np.int32)
    commands[:, 0] = 1 << 3 | MOVE
    commands[:, 1] = zigzag(np.floor((made.index.x[rows] * 2**z - x) * EXTENT).astype(np.int32))
    commands[:, 2] = zigzag(np.floor((made.index.y[rows] * 2**z - y) * EXTENT).astype(np.int32))
    return commands.ravel()


def _shapes(made: VectorLayer, rows: Numbers, tile: Tile, step: int) -> Iterator[tuple[int, Numbers]]:
    """Yield of each line or area whether it is one, and its commands; none of what is too small."""
    z, x, y = tile
    corner = np.array([x, y])
    moved = shapely.transform(made.shapes[rows], lambda at: (at * 2**z - corner) * EXTENT)
    for shape in moved:
        if shape.geom_type.endswith("LineString"):
            cut = shapely.clip_by_rect(shape, -EDGE, -EDGE, EXTENT + EDGE, EXTENT + EDGE)
            yield LINE, _commands(_lines(shapely.simplify(cut, step / 2)), DRAW)
        else:
            yield AREA, _commands(_rings(shape, step), CLOSE)


def _lines(shape: BaseGeometry) -> Iterator[NDArray[np.float64]]:
    for line in shapely.get_parts(shape):
        if line.geom_type == "LineString" and not line.is_empty:
            yield shapely.get_coordinates(line)


def _rings(shape: BaseGeometry, step: int) -> Iterator[NDArray[np.float64]]:
    """Yield the rings of an area that is valid on the grid, without their last corner, which is their first.

    An outer ring goes round clockwise as it is seen, a hole the other way.
    """
    west, north, east, south = shape.bounds
    if west < -EDGE or north < -EDGE or east > EXTENT + EDGE or south > EXTENT + EDGE:
        shape = shapely.intersection(shape, shapely.box(-EDGE, -EDGE, EXTENT + EDGE, EXTENT + EDGE))
    for area in shapely.get_parts(shapely.set_precision(shape, step)):
        if area.geom_type != "Polygon" or area.is_empty:
            continue
        for number, ring in enumerate((area.exterior, *area.interiors)):
            corners = shapely.get_coordinates(ring)[:-1]
            is_clockwise = not shapely.is_ccw(ring)  # with y up; y is down here
            yield corners[::-1] if is_clockwise == (number == 0) else corners


def _commands(parts: Iterator[NDArray[np.float64]], end: int) -> Numbers:
    """Return the commands of lines, or of rings that are closed at their end; each goes on from the one before."""
    written: list[Numbers] = []
    at = np.zeros((1, 2), np.int32)
    for part in parts:
        corners = np.floor(part).astype(np.int32)
        corners = corners[np.r_[True, (corners[1:] != corners[:-1]).any(axis=1)]]
        if len(corners) < (3 if end == CLOSE else 2):
            continue
        steps = zigzag(np.diff(np.r_[at, corners], axis=0)).ravel()
        draw = (len(corners) - 1) << 3 | DRAW
        written += [np.array([1 << 3 | MOVE]), steps[:2], np.array([draw]), steps[2:]]
        written += [np.array([1 << 3 | CLOSE])] * (end == CLOSE)
        at = corners[-1:]
    return np.concatenate(written) if written else np.empty(0, np.int32)
