"""Choose each layer, theme and place, and find it where neither sheet nor card nor button lies over it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import DESKTOP, PHONE, OpenVisit

pytestmark = pytest.mark.browser
SMALL = PHONE | {"viewport": {"width": 320, "height": 568}}
TABLET = {"viewport": {"width": 820, "height": 1180}, "has_touch": True}
SIZES = pytest.mark.parametrize("device", [PHONE, SMALL, DESKTOP, TABLET], ids=["phone", "small", "desktop", "tablet"])
STILL = {"reduced_motion": "reduce"}
# Whether a mark of 20 pixels about a place is seen whole: in the map, and under nothing that lies over it.
SEEN = """
const map = cityatlas.map?.map ?? cityatlas.frame.map;
function isSeen([lon, lat]) {
  const frame = map.getContainer().getBoundingClientRect();
  const { x, y } = map.latLngToContainerPoint([lat, lon]);
  const [left, top, right, bottom] = [frame.left + x - 10, frame.top + y - 10, frame.left + x + 10, frame.top + y + 10];
  const lying = [...document.querySelectorAll('.leaflet-control, #panel, #months')];
  const over = lying.map((one) => one.getBoundingClientRect());
  return left >= frame.left && top >= frame.top && right <= Math.min(frame.right, innerWidth)
    && bottom <= Math.min(frame.bottom, innerHeight)
    && !over.some((o) => o.left < right && o.right > left && o.top < bottom && o.bottom > top);
}
"""
CHOICES = f"""async () => {{ {SEEN}
  const atlas = cityatlas.map;
  const lost = [];
  const drawn = (act) => new Promise((done) => {{ map.once('drawn', done); act(); }});
  const seen = (features) => features.filter(({{ id }}) => isSeen(atlas.placeOf(id))).length / features.length;
  const share = async (features) => {{ // a busy machine may still be moving the map
    for (let n = 0; n < 20 && seen(features) < 0.75; n += 1) await new Promise((done) => setTimeout(done, 100));
    return seen(features);
  }};
  for (const box of document.querySelectorAll('input[name=theme]')) {{
    await drawn(() => box.click());
    const shown = Object.values(atlas.layers).flatMap((layer) => layer.shown);
    if (!shown.length || await share(shown) < 0.75) lost.push([box.value, shown.length, seen(shown)]);
    box.checked = false; // so that the next click leaves the next theme alone
  }}
  await drawn(() => document.querySelector('[data-clear]').click());
  for (const [id, layer] of Object.entries(atlas.layers)) {{
    layer.remove();
    map.setView([30.8, 120.95], 16, {{ animate: false }});
    await drawn(() => layer.addTo(map));
    if (!layer.shown.length || await share(layer.shown) < 0.75) lost.push([id, layer.shown.length, seen(layer.shown)]);
  }}
  return lost;
}}"""
PLACES = f"""async () => {{ {SEEN}
  const atlas = cityatlas.map ?? cityatlas.frame;
  const lost = [];
  for (const {{ id }} of Object.values(atlas.layers).flatMap((layer) => layer.shown)) {{
    if (cityatlas.map) atlas.drawHighlight(id, 'page'); else atlas.drawChosen(id, false);
    if (!isSeen(atlas.placeOf(id))) lost.push(id);
  }}
  return lost;
}}"""


@SIZES
def test_each_layer_theme_and_place_is_brought_into_view(visit: OpenVisit, device: dict[str, Any]) -> None:
    page = visit(device | STILL).open("/zh/")
    assert page.evaluate(CHOICES) == []
    assert page.evaluate(PLACES) == []


def test_an_address_of_a_layer_shows_it_and_stays_free_of_a_view(visit: OpenVisit) -> None:
    page = visit(PHONE | STILL).open("/zh/?layers=sci_tech_island")
    assert unseen(page) == []
    assert "z=" not in page.url  # of this screen's; another has another
    page.locator(".mark-pin[aria-label='未来中心']").click()
    expect(page.locator("#card-place h2")).to_have_text("未来中心")
    assert "minghu-future-centre" not in unseen(page)


@pytest.mark.parametrize("path", ["/zh/embed/?layers=sci_tech_island", "/en/embed/layers/sci_tech_island"])
def test_a_frame_shows_what_it_is_of(visit: OpenVisit, path: str) -> None:
    page = visit(DESKTOP | {"viewport": {"width": 390, "height": 400}} | STILL).open(path)
    assert unseen(page) == []
    assert page.evaluate(PLACES) == []


def test_a_cluster_opens_beside_the_buttons(visit: OpenVisit) -> None:
    page = visit(PHONE | STILL).open("/zh/?c=121.01650,30.69050&z=11")
    page.locator(".cluster").first.click()
    page.wait_for_selector(".mark-pin")
    opened = page.evaluate("cityatlas.map.map.getZoom()")
    assert opened >= 12
    assert page.evaluate(f"() => {{ {SEEN} const {{ lng, lat }} = map.getCenter(); return isSeen([lng, lat]); }}")


def unseen(page: Page) -> list[str]:
    """Return the ids of shown features whose marks are not seen."""
    lost: list[str] = page.evaluate(
        f"""() => {{ {SEEN} const atlas = cityatlas.map ?? cityatlas.frame;
        const shown = Object.values(atlas.layers).flatMap((layer) => layer.shown);
        return shown.map(({{ id }}) => id).filter((id) => !isSeen(atlas.placeOf(id))); }}"""
    )
    return lost
