"""Look at a city full of attacks in a real browser: none of them runs, on any page, in any card."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from browser.conftest import served
from cityatlas.settings import Settings
from hostile import EVERYTHING, write_hostile_city

pytestmark = pytest.mark.browser
OpenVisit = Callable[..., Any]  # Any: what the fixture `visit` begins
SITES = ("mill", "quay", "hall", "boat-tour", "old-town", "school")
PAGES = (
    "/en/sites/",
    "/zh/sites/hall",
    "/en/sites/school",
    "/en/routes/",
    "/en/routes/boat-tour",
    "/en/figures",
    "/en/layers/",
    "/en/layers/works",
    "/en/about",
    "/en/search?q=window",
    "/en/nowhere",
    "/en/map.svg",
)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a city that has the attack in every text."""
    folder = write_hostile_city(tmp_path_factory.mktemp("attacked") / "toy", EVERYTHING)
    with served(Settings(geodata=folder, var=folder.parent / "var")) as url:
        yield url


def has_run(page: Page) -> bool:
    """Return whether any attack has left its mark."""
    return bool(page.evaluate("window.__x !== undefined || document.body?.textContent.includes('1337')"))


@pytest.mark.parametrize("path", PAGES)
def test_no_attack_runs_on_a_page(visit: OpenVisit, attacked: str, path: str) -> None:
    guest = visit(at=attacked)
    page = guest.open(path)
    page.wait_for_load_state("networkidle")
    if path == "/en/nowhere":
        guest.allow_complaints()  # the browser tells of each 404
    assert not page.evaluate("window.__x !== undefined")
    assert not page.locator("img[src=x], [onerror], [onfocus], [onload]").count()


@pytest.mark.parametrize("path", ["/en/?site={}", "/zh/embed/?site={}"])
def test_no_attack_runs_in_any_card(visit: OpenVisit, attacked: str, path: str) -> None:
    guest = visit(at=attacked)
    for site in SITES:
        page = guest.open(path.format(site))
        page.wait_for_selector(f'article[data-id="{site}"]')
        assert EVERYTHING in page.locator("article h2").first.inner_text()
        assert not has_run(page)
        page.close()


def test_no_attack_runs_while_a_visitor_uses_the_map(visit: OpenVisit, attacked: str) -> None:
    page = visit(at=attacked).open("/en/?z=15")
    for mark in page.locator(".mark-pin").all():
        mark.hover(force=True)
        mark.click(force=True)
        page.wait_for_selector("article.card")
        page.locator(".card-close").click()
        page.wait_for_selector("article.card", state="detached")
    page.locator(".leaflet-control-layers-toggle").first.hover()
    page.locator(".legend summary").click()
    page.locator("input[type=search]").fill("window")
    page.wait_for_selector("#found li")
    assert EVERYTHING in page.locator("#found li").first.inner_text()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("article.card")
    assert not has_run(page)


def test_no_attack_runs_in_a_visitor_s_own_tour(visit: OpenVisit, attacked: str) -> None:
    page = visit(at=attacked).open("/en/?site=hall")
    page.locator("article [data-tour]").click()
    page.wait_for_selector("#tour li")
    assert EVERYTHING in page.locator("#tour li").first.inner_text()
    assert not has_run(page)
