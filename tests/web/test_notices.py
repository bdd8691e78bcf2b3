"""Show a notice wherever its place is shown, for as long as it holds, and heed one that closes."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.settings import Settings
from days import FRIDAY, coming
from plan_pages import look, words
from toy import text, with_properties
from toy_plan import walkable_sights, write_walkable

WISH = "date={}&start=09:00&end=17:00&unknown_hours=yes"
REPAIRED = coming(FRIDAY)
DAY, LATER = WISH.format(REPAIRED), WISH.format(REPAIRED + timedelta(days=7))
REPAIRS = {
    "text": text("修缮", "Repairs <b>"),
    "from": (REPAIRED - timedelta(days=2)).isoformat(),
    "to": (REPAIRED + timedelta(days=3)).isoformat(),
    "source": "Town paper",
}


def visitor(tmp_path: Path, feature_id: str, *notices: dict[str, Any], **more: Any) -> FlaskClient:
    """Return a browser that sees the toy city with its streets, one place of which has notices."""
    sights = with_properties(walkable_sights(), feature_id, notices=list(notices), **more)
    return create_app(Settings(geodata=write_walkable(tmp_path / "city", sights=sights))).test_client()


@pytest.mark.parametrize("more", ["", "&must=hall"])
def test_a_plan_says_what_a_notice_closes(tmp_path: Path, more: str) -> None:
    client = visitor(tmp_path, "hall", REPAIRS | {"closes": True})
    (told,) = words(look(client, f"/en/plan?{DAY}{more}"), ".notice.closing")
    assert told.startswith("Closed on that day, so left out: Memory hall: Repairs <b> (")
    assert words(look(client, f"/en/plan?{LATER}{more}"), ".notice.closing") == []


def test_a_plan_and_its_text_say_what_else_is_so_at_a_stop(tmp_path: Path) -> None:
    client = visitor(tmp_path, "hall", REPAIRS)
    (told,) = words(look(client, f"/zh/plan?{DAY}"), ".place-notice")
    assert told.startswith("修缮")
    assert "Repairs <b>" in client.get(f"/en/plan.txt?{DAY}").text
    assert words(look(client, f"/zh/plan?{LATER}"), ".place-notice") == []
    assert "Repairs" not in client.get(f"/en/plan.txt?{LATER}").text


def test_who_has_to_call_first_gets_the_number(tmp_path: Path) -> None:
    client = visitor(tmp_path, "mill", phone="0573-85012345", phone_source="Town paper")
    soup = look(client, f"/en/plan?{DAY}")
    (link,) = soup.select(".note.hours_unknown a.phone")
    assert (link["href"], link.text) == ("tel:057385012345", "0573-85012345")
    assert "Phone 0573-85012345" in client.get(f"/en/plan.txt?{DAY}").text


def test_the_data_of_what_is_open_knows_of_a_closure(tmp_path: Path) -> None:
    today = date.today()  # noqa: DTZ011  # the server's clock is real
    closed = {"text": text("修缮", "Repairs"), "to": (today + timedelta(days=40)).isoformat(), "closes": True}
    client = visitor(tmp_path, "mill", closed | {"source": "Town paper"})
    sites = json.loads(client.get("/en/hours.json").data)["sites"]
    assert sites["mill"] == {"open": False, "changes_at": None}
