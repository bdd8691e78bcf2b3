"""Collect places on the map and plan them, take a place into a plan that has no room, and go back, in a browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from browser.conftest import DESKTOP, PHONE, OpenVisit
from browser.plans import SATURDAY

pytestmark = pytest.mark.browser

STATION = "pinghu-coach-centre"
AFTERNOON = (
    f"date={SATURDAY}&start=13:30&end=16:30&start_at={STATION}&end_at={STATION}&unknown_hours=yes"
    "&must=pinghu-museum&keep=pinghu-museum"
)


def test_three_places_collected_on_the_map_are_a_plan_with_one_tap(visit: OpenVisit) -> None:
    page = visit(PHONE).open("/zh/?tour=mo-manor,li-shutong-memorial,pinghu-museum")
    page.get_by_role("link", name="排成一天的安排").tap()
    expect(page.locator(".timeline .row.visit").first).to_be_visible()
    for place in ("mo-manor", "li-shutong-memorial", "pinghu-museum"):
        expect(page.locator(f".row.visit[data-id={place}]")).to_have_count(1)


def test_adding_a_place_says_first_what_has_to_go_and_what_would_save_it(visit: OpenVisit) -> None:
    page = visit(DESKTOP).open(f"/en/plan?{AFTERNOON}")
    before = page.url
    search = page.locator("#plan-add input")
    search.fill("Li Shutong")
    page.locator("#found [role=option]").first.click()
    cost = page.get_by_role("group", name="Others would have to go")
    expect(cost).to_be_focused()
    expect(page.locator(".row.visit[data-id=pinghu-museum]")).to_have_count(1)
    assert page.url == before
    expect(page.locator(".mark-pin")).to_have_count(0)  # a plan's map shows the plan's marks alone
    cost.get_by_role("link", name="taxi").click()
    for place in ("li-shutong-memorial", "pinghu-museum"):
        expect(page.locator(f".row.visit[data-id={place}]")).to_have_count(1)
    assert "modes=walk,taxi" in page.url


def test_undo_brings_the_form_back_as_it_was_filled(visit: OpenVisit) -> None:
    page = visit(DESKTOP).open("/en/plan")
    page.locator(".day").last.locator("[data-span]").nth(1).click()
    page.locator("[data-theme=family]").click()
    page.locator(f"[data-start={STATION}]").click()
    page.get_by_role("button", name="Plan it").click()
    expect(page).not_to_have_title(re.compile("^Plan a tour"))
    page.locator("[data-undo]").click()
    expect(page.locator("#plan-form")).to_be_visible()
    expect(page.locator("#plan-start")).to_have_value("13:30")
    expect(page.locator("[data-theme=family]")).to_be_checked()
    expect(page.locator("#plan-start_at")).to_have_value(STATION)
    expect(page.locator("[data-back][aria-pressed=true]")).to_be_visible()


def test_a_plan_is_kept_on_this_phone_renamed_and_deleted(visit: OpenVisit) -> None:
    visitor = visit(PHONE)
    page = visitor.open(f"/zh/plan?{AFTERNOON}")
    page.locator("[data-wish]").tap()  # from the bar of the day to the form behind it
    expect(page.locator("#wish > summary")).to_be_in_viewport()
    expect(page.locator("#plan-start")).to_be_visible()
    page.get_by_role("button", name="存到手机").tap()
    expect(page.locator("#told")).to_contain_text("存好了")
    page.goto(f"{visitor.address}/zh/plan")
    kept = page.locator("#my-plans li")
    expect(kept).to_have_count(1)
    expect(kept).to_contain_text("平湖市博物馆")
    page.get_by_role("button", name="改名").tap()
    page.get_by_label("安排的名称").fill("<b>周六</b>")
    page.get_by_role("button", name="保存").tap()
    expect(kept.locator("a")).to_have_text("<b>周六</b>")
    expect(kept.locator("a")).to_have_attribute("href", re.compile("/zh/plan\\?.*must=pinghu-museum"))
    page.get_by_role("button", name="删除").tap()
    expect(page.locator("#my-plans")).to_be_hidden()
