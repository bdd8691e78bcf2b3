"""Compare a sheet that somebody edited with the layer that it came from, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping

from ...city.layers import Feature, Layer
from ...city.spec import SLUG, City
from ...schema.items import Attributes
from ...search.pinyin import make_slug
from ...versioning.content import Json
from ..layers.sheets import Versions
from ..tables.cell_lists import put_at
from ..tables.cells import BadCell, shown
from ..tables.columns import columns_of
from ..tables.headings import ID, LAT, LON
from ..uploads.sandbox import Progress
from .row_comparison import BaseOf, RowComparison, lies_in, plain_shape
from .sheet_rows import NewRow, Sheet, SheetDifference, SheetRow, read_rows

SAME_DEG = 1e-9  # spreadsheets keep fifteen digits
_LOCATED_BY = {"zh": "由表格导入，位置待核实", "en": "Taken from a sheet; the position is to be verified"}


def read_sheet(
    raw: bytes,
    layer: Layer,
    city: City,
    *,
    taken: Mapping[str, str] | None = None,
    versions: Versions | None = None,
    base_of: BaseOf = lambda feature_id, version: None,
    cures: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> SheetDifference:
    """Return what an XLSX, XLS or CSV file would change in a layer; `cures` stand in place of cells, by their names.

    Raises FileTooLarge or InvalidFile when the file as a whole cannot be used. For the rest see `compare_sheet`.
    """
    sheet = read_rows(raw, columns_of(layer.spec, city), progress).mended(cures or {})
    return compare_sheet(sheet, layer, city, taken=taken, versions=versions, base_of=base_of, progress=progress)


def compare_sheet(
    sheet: Sheet,
    layer: Layer,
    city: City,
    *,
    taken: Mapping[str, str] | None = None,
    versions: Versions | None = None,
    base_of: BaseOf = lambda feature_id, version: None,
    progress: Progress | None = None,
) -> SheetDifference:
    """Return what rows would change in a layer.

    `taken` gives the layer of every id of the city, `versions` the present revision of each feature of this
    layer, `base_of` a feature as it was at a revision: then the sheet is compared with what its writer saw.
    """
    return _SheetComparison(sheet, layer, city, taken or {}, versions or {}, base_of).result(progress or Progress())


class _SheetComparison(RowComparison):
    """Compare the rows of a sheet, whose points have their longitude and latitude in cells."""

    def __init__(
        self,
        sheet: Sheet,
        layer: Layer,
        city: City,
        taken: Mapping[str, str],
        versions: Versions,
        base_of: BaseOf,
    ) -> None:
        super().__init__(layer, city, versions, base_of)
        self._sheet, self._taken = sheet, dict(taken)
        self._new: list[NewRow] = []
        self._seen: set[str] = set()
        self._used = {*self._features, *taken, *city.retired}
        self._by_name = {feature.name.get("zh", ""): feature for feature in layer.features}

    def address(self, row: SheetRow, key: str) -> str:
        """Return a cell's name, as C14."""
        return self._sheet.address(row, key)

    def result(self, progress: Progress) -> SheetDifference:
        """Return the differences of all rows."""
        rows = [(row, shown(row.cells.get(ID)).strip()) for row in self._sheet.rows]
        given = {feature_id for _, feature_id in rows}
        missing = tuple(feature_id for feature_id in self._features if feature_id not in given)
        for done, (row, feature_id) in enumerate(rows):
            progress.step(done, len(rows))
            if feature_id in self._seen:
                self._fault(row, ID, "files.double_id", given=feature_id[:60])
            elif feature := self._features.get(feature_id):
                self.compare(row, feature)
            else:
                self._add(row, feature_id, missing)
            if feature_id:
                self._seen.add(feature_id)
        return SheetDifference(
            self._sheet.name,
            tuple(self._changes),
            tuple(self._faults),
            tuple(self._new),
            missing,
            tuple(self._stale),
            self._sheet.unread,
            tuple(self._edited),
            self._based_on,
            self._unchanged,
        )

    def moved(self, row: SheetRow, feature: Feature) -> Json:
        """Return the geometry, moved where lon or lat changed."""
        geometry = plain_shape(feature)
        given = {key: shown(row.cells.get(key)).strip() for key in (LON, LAT) if key in row.cells}
        if feature.geometry.geom_type != "Point":
            for key in (key for key, text in given.items() if text):
                self._fault(row, key, "files.not_a_point")
            return geometry
        here = dict(zip((LON, LAT), feature.geometry.coords[0], strict=False))
        there = here | self._numbers(row, given)
        changed = [key for key in given if abs(there[key] - here[key]) > SAME_DEG]
        if not changed or not self._is_near(row, there[LON], there[LAT]):
            return geometry
        for key in changed:
            self.note(row, self._columns[key], row.cells[key], feature.id, here[key], there[key])
        return {"type": "Point", "coordinates": [there[LON], there[LAT]]}

    def _numbers(self, row: SheetRow, given: Mapping[str, str]) -> dict[str, float]:
        """Return the lon and lat that can be read; note the others."""
        found: dict[str, float] = {}
        for key in given:
            try:
                number = self._columns[key].codec.read(row.cells[key])
            except BadCell as bad:
                self._bad(row, key, bad)
                continue
            if isinstance(number, int | float):
                found[key] = number
            else:
                self._fault(row, key, "files.required")
        return found

    def _is_near(self, row: SheetRow, lon: float, lat: float) -> bool:
        """Return whether a position lies near the city; note when not, and when its axes are swapped."""
        if lies_in(lon, lat, self._city):
            return True
        if lies_in(lat, lon, self._city):
            self._fault(row, LON, "files.swapped", str(lat), lon=lon, lat=lat)
            self._fault(row, LAT, "files.swapped", str(lon), lon=lon, lat=lat)
        else:
            self._fault(row, LON, "files.outside", lon=lon, lat=lat)
        return False

    def _add(self, row: SheetRow, feature_id: str, missing: tuple[str, ...]) -> None:
        """Note a row of a feature that the layer does not have."""
        before = len(self._faults)
        properties = self._properties(row)
        name = Attributes.of(properties).name
        if twin := self._by_name.get(name.get("zh") or "-"):
            key = "files.id_changed" if feature_id and twin.id in missing else "files.same_name"
            self._fault(row, ID, key, twin.id, given=feature_id[:60], id=twin.id)
        elif feature_id and not SLUG.fullmatch(feature_id):
            self._fault(row, ID, "files.bad_id", make_slug(name, self._used.__contains__), given=feature_id[:60])
        elif feature_id in self._city.retired:
            self._fault(row, ID, "files.retired_id", given=feature_id)
        elif self._taken.get(feature_id, self._layer.spec.id) != self._layer.spec.id:
            self._fault(row, ID, "files.other_layer", given=feature_id, layer=self._taken[feature_id])
        self._require(row, properties, {fault.where for fault in self._faults[before:]})
        geometry = self._placed(row)
        self._check_new(row, properties, before)
        if len(self._faults) == before:
            made = feature_id or make_slug(name, self._used.__contains__)
            self._used.add(made)
            feature = {"type": "Feature", "id": made, "geometry": geometry, "properties": properties}
            self._new.append(NewRow(row.number, feature, not feature_id))

    def _check_new(self, row: SheetRow, properties: Json, before: int) -> None:
        """Note what is wrong with a new feature as a whole, in cells of which nothing is told yet."""
        told = self._faults[before:]
        self._check(row, properties, {}, set(properties))
        found, cells = self._faults[before + len(told) :], {fault.where for fault in told}
        self._faults[before:] = [*told, *(fault for fault in found if fault.where not in cells)]
        self._need_sources(row, properties, {fault.column.partition(".")[0] for fault in told})

    def _properties(self, row: SheetRow) -> Json:
        """Return the properties of a new row; what it must say and leaves open is filled in where that is honest."""
        properties: Json = {}
        for key, cell in row.cells.items():
            column = self._columns[key]
            if not column.is_property or cell is None:
                continue
            try:
                put_at(properties, column.path, column.codec.read(cell))
            except BadCell as bad:
                self._bad(row, key, bad)
        if len(self._layer.spec.kinds) == 1:
            properties.setdefault("kind", self._layer.spec.kinds[0])
        position = properties.setdefault("position", {})
        if position.setdefault("class", "schematic") == "schematic":
            position.setdefault("located_by", dict(_LOCATED_BY))
        return properties

    def _require(self, row: SheetRow, properties: Json, told: set[str]) -> None:
        """Note the cells that a new row needs and leaves blank; what is told already is not told again."""
        for key, column in (("name", "name.zh"), ("kind", "kind"), ("sources", "sources")):
            if not properties.get(key) and self._sheet.address(row, column) not in told:
                self._fault(row, column, "files.required")

    def _placed(self, row: SheetRow) -> Json | None:
        given = {key: shown(row.cells.get(key)).strip() for key in (LON, LAT)}
        for key in (key for key in given if key not in row.cells):
            self._fault(row, key, "files.required")
        there = self._numbers(row, {key: text for key, text in given.items() if key in row.cells})
        if len(there) == len(given) and self._is_near(row, there[LON], there[LAT]):
            return {"type": "Point", "coordinates": [there[LON], there[LAT]]}
        return None
