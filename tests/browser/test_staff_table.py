"""Edit a layer's table: nothing that was typed is lost on the way to being saved."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Dialog, Page, expect

from browser.axe import faults_of
from browser.conftest import DESKTOP, OpenVisit, Visit, served
from staff import PASSWORD, make_desk

pytestmark = pytest.mark.browser
TABLE = "/en/staff/layers/sights?column=visit_min"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a toy city with a desk."""
    with served(make_desk(tmp_path_factory.mktemp("desk")).config["SETTINGS"]) as url:
        yield url


def log_in(visitor: Visit) -> Page:
    """Return the table, opened by ed, who logs in on the way."""
    page = visitor.open(TABLE)
    page.locator("[name=login]").fill("ed")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{TABLE}")
    return page


def test_cells_that_were_not_saved_are_asked_about_and_offered_on_return(visit: OpenVisit, desk: str) -> None:
    visitor = visit(DESKTOP, at=desk)
    page = log_in(visitor)
    page.locator("#v-mill").fill("33")
    expect(page.locator(".table-state")).to_have_text("Rows changed, not saved: 1")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.locator(".breadcrumbs a").first.click()
    page.wait_for_url("**/staff/")
    assert asked == ["beforeunload"]
    page.goto(desk + TABLE)
    expect(page.locator("#v-mill")).to_have_value("")
    assert faults_of(page) == []
    page.get_by_role("button", name="Restore them").click()
    expect(page.locator("#v-mill")).to_have_value("33")
    page.get_by_role("button", name="See what I changed").click()
    page.get_by_role("button", name="Save as drafts (1)").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Drafts saved: 1")
    page.wait_for_load_state()  # its script forgets the copy
    page.goto(desk + TABLE)
    expect(page.locator(".notice")).to_have_count(0)  # it is saved: nothing to offer
    assert asked == ["beforeunload"]


def test_all_rows_are_ticked_at_once_and_one_that_is_not_is_seen(visit: OpenVisit, desk: str) -> None:
    page = log_in(visit(DESKTOP, at=desk))
    every = page.get_by_label("Tick all rows of this page")
    every.check()
    expect(page.locator("[name=tick]:checked")).to_have_count(4)
    page.locator("[name=tick]").first.uncheck()
    expect(every).not_to_be_checked()
    expect(page.locator(".table-state")).to_have_text("Rows ticked: 3")
