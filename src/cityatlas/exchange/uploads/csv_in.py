"""Read the rows of a CSV file as Excel, WPS and others write it: any delimiter, UTF-8, UTF-16 or GB 18030."""

from __future__ import annotations

import csv
import io
from statistics import median_high

from ...limits import COLUMNS, CSV_CELL_LETTERS, ROWS
from .limits import Refused, report_progress

DELIMITERS = (",", ";", "\t")
_HEADER_ROWS = 10  # looked at to find the delimiter


def parse(raw: bytes, _: dict[str, str]) -> dict[str, object]:
    """Return {"sheets": [{"name", "rows"}], "encoding", "delimiter"}; every cell is a text."""
    csv.field_size_limit(CSV_CELL_LETTERS)
    text, encoding = _decoded(raw)
    if text.startswith("sep="):  # a hint to Excel, not a row
        text = text.partition("\n")[2]
    head = text[:20_000]
    delimiter = max(DELIMITERS, key=lambda sign: _width(head, sign))
    rows, lines = [], text.count("\n")
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(row)
            report_progress(len(rows), lines)
            if len(rows) > ROWS or len(row) > COLUMNS:
                raise Refused("files.large_table", is_too_large=True, rows=ROWS, columns=COLUMNS)
    except csv.Error:  # with these options the only one: a cell too long, as after a quote that is never closed
        raise Refused("files.large_cell", most=CSV_CELL_LETTERS) from None
    return {"sheets": [{"name": "CSV", "rows": rows}], "encoding": encoding, "delimiter": delimiter}


def _decoded(raw: bytes) -> tuple[str, str]:
    """Return the text and the encoding that fits. GB 18030 takes what is no UTF-8, as WPS in China saves it."""
    is_utf_16 = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    encodings = ("utf-16",) if is_utf_16 else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, encoding
    raise Refused("files.unknown_encoding")


def _width(head: str, delimiter: str) -> int:
    """Return how many cells most of the first rows have, when they are parted by a sign; a text may hold many of it."""
    rows = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    widths = []
    try:
        for _, row in zip(range(_HEADER_ROWS), rows, strict=False):
            widths.append(len(row))
    except csv.Error:  # what was read so far says enough
        pass
    return median_high(widths or [0])
