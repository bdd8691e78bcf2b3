"""Make an embedded map in the builder, as an editor does who has read nothing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import DESKTOP, PHONE, OpenVisit

pytestmark = pytest.mark.browser
WANTED = re.compile(r'src="[^"]+/en/embed/layers/integrity_sites" title="[^"]+" .*height:600px')


def choose(page: Page) -> None:
    """Ask for one layer in English, 600 px high, from the home page on."""
    page.get_by_role("link", name="嵌入", exact=True).click()
    page.get_by_label("显示什么").select_option(label="清廉与红色展示点")
    page.get_by_label("地图的语言").select_option(label="English")
    page.get_by_label("高度（像素）").fill("600")


def pasted(page: Page) -> Locator:
    return page.get_by_role("textbox", name="一般网页")


def height_px(page: Page) -> float:
    box = page.locator(".builder-frame").bounding_box()
    assert box
    return box["height"]


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_one_layer_in_english_600_px_high_from_the_home_page(visit: OpenVisit, device: dict[str, object]) -> None:
    page = visit(device, permissions=["clipboard-read", "clipboard-write"]).open("/zh/")
    choose(page)
    expect(pasted(page)).to_have_value(WANTED)
    assert height_px(page) == 600
    page.locator(".builder-frame").scroll_into_view_if_needed()
    expect(page.frame_locator(".builder-frame").locator(".mark-pin, .cluster").first).to_be_visible()
    page.get_by_role("button", name="复制").first.click()
    expect(page.locator(".snippet .card-status").first).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == pasted(page).input_value()
    expect(page.locator(".builder-weight")).to_have_text(re.compile(r"[1-9]\d* KB"))


def test_the_same_without_a_script(visit: OpenVisit) -> None:
    page = visit(java_script_enabled=False).open("/zh/")
    choose(page)
    page.get_by_role("button", name="显示").click()
    expect(pasted(page)).to_have_value(WANTED)
    assert height_px(page) == 600


def test_the_builder_starts_from_what_the_map_shows(visit: OpenVisit) -> None:
    page = visit().open("/en/")
    page.locator("#filters label", has_text="Integrity").first.click()
    page.get_by_role("link", name="Embed", exact=True).first.click()
    expect(page.locator(".builder-frame")).to_have_attribute("src", re.compile(r"/en/embed/\?.*theme=integrity"))


def test_a_preview_is_as_wide_as_the_page_that_it_is_for(visit: OpenVisit) -> None:
    page = visit().open("/en/embed/builder")
    for name, width_px in (("Phone, 320 px", 320), ("Column, 480 px", 480)):
        page.get_by_label(name).check()
        box = page.locator(".builder-frame").bounding_box()
        assert box
        assert box["width"] == width_px
