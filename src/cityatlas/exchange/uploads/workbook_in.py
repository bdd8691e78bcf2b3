"""Read the rows of an XLSX or XLS workbook."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from ...limits import COLUMNS, ROWS, SHEETS
from .limits import Refused

# A cell that holds something in row 20,001 or further, or in column GS (the 201st) or further. The reader lays out
# every cell up to the last one, so one at XFD1048576 would take all memory there is.
_FAR = re.compile(
    rb"""<(?:\w+:)?c\s[^<>]*?\br=["'](?:[A-Z]+(?:[1-9]\d{5,}|[3-9]\d{4}|2[1-9]\d{3}|20[1-9]\d\d|200[1-9]\d|2000[1-9])"""
    rb"""|(?:GS|G[T-Z]|[H-Z][A-Z]|[A-Z]{3,})\d+)["'](?:[^<>]*[^/<>])?>"""
)


def parse(raw: bytes, _: dict[str, str]) -> dict[str, object]:
    """Return {"sheets": [{"name", "rows"}]}; a day or time is {"day": "2024-05-06"} or {"time": "09:00"}."""
    if raw[:2] == b"PK":
        _refuse_far_cells(raw)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(raw)) as workbook:
            sheets = [_sheet(workbook, name) for name in workbook.sheet_names[:SHEETS]]
    except (CalamineError, OSError, ValueError):
        raise Refused("files.unreadable_workbook") from None
    return {"sheets": sheets}


def _refuse_far_cells(raw: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        for entry in archive.infolist():
            if entry.filename.startswith("xl/worksheets/") and _FAR.search(archive.read(entry)):
                raise Refused("files.large_table", is_too_large=True, rows=ROWS, columns=COLUMNS)


def _sheet(workbook: CalamineWorkbook, name: str) -> dict[str, object]:
    rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    if len(rows) > ROWS or (rows and len(rows[0]) > COLUMNS):
        raise Refused("files.large_table", is_too_large=True, rows=ROWS, columns=COLUMNS)
    return {"name": name, "rows": [[_plain(cell) for cell in row] for row in rows]}


def _plain(cell: object) -> object:
    """Return a cell as JSON can hold it."""
    if isinstance(cell, datetime):
        return {"day": cell.date().isoformat()}
    if isinstance(cell, date):
        return {"day": cell.isoformat()}
    if isinstance(cell, time):
        return {"time": cell.isoformat("minutes")}
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds() // 60)
        return {"time": f"{minutes // 60:02}:{minutes % 60:02}"}
    if isinstance(cell, float) and cell != cell:
        return ""
    return cell
