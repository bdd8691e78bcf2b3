"""Find the header and the rows of a sheet that somebody hands in, whatever stands around them.

Hold what a sheet would change: cells, new rows, what is missing, and what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from ...versioning.content import Json
from ..tables.cells import Cell, Clock, Day, plain, shown
from ..tables.columns import Column, header_key, named_columns
from ..tables.headings import FileFault
from ..uploads.limits import check_size, check_zip, is_zip, refusal
from ..uploads.sandbox import Progress, parse_isolated


@dataclass(frozen=True)
class CellChange:
    """Hold one change: where, of which feature and column, from what to what.

    `given` is the cell as it stands in the sheet; `is_mended` says that it was read as something else, as
    2024/5/6 is as 2024-05-06.
    """

    cell: str
    feature_id: str
    column: str
    before: Any  # Any: what the property holds
    after: Any
    given: str
    is_mended: bool


@dataclass(frozen=True)
class NewRow:
    """Hold a feature that the layer does not have, as GeoJSON; `is_id_made` says that its id was made here."""

    row: int
    feature: Json
    is_id_made: bool

    @property
    def feature_id(self) -> str:
        """Return the id that it gets."""
        return str(self.feature["id"])


@dataclass(frozen=True)
class SheetDifference:
    """Hold what a sheet would change. `missing` are ids without a row: nothing is ever deleted for that.

    `stale` are ids that changed in the atlas since the sheet was written, without their old state at hand.
    `edited` are changed features whole, as GeoJSON, those without faults; `based_on` their versions in the sheet.
    """

    sheet: str
    changes: tuple[CellChange, ...] = ()
    faults: tuple[FileFault, ...] = ()
    new: tuple[NewRow, ...] = ()
    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = ()
    edited: tuple[Json, ...] = ()
    based_on: Mapping[str, str] = field(default_factory=dict)
    unchanged: int = 0

    @property
    def sound_changes(self) -> tuple[CellChange, ...]:
        """Return the changes of rows without a fault: those that are taken in."""
        edited = {row["id"] for row in self.edited}
        return tuple(change for change in self.changes if change.feature_id in edited)

    @property
    def is_empty(self) -> bool:
        """Return whether the sheet says nothing new and nothing wrong."""
        return not (self.changes or self.faults or self.new)


HEADER_SEARCH = 15  # rows from the top
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # how an XLS begins
_MIN_HEADER = 2  # columns that a row must name to be a header
Found = dict[int, Column]


@dataclass(frozen=True)
class SheetRow:
    """Hold a row: its number as a spreadsheet counts, and its cells by the column's key."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True)
class Sheet:
    """Hold the sheet that was recognised: where each column stands (from 0), its rows, and headers not read."""

    name: str
    places: Mapping[str, int]
    rows: tuple[SheetRow, ...]
    unread: tuple[tuple[str, str], ...]

    def address(self, row: SheetRow, key: str) -> str:
        """Return a cell's name as C14, or the row's number where the sheet has no such column."""
        return f"{letters(self.places[key])}{row.number}" if key in self.places else str(row.number)

    def mended(self, cures: Mapping[str, str]) -> Sheet:
        """Return the same with other texts in some cells, by their names."""
        rows = [
            replace(row, cells={key: cures.get(self.address(row, key), cell) for key, cell in row.cells.items()})
            for row in self.rows
        ]
        return replace(self, rows=tuple(rows)) if cures else self


def read_rows(raw: bytes, columns: Sequence[Column], progress: Progress | None = None) -> Sheet:
    """Return the rows of an XLSX, XLS or CSV file.

    Raises FileTooLarge or InvalidFile when it is too large, not a table, or has no header that we know.
    """
    check_size(len(raw))
    if is_zip(raw) and not any(entry.filename == "xl/workbook.xml" for entry in check_zip(raw)):
        raise refusal("files.not_a_table")
    parser = "xlsx" if is_zip(raw) or raw.startswith(_OLE) else "csv"
    told = parse_isolated(parser, raw, progress=progress)
    for sheet in told["sheets"]:
        rows = [[_cell(value) for value in row] for row in sheet["rows"]]
        if found := _header(rows, columns):
            return _sheet(sheet["name"], rows, *found)
    raise refusal("files.no_header")


def _cell(value: Any) -> Cell:  # Any: what JSON holds
    if isinstance(value, dict):
        return Day(value["day"]) if "day" in value else Clock(value["time"])
    return None if value == "" else value


def _header(rows: Sequence[Sequence[Cell]], columns: Sequence[Column]) -> tuple[Found, list[str], int] | None:
    """Return the columns by place, all headers' texts and how many rows stand above the data, or None.

    Two rows may make one header together, where a merged cell stands above several.
    """
    named = named_columns(columns)
    head = [[shown(cell) for cell in row] for row in rows[:HEADER_SEARCH]]
    options = [(_recognised(row, named), row, at + 1) for at, row in enumerate(head)]
    for at, (upper, lower) in enumerate(pairwise(head)):
        both = _joined(upper, lower)
        options.append((_recognised(both, named), both, at + 2))
    found, texts, above = max(options, key=lambda option: len(option[0]), default=({}, [], 0))
    if len(found) < _MIN_HEADER:
        return None
    while above < len(head) and _is_header(head[above], found):
        above += 1
    return found, texts, above


def _recognised(texts: Iterable[str], named: Mapping[str, Column]) -> Found:
    """Return the columns by place; a second column of the same name is not read."""
    found: Found = {}
    for place, text in enumerate(texts):
        column = named.get(header_key(text))
        if column and column not in found.values():
            found[place] = column
    return found


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Return headers of two rows; an upper one holds until the next, as a merged cell does."""
    texts, last = [], ""
    for place, below in enumerate(lower):
        above = upper[place] if place < len(upper) else ""
        last = above.strip() or last
        texts.append(f"{last}{below}" if below.strip() else above)
    return texts


def _is_header(texts: Sequence[str], found: Found) -> bool:
    """Return whether a row below the header is one more: it repeats what the columns are called."""
    again = [place for place, column in found.items() if place < len(texts) and _names(texts[place], column)]
    return len(again) >= max(_MIN_HEADER, len(found) // 2)


def _names(text: str, column: Column) -> bool:
    return header_key(text) in named_columns([column])


def _sheet(name: str, rows: Sequence[Sequence[Cell]], found: Found, texts: Sequence[str], above: int) -> Sheet:
    read = []
    for number, row in enumerate(rows[above:], above + 1):
        cells = {column.key: _plain(row[place]) if place < len(row) else None for place, column in found.items()}
        if any(shown(cell).strip() for cell in cells.values()):
            read.append(SheetRow(number, cells))
    unread = tuple((f"{letters(at)}{above}", text[:60]) for at, text in enumerate(texts) if at not in found and text)
    return Sheet(name, {column.key: place for place, column in found.items()}, tuple(read), unread)


def _plain(cell: Cell) -> Cell:
    return plain(cell) if isinstance(cell, str) else cell


def letters(place: int) -> str:
    """Return what a spreadsheet calls a column: 0 is A, 26 is AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
