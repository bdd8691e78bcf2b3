"""Check timetables: when programmes begin, on which days, and the runs of boats with a time at each stop."""

from __future__ import annotations

import re

from ..errors import InvalidHours
from ..geo.geojson import show
from ..limits import RUNS
from ..schema.faults import fault, under
from ..schema.items import Attributes
from .opening_hours import check_hours
from .value_checks import Faults, matches

CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
DEPARTURES = re.compile(rf"{CLOCK.pattern}( {CLOCK.pattern}){{0,99}}")


def are_days(text: str) -> bool:
    """Return whether a text names days in OSM syntax, without times."""
    try:
        check_hours(f"{text} 00:00-24:00")
    except InvalidHours:
        return False
    return ":" not in text


def programme_faults(held: Attributes) -> Faults:
    """Yield what is wrong with when programmes begin."""
    for number, programme in enumerate(held.programmes):
        if programme.departures and not matches(DEPARTURES, programme.departures):
            yield fault("not_departures", f"[{number}].departures", given=show(programme.departures))
        yield from under(f"[{number}]", _day_faults(programme.days))


def sailing_faults(held: Attributes) -> Faults:
    """Yield what is wrong with the timetables of a boat line."""
    modes = [leg.mode for leg in held.legs]
    if not held.stops or modes != ["boat"] * (len(held.stops) - 1):
        yield fault("not_by_boat")
        return
    for number, sailing in enumerate(held.sailings):
        yield from under(f"[{number}].times", runs_faults(sailing.times, len(held.stops)))
        yield from under(f"[{number}]", _day_faults(sailing.days))


def runs_faults(times: str, stops: int) -> Faults:
    """Yield what is wrong with the runs of a timetable: a time for each stop, later from one to the next."""
    for run in times.split(";")[:RUNS] if times.strip() else ():
        calls = [call for call in run.split() if call != "-"]
        if len(run.split()) != stops or len(calls) < 2:
            yield fault("run_length", given=show(run.strip()), stops=stops)
        elif not all(matches(CLOCK, call) for call in calls) or calls != sorted(set(calls)):
            yield fault("run_order", given=show(run.strip()))
    if times.count(";") >= RUNS:
        yield fault("many_runs", most=RUNS)


def _day_faults(days: str) -> Faults:
    """Yield what is wrong with the days on which something takes place; none are every day."""
    if days and not are_days(days):
        yield fault("not_days", "days", given=show(days))
