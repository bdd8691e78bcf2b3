"""Use <city-atlas> in somebody else's page: sized, lazy, steered and heard, and deaf to all others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.hosts import OpenHost, drawn, frames_of

pytestmark = pytest.mark.browser
SCRIPT = '<script src="{atlas}/embed/city-atlas.js"></script>'
FALLBACK = '<a href="{atlas}/en/">The map</a>'
HEARING = """<script>
  window.told = [];
  for (const name of ['ready', 'select', 'move', 'error']) {
    document.querySelector('city-atlas').addEventListener(name, (event) => told.push([name, event.detail]));
  }
</script>"""
FRAME_PX = (
    "() => document.querySelector('city-atlas').shadowRoot.querySelector('iframe').getBoundingClientRect().height"
)

FORGE = """() => {
  const height = { 'city-atlas': 1, type: 'height', detail: { height: 9 } };
  const show = { 'city-atlas': 1, type: 'show', id: 'east-lake' };
  const other = document.getElementById('other').contentWindow;
  const frame = document.querySelector('city-atlas').frame.contentWindow;
  window.postMessage(height, '*');
  frame.postMessage({ ...show, id: '<b>' }, '*');
  other.frame = frame;
  const script = other.document.createElement('script');
  const post = (name, what) => `${name}.postMessage(${JSON.stringify(what)}, '*');`;
  script.textContent = post('frame', show) + post('parent', height);
  other.document.body.append(script);
}"""
CHANGE = """() => {
  const map = document.querySelector('city-atlas');
  map.lang = 'zh';
  map.setAttribute('layer', 'city_projects');
}"""


def element(attributes: str = 'route="water-shore-route"', more: str = "") -> str:
    return f"<city-atlas {attributes}>{FALLBACK}</city-atlas>{more}"


def told(page: Page, name: str) -> list[Any]:
    """Return the details of the events of a name, once there is one."""
    page.wait_for_function("name => told.some(([one]) => one === name)", arg=name)
    details: list[Any] = page.evaluate("name => told.filter(([one]) => one === name).map(([, detail]) => detail)", name)
    return details


def test_a_route_is_shown_in_its_height_and_says_that_it_is_ready(host: OpenHost) -> None:
    _, page = host(element('route="water-shore-route" theme="dark"', HEARING) + SCRIPT)
    (ready,) = told(page, "ready")
    (frame,) = frames_of(page)
    assert frame.url.endswith("/en/embed/routes/water-shore-route?look=dark")  # the page around it is English
    assert drawn(frame) == frame.locator("#stops li").count() == ready["features"] - 1
    body_px = frame.evaluate("() => document.body.getBoundingClientRect().height")
    page.wait_for_function(f"px => Math.abs(({FRAME_PX})() - px) <= 1", arg=body_px)
    expect(page.get_by_text("The map", exact=True)).to_be_hidden()


def test_what_is_asked_before_it_is_ready_is_done_and_what_happens_is_told(host: OpenHost) -> None:
    begin = "<script>document.querySelector('city-atlas').show('minghu-sci-tech-island')</script>"
    _, page = host(SCRIPT + element("", HEARING) + begin)
    assert told(page, "select") == [{"id": "minghu-sci-tech-island"}]
    (frame,) = frames_of(page)
    expect(frame.locator("article.card h2")).to_contain_text("Innovation Island")
    page.evaluate("() => document.querySelector('city-atlas').flyTo(121.01, 30.69, 16)")
    page.wait_for_function("() => told.some(([name, detail]) => name === 'move' && detail.zoom === 16)")
    last = told(page, "move")[-1]
    assert (last["lon"], last["lat"]) == pytest.approx((121.01, 30.69), abs=0.001)
    page.evaluate("() => document.querySelector('city-atlas').setFilter({ kind: ['park'] })")
    frame.wait_for_function("() => cityatlas.frame.shown().every((one) => one.properties.kind === 'park')")
    assert frame.evaluate("() => cityatlas.frame.shown().length") > 0
    page.evaluate("() => document.querySelector('city-atlas').show('no-such-place')")
    assert told(page, "error") == [{"reason": "unknown_site", "id": "no-such-place"}]


def test_messages_of_others_move_neither_side(host: OpenHost) -> None:
    _, page = host(SCRIPT + element("", HEARING) + '<iframe id="other" srcdoc="Advertisement"></iframe>')
    told(page, "ready")
    (frame,) = frames_of(page)
    before = (page.evaluate(FRAME_PX), page.evaluate("() => told.length"))
    page.evaluate(FORGE)
    page.wait_for_timeout(300)
    assert (page.evaluate(FRAME_PX), page.evaluate("() => told.length")) == before
    assert frame.evaluate("() => cityatlas.frame.store.state.site") == ""


def test_a_map_far_below_is_loaded_when_it_comes_near(host: OpenHost) -> None:
    _, page = host(SCRIPT + '<p style="height:4000px">Long</p>' + element())
    page.wait_for_timeout(300)
    assert frames_of(page) == []
    page.evaluate("() => scrollTo(0, 3500)")
    page.wait_for_function("() => document.querySelector('city-atlas').frame")
    page.wait_for_function(f"() => ({FRAME_PX})() > 300")


def test_where_the_frame_is_blocked_the_link_stays_and_the_page_is_told(host: OpenHost) -> None:
    policy = (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; script-src {atlas} 'unsafe-inline'",
    )
    guest, page = host(SCRIPT + element("", HEARING), headers=[policy])
    assert told(page, "error") == [{"reason": "blocked"}]
    expect(page.get_by_text("The map", exact=True)).to_be_visible()
    assert any("frame-src" in complaint or "default-src" in complaint for complaint in guest.complaints)
    guest.complaints.clear()  # the browser says that the host forbids it


def test_an_attribute_that_changes_changes_the_frame(host: OpenHost) -> None:
    _, page = host(SCRIPT + element("", HEARING))
    told(page, "ready")
    page.evaluate(CHANGE)
    page.wait_for_function("() => told.filter(([name]) => name === 'ready').length === 2")
    (frame,) = frames_of(page)
    assert frame.url.endswith("/zh/embed/layers/city_projects")


def test_a_page_on_somebody_s_disk_shows_the_map_in_its_height(host: OpenHost, tmp_path: Path) -> None:
    guest, page = host(SCRIPT)
    script = page.locator("script").get_attribute("src")
    file = tmp_path / "page.html"
    file.write_text(f'<!doctype html><city-atlas lang="en"></city-atlas><script src="{script}"></script>', "utf-8")
    guest.context.route("file://**", lambda route: route.continue_())
    page.goto(file.as_uri())
    page.wait_for_function(f"() => document.querySelector('city-atlas').frame && ({FRAME_PX})() > 300")
    assert drawn(frames_of(page)[0]) > 0
