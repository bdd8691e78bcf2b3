"""Name days ahead by their weekday: the server's clock is real, plans no day that is past, and tests outlive it."""

from __future__ import annotations

from datetime import date, timedelta

MONDAY, FRIDAY, SATURDAY = 0, 4, 5


def coming(weekday: int) -> date:
    """Return such a day of the week, 8 to 14 days ahead, so that midnight may pass meanwhile."""
    day = date.today() + timedelta(days=8)  # noqa: DTZ011
    return day + timedelta(days=(weekday - day.weekday()) % 7)
