"""Show the map inside other people's pages: from another origin, in a frame that has none, narrow, hidden, twice."""

from __future__ import annotations

import pytest
from playwright.sync_api import Frame, expect

from browser.conftest import PHONE
from browser.hosts import SANDBOXED, OpenHost, drawn, framed, frames_of

pytestmark = pytest.mark.browser
SANDBOXES = {
    "another origin": "",
    "no origin": 'sandbox="allow-scripts"',
    "no origin with windows": 'sandbox="allow-scripts allow-popups"',
}
ROUTE = "/en/embed/routes/water-shore-route"


def overflow_px(frame: Frame) -> int:
    """Return how far a frame's page is wider than the frame."""
    wide: int = frame.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    return wide


@pytest.mark.parametrize("sandbox", SANDBOXES.values(), ids=SANDBOXES)
def test_all_places_are_drawn_and_a_card_opens_below_the_map(host: OpenHost, sandbox: str) -> None:
    _, page = host(framed("/zh/embed/", sandbox) + framed(ROUTE, sandbox))
    whole, close = frames_of(page)
    listed = whole.locator(".embed-list li[data-id]").count()
    routes = whole.locator(".embed-list .layer-tour_routes").count()
    assert drawn(whole) == listed - routes
    assert drawn(close) > 0
    close.locator(".mark-pin:not(.pile)").first.click()
    expect(close.locator("article.card h2")).to_be_focused()
    card, frame = close.locator(".embed-card").bounding_box(), close.locator("#map-frame").bounding_box()
    assert card
    assert frame
    assert card["y"] >= frame["y"] + frame["height"]
    assert overflow_px(close) <= 0


def test_where_no_script_may_run_there_are_picture_and_list(host: OpenHost) -> None:
    guest, page = host(framed(ROUTE, 'sandbox=""'))
    (frame,) = frames_of(page)
    expect(frame.locator("#picture svg.picture")).to_be_visible()
    expect(frame.locator(".folium-map")).to_be_hidden()
    expect(frame.locator("#stops li").first).to_be_visible()
    assert frame.locator("#picture svg.picture > a").count() == frame.locator("#stops li").count() + 1
    guest.complaints[:] = [told for told in guest.complaints if SANDBOXED not in told]


def test_at_280_px_and_in_a_page_from_right_to_left_nothing_is_cut_off(host: OpenHost) -> None:
    narrow = "width:280px;height:560px"
    _, page = host(framed(ROUTE, style=narrow) + framed("/zh/embed/", style=narrow), attributes='dir="rtl"')
    for frame in frames_of(page):
        assert drawn(frame) > 0
        assert overflow_px(frame) <= 0
        assert frame.locator("#map-frame").bounding_box()["width"] == 280  # type: ignore[index]


def test_in_a_tab_that_is_shown_later_and_twice_on_a_page_each_map_is_whole(host: OpenHost) -> None:
    hidden = f'<div id="tab" style="display:none">{framed(ROUTE)}</div>'
    _, page = host(hidden + framed(ROUTE) + framed("/zh/embed/layers/city_projects?site=nanhetou-phase-2"))
    late, route, layer = frames_of(page)
    assert drawn(route) == route.locator("#stops li").count()
    assert drawn(layer) == layer.locator(".embed-list li").count()
    page.evaluate("() => { document.getElementById('tab').style.display = ''; }")
    assert drawn(late) == drawn(route)
    view = "() => cityatlas.frame.map.getZoom()"
    for _ in range(30):  # both are fitted once they have a size
        if late.evaluate(view) == route.evaluate(view):
            break
        page.wait_for_timeout(100)
    assert late.evaluate(view) == route.evaluate(view)


def test_a_host_whose_policy_lets_only_our_frames_in_shows_the_map(host: OpenHost) -> None:
    policy = ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-src {atlas}")
    _, page = host(framed(ROUTE), headers=[policy])
    assert drawn(frames_of(page)[0]) > 0


def test_on_paper_the_list_is_whole_and_no_button_is_left(host: OpenHost) -> None:
    _, page = host(framed("/en/embed/?site=east-lake"))
    (frame,) = frames_of(page)
    assert drawn(frame) > 0
    page.emulate_media(media="print")
    assert frame.eval_on_selector(".embed-list", "list => list.scrollHeight - list.clientHeight") <= 0
    expect(frame.locator(".leaflet-control-zoom")).to_be_hidden()
    expect(frame.locator(".embed-base")).to_be_visible()


def test_a_frame_is_as_high_as_its_page_without_any_script(host: OpenHost) -> None:
    style = "width:100%;min-height:100px;frame-sizing:content-height"
    guest, page = host(framed(ROUTE, 'sandbox=""', style), PHONE)
    (frame,) = frames_of(page)
    if not page.evaluate("() => CSS.supports('frame-sizing', 'content-height')"):
        guest.complaints.clear()
        pytest.skip("this Chromium is older than 154, which sizes frames by itself")
    height = "() => document.querySelector('iframe').getBoundingClientRect().height"
    page.wait_for_function(f"({height})() > 400")
    assert page.evaluate(height) == pytest.approx(
        frame.evaluate("() => document.body.getBoundingClientRect().height"), abs=1
    )
    guest.complaints[:] = [told for told in guest.complaints if SANDBOXED not in told]


def test_the_height_of_a_page_does_not_depend_on_its_frame_s(host: OpenHost) -> None:
    paths = [ROUTE, "/zh/embed/", "/en/embed/list", "/en/embed/sites/east-lake", "/zh/embed/?poster=1"]
    _, page = host("".join(map(framed, paths)))
    seen = []
    for height_px in (150, 700, 3000):
        page.eval_on_selector_all(
            "iframe", "(all, px) => all.forEach((one) => { one.style.height = `${px}px`; })", height_px
        )
        body = "() => document.body.getBoundingClientRect().height"
        seen.append([frame.evaluate(body) for frame in frames_of(page)])
    assert seen[0] == seen[1] == seen[2]
    assert all(300 < height < 1200 for height in seen[0])
