"""Reckon with dates of which only the year or the month may be known."""

from __future__ import annotations

import calendar
from datetime import date


def span_of(text: str) -> tuple[date, date]:
    """Return the first and the last day that a date ("2024", "2024-03" or "2024-03-05") can mean."""
    year, month, day = (*(int(part) for part in text.split("-")), 0, 0)[:3]
    first = date(year, month or 1, day or 1)
    last_month = month or 12
    return first, date(year, last_month, day or calendar.monthrange(year, last_month)[1])


def months_between(earlier: str, later: str) -> int:
    """Return how many months lie between two ("2024-11" and "2026-01" are 14 apart)."""
    return (int(later[:4]) - int(earlier[:4])) * 12 + int(later[5:7]) - int(earlier[5:7])


def years_before(day: date, years: int) -> date:
    """Return the same day some years ago; 1 March for a 29 February that was not."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)
