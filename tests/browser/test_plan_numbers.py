"""See on the map of a full day that each number stands by its place and on no other number."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESKTOP, PHONE, OpenVisit
from browser.plans import SATURDAY

pytestmark = pytest.mark.browser

FULL = f"date={SATURDAY}&start=08:00&end=19:00&unknown_hours=yes&fullness=full&boat=yes&lunch=yes"
APART_PX = 31  # as static/js/plan/draw.js has it
MIDDLES = """(pins) => pins.map((pin) => {
  const box = pin.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
})"""
LED_PX = """(paths) => paths.map((path) => path.getAttribute("d")).filter((d) => d.includes("L"))
  .map((d) => d.match(/-?[0-9.]+/g).map(Number)).map(([x, y, toX, toY]) => Math.hypot(toX - x, toY - y))"""


def settled(page: Page) -> list[list[float]]:
    """Return the middles of the numbers once they stand still, after a zoom."""
    before: list[list[float]] = []
    now = page.locator(".plan-pin").evaluate_all(MIDDLES)
    while before != now:
        page.wait_for_timeout(400)
        before, now = now, page.locator(".plan-pin").evaluate_all(MIDDLES)
    return list(now)


def check(page: Page, most: float) -> None:
    """Check that the numbers lie apart, and at most so many times that far from their places."""
    middles = settled(page)
    assert len(middles) >= 10
    assert min(math.dist(a, b) for a, b in combinations(middles, 2)) >= APART_PX - 2  # whole pixels
    led_px = page.locator(".plan-leader").evaluate_all(LED_PX)
    assert led_px
    assert max(led_px) <= most * APART_PX + 2


@pytest.mark.parametrize(("device", "most"), [(PHONE, 4), (DESKTOP, 2)], ids=["phone", "desktop"])
def test_numbers_on_the_map_stand_by_their_places_at_every_zoom(
    visit: OpenVisit, device: dict[str, Any], most: float
) -> None:
    page = visit(device).open(f"/en/plan?{FULL}")
    leader = page.locator("path.plan-leader").first
    expect(leader).to_be_attached()
    check(page, most)
    before = str(leader.get_attribute("d"))
    page.locator(".folium-map").press("+")
    expect(leader).not_to_have_attribute("d", before)
    check(page, most)
    assert page.locator(".plan-leader").evaluate_all("paths => paths.every((p) => p.ariaHidden === 'true')")
