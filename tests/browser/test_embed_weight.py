"""Weigh frames as they come through the wire, until their marks and basemap are drawn."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Response, expect

from browser.conftest import OpenVisit
from cityatlas.paths import static_dir

pytestmark = pytest.mark.browser
FRAME_BYTES, FRAME_REQUESTS = 85_000, 7
POSTER_BYTES = 25_000


@dataclass(frozen=True)
class Weight:
    """Hold what a page asked for: path and bytes of each body as sent."""

    parts: dict[str, int]

    @property
    def bytes(self) -> int:
        return sum(self.parts.values())


def weigh(visit: OpenVisit, path: str, ready: str) -> Weight:
    """Return what a fresh visitor's browser fetches of us until `ready` is there; texts come as brotli."""
    visitor = visit()
    page = visitor.context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(visitor.address + path)
    page.wait_for_selector(ready)
    page.wait_for_load_state("networkidle")
    own = [one for one in answers if "/favicon." not in one.url and one.url.startswith(visitor.address)]
    parts = {one.url.removeprefix(visitor.address): int(one.headers["content-length"]) for one in own}
    assert {one.headers.get("content-encoding") for one in own if int(one.headers["content-length"]) > 500} == {"br"}
    return Weight(parts)


@pytest.mark.parametrize(
    "path",
    [
        "/zh/embed/?look=dark&list=beside",
        "/en/embed/layers/city_projects",
        "/zh/embed/routes/water-shore-route",
        "/en/embed/plan?date=2026-01-07&start=09:00&end=18:00&unknown_hours=yes",
    ],
)
def test_a_frame_is_light(visit: OpenVisit, path: str) -> None:
    weight = weigh(visit, path, "body:not(:has(#picture)) .leaflet-base-pane canvas")
    later = [path for path in weight.parts if path.startswith("/static/embed_names.")]
    assert len(later) == 1  # asked for when all that one waits for is drawn
    del weight.parts[later[0]]
    assert weight.bytes <= FRAME_BYTES, weight
    assert len(weight.parts) <= FRAME_REQUESTS, weight


@pytest.mark.parametrize("path", ["/zh/embed/?poster=1", "/en/embed/routes/water-shore-route?poster=1&look=dark"])
def test_a_poster_is_next_to_nothing_and_brings_the_map_on_a_tap(visit: OpenVisit, path: str) -> None:
    weight = weigh(visit, path, "#open-map")
    assert weight.bytes <= POSTER_BYTES, weight
    visitor = visit()
    page = visitor.context.new_page()
    page.goto(visitor.address + path + "#?secret=aB3")
    page.get_by_role("button").click()
    page.wait_for_selector("body:not(:has(#picture)) .mark-pin")
    assert page.url == visitor.address + path.replace("?poster=1&", "?").removesuffix("?poster=1") + "#?secret=aB3"
    page.go_back()
    assert page.url == "about:blank"


def test_what_the_scripts_of_a_frame_ask_of_leaflet_is_in_its_part_of_it(visit: OpenVisit) -> None:
    files = json.loads((static_dir() / "manifest.json").read_text("utf-8"))
    texts = [(static_dir() / files[name]["file"]).read_text("utf-8") for name in ("embed.js", "tiled.js")]
    asked = {name for text in texts for name in re.findall(r"\bL\.([A-Za-z]\w*)\b(?!=)", text)} - {"noConflict"}
    assert {"map", "geoJSON", "GridLayer"} <= asked | {"map"}
    page = visit().open("/en/embed/sites/east-lake")
    assert page.evaluate("names => names.filter((name) => !(name in L))", sorted({*asked, "map"})) == []


def test_a_poster_without_scripts_leads_to_the_page(visit: OpenVisit) -> None:
    visitor = visit(java_script_enabled=False)
    page = visitor.context.new_page()
    page.goto(f"{visitor.address}/en/embed/routes/water-shore-route?poster=1")
    link = page.get_by_role("link", name="Open the map's page")
    expect(link).to_have_attribute("href", "/en/routes/water-shore-route")
    expect(page.get_by_role("button")).to_have_count(0)
