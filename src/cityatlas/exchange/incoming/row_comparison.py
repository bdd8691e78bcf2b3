"""Compare what a file says of features with the features themselves, property by property."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from difflib import get_close_matches

import shapely

from ...city.layers import Feature, Layer
from ...city.spec import City
from ...schema.items import Attributes
from ...versioning.content import Json
from ..layers.sheets import KEPT, Versions, content_version, written
from ..tables.cell_faults import FileFault, fault, of_check
from ..tables.cell_lists import put_at, trimmed
from ..tables.cells import BadCell, Cell, shown
from ..tables.columns import Column, columns_of
from ..tables.headings import ID, VERSION
from .cell_judgement import SOURCED, column_at, is_same_date, kept, lined, new_faults, uncited
from .changes import CellChange
from .sheet_rows import SheetRow

COMPARED = 100  # letters of a title, and titles, that one that is not among them is compared with
BaseOf = Callable[[str, str], Feature | None]


class RowComparison:
    """Go through the rows of one file; made for one reading.

    `address` names a cell, `moved` returns a row's geometry: both differ between sheets and files of shapes.
    """

    def __init__(self, layer: Layer, city: City, versions: Versions, base_of: BaseOf) -> None:
        self._layer, self._city = layer, city
        self._columns = {column.key: column for column in columns_of(layer.spec, city)}
        self._features = {feature.id: feature for feature in layer.features}
        self._versions, self._base_of = versions, base_of
        self._changes: list[CellChange] = []
        self._faults: list[FileFault] = []
        self._edited: list[Json] = []
        self._stale: list[str] = []
        self._based_on: dict[str, str] = {}
        self._unchanged = 0

    def address(self, row: SheetRow, key: str) -> str:
        """Return what a cell is called."""
        raise NotImplementedError

    def moved(self, row: SheetRow, feature: Feature) -> Json:
        """Return the geometry that a row gives a feature, its change noted."""
        raise NotImplementedError

    def read(self, column: Column, cell: Cell) -> object:
        """Return a cell's value. Raises BadCell."""
        return column.codec.read(cell)

    def _fault(self, row: SheetRow, key: str, sentence: str, cure: str = "", /, **values: object) -> None:
        self._faults.append(fault(sentence, self.address(row, key), cure, key, **values))

    def _bad(self, row: SheetRow, key: str, bad: BadCell) -> None:
        self._faults.append(replace(bad.fault, where=self.address(row, key), column=key))

    def compare(self, row: SheetRow, current: Feature) -> None:
        """Note what a row changes in the feature that it was written from."""
        feature = self._base(row, current)
        properties: Json = copy.deepcopy(dict(feature.properties))
        before_faults, before_changes = len(self._faults), len(self._changes)
        changed = set()
        for key, cell in row.cells.items():
            column = self._columns[key]
            if not column.is_property or self._is_as_written(cell, column, column.value_of(properties)):
                continue
            if self._change(row, column, cell, feature, properties):
                changed.add(column.path[0])
        geometry = self.moved(row, feature)
        self._check(row, properties, dict(feature.properties), changed)
        if len(self._faults) > before_faults:
            return
        if len(self._changes) > before_changes:
            row_feature = {"type": "Feature", "id": feature.id, "geometry": geometry, "properties": properties}
            self._edited.append(row_feature)
        else:
            self._unchanged += 1

    def _base(self, row: SheetRow, current: Feature) -> Feature:
        """Return the feature as the file's writer saw it; the present one when that is not known."""
        given = shown(row.cells.get(VERSION)).strip()
        now = self._versions.get(current.id) or content_version(current)
        self._based_on[current.id] = given or now
        if not given or given == now:
            return current
        if base := self._base_of(current.id, given):
            return base
        self._stale.append(current.id)
        return current

    def _is_as_written(self, cell: Cell, column: Column, before: object) -> bool:
        if before in (None, "", [], {}):
            return not shown(cell).strip()
        as_written = written(column.codec, before)
        return as_written == cell or lined(as_written) == lined(shown(cell)) or shown(cell) == KEPT

    def _change(self, row: SheetRow, column: Column, cell: Cell, feature: Feature, properties: Json) -> bool:
        """Put a cell's value into the properties and note the change; return whether there was one."""
        before = column.value_of(feature.properties)
        try:
            after = kept(self.read(column, cell), before)
        except BadCell as bad:
            self._bad(row, column.key, bad)
            return False
        if trimmed(after) == trimmed(before) or is_same_date(cell, after, before):
            return False
        put_at(properties, column.path, after)
        self.note(row, column, cell, feature.id, before, after)
        return True

    def note(self, row: SheetRow, column: Column, cell: Cell, feature_id: str, before: object, after: object) -> None:
        """Keep one change."""
        is_mended = after is not None and lined(str(written(column.codec, after))) != lined(shown(cell))
        address = self.address(row, column.key)
        self._changes.append(CellChange(address, feature_id, column.key, before, after, shown(cell), is_mended))

    def _check(self, row: SheetRow, properties: Json, before: Json, changed: set[str]) -> None:
        """Note what is wrong with a feature as a whole and was not before."""
        if not changed:
            return
        sources = Attributes.of(properties).sources[:COMPARED]
        titles = [source.title[:COMPARED] for source in sources if source.title]
        for key, title in uncited(properties):
            is_own = key.partition(".")[0] in changed
            if is_own or "sources" in changed:
                near = get_close_matches(title[:COMPARED], titles, 1) if is_own and key not in SOURCED else []
                cell = (column_at(key, row.cells) or ID) if is_own else "sources"
                self._fault(row, cell, "files.unknown_source", "".join(near), given=title[:60])
        for found in new_faults(properties, before, self._layer.spec, self._city):
            key = column_at(found.path, row.cells) or ID
            self._faults.append(of_check(found, self.address(row, key), key))


def plain_shape(feature: Feature) -> Json:
    """Return a feature's geometry as GeoJSON, positions as lists."""
    shape: Json = json.loads(shapely.to_geojson(feature.geometry))
    return shape
