"""Open the map in one file from a disk, without a network, as somebody does to whom it was sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.conftest import OpenVisit
from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.handouts.map_file import write_map
from cityatlas.settings import Settings
from hostile import EVERYTHING, write_hostile_city
from toy import write_city

pytestmark = pytest.mark.browser


def test_the_file_draws_marks_and_cards_and_asks_nobody(visit: OpenVisit, tmp_path: Path) -> None:
    catalogue = build_catalogue(Settings(geodata=write_hostile_city(tmp_path / "toy", EVERYTHING)))
    file = tmp_path / "city.html"
    file.write_text(write_map(catalogue, "en"), "utf-8")
    page = visit(at=file.as_uri(), offline=True).open("")
    expect(page.locator(".leaflet-marks-pane .mark-pin")).to_have_count(3)
    expect(page.locator(".leaflet-marks-pane .pile")).to_have_count(1)  # the school in the middle of the old town
    expect(page.locator(".leaflet-areas-pane path")).to_have_count(1)
    page.locator(".leaflet-marks-pane .mark-pin").nth(2).click()
    expect(page.locator("article.card h2")).to_have_text(f"{EVERYTHING}e")
    expect(page.locator("article.card dd").first).to_have_text(f"{EVERYTHING}e")
    page.get_by_label("Find in the list").fill("no such place")
    expect(page.locator("#list li:visible")).to_have_count(0)
    page.locator("#file-layers input[value=works]").uncheck()
    expect(page.locator(".leaflet-marks-pane .pile")).to_have_count(0)
    assert page.evaluate("window.__x") is None


def test_the_file_speaks_the_other_language_at_a_click(visit: OpenVisit, tmp_path: Path) -> None:
    file = tmp_path / "city.html"
    file.write_text(
        write_map(build_catalogue(Settings(geodata=write_city(tmp_path / "toy"))), "zh", has_both=True), "utf-8"
    )
    page = visit(at=file.as_uri(), offline=True).open("")
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("Toy City Atlas")
    expect(page).to_have_title("Toy City Atlas")
    page.locator("#list a", has_text="Old mill").click()
    expect(page.locator("article.card h2")).to_have_text("Old mill")
    page.get_by_role("link", name="中文").click()
    expect(page.locator("h1")).to_have_text("玩具城地图")
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
