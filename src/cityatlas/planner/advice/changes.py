"""Change a wish in one point, in a way that can be made again on top of another change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from ..day.departures import seconds
from ..request.request import Fullness, Pace, TourRequest


@dataclass(frozen=True)
class Change:
    """Hold one change that was tried and works: its kind, a value for its sentence, and the changed wish.

    Kinds and values: allow (unknown hours), boat (go by boat too), foot (walk as well), earlier and later (minutes),
    lunch (none), pace and fullness (theirs), begin ("id,HH:MM"), anytime (id), order (none), stay ("id,minutes"), walk
    (metres, empty for no limit), route (none), without (ids with commas), day (date), hours ("HH:MM,HH:MM", start and
    end); "both" has two or more as `parts`.
    """

    kind: str
    value: str
    request: TourRequest
    parts: tuple[Change, ...] = ()


def changed(request: TourRequest, kind: str, value: str) -> TourRequest:
    """Return the wish with one change; it may ask for what cannot be, as a start before midnight."""
    return _MAKERS[kind](request, value)


def both(request: TourRequest, parts: Iterable[tuple[str, str]]) -> Change:
    """Return several changes (kind, value) as one."""
    made: list[Change] = []
    for kind, value in parts:
        request = changed(request, kind, value)
        made.append(Change(kind, value, request))
    return made[0] if len(made) == 1 else Change("both", "", request, tuple(made))


def _begin(request: TourRequest, value: str) -> TourRequest:
    feature_id, _, clock = value.partition(",")
    begins = ((i, seconds(clock) if i == feature_id else begin_s) for i, begin_s in request.begins)
    return replace(request, begins=tuple(begins))


def _stay(request: TourRequest, value: str) -> TourRequest:
    feature_id, _, minutes = value.partition(",")
    stays = ((i, int(minutes) if i == feature_id else stay_min) for i, stay_min in request.stays)
    return replace(request, stays=tuple(stays))


def _without(request: TourRequest, value: str) -> TourRequest:
    for must in value.split(","):
        request = request.without_must(must)
    return request


def _hours(request: TourRequest, value: str) -> TourRequest:
    start, _, end = value.partition(",")
    return replace(request, start_s=seconds(start), end_s=seconds(end))


def _free(request: TourRequest, feature_id: str) -> TourRequest:
    return replace(request, begins=tuple(pair for pair in request.begins if pair[0] != feature_id))


_MAKERS: Mapping[str, Callable[[TourRequest, str], TourRequest]] = {
    "allow": lambda request, _: replace(request, allows_unknown_hours=True),
    "boat": lambda request, _: replace(request, boat="yes"),
    "foot": lambda request, _: replace(request, boat="yes"),
    "earlier": lambda request, value: replace(request, start_s=request.start_s - 60 * int(value)),
    "later": lambda request, value: replace(request, end_s=request.end_s + 60 * int(value)),
    "lunch": lambda request, _: replace(request, has_lunch=False),
    "pace": lambda request, value: replace(request, pace=cast("Pace", value)),
    "fullness": lambda request, value: replace(request, fullness=cast("Fullness", value)),
    "begin": _begin,
    "anytime": _free,
    "order": lambda request, _: replace(request, order=()),
    "stay": _stay,
    "walk": lambda request, value: replace(request, most_walk_m=int(value) if value else None),
    "route": lambda request, _: replace(request, route=""),
    "without": _without,
    "day": lambda request, value: replace(request, day=date.fromisoformat(value)),
    "hours": _hours,
}
