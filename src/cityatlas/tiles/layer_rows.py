"""Keep a layer as rows of GeoJSON that are written once, and a tree that finds those in a box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from ..city.layers import Feature, Layer
from ..geo.projection import Bbox
from .geojson import feature_rows


@dataclass(frozen=True, eq=False)
class LayerRows:
    """Hold the features of a layer in the order of the file, each as bytes, and where they lie (WGS-84)."""

    features: tuple[Feature, ...]
    rows: Sequence[bytes]
    tree: shapely.STRtree

    @cached_property
    def number_of(self) -> dict[str, int]:
        """Return the number of each feature's row by its id."""
        return {feature.id: number for number, feature in enumerate(self.features)}

    @cached_property
    def are_points(self) -> bool:
        """Return whether each feature is a point."""
        return all(feature.geometry.geom_type == "Point" for feature in self.features)

    def numbers_in(self, bbox: Bbox | None) -> Sequence[int]:
        """Return the numbers of the rows that a box touches, in order; all for None."""
        if bbox is None:
            return range(len(self.features))
        is_exact = self.are_points and bbox[0] <= bbox[2]  # what surrounds a point is the point itself
        found = self.tree.query(_area(*bbox), predicate=None if is_exact else "intersects")
        numbers: list[int] = np.sort(found).tolist()
        return numbers


def _area(west: float, south: float, east: float, north: float) -> BaseGeometry:
    """Return a box; one that ends west of where it begins goes across the date line."""
    if west <= east:
        return shapely.box(west, south, east, north)
    return shapely.union(shapely.box(west, south, 180, north), shapely.box(-180, south, east, north))


_made: WeakKeyDictionary[Layer, LayerRows] = WeakKeyDictionary()  # a layer that did not change is the same one


def row_of(layer: Layer, feature: Feature) -> bytes:
    """Return the row of one feature of a layer: as it is kept where the layer's rows are made, else written alone."""
    if found := _made.get(layer):
        return found.rows[found.number_of[feature.id]]
    (row,) = feature_rows([feature])
    return row


def rows_of(layer: Layer) -> LayerRows:
    """Return a layer's rows; two threads may make them at once, and the last ones stay."""
    if found := _made.get(layer):
        return found
    features = layer.features
    tree = shapely.STRtree([feature.geometry for feature in features])
    made = _made[layer] = LayerRows(features, feature_rows(features), tree)
    return made
