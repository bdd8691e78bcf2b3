"""Check timetables: when programmes begin, on which days, and the runs of boats with a time at each stop."""

from __future__ import annotations

import re
from typing import Any

from ..errors import InvalidHours
from ..geo.geojson import show
from .opening_hours import check_hours
from .value_checks import Faults, cites, matches, only

CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
DEPARTURES = re.compile(rf"{CLOCK.pattern}( {CLOCK.pattern}){{0,99}}")
MAX_RUNS = 100  # of a timetable


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
        yield f'departures {show(departures)} are not times (example: "09:30 14:00")'
    yield from _day_faults(programme.get("days"))


def sailing_faults(value: Any, properties: dict[str, Any], *_: Any) -> Faults:
    """Yield what is wrong with the timetables of a boat line; each rests on a source of its own."""
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        yield f'{show(value)} is not a list of {{"times", "source"}}'
        return
    stops, legs = properties.get("stops"), properties.get("legs")
    if not isinstance(stops, list) or not isinstance(legs, list) or legs != [{"mode": "boat"}] * (len(stops) - 1):
        yield "need stops with legs that are all by boat"
        return
    for sailing in value:
        yield from only(sailing, "times", "is_back", "days", "seats", "source")
        yield from runs_faults(sailing.get("times"), len(stops))
        yield from _day_faults(sailing.get("days"))
        seats = sailing.get("seats")
        if seats is not None and (type(seats) is not int or not 0 < seats <= 10_000):
            yield f"seats {show(seats)} is not a whole number from 1 to 10,000"
        if not isinstance(sailing.get("is_back"), bool | None):
            yield f"is_back {show(sailing['is_back'])} is neither true nor false"
        yield from cites(sailing.get("source"), properties)


def runs_faults(value: Any, stops: int) -> Faults:
    """Yield what is wrong with the runs of a timetable: a time for each stop, later from one to the next."""
    if not isinstance(value, str) or not value.strip():
        yield f'times {show(value)} are not runs (example for two stops: "09:00 09:25; 10:00 10:25")'
        return
    for run in value.split(";")[:MAX_RUNS]:
        calls = [call for call in run.split() if call != "-"]
        if len(run.split()) != stops or len(calls) < 2:
            yield f'times {show(run.strip())} are not one for each of {stops} stops ("-" where the boat does not stop)'
        elif not all(matches(CLOCK, call) for call in calls) or calls != sorted(set(calls)):
            yield f"times {show(run.strip())} are not times of a day, each later than the one before"
    if value.count(";") >= MAX_RUNS:
        yield f"times hold more than {MAX_RUNS} runs"


def _day_faults(days: Any) -> Faults:
    """Yield what is wrong with the days on which something takes place; none are every day."""
    if days is not None and not (isinstance(days, str) and are_days(days)):
        yield f'days {show(days)} are not OSM days (example: "Sa,Su" or "Apr-Oct Mo-Fr")'
