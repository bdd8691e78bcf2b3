"""Take three versions of a feature apart into the fields that are merged each by itself, and join them again.

A table is taken apart member by member, a list whose items have names item by item and its order; all else is one
field. What differs, what is merged and what must be asked are all read from the same fields.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ..schema.properties import Derived
from ..schema.property_types import ItemList, Listed, NameOf, PropertyTable
from .content import Content, Json, content_of


class Absent:
    """Stand for a value that is not there, which is not the same as null."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()
Value = Any  # Any: what JSON holds, or ABSENT
Sides = tuple[Value, Value, Value]  # base, mine, theirs


@dataclass(frozen=True, eq=False)
class Field:
    """Hold what is merged as one: its path, and its value on each side, ABSENT where it is not there."""

    path: str
    base: Value
    mine: Value
    theirs: Value

    def fields(self) -> Iterator[Field]:
        """Yield the field."""
        yield self

    def joined(self, values: Mapping[Field, Value]) -> Value:
        """Return its value."""
        return values[self]


@dataclass(frozen=True)
class Table:
    """Hold the parts of a table by their keys."""

    parts: Mapping[str, Part]

    def fields(self) -> Iterator[Field]:
        """Yield the fields of all parts."""
        for part in self.parts.values():
            yield from part.fields()

    def joined(self, values: Mapping[Field, Value]) -> Value:
        """Return the table of the values that are there."""
        found = {key: part.joined(values) for key, part in self.parts.items()}
        return {key: value for key, value in found.items() if value is not ABSENT} or ABSENT


@dataclass(frozen=True)
class NamedList:
    """Hold a list's items by their names, its names in order as `mine` and `theirs` have them, and its order."""

    path: str
    items: Mapping[str, Field]
    mine: Sequence[str]
    theirs: Sequence[str]
    order: Field

    def fields(self) -> Iterator[Field]:
        """Yield each item, then the order."""
        yield from self.items.values()
        yield self.order

    def joined(self, values: Mapping[Field, Value]) -> Value:
        """Return the list in the order that was chosen; what the other side added follows its forerunner."""
        left = {name: values[item] for name, item in self.items.items() if values[item] is not ABSENT}
        sides = (self.mine, self.theirs) if values[self.order] == self.order.mine else (self.theirs, self.mine)
        order = woven(*([name for name in side if name in left] for side in sides))
        items = [left[name] for name in order]
        is_new = order not in (self.mine, self.theirs)  # neither side has seen this list whole
        return (sorted_phases(items) if self.path == "phases" and is_new else items) or ABSENT


Part = Field | Table | NamedList


@dataclass(frozen=True)
class Compared:
    """Hold a content's fields: its layer and geometry, the properties that are one field together, and the others."""

    layer: Field
    geometry: Field
    together: Field
    properties: Table

    def fields(self) -> Iterator[Field]:
        """Yield all of them."""
        yield from (self.layer, self.geometry, self.together)
        yield from self.properties.fields()

    def joined(self, values: Mapping[Field, Value]) -> Content:
        """Return the content in which each field has a value."""
        geometry = values[self.geometry]
        tables = (values[self.together], self.properties.joined(values))
        properties = {key: value for table in tables if table is not ABSENT for key, value in table.items()}
        return content_of(values[self.layer], None if geometry is ABSENT else geometry, properties)


def _by_itself(item: Any) -> str:
    if not isinstance(item, str):
        raise TypeError
    return item


def _names(table: PropertyTable) -> dict[str, NameOf]:
    """Return by list what names an item of it."""
    named = {p.key: p.type.name_of for p in table if isinstance(p.type, ItemList) and p.type.name_of}
    return named | {p.key: _by_itself for p in table if isinstance(p.type, Listed)}


ITEMS = Derived(_names)  # two editors who change different items of such a list do not meet
WHOLE = Derived(lambda table: {p.key: p for p in table if p.merge == "whole"})  # members only make sense together
TOGETHER = Derived(lambda table: {p.key: p for p in table if p.merge == "together"})  # one field, by the first's name
SETS = Derived(lambda table: {p.key: p for p in table if isinstance(p.type, Listed)})  # order says nothing


