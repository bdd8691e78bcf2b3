"""Plan a tour of the shipped city as visitors do: on a phone, at a desk, by keyboard, and without scripts."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESKTOP, PHONE, OpenVisit

pytestmark = pytest.mark.browser


def next_saturday() -> str:
    """Return a Saturday at least a week ahead; the server's clock is real."""
    day = date.today() + timedelta(days=8)  # noqa: DTZ011
    return (day + timedelta(days=(5 - day.weekday()) % 7)).isoformat()


SATURDAY = next_saturday()
PARTY = (
    f"date={SATURDAY}&start=13:30&end=17:00&start_at=east-lake-wharf&end_at=pinghu-coach-centre&theme=integrity,canal_town"
    "&must=on-board-lecture-line&party=12&step_free=yes&unknown_hours=yes&boat=yes"
)


def is_wider_than_screen(page: Page) -> bool:
    """Return whether one would have to scroll sideways."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_three_taps_on_a_phone_give_a_plan(visit: OpenVisit, scripts: bool) -> None:
    page = visit(PHONE, java_script_enabled=scripts).open("/zh/")
    page.goto(page.url.replace("/zh/", "/zh/plan"))
    page.get_by_label("日期").fill(SATURDAY)
    page.get_by_label("清廉文化").check()
    page.get_by_role("button", name="开始安排").first.click()
    expect(page.locator(".timeline .row.visit").first).to_be_visible()
    assert page.locator(".timeline .row.visit").count() >= 2
    expect(page.locator("figure.map-picture svg.picture")).to_be_visible()


def test_the_menu_leads_to_the_planner(visit: OpenVisit) -> None:
    page = visit(DESKTOP).open("/en/about")
    page.get_by_role("link", name="Plan", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Plan a tour")


def test_a_party_of_twelve_gets_its_afternoon(visit: OpenVisit) -> None:
    page = visit(PHONE).open(f"/en/plan?{PARTY}")
    expect(page.locator(".row.edge").first).to_contain_text("East Lake Boat Wharf")
    expect(page.locator(".row.edge").last).to_contain_text("Pinghu Coach Center")
    expect(page.locator(".timeline")).to_contain_text("On-Board Party Lecture")
    expect(page.locator(".timeline")).to_contain_text("No timetable is published")
    assert not is_wider_than_screen(page)


def test_a_stop_is_left_out_by_keyboard(visit: OpenVisit) -> None:
    page = visit(DESKTOP).open(f"/en/plan?{PARTY}")
    last = page.locator(".row.visit").last
    name = last.locator(".stop-name").inner_text()
    last.get_by_role("link", name=re.compile("^Leave out")).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("not="))
    assert name not in page.locator(".stop-name").all_inner_texts()


def test_why_not_leads_to_a_plan(visit: OpenVisit) -> None:
    monday = (date.fromisoformat(SATURDAY) + timedelta(days=2)).isoformat()
    page = visit(PHONE).open(f"/en/plan?date={monday}&start=10:00&end=15:00&must=li-shutong-memorial")
    expect(page.locator("#nothing")).to_contain_text("closed on that day")
    page.get_by_role("link", name=re.compile("^Go on Tuesday")).click()
    expect(page.locator(".timeline")).to_contain_text("Li Shutong Memorial")


def test_the_stops_of_a_plan_open_on_the_map(visit: OpenVisit) -> None:
    page = visit(DESKTOP).open(f"/en/plan?{PARTY}")
    page.get_by_role("link", name="Show the stops on the map").click()
    page.wait_for_selector("#picture", state="detached")
    assert "tour=" in page.url
