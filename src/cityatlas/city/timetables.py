"""Check timetables: when programmes begin, on which days, and the runs of boats with a time at each stop."""

from __future__ import annotations

import re
from typing import Any

from ..errors import InvalidHours
from ..geo.geojson import show
from ..limits import RUNS
from ..schema.faults import fault, under
from .opening_hours import check_hours
from .value_checks import Faults, cites, matches, only

CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
DEPARTURES = re.compile(rf"{CLOCK.pattern}( {CLOCK.pattern}){{0,99}}")


def are_days(text: str) -> bool:
    """Return whether a text names days in OSM syntax, without times."""
    try:
        check_hours(f"{text} 00:00-24:00")
    except InvalidHours:
        return False
    return ":" not in text


def departure_faults(programme: dict[str, Any]) -> Faults:
    """Yield what is wrong with when a programme begins; it rests on the programme's source."""
    departures = programme.get("departures")
    if departures is not None and not matches(DEPARTURES, departures):
        yield fault("not_departures", "departures", given=show(departures))
    yield from _day_faults(programme.get("days"))


def sailing_faults(value: Any, properties: dict[str, Any], *_: Any) -> Faults:
    """Yield what is wrong with the timetables of a boat line; each rests on a source of its own."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        yield fault("not_items", given=show(value), parts='"times", "source"')
        return
    stops, legs = properties.get("stops"), properties.get("legs")
    if not isinstance(stops, list) or not isinstance(legs, list) or legs != [{"mode": "boat"}] * (len(stops) - 1):
        yield fault("not_by_boat")
        return
    for number, sailing in enumerate(value):
        yield from under(f"[{number}]", _sailing_faults(sailing, properties, len(stops)))


def _sailing_faults(sailing: dict[str, Any], properties: dict[str, Any], stops: int) -> Faults:
    yield from only(sailing, "times", "is_back", "days", "seats", "source")
    yield from under("times", runs_faults(sailing.get("times"), stops))
    yield from _day_faults(sailing.get("days"))
    seats = sailing.get("seats")
    if seats is not None and (type(seats) is not int or not 0 < seats <= 10_000):
        yield fault("not_seats", "seats", given=show(seats))
    if not isinstance(sailing.get("is_back"), bool | None):
        yield fault("not_truth", "is_back", given=show(sailing["is_back"]))
    yield from cites(sailing.get("source"), properties)


def runs_faults(value: Any, stops: int) -> Faults:
    """Yield what is wrong with the runs of a timetable: a time for each stop, later from one to the next."""
    if not isinstance(value, str) or not value.strip():
        yield fault("not_runs", given=show(value))
        return
    for run in value.split(";")[:RUNS]:
        calls = [call for call in run.split() if call != "-"]
        if len(run.split()) != stops or len(calls) < 2:
            yield fault("run_length", given=show(run.strip()), stops=stops)
        elif not all(matches(CLOCK, call) for call in calls) or calls != sorted(set(calls)):
            yield fault("run_order", given=show(run.strip()))
    if value.count(";") >= RUNS:
        yield fault("many_runs", most=RUNS)


def _day_faults(days: Any) -> Faults:
    """Yield what is wrong with the days on which something takes place; none are every day."""
    if days is not None and not (isinstance(days, str) and are_days(days)):
        yield fault("not_days", "days", given=show(days))
