"""Change a planned day by hand, and walk along it: by finger, by keyboard, with and without a position."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from browser.axe import AXE, OPTIONS
from browser.conftest import DESKTOP, PHONE, OpenVisit, drag_by_finger
from browser.plans import SATURDAY

pytestmark = pytest.mark.browser
MORNING = f"date={SATURDAY}&start=09:00&end=12:00&start_at=east-lake-wharf&unknown_hours=yes"
HALF_PAST_NINE, ELEVEN = f"{SATURDAY}T09:30:00+08:00", f"{SATURDAY}T11:00:00+08:00"


def names(page: Page) -> list[str]:
    """Return the stops in order."""
    return page.locator(".stop-name").all_inner_texts()


def day(page: Page) -> dict[str, Any]:
    """Return what the map's script draws."""
    drawn: dict[str, Any] = json.loads(page.locator("#plan-drawn").text_content() or "")
    return drawn


def adjust(page: Page, index: int, label: str) -> None:
    """Follow a link of a stop's menu, by keyboard."""
    row = page.locator(".row.visit").nth(index)
    if row.locator(".adjust[open]").count() == 0:
        row.locator(".adjust summary").press("Enter")
    row.get_by_role("link", name=re.compile(f"^{label}")).press("Enter")


def test_a_dragged_stop_comes_where_it_is_put(visit: OpenVisit) -> None:
    page = visit(DESKTOP).open(f"/en/plan?{MORNING}")
    moved = names(page)[1]
    grip, first = page.locator(".grip").nth(1), page.locator(".row.visit").first
    grip.scroll_into_view_if_needed()
    box, goal = grip.bounding_box(), first.bounding_box()
    assert box
    assert goal
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 10, goal["y"] + 10, steps=4)
    above = "row => [getComputedStyle(row, '::after'), getComputedStyle(document.querySelector('.dragged'))]"
    line, card = page.locator(".drop-before").evaluate(f"row => ({above})(row).map((style) => Number(style.zIndex))")
    assert line > card  # where it will fall is seen above the card that is dragged
    page.mouse.up()
    page.wait_for_url(re.compile("order="))
    expect(page.locator("#told")).to_contain_text(f"{moved} is now stop")
    assert moved in names(page)


def test_a_stop_is_dragged_with_a_finger(visit: OpenVisit) -> None:
    page = visit(PHONE).open(f"/en/plan?{MORNING}")
    page.locator("#sheet-handle").press("ArrowUp")  # the sheet is half open at first, and the day needs room
    moved = names(page)[1]
    grip, first = page.locator(".grip").nth(1), page.locator(".row.visit").first
    grip.scroll_into_view_if_needed()
    box, goal = grip.bounding_box(), first.bounding_box()
    assert box
    assert goal
    drag_by_finger(page, (box["x"] + 10, box["y"] + 10), (box["x"] + 10, goal["y"] + 10))
    page.wait_for_url(re.compile("order="))
    expect(page.locator("#told")).to_contain_text(f"{moved} is now stop")


def test_a_stop_moves_by_arrow_keys_and_keeps_the_focus(visit: OpenVisit) -> None:
    page = visit(PHONE).open(f"/zh/plan?{MORNING}")
    moved = names(page)[0]
    page.locator(".grip").first.press("ArrowDown")
    page.wait_for_url(re.compile("order="))
    expect(page.locator("#told")).to_contain_text(moved)
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert moved in label


def test_changes_are_undone_by_the_back_button(visit: OpenVisit) -> None:
    page = visit(DESKTOP).open(f"/en/plan?{MORNING}")
    first_names, first_url = names(page), page.url
    adjust(page, 0, "10 min longer")
    page.wait_for_url(re.compile("stay="))
    adjust(page, 0, "Fix at")
    page.wait_for_url(re.compile("begin_at="))
    expect(page.locator(".row.visit .tag", has_text="time fixed")).to_have_count(1)
    adjust(page, len(names(page)) - 1, "Leave out")
    page.wait_for_url(re.compile("not="))
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url(lambda url: "not=" not in url)
    page.go_back()
    page.go_back()
    page.wait_for_url(first_url)
    expect(page.locator(".stop-name")).to_have_text(first_names)


def test_a_row_and_its_number_on_the_map_stand_out_together(visit: OpenVisit) -> None:
    page = visit(PHONE).open(f"/en/plan?{MORNING}")
    page.locator(".plan-pin").nth(1).press("Enter")
    expect(page.locator("#stop-2")).to_have_attribute("aria-current", "true")
    page.locator("#leg-1 [data-show]").press("Enter")
    expect(page.locator("#leg-1")).to_have_attribute("aria-current", "true")
    expect(page.locator(".plan-way.active")).to_have_count(1)
    page.evaluate("void cityatlas.map.map.setView([30.70, 121.10], 17, { animate: false })")  # elsewhere
    page.locator("#leg-2 [data-show]").press("Enter")
    expect(page.locator(".plan-way.active")).to_be_in_viewport()
    expect(page.locator("#plan-said")).to_contain_text("Walk about")


