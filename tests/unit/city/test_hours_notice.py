"""Opening hours as people write them: 40 notices, what is asked back, and sentences that read as they did before."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityatlas.city.opening.hours_notice import Notice, read_notice, understood_hours
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
        ("上午十点至下午五点", "Mo-Su 10:00-17:00"),
        ("十点半至十九点", "Mo-Su 10:30-19:00"),
        ("九点零五分至二十二点", "Mo-Su 09:05-22:00"),
        ("八点十五分至十七点五十九分", "Mo-Su 08:15-17:59"),
        ("十一月至十二月 十点至十六点", "Nov-Dec Mo-Su 10:00-16:00"),
        ("12月至次年1月 9:00-17:00", "Dec-Jan Mo-Su 09:00-17:00"),
        ("9:00 a.m. - 5:00 p.m.", "Mo-Su 09:00-17:00"),
        ("中午11点半-15点", "Mo-Su 11:30-15:00"),
        ("早上13点-15点", "Mo-Su 13:00-15:00"),
        ("下午2-5点", "Mo-Su 14:00-17:00"),
        ("9-22点", "Mo-Su 09:00-22:00"),
        ("9-12pm", "Mo-Su 09:00-12:00"),
        ("6-6pm", "Mo-Su 06:00-18:00"),
        ("晚上6点-6点", "Mo-Su 18:00-06:00"),
        ("星期一、星期三 9:00-17:00", "Mo,We 09:00-17:00"),
        ("礼拜二至礼拜五 9:00-17:00", "Tu-Fr 09:00-17:00"),
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
        ("18:00-18:00", "Mo-Su 18:00-06:00"),
        ("下午2点-下午2点", "Mo-Su 14:00-02:00"),
        ("17:00-5:00", "Mo-Su 17:00-05:00"),
        ("13月-5月 9:00-17:00", "May Mo-Su 09:00-17:00"),
        ("5月-13月 9:00-17:00", "May Mo-Su 09:00-17:00"),
        ("5月1日-9月 9:00-17:00", "Sep Mo-Su 09:00-17:00"),
    ],
)
def test_what_no_clock_or_month_shows_is_asked_back(text: str, hours: str) -> None:
    notice = read_notice(text)
    assert (notice.hours, notice.is_sure) == (hours, False)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("周一除外，每天9:00-17:00", "Tu-Su 09:00-17:00"),
        ("每天9:00-17:00，周一除外，节假日除外", "Tu-Su 09:00-17:00; PH off"),
        ("每天（周一除外）9:00-17:00，节假日除外", "Tu-Su 09:00-17:00; PH off"),
        ("9:00-17:00，除外：周一、节假日", "Tu-Su 09:00-17:00; PH off"),
        ("周一闭馆，其余周三除外 9:00-17:00", "Tu,Th-Su 09:00-17:00"),
        ("节假日照常开放，每周一闭馆，9:00-17:00", "Tu-Su 09:00-17:00; PH 09:00-17:00"),
        ("周一闭馆，节假日照常开放，全年无休，9:00-17:00", "Tu-Su 09:00-17:00; PH 09:00-17:00"),
        ("节假日10:00-16:00；周二至周日9:00-17:00", "Tu-Su 09:00-17:00; PH 10:00-16:00"),
        ("周一至周五 9:00-17:00；其余 10:00-16:00", "Mo-Fr 09:00-17:00; Sa,Su 10:00-16:00"),
        ("周一至周五 9:00-17:00；周六10:00起", "Mo-Fr 09:00-17:00; Sa 10:00-17:00"),
        ("1月闭馆，5-9月 9:00-17:00", "May-Sep Mo-Su 09:00-17:00; Jan off"),
        ("5-9月 9:00-17:00；周一闭馆；其余时间 10:00-16:00", "Tu-Su 10:00-16:00; May-Sep Tu-Su 09:00-17:00"),
        (
            "冬季（11-4月）9:00-16:00，夏季（5-10月）8:00-18:00",
            "Nov-Apr Mo-Su 09:00-16:00; May-Oct Mo-Su 08:00-18:00",
        ),
        (
            "周二至周日 9:00-17:00；5-9月 8:30-18:00；10-4月 周六 9:00-12:00",
            "Tu-Su 09:00-17:00; May-Sep Tu-Su 08:30-18:00; Oct-Apr Sa 09:00-12:00",
        ),
        ("9:00-12:00，12:00-17:00", "Mo-Su 09:00-12:00,12:00-17:00"),
        ("9:00-12:00，13:00-17:00，12:00-13:00午休", "Mo-Su 09:00-12:00,13:00-17:00"),
        ("9:00-12:00，12:00-13:00午休，13:00-17:00", "Mo-Su 09:00-12:00,13:00-17:00"),
        ("9:00-12:00，午休12:00-13:00，13:00-17:00", "Mo-Su 09:00-12:00,13:00-17:00"),
        ("9:00-12:00，13:00-17:00；周一闭馆；午休", "Tu-Su 09:00-12:00,13:00-17:00"),
        ("午休12:00-13:00，9:00-17:00", "Mo-Su 09:00-12:00,13:00-17:00"),
        ("9:00-11:00，12:00-14:00，15:00-17:00，午休", "Mo-Su 09:00-11:00,12:00-14:00,15:00-17:00"),
        ("9:00-17:00，16:00-17:00午休", "Mo-Su 09:00-16:00"),
        ("9:00-17:00，午休9:00-10:00", "Mo-Su 10:00-17:00"),
        (
            "周一至周五9:00-17:00，午休12:00-13:00，周六10:00-12:30",
            "Mo-Fr 09:00-12:00,13:00-17:00; Sa 10:00-12:00",
        ),
    ],
)
def test_exceptions_the_rest_and_seasons_are_understood_in_any_order(text: str, hours: str) -> None:
    notice = read_notice(text)
    assert (notice.hours, notice.is_sure) == (hours, True)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("工作日 9:00-17:00，节假日闭馆", "Mo-Fr 09:00-17:00; PH off"),
        ("工作日 9:00-17:00，全年无休", "Mo-Fr 09:00-17:00"),
        ("工作日 9:00-17:00，除周一外", "Mo-Fr 09:00-17:00"),
        ("工作日 9:00-17:00，周三闭馆，节假日照常开放", "Mo,Tu,Th,Fr 09:00-17:00; PH 09:00-17:00"),
        ("周三除周一外 9:00-17:00", "Tu,Th-Su 09:00-17:00"),
        ("每周一（周三除外）闭馆，周二至周日 9:00-17:00", "Tu-Su 09:00-17:00"),
        ("周一照常开放，9:00-17:00", "Mo-Su 09:00-17:00"),
        ("周一闭馆，节假日闭馆，节假日照常开放，9:00-17:00", "Tu-Su 09:00-17:00; PH 09:00-17:00; PH off"),
        (
            "周一闭馆（节假日照常开放）；周二至周五9:00-17:00；周六、周日10:00-16:00",
            "Tu-Fr 09:00-17:00; Sa,Su 10:00-16:00; PH 10:00-16:00",
        ),
        ("9:00-17:00，周一", "Mo-Su 09:00-17:00"),
        ("9:00-17:00，闭馆日", "Mo-Su 09:00-17:00"),
        ("9:00-17:00，夏季", "Mo-Su 09:00-17:00"),
        ("9:00-17:00；其余周一除外", "Mo-Su 09:00-17:00"),
        ("周一9:00-12:00，除外", "Mo 09:00-12:00"),
        ("1月闭馆；9:00-17:00", "Jan Mo-Su 09:00-17:00; Jan off"),
        ("9:00-12:00，11:00-17:00", "Mo-Su 09:00-12:00,11:00-17:00"),
        ("周二至周日9:00-17:00；周一13:00-17:00；其他9:00-10:00", "Tu-Su 09:00-17:00; Mo 13:00-17:00"),
        ("周一闭馆；周二9:00-17:00；周一9:00-12:00", "Tu 09:00-17:00"),
        ("9:00-12:00，9:00-12:00午休", "Mo-Su off"),
        ("工作日 9:00-17:00；除周一外，周六10:00-12:00", "Tu-Fr 09:00-17:00; Sa 10:00-12:00"),
    ],
)
def test_what_contradicts_itself_or_is_not_said_to_its_end_is_asked_back(text: str, hours: str) -> None:
    notice = read_notice(text)
    assert (notice.hours, notice.is_sure) == (hours, False)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("9:00-17:00，提前预约", ("提前预约",)),
        ("9:00-17:00，9点半", ("09:30",)),
        ("9:00-17:70", ("09:00", "-17 70")),
        ("9点-17点60分", ("09:00", "-17点60分")),
        ("十二三点-17:00", ("十二三点-", "17:00")),
        ("13月 9:00-17:00", ("13月",)),
        ("5月1日-9月 9:00-17:00", ("5月1日-",)),
        ("5月1日-13月1日 9:00-17:00", ("5月1日-13月1日",)),
        ("请来电咨询", ("请来电咨询",)),
    ],
)
def test_what_was_not_understood_is_told(text: str, left: tuple[str, ...]) -> None:
    assert read_notice(text).left == left


def test_a_notice_may_have_255_letters() -> None:
    notice = "9:00-17:00"
    assert read_notice(notice + " " * 245).hours == "Mo-Su 09:00-17:00"
    assert read_notice(notice + " " * 246) == Notice()


def test_a_season_without_its_months_is_asked_back() -> None:
    assert not read_notice("夏季 9:00-12:00；冬季 13:00-17:00").is_sure


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("周二至周日9:00-17:00，最晚入馆16:30", 30),
        ("9:00—17:00（16:00停止入场）", 60),
        ("9:00-17:00", None),
        ("9:00-17:00（8:00停止入场）", None),
        ("9:00-17:00，最晚入馆16:59", 1),
        ("9:00-17:00，最晚入馆17:00", None),
        ("9:00-17:00，最晚入馆14:00", 180),
        ("9:00-17:00，最晚入馆13:59", None),
        ("9:00-17:00，最晚入馆16:30，最晚入馆16:00", None),
        ("9:00-12:00，13:00-17:00，16:30停止入馆", 30),
        ("5-9月 9:00-18:00；10-4月 9:00-17:00；最晚入馆17:30，最晚入馆16:30", 30),
        ("5-9月 9:00-18:00；10-4月 9:00-17:00；最晚入馆17:30，最晚入馆16:00", None),
        ("5-9月 9:00-18:00；10-4月 9:00-17:00；最晚入馆16:30", None),
    ],
)
def test_the_last_entry_is_told(text: str, minutes: int | None) -> None:
    notice = read_notice(text)
    assert notice.last_entry_min == minutes
    assert notice.is_sure is (minutes is not None or "入" not in text)


def test_hours_in_osm_syntax_stay_as_they_are() -> None:
    assert understood_hours("Tu-Su 09:00-16:30; PH off") == Notice("Tu-Su 09:00-16:30; PH off", is_sure=True)
    assert understood_hours("9:00-5:00") == Notice("Mo-Su 09:00-17:00", is_sure=False)  # there it would be a night
    assert not understood_hours("是").is_sure


def test_a_cell_says_hours_in_chinese() -> None:
    assert write_hours("Tu-Su 09:00-17:00; PH off") == "周二至周日 9:00–17:00；法定节假日闭馆"
    assert write_hours('Mo 09:00-17:00 "by phone"') == 'Mo 09:00-17:00 "by phone"'  # that would not be read back


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
        ("18:00-02:00", "每天 18:00–次日2:00", "Every day 18:00–2:00 next day"),
        ("Mo-Su 09:00-09:00", "每天 9:00–次日9:00", "Every day 9:00–9:00 next day"),
        ("Mo closed", "周一闭馆", "Mon closed"),
        ("Jan off", "1月闭馆", "Jan closed"),
        ("sunrise-sunset", "sunrise-sunset", "sunrise-sunset"),
    ],
)
def test_hours_are_said_in_a_sentence(hours: str, zh: str, en: str) -> None:
    assert (say_hours(hours, "zh"), say_hours(hours, "en")) == (zh, en)
