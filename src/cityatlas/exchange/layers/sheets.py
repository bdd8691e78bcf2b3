"""Write a layer as a sheet for people: one row a feature, XLSX or CSV, to be edited and read back."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ...city.layers import Feature, Layer
from ...city.spec import City
from ...i18n import Language, translate
from ...limits import CELL_LETTERS
from ...versioning.content import content_of
from ..tables.cells import Codec, neutral, quoted
from ..tables.columns import Column, columns_of, is_public, used_columns
from ..tables.headings import ID, LON, SHAPE, VERSION

KEPT = "⋯ (longer than a cell: kept in the atlas)"  # reading finds it unchanged, and changes nothing
SHAPES = {"Point": "点 point", "LineString": "线 line", "Polygon": "面 area"}
HEADER_ROWS = 2  # titles, then the keys that a program knows them by
SHEET_LETTERS = 31  # of a sheet's name in Excel
MADE = datetime(2000, 1, 1)  # noqa: DTZ001  # of every workbook: else two servers' files would differ
MAX_CHOICES = 255  # letters of a drop-down list in Excel
_WIDTHS = {"text": 24, "whole": 9, "number": 12, "truth": 8, "date": 12, "choice": 14}
Row = list[str | int | float | None]
Versions = Mapping[str, str]  # the revision that each feature is at


def layer_xlsx(layer: Layer, city: City, language: Language, versions: Versions | None = None) -> bytes:
    """Return a workbook: the layer's sheet, and one that explains its columns.

    `versions` names the revision of each feature, so that a later reading knows what it was based on.
    """
    columns = _columns(layer, city)
    output = io.BytesIO()
    with _workbook(output) as workbook:
        _write_layer(workbook, translate("files.sheet_data", language), layer, columns, language, versions)
        _write_help(workbook, columns, language)
    return output.getvalue()


def layers_xlsx(layers: Sequence[Layer], city: City, language: Language, about: Sequence[tuple[str, str]]) -> bytes:
    """Return a workbook for visitors: a sheet for each layer by its id, and one that says whose the data are."""
    output = io.BytesIO()
    with _workbook(output) as workbook:
        for number, layer in enumerate(layers, 1):
            columns = [c for c in _columns(layer, city) if c.key != VERSION and is_public(c)]
            _write_layer(workbook, sheet_name(layer.spec.id, number), layer, columns, language, None)
        _write_about(workbook, translate("formats.about_sheet", language), about)
    return output.getvalue()


def sheet_name(layer_id: str, number: int) -> str:
    """Return what the sheet of a layer is called: its id, which is cut and numbered where Excel does not allow it."""
    is_allowed = len(layer_id) <= SHEET_LETTERS and layer_id != "history"  # Excel keeps that name for itself
    return layer_id if is_allowed else f"{layer_id[: SHEET_LETTERS - 5]}~{number}"


def _workbook(output: io.BytesIO) -> Workbook:
    """Return an empty workbook in which no text becomes a formula or a link; the same content is the same file."""
    workbook = Workbook(output, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"created": MADE})
    return workbook


def _write_layer(
    workbook: Workbook,
    name: str,
    layer: Layer,
    columns: Sequence[Column],
    language: Language,
    versions: Versions | None,
) -> None:
    sheet = workbook.add_worksheet(name)
    _write_header(workbook, sheet, columns, language)
    cell = workbook.add_format({"num_format": "@", "quote_prefix": True, "text_wrap": True, "valign": "top"})
    number = workbook.add_format({"valign": "top"})
    for at, feature in enumerate(layer.features, HEADER_ROWS):
        _write_row(sheet, at, feature_row(feature, columns, versions), cell, number)
    _offer_choices(sheet, columns, len(layer.features))


def _write_about(workbook: Workbook, name: str, rows: Sequence[tuple[str, str]]) -> None:
    sheet = workbook.add_worksheet(name)
    wrap = workbook.add_format({"num_format": "@", "quote_prefix": True, "text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write_string(at, column, quoted(text), wrap)


def layer_csv(layer: Layer, city: City, language: Language, versions: Versions | None = None) -> bytes:
    """Return the layer's sheet as CSV: UTF-8 with the mark that Excel needs, nothing in it runs as a formula."""
    columns = _columns(layer, city)
    output = io.StringIO(newline="")
    writer = csv.writer(output)
    writer.writerow([column.title(language) for column in columns])
    writer.writerow([column.key for column in columns])
    for feature in layer.features:
        row = feature_row(feature, columns, versions)
        writer.writerow([neutral(value) if isinstance(value, str) else value for value in row])
    return output.getvalue().encode("utf-8-sig")


