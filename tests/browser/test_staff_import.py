"""Bring a sheet in as staff do: see its faults, mend them, take it in, publish; and wait for a long file, or not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.axe import faults_of
from browser.conftest import DESKTOP, PHONE, OpenVisit, Visit, served
from cityatlas.exchange.incoming.sheet_comparison import read_sheet
from cityatlas.exchange.uploads.limits import refusal
from cityatlas.exchange.uploads.sandbox import Progress
from cityatlas.web.staff.files import look
from sheet_files import csv_of, rows_of, toy_catalogue, toy_layer, with_cell
from staff import PASSWORD, make_desk

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a toy city whose desk has ed, who publishes sights."""
    with served(make_desk(tmp_path_factory.mktemp("desk")).config["SETTINGS"]) as url:
        yield url


def log_in(visitor: Visit, path: str) -> Page:
    """Return a page of the desk, opened by ed, who logs in on the way."""
    page = visitor.open(path)
    page.locator("[name=login]").fill("ed")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{path}")
    return page


def hand_in(page: Page, raw: bytes, folder: Path) -> None:
    """Choose a file in the form and send it."""
    file = folder / "改过.csv"
    file.write_bytes(raw)
    page.locator("[name=file]").set_input_files(file)
    page.locator(".panel .button.primary").click()


@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_sheet_with_faults_is_mended_taken_in_and_published(
    visit: OpenVisit, desk: str, tmp_path: Path, device: dict[str, object]
) -> None:
    visitor = visit(device, at=desk)
    page = log_in(visitor, "/zh/staff/layers/sights/import")
    feature_id = "mill" if device is PHONE else "hall"
    name, street = toy_catalogue().features[feature_id].name["zh"], "水边街一号"
    rows, _ = with_cell(rows_of(toy_layer()), feature_id, "address.zh", street)
    rows, cell = with_cell(rows, feature_id, "visit_min", "25分钟")
    hand_in(page, csv_of(rows), tmp_path)
    expect(page.locator(".faults li")).to_contain_text(f"{cell}（参观时长（分钟））")
    expect(page.locator("table.difference tbody tr")).to_have_count(0)  # the row waits as a whole
    visitor.allow_complaints()
    assert faults_of(page) == []
    page.locator("[name=cure]").check()
    page.get_by_role("button", name="按所选重新核对").click()
    expect(page.locator(".faults")).to_have_count(0)
    expect(page.locator("table.difference")).to_contain_text(street)
    assert faults_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_role("button", name="导入为 1 份草稿").click()
    page.get_by_role("link", name=name).click()
    page.get_by_role("button", name="发布").first.click()
    expect(page.locator("main")).to_contain_text("已发布")
    public = visit(device, at=desk).open(f"/zh/sites/{feature_id}")
    expect(public.locator("main")).to_contain_text(street)


def read_slowly(*_: object, progress: Progress, **__: object) -> None:
    """Stand in for a file that takes long, until it is cancelled."""
    for done in range(0, 60_000, 100):
        progress.report("read", done, 60_000)
        if progress.is_cancelled():
            raise refusal("files.cancelled")
        time.sleep(0.05)


def test_a_long_file_shows_how_far_it_is_and_can_be_let_go(
    visit: OpenVisit, desk: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(look, "read_sheet", read_slowly)
    page = log_in(visit(DESKTOP, at=desk), "/en/staff/layers/sights/import")
    hand_in(page, b"id,name\n", tmp_path)
    expect(page.locator("#import-wait [role=status]")).to_contain_text("of 60000", timeout=15_000)
    assert faults_of(page) == []
    first = page.locator("progress").evaluate("bar => bar.value")
    expect(page.locator("progress")).not_to_have_js_property("value", first)  # it goes on without a new page
    page.get_by_role("button", name="Stop reading").click()
    expect(page.locator(".notice.done")).to_contain_text("The file is gone")


def test_the_page_of_a_file_that_was_read_opens_by_itself(
    visit: OpenVisit, desk: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_after_a_while(*given: object, **more: object) -> object:
        time.sleep(2.5)
        return read_sheet(*given, **more)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(look, "read_sheet", read_after_a_while)
    page = log_in(visit(DESKTOP, at=desk), "/en/staff/layers/sights/import")
    rows, _ = with_cell(rows_of(toy_layer()), "hall", "visit_min", "77")
    hand_in(page, csv_of(rows), tmp_path)
    expect(page.locator("#import-wait")).to_have_count(1)
    expect(page.locator("table.difference")).to_contain_text("77", timeout=15_000)
