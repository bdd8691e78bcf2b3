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
class Programme:
    """Hold what a group can choose at a place; numbers are None, all else empty where nobody says.

    `departures` are times as "09:30 14:00", `days` are OSM days, of which none are every day.
    """

    id: str
    title: Text
    summary: Text
    duration_min: int | None
    party_min: int | None
    party_max: int | None
    departures: str
    days: str
    booking: Text
    questions: tuple[Text, ...]
    source: str

    @classmethod
    def of(cls, table: Json) -> Programme:
        """Return a programme as JSON has it."""
        return cls(
            id=table.get("id") or "",
            title=table.get("title") or {},
            summary=table.get("summary") or {},
            duration_min=table.get("duration_min"),
            party_min=table.get("party_min"),
            party_max=table.get("party_max"),
            departures=table.get("departures") or "",
            days=table.get("days") or "",
            booking=table.get("booking") or {},
            questions=tuple(table.get("questions") or ()),
            source=table.get("source") or "",
        )


@dataclass(frozen=True, slots=True)
class Sailing:
    """Hold a timetable of a boat line: a time at each stop, runs parted by semicolons; no days are every day."""

    times: str
    is_back: bool
    days: str
    seats: int | None
    source: str

    @classmethod
    def of(cls, table: Json) -> Sailing:
        """Return a timetable as JSON has it."""
        times, days, source = (table.get(key) or "" for key in ("times", "days", "source"))
        return cls(times, bool(table.get("is_back")), days, table.get("seats"), source)


@dataclass(frozen=True, slots=True)
class Fact:
    """Hold a short fact."""

    label: Text
    value: Text
    source: str

    @classmethod
    def of(cls, table: Json) -> Fact:
        """Return a fact as JSON has it."""
        return cls(table.get("label") or {}, table.get("value") or {}, table.get("source") or "")


@dataclass(frozen=True, slots=True)
class Stated:
    """Hold a length in metres or a duration in minutes, as `what` says, that a source states of a tour route."""

    what: str
    value: float
    note: Text
    source: str

    @classmethod
    def of(cls, table: Json) -> Stated:
        """Return what is stated as JSON has it."""
        return cls(table.get("what") or "", table.get("value") or 0, table.get("note") or {}, table.get("source") or "")


@dataclass(frozen=True, slots=True)
class Items:
    """Hold the lists of a feature, and its position."""

    phases: tuple[Phase, ...]
    sources: tuple[Source, ...]
    photos: tuple[Photo, ...]
    programmes: tuple[Programme, ...]
    sailings: tuple[Sailing, ...]
    facts: tuple[Fact, ...]
    stated: tuple[Stated, ...]
    position: Position

    @classmethod
    def of(cls, properties: Json) -> Items:
        """Return what checked properties hold."""
        return cls(
            tuple(map(Phase.of, _tables(properties, "phases"))),
            tuple(map(Source.of, _tables(properties, "sources"))),
            tuple(map(Photo.of, _tables(properties, "photos"))),
            tuple(map(Programme.of, _tables(properties, "programmes"))),
            tuple(map(Sailing.of, _tables(properties, "sailings"))),
            tuple(map(Fact.of, _tables(properties, "facts"))),
            tuple(map(Stated.of, _tables(properties, "stated"))),
            Position.of(properties.get("position") or {}),
        )


def _tables(properties: Json, key: str) -> Iterable[Json]:
    tables: Iterable[Json] = properties.get(key) or ()
    return tables
