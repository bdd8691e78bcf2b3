"""Cut large layers into tiles: what is seen at a zoom, thinned to what a screen can show.

A tile is 512 pixels wide and holds JSON in columns, quantised and with differences instead of positions. It was
measured against Mapbox vector tiles of the same thinned features (see tests/bench/README.md): a quarter smaller
for points and a tenth larger for areas once compressed, several times faster to make and to read, and no library
is needed on either side.

Thinning leaves one feature of each cell of 6 by 6 pixels, and one of each class (equal kind, themes, phases,
hours and position class) in each cell of 24 by 24, with the number of features that it stands for: a filter
finds something of all that it would find, and counts right. The deepest zoom is thinned no more; beyond it the
browser magnifies.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray

from ..city.layers import Feature, Layer
from ..errors import NotFound
from ..geo.projection import MAX_LAT, Bbox
from ..i18n import Language, say
from .geojson import map_properties

TILE_PX = 512
CELL_PX, FILTER_CELL_PX = 6, 24  # of thinning: by place alone (a dot is wider), and by place and class
SHAPE_PX = 6  # a smaller area or line is drawn as a dot
WHOLE_PX = 16  # a larger one is never thinned away
EDGE_PX = 12  # a tile also holds what reaches into it from this far outside
MOST_IN_TILE = 1_000  # features in the fullest tile of the deepest zoom
SHAPE_WEIGHT = 5  # of an area or line, for the bytes that it takes and the work of drawing it
NAMED = 60  # features of a fuller tile that come with their name, for the list
MOST_CLASSES = 64  # above this a class is a kind alone: else nothing would be thinned
UNITS, DEEPEST_UNITS = 1024, 8192  # to the side of a tile; the deepest is magnified later

Numbers = NDArray[np.int64]
Reals = NDArray[np.float64]
FORMS = {"Point": 0, "LineString": 1, "MultiLineString": 1, "Polygon": 2, "MultiPolygon": 2}


@dataclass(frozen=True, eq=False)
class TileIndex:
    """Hold a layer's features as columns. `x`, `y` and `box` are parts of the Web Mercator square, y down.

    `zooms` are the shallowest and deepest zoom of 512-pixel tiles; `bbox` is in degrees.
    """

    features: tuple[Feature, ...]
    geometries: NDArray[np.object_]
    x: Reals
    y: Reals
    box: Reals  # 4 rows: west, north, east, south
    classes: Numbers
    thin_by: Numbers
    samples: tuple[Feature, ...]  # one feature of each class
    zooms: tuple[int, int]
    bbox: Bbox


def is_large(layer: Layer, threshold: int) -> bool:
    """Return whether a layer is better sent as tiles; an area or line weighs as much as five points."""
    shapes = sum(feature.geometry.geom_type != "Point" for feature in layer.features)
    return len(layer.features) + (SHAPE_WEIGHT - 1) * shapes > threshold


_kept: WeakKeyDictionary[Layer, TileIndex] = WeakKeyDictionary()
_making = threading.Lock()


def tile_index(layer: Layer, city_zooms: tuple[int, int]) -> TileIndex:
    """Return the index of a layer, made at first use and kept as long as its snapshot.

    `city_zooms` are the map's least and largest zoom, of 256-pixel tiles.
    """
    with _making:
        if layer not in _kept:
            _kept[layer] = _make_index(layer, city_zooms)
        return _kept[layer]


def encode_tile(layer: Layer, z: int, x: int, y: int, language: Language, city_zooms: tuple[int, int]) -> bytes:
    """Return a tile as JSON, or nothing when no feature reaches into it.

    Columns: `ids`, `x` and `y` (units from the north-west corner, `units` to the side), `of` (class), `n` (features
    that it stands for, 0 for one that only fills the picture; absent when 1 for all), `names` of the first features,
    `shapes` (0 for a dot, else parts of [x, y, x, y, ...]: the first pair counts from the mark, the others from the
    pair before).
    Raises NotFound outside the layer's zooms or extent.
    """
    index = tile_index(layer, city_zooms)
    first, deepest = index.zooms
    if not (first <= z <= deepest and 0 <= x < 2**z and 0 <= y < 2**z and touches(index, z, x, y)):
        raise NotFound(f"There is no tile {z}/{x}/{y} of this layer.", f"Zooms are {first} to {deepest}.")
    rows = rows_in(index, z, x, y)
    weights = np.ones(len(rows), np.int64)
    if z < deepest:
        rows, weights = thin(index, rows, z)
    return _dump(index, rows, weights, (z, x, y), language) if len(rows) else b""


def _make_index(layer: Layer, city_zooms: tuple[int, int]) -> TileIndex:
    features = layer.features
    geometries = np.array([feature.geometry for feature in features], dtype=object)
    x, y = world(np.array([f.lon for f in features], float), np.array([f.lat for f in features], float))
    bounds = shapely.bounds(geometries).reshape(-1, 4)
    west, south = world(bounds[:, 0], bounds[:, 1])
    east, north = world(bounds[:, 2], bounds[:, 3])
    classes, samples = _classify(features)
    thin_by = classes
    if len(samples) > MOST_CLASSES:
        thin_by = np.unique([f.kind for f in features], return_inverse=True)[1].astype(np.int64)
    whole = shapely.total_bounds(geometries)
    bbox = (float(whole[0]), float(whole[1]), float(whole[2]), float(whole[3]))
    box = np.array([west, north, east, south])
    zooms = (city_zooms[0] - 1, _deepest(x, y, city_zooms))
    return TileIndex(features, geometries, x, y, box, classes, thin_by, samples, zooms, bbox)


def world(lon: Reals, lat: Reals) -> tuple[Reals, Reals]:
    """Return x, y from 0 to 1 over the Web Mercator square, from its north-west corner, of WGS-84 degrees."""
    sine = np.sin(np.radians(np.clip(lat, -MAX_LAT, MAX_LAT)))
    return (lon + 180) / 360, 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)


def _classify(features: tuple[Feature, ...]) -> tuple[Numbers, tuple[Feature, ...]]:
    """Return each feature's class and a sample of each: features of a class fit the same filters."""
    numbers: dict[object, int] = {}
    samples: list[Feature] = []
    classes = np.empty(len(features), np.int64)
    for row, feature in enumerate(features):
        phases = tuple((p.phase, p.begins, p.ends) for p in feature.phases)
        themes, hours = tuple(feature.themes), feature.opening_hours
        key = (feature.kind, feature.position_class, FORMS[feature.geometry.geom_type], themes, phases, hours)
        classes[row] = number = numbers.setdefault(key, len(samples))
        if number == len(samples):
            samples.append(feature)
    return classes, tuple(samples)


