"""Check opening hours against days worked out by hand. 2026-11-23 is a Monday; Shanghai is UTC+8."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from cityatlas.city.opening import opening_hours
from cityatlas.city.opening.holidays import NO_HOLIDAYS, Holidays
from cityatlas.city.opening.opening_hours import say_days
from cityatlas.errors import InvalidHours, InvalidValue
from cityatlas.schema.faults import printable

SHANGHAI = ZoneInfo("Asia/Shanghai")
MUSEUM = "Tu-Su 08:30-16:30"
SEASONS = "Apr-Sep 08:00-18:00; Oct-Mar 08:00-17:00"
OFF = frozenset([date(2026, 2, 16), date(2026, 10, 1), date(2026, 10, 5)])
YEAR = Holidays(OFF, frozenset([date(2026, 10, 10)]), frozenset([2026]))
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def on(text: str, day: date, holidays: Holidays = YEAR) -> list[str]:
    found = opening_hours.intervals_on(text, day, timezone="Asia/Shanghai", holidays=holidays)
    return [f"{start:%d %H:%M} - {end:%d %H:%M}" for start, end in found]


def state(text: str, moment: datetime) -> opening_hours.OpenState:
    return opening_hours.state_at(text, moment, timezone="Asia/Shanghai", holidays=YEAR)


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        (MUSEUM, MONDAY, []),
        (MUSEUM, TUESDAY, ["24 08:30 - 24 16:30"]),
        ("Mo-Fr 09:00-12:00,13:30-17:00", MONDAY, ["23 09:00 - 23 12:00", "23 13:30 - 23 17:00"]),
        ("09:00-17:00; Mo off", MONDAY, []),
        ("24/7", MONDAY, ["23 00:00 - 24 00:00"]),
        ("off", MONDAY, []),
        ("Mo 10:00-11:00 unknown", MONDAY, []),
        ("Mo-Th 00:00-24:00; Fr 00:00-18:00", date(2026, 11, 27), ["27 00:00 - 27 18:00"]),
        ('Mo 09:00-12:00 "east door", Mo 12:00-17:00 "west door"', MONDAY, ["23 09:00 - 23 17:00"]),
        (SEASONS, date(2026, 9, 30), ["30 08:00 - 30 18:00"]),
        (SEASONS, date(2026, 10, 1), ["01 08:00 - 01 17:00"]),
        (SEASONS, date(2026, 3, 31), ["31 08:00 - 31 17:00"]),
    ],
)
def test_intervals_of_a_day(text: str, day: date, expected: list[str]) -> None:
    assert on(text, day) == expected


def test_an_evening_past_midnight_belongs_to_the_day_it_begins_on() -> None:
    assert on("Sa 22:00-02:00", date(2026, 11, 28)) == ["28 22:00 - 29 02:00"]
    assert on("Sa 22:00-02:00", date(2026, 11, 29)) == []
    assert on("Sa 22:00-12:00", date(2026, 11, 28)) == ["28 22:00 - 29 12:00"]  # until noon
    assert on("Sa 22:00-12:00", date(2026, 11, 29)) == []


def test_every_night_begins_once_on_each_day() -> None:
    assert on("18:00-02:00", MONDAY) == ["23 18:00 - 24 02:00"]
    assert on("18:00-02:00", TUESDAY) == ["24 18:00 - 25 02:00"]


def test_days_open_without_a_break_have_a_part_each() -> None:
    text = "Mo 10:00-24:00; Tu 00:00-24:00; We 00:00-03:00"
    assert on(text, MONDAY) == ["23 10:00 - 24 00:00"]
    assert on(text, TUESDAY) == ["24 00:00 - 25 03:00"]
    assert on(text, date(2026, 11, 25)) == []


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 10, 1), False),  # National Day, a Thursday
        (date(2026, 10, 5), False),  # a Monday off since a Saturday is worked
        (date(2026, 10, 8), True),  # the Thursday after
        (date(2026, 10, 10), True),  # that Saturday
        (date(2026, 2, 16), False),  # the day before Spring Festival
    ],
)
def test_a_holiday_is_what_the_citys_calendar_says(day: date, is_open: bool) -> None:
    assert bool(on("09:00-17:00; PH off", day)) is is_open


def test_without_a_calendar_no_day_is_a_public_holiday() -> None:
    assert on("09:00-17:00; PH off", date(2026, 10, 1), holidays=NO_HOLIDAYS) == ["01 09:00 - 01 17:00"]


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        ("Mo-Fr 09:00-17:00; PH 10:00-12:00", date(2026, 10, 1), ["01 10:00 - 01 12:00"]),
        ("Mo-Fr 09:00-17:00; Sa,Su,PH 10:00-12:00", date(2026, 10, 5), ["05 10:00 - 05 12:00"]),
        ("Mo-Fr 09:00-17:00; Sa,Su,PH 10:00-12:00", date(2026, 10, 10), ["10 10:00 - 10 12:00"]),  # a Saturday still
        ("Mo-Fr 09:00-17:00; 2026 Oct 10 09:00-16:00", date(2026, 10, 10), ["10 09:00 - 10 16:00"]),  # entered by date
        ('Tu-Su 09:00-17:00 "not on PH"', date(2026, 10, 5), []),  # words are no rule
        ("18:00-02:00; PH off", date(2026, 9, 30), ["30 18:00 - 01 02:00"]),
        ("18:00-02:00; PH off", date(2026, 10, 1), []),
    ],
)
def test_hours_on_holidays_and_make_up_days(text: str, day: date, expected: list[str]) -> None:
    assert on(text, day) == expected


def test_what_ends_with_a_holiday_changes_then() -> None:
    text = "09:00-17:00; PH off"
    assert state(text, at("2026-09-30T18:00")).changes_at == at("2026-10-02T09:00")
    assert not state(text, at("2026-10-01T10:00")).is_open
    assert state("24/7; PH off", at("2026-09-29T12:00")).changes_at == at("2026-10-01T00:00")
    assert state("off; PH off", at("2026-09-29T12:00")).changes_at is None
    # The first of October, a Thursday, is off: it stays open over midnight.
    text = "Mo-We 00:00-24:00; PH 00:00-24:00"
    assert state(text, at("2026-09-30T12:00")).changes_at == at("2026-10-02T00:00")


@pytest.mark.parametrize(
    ("moment", "is_open", "changes_at"),
    [
        ("2026-11-24T08:29:59", False, "2026-11-24T08:30"),
        ("2026-11-24T08:30:00", True, "2026-11-24T16:30"),
        ("2026-11-24T16:29:59", True, "2026-11-24T16:30"),
        ("2026-11-24T16:30:00", False, "2026-11-25T08:30"),
        ("2026-11-29T16:30:00", False, "2026-12-01T08:30"),  # Sunday evening, then the free Monday
    ],
)
def test_the_first_minute_is_open_and_the_last_is_not(moment: str, is_open: bool, changes_at: str) -> None:
    assert state(MUSEUM, at(moment)) == opening_hours.OpenState(is_open, at(changes_at), is_unknown=False)


def test_a_moment_is_judged_in_the_zone_of_the_city() -> None:
    half_past_eight_in_shanghai = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    found = state(MUSEUM, half_past_eight_in_shanghai)
    assert found.is_open
    assert found.changes_at is not None
    assert found.changes_at.isoformat() == "2026-11-24T16:30:00+08:00"


def test_a_moment_without_zone_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="time zone"):
        state(MUSEUM, datetime.fromisoformat("2026-11-24T09:00"))


def test_after_midnight_the_evening_before_is_still_open() -> None:
    assert state("Sa 22:00-02:00", at("2026-11-29T01:59")).is_open
    assert not state("Sa 22:00-02:00", at("2026-11-29T02:00")).is_open


@pytest.mark.parametrize(("text", "is_open"), [("24/7", True), ("off", False), ("Mo-Su 00:00-24:00", True)])
def test_what_never_changes_has_no_change(text: str, is_open: bool) -> None:
    assert state(text, at("2026-11-24T12:00")) == opening_hours.OpenState(is_open, None, is_unknown=False)


def test_unknown_is_not_open_and_says_so() -> None:
    found = state('Mo 10:00-12:00 unknown "ask the guard"', at("2026-11-23T10:30"))
    assert found == opening_hours.OpenState(False, at("2026-11-23T12:00"), is_unknown=True, comment="ask the guard")


def test_a_new_comment_alone_is_no_change() -> None:
    text = 'Mo 09:00-12:00 "east door", Mo 12:00-17:00 "west door"'
    assert state(text, at("2026-11-23T10:00")).changes_at == at("2026-11-23T17:00")
    assert state(f"{text}; PH off", at("2026-11-23T10:00")).changes_at == at("2026-11-23T17:00")


def test_hours_that_lie_in_a_far_year_end_the_search_soon() -> None:
    started = time.perf_counter()
    assert state("1900-2000 Mo 10:00-12:00", at("2026-11-23T10:00")).changes_at is None
    assert time.perf_counter() - started < 0.1


def test_a_week_is_seven_days_from_the_first() -> None:
    found = opening_hours.week(MUSEUM, TUESDAY, timezone="Asia/Shanghai")
    assert [day.day for day, _ in found] == [24, 25, 26, 27, 28, 29, 30]
    assert [len(intervals) for _, intervals in found] == [1, 1, 1, 1, 1, 1, 0]
    found = opening_hours.week(f"{MUSEUM}; PH off", date(2026, 9, 30), timezone="Asia/Shanghai", holidays=YEAR)
    assert [len(intervals) for _, intervals in found] == [1, 0, 1, 1, 1, 0, 1]  # the 1st and Monday the 5th are off


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        (
            MUSEUM,
            [("周二至周日", "8:30–16:30"), ("周一", "闭馆")],
            [("Tue–Sun", "8:30–16:30"), ("Mon", "Closed")],
        ),
        ("24/7", [("每天", "全天开放")], [("Every day", "Open all day")]),
        ("off", [("每天", "闭馆")], [("Every day", "Closed")]),
        (
            "Mo,We-Fr 09:00-11:30,13:00-17:00",
            [("周一、周三至周五", "9:00–11:30、13:00–17:00"), ("周二、周六至周日", "闭馆")],
            [("Mon, Wed–Fri", "9:00–11:30, 13:00–17:00"), ("Tue, Sat–Sun", "Closed")],
        ),
        ("18:00-02:00", [("每天", "18:00–次日2:00")], [("Every day", "18:00–2:00 next day")]),
        ("18:00-24:00", [("每天", "18:00–24:00")], [("Every day", "18:00–24:00")]),
        ("00:00-06:00", [("每天", "0:00–6:00")], [("Every day", "0:00–6:00")]),
        (
            "Mo off; Tu-Su 00:00-24:00",
            [("周二至周日", "全天开放"), ("周一", "闭馆")],
            [("Tue–Sun", "Open all day"), ("Mon", "Closed")],
        ),
        (
            'Mo-Fr 09:00-17:00 "east door"; Sa,Su 09:00-17:00 "west door"',
            [("每天", "9:00–17:00"), ("说明", "east door; west door")],
            [("Every day", "9:00–17:00"), ("Note", "east door; west door")],
        ),
        (
            '09:00-17:00 "by appointment"',
            [("每天", "9:00–17:00"), ("说明", "by appointment")],
            [("Every day", "9:00–17:00"), ("Note", "by appointment")],
        ),
        (
            "09:00-17:00 unknown",
            [("每天", "9:00–17:00（请先咨询）")],
            [("Every day", "9:00–17:00 (ask first)")],
        ),
        (
            "09:00-17:00; PH off",
            [("每天", "9:00–17:00"), ("法定节假日", "闭馆")],
            [("Every day", "9:00–17:00"), ("Public holidays", "Closed")],
        ),
    ],
)
def test_a_table_joins_days_alike(text: str, zh: list[tuple[str, str]], en: list[tuple[str, str]]) -> None:
    assert opening_hours.describe(text, "zh", on=TUESDAY) == zh
    assert opening_hours.describe(text, "en", on=TUESDAY) == en


def test_a_table_shows_the_season_of_its_week_and_no_single_holiday() -> None:
    assert opening_hours.describe(SEASONS, "en", on=date(2026, 7, 1)) == [("Every day", "8:00–18:00")]
    assert opening_hours.describe("09:00-17:00; PH off", "en", on=date(2026, 10, 1))[0] == (
        "Every day",
        "9:00–17:00",
    )


@pytest.mark.parametrize(
    "text", [MUSEUM, SEASONS, "24/7", "PH off", "Mo[1] off", "sunrise-sunset", "2026 Oct 10 09:00-16:30"]
)
def test_good_hours_pass(text: str) -> None:
    opening_hours.check_hours(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("9h-5", "is not OSM syntax"),
        ("周二至周日 9:00-16:30", "is not OSM syntax"),
        ("Tu–Su 09:00–16:30", "is not OSM syntax"),
        ("09:00", "is not OSM syntax"),
        ("25:00-26:00", "is not OSM syntax"),
        ("\0", "is not OSM syntax"),
        ("{{7*191}}", "is not OSM syntax"),
        ("((((((((", "is not OSM syntax"),
        ("", "is empty"),
        (" \t", "is empty"),
        ('"by appointment"', "has a rule without days or times"),
        ('Mo-Fr 09:00-17:00; "ask"', "has a rule without days or times"),
        ('Mo-Fr 09:00-17:00 || "ask"', "has a rule without days or times"),
        ("Mo-Fr 09:00-17:00;", "has a rule without days or times"),
        ("Feb 30 10:00-12:00", "names Feb 30, a day that no year has"),
        ("Apr 1-31 10:00-12:00", "names Apr 1-31, a day that no year has"),
    ],
)
def test_bad_hours_are_refused_with_value_cure_and_example(text: str, fault: str) -> None:
    with pytest.raises(InvalidHours) as caught:
        opening_hours.check_hours(text)
    assert caught.value.message.startswith(f'"{printable(text)}" {fault}')
    _, example, cure = caught.value.message.partition(" (example: Tu-Su 09:00-16:30). ")
    assert example
    assert cure.endswith(".")
    with pytest.raises(InvalidHours):
        on(text, MONDAY)


@pytest.mark.parametrize(
    "text",
    ["Mo" * 5000, "(" * 10000, "Mo-Fr 09:00-17:00; " * 526 + "Mo off", '"' + "a" * 9998 + '"', "," * 10000],
)
def test_ten_thousand_letters_are_refused_at_once(text: str) -> None:
    started = time.perf_counter()
    with pytest.raises(InvalidHours, match="longer than 255 letters"):
        opening_hours.check_hours(text)
    assert time.perf_counter() - started < 0.02


def test_the_longest_hours_allowed_are_answered_fast() -> None:
    text = ",".join(f"{h:02}:{m:02}-{h:02}:{m + 9}" for h in range(7) for m in (10, 30, 50))
    assert len(text) == 251
    started = time.perf_counter()
    assert len(on(text, MONDAY)) == 21
    assert time.perf_counter() - started < 0.1


def test_days_one_by_one_tell_a_day_off() -> None:
    text = "Mo-Sa 09:00-17:00; PH off"
    last_of_september = date(2026, 9, 30)  # a Wednesday; the first of October is off
    zh = opening_hours.tell_days(text, last_of_september, 2, "zh", holidays=YEAR)
    assert zh == [(last_of_september, "9:00–17:00"), (date(2026, 10, 1), "闭馆")]
    assert [said for _, said in opening_hours.tell_days(text, last_of_september, 5, "en")] == [
        *("9:00–17:00", "9:00–17:00", "9:00–17:00", "9:00–17:00"),
        "Closed",
    ]


def test_a_fault_shows_sixty_letters() -> None:
    with pytest.raises(InvalidHours) as caught:
        opening_hours.check_hours("x" * 60)
    assert (caught.value.values["value"], caught.value.values["reason"]) == ("x" * 60, "syntax")
    with pytest.raises(InvalidHours) as caught:
        opening_hours.check_hours("x" * 61)
    assert caught.value.values["value"] == "x" * 60 + "…"


def test_hours_may_have_255_letters() -> None:
    opening_hours.check_hours('09:00-17:00 "' + "a" * 241 + '"')
    with pytest.raises(InvalidHours, match="longer than 255 letters"):
        opening_hours.check_hours('09:00-17:00 "' + "a" * 242 + '"')


def test_an_unknown_zone_is_named() -> None:
    with pytest.raises(InvalidValue, match='time zone "Mars/Base"'):
        opening_hours.state_at(MUSEUM, at("2026-11-24T09:00"), timezone="Mars/Base")


def test_days_without_times_are_said_in_words() -> None:
    assert say_days("Sa,Su", "zh") == "周六、周日"
    assert say_days("Sa,PH", "zh") == "周六、法定节假日"
    assert say_days("Apr-Oct Mo-Fr", "zh") == "4月至10月 周一至周五"
    assert say_days("Apr-Oct Mo-Fr", "en") == "Apr–Oct Mon–Fri"
