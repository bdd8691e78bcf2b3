"""Merge two edits of one feature field by field, and name the fields that both changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from .content import Content, canonical
from .fields import ABSENT, Field, Value, compare

Choice = Literal["mine", "theirs"]
Choices = Mapping[str, Choice]


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


def merge(base: Content | None, mine: Content, theirs: Content, choices: Choices | None = None) -> Merged:
    """Return what comes of two edits that began from the same content.

    A field that one side changed has that side's value; both changing it to the same is no clash. `choices` names for
    paths of clashes whose value is taken. `base` is None for a feature that both sides made anew.
    """
    compared = compare(base or Content("", None, {}), mine, theirs)
    origins = {field: _origin(field, choices or {}) for field in compared.fields()}
    values = {field: field.mine if origin == "mine" else field.theirs for field, origin in origins.items()}

    def paths(wanted: Choice) -> tuple[str, ...]:
        return tuple(field.path for field, origin in origins.items() if origin == wanted)

    clashes = (Clash(f.path, f.base, f.mine, f.theirs) for f, origin in origins.items() if origin == "asked")
    return Merged(compared.joined(values), paths("mine"), paths("theirs"), tuple(clashes))


def _origin(field: Field, choices: Choices) -> Literal["neither", "mine", "theirs", "asked"]:
    """Return which side changed a field, or whose change of both was chosen."""
    if is_same(field.mine, field.theirs) or is_same(field.mine, field.base):
        return "neither" if is_same(field.theirs, field.base) else "theirs"
    if is_same(field.theirs, field.base):
        return "mine"
    chosen = choices.get(field.path)
    return chosen if chosen in ("mine", "theirs") else "asked"


def differences(old: Content, new: Content) -> tuple[Difference, ...]:
    """Return the fields in which two contents differ, by the same paths as a merge."""
    fields = compare(old, new, old).fields()
    return tuple(Difference(f.path, f.base, f.mine) for f in fields if not is_same(f.mine, f.base))


def pick(old: Content, new: Content, fields: Collection[str]) -> Content:
    """Return a content with some fields, named by their paths, as in `new` and all others as in `old`."""
    compared = compare(old, new, old)
    return compared.joined({f: f.mine if f.path in fields else f.theirs for f in compared.fields()})


def is_same(one: Value, other: Value) -> bool:
    """Return whether two values are the same JSON: 1 and true are not, nor are 1 and 1.0."""
    if one is ABSENT or other is ABSENT:
        return one is other
    return canonical(one) == canonical(other)
