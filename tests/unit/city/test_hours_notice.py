"""Opening hours as people write them: 40 notices, what is asked back, and sentences that read as they did before."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityatlas.city.opening.hours_notice import read_notice, understood_hours
from cityatlas.city.opening.hours_sentence import say_hours, write_hours
from cityatlas.city.opening.opening_hours import check_hours

UNDERSTOOD = {
    "周二至周日 9点-17点": "Tu-Su 09:00-17:00",
    "周二至周日9:00-17:00（16:30停止入馆），周一闭馆": "Tu-Su 09:00-17:00",
    "开放时间：上午9:00-11:30，下午13:30-17:00（周一闭馆）": "Tu-Su 09:00-11:30,13:30-17:00",
    "每周一闭馆，其余时间 8:30—16:30 开放，16:00停止领票": "Tu-Su 08:30-16:30",
    "周二至周日 9:00-17:00，周一闭馆（法定节假日除外）": "Tu-Su 09:00-17:00; PH 09:00-17:00",
    "周一至周五 9:00-17:00，节假日休息": "Mo-Fr 09:00-17:00; PH off",
    "夏季（5-9月）8:30-17:30，冬季（10-次年4月）9:00-16:30，周一闭馆": (
        "May-Sep Tu-Su 08:30-17:30; Oct-Apr Tu-Su 09:00-16:30"
    ),
    "5月1日-10月7日 8:00-18:00；10月8日至次年4月30日 8:30-17:00": (
        "May 01-Oct 07 Mo-Su 08:00-18:00; Oct 08-Apr 30 Mo-Su 08:30-17:00"
    ),
    "周二至周日 9点-17点；夏季 5-9 月 8:30 起": "Tu-Su 09:00-17:00; May-Sep Tu-Su 08:30-17:00",
    "每日9:00至21:00，全年无休": "Mo-Su 09:00-21:00",
    "全天开放": "24/7",
    "周六、周日 上午9点半到下午4点半": "Sa,Su 09:30-16:30",
    "周一至周四9:00-17:00；周五至周日9:00-20:30": "Mo-Th 09:00-17:00; Fr-Su 09:00-20:30",
    "周二～周日 09：00～17：00 逢周一闭馆，遇法定节假日照常开放": "Tu-Su 09:00-17:00; PH 09:00-17:00",
    "每周一（国家法定节假日除外）闭馆，周二至周日 9:00-17:00": "Tu-Su 09:00-17:00; PH 09:00-17:00",
    "除周一外，每天9:00-17:00": "Tu-Su 09:00-17:00",
    "每天9:00-17:00（周一除外）": "Tu-Su 09:00-17:00",
    "星期二到星期日早上八点半到下午四点半": "Tu-Su 08:30-16:30",
    "早9晚5，周一休息": "Tu-Su 09:00-17:00",
    "周一至周五 9:00-11:30、13:30-17:00，周六周日 9:00-16:00": "Mo-Fr 09:00-11:30,13:30-17:00; Sa,Su 09:00-16:00",
    "9:00开馆，17:00闭馆，周一休馆": "Tu-Su 09:00-17:00",
    "開館時間：9:00—17:00（16:00停止入場）": "Mo-Su 09:00-17:00",
    "週二至週日 9:00-17:00，週一休館": "Tu-Su 09:00-17:00",
    "周二至周日：9:00-17:00（午休 12:00-13:00）": "Tu-Su 09:00-12:00,13:00-17:00",
    "周末及法定节假日 10:00-16:00": "Sa,Su 10:00-16:00; PH 10:00-16:00",
    "周一至周日 18:00-次日2:00": "Mo-Su 18:00-02:00",
    "Tue-Sun 9am-5pm, closed on Mondays": "Tu-Su 09:00-17:00",
    "Daily 9:00-17:00, closed on public holidays": "Mo-Su 09:00-17:00; PH off",
    "周一至五9-17点": "Mo-Fr 09:00-17:00",
    "周三、周五下午2点至5点": "We,Fr 14:00-17:00",
    "7月、8月 周一至周日 8:00-20:00": "Jul,Aug Mo-Su 08:00-20:00",
    "1月闭馆，其余每天9:00-17:00": "Mo-Su 09:00-17:00; Jan off",
    "上午：8:30-11:00；下午：14:00-16:30；周六、周日休息": "Mo-Fr 08:30-11:00,14:00-16:30",
}
ASKED_BACK = {  # what is proposed
    "9:00-5:00": "Mo-Su 09:00-17:00",
    "工作日 9:00-17:00": "Mo-Fr 09:00-17:00",
    "春节闭馆，其余 9:00-17:00": "Mo-Su 09:00-17:00",
    "需提前预约，周二至周日9:00-17:00": "Tu-Su 09:00-17:00",
    "周一上午闭馆，其余9:00-17:00": "Tu-Su 09:00-17:00",
    "每月第一个周一闭馆，每天9:00-17:00": "Tu-Su 09:00-17:00",
    "周二至周日9:00-17:00，国庆期间延长至20:00": "Tu-Su 09:00-17:00",
}
NOTHING = ("", "闭馆日：每周一", "农历除夕闭馆", "请来电咨询", "9点", "</script>", "周" * 5000)


def test_forty_notices_are_what_is_tried() -> None:
    assert len(UNDERSTOOD | ASKED_BACK) == 40
    assert len(UNDERSTOOD) >= 32


@pytest.mark.parametrize(("text", "hours"), UNDERSTOOD.items())
def test_a_notice_is_understood_at_once(text: str, hours: str) -> None:
    notice = read_notice(text)
    assert (notice.hours, notice.is_sure, notice.left) == (hours, True, ())
    check_hours(hours)


@pytest.mark.parametrize(("text", "proposal"), ASKED_BACK.items())
def test_a_doubtful_notice_is_a_proposal(text: str, proposal: str) -> None:
    notice = read_notice(text)
    assert (notice.hours, notice.is_sure) == (proposal, False)


@pytest.mark.parametrize("text", NOTHING)
def test_no_hours_are_made_up(text: str) -> None:
    notice = read_notice(text)
    assert (notice.hours, notice.is_sure) == ("", False)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("中午12点半至下午5点", "Mo-Su 12:30-17:00"),
        ("中午1点-5点", "Mo-Su 13:00-17:00"),
        ("1-5pm", "Mo-Su 13:00-17:00"),
        ("10am-12pm", "Mo-Su 10:00-12:00"),
        ("12:00am-5:00pm", "Mo-Su 00:00-17:00"),
        ("12:30pm-5pm", "Mo-Su 12:30-17:00"),
        ("凌晨5点-晚上10点", "Mo-Su 05:00-22:00"),
        ("早上8点-下午12点", "Mo-Su 08:00-12:00"),
        ("9点一刻-16点三刻", "Mo-Su 09:15-16:45"),
        ("9点20分-17点5分", "Mo-Su 09:20-17:05"),
        ("上午9-11点", "Mo-Su 09:00-11:00"),
        ("晚上6点-2点", "Mo-Su 18:00-02:00"),
        ("晚上6点-9点", "Mo-Su 18:00-21:00"),
        ("20:00-24:00", "Mo-Su 20:00-24:00"),
        ("9:00-12:00，13:00-17:00，午休", "Mo-Su 09:00-12:00,13:00-17:00"),
        ("9:00-12:00，13:00-17:00，午休12:00-13:00", "Mo-Su 09:00-12:00,13:00-17:00"),
        ("9:00-17:00，12:00-13:00午休", "Mo-Su 09:00-12:00,13:00-17:00"),
        ("5月-9月20日 9:00-17:00", "May 01-Sep 20 Mo-Su 09:00-17:00"),
        ("12月 9:00-17:00", "Dec Mo-Su 09:00-17:00"),
        ("1月-12月 9:00-17:00", "Jan-Dec Mo-Su 09:00-17:00"),
        ("Mon, Wed 9am-5pm", "Mo,We 09:00-17:00"),
        ("每天9:00-17:00，周一、周二除外", "We-Su 09:00-17:00"),
        ("每天9:00-17:00，节假日除外", "Mo-Su 09:00-17:00; PH off"),
        ("周日至周二 9:00-17:00", "Mo,Tu,Su 09:00-17:00"),
    ],
)
def test_halves_of_the_day_breaks_and_seasons_are_understood(text: str, hours: str) -> None:
    notice = read_notice(text)
    assert (notice.hours, notice.is_sure) == (hours, True)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("9:00-17:70", ""),
        ("25:00-26:00", ""),
        ("24:00-25:00", ""),
        ("18:00-2:00", "Mo-Su 18:00-02:00"),
        ("9:00-17:00，午休", "Mo-Su 09:00-17:00"),
        ("13月-15月 9:00-17:00", "Mo-Su 09:00-17:00"),
        ("0月-3月 9:00-17:00", "Mar Mo-Su 09:00-17:00"),
        ("13月 9:00-17:00", "Mo-Su 09:00-17:00"),
        ("周一闭馆，周二不含，每天9:00-17:00", "Tu-Su 09:00-17:00"),
        ("9:00起", "Mo-Su 09:00-24:00"),
    ],
)
def test_what_no_clock_or_month_shows_is_asked_back(text: str, hours: str) -> None:
    notice = read_notice(text)
    assert (notice.hours, notice.is_sure) == (hours, False)


def test_a_season_without_its_months_is_asked_back() -> None:
    assert not read_notice("夏季 9:00-12:00；冬季 13:00-17:00").is_sure


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("周二至周日9:00-17:00，最晚入馆16:30", 30),
        ("9:00—17:00（16:00停止入场）", 60),
        ("9:00-17:00", None),
        ("9:00-17:00（8:00停止入场）", None),
    ],
)
def test_the_last_entry_is_told(text: str, minutes: int | None) -> None:
    assert read_notice(text).last_entry_min == minutes


def test_hours_in_osm_syntax_stay_as_they_are() -> None:
    assert understood_hours("Tu-Su 09:00-16:30; PH off").hours == "Tu-Su 09:00-16:30; PH off"
    assert not understood_hours("是").is_sure


SPANS = st.sampled_from(["09:00-17:00", "08:30-11:30,13:30-16:30", "18:00-02:00", "off"])
DAYS = st.sampled_from(["Mo-Fr", "Tu-Su", "Sa,Su", "We", "PH", "Mo-Su"])
SEASONS = st.sampled_from(["", "May-Sep ", "Oct-Apr ", "May 01-Oct 07 ", "Jul,Aug "])
RULES = st.builds("{}{} {}".format, SEASONS, DAYS, SPANS)


@settings(max_examples=300, deadline=None)
@given(rules=st.lists(RULES, min_size=1, max_size=3, unique=True))
def test_a_cell_reads_as_the_very_same_hours_again(rules: list[str]) -> None:
    hours = "; ".join(rules)
    assert understood_hours(write_hours(hours)).hours == hours


@settings(max_examples=300, deadline=None)
@given(
    text=st.text("周一二日至-到9:0点半上下午闭馆节假除外（）；、月5起止停入每天夏 mondapclse", max_size=40)
    | st.text(max_size=40)
)
def test_whatever_is_written_only_hours_that_hold_come_out(text: str) -> None:
    notice = read_notice(text)
    if notice.hours:
        check_hours(notice.hours)


@pytest.mark.parametrize(
    ("hours", "zh", "en"),
    [
        (
            "Tu-Su 09:00-17:00; PH off",
            "周二至周日 9:00–17:00；法定节假日闭馆",
            "Tue–Sun 9:00–17:00; Public holidays closed",
        ),
        ("May 01-Oct 07 08:00-18:00", "5月1日至10月7日 每天 8:00–18:00", "May 1–Oct 7: Every day 8:00–18:00"),
        ('Mo-Fr 09:00-17:00 "by phone"', "周一至周五 9:00–17:00（by phone）", "Mon–Fri 9:00–17:00 (by phone)"),
        ("24/7", "全天开放", "Open all day"),
        ("Jan off", "1月闭馆", "Jan closed"),
        ("sunrise-sunset", "sunrise-sunset", "sunrise-sunset"),
    ],
)
def test_hours_are_said_in_a_sentence(hours: str, zh: str, en: str) -> None:
    assert (say_hours(hours, "zh"), say_hours(hours, "en")) == (zh, en)
