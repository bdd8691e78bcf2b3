"""Write places of any layers as one table for programs: CSV with one header row of keys, nothing in it runs.

The last columns say in each row which layer it is of and whose the data are: a line above the header or below the
rows would be taken for data by those who read it. An import knows the keys, and leaves these columns unread.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ...city.layers import Feature, Layer
from ...city.spec import City
from ..tables.cells import neutral
from ..tables.columns import Column, columns_of, is_public, used_columns
from ..tables.headings import LAT, LON, SHAPE, VERSION
from .about import Part
from .flat import Value, both_credits, flat_value

LAYER, CREDITS = "layer", "attribution"
MARKED = "utf-8-sig"  # Excel takes a CSV without the mark for one of another encoding


def part_csv(part: Part) -> bytes:
    """Return the places of a part, a row each; lon, lat in WGS-84, blank for lines and areas."""
    columns = open_columns(part.layers, part.city)
    rows = [
        [*(_cell(feature, column) for column in columns), layer.spec.id, both_credits(layer)]
        for layer in part.layers
        for feature in layer.features
    ]
    return table([*(column.key for column in columns), LAYER, CREDITS], rows)


def table(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return a CSV of a header and rows; true and false are words, texts never formulas."""
    output = io.StringIO(newline="")
    writer = csv.writer(output)
    writer.writerow(header)
    writer.writerows([_safe(value) for value in row] for row in rows)
    return output.getvalue().encode(MARKED)


def _safe(value: Value) -> Value:
    if isinstance(value, bool):
        return str(value).lower()
    return neutral(value) if isinstance(value, str) else value


def open_columns(layers: Sequence[Layer], city: City) -> tuple[Column, ...]:
    """Return the columns that all of some layers have together; versions and what is staff's alone are not among."""
    kinds = tuple(kind for layer in layers for kind in layer.spec.kinds)
    spec = replace(layers[0].spec, kinds=kinds) if layers else replace(city.layers[0], kinds=())
    is_route = any(city.kinds[kind].role == "route" for kind in kinds)
    held = (feature.properties for layer in layers for feature in layer.features)
    return tuple(c for c in used_columns(columns_of(spec, city), held, is_route) if c.key != VERSION and is_public(c))


def _cell(feature: Feature, column: Column) -> Value:
    if column.is_property:
        return flat_value(column, feature)
    if column.key == SHAPE:
        return feature.geometry.geom_type
    if column.key in (LON, LAT):
        is_point = feature.geometry.geom_type == "Point"
        return {LON: feature.lon, LAT: feature.lat}[column.key] if is_point else None
    return feature.id