def test_a_place_is_added_from_the_search(visit: OpenVisit) -> None:
    page = visit(DESKTOP).open(f"/en/plan?{MORNING}")
    page.get_by_role("combobox", name="Add a place").fill("mo manor")
    page.locator("#found [role=option]").first.click()
    page.get_by_role("button", name="Add it all the same").click()  # the morning is full: something has to go
    page.wait_for_url(re.compile("must=mo-manor"))
    expect(page.locator("#plan-day")).to_contain_text("Mo's Manor")


def test_a_slow_answer_shows_progress_and_can_be_stopped(visit: OpenVisit) -> None:
    visitor = visit(PHONE)
    page = visitor.open(f"/en/plan?{MORNING}")
    before, url, held = names(page), page.url, list[Route]()
    page.route("**/plan?*", lambda route: held.append(route))
    adjust(page, 0, "10 min longer")
    expect(page.locator("#plan-said")).to_contain_text("Press Escape to stop")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#told")).to_contain_text("Your plan is as it was")
    expect(page.locator("#plan-progress")).to_be_hidden()
    expect(page.locator("[data-change=longer]").first).to_be_focused()
    adjust(page, 0, "10 min longer")
    expect(page.locator("#plan-progress")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#plan-progress")).to_be_hidden()
    expect(page.locator("[data-change=longer]").first).to_be_focused()
    assert (names(page), page.url) == (before, url)
    page.unroute("**/plan?*")
    visitor.context.set_offline(True)
    adjust(page, 1, "10 min longer")
    expect(page.locator("#told")).to_contain_text("could not be reached")
    assert (names(page), page.url) == (before, url)
    visitor.allow_complaints()  # the browser reports the refused request itself


def test_a_point_on_the_map_is_where_the_day_starts(visit: OpenVisit) -> None:
    page = visit(DESKTOP).open("/en/plan")
    page.locator("[data-else]").click()
    page.locator("[data-point=start_at]").click()
    page.locator(".folium-map").click(position={"x": 420, "y": 400})
    expect(page.locator("#plan-start_at")).to_have_value(re.compile(r"^12\d\.\d+,3\d\.\d+$"))


@pytest.mark.parametrize("way", ["button", "key"])
def test_a_point_on_the_map_can_be_given_up(visit: OpenVisit, way: str) -> None:
    page = visit(PHONE).open("/en/plan")
    page.locator("[data-else]").click()
    page.locator("[data-point=end_at]").click()
    expect(page.get_by_role("button", name="Cancel")).to_be_focused()
    if way == "key":
        page.keyboard.press("Escape")
    else:
        page.get_by_role("button", name="Cancel").click()
    expect(page.locator("[data-point=end_at]")).to_be_focused()
    expect(page.locator("#panel")).to_have_attribute("data-sheet", "full")
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0)


@pytest.mark.parametrize("has_script", [True, False])
def test_a_place_is_left_out_in_the_form(visit: OpenVisit, has_script: bool) -> None:
    page = visit(PHONE, java_script_enabled=has_script).open(f"/en/plan?{MORNING}")
    gone = names(page)[0]
    page.locator("#wish > summary").click()
    page.locator("#form-places > summary").click()
    for fold in page.locator(".choices:not([open]) > summary").all()[::-1]:
        fold.click()
    page.get_by_role("radiogroup", name=gone).get_by_role("radio", name="Leave out").check()
    page.get_by_role("button", name="Plan it").click()
    page.wait_for_url(re.compile(r"[&?]not=[a-z0-9-]+$"))
    assert "place" not in page.url
    assert gone not in names(page)


def test_a_fault_gets_the_focus_and_marks_its_field_until_it_is_changed(visit: OpenVisit) -> None:
    visitor = visit(PHONE)
    page = visitor.open(f"/en/plan?{MORNING}")
    page.locator("#wish > summary").click()
    page.locator("#plan-end").fill("08:00")
    page.get_by_role("button", name="Plan it").click()
    expect(page.locator("#fault")).to_be_focused()
    expect(page.locator("#plan-end")).to_have_attribute("aria-describedby", "fault-text")
    page.locator("#plan-end").fill("12:00")
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    visitor.allow_complaints()  # the browser reports the answer 422


def is_seen(page: Page) -> bool:
    """Return whether what has the focus is the topmost thing at its own middle."""
    seen: bool = page.evaluate("""() => {
        const part = document.activeElement, box = part.getBoundingClientRect();
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        return part.contains(top) || top.contains(part);
    }""")
    return seen


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_bar_of_the_day_covers_nothing_that_has_the_focus(visit: OpenVisit, device: dict[str, Any]) -> None:
    page = visit(device).open(f"/en/plan?{MORNING}")
    page.locator(".take summary").first.focus()
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        assert is_seen(page)


def test_at_four_hundred_percent_the_day_can_be_read(visit: OpenVisit) -> None:
    page = visit(PHONE | {"viewport": {"width": 320, "height": 256}}).open(f"/en/plan?{MORNING}")
    expect(page.locator("#panel")).to_have_attribute("data-sheet", "full")
    page.locator(".stop-name").first.focus()
    box = page.locator("#panel-scroll").bounding_box()
    assert box
    assert box["height"] > 190
    assert is_seen(page)


