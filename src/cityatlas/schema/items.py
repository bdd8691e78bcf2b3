"""Read what a feature holds into classes: once, at the edge of JSON, so that nobody asks a table for a key.

What is null, absent or of another type than its attribute is empty there: "", {}, (), false, or None where an
attribute may be None. So drafts, which nobody has checked, are read too. A test holds each class to `properties.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache, partial
from typing import Self, get_args, get_origin, get_type_hints

from ..i18n import Text
from .dates import span_of
from .strict_json import JsonObject

Read = Callable[[object], object]
EMPTY: dict[object, object] = {str: "", bool: False, float: 0}


class FromJson:
    """Let the frozen dataclasses below be made of JSON; an attribute called otherwise than its key names the key."""

    __slots__ = ()

    @classmethod
    def of(cls, table: JsonObject) -> Self:
        """Return what a table of JSON holds."""
        made = object.__new__(cls)
        fill(made, cls, table)
        return made


def fill(made: object, kind: type, table: JsonObject) -> None:
    """Set the attributes of `kind` in something new, which is frozen from here on."""
    for name, key, read in readers(kind):
        object.__setattr__(made, name, read(table.get(key)))


@cache
def readers(kind: type) -> tuple[tuple[str, str, Read], ...]:
    """Return each attribute of a class, the key under which JSON has it, and how its value is read."""
    hints = get_type_hints(kind)
    members = fields(kind)
    return tuple((one.name, one.metadata.get("key", one.name), _reader(hints[one.name])) for one in members)


def _reader(hint: object) -> Read:
    """Return how a value becomes one of the type that an attribute is annotated with."""
    if hint == Text:
        return _text
    if get_origin(hint) is tuple:
        return partial(_each, _reader(get_args(hint)[0]))
    if isinstance(hint, type) and issubclass(hint, FromJson):
        return partial(_table, hint)
    kinds = get_args(hint) or (hint,)
    return partial(_scalar, (*kinds, int) if float in kinds else kinds, EMPTY.get(hint))


def _scalar(kinds: tuple[object, ...], empty: object, value: object) -> object:
    return value if type(value) in kinds else empty  # true is no number


def _text(value: object) -> Text:
    texts = value if isinstance(value, dict) else {}
    is_sound = all(isinstance(text, str) for text in texts.values())
    return texts if is_sound else {tag: text for tag, text in texts.items() if isinstance(text, str)}


def _each(read: Read, value: object) -> tuple[object, ...]:
    return tuple(map(read, value)) if isinstance(value, list) else ()


def _table(kind: type[FromJson], value: object) -> FromJson:
    return kind.of(value if isinstance(value, dict) else {})


@dataclass(frozen=True, slots=True)
class Source(FromJson):
    """Hold where something is written: its title, a date and an address on the web; "" where they are not known."""

    title: str
    date: str
    url: str


@dataclass(frozen=True)
class Attribution:
    """Say whose data a map shows, which must stand wherever it does, and the address where their licence is read."""

    text: Text
    url: str = ""


@dataclass(frozen=True, slots=True)
class Phase(FromJson):
    """Hold a phase of works: the months from which and up to which it goes, "" where they are not known."""

    phase: str
    begins: str = field(metadata={"key": "from"})
    ends: str = field(metadata={"key": "to"})
    source: str
    note: Text


@dataclass(frozen=True, slots=True)
class PlaceNotice(FromJson):
    """Hold what is so for a time: from and up to days, "" where they are open; one that `closes` is heeded by plans."""

    text: Text
    begins: str = field(metadata={"key": "from"})
    ends: str = field(metadata={"key": "to"})
    is_closing: bool = field(metadata={"key": "closes"})
    source: str

    @property
    def first(self) -> date:
        """Return the first day on which it holds; of a month, the first of it."""
        return span_of(self.begins)[0] if self.begins else date.min

    @property
    def last(self) -> date:
        """Return the last day on which it holds; of a month, the last of it."""
        return span_of(self.ends)[1] if self.ends else date.max

    @property
    def first_day(self) -> str:
        """Return the first day on which it holds as ISO text, "" where it is open."""
        return self.first.isoformat() if self.begins else ""

    @property
    def last_day(self) -> str:
        """Return the last day on which it holds as ISO text, "" where it is open."""
        return self.last.isoformat() if self.ends else ""

    def covers(self, day: date) -> bool:
        """Return whether it holds on a day."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Price(FromJson):
    """Hold what a visit costs one kind of visitor, or everybody where `payer` is ""; 0 is free."""

    amount: float
    currency: str
    payer: str = field(metadata={"key": "for"})
    note: Text
    source: str


