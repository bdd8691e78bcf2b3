"""Measure the names on the map: none lies on another or under a mark, each stands there once, and most are there."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from browser.conftest import DESKTOP, PHONE, OpenVisit

pytestmark = pytest.mark.browser
ZOOMS = (11, 12, 13, 14, 15, 16, 17)
# What is wrong with the names of the page: pairs that overlap (turned ones by their own sides), and names too small.
FAULTS = """() => {
  const placed = (node, ux, uy, width, height) => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    const name = node.textContent || node.className;
    return { name, ux, uy, x: (left + right) / 2, y: (top + bottom) / 2, w: width / 2, h: height / 2 };
  };
  const turned = (node) => {
    const { a, b } = new DOMMatrix(getComputedStyle(node).transform);
    return placed(node, a, b, node.offsetWidth, node.offsetHeight);
  };
  const upright = (node) => {
    const { width, height } = node.getBoundingClientRect();
    return placed(node, 1, 0, width, height);
  };
  const reach = (one, x, y) =>
    one.w * Math.abs(one.ux * x + one.uy * y) + one.h * Math.abs(one.ux * y - one.uy * x);
  const meet = (a, b) => [[a.ux, a.uy], [-a.uy, a.ux], [b.ux, b.uy], [-b.uy, b.ux]].every(
    ([x, y]) => Math.abs((b.x - a.x) * x + (b.y - a.y) * y) < reach(a, x, y) + reach(b, x, y) - 0.5);
  const nodes = [...document.querySelectorAll(".map-name")];
  const names = nodes.map(turned);
  const marks = [...document.querySelectorAll(".mark-pin, .cluster, .stop-pin")].map(upright);
  const faults = nodes.filter((node) => parseFloat(getComputedStyle(node).fontSize) < 11);
  return names.flatMap((one, i) => {
    const others = [...names.slice(i + 1).filter((other) => meet(one, other) || one.name === other.name)];
    return [...others, ...marks.filter((other) => meet(one, other))].map(({ name }) => [one.name, name]);
  }).concat(faults.map(({ textContent }) => [textContent, "small"]));
}"""


def view(page: Page, zoom: int) -> None:
    """Move the map to a zoom about the town's middle, and wait until its names are placed."""
    page.evaluate("zoom => { cityatlas.map.map.setView([30.6905, 121.0165], zoom, { animate: false }); }", zoom)
    page.wait_for_timeout(500)
    page.wait_for_selector(".leaflet-cluster-anim", state="detached")  # clusters come apart
    page.wait_for_timeout(300)


def settled(page: Page) -> Any:
    """Return what is wrong with the names once they have come to rest: a busy machine places the last ones late."""
    for _ in range(15):
        if not (faults := page.evaluate(FAULTS)):
            break
        page.wait_for_timeout(200)
    return faults


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_name_lies_on_another_or_on_a_mark(visit: OpenVisit, device: dict[str, Any], lang: str) -> None:
    page = visit(device).open(f"/{lang}/")
    for zoom in ZOOMS:
        view(page, zoom)
        assert page.locator(".map-name").count() >= 3, zoom
        assert settled(page) == [], zoom


def test_streets_are_named_along_their_streets_and_after_towns(visit: OpenVisit) -> None:
    page = visit().open("/zh/?c=121.01650,30.69050&z=14")
    page.wait_for_timeout(700)
    street = page.locator(".map-name-street", has_text="新华路")  # it runs from north to south
    turned = street.evaluate("node => new DOMMatrix(getComputedStyle(node).transform).b")
    assert abs(turned) > 0.9
    assert page.locator(".map-name-town", has_text="平湖").count() == 1


def test_names_are_left_to_the_list_by_screen_readers_and_go_with_their_basemap(visit: OpenVisit) -> None:
    page = visit().open("/en/")
    page.wait_for_timeout(500)
    assert page.locator("[aria-hidden=true] > .map-name-street").count() > 5
    page.evaluate("cityatlas.map.switch.current.remove(); cityatlas.map.names.update()")
    assert page.locator(".map-name-street").count() == 0


# Of all places whose point is seen in the frame, those in clusters too, how many there are, and how many are named.
# What lies under the sheet, the slider or a button is not seen, and would not be with a name.
SHARE = """() => {
  const { map, layers } = cityatlas.map;
  const size = map.getSize();
  const points = Object.values(layers).flatMap((layer) => layer.shown)
    .filter(({ properties }) => cityatlas.atlas.kinds[properties.kind].role !== "route")
    .map(({ properties, geometry }) => properties.mark ?? geometry.coordinates)
    .map(([lon, lat]) => map.latLngToContainerPoint([lat, lon]));
  const { left, top } = map.getContainer().getBoundingClientRect();
  const over = [...document.querySelectorAll(".leaflet-control, #months, #panel")]
    .map((one) => one.getBoundingClientRect());
  const isCovered = ({ x, y }) => over.some((box) =>
    x + left >= box.left && x + left <= box.right && y + top >= box.top && y + top <= box.bottom);
  const inside = points.filter((at) => at.x >= 0 && at.y >= 0 && at.x <= size.x && at.y <= size.y && !isCovered(at));
  return [document.querySelectorAll(".map-name-place").length, inside.length];
}"""


@pytest.mark.parametrize(
    ("device", "lang", "share"),
    [(PHONE, "zh", 0.73), (PHONE, "en", 0.65), (DESKTOP, "en", 0.8)],
    ids=["phone", "phone-en", "desktop-en"],
)
def test_most_places_in_view_are_named(visit: OpenVisit, device: dict[str, Any], lang: str, share: float) -> None:
    page = visit(device).open(f"/{lang}/")
    page.wait_for_timeout(700)
    assert page.evaluate(SHARE)[0] >= 12  # at first sight
    for zoom in (14, 15, 16):
        view(page, zoom)
        named, there = page.evaluate(SHARE)
        assert named >= share * there, (zoom, named, there)


def test_clusters_show_kinds_and_end_where_marks_find_room(visit: OpenVisit) -> None:
    page = visit().open("/en/?c=121.01650,30.69050&z=12")
    page.wait_for_timeout(700)
    cluster = page.locator(".cluster").first
    assert cluster.locator("svg.cluster-kind").count() >= 2
    assert cluster.inner_text().strip() == ""
    assert any(letter.isdigit() for letter in cluster.locator("[aria-label]").get_attribute("aria-label") or "")
    view(page, 17)
    assert page.locator(".cluster").count() == 0


def test_a_name_opens_its_card_and_the_chosen_place_is_named(visit: OpenVisit) -> None:
    page = visit().open("/en/?c=121.01650,30.69050&z=14")
    page.wait_for_timeout(700)
    page.locator(".map-name-place", has_text="Mo's Manor").click()
    assert page.locator("article.card h2").inner_text() == "Mo's Manor"
    unnamed = page.evaluate("""() => {
      const names = new Set([...document.querySelectorAll(".map-name-place")].map(({ dataset }) => dataset.id));
      return Object.values(cityatlas.map.layers).flatMap(({ markers }) => [...markers.keys()])
        .filter((id) => !names.has(id) && !cityatlas.map.find(id).properties.stops)
        .map((id) => [id, cityatlas.map.placeOf(id)])
        .filter(([, [lon, lat]]) => cityatlas.map.map.getBounds().pad(-0.2).contains([lat, lon]))[0][0];
    }""")
    page.evaluate("id => { cityatlas.map.choose(id); }", unnamed)
    page.wait_for_timeout(900)
    assert page.locator(f".map-name-place[data-id='{unnamed}']").count() == 1
    assert page.evaluate(FAULTS) == []
