"""Share fingers, wheel and keys between a frame's map and the page around it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import CDPSession, Frame, Page, expect

from browser.conftest import PHONE, drag_by_finger
from browser.hosts import OpenHost, drawn, framed, frames_of

pytestmark = pytest.mark.browser
ROUTE = "/en/embed/routes/water-shore-route"
TALL = '<p style="height:100px">Above</p>{}<p style="height:3000px">Below</p>'
CENTRE = (195, 250)  # of the window: in the map, beside its marks
DPR = "() => window.devicePixelRatio"


def opened(host: OpenHost, device: Any = None, width: str = "100%") -> tuple[Page, Frame]:
    """Return a host that is longer than its window, and the frame in it, whose map is drawn."""
    style = f"width:{width};height:1000px"  # all of its page, so that there is nothing to scroll in it
    _, page = host(TALL.format(framed(ROUTE, 'allow="fullscreen"', style)), device)
    (frame,) = frames_of(page)
    assert drawn(frame) > 0
    return page, frame


def zoom_of(frame: Frame) -> float:
    zoom: float = frame.evaluate("() => cityatlas.frame.map.getZoom()")
    return zoom


def centre_of(frame: Frame) -> list[float]:
    centre: list[float] = frame.evaluate(
        "() => { const { lat, lng } = cityatlas.frame.map.getCenter(); return [lat, lng]; }"
    )
    return centre


def scrolled_px(page: Page) -> float:
    """Return how far the host's page is scrolled."""
    page.wait_for_timeout(300)
    top: float = page.evaluate("() => scrollY")
    return top


def hint(frame: Frame) -> str:
    """Return the words over the map, empty when none are shown."""
    return (
        frame.locator(".gesture-hint.shown").text_content() or ""
        if frame.locator(".gesture-hint.shown").count()
        else ""
    )


def wheel(page: Page, delta_y: float, *, ctrl: bool = False) -> None:
    """Turn the wheel over the map as the browser gets it from outside: `ctrl` is held, or a trackpad is pinched."""
    session = page.context.new_cdp_session(page)
    event = {"type": "mouseWheel", "x": CENTRE[0], "y": CENTRE[1], "deltaX": 0, "deltaY": delta_y}
    session.send("Input.dispatchMouseEvent", event | {"modifiers": 2 if ctrl else 0})
    session.detach()


def touch(session: CDPSession, kind: str, *points: tuple[float, float]) -> None:
    at = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})


def test_ctrl_and_wheel_zoom_the_map_and_not_the_page_before_the_frame_has_a_focus(host: OpenHost) -> None:
    page, frame = opened(host)
    before, scale = zoom_of(frame), page.evaluate(DPR)
    assert page.evaluate("() => document.activeElement === document.body")
    wheel(page, -240, ctrl=True)
    frame.wait_for_function("zoom => cityatlas.frame.map.getZoom() > zoom", arg=before)
    assert page.evaluate(DPR) == scale
    assert scrolled_px(page) == 0


def test_a_pinch_on_a_trackpad_zooms_without_a_word(host: OpenHost) -> None:
    page, frame = opened(host)
    before = zoom_of(frame)
    for _ in range(6):
        wheel(page, -20, ctrl=True)  # small steps, as browsers make of a pinch
    frame.wait_for_function("zoom => cityatlas.frame.map.getZoom() > zoom", arg=before)
    assert hint(frame) == ""


def test_the_bare_wheel_scrolls_the_page_and_says_how_to_zoom(host: OpenHost) -> None:
    page, frame = opened(host)
    before = zoom_of(frame)
    wheel(page, 240)
    expect(frame.locator(".gesture-hint.shown")).to_have_text("Hold Ctrl and scroll to zoom the map")
    assert scrolled_px(page) > 100
    assert zoom_of(frame) == before


def test_words_follow_the_input_and_not_the_width(host: OpenHost) -> None:
    page, frame = opened(host, width="300px")
    page.mouse.move(*CENTRE)
    page.mouse.wheel(0, 120)
    expect(frame.locator(".gesture-hint.shown")).to_have_text("Hold Ctrl and scroll to zoom the map")
    page, frame = opened(host, PHONE | {"viewport": {"width": 1300, "height": 900}})
    drag_by_finger(page, (195, 350), (195, 250))
    expect(frame.locator(".gesture-hint.shown")).to_have_text("Use two fingers to move the map")


def test_one_finger_scrolls_the_page_and_two_move_the_map(host: OpenHost) -> None:
    page, frame = opened(host, PHONE)
    before, zoom = centre_of(frame), zoom_of(frame)
    drag_by_finger(page, (195, 350), (195, 250))
    assert scrolled_px(page) > 50
    assert centre_of(frame) == before
    page.evaluate("() => scrollTo(0, 0)")
    session = page.context.new_cdp_session(page)
    touch(session, "touchStart", (150, 250), (250, 250))
    for step in range(1, 9):
        touch(session, "touchMove", (150 - step * 8, 250 + step * 4), (250 + step * 8, 250 + step * 4))
    touch(session, "touchEnd")
    frame.wait_for_function("zoom => cityatlas.frame.map.getZoom() > zoom", arg=zoom)
    assert scrolled_px(page) == 0


def test_a_mouse_drags_the_map(host: OpenHost) -> None:
    page, frame = opened(host)
    before = centre_of(frame)
    page.mouse.move(*CENTRE)
    page.mouse.down()
    page.mouse.move(CENTRE[0] + 60, CENTRE[1] + 40, steps=5)
    page.mouse.up()
    assert centre_of(frame) != before
    assert hint(frame) == ""


def test_in_full_screen_everything_is_free(host: OpenHost) -> None:
    page, frame = opened(host)
    frame.get_by_role("button", name="Full screen").click()
    frame.wait_for_function("() => document.fullscreenElement")
    before = zoom_of(frame)
    wheel(page, -240)
    frame.wait_for_function("zoom => cityatlas.frame.map.getZoom() > zoom", arg=before)
    assert hint(frame) == ""
    assert frame.evaluate("() => cityatlas.frame.map.dragging.enabled()")
    frame.evaluate("() => document.exitFullscreen()")
    frame.wait_for_function("() => !document.fullscreenElement")
    before = zoom_of(frame)
    wheel(page, 240)
    expect(frame.locator(".gesture-hint.shown")).to_have_count(1)
    assert zoom_of(frame) == before


def test_who_comes_by_keyboard_is_told_the_keys(host: OpenHost) -> None:
    page, frame = opened(host)
    page.keyboard.press("Tab")
    for _ in range(3):
        if frame.evaluate("() => document.activeElement.matches('.leaflet-container')"):
            break
        page.keyboard.press("Tab")
    expect(frame.locator(".gesture-hint.shown")).to_have_text("Arrow keys move the map, + and − zoom")
    before, zoom = centre_of(frame), zoom_of(frame)
    page.keyboard.press("ArrowDown")
    frame.wait_for_function("lat => cityatlas.frame.map.getCenter().lat < lat", arg=before[0])
    page.keyboard.press("+")
    frame.wait_for_function("zoom => cityatlas.frame.map.getZoom() > zoom", arg=zoom)
