"""Check what staff are told: the handbook's numbers, and what opening hours mean while they are typed."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from cityatlas.holidays import Holidays
from cityatlas.hours import tell_days
from cityatlas.paths import PACKAGE
from cityatlas.web import handbook
from staff import logged_in, make_desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return a toy city with a desk."""
    return make_desk(tmp_path_factory.mktemp("desk"), session_h=6, report_days=45)


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        (
            "en",
            ["lasts 6 hours", "at least 12 letters", "within 72 hours", "after 45 days", "10 MB, 50 MB", "20000 rows"],
        ),
        ("zh", ["一次管 6 小时", "至少 12 个字符", "180 天没核对", "45 天后", "最大 10 MB", "今后 14 天"]),
    ],
)
def test_the_handbook_names_the_numbers_that_hold(desk: Flask, lang: str, told: list[str]) -> None:
    text = desk.test_client().get(f"/{lang}/help/staff").text
    assert [sentence for sentence in told if sentence not in text] == []
    assert "{" not in text.partition("<main")[2]


def test_the_handbook_says_of_the_scripts_what_they_do() -> None:
    scripts = PACKAGE / "static" / "js"
    assert f"PAUSE_MS = {handbook.AUTOSAVE_S}000;" in (scripts / "edit_keep.js").read_text("utf-8")
    assert f"OLD_MS = {handbook.COPY_DAYS} * 24 * 3600 * 1000;" in (scripts / "edit_copy.js").read_text("utf-8")


def test_hours_are_told_for_fourteen_days_from_today(desk: Flask) -> None:
    days = logged_in(desk, "coco").get("/en/staff/hours?text=Mo-Su+09:00-17:00").get_json()["days"]
    assert len(days) == 14
    assert {day["times"] for day in days} == {"9:00–17:00"}
    assert days[0]["weekday"] == date.fromisoformat(days[0]["date"]).strftime("%A")


@pytest.mark.parametrize(
    ("text", "fault"),
    [("9点到5点", "读不懂"), ("", "未知"), ("Mo 09:00-10:00; ", "没有写星期"), ("Feb 30 10:00-11:00", "哪一年都没有")],
)
def test_hours_that_cannot_be_read_are_told_in_words(desk: Flask, text: str, fault: str) -> None:
    answer = logged_in(desk, "coco").get("/zh/staff/hours", query_string={"text": text}).get_json()
    assert fault in answer["fault"]


def test_hours_are_for_staff_only(desk: Flask) -> None:
    assert (
        desk.test_client().get("/en/staff/hours?text=24/7", headers={"Accept": "application/json"}).status_code == 401
    )


def test_a_day_off_has_the_hours_of_holidays() -> None:
    national_day = Holidays(off=frozenset({date(2026, 10, 1)}), years=frozenset({2026}))
    told = tell_days("Mo-Su 09:00-17:00; PH off", date(2026, 9, 30), 2, "en", holidays=national_day)
    assert told == [(date(2026, 9, 30), "9:00–17:00"), (date(2026, 10, 1), "Closed")]
