"""Merge two edits of one feature field by field, and name the fields that both changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from ..schema.properties import Derived
from ..schema.property_types import ItemList, Listed, NameOf, PropertyTable
from .content import Content, Json, canonical, content_of

Choice = Literal["mine", "theirs"]
Choices = Mapping[str, Choice]


class Absent:
    """Stand for a value that is not there, which is not the same as null."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()
Value = Any  # Any: what JSON holds, or ABSENT


@dataclass(frozen=True)
class Clash:
    """Hold a field that both sides changed, differently; ABSENT where one took it out or had none."""

    path: str
    base: Value
    mine: Value
    theirs: Value


@dataclass(frozen=True)
class Merged:
    """Hold a merge: its content, the fields that came from either side alone, and those that must be asked.

    In `content` a field that clashes has their value: it is what stands until somebody has chosen.
    """

    content: Content
    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    clashes: tuple[Clash, ...]


@dataclass(frozen=True)
class Difference:
    """Hold a field in which two contents differ."""

    path: str
    old: Value
    new: Value


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


def merge(base: Content | None, mine: Content, theirs: Content, choices: Choices | None = None) -> Merged:
    """Return what comes of two edits that began from the same content.

    A field that one side changed has that side's value; both changing it to the same is no clash. `choices` names for
    paths of clashes whose value is taken. `base` is None for a feature that both sides made anew.
    """
    joint = _Joint(choices or {})
    base = base or Content("", None, {})
    layer = joint.take("layer", base.layer, mine.layer, theirs.layer)
    shapes = (content.geometry or ABSENT for content in (base, mine, theirs))
    geometry = joint.take("geometry", *shapes)
    properties = dict(_properties(joint, base.properties, mine.properties, theirs.properties))
    content = content_of(layer, None if geometry is ABSENT else geometry, properties)
    return Merged(content, tuple(joint.mine), tuple(joint.theirs), tuple(joint.clashes))


def differences(old: Content, new: Content) -> tuple[Difference, ...]:
    """Return the fields in which two contents differ, by the same paths as a merge."""
    joint = _Joint({})
    joint.take("layer", old.layer, new.layer, old.layer)
    joint.take("geometry", *(shape or ABSENT for shape in (old.geometry, new.geometry, old.geometry)))
    for _ in _properties(joint, old.properties, new.properties, old.properties):
        pass
    return tuple(Difference(path, *joint.mine[path]) for path in joint.mine)


def pick(old: Content, new: Content, fields: Collection[str]) -> Content:
    """Return a content with some fields, named by their paths, as in `new` and all others as in `old`."""
    chooser = _Picker(fields)
    layer = chooser.take("layer", old.layer, new.layer, old.layer)
    geometry = chooser.take("geometry", *(shape or ABSENT for shape in (old.geometry, new.geometry, old.geometry)))
    properties = dict(_properties(chooser, old.properties, new.properties, old.properties))
    return content_of(layer, None if geometry is ABSENT else geometry, properties)


def is_same(one: Value, other: Value) -> bool:
    """Return whether two values are the same JSON: 1 and true are not, nor are 1 and 1.0."""
    if one is ABSENT or other is ABSENT:
        return one is other
    return canonical(one) == canonical(other)


class _Joint:
    """Decide field by field, and note what was decided."""

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self.mine: dict[str, tuple[Value, Value]] = {}
        self.theirs: dict[str, tuple[Value, Value]] = {}
        self.clashes: list[Clash] = []

    def take(self, path: str, base: Value, mine: Value, theirs: Value) -> Value:
        """Return the value of one field."""
        if is_same(mine, theirs) or is_same(mine, base):
            if not is_same(theirs, base):
                self.theirs[path] = (base, theirs)
            return theirs
        if is_same(theirs, base) or self._choices.get(path) == "mine":
            self.mine[path] = (base, mine)
            return mine
        if self._choices.get(path) == "theirs":
            self.theirs[path] = (base, theirs)
        else:
            self.clashes.append(Clash(path, base, mine, theirs))
        return theirs


class _Picker(_Joint):
    """Take named fields from one side, all else from the other."""

    def __init__(self, fields: Collection[str]) -> None:
        super().__init__({})
        self._fields = fields

    def take(self, path: str, base: Value, mine: Value, theirs: Value) -> Value:
        """Return the value of one field."""
        return mine if path in self._fields else theirs


def _properties(joint: _Joint, base: Json, mine: Json, theirs: Json) -> Iterator[tuple[str, Value]]:
    """Yield the merged properties that are there."""
    ways = [{key: side[key] for key in TOGETHER if key in side} or ABSENT for side in (base, mine, theirs)]
    way = joint.take(next(iter(TOGETHER)), *ways)
    yield from (way if way is not ABSENT else {}).items()
    for key in dict.fromkeys([*theirs, *mine, *base]):
        if key in TOGETHER:
            continue
        value = _property(joint, key, *(side.get(key, ABSENT) for side in (base, mine, theirs)))
        if value is not ABSENT:
            yield key, value


def _property(joint: _Joint, key: str, base: Value, mine: Value, theirs: Value) -> Value:
    """Return one merged property: a table member by member, a list item by item, all else as a whole."""
    sides = (base, mine, theirs)
    if key in ITEMS and (named := [_named(side, ITEMS[key]) for side in sides]) and None not in named:
        return _list(joint, key, *(table or {} for table in named))
    return _table(joint, key, *sides)


def _table(joint: _Joint, path: str, base: Value, mine: Value, theirs: Value) -> Value:
    """Return a merged table, member by member; what is no table on every side that has it, as a whole."""
    sides = (base, mine, theirs)
    if path in WHOLE or not all(isinstance(side, dict) for side in sides if side is not ABSENT):
        return joint.take(path, base, mine, theirs)
    tables: list[Json] = [{} if side is ABSENT else side for side in sides]
    members = dict.fromkeys(key for table in (tables[2], tables[1], tables[0]) for key in table)
    merged = {key: _table(joint, f"{path}.{key}", *(table.get(key, ABSENT) for table in tables)) for key in members}
    return {key: value for key, value in merged.items() if value is not ABSENT} or ABSENT


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


def _list(joint: _Joint, path: str, base: Json, mine: Json, theirs: Json) -> Value:
    """Return a merged list: each item by its name, then the order as a field of its own."""
    names = dict.fromkeys([*theirs, *mine, *base])
    items = {
        name: joint.take(f"{path}[{name}]", *(s.get(name, ABSENT) for s in (base, mine, theirs))) for name in names
    }
    left = {name: item for name, item in items.items() if item is not ABSENT}
    order = _order(joint, path, list(base), list(mine), list(theirs), left)
    merged = [left[name] for name in order]
    is_joined = order not in (list(mine), list(theirs))  # neither side has seen this list whole
    return (sorted_phases(merged) if path == "phases" and is_joined else merged) or ABSENT


def _order(
    joint: _Joint, path: str, base: list[str], mine: list[str], theirs: list[str], left: Mapping[str, Value]
) -> list[str]:
    """Return the names in order: that of who moved items, else theirs; what the other added follows its forerunner."""
    common = set(base) & set(mine) & set(theirs)
    old, ours, other = ([name for name in side if name in common] for side in (base, mine, theirs))
    if path in SETS and old not in (ours, other):
        old = ours  # both moved: theirs, unasked
    chosen = joint.take(f"{path}:order", old, ours, other)
    first, second = (mine, theirs) if ours == chosen else (theirs, mine)
    return woven([name for name in first if name in left], [name for name in second if name in left])


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