def _deepest(x: Reals, y: Reals, city_zooms: tuple[int, int]) -> int:
    """Return the first zoom at which no tile holds too many features, within the map's zooms."""
    least, most = city_zooms[0] - 1, city_zooms[1] - 1
    for zoom in range(least, most):
        tiles = np.floor(x * 2**zoom) * 2**zoom + np.floor(y * 2**zoom)
        if len(x) == 0 or np.unique(tiles, return_counts=True)[1].max() <= MOST_IN_TILE:
            return zoom
    return most


def touches(index: TileIndex, z: int, x: int, y: int) -> bool:
    """Return whether a tile meets the box around all features."""
    west, north, east, south = index.box[0].min(), index.box[1].min(), index.box[2].max(), index.box[3].max()
    return bool(west * 2**z < x + 1 and east * 2**z >= x and north * 2**z < y + 1 and south * 2**z >= y)


def rows_in(index: TileIndex, z: int, x: int, y: int) -> Numbers:
    """Return the rows of features whose box reaches into a tile or its edge."""
    west, north, east, south = index.box
    pad, side = EDGE_PX / TILE_PX / 2**z, 1 / 2**z
    inside = (west < (x + 1) * side + pad) & (east > x * side - pad)
    inside &= (north < (y + 1) * side + pad) & (south > y * side - pad)
    return np.flatnonzero(inside)


def thin(index: TileIndex, rows: Numbers, z: int) -> tuple[Numbers, Numbers]:
    """Return the rows that stay, in the order of the file, and how many features each stands for.

    Cells belong to the world, not to the tile, so neighbouring tiles keep the same features.
    """
    is_large = _sizes_px(index, rows, z) >= WHOLE_PX
    cells = _cells(index, rows, z, CELL_PX)
    groups = _cells(index, rows, z, FILTER_CELL_PX) * MOST_CLASSES + index.thin_by[rows] % MOST_CLASSES
    cells[is_large] = groups[is_large] = -1 - rows[is_large]  # each in a cell of its own
    seen = np.unique(cells, return_index=True)[1]
    _, stand, counts = np.unique(groups, return_index=True, return_counts=True)
    weights = np.zeros(len(rows), np.int64)
    weights[stand] = counts
    stays = np.union1d(seen, stand)
    return rows[stays], weights[stays]


