"""Choose how pages look, and find it on the next page: colours, large type, forced colours, text twice as large."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.conftest import PHONE, OpenVisit
from browser.looks import CANVAS, DARK, GROUND, LIGHT

pytestmark = pytest.mark.browser
PAPER = "() => getComputedStyle(document.documentElement).backgroundColor"
SIZE = "() => getComputedStyle(document.documentElement).fontSize"
WIDER = "() => document.documentElement.scrollWidth - innerWidth"


def test_the_switch_is_kept_and_taken_before_anything_is_drawn(visit: OpenVisit) -> None:
    visitor = visit(PHONE)
    page = visitor.open("/zh/")
    page.locator("#looks summary").click()
    page.get_by_label("深色").check()
    assert (page.evaluate(PAPER), page.evaluate(CANVAS) < 80) == (DARK, True)  # at once, the card and filters stay
    page.get_by_label("大字与高对比").check()
    page.keyboard.press("Escape")
    expect(page.locator("#looks summary")).to_be_focused()
    expect(page.locator("#looks fieldset")).to_be_hidden()
    other = visitor.context.new_page()
    other.route("**/static/page.*.js", lambda route: route.abort())  # what the head itself does
    other.goto(visitor.address + "/zh/layers/sights")
    assert (other.evaluate(SIZE), other.locator(":root").get_attribute("data-look")) == ("20px", "dark")
    assert other.evaluate(GROUND.replace("#picture rect", ".picture rect")) == DARK
    visitor.allow_complaints()  # of the script that did not come
    frame = visitor.open("/zh/embed/")
    assert (frame.evaluate(PAPER), frame.evaluate(SIZE)) == (LIGHT, "16px")  # its host says how it looks


def test_pages_are_as_the_device_is_also_without_scripts(visit: OpenVisit) -> None:
    page = visit(java_script_enabled=False, color_scheme="dark").open("/zh/layers/sights")
    assert page.evaluate(PAPER) == DARK
    assert page.evaluate(GROUND.replace("#picture rect", ".picture rect")) == DARK
    expect(page.locator("#looks")).to_be_hidden()


def test_icons_are_seen_in_forced_colours(visit: OpenVisit) -> None:
    page = visit(forced_colors="active").open("/zh/")
    masked = ".leaflet-control-layers-toggle, .leaflet-fullscreen-icon, .leaflet-control-minimap a"
    colours = page.eval_on_selector_all(
        masked,
        "all => all.map((a) => [getComputedStyle(a, '::before'), getComputedStyle(a)].map((s) => s.backgroundColor))",
    )
    assert len(colours) == 3
    assert all(drawn != ground for drawn, ground in colours)


@pytest.mark.parametrize("path", ["/en/?site=li-shutong-memorial", "/zh/routes/water-shore-route"])
def test_text_twice_as_large_makes_no_page_wider(visit: OpenVisit, path: str) -> None:
    page = visit(PHONE).open(path)
    page.evaluate("document.documentElement.style.setProperty('font-size', '2rem')")
    assert page.evaluate(WIDER) <= 0


def test_large_type_hides_no_part_of_the_menu_and_a_narrower_window_scrolls_no_list(
    visit: OpenVisit, address: str
) -> None:
    kept = [{"origin": address, "localStorage": [{"name": "type", "value": "large"}]}]
    visitor = visit(PHONE | {"is_mobile": False}, storage_state={"cookies": [], "origins": kept})
    page = visitor.open("/en/")
    for link in page.locator(".site-nav a").all():
        expect(link).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 390, "height": 1400})
    page.goto(f"{visitor.address}/en/sites/")
    page.wait_for_timeout(200)
    page.set_viewport_size({"width": 320, "height": 640})  # what is not drawn yet keeps no width of before
    assert page.evaluate(WIDER) <= 0
