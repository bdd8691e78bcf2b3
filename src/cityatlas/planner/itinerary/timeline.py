"""Tell a planned day as rows of time, and what each interest brings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .itinerary import Itinerary, ItineraryStop, Leg

SHORTEST_S = 60  # a shorter wait is not worth a row


@dataclass(frozen=True, eq=False)
class TimelineRow:
    """Hold one span of the day. A visit has its stop and number, a way its leg and where it leads (or None).

    A "ride" is by boat and its timetable, a "transfer" by bicycle, bus or taxi and an estimate.
    """

    kind: Literal["walk", "ride", "transfer", "visit", "rest", "lunch", "wait"]
    begin_s: int
    end_s: int
    number: int = 0
    stop: ItineraryStop | None = None
    leg: Leg | None = None

    @property
    def minutes(self) -> int:
        """Return whole minutes, at least one."""
        return max(1, round((self.end_s - self.begin_s) / 60))


def timeline(itinerary: Itinerary) -> list[TimelineRow]:
    """Return the rows of an itinerary in order; no stops give no rows."""
    rows: list[TimelineRow] = []
    for number, stop in enumerate(itinerary.stops, 1):
        rows.append(TimelineRow("visit", stop.begin_s, stop.end_s, number, stop))
        if stop.leave_s > stop.end_s:
            rows.append(TimelineRow("rest", stop.end_s, stop.leave_s, number, stop))
    goals = [*itinerary.stops, None]
    for number, leg in enumerate(itinerary.legs, 1):
        if leg and leg.end_s > leg.begin_s:
            rows.append(TimelineRow(_kind(leg), leg.begin_s, leg.end_s, number, goals[number - 1], leg))
    if itinerary.lunch:
        rows.append(TimelineRow("lunch", itinerary.lunch.begin_s, itinerary.lunch.end_s))
    rows.sort(key=lambda row: (row.begin_s, row.end_s))
    return _with_waits(rows)


def _kind(leg: Leg) -> Literal["walk", "ride", "transfer"]:
    return "ride" if leg.ride else "transfer" if leg.is_estimate else "walk"


def _with_waits(rows: list[TimelineRow]) -> list[TimelineRow]:
    filled: list[TimelineRow] = []
    for row in rows:
        if filled and row.begin_s - filled[-1].end_s >= SHORTEST_S:
            filled.append(TimelineRow("wait", filled[-1].end_s, row.begin_s, row.number, row.stop))
        filled.append(row)
    return filled


OTHER = ""  # stands for what is of none of the interests


def scores_by_theme(itinerary: Itinerary) -> dict[str, int]:
    """Return the score by theme, most first; the parts add up to the whole.

    A stop of several wanted themes counts for each by its weight. Without wanted themes all of a stop's count alike.
    """
    wanted = dict(itinerary.request.themes)
    found: dict[str, int] = {}
    for stop in itinerary.stops:
        for theme, score in _shares(stop, wanted).items():
            found[theme] = found.get(theme, 0) + score
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _shares(stop: ItineraryStop, wanted: dict[str, int]) -> dict[str, int]:
    themes = sorted(stop.feature.themes)
    weights = {theme: wanted.get(theme, 0) if wanted else 1 for theme in themes}
    weights = {theme: weight for theme, weight in weights.items() if weight} or {OTHER: 1}
    shares = {theme: stop.score * weight // sum(weights.values()) for theme, weight in weights.items()}
    first = next(iter(shares))
    shares[first] += stop.score - sum(shares.values())
    return shares
