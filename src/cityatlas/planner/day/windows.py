"""Tell when a visit may begin on the day of a tour: open then, long enough, and before the tour ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from ...catalogue.catalogue import Catalogue
from ...city.feature_opening import open_on
from ...city.layers import Feature
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
    if (known := open_spans(catalogue, feature, request)) is not None:
        spans = known
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


def open_spans(catalogue: Catalogue, feature: Feature, request: TourRequest) -> list[tuple[int, int]] | None:
    """Return from when to when a place is open on the day, in seconds since its midnight; None for unknown hours."""
    intervals = open_on(feature, request.day, catalogue.city)
    if intervals is None:
        return None
    return [(_seconds(start, request.day), _seconds(end, request.day)) for start, end in intervals]


def _seconds(moment: datetime, day: date) -> int:
    return (moment.date() - day).days * DAY_S + moment.hour * 3600 + moment.minute * 60