def _cells(index: TileIndex, rows: Numbers, z: int, cell_px: int) -> Numbers:
    """Return the number of each row's cell in the world; it has at most 47 bits."""
    across = 2**z * TILE_PX // cell_px + 1
    scale = 2**z * TILE_PX / cell_px
    column, row = (np.floor(axis[rows] * scale).astype(np.int64) for axis in (index.x, index.y))
    cells: Numbers = row * across + column
    return cells


def _sizes_px(index: TileIndex, rows: Numbers, z: int) -> Reals:
    west, north, east, south = index.box[:, rows]
    larger: Reals = np.maximum(east - west, south - north) * 2**z * TILE_PX
    return larger


def _dump(index: TileIndex, rows: Numbers, weights: Numbers, tile: tuple[int, int, int], language: Language) -> bytes:
    z = tile[0]
    units = DEEPEST_UNITS if z == index.zooms[1] else UNITS
    features = [index.features[row] for row in rows.tolist()]
    x, y = _units(index.x[rows], index.y[rows], tile, units)
    used, of = np.unique(index.classes[rows], return_inverse=True)
    named = features if len(features) <= MOST_IN_TILE else features[:NAMED]
    table: dict[str, object] = {
        "units": units,
        "classes": [_class(index.samples[number], language) for number in used.tolist()],
        "ids": [feature.id for feature in features],
        "x": x.tolist(),
        "y": y.tolist(),
        "of": of.tolist(),
        "names": [say(feature.name, language).text for feature in named],
    }
    if (weights != 1).any():
        table["n"] = weights.tolist()
    drawn = np.flatnonzero(_sizes_px(index, rows, z) >= SHAPE_PX)
    if len(drawn):
        table["shapes"] = _shapes(index.geometries[rows], drawn, np.column_stack([x, y]), tile, units)
    return json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()


def _units(x: Reals, y: Reals, tile: tuple[int, int, int], units: int) -> tuple[Numbers, Numbers]:
    z, tile_x, tile_y = tile
    scale = 2**z
    return (
        np.rint((x * scale - tile_x) * units).astype(np.int64),
        np.rint((y * scale - tile_y) * units).astype(np.int64),
    )


def _class(sample: Feature, language: Language) -> dict[str, object]:
    """Return what features of a class share: their lean properties and their form, 0 point, 1 line, 2 area."""
    shared = ("kind", "position", "themes", "phases", "hours")
    lean = map_properties(sample, language)
    return {key: lean[key] for key in shared if key in lean} | {"form": FORMS[sample.geometry.geom_type]}


def _shapes(geometries: Any, drawn: Numbers, marks: Numbers, tile: tuple[int, int, int], units: int) -> list[Any]:
    """Return the parts of each drawn feature, 0 for the others; vertices that fall together are one."""
    parts, owners = _parts(geometries[drawn])
    degrees, part_of = shapely.get_coordinates(parts, return_index=True)
    at = np.column_stack(_units(*world(degrees[:, 0], degrees[:, 1]), tile, units))
    is_first = np.r_[True, part_of[1:] != part_of[:-1]]
    stays = is_first | np.r_[True, (at[1:] != at[:-1]).any(axis=1)]
    at, part_of, is_first = at[stays], part_of[stays], is_first[stays]
    steps = np.diff(at, axis=0, prepend=at[:1])
    steps[is_first] = (at - marks[drawn[owners[part_of]]])[is_first]
    flat = steps.ravel().tolist()
    cuts = [*(np.flatnonzero(is_first) * 2).tolist(), len(flat)]
    shapes: list[Any] = [0] * len(geometries)
    for owner, begin, end in zip(drawn[owners].tolist(), cuts, cuts[1:], strict=False):
        shapes[owner] = [*(shapes[owner] or ()), flat[begin:end]]
    return shapes


def _parts(geometries: Any) -> tuple[Any, Numbers]:
    """Return the lines and rings of geometries, and which geometry each belongs to."""
    parts, owners = shapely.get_parts(geometries, return_index=True)
    is_area = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, of_area = shapely.get_rings(parts[is_area], return_index=True)
    lines = np.r_[parts[~is_area], rings]
    belongs = np.r_[owners[~is_area], owners[is_area][of_area]]
    order = np.argsort(belongs, kind="stable")
    return lines[order], belongs[order]
