"""Enter opening hours where there are none: days first, times first, row by row, and in a place that is new."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from browser.conftest import DESKTOP, PHONE, OpenVisit, served
from browser.desk import SAVED, SOON_MS, log_in
from staff import make_desk

pytestmark = pytest.mark.browser
ADD = {"en": "Another row", "zh": "再加一行"}
CLOCKS = {"en": ("From", "to"), "zh": ("从", "到")}
DAYS = {"en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], "zh": list("一二三四五六日")}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a toy city whose mill, quay and school have no opening hours."""
    with served(make_desk(tmp_path_factory.mktemp("desk")).config["SETTINGS"]) as url:
        yield url


def open_hours(page: Page) -> Locator:
    """Unfold what hides the hours, as a person does, and return their rows."""
    rows = page.locator(".hours-row")
    while not rows.first.is_visible():
        page.locator("details:not([open])", has=rows).first.locator("> summary").click()
    expect(rows).to_have_count(1)
    return rows


def tick(row: Locator, lang: str, numbers: range) -> None:
    """Tick days of a row, one after the other; 0 is Monday."""
    for number in numbers:
        row.get_by_label(DAYS[lang][number], exact=True).check()


def set_clocks(row: Locator, lang: str, *clocks: str) -> None:
    """Set both times of a row."""
    for label, clock in zip(CLOCKS[lang], clocks, strict=True):
        row.get_by_label(label, exact=True).fill(clock)


def ticked(page: Page) -> list[list[str]]:
    """Return the days that are ticked, by row."""
    rows = page.locator(".hours-row").all()
    return [[str(box.get_attribute("value")) for box in row.locator(":checked").all()] for row in rows]


def expect_hours(page: Page, text: str) -> None:
    """Expect hours to be in the form, saved, and there after the page was loaded anew."""
    hours = page.locator("[name=opening_hours]")
    expect(hours).to_have_value(text)
    expect(page.locator(".edit-state")).to_contain_text(SAVED, timeout=SOON_MS)
    page.goto(f"{page.url.partition('?')[0]}?draft={page.locator('[name=draft]').input_value()}")
    expect(hours).to_have_value(text)


def test_days_are_ticked_first_and_stay_ticked_until_the_times_are_there(visit: OpenVisit, desk: str) -> None:
    page = log_in(visit(DESKTOP, at=desk), "coco", "/en/staff/features/mill")
    row = open_hours(page).first
    tick(row, "en", range(5))
    assert ticked(page) == [["Mo", "Tu", "We", "Th", "Fr"]]
    set_clocks(row, "en", "09:00", "17:00")
    expect_hours(page, "Mo-Fr 09:00-17:00")
    assert ticked(page) == [["Mo", "Tu", "We", "Th", "Fr"]]


def test_times_are_set_first_and_stay_until_the_days_are_there(visit: OpenVisit, desk: str) -> None:
    page = log_in(visit(DESKTOP, at=desk), "coco", "/en/staff/features/quay")
    row = open_hours(page).first
    set_clocks(row, "en", "08:30", "16:00")
    tick(row, "en", range(1, 7))
    expect_hours(page, "Tu-Su 08:30-16:00")
    open_hours(page)  # and as on a door, in the text behind the rows
    page.locator(".hours-text > summary").click()
    words = page.locator("[name=opening_hours]")
    words.fill("周三至周日9点-17点，节假日休息")
    words.blur()
    expect_hours(page, "We-Su 09:00-17:00; PH off")
    assert ticked(page) == [["We", "Th", "Fr", "Sa", "Su"]]


def test_another_row_is_added_and_filled_in_days_first_and_times_first(visit: OpenVisit, desk: str) -> None:
    page = log_in(visit(PHONE, at=desk), "ann", "/zh/staff/features/school")
    rows = open_hours(page)
    page.get_by_role("button", name=ADD["zh"]).click()
    expect(rows).to_have_count(2)
    tick(rows.nth(1), "zh", range(5, 7))
    assert ticked(page) == [[], ["Sa", "Su"]]
    set_clocks(rows.nth(1), "zh", "10:00", "16:00")
    set_clocks(rows.nth(0), "zh", "09:00", "17:00")
    tick(rows.nth(0), "zh", range(5))
    page.get_by_role("button", name=ADD["zh"]).click()
    tick(rows.nth(2), "zh", range(1))
    set_clocks(rows.nth(2), "zh", "18:00", "20:00")
    hours = "Mo 09:00-17:00,18:00-20:00; Tu-Fr 09:00-17:00; Sa-Su 10:00-16:00"
    expect(page.locator("[name=opening_hours]")).to_have_value(hours)
    expect(page.locator(".edit-state")).to_contain_text("已存为草稿", timeout=SOON_MS)
    page.goto(f"{desk}/zh/staff/features/school?draft={page.locator('[name=draft]').input_value()}")
    expect(page.locator("[name=opening_hours]")).to_have_value(hours)
    assert ticked(page) == [["Mo", "Tu", "We", "Th", "Fr"], ["Mo"], ["Sa", "Su"]]


def test_a_new_place_has_the_hours_it_was_given(visit: OpenVisit, desk: str) -> None:
    page = log_in(visit(DESKTOP, at=desk), "coco", "/en/staff/new/sights")
    row = open_hours(page).first
    tick(row, "en", range(7))
    set_clocks(row, "en", "06:00", "21:00")
    page.locator("[name='name.zh']").fill("新亭")
    page.locator("[name='name.en']").fill("New pavilion")
    page.locator("[name=kind]").select_option("house")
    page.locator("[name=lon]").fill("121.005")
    page.locator("[name=lat]").fill("30.7")
    page.locator(".save-bar .button.primary").click()
    expect(page.locator(".notice.done")).to_be_visible()
    page.reload()
    expect(page.locator("[name=opening_hours]")).to_have_value("Mo-Su 06:00-21:00")
    assert ticked(page) == [["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]]


def test_a_row_that_is_not_finished_stays_when_somebody_elses_change_comes_in(visit: OpenVisit, desk: str) -> None:
    one = log_in(visit(DESKTOP, at=desk), "ann", "/en/staff/features/hall")
    one.locator("[name='name.en']").fill("Great hall")
    expect(one.locator(".edit-state")).to_contain_text(SAVED, timeout=SOON_MS)
    draft, seen = (one.locator(f"[name={name}]").input_value() for name in ("draft", "seen"))
    other = log_in(visit(DESKTOP, at=desk), "ann", f"/en/staff/features/hall?draft={draft}")
    other.get_by_role("button", name=ADD["en"]).click()
    tick(other.locator(".hours-row").nth(1), "en", range(2))
    one.locator("[name='address.en']").fill("5 New Street")
    expect(one.locator("[name=seen]")).not_to_have_value(seen, timeout=SOON_MS)
    other.locator("[name='summary.en']").fill("A hall.")
    expect(other.locator("[name='address.en']")).to_have_value("5 New Street", timeout=SOON_MS)
    assert ticked(other) == [["Tu", "We", "Th", "Fr", "Sa", "Su"], ["Mo", "Tu"]]
