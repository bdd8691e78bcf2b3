"""Speak with hosts as each of them wants it: height, links, and nothing to those who did not ask."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from browser.hosts import OpenHost, drawn, framed, frames_of

pytestmark = pytest.mark.browser
ROUTE = "/en/embed/routes/water-shore-route"
HEARING = "<script>window.heard=[];addEventListener('message',e=>heard.push(e.data))</script>"
# WordPress puts the secret behind the address and clips the frame until it is told a height.
UNCLIP = """<script>addEventListener('message', (e) => {
  if (e.data.message === 'height') document.querySelector('iframe').style = `height:${e.data.value}px`;
})</script>"""
WORDPRESS = UNCLIP + framed(
    ROUTE + "#?secret=aB3xYz", 'sandbox="allow-scripts"', "clip:rect(1px,1px,1px,1px);position:absolute"
)
CLIPPED_S = 1.0
GREETING = "[iFrameSizer]map1:8:false:true:32:true:true:null:bodyOffset"
FUZZ = """() => {
  const frame = document.querySelector('iframe').contentWindow;
  const bits = [null, 0, NaN, '', 'show', 'hello', {}, [], 121, '[iFrameSizer]', '[iFrameSizer]<b>:1', 1, { lon: 121 },
    ['park'], 'east-lake'];
  const keys = ['city-atlas', 'type', 'id', 'lon', 'lat', 'zoom', 'filter', 'secret', 'message', '__proto__', 'height'];
  let seed = 11;
  const next = (most) => (seed = (seed * 1103515245 + 12345) % 2147483648) % most;
  for (let i = 0; i < 400; i += 1) {
    const table = {};
    for (let n = next(6); n > 0; n -= 1) table[keys[next(keys.length)]] = bits[next(bits.length)];
    if (table['city-atlas'] === 1 && table.type === 'hello') continue; // a greeting of our own element
    frame.postMessage(next(3) ? table : bits[next(bits.length)], '*');
  }
}"""
STATE = """() => {
  const { frame } = cityatlas;
  const { lat, lng } = frame.map.getCenter();
  return JSON.stringify([lat, lng, frame.map.getZoom(), frame.store.state, document.body.innerText, location.href]);
}"""


def heard(page: Page) -> list[Any]:
    """Return what a host was told."""
    messages: list[Any] = page.evaluate("() => window.heard")
    return messages


def test_wordpress_is_told_the_height_within_a_second_and_links(host: OpenHost) -> None:
    _, page = host(HEARING + WORDPRESS)
    (frame,) = frames_of(page)
    page.wait_for_function("() => heard.some((m) => m.message === 'height')")
    told_s = frame.evaluate(
        "() => (performance.now() - performance.getEntriesByType('navigation')[0].loadEventStart) / 1000"
    )
    assert told_s < CLIPPED_S
    first = heard(page)[0]
    body_px = frame.evaluate("() => Math.ceil(document.body.getBoundingClientRect().height)")
    assert (first["secret"], first["message"]) == ("aB3xYz", "height")
    assert 200 < first["value"] <= 1000
    assert drawn(frame) > 0
    frame.evaluate("() => document.querySelector('.embed-foot a').click()")
    page.wait_for_function("() => heard.some((m) => m.message === 'link')")
    link = next(message for message in heard(page) if message["message"] == "link")
    assert link["value"].endswith("/en/routes/water-shore-route")
    heights = [message["value"] for message in heard(page) if message["message"] == "height"]
    assert heights[-1] == pytest.approx(body_px, abs=1)
    assert {message["secret"] for message in heard(page)} == {"aB3xYz"}


def test_a_host_with_iframe_resizer_is_told_heights_in_its_words(host: OpenHost) -> None:
    _, page = host(HEARING + framed(ROUTE))
    (frame,) = frames_of(page)
    assert drawn(frame) > 0
    assert heard(page) == []  # nobody asked
    page.eval_on_selector("iframe", "(frame, words) => frame.contentWindow.postMessage(words, '*')", GREETING)
    page.wait_for_function("() => heard.length")
    height = frame.evaluate("() => Math.ceil(document.body.getBoundingClientRect().height)")
    assert heard(page) == [f"[iFrameSizer]map1:{height}:640:resize"]


def test_hundreds_of_messages_change_nothing_and_are_not_answered(host: OpenHost) -> None:
    _, page = host(HEARING + framed(ROUTE))
    (frame,) = frames_of(page)
    assert drawn(frame) > 0
    frame.wait_for_timeout(500)  # names come once the map is drawn
    before = frame.evaluate(STATE)
    page.evaluate(FUZZ)
    frame.wait_for_timeout(300)
    assert frame.evaluate(STATE) == before
    assert heard(page) == []


def test_a_host_without_our_element_hears_of_no_choice(host: OpenHost) -> None:
    _, page = host(HEARING + framed(ROUTE))
    (frame,) = frames_of(page)
    assert drawn(frame) > 0
    frame.evaluate("() => cityatlas.frame.choose('minghu-sci-tech-island')")
    frame.wait_for_timeout(200)
    assert heard(page) == []
