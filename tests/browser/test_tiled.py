"""Look at a layer that is too large for one file: dots on canvases, found by a click, filtered, listed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench.cities import write_city
from browser.conftest import DESKTOP, OpenVisit, served
from cityatlas.settings import Settings

pytestmark = pytest.mark.browser
COUNT = 12_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_city(tmp_path_factory.mktemp("large") / "city", COUNT, "points")


@pytest.fixture(scope="module")
def large_address(folder: Path) -> Iterator[str]:
    with served(Settings(geodata=folder)) as url:
        yield url


def first_place(folder: Path) -> tuple[str, float, float]:
    """Return the id, longitude and latitude of the layer's first feature."""
    feature = json.loads((folder / "things.geojson").read_text("utf-8"))["features"][0]
    lon, lat = feature["geometry"]["coordinates"]
    return feature["id"], lon, lat


def coloured(page: Page) -> int:
    """Return how many pixels of the layer's canvases are painted."""
    return int(
        page.evaluate(
            """() => [...document.querySelectorAll("canvas.leaflet-tile")].reduce((sum, canvas) => {
                const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d",
                    { willReadFrequently: true });
                copy.drawImage(canvas, 0, 0);
                const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
                for (let i = 3; i < data.length; i += 4) sum += data[i] > 0;
                return sum;
            }, 0)"""
        )
    )


def test_a_layer_of_tiles_that_is_chosen_is_brought_into_view(
    visit: OpenVisit, large_address: str, folder: Path
) -> None:
    _, lon, lat = first_place(folder)
    page = visit(DESKTOP, at=large_address).open(f"/zh/?c={lon:.5f},{lat:.5f}&z=17")
    page.evaluate("cityatlas.map.layers.things.remove(); cityatlas.map.layers.things.addTo(cityatlas.map.map)")
    page.wait_for_timeout(1000)
    inside = """() => {
        const [west, south, east, north] = cityatlas.map.layers.things.spec.tiles.bbox;
        return cityatlas.map.map.getBounds().contains([[south, west], [north, east]]);
    }"""
    assert page.evaluate(inside)
    page.evaluate("cityatlas.map.map.setView([30.6, 120.9], 17, { animate: false })")
    with page.expect_response("**/extent.json?layers=things*"):
        page.locator(".chip:has([name=theme])").first.click()
    page.wait_for_timeout(1000)
    assert page.evaluate(inside)  # of so many, spread evenly, some of a theme lie at each end


def test_click_on_a_dot_opens_its_card(visit: OpenVisit, large_address: str, folder: Path) -> None:
    feature_id, lon, lat = first_place(folder)
    page = visit(DESKTOP, at=large_address).open(f"/zh/?c={lon:.5f},{lat:.5f}&z=17")
    expect(page.locator("#list li").first).to_be_visible()
    box = page.locator(".folium-map").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator(f"#card-place article[data-id={feature_id}]")).to_be_visible()
    assert f"site={feature_id}" in page.url


def test_filters_take_dots_away_and_say_at_least_how_many_stay(visit: OpenVisit, large_address: str) -> None:
    page = visit(DESKTOP, at=large_address).open("/en/")
    expect(page.locator("#count")).to_contain_text(f"{COUNT}")
    before = coloured(page)
    page.locator(".chip:has([name=theme])").first.click()
    expect(page.locator("#count")).to_contain_text("at least")
    for _ in range(100):  # the map goes where they lie, and its tiles come anew
        if 0 < coloured(page) < before:
            break
        page.wait_for_timeout(100)
    else:
        pytest.fail(f"{coloured(page)} of {before}")


def test_link_to_one_of_many_goes_to_it(visit: OpenVisit, large_address: str, folder: Path) -> None:
    feature_id, lon, lat = first_place(folder)
    page = visit(DESKTOP, at=large_address).open(f"/zh/?site={feature_id}")
    expect(page.locator(".mark-pin.chosen")).to_be_attached()
    assert page.evaluate("([lat, lon]) => cityatlas.map.map.getBounds().contains([lat, lon])", [lat, lon])
