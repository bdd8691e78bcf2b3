"""Prepare a layer for vector tiles once a snapshot: what its features say as bytes, their shapes in Web Mercator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray

from ..city.layers import Feature, Layer
from ..i18n import LANGUAGES
from .geojson import STAFF_ONLY
from .layer_tiles import TileIndex, tile_index, world
from .protobuf import Numbers, member, tag, varint

Told = str | int | bool
EXTENT = 4096  # units to the side of a tile
VERSION = 2
# Fields of the format's messages (Mapbox Vector Tile 2.1).
NAME, FEATURE, KEY, VALUE, EXTENT_FIELD, VERSION_FIELD = 1, 2, 3, 4, 5, 15
TEXT, WHOLE, TRUTH = 1, 5, 7  # of a value
# What a tile says of a feature, and the property that it comes from: few and short, the rest is at the layer's address.
FIELDS = {
    "id": "",
    **{f"name_{language}": "name" for language in LANGUAGES},
    "kind": "kind",
    "themes": "themes",
    "phase": "phases",
    "opening_hours": "opening_hours",
    "position": "position",
    "accuracy_m": "position",
}
TYPES = {key: "Number" if key == "accuracy_m" else "String" for key in FIELDS}  # as TileJSON names them


@dataclass(frozen=True, eq=False)
class VectorLayer:
    """Hold a layer as its tiles need it.

    `head` and `tail` are the parts of the layer's message that all tiles share. `tags` are pairs of a key's and a
    value's number, those of feature n from `starts[n]` to `starts[n + 1]`; `values` are whole fields one after
    another, value n up to `value_ends[n]`. `shapes` are the
    geometries in the Web Mercator square from 0 to 1, y down; None for points, whose positions the index holds.
    """

    index: TileIndex
    head: bytes
    tail: bytes
    tags: Numbers
    starts: Numbers
    values: bytes
    value_ends: Numbers
    shapes: NDArray[np.object_]
    is_point: NDArray[np.bool_]


_kept: WeakKeyDictionary[Layer, VectorLayer] = WeakKeyDictionary()  # a layer that did not change is the same one


def vector_layer(layer: Layer, city_zooms: tuple[int, int]) -> VectorLayer:
    """Return what a layer's tiles are made of; two threads may make it at once, and the last one stays."""
    if found := _kept.get(layer):
        return found
    made = _kept[layer] = _prepare(layer, city_zooms)
    return made


def told(feature: Feature) -> dict[str, Told]:
    """Return what a tile says of a feature; what is not known, and what is staff's alone, is left out."""
    values: dict[str, Told | None] = {
        "id": feature.id,
        **{f"name_{language}": feature.name.get(language) for language in LANGUAGES},
        "kind": feature.kind,
        "themes": ",".join(feature.themes),
        "phase": feature.phase.phase if feature.phase else None,
        "opening_hours": feature.opening_hours,
        "position": feature.position_class,
        "accuracy_m": feature.position.accuracy_m,
    }
    return {key: value for key, value in values.items() if value not in (None, "") and FIELDS[key] not in STAFF_ONLY}


def _prepare(layer: Layer, city_zooms: tuple[int, int]) -> VectorLayer:
    index = tile_index(layer, city_zooms)
    keys = {key: number for number, key in enumerate(FIELDS)}
    numbers: dict[tuple[type, Told], int] = {}
    tags: list[int] = []
    starts = [0]
    for feature in layer.features:
        for key, value in told(feature).items():
            tags += (keys[key], numbers.setdefault((type(value), value), len(numbers)))
        starts.append(len(tags))
    values = [member(VALUE, _value(value)) for _, value in numbers]
    ends = np.cumsum([len(value) for value in values], dtype=np.int32)
    is_point = shapely.get_type_id(index.geometries) == shapely.GeometryType.POINT
    shapes = np.full(len(layer.features), None, dtype=object)
    shapes[~is_point] = shapely.transform(index.geometries[~is_point], _to_world)
    head = member(NAME, layer.spec.id.encode())
    tail = b"".join(_tail(list(keys)))
    return VectorLayer(
        index,
        head,
        tail,
        np.array(tags, np.int32),
        np.array(starts, np.int32),
        b"".join(values),
        ends,
        shapes,
        is_point,
    )


def _tail(keys: Sequence[str]) -> Iterator[bytes]:
    yield from (member(KEY, key.encode()) for key in keys)
    yield varint(tag(EXTENT_FIELD, 0)) + varint(EXTENT)
    yield varint(tag(VERSION_FIELD, 0)) + varint(VERSION)


def _value(value: Told) -> bytes:
    if isinstance(value, bool):
        return varint(tag(TRUTH, 0)) + varint(value)
    if isinstance(value, int):
        return varint(tag(WHOLE, 0)) + varint(value)
    return member(TEXT, value.encode())


def _to_world(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(world(degrees[:, 0], degrees[:, 1]))