def compare(base: Content, mine: Content, theirs: Content) -> Compared:
    """Return the fields of three versions of a feature."""
    sides = (base, mine, theirs)
    properties = [side.properties for side in sides]
    together = [{key: side[key] for key in TOGETHER if key in side} or ABSENT for side in properties]
    return Compared(
        Field("layer", *(side.layer for side in sides)),
        Field("geometry", *(side.geometry or ABSENT for side in sides)),
        Field(next(iter(TOGETHER)), *together),
        Table({key: _property(key, _at(key, properties)) for key in _keys(properties) if key not in TOGETHER}),
    )


def _keys(tables: Sequence[Json]) -> list[str]:
    """Return the keys of all sides: theirs first, then what mine has, then what only the base had."""
    base, mine, theirs = tables
    return list(dict.fromkeys([*theirs, *mine, *base]))


def _at(key: str, tables: Sequence[Json]) -> Sides:
    base, mine, theirs = (table.get(key, ABSENT) for table in tables)
    return base, mine, theirs


def _property(key: str, sides: Sides) -> Part:
    if key in ITEMS:
        named = [table for side in sides if (table := _named(side, ITEMS[key])) is not None]
        if len(named) == len(sides):
            return _list(key, named)
    return _table(key, sides)


def _table(path: str, sides: Sides) -> Part:
    """Return the parts of a table; what is no table on every side that has it is one field."""
    if path in WHOLE or not all(isinstance(side, dict) for side in sides if side is not ABSENT):
        return Field(path, *sides)
    tables: list[Json] = [{} if side is ABSENT else side for side in sides]
    return Table({key: _table(f"{path}.{key}", _at(key, tables)) for key in _keys(tables)})


def _named(side: Value, name_of: Callable[[Any], str]) -> Json | None:
    """Return the items of a list by name, or None where it is no list of items with a name each of their own."""
    if side is ABSENT:
        return {}
    try:
        names = [name_of(item) for item in side]
    except (TypeError, KeyError, AttributeError, IndexError):
        return None
    is_clear = isinstance(side, list) and max(Counter(names).values(), default=1) == 1
    return dict(zip(names, side, strict=True)) if is_clear else None


def _list(path: str, tables: Sequence[Json]) -> NamedList:
    items = {name: Field(f"{path}[{name}]", *_at(name, tables)) for name in _keys(tables)}
    return NamedList(path, items, list(tables[1]), list(tables[2]), _order(path, tables))


def _order(path: str, tables: Sequence[Json]) -> Field:
    """Return the order of what all sides have."""
    common = set.intersection(*(set(table) for table in tables))
    base, mine, theirs = ([name for name in table if name in common] for table in tables)
    if path in SETS and base not in (mine, theirs):
        base = mine  # both moved: theirs, unasked
    return Field(f"{path}:order", base, mine, theirs)


def woven(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Return the names of `first` in their order, and each other one of `second` behind its forerunner there."""
    next_of: dict[str | None, str | None] = dict(pairwise([None, *first, None]))  # None is before all and behind all
    forerunner: str | None = None
    for name in second:
        if name not in next_of:
            next_of[name], next_of[forerunner] = next_of[forerunner], name
        forerunner = name
    order, name_at = [], next_of[None]
    while name_at is not None:
        order.append(name_at)
        name_at = next_of[name_at]
    return order


def sorted_phases(phases: Sequence[Any]) -> list[Any]:
    """Return phases in order of the month in which each begins; one without a month stays behind the one before it."""
    begun, keyed = "", []
    for phase in phases:
        begun = phase.get("from") if isinstance(phase.get("from"), str) else begun
        keyed.append((begun, phase))
    return [phase for _, phase in sorted(keyed, key=lambda pair: pair[0])]
