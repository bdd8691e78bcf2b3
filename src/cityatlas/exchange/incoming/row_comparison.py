"""Compare what a file says of features with the features themselves, property by property.

Judge what a person or a spreadsheet made of a cell, and of a feature as a whole.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches

import shapely

from ...city.layers import Feature, Layer
from ...city.property_checks import check_properties
from ...city.spec import City, LayerSpec
from ...city.type_checks import Known, own_source_faults
from ...geo.geojson import MARGIN_DEG
from ...schema.faults import Fault, field_of
from ...schema.items import Attributes
from ...schema.properties import Derived
from ...schema.properties import properties as in_force
from ...schema.property_types import ItemList, Property, SourceTitle, Table
from ...versioning.content import Json
from ..layers.sheets import KEPT, Versions, content_version, written
from ..tables.cell_lists import put_at, trimmed, value_at
from ..tables.cells import BadCell, Cell, Day, shown
from ..tables.columns import Column, columns_of
from ..tables.headings import ID, VERSION, FileFault, fault, of_check
from .sheet_rows import CellChange, SheetRow

UNWRITTEN = Derived(  # members of a list's items that have no room in a cell
    lambda table: {
        m.key: m for p in table if isinstance(p.type, ItemList) for m in p.members if m not in p.type.in_cell
    }
)
SOURCED = Derived(lambda table: {p.key: p for p in table if p.is_list_of_statements})  # each item names a source
# Single values that name one: what a property of its own or a table has as its source.
SINGLY_SOURCED = Derived(lambda table: dict.fromkeys(path for p in table for path in _source_paths(p)))


def lined(cell: Cell) -> str:
    """Return a cell's text without what spreadsheets change in it: line ends and the space around it."""
    return re.sub(r"\r\n?", "\n", shown(cell)).strip()


def with_kept_items(after: object, before: object) -> object:
    """Return a list with the items that were there before as they were, so that only what changed is new."""
    if not isinstance(after, list) or not isinstance(before, list):
        return after
    known = [(trimmed(_written(item)), item) for item in before]
    return [next((old for plain, old in known if plain == trimmed(item)), _completed(item, before)) for item in after]


def _written(item: object) -> object:
    """Return an item of a list as a sheet shows it."""
    return {key: value for key, value in item.items() if key not in UNWRITTEN} if isinstance(item, dict) else item


def _completed(item: object, before: list[object]) -> object:
    """Return a changed item with what no sheet shows of the one that it was."""
    if not isinstance(item, dict) or not item.get("id"):
        return item
    old = next((old for old in before if isinstance(old, dict) and old.get("id") == item["id"]), {})
    return item | {key: old[key] for key in UNWRITTEN if key in old}


def is_same_date(cell: Cell, after: object, before: object) -> bool:
    """Return whether a spreadsheet made the first day of a month of that month."""
    is_made = isinstance(cell, Day) or (isinstance(after, str) and shown(cell).strip() != after)
    return is_made and isinstance(before, str) and after in (f"{before}-01", f"{before}-01-01")


def lies_in(lon: float, lat: float, city: City) -> bool:
    west, south, east, north = city.extent
    return west - MARGIN_DEG <= lon <= east + MARGIN_DEG and south - MARGIN_DEG <= lat <= north + MARGIN_DEG


def uncited(properties: Json) -> Iterator[tuple[str, str]]:
    """Yield column and title of each statement whose source is not one of the feature's.

    Lists and tables that are none are passed by: `new_faults` tells of them.
    """
    titles = [source.title for source in Attributes.of(properties).sources]
    cited = [(key, item.get("source")) for key in SOURCED for item in _tables(properties.get(key))]
    cited += [(key, value_at(properties, key.split("."))) for key in SINGLY_SOURCED]
    for key, title in cited:
        if isinstance(title, str) and title and title not in titles:
            yield key, title


def _source_paths(one: Property) -> Iterator[str]:
    """Yield the paths of the titles of sources that a property holds outside a list."""
    if isinstance(one.type, SourceTitle):
        yield one.key
    elif isinstance(one.type, Table):
        yield from (f"{one.key}.{member.key}" for member in one.members if isinstance(member.type, SourceTitle))


def _tables(value: object) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def column_at(path: str, columns: Iterable[str]) -> str:
    """Return the column that shows what a path leads to, else the first one of its property, else ""."""
    name, keys = field_of(path), list(columns)
    own = [key for key in keys if name == key or name.startswith(f"{key}.")]
    alike = [key for key in keys if key.partition(".")[0] == name.partition(".")[0]]
    return max(own, key=len, default="") or next(iter(alike), "")


def new_faults(properties: Json, before: Json, spec: LayerSpec, city: City) -> Iterator[Fault]:
    """Yield what is wrong with properties, was not before in any item of a list, and is no wrong source."""
    old = {(one.rule, one.root, one.values) for one in check_properties(before, spec, city)} if before else set()
    for one in check_properties(properties, spec, city):  # `uncited` tells better of an unknown source
        if (one.rule, one.root, one.values) not in old and one.rule != "unknown_source":
            yield one


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
        changed, unread = set(), set()
        for key, cell in row.cells.items():
            column = self._columns[key]
            if not column.is_property or self._is_as_written(cell, column, column.value_of(properties)):
                continue
            known = len(self._faults)
            if self._change(row, column, cell, feature, properties):
                changed.add(column.path[0])
            unread |= {column.path[0]} if len(self._faults) > known else set()
        geometry = self.moved(row, feature)
        self._check(row, properties, dict(feature.properties), changed)
        self._need_sources(row, properties, unread - changed)
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
            after = with_kept_items(self.read(column, cell), before)
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

    def _need_sources(self, row: SheetRow, properties: Json, unread: set[str]) -> None:
        """Note, of statements that cannot be read, that their source is missing too: else it is told one look later."""
        titles = tuple(source.title for source in Attributes.of(properties).sources)
        known = Known(titles=titles)
        for one in (one for key, one in in_force().by_key.items() if key in unread):
            if properties.get(one.cited_in):
                continue  # `uncited` tells of one that is not listed
            for found in own_source_faults(one, properties, known):
                key = column_at(found.path, row.cells) or ID
                self._faults.append(of_check(found, self.address(row, key), key))


def plain_shape(feature: Feature) -> Json:
    """Return a feature's geometry as GeoJSON, positions as lists."""
    shape: Json = json.loads(shapely.to_geojson(feature.geometry))
    return shape
