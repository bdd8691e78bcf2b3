"""Show the map over other people's tiles: the right datum, a credit, and a way back when they fail."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from browser.conftest import DESKTOP, PHONE, OpenVisit, Visit, served
from cityatlas.geo import datum
from cityatlas.paths import geodata_dir
from cityatlas.settings import Settings

pytestmark = pytest.mark.browser
# A PNG of one grey pixel, written out by hand: signature, IHDR, IDAT, IEND.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a49444154789c63f80f00010101001bb6ee560000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def tiled_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the city with Amap and Tianditu turned on."""
    folder = tmp_path_factory.mktemp("tiled") / "geodata"
    shutil.copytree(geodata_dir(), folder)
    toml = (folder / "city.toml").read_text("utf-8").replace("enabled = false", "enabled = true")
    toml = toml.replace('map_approval = ""', 'map_approval = "浙测S(2026)1号"')
    (folder / "city.toml").write_text(toml, "utf-8")
    with served(Settings(geodata=folder, tile_key="secret-key")) as url:
        yield url


def _with_tiles(visitor: Visit, status: int = 200) -> list[str]:
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=status, body=PIXEL if status == 200 else b"", content_type="image/png")

    visitor.context.route(lambda url: not url.startswith((visitor.address, "data:")), answer)
    return asked


def _mark_point(page: Page, name: str) -> tuple[float, float]:
    box = page.locator(f".mark-pin[aria-label='{name}']").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_amap_shifts_overlays_and_keeps_clicks_in_wgs84(visit: OpenVisit, tiled_address: str) -> None:
    visitor = visit(at=tiled_address)
    asked = _with_tiles(visitor)
    page = visitor.open("/zh/?base=amap&c=121.02390,30.69890&z=16")
    page.wait_for_timeout(500)
    assert any("autonavi.com" in url and "z=16" in url for url in asked)
    # The tile in the middle of the view must be the one of the shifted (GCJ-02) place.
    lon, _ = datum.convert(121.0239, 30.6989, "WGS-84", "GCJ-02")
    x = int((lon + 180) / 360 * 2**16)
    assert any(f"x={x}&" in url for url in asked)
    click = page.evaluate(
        "(() => { const m = cityatlas.map.map; return m.containerPointToLatLng(m.getSize().divideBy(2)); })()"
    )
    assert abs(click["lng"] - 121.0239) < 2e-5  # a pixel at zoom 16
    assert abs(click["lat"] - 30.6989) < 2e-5
    before = _mark_point(page, "东湖")
    page.locator("summary", has_text="图例").click()
    page.get_by_label("示意底图").check()
    page.wait_for_timeout(300)
    after = _mark_point(page, "东湖")
    assert abs(before[0] - after[0]) < 1.5  # the view stays on the same place: so does the mark
    assert abs(before[1] - after[1]) < 1.5


def test_each_basemap_names_its_source_and_takes_the_key(visit: OpenVisit, tiled_address: str) -> None:
    visitor = visit(at=tiled_address)
    asked = _with_tiles(visitor)
    page = visitor.open("/zh/?base=tianditu")
    expect(page.locator(".leaflet-control-attribution")).to_contain_text("国家地理信息公共服务平台")
    page.wait_for_timeout(300)
    assert any("T=vec_w" in url and "tk=secret-key" in url for url in asked)
    assert any("T=cva_w" in url for url in asked)


def test_tiles_that_fail_give_way_to_the_schematic_basemap(visit: OpenVisit, tiled_address: str) -> None:
    visitor = visit(at=tiled_address)
    _with_tiles(visitor, status=503)
    page = visitor.open("/zh/?base=amap")
    expect(page.locator("#told")).to_contain_text("已换回本站底图")
    assert "base=" not in page.url
    visitor.allow_complaints()


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_approval_number_stands_at_the_lower_left_and_covers_nothing(
    visit: OpenVisit, tiled_address: str, device: dict[str, object]
) -> None:
    page = visit(device, at=tiled_address).open("/zh/")
    number, frame = page.locator(".approval").bounding_box(), page.locator("#map-frame").bounding_box()
    scale = page.locator(".leaflet-control-scale").bounding_box()
    assert number
    assert frame
    assert scale
    assert number["x"] - frame["x"] < 20
    assert frame["y"] + frame["height"] - number["y"] - number["height"] < 40
    assert scale["y"] + scale["height"] <= number["y"]
