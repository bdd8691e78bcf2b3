"""Tell when a programme leaves on a day: a boat by its timetable, a guided tour at its hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ...city.layers import Feature
from ...city.opening_hours import intervals_on
from ...city.spec import City
from ...schema.items import Programme


def departures_on(city: City, programmes: Sequence[Programme], day: date) -> tuple[int, ...] | None:
    """Return the seconds since midnight at which any of some programmes leaves on a day, in order.

    None when one of them has no timetable, since it may leave at any time; empty when none leaves on that day.
    """
    if not programmes or not all(programme.departures for programme in programmes):
        return None
    leaving = [programme for programme in programmes if runs_on(city, programme.days, day)]
    return tuple(sorted({seconds(clock) for p in leaving for clock in p.departures.split()}))


def runs_on(city: City, days: str, day: date) -> bool:
    """Return whether what takes place on `days` (OSM syntax without times; none is every day) does so on a day."""
    return not days or bool(intervals_on(f"{days} 00:00-24:00", day, timezone=city.timezone, holidays=city.holidays))


def taking(feature: Feature, party: int, chosen: Programme | None, is_boat: bool) -> list[Programme]:
    """Return the programme that was chosen, or those of a boat trip, as far as they take as many people."""
    offered = (chosen,) if chosen else feature.programmes if is_boat else ()
    return [p for p in offered if (p.party_min or 1) <= party <= (p.party_max or party)]


def seconds(clock: str) -> int:
    """Return the seconds since midnight of HH:MM."""
    hours, minutes = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60
