"""Tell when a visit may begin on the day of a tour: open then, long enough, and before the tour ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...city.opening_hours import intervals_on
from ..request.request import TourRequest
from ..request.values import DAY_S

Windows = tuple[tuple[int, int], ...]


def visit_windows(
    catalogue: Catalogue, feature: Feature, request: TourRequest, visit_s: int, departures: Sequence[int] | None = None
) -> Windows:
    """Return when a visit may begin: it ends before closing and before the tour's end, and keeps last entry.

    What was agreed to begin at a moment has that moment alone, if the place can be visited then. What leaves by a
    timetable (`departures`, seconds since midnight) begins at one of its moments.
    """
    last_entry_s = max(visit_s, (feature.last_entry_min or 0) * 60)
    spans = [(0, request.end_s + last_entry_s)]  # unknown hours that are allowed: any time, and the plan says so
    if feature.opening_hours:
        spans = list(open_spans(catalogue, feature, request))
    windows = []
    agreed_s = dict(request.begins).get(feature.id)
    for opens_s, closes_s in spans:
        first_s = max(opens_s, request.start_s, agreed_s or 0)
        last_s = min(closes_s - last_entry_s, request.end_s - visit_s)
        last_s = last_s if agreed_s is None else min(last_s, agreed_s)
        if first_s <= last_s:
            windows.append((first_s, last_s))
    if departures is not None:
        windows = [(at_s, at_s) for at_s in departures if any(first_s <= at_s <= last_s for first_s, last_s in windows)]
    return tuple(windows)


def open_spans(catalogue: Catalogue, feature: Feature, request: TourRequest) -> Iterator[tuple[int, int]]:
    """Yield from when to when a place with hours is open on the day, in seconds since its midnight."""
    city, midnight = catalogue.city, request.day
    for start, end in intervals_on(feature.opening_hours, request.day, timezone=city.timezone, holidays=city.holidays):
        begin_s = start.hour * 3600 + start.minute * 60
        days = (end.date() - midnight).days
        yield begin_s, days * DAY_S + end.hour * 3600 + end.minute * 60
