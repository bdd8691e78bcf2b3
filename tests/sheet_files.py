"""Make sheets of the toy city, change cells in them as people and spreadsheets do, and read them back."""

from __future__ import annotations

import csv
import io
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.city.layers import Layer
from cityatlas.exchange.incoming.sheet_comparison import read_sheet
from cityatlas.exchange.incoming.sheet_rows import SheetDifference, letters
from cityatlas.exchange.layers.sheets import layer_csv
from cityatlas.settings import Settings
from toy import write_city

Rows = list[list[Any]]  # Any: what a cell may hold


@cache
def toy_catalogue() -> Catalogue:
    """Return the toy city's snapshot, which no test changes."""
    with TemporaryDirectory() as folder:
        return build_catalogue(Settings(geodata=write_city(Path(folder) / "toy")))


def toy_layer(layer_id: str = "sights") -> Layer:
    """Return a layer of the toy city."""
    return toy_catalogue().layers[layer_id]


def rows_of(layer: Layer) -> Rows:
    """Return a layer's sheet as rows of texts: titles, keys, then a row a feature."""
    text = layer_csv(layer, toy_catalogue().city, "zh").decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def csv_of(rows: Rows, encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    """Return rows as a CSV file."""
    output = io.StringIO(newline="")
    csv.writer(output, delimiter=delimiter).writerows(rows)
    return output.getvalue().encode(encoding)


def xlsx_of(rows: Rows, merged: tuple[str, ...] = ()) -> bytes:
    """Return rows as a workbook; days become dates as a spreadsheet keeps them. `merged` are ranges as A1:B1."""
    output = io.BytesIO()
    workbook = xlsxwriter.Workbook(output, {"in_memory": True, "strings_to_formulas": False})
    sheet = workbook.add_worksheet("Sheet1")
    day = workbook.add_format({"num_format": "yyyy/m/d"})
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(at, place, value, day)
            elif isinstance(value, str):
                sheet.write_string(at, place, value)
            else:
                sheet.write(at, place, value)
    for cells in merged:
        first = cells.partition(":")[0]
        sheet.merge_range(cells, rows[int(first[1:]) - 1][ord(first[0]) - ord("A")])
    workbook.close()
    return output.getvalue()


def place_of(rows: Rows, key: str) -> int:
    """Return where a column stands, from 0."""
    return int(rows[1].index(key))


def with_cell(rows: Rows, feature_id: str, key: str, value: Any) -> tuple[Rows, str]:
    """Return rows with one cell changed, and the cell's address."""
    changed = [list(row) for row in rows]
    at = next(n for n, row in enumerate(changed) if row[0] == feature_id)
    changed[at][place_of(rows, key)] = value
    return changed, f"{letters(place_of(rows, key))}{at + 1}"


def read(raw: bytes, layer_id: str = "sights", **options: Any) -> SheetDifference:
    """Return what a file would change in a layer of the toy city."""
    catalogue = toy_catalogue()
    taken = {feature.id: feature.layer for feature in catalogue.features.values()}
    return read_sheet(raw, catalogue.layers[layer_id], catalogue.city, taken=taken, **options)


def change(feature_id: str, key: str, value: Any, layer_id: str = "sights") -> tuple[SheetDifference, str]:
    """Return what one changed cell of a CSV changes, and the cell's address."""
    rows, address = with_cell(rows_of(toy_layer(layer_id)), feature_id, key, value)
    return read(csv_of(rows), layer_id), address
