"""Lay published features over those of a folder: changed ones in their place, new ones behind, archived ones out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..versioning.content import Json

T = TypeVar("T")


@dataclass(frozen=True)
class Overlay:
    """Hold what lies over geodata/: features by id with their layer, and the ids that are hidden.

    `digest` names its content, empty for none. `last` holds what hidden features said last. `is_lost` says
    that there may be more, which could not be read. `number` and `moment` tell up to where the store was read.
    `damaged` are ids and numbers of revisions that could not be.
    """

    digest: str = ""
    rows: Mapping[str, tuple[str, Json]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    last: Mapping[str, tuple[str, Json]] = field(default_factory=dict)
    is_lost: bool = False
    number: int = 0
    moment: str = ""
    damaged: tuple[tuple[str, int], ...] = ()

    def laid_over(self, layer: str, rows: Iterable[Any]) -> list[Any]:  # Any: rows of a file are not checked yet
        """Return a layer's rows with what is published: geodata's order first, then new ones as they appeared."""
        own = {key: row for key, (of, row) in self.rows.items() if of == layer}
        return self.lay(own, rows, lambda row: row.get("id") if isinstance(row, dict) else None)

    def lay(self, own: Mapping[str, T], rows: Iterable[T], id_of: Callable[[T], object]) -> list[T]:
        """Return rows of a layer with its `own` published ones laid over them, in whatever form rows are held."""
        rest, laid = dict(own), []
        for row in rows:
            key = id_of(row)
            if not isinstance(key, str) or (key not in self.rows and key not in self.hidden):
                laid.append(row)
            elif key in rest:
                laid.append(rest.pop(key))
        return laid + list(rest.values())

    def retired(self, retired: Mapping[str, str]) -> dict[str, str]:
        """Return withdrawn ids and their successors: hidden features are withdrawn too, and succeed nobody."""
        known = {old: "" if successor in self.hidden else successor for old, successor in retired.items()}
        return known | {key: "" for key in sorted(self.hidden) if key not in known}


NOTHING = Overlay()
LOST = Overlay(digest="lost", is_lost=True)
