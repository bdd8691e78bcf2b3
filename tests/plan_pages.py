"""Look at pages of the planner in tests: a day, a wish, and what a page says."""

from __future__ import annotations

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from days import FRIDAY, coming

DAY = coming(FRIDAY).isoformat()
MORNING = f"date={DAY}&start=09:00&end=12:00&start_at=quay&end_at=hall&unknown_hours=yes&fullness=full"


def look(client: FlaskClient, address: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == status, answer.text[:500]
    return BeautifulSoup(answer.text, "html.parser")


def words(soup: BeautifulSoup, selector: str) -> list[str]:
    return [" ".join(found.get_text().split()) for found in soup.select(selector)]