@dataclass(frozen=True, slots=True)
class Reservation(FromJson):
    """Hold whether one has to book, None where nobody says, and how."""

    needed: bool | None
    how: Text


@dataclass(frozen=True, slots=True)
class Photo(FromJson):
    """Hold a photo: its file, what can be seen in words, and who made it under which licence."""

    file: str
    alt: Text
    credit: str


@dataclass(frozen=True, slots=True)
class Position(FromJson):
    """Hold how far a position can be trusted; `accuracy_m` is None where nobody says, texts are "" and {} then."""

    trust: str = field(metadata={"key": "class"})
    accuracy_m: int | None
    located_by: Text
    source: str
    verified_on: str
    attribution: Text
    licence_url: str

    @property
    def credit(self) -> Attribution | None:
        """Return whose the position is, where its licence asks to say so."""
        return Attribution(self.attribution, self.licence_url) if self.attribution else None


@dataclass(frozen=True, slots=True)
class Programme(FromJson):
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


@dataclass(frozen=True, slots=True)
class Sailing(FromJson):
    """Hold a timetable of a boat line: a time at each stop, runs parted by semicolons; no days are every day."""

    times: str
    is_back: bool
    days: str
    seats: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Fact(FromJson):
    """Hold a short fact."""

    label: Text
    value: Text
    source: str


@dataclass(frozen=True, slots=True)
class Stated(FromJson):
    """Hold a length in metres or a duration in minutes, as `what` says, that a source states of a tour route."""

    what: str
    value: float
    note: Text
    source: str


@dataclass(frozen=True, slots=True)
class Leg(FromJson):
    """Hold how a tour route goes on from a stop: walk or boat."""

    mode: str


@dataclass(frozen=True, slots=True)
class Access(FromJson):
    """Hold who can come in; a claim is None where nobody says."""

    step_free: bool | None
    toilets: bool | None
    lift: bool | None
    boat_gangway: bool | None
    note: Text


@dataclass(frozen=True, eq=False, slots=True)
class Attributes(FromJson):
    """Hold the properties of a feature that code speaks of, in the order of the table; the key is their name.

    What is only shown, checked, merged or exported needs none here: that goes by the table.
    """

    name: Text = field(init=False)
    summary: Text = field(init=False)
    address: Text = field(init=False)
    themes: tuple[str, ...] = field(init=False)
    aliases: tuple[str, ...] = field(init=False)
    short_name: Text = field(init=False)
    phases: tuple[Phase, ...] = field(init=False)
    notices: tuple[PlaceNotice, ...] = field(init=False)
    opening_hours: str = field(init=False)
    hours_source: str = field(init=False)
    last_entry_min: int | None = field(init=False)
    visit_min: int | None = field(init=False)
    prices: tuple[Price, ...] = field(init=False, metadata={"key": "price"})
    reservation: Reservation = field(init=False)
    phone: str = field(init=False)
    website: str = field(init=False)
    programmes: tuple[Programme, ...] = field(init=False)
    access: Access = field(init=False)
    facts: tuple[Fact, ...] = field(init=False)
    figures: tuple[str, ...] = field(init=False)
    photos: tuple[Photo, ...] = field(init=False)
    stops: tuple[str, ...] = field(init=False)
    legs: tuple[Leg, ...] = field(init=False)
    is_loop: bool = field(init=False)
    valid_from: str = field(init=False)
    valid_to: str = field(init=False)
    sailings: tuple[Sailing, ...] = field(init=False)
    stated: tuple[Stated, ...] = field(init=False)
    position: Position = field(init=False)
    sources: tuple[Source, ...] = field(init=False)
