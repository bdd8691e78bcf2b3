"""Read every page without a script, and with nothing but its HTML: the content is all there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from browser.conftest import PHONE, OpenVisit

pytestmark = pytest.mark.browser
PAGES = [
    "/",
    "/sites/",
    "/sites/east-lake",
    "/layers/",
    "/layers/sights",
    "/routes/",
    "/routes/water-shore-route",
    "/figures",
    "/about",
    "/search?q=lsjq",
    "/embed/",
    "/embed/builder",
    "/help/embed",
]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_place_is_reached_from_html_alone(visit: OpenVisit, lang: str) -> None:
    visitor = visit(PHONE, java_script_enabled=False)
    page = visitor.open(f"/{lang}/")
    expect(page.locator("#list a")).to_have_count(67)
    assert page.locator("svg.picture a").count() > 20
    page.locator("#list a").first.click()
    expect(page.locator("h1")).not_to_be_empty()


@pytest.mark.parametrize("path", PAGES)
def test_page_says_all_with_the_network_gone_after_its_html(visit: OpenVisit, path: str) -> None:
    visitor = visit(PHONE, java_script_enabled=False)
    visitor.context.route(
        "**/*", lambda route: route.continue_() if route.request.is_navigation_request() else route.abort()
    )
    page = visitor.context.new_page()
    page.goto(f"{visitor.address}/zh{path}")
    assert len(page.locator("main").inner_text()) > 60
    assert page.locator("h1").count() == 1
    visitor.allow_complaints()  # styles and icons that were refused


def test_filters_and_search_work_as_plain_forms(visit: OpenVisit) -> None:
    page = visit(java_script_enabled=False).open("/zh/")
    page.locator(".chip", has_text="清廉文化").click()
    page.get_by_role("button", name="筛选", exact=True).click()
    page.wait_for_url("**theme=integrity**")
    assert 0 < page.locator("#list a").count() < 20
    page.get_by_role("searchbox").fill("lishutong")
    page.get_by_role("button", name="搜索").click()
    expect(page.locator("main")).to_contain_text("李叔同纪念馆")


def test_picture_shows_the_view_of_the_address(visit: OpenVisit) -> None:
    visitor = visit(java_script_enabled=False)
    near = visitor.open("/zh/?c=121.02390,30.69890&z=16")
    assert near.locator("svg.picture a[href$='east-lake']").count() == 1
    assert near.locator("svg.picture a[href$='minghu-lake']").count() == 0
