"""Put an itinerary into rows by the clock: walks, rides, visits, rests, lunch and waiting, without a gap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .itinerary import Itinerary, Leg, Stop

SHORTEST_S = 60  # a shorter wait is not worth a row


@dataclass(frozen=True, eq=False)
class Row:
    """Hold one span of the day. A visit has its stop and number, a way its leg and where it leads (or None)."""

    kind: Literal["walk", "ride", "visit", "rest", "lunch", "wait"]
    begin_s: int
    end_s: int
    number: int = 0
    stop: Stop | None = None
    leg: Leg | None = None

    @property
    def minutes(self) -> int:
        """Return whole minutes, at least one."""
        return max(1, round((self.end_s - self.begin_s) / 60))


def timeline(itinerary: Itinerary) -> list[Row]:
    """Return the rows of an itinerary in order; no stops give no rows."""
    rows: list[Row] = []
    for number, stop in enumerate(itinerary.stops, 1):
        rows.append(Row("visit", stop.begin_s, stop.end_s, number, stop))
        if stop.leave_s > stop.end_s:
            rows.append(Row("rest", stop.end_s, stop.leave_s, number, stop))
    goals = [*itinerary.stops, None]
    for number, leg in enumerate(itinerary.legs, 1):
        if leg and leg.end_s > leg.begin_s:
            rows.append(Row("ride" if leg.ride else "walk", leg.begin_s, leg.end_s, number, goals[number - 1], leg))
    if itinerary.lunch:
        rows.append(Row("lunch", itinerary.lunch.begin_s, itinerary.lunch.end_s))
    rows.sort(key=lambda row: (row.begin_s, row.end_s))
    return _with_waits(rows)


def _with_waits(rows: list[Row]) -> list[Row]:
    filled: list[Row] = []
    for row in rows:
        if filled and row.begin_s - filled[-1].end_s >= SHORTEST_S:
            filled.append(Row("wait", filled[-1].end_s, row.begin_s, row.number, row.stop))
        filled.append(row)
    return filled
