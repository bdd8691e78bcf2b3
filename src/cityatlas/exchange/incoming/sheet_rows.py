"""Find the header and the rows of a sheet that somebody hands in, whatever stands around them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from ..tables.cells import Cell, Clock, Day, plain, shown
from ..tables.columns import Column, header_key, named_columns
from ..uploads.limits import check_size, check_zip, is_zip, refusal
from ..uploads.progress import Progress
from ..uploads.sandbox import parse_isolated

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