def test_interest_counts_once_and_twice(visit: OpenVisit) -> None:
    page = visit(DESKTOP).open("/en/plan")
    theme = page.get_by_role("checkbox", name=re.compile("^Integrity"))
    sent = []
    for _ in range(3):
        theme.press("Space")
        sent.append((theme.get_attribute("value"), theme.is_checked()))
    assert sent == [("integrity", True), ("integrity:2", True), ("integrity", False)]


def test_the_next_stop_is_told_by_the_position_which_stays_here(visit: OpenVisit) -> None:
    visitor = visit(PHONE, permissions=["geolocation"])
    page = visitor.open(f"/en/plan?{MORNING}")
    page.clock.set_fixed_time(HALF_PAST_NINE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    first = day(page)["stops"][0]
    south = round(first["lat"] - 0.005, 6)  # 0.005 degrees of latitude are 556 m
    visitor.context.set_geolocation({"longitude": first["lon"], "latitude": south})
    page.get_by_role("button", name="Guide me").click()
    expect(page.locator("#walk-title")).to_have_text(f"To stop 1: {first['name']}")
    page.get_by_role("button", name="Use my position").click()
    expect(page.locator("#plan-walk")).to_contain_text("About 560 m north, as the crow flies")
    visitor.context.set_geolocation({"longitude": first["lon"], "latitude": first["lat"]})
    expect(page.locator("#walk-title")).to_have_text(f"At stop 1: {first['name']}")
    expect(page.locator(".walk-said")).to_contain_text(f"At stop 1: {first['name']}")
    near = round(first["lat"] - 0.0005, 6)  # 56 m: still there
    visitor.context.set_geolocation({"longitude": first["lon"], "latitude": near})
    page.wait_for_timeout(300)
    expect(page.locator("#walk-title")).to_have_text(f"At stop 1: {first['name']}")
    visitor.context.set_geolocation({"longitude": first["lon"], "latitude": round(first["lat"] - 0.001, 6)})
    expect(page.locator("#walk-title")).to_contain_text("To stop 2")
    second = day(page)["stops"][1]
    said = page.locator(".walk-said").inner_text()
    off = round(second["lat"] - 0.001, 6)  # by 111 m
    visitor.context.set_geolocation({"longitude": second["lon"], "latitude": off, "accuracy": 30})
    expect(page.locator("#plan-walk")).to_contain_text("About 110 m north, as the crow flies")
    assert page.locator(".walk-said").inner_text() == said  # metres are shown, and not said with each fix
    nearer = round(second["lat"] - 0.0008, 6)
    visitor.context.set_geolocation({"longitude": second["lon"], "latitude": nearer, "accuracy": 95})  # 89 m off
    expect(page.locator("#walk-title")).to_contain_text("At stop 2")
    assert page.evaluate("at => cityatlas.map.map.getBounds().contains(at)", [second["lat"], second["lon"]])
    assert [url for url in asked if str(first["lon"]) in url or str(south) in url] == []


def test_without_a_position_taps_lead_on_and_lateness_offers_a_way_out(visit: OpenVisit) -> None:
    page = visit(PHONE).open(f"/zh/plan?{MORNING}")
    page.clock.set_fixed_time(ELEVEN)
    page.get_by_role("button", name="边走边看").click()
    page.get_by_role("button", name="用手机的位置").click()
    expect(page.locator("#plan-walk")).to_contain_text("没有位置也能用")
    expect(page.get_by_role("button", name="用手机的位置")).to_be_visible()  # it may be asked again
    expect(page.get_by_role("button", name="边走边看")).to_be_hidden()
    expect(page.get_by_role("button", name="上一步")).to_be_disabled()
    page.get_by_role("button", name="我到了").click()
    expect(page.locator("#walk-title")).to_contain_text("在第 1 站")
    page.get_by_role("button", name="出发", exact=True).click()
    expect(page.locator(".walk-late")).to_contain_text("分钟")
    first, dropped = day(page)["stops"][0]["id"], day(page)["stops"][-1]["id"]
    page.locator(".walk-late a").click()
    page.wait_for_url(re.compile(f"not={first},{dropped}"))
    assert "start=11:00" in page.url  # what is left of the day is planned from now on
    assert f"start_at={first}" in page.url
    expect(page.locator("#walk-title")).to_contain_text("第 1 站")
    page.get_by_role("button", name="收起", exact=True).click()
    expect(page.get_by_role("button", name="边走边看")).to_be_focused()


def test_axe_finds_nothing_in_the_parts_that_open(visit: OpenVisit) -> None:
    page = visit(PHONE).open(f"/zh/plan?{MORNING}")
    page.get_by_role("button", name="边走边看").click()
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    page.evaluate(f"() => {{ {AXE.read_text('utf-8')}; window.axe = axe; }}")
    found = page.evaluate("options => window.axe.run('#panel', options)", OPTIONS)
    assert [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found["violations"]] == []
