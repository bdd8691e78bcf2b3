"""Reckon with dates of which only the year or the month may be known."""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date

_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_TENS = re.compile(r"(?<=[年月])(\d?)十(\d?)(?=[月日号])")
_WRITTEN = re.compile(r"(\d{4})(?:年|[-/.年](\d{1,2})(?:[-/.月](\d{1,2})[日号]?|月)?)?(?:[ T]0?0:00(?::00)?)?")


def iso_date(text: str) -> str | None:
    """Return a date as people write it (2024年9月1日, 2024/9/1, 2024-9) as ISO text, as precise as it was given."""
    plain = unicodedata.normalize("NFKC", text).strip().translate(_NUMERALS)
    plain = _TENS.sub(lambda found: str(int(found[1] or 1) * 10 + int(found[2] or 0)), plain)
    found = _WRITTEN.fullmatch(re.sub(r"(?<=[年月]) | (?=[年月日号])", "", plain))
    iso = "-".join(f"{int(part):02}" for part in found.groups() if part) if found else ""
    try:
        date.fromisoformat((iso + "-01-01")[:10])  # a year or a month begins with its first day
    except ValueError:
        return None
    return iso


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
