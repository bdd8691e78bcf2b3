"""Work at the desk as stories: bring one field back from the history, and do the rest by keys alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from pyotp import TOTP

from browser.axe import faults_of
from browser.conftest import DESKTOP, OpenVisit, served
from browser.desk import SAVED, SOON_MS
from cityatlas.store import Edit, take_in
from cityatlas.store.vain_searches import add_terms
from staff import PASSWORD, add_person, make_desk, store_of
from staff_desk import content, put
from toy import text

pytestmark = pytest.mark.browser
MOST_TABS = 150
AT_THE_MILL = {"longitude": 121.0001, "latitude": 30.7, "accuracy": 4}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a desk where the mill was given another name and another address."""
    app = make_desk(tmp_path_factory.mktemp("desk"))
    first = put(app, "mill", name=text("水磨", "Water mill"))
    put(app, "mill", first, name=text("水磨", "Water mill"), address=text("新街2号", "2 New Street"))
    add_terms(store_of(app), date(2026, 3, 2), {"parking": 4}, 26)
    add_person(store_of(app), "zhou", "contributor")
    quay = content(app, "quay")
    later = content(app, "quay", address=text("码头", "At the quay"))
    take_in(store_of(app), [(Edit("quay", later, "ann", comment="From a sheet"), quay)], batch="b1")
    with served(app.config["SETTINGS"]) as url:
        yield url


def enter(page: Page, login: str) -> None:
    """Log in where the cursor is, by keys."""
    page.locator("[name=login]").focus()
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the cursor is at an element."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no way to {selector} by Tab")


def test_one_field_is_brought_back_from_the_history(visit: OpenVisit, desk: str) -> None:
    page = visit(DESKTOP, at=desk).open("/en/staff/features/mill/history")
    enter(page, "ann")
    origin = page.locator("#revision-0")
    origin.locator("summary").click()
    origin.get_by_label("name · English").check()
    origin.get_by_label("Why").fill("It is the old one after all")
    origin.get_by_role("button", name="Bring back what is ticked").click()
    expect(page.locator("[role=status]")).to_be_visible()
    newest = page.locator(".steps > li").first
    expect(newest.locator("ins")).to_contain_text("Old")
    page.goto(f"{desk}/en/staff/features/mill")
    expect(page.locator("[name='name.en']")).to_have_value("Old mill")
    expect(page.locator("[name='address.en']")).to_have_value("2 New Street")  # all else stays


def test_an_edit_is_made_and_published_by_keys_alone(visit: OpenVisit, desk: str) -> None:
    page = visit(DESKTOP, at=desk).open("/en/staff/features/hall")
    enter(page, "ed")
    page.locator(".edit-state").wait_for(state="attached")
    tab_to(page, "[name=lon]")
    page.keyboard.press("Control+a")
    page.keyboard.type("121.0301")
    expect(page.locator(".edit-state")).to_contain_text(SAVED, timeout=SOON_MS)
    tab_to(page, "[value=go_on]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/drafts/**")
    assert faults_of(page) == []
    tab_to(page, "form[action$=publish] button.primary, form[action$='send-out'] button.primary, .acts .primary")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("visitors see it within a second")


def test_what_waits_changes_and_vain_searches_are_worked_through_by_keys_alone(visit: OpenVisit, desk: str) -> None:
    page = visit(DESKTOP, at=desk).open("/en/staff/told")
    enter(page, "ann")
    page.wait_for_url(re.compile(r"^[^?]*/told$"))
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("It is shown this once")
    page.goto(f"{desk}/en/staff/searches")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    expect(page.locator("main")).not_to_contain_text("parking")
    page.goto(f"{desk}/en/staff/changes")
    tab_to(page, "[name=layer]")
    page.keyboard.type("Sights")
    tab_to(page, "form.fields button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("layer=sights"))
    expect(page.locator(".steps > li").first).to_contain_text("Sights")


def test_a_second_factor_is_made_and_asked_for_and_a_place_verified_by_keys_alone(visit: OpenVisit, desk: str) -> None:
    visitor = visit(DESKTOP, at=desk, geolocation=AT_THE_MILL, permissions=["geolocation"])
    page = visitor.open("/en/staff/me/factor")
    enter(page, "coco")
    secret = page.locator("figure code").inner_text()
    tab_to(page, "[name=code]")
    page.keyboard.type(TOTP(secret).now())
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    recovery = page.locator(".codes code").first.inner_text()
    visitor.context.clear_cookies()
    page.goto(f"{desk}/en/staff/verify")
    enter(page, "coco")
    page.wait_for_url("**/login/code**")
    tab_to(page, "[name=code]")
    page.keyboard.type(recovery)
    page.keyboard.press("Enter")
    mill = page.locator("[data-place=mill]")
    mill.get_by_role("button", name="I stand here").wait_for()
    tab_to(page, "[data-place=mill] .verify-tools button")
    page.keyboard.press("Enter")
    expect(mill.locator(".verify-said").first).to_contain_text("Saved as a draft", timeout=SOON_MS)
    tab_to(page, "[data-place=mill] .verify-said a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/drafts/**")


def test_a_bulk_change_is_taken_back_and_a_person_erased_by_keys_alone(visit: OpenVisit, desk: str) -> None:
    page = visit(DESKTOP, at=desk).open("/en/staff/batches/")
    enter(page, "ann")
    page.wait_for_url(re.compile(r"^[^?]*/batches/$"))
    tab_to(page, ".desk-list a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/batches/b1")
    tab_to(page, "main form button")
    page.keyboard.press("Enter")
    expect(page.locator("[role=status]")).to_contain_text("The whole change was taken back")
    page.goto(f"{desk}/en/staff/erasures")
    tab_to(page, "[name=login]")
    page.keyboard.type("zhou")
    tab_to(page, "#sure-person")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".desk-list > li").first).to_contain_text("person")
