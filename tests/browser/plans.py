"""Plan tours in a browser."""

from __future__ import annotations

from playwright.sync_api import Page

import days
from days import coming

SATURDAY = coming(days.SATURDAY).isoformat()
PARTY = (
    f"date={SATURDAY}&start=13:30&end=17:00&start_at=east-lake-wharf&end_at=pinghu-coach-centre&theme=integrity,canal_town"
    "&must=on-board-lecture-line&party=12&step_free=yes&unknown_hours=yes&boat=yes"
)


def is_wider_than_screen(page: Page) -> bool:
    """Return whether one would have to scroll sideways."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide
