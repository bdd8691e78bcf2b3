"""Tell a script which fields of its form have other values now, since somebody else's changes were merged in.

Without that its next save would begin from the merged draft, with the old values still in the form, and so take the
other's changes back.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...versioning.content import Content
from ..diff import field_of
from .fields import FIELDS, ROWS, to_fields

Pairs = list[tuple[str, str]]


def came_in(paths: Iterable[str], content: Content) -> tuple[Pairs, list[str]]:
    """Return name and value of each field that shows what changed at these paths, and the lists among them, whole."""
    fields, lists, names = to_fields(content), [], []
    for path in paths:
        key = field_of(path)
        if key in ROWS:
            lists.append(key)
            names += [name for name in fields if name.startswith(f"{key}.")] + (["is_loop"] if key == "stops" else [])
        elif key == "geometry":
            names += [name for name in ("geometry", "lon", "lat", "corners", "shape") if name in fields]
        else:
            names += [key] if key in FIELDS else [name for name in FIELDS if name.partition(".")[0] == key]
    pairs = [pair for name in dict.fromkeys(names) for pair in _pairs(name, fields[name])]
    return pairs, list(dict.fromkeys(lists))


def _pairs(name: str, value: str) -> Pairs:
    """Return a field as the form sends it: boxes one by one behind an empty one, coordinates with what they were."""
    if FIELDS.get(name) == "themes":
        return [(name, ""), *((name, theme) for theme in value.split("\n") if theme)]
    return [(name, value), (f"{name}_was", value)] if name in ("lon", "lat", "corners") else [(name, value)]
