"""Collect stamps on a phone: by standing there, by a sign's word, kept by this browser alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from browser.conftest import PHONE, OpenVisit

pytestmark = pytest.mark.browser
PAGE = "/en/routes/water-shore-route/stamps"
PARK = "li#danghu-park"


def test_a_stop_is_stamped_where_one_stands_and_the_position_stays_here(visit: OpenVisit) -> None:
    visitor = visit(PHONE, permissions=["geolocation"])
    page = visitor.open(PAGE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    park = page.locator(PARK)
    lon, lat = (float(str(park.get_attribute(f"data-{name}"))) for name in ("lon", "lat"))
    visitor.context.set_geolocation({"longitude": lon, "latitude": round(lat - 0.002, 6), "accuracy": 10})
    page.get_by_role("button", name="I am there: stamp").click()
    expect(page.locator("[data-stamps-told]")).to_contain_text("Danghu Park is nearest, 222 m away")
    visitor.context.set_geolocation({"longitude": lon, "latitude": round(lat - 0.001, 6), "accuracy": 10})
    page.get_by_role("button", name="I am there: stamp").click()
    expect(park).to_have_class("stamp stamped")
    expect(page.locator("[data-stamps-count]")).to_have_text("1 of 7 stops stamped")
    assert asked == []
    page.reload()
    expect(park.locator("[data-stamp-state]")).to_contain_text("Stamped here on")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete this route's stamps").click()
    expect(page.locator("[data-stamps-count]")).to_have_text("No stamp yet")


def test_a_sign_stamps_its_stop_and_its_word_leaves_the_address(visit: OpenVisit) -> None:
    visitor = visit(PHONE, locale="en-US")
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url.partition("?")[2])
        route.fulfill(json={"is_right": route.request.url.endswith("ACDEF3")})

    visitor.context.route("**/stamp.json*", answer)  # tests/web/test_stamps.py asks the server
    page = visitor.open("/sites/east-lake-wharf/stamp#ACDEF4")
    expect(page.locator("[data-stamps-told]")).to_contain_text("That is not the word")
    page.get_by_label("Word on the sign").fill("ACDEF3")
    page.get_by_role("button", name="Stamp", exact=True).click()
    expect(page.locator("li.stamp")).to_have_class("stamp stamped")
    assert "#" not in page.url
    assert asked == ["word=ACDEF4", "word=ACDEF3"]
    page.goto(page.url.partition("/en/")[0] + PAGE)
    expect(page.locator("li#east-lake-wharf [data-stamp-state]")).to_contain_text("Stamped by the sign on")
