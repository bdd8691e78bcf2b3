"""Hold what a feature's lists hold as classes: made once of checked JSON, so that nobody asks a table for a key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..i18n import Text

Json = Mapping[str, Any]  # Any: what JSON holds; the checks have looked at it


@dataclass(frozen=True, slots=True)
class Source:
    """Hold where something is written: its title, a date and an address on the web; "" where they are not known."""

    title: str
    date: str
    url: str

    @classmethod
    def of(cls, table: Json) -> Source:
        """Return a source as JSON has it."""
        return cls(table.get("title") or "", table.get("date") or "", table.get("url") or "")


@dataclass(frozen=True, slots=True)
class Phase:
    """Hold a phase of works: the months from which and up to which it goes, "" where they are not known."""

    phase: str
    begins: str
    ends: str
    source: str
    note: Text

    @classmethod
    def of(cls, table: Json) -> Phase:
        """Return a phase as JSON has it."""
        months = table.get("from") or "", table.get("to") or ""
        return cls(table.get("phase") or "", *months, table.get("source") or "", table.get("note") or {})


@dataclass(frozen=True, slots=True)
class Photo:
    """Hold a photo: its file, what can be seen in words, and who made it under which licence."""

    file: str
    alt: Text
    credit: str

    @classmethod
    def of(cls, table: Json) -> Photo:
        """Return a photo as JSON has it."""
        return cls(table.get("file") or "", table.get("alt") or {}, table.get("credit") or "")


@dataclass(frozen=True, slots=True)
class Position:
    """Hold how far a position can be trusted; `accuracy_m` is None where nobody says, texts are "" and {} then."""

    trust: str
    accuracy_m: int | None
    located_by: Text
    source: str
    verified_on: str

    @classmethod
    def of(cls, table: Json) -> Position:
        """Return a position as JSON has it."""
        trust, accuracy_m = table.get("class") or "", table.get("accuracy_m")
        told = table.get("located_by") or {}, table.get("source") or "", table.get("verified_on") or ""
        return cls(trust, accuracy_m, *told)


@dataclass(frozen=True, slots=True)
class Items:
    """Hold the lists of a feature, and its position."""

    phases: tuple[Phase, ...]
    sources: tuple[Source, ...]
    photos: tuple[Photo, ...]
    position: Position

    @classmethod
    def of(cls, properties: Json) -> Items:
        """Return what checked properties hold."""
        return cls(
            tuple(map(Phase.of, _tables(properties, "phases"))),
            tuple(map(Source.of, _tables(properties, "sources"))),
            tuple(map(Photo.of, _tables(properties, "photos"))),
            Position.of(properties.get("position") or {}),
        )


def _tables(properties: Json, key: str) -> Iterable[Json]:
    tables: Iterable[Json] = properties.get(key) or ()
    return tables
