"""Show a frame in the dark, as its device is, and in colours of its host, and read every word in it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from browser.axe import faults_of
from browser.conftest import DESKTOP, PHONE, OpenVisit
from browser.looks import CANVAS, DARK, GROUND, LIGHT

pytestmark = pytest.mark.browser
PAPER = "() => getComputedStyle(document.body).backgroundColor"
ROUTE = "/zh/embed/routes/water-shore-route"


def look(visit: OpenVisit, query: str, scheme: str) -> Page:
    return visit(color_scheme=scheme).open(f"{ROUTE}?{query}")


def test_auto_follows_the_device_and_changes_with_it(visit: OpenVisit) -> None:
    page = look(visit, "look=auto", "dark")
    assert page.evaluate(PAPER) == DARK
    assert page.evaluate(CANVAS) < 80
    with page.expect_navigation():  # it is drawn anew
        page.emulate_media(color_scheme="light")
    page.wait_for_selector("body:not(:has(#picture)) .leaflet-base-pane canvas")
    assert page.evaluate(PAPER) == LIGHT
    assert page.evaluate(CANVAS) > 180


@pytest.mark.parametrize(("query", "scheme", "is_dark"), [("look=dark", "light", True), ("look=light", "dark", False)])
def test_a_look_that_was_asked_for_stays(visit: OpenVisit, query: str, scheme: str, is_dark: bool) -> None:
    page = look(visit, query, scheme)
    assert page.evaluate(PAPER) == (DARK if is_dark else LIGHT)
    assert (page.evaluate(CANVAS) < 80) == is_dark
    page.emulate_media(media="print")
    assert page.evaluate(PAPER) == LIGHT


@pytest.mark.parametrize(("query", "is_dark"), [("look=auto", True), ("look=dark", True), ("look=light", False)])
def test_the_picture_is_dark_too_where_no_script_runs(visit: OpenVisit, query: str, is_dark: bool) -> None:
    visitor = visit(java_script_enabled=False, color_scheme="dark")
    page = visitor.context.new_page()
    page.goto(visitor.address + f"{ROUTE}?{query}")
    assert page.evaluate(GROUND) == (DARK if is_dark else "rgb(235, 228, 213)")


@pytest.mark.parametrize(
    ("path", "device"),
    [
        ("/zh/embed/?look=dark&site=east-lake", PHONE),
        ("/en/embed/layers/city_projects?look=print&list=beside", DESKTOP),
        ("/en/embed/list?look=dark", PHONE),
        ("/zh/embed/?poster=1&look=dark", PHONE),
        ("/en/embed/sites/east-lake?look=auto&accent=0b5cad&odd=1", DESKTOP),
    ],
)
def test_every_word_can_be_read_in_every_look(visit: OpenVisit, path: str, device: dict[str, Any]) -> None:
    page = visit(device, color_scheme="dark").open(path)
    assert faults_of(page) == []
