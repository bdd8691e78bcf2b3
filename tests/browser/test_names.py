"""Measure the names on the map: none lies on another, under a mark or beyond the map, and each stands there once."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from browser.conftest import DESKTOP, PHONE, OpenVisit

pytestmark = pytest.mark.browser
ZOOMS = (11, 12, 13, 14, 15, 16, 17)
# What is wrong with the names of the page: pairs that overlap (turned ones by their own sides), and names too small.
FAULTS = """() => {
  const placed = (node, ux, uy, width, height) => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    const name = node.textContent || node.className;
    return { name, ux, uy, x: (left + right) / 2, y: (top + bottom) / 2, w: width / 2, h: height / 2 };
  };
  const turned = (node) => {
    const { a, b } = new DOMMatrix(getComputedStyle(node).transform);
    return placed(node, a, b, node.offsetWidth, node.offsetHeight);
  };
  const upright = (node) => {
    const { width, height } = node.getBoundingClientRect();
    return placed(node, 1, 0, width, height);
  };
  const reach = (one, x, y) =>
    one.w * Math.abs(one.ux * x + one.uy * y) + one.h * Math.abs(one.ux * y - one.uy * x);
  const meet = (a, b) => [[a.ux, a.uy], [-a.uy, a.ux], [b.ux, b.uy], [-b.uy, b.ux]].every(
    ([x, y]) => Math.abs((b.x - a.x) * x + (b.y - a.y) * y) < reach(a, x, y) + reach(b, x, y) - 0.5);
  const nodes = [...document.querySelectorAll(".map-name")];
  const names = nodes.map(turned);
  const marks = [...document.querySelectorAll(".mark-pin, .cluster, .stop-pin")].map(upright);
  const faults = nodes.filter((node) => parseFloat(getComputedStyle(node).fontSize) < 11);
  return names.flatMap((one, i) => {
    const others = [...names.slice(i + 1).filter((other) => meet(one, other) || one.name === other.name)];
    return [...others, ...marks.filter((other) => meet(one, other))].map(({ name }) => [one.name, name]);
  }).concat(faults.map(({ textContent }) => [textContent, "small"]));
}"""


def view(page: Page, zoom: int) -> None:
    """Move the map to a zoom about the town's middle, and wait until its names are placed."""
    page.evaluate("zoom => { cityatlas.map.map.setView([30.6905, 121.0165], zoom, { animate: false }); }", zoom)
    page.wait_for_timeout(700)


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_name_lies_on_another_or_on_a_mark(visit: OpenVisit, device: dict[str, Any], lang: str) -> None:
    page = visit(device).open(f"/{lang}/")
    for zoom in ZOOMS:
        view(page, zoom)
        assert page.locator(".map-name").count() >= 3, zoom
        assert page.evaluate(FAULTS) == [], zoom


def test_streets_are_named_along_their_streets_and_after_towns(visit: OpenVisit) -> None:
    page = visit().open("/zh/?c=121.01650,30.69050&z=14")
    page.wait_for_timeout(700)
    street = page.locator(".map-name-street", has_text="新华路")  # it runs from north to south
    turned = street.evaluate("node => new DOMMatrix(getComputedStyle(node).transform).b")
    assert abs(turned) > 0.9
    assert page.locator(".map-name-town", has_text="平湖").count() == 1


def test_names_are_left_to_the_list_by_screen_readers_and_go_with_their_basemap(visit: OpenVisit) -> None:
    page = visit().open("/en/")
    page.wait_for_timeout(500)
    assert page.locator("[aria-hidden=true] > .map-name-street").count() > 5
    page.evaluate("cityatlas.map.switch.current.remove(); cityatlas.map.names.update()")
    assert page.locator(".map-name-street").count() == 0
