"""Write into a link what a plan was when it was made, and tell later what has changed since.

The text is bytes in base64 for addresses: a mark of the wish and of the bytes (3), the day of making (2, days since
2020), and for each stop a mark of its id (3), the minute of its begin (2), a mark of what it rests on, its hours and
its phase (1), the minutes of its visit and a mark of the works on the way to it (1 each). A text of another wish, of an
unknown form or with a broken mark is ignored: it comes from outside.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from ...catalogue.catalogue import Catalogue
from ...catalogue.visiting import phase_on
from ...i18n import Text
from ..request.request import clock
from .itinerary import Itinerary, ItineraryStop, Leg

FIRST_DAY = date(2020, 1, 1)
MOVED_MIN = 10  # a stop that begins less than this earlier or later has not moved
MOST_STOPS = 60
ID_BYTES, STOP_BYTES, MARK_BYTES = 3, 8, 3
MOST_LENGTH_MIN = 255  # a longer visit counts as this
HEAD_BYTES = MARK_BYTES + 2
WORD = re.compile(r"[A-Za-z0-9_-]{7,600}")
ChangeKind = Literal["came", "went", "moved", "hours", "length", "works"]


@dataclass(frozen=True)
class SinceChange:
    """Hold one change of a stop; of a retired one the id is all.

    "moved" has the begin `before` and `now` (HH:MM), "length" the minutes.
    """

    kind: ChangeKind
    feature_id: str
    name: Text
    before: str = ""
    now: str = ""


@dataclass(frozen=True)
class Since:
    """Hold what has changed since a link was made on `day`; no changes mean that the plan is the same."""

    day: date
    changes: tuple[SinceChange, ...]


class _Kept(NamedTuple):
    id_mark: bytes
    begin_min: int
    rest_mark: int
    length_min: int
    works_mark: int


def shared_query(itinerary: Itinerary) -> str:
    """Return the query of an address that makes the same plan again and knows what the plan is now."""
    return f"{itinerary.request.to_query()}&made={remember(itinerary)}"


def remember(itinerary: Itinerary) -> str:
    """Return a plan as a short text for an address; one that nobody dated counts as made on its own day."""
    day = itinerary.made_on or itinerary.request.day
    body = (day - FIRST_DAY).days.to_bytes(2, "big")
    for stop, leg in _reached(itinerary)[:MOST_STOPS]:
        begin_min = stop.begin_s // 60
        rest = bytes([_rest_mark(itinerary, stop), _length_min(stop), _works_mark(leg)])
        body += _id_mark(stop.feature.id) + begin_min.to_bytes(2, "big") + rest
    return base64.urlsafe_b64encode(_mark(itinerary.request.to_query(), body) + body).decode().rstrip("=")


def is_of(text: str, query: str) -> bool:
    """Return whether a text remembers the plan of the wish that an address asks for."""
    return _read(text, (query,), date.max) is not None


def compare(text: str, itinerary: Itinerary, catalogue: Catalogue, today: date, query: str = "") -> Since | None:
    """Return what changed from the plan of a text to the present one of the same wish; None for a broken text.

    `query` is what was asked, where the wish itself had to change since.
    """
    read = _read(text, (itinerary.request.to_query(), query), today)
    if read is None:
        return None
    day, kept = read
    return Since(day, tuple(_changes(kept, itinerary, catalogue)))


def _read(text: str, queries: tuple[str, ...], today: date) -> tuple[date, Sequence[_Kept]] | None:
    if not WORD.fullmatch(text):
        return None
    try:
        whole = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    mark, body = whole[:MARK_BYTES], whole[MARK_BYTES:]
    if mark not in [_mark(query, body) for query in queries] or len(body) < 2 or (len(body) - 2) % STOP_BYTES:
        return None
    day = FIRST_DAY + timedelta(days=int.from_bytes(body[:2], "big"))
    rows = [body[n : n + STOP_BYTES] for n in range(2, len(body), STOP_BYTES)]
    kept = [_Kept(row[:ID_BYTES], int.from_bytes(row[3:5], "big"), *row[5:]) for row in rows]
    is_sound = day <= today and len(kept) <= MOST_STOPS and all(stop.begin_min < 24 * 60 for stop in kept)
    return (day, kept) if is_sound else None


def _changes(kept: Sequence[_Kept], itinerary: Itinerary, catalogue: Catalogue) -> Iterator[SinceChange]:
    before = {stop.id_mark: stop for stop in kept}
    now = {_id_mark(stop.feature.id): (stop, leg) for stop, leg in _reached(itinerary)}
    names: dict[bytes, tuple[str, Text]] = {_id_mark(old): (old, {}) for old in catalogue.city.retired}
    names |= {_id_mark(feature.id): (feature.id, feature.name) for feature in catalogue.features.values()}
    for mark in before:
        if mark not in now:
            yield SinceChange("went", *names.get(mark, ("", {})))
    for mark, (stop, leg) in now.items():
        feature = stop.feature
        if (old := before.get(mark)) is None:
            yield SinceChange("came", feature.id, feature.name)
            continue
        if old.rest_mark != _rest_mark(itinerary, stop):
            yield SinceChange("hours", feature.id, feature.name)
        if old.length_min != _length_min(stop):
            yield SinceChange("length", feature.id, feature.name, str(old.length_min), str(_length_min(stop)))
        if leg and leg.works and old.works_mark != _works_mark(leg):
            yield SinceChange("works", feature.id, feature.name)
        if abs(stop.begin_s // 60 - old.begin_min) >= MOVED_MIN:
            then, begins = clock(old.begin_min * 60), clock(stop.begin_s)
            yield SinceChange("moved", feature.id, feature.name, then, begins)


def _reached(itinerary: Itinerary) -> list[tuple[ItineraryStop, Leg | None]]:
    """Return the stops with the way to each."""
    return list(zip(itinerary.stops, itinerary.legs, strict=False))


def _length_min(stop: ItineraryStop) -> int:
    return min(MOST_LENGTH_MIN, (stop.end_s - stop.begin_s) // 60)


def _works_mark(leg: Leg | None) -> int:
    """Return a byte of the works that a way passes."""
    return _digest("works", *(site.id for site in leg.works))[0] if leg else 0


def _id_mark(feature_id: str) -> bytes:
    return _digest("id", feature_id)[:ID_BYTES]


def _rest_mark(itinerary: Itinerary, stop: ItineraryStop) -> int:
    """Return a byte of what a visit rests on: hours, last entry and phase on the day."""
    phase = phase_on(stop.feature, itinerary.request.day)
    hours = (stop.feature.opening_hours, str(stop.feature.last_entry_min or ""))
    return _digest("rest", *hours, phase.phase if phase else "")[0]


def _mark(query: str, body: bytes) -> bytes:
    """Return the mark that binds bytes to a wish."""
    return _digest("mark", query, body.hex())[:MARK_BYTES]


def _digest(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()
