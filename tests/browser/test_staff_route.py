"""Order the stops of a tour route by drag, and let the line follow the network."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESKTOP, OpenVisit, drag_by_finger, served
from browser.desk import SAVED, SOON_MS, log_in, place_of
from cityatlas.app import create_app
from cityatlas.settings import Settings
from staff import add_person, store_of
from toy_plan import write_walkable

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the toy city with its streets, whose desk has the contributor coco."""
    folder = tmp_path_factory.mktemp("desk")
    app = create_app(Settings(geodata=write_walkable(folder / "toy"), var=folder / "var"))
    add_person(store_of(app), "coco", "contributor")
    with served(app.config["SETTINGS"]) as url:
        yield url


def stops_of(page: Page) -> list[str]:
    """Return the names of the stops, in order."""
    return [field.input_value() for field in page.locator("[name^='stops.'][name$='.id']").all()]


def test_stops_are_dragged_and_the_line_follows_the_network(visit: OpenVisit, desk: str) -> None:
    page = log_in(visit(DESKTOP, at=desk), "coco", "/en/staff/features/boat-tour")
    assert stops_of(page) == ["Old mill", "Quay", "Memory hall"]
    expect(page.locator(".route-total")).to_contain_text("2874 m")
    page.get_by_role("button", name="Join along the network").click()
    expect(page.locator(".route-total")).to_contain_text("Joined along the network")
    assert place_of(page)["coordinates"] == [[121.0, 30.7], [121.01, 30.7], [121.03, 30.7]]  # type: ignore[index]
    first, third = (page.locator(f"[id='stops.{n}'] .grip") for n in (0, 2))
    third.scroll_into_view_if_needed()
    first.hover()
    page.mouse.down()
    to = third.bounding_box()
    assert to
    page.mouse.move(to["x"] + 5, to["y"] + to["height"], steps=8)
    page.mouse.up()
    assert stops_of(page) == ["Quay", "Memory hall", "Old mill"]
    page.keyboard.press("Escape")
    expect(page.locator(".route-legs li")).to_contain_text(["Quay → Memory hall", "Memory hall → Old mill"])
    expect(page.locator(".edit-state")).to_contain_text(SAVED, timeout=SOON_MS)
    assert place_of(page)["coordinates"][0] == [121.01, 30.7]  # type: ignore[index]  # it followed the stops


def test_a_line_that_is_joined_chooses_how_to_go_on_where_nobody_did(visit: OpenVisit, desk: str) -> None:
    page = log_in(visit(DESKTOP, at=desk), "coco", "/en/staff/features/boat-tour")
    ways = page.locator("[name^='stops.'][name$='.mode']")
    for number in range(2):
        ways.nth(number).select_option("")
    page.get_by_role("button", name="Join along the network").click()
    expect(page.locator(".route-total")).to_contain_text("Joined along the network")
    assert [way.input_value() for way in ways.all()] == ["walk", "walk", ""]  # nothing leads on from the last one


def test_stops_are_dragged_with_a_finger(visit: OpenVisit, desk: str) -> None:
    page = log_in(visit(DESKTOP | {"has_touch": True}, at=desk), "coco", "/en/staff/features/boat-tour")
    names = stops_of(page)
    page.locator("[id='stops.2'] .grip").scroll_into_view_if_needed()
    first, third = (page.locator(f"[id='stops.{n}'] .grip").bounding_box() for n in (0, 2))
    assert first
    assert third
    drag_by_finger(page, (third["x"] + 9, third["y"] + 9), (first["x"] + 9, first["y"] - 20))
    assert stops_of(page) == [names[2], names[0], names[1]]
    expect(page.locator(".dragged, .drop-before, .drop-after")).to_have_count(0)


def test_a_drag_is_given_up_by_escape(visit: OpenVisit, desk: str) -> None:
    page = log_in(visit(DESKTOP, at=desk), "coco", "/en/staff/features/boat-tour")
    names = stops_of(page)
    page.locator("[id='stops.2'] .grip").scroll_into_view_if_needed()
    page.locator("[id='stops.0'] .grip").hover()
    page.mouse.down()
    box = page.locator("[id='stops.2']").bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] - 2, steps=4)
    expect(page.locator("[id='stops.2']")).to_have_class(re.compile("drop-after"))
    page.keyboard.press("Escape")
    page.mouse.up()
    assert stops_of(page) == names
    expect(page.locator(".dragged, .drop-after")).to_have_count(0)


def test_stops_are_moved_by_keys_and_found_by_pinyin(visit: OpenVisit, desk: str) -> None:
    page = log_in(visit(DESKTOP, at=desk), "coco", "/zh/staff/features/boat-tour")
    first = stops_of(page)
    page.locator("[name='stops.1.id']").press("Alt+ArrowUp")
    assert stops_of(page) == [first[1], first[0], first[2]]
    expect(page.locator("[name='stops.0.id']")).to_be_focused()
    page.get_by_role("button", name="加一站").click()
    page.locator("[name='stops.3.id']").press_sequentially("xuexiao")
    expect(page.locator("#known-stop option[value='学校']")).to_be_attached()
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator("[name='stops.3.id']")).to_have_value("学校")
