"""Compare the shapes of a file with the features of a layer whose ids they bear: field by field, as sheets are."""

from __future__ import annotations

import math

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from ...catalogue.cross_checks import METRES_PER_DEG
from ...city.layers import Feature, Layer
from ...city.spec import City
from ...versioning.content import Json
from ..layers.sheets import Versions
from ..tables.cells import Cell
from ..tables.columns import Column
from ..tables.headings import ID, SHAPE
from ..uploads.sandbox import Progress
from ..uploads.shapes import Imported, ImportedShape
from .new_features import ImportChoices, geometry_faults, read_value
from .row_comparison import BaseOf, RowComparison, plain_shape
from .sheet_rows import CellChange, SheetDifference, SheetRow

SAME_DEG = 2e-6  # formats round positions to 0.1 m


def compare_shapes(
    imported: Imported,
    layer: Layer,
    city: City,
    choices: ImportChoices,
    versions: Versions,
    base_of: BaseOf,
    progress: Progress | None = None,
) -> tuple[SheetDifference, frozenset[int]]:
    """Return what a file would change in features that the layer has, and the numbers of the shapes that say so.

    A shape says which feature it is by its id. What is not mapped stays as it is, what is mapped and blank goes.
    """
    return _ShapeComparison(imported, layer, city, choices, versions, base_of).result(progress or Progress())


class _ShapeComparison(RowComparison):
    """Compare the shapes of one file."""

    def __init__(
        self,
        imported: Imported,
        layer: Layer,
        city: City,
        choices: ImportChoices,
        versions: Versions,
        base_of: BaseOf,
    ) -> None:
        super().__init__(layer, city, versions, base_of)
        self._mapping = choices.mapping
        self._file = imported.file
        named = self._mapping.get(ID, "")
        found = [shape for shape in imported.in_datum(choices.datum).shapes if _id(shape, named) in self._features]
        self._shapes = {shape.number: shape for shape in found}

    def address(self, row: SheetRow, _: str) -> str:
        """Return the number of a shape in its file."""
        return str(row.number)

    def read(self, column: Column, cell: Cell) -> object:
        """Return a value; lists and tables of a GeoJSON are taken as they are."""
        return read_value(column, cell)

    def note(self, row: SheetRow, column: Column, _: Cell, feature_id: str, before: object, after: object) -> None:
        """Keep one change."""
        self._changes.append(CellChange(str(row.number), feature_id, column.key, before, after, "", is_mended=False))

    def moved(self, row: SheetRow, feature: Feature) -> Json:
        """Return the geometry of a shape, or the feature's own where that is the same or the file has none."""
        own = plain_shape(feature)
        found = self._shapes[row.number]
        if found.geometry is None and found.fault == "files.no_geometry":
            return own
        if faults := list(geometry_faults(found, self._city)):
            for key, values in faults:
                self._fault(row, SHAPE, key, **values)
            return own
        assert found.geometry
        if is_same_shape(shape(found.geometry), feature.geometry):
            return own
        self.note(row, self._columns[SHAPE], None, feature.id, own, found.geometry)
        return found.geometry

    def result(self, progress: Progress) -> tuple[SheetDifference, frozenset[int]]:
        """Return the differences of all shapes whose id is known."""
        seen: set[str] = set()
        for done, (number, found) in enumerate(self._shapes.items()):
            progress.step(done, len(self._shapes))
            feature_id = _id(found, self._mapping[ID])
            cells = {key: found.attributes.get(name) for key, name in self._mapping.items() if key in self._columns}
            row = SheetRow(number, cells)
            if feature_id in seen:
                self._fault(row, ID, "files.double_id", given=feature_id)
            else:
                self.compare(row, self._features[feature_id])
            seen.add(feature_id)
        difference = SheetDifference(
            self._file,
            tuple(self._changes),
            tuple(self._faults),
            stale=tuple(self._stale),
            edited=tuple(self._edited),
            based_on=self._based_on,
            unchanged=self._unchanged,
        )
        return difference, frozenset(self._shapes)


def _id(found: ImportedShape, column: str) -> str:
    return str(found.attributes.get(column, "")).strip()


def is_same_shape(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Return whether two geometries are the same but for rounding, and for where and which way round a ring begins."""
    one, other = (_single(shapely.force_2d(geometry)).normalize() for geometry in (one, other))
    if one.geom_type != other.geom_type or len(shapely.get_coordinates(one)) != len(shapely.get_coordinates(other)):
        return False
    if one.equals_exact(other, SAME_DEG):
        return True
    edges = zip(one.bounds, other.bounds, strict=True)
    return all(abs(a - b) <= SAME_DEG for a, b in edges) and bool(one.hausdorff_distance(other) <= SAME_DEG)


def moved_m(before: Json, after: Json) -> int:
    """Return how many metres the farthest point of one geometry lies from another, as the crow flies."""
    one, other = shape(before), shape(after)
    lat = one.centroid.y
    stretch = [METRES_PER_DEG * math.cos(math.radians(lat)), METRES_PER_DEG]
    return round(
        shapely.transform(one, lambda p: p * stretch).hausdorff_distance(
            shapely.transform(other, lambda p: p * stretch)
        )
    )


def _single(geometry: BaseGeometry) -> BaseGeometry:
    """Return the only part of a geometry of several, or itself."""
    parts = getattr(geometry, "geoms", [geometry])
    return parts[0] if len(parts) == 1 else geometry
