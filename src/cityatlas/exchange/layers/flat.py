"""Flatten features to rows for map programs: a column for each part of a property, ids as they are stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...city.basemap import credit_line, distinct
from ...city.layers import Feature, Layer
from ...city.spec import City
from ...i18n import LANGUAGES, Language
from ..tables.columns import Column, columns_of, is_public, used_columns
from ..tables.headings import FRAME, ID, VERSION
from .sheets import Versions

Value = str | int | float | bool | None


def flat_columns(
    layer: Layer, city: City, versions: Versions | None = None, *, is_open: bool = False
) -> tuple[Column, ...]:
    """Return a layer's columns without those that a geometry makes needless; versions only where known.

    What `is_open` has no column for what is staff's alone.
    """
    frame = (ID, VERSION) if versions else (ID,)
    is_route = any(city.kinds[kind].role == "route" for kind in layer.spec.kinds)
    columns = used_columns(columns_of(layer.spec, city), (f.properties for f in layer.features), is_route)
    kept = (column for column in columns if column.key in frame or column.key not in FRAME)
    return tuple(column for column in kept if not is_open or is_public(column))


def flat_values(feature: Feature, columns: Sequence[Column], versions: Versions | None = None) -> list[Value]:
    """Return a feature's values: ids and OSM syntax as they are stored, other lists as lines of text."""
    known = {ID: feature.id, VERSION: (versions or {}).get(feature.id)}
    return [known[c.key] if c.key in known else flat_value(c, feature) for c in columns]


def flat_value(column: Column, feature: Feature) -> Value:
    """Return what a feature says in a column of a property, None where it says nothing."""
    value = column.value_of(feature.properties)
    if value in (None, "", [], {}):
        return None
    if isinstance(value, str | int | float):
        return value
    if column.codec.kind == "choices":
        return ",".join(value)
    return str(column.codec.write(value))


def credits_of(layers: Iterable[Layer], language: Language) -> str:
    """Return in one line whose layers are, each with the address of its licence; "" where no file says so."""
    return credit_line(distinct([one for layer in layers for one in layer.credits]), language)


def both_credits(layer: Layer) -> str:
    """Return in one line whose a layer is, in each language that says it in other words."""
    return " / ".join(dict.fromkeys(credit_line(layer.credits, language) for language in LANGUAGES))