def feature_row(feature: Feature, columns: Sequence[Column], versions: Versions | None = None) -> Row:
    """Return a feature's cells, None where it says nothing."""
    return [_cell(feature, column, versions) for column in columns]


def _cell(feature: Feature, column: Column, versions: Versions | None) -> str | int | float | None:
    if column.is_property:
        value = column.value_of(feature.properties)
        return None if value in (None, "", [], {}) else written(column.codec, value)
    if column.key == ID:
        return feature.id
    if column.key == VERSION:
        return (versions or {}).get(feature.id) or content_version(feature)
    if column.key == SHAPE:
        return SHAPES[feature.geometry.geom_type.removeprefix("Multi")]
    if feature.geometry.geom_type != "Point":
        return None
    lon, lat = feature.geometry.coords[0][:2]
    return lon if column.key == LON else lat


def written(codec: Codec, value: object) -> str | int | float:
    """Return a value as its cell holds it."""
    cell = codec.write(value)
    return KEPT if isinstance(cell, str) and len(cell) >= CELL_LETTERS else cell


def content_version(feature: Feature) -> str:
    """Return a name for what a feature holds now; a letter first, or a spreadsheet takes 12e45678 for a number."""
    properties = content_of(feature.layer, None, feature.properties).properties  # without what is empty
    content = json.dumps([feature.geometry.wkt, properties], sort_keys=True, default=dict)
    return f"v{hashlib.sha256(content.encode()).hexdigest()[:10]}"


def _columns(layer: Layer, city: City) -> tuple[Column, ...]:
    is_route = any(city.kinds[kind].role == "route" for kind in layer.spec.kinds)
    return used_columns(columns_of(layer.spec, city), (feature.properties for feature in layer.features), is_route)


def _write_header(workbook: Workbook, sheet: Worksheet, columns: Sequence[Column], language: Language) -> None:
    """Write the titles, and below them, small and grey, the keys; both stay in view."""
    title = workbook.add_format({"bold": True, "bg_color": "#e8eef4", "text_wrap": True, "valign": "top"})
    key = workbook.add_format({"italic": True, "font_size": 8, "font_color": "#6b7280", "bg_color": "#f3f4f6"})
    for at, column in enumerate(columns):
        sheet.write_string(0, at, column.title(language), title)
        sheet.write_string(1, at, column.key, key)
        sheet.set_column(at, at, _WIDTHS.get(column.codec.kind, 36))
    sheet.freeze_panes(HEADER_ROWS, 2)


def _write_row(sheet: Worksheet, at: int, row: Row, text: Format, number: Format) -> None:
    """Write a row: texts as text whatever they begin with, numbers as numbers; blank cells are texts to come."""
    for column, value in enumerate(row):
        if isinstance(value, str):
            sheet.write_string(at, column, quoted(value), text)
        elif value is None:
            sheet.write_blank(at, column, None, text)
        else:
            sheet.write_number(at, column, value, number)


def _offer_choices(sheet: Worksheet, columns: Sequence[Column], count: int) -> None:
    """Offer a list in the cells that hold one of a few values; another value is still taken and told on reading."""
    for at, column in enumerate(columns):
        offered = list(column.codec.choices)
        if column.codec.kind in ("choice", "truth") and len(",".join(offered)) < MAX_CHOICES:
            options = {"validate": "list", "source": offered, "error_type": "information"}
            sheet.data_validation(HEADER_ROWS, at, HEADER_ROWS + count + 500, at, options)


def _write_help(workbook: Workbook, columns: Sequence[Column], language: Language) -> None:
    """Write what may be changed, and how each column is written."""
    sheet = workbook.add_worksheet(translate("files.sheet_help", language))
    wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 1, 24)
    sheet.set_column(2, 2, 90)
    sheet.write_string(0, 0, translate("files.help", language))
    for at, column in enumerate(columns, 2):
        how = column.how(language, "、".join(column.codec.choices))
        for place, said in enumerate((column.title(language), column.key, how)):
            sheet.write_string(at, place, said, wrap)
