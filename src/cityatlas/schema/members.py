"""Describe what tables and the items of lists hold: the members of each, in the order of the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..limits import ACCURACY_M, COUNT, DAY_MIN, STATED_VALUE
from . import phases
from .property_types import (
    BilingualList,
    BilingualText,
    Choice,
    Date,
    Member,
    Month,
    Number,
    PlainText,
    SourceTitle,
    YesNo,
    both,
)

POSITION_CLASSES = ("surveyed", "approximate", "schematic")
MODES = ("walk", "boat")
STATED_KINDS = ("length_m", "duration_min")
MAX_PRICE = 100_000
PAYERS = ("adult", "child", "senior", "student", "group")


def label_of(item: Any) -> str:  # Any: an item as JSON holds it
    label = item["label"]
    return str(label.get("zh") or label["en"])


def notice_of(item: Any) -> str:  # Any: an item as JSON holds it
    text = item["text"]
    return str(text.get("zh") or text["en"])


def price_of(item: Any) -> str:  # Any: an item as JSON holds it
    note = item.get("note") or {}
    return f"{item.get('for') or ''} {item.get('currency') or ''} {note.get('zh') or note.get('en') or ''}"


def run_of(item: Any) -> str:  # Any: an item as JSON holds it
    return f"{item.get('days') or ''} {bool(item.get('is_back'))}"


def by(key: str) -> Callable[[Any], str]:
    return lambda item: str(item[key])


LONG = BilingualText("long")
PHASE = Choice(phases.PHASES, "phase.", "phase.")
MODE_CHOICE = Choice(MODES, "files.mode_", "edit.mode_")
WHAT = Choice(STATED_KINDS, "files.stated_", "edit.what_")
PAYER = Choice(PAYERS, "price.for_", "price.for_")
CLASS = Choice(POSITION_CLASSES, "position.", "position.")
AMOUNT = Number(0, COUNT, is_whole=True)
MINUTES = Number(0, DAY_MIN, is_whole=True)

SOURCE = Member(
    "source", SourceTitle(), both("来源", "Source"), both("“来源”里的一个标题", "a title from the sources below")
)
NOTE = Member("note", LONG, both("说明", "Note"))
DAYS = Member(
    "days",
    PlainText(),
    both("哪些日子", "On which days"),
    both("例如 Sa,Su 或 Apr-Oct Mo-Fr", "as Sa,Su or Apr-Oct Mo-Fr"),
)
MODE = Member("mode", MODE_CHOICE, both("去下一站", "On to the next"))

PHASES = (
    Member("phase", PHASE, both("阶段", "Phase"), is_needed=True),
    Member("from", Month(), both("开始", "From"), both("年-月", "year-month")),
    Member("to", Month(), both("结束", "To"), both("年-月", "year-month")),
    SOURCE,
    NOTE,
)
PROGRAMMES = (
    Member("id", PlainText("id"), both("编号", "Id"), is_needed=True),
    Member("title", BilingualText("name"), both("标题", "Title"), is_needed=True),
    Member("summary", LONG, both("简介", "Summary")),
    Member("duration_min", AMOUNT, both("时长（分钟）", "Duration in minutes")),
    Member("party_min", AMOUNT, both("最少人数", "Smallest party")),
    Member("party_max", AMOUNT, both("最多人数", "Largest party")),
    Member("departures", PlainText(), both("开始时刻", "Begins at"), both("例如 09:30 14:00", "as 09:30 14:00")),
    DAYS,
    Member("booking", LONG, both("怎样预约", "How to book")),
    Member("questions", BilingualList(), both("研学问题", "Study questions"), both("每行一个", "one a line")),
    SOURCE,
)
PROGRAMME_CELL = (
    *("id", "title", "duration_min", "party_min", "party_max"),
    *("booking", "source", "summary", "departures", "days"),
)
ACCESS = (
    Member("step_free", YesNo(is_claim=True), both("无台阶", "Step-free")),
    Member("toilets", YesNo(), both("卫生间", "Toilets"), known_as={"": "有厕所"}),
    Member("lift", YesNo(), both("电梯", "Lift"), known_as={"": "有电梯"}),
    Member("boat_gangway", YesNo(), both("登船跳板", "Boat gangway"), known_as={"": "有登船跳板"}),
    Member("note", LONG, both("说明", "Note"), title=both("通行说明", "Access note")),
)
NOTICES = (
    Member("text", LONG, both("通告", "Notice"), is_needed=True),
    Member("from", Date(), both("从哪天", "From"), both("年、年-月或年-月-日", "year, month or day")),
    Member(
        "to", Date(), both("到哪天", "To"), both("含这一天；不知道就不填", "this day included; empty when not known")
    ),
    Member(
        "closes",
        YesNo(is_claim=True),
        both("期间关闭", "Closed meanwhile"),
        both("游览安排和“现在开放”都会照此", "plans and “open now” keep to it"),
    ),
    SOURCE,
)
PRICES = (
    Member("amount", Number(0, MAX_PRICE), both("金额", "Amount"), both("免费写 0", "0 is free"), is_needed=True),
    Member(
        "currency",
        PlainText("currency"),
        both("货币", "Currency"),
        both("三个字母，人民币写 CNY", "three letters, as CNY"),
        is_needed=True,
    ),
    Member("for", PAYER, both("给谁", "For whom"), both("不选就是所有人", "everybody when none is chosen")),
    NOTE,
    SOURCE,
)
RESERVATION = (
    Member(
        "needed", YesNo(is_claim=True), both("要预约", "Has to be booked"), title=both("要不要预约", "Booking needed")
    ),
    Member("how", LONG, both("怎样预约", "How to book")),
)
SERVICES = (
    Member("parking", YesNo(), both("停车场", "Parking"), title=both("有停车场", "Has parking")),
    Member("water", YesNo(), both("饮用水", "Drinking water"), title=both("有饮用水", "Has drinking water")),
    Member("lockers", YesNo(), both("寄存柜", "Lockers"), title=both("有寄存柜", "Has lockers")),
    Member("nursing_room", YesNo(), both("母婴室", "Nursing room"), title=both("有母婴室", "Has a nursing room")),
    Member("note", LONG, both("说明", "Note"), title=both("设施说明", "Note on services")),
)
FACTS = (
    Member("label", BilingualText(), both("要点", "Fact"), is_needed=True),
    Member("value", LONG, both("内容", "Value"), is_needed=True),
    SOURCE,
)
PHOTOS = (
    Member("file", PlainText("photo"), both("照片", "Photo"), is_needed=True),
    Member("alt", LONG, both("照片里看得到什么", "What the photo shows"), is_needed=True),
    Member("credit", PlainText(), both("谁拍的、什么许可", "By whom, under which licence")),
)
STOPS = (
    Member(
        "id", PlainText("stop"), both("站点", "Stop"), both("名称、拼音都行", "its name, or pinyin"), is_needed=True
    ),
    MODE,
)
SAILINGS = (
    Member(
        "times",
        PlainText(),
        both("各站时刻", "Times at the stops"),
        both(
            "每一班给每一站一个时刻，班次之间用分号；例如两站：09:00 09:25; 10:00 10:25；不停的站写 -",
            "one a stop, runs parted by semicolons; for two stops: 09:00 09:25; 10:00 10:25; - where it does not stop",
        ),
        is_needed=True,
    ),
    Member(
        "is_back",
        YesNo(is_claim=True),
        both("反方向", "The other way round"),
        both("从最后一站开出", "from the last stop"),
    ),
    DAYS,
    Member("seats", Number(1, COUNT, is_whole=True), both("座位数", "Seats")),
    SOURCE,
)
STATED = (
    Member("what", WHAT, both("公布的是", "What is stated"), is_needed=True),
    Member("value", Number(0, STATED_VALUE, is_open=True), both("内容", "Value"), is_needed=True),
    NOTE,
    SOURCE,
)
POSITION = (
    Member(
        "class",
        CLASS,
        both("位置可靠程度", "How far the position can be trusted"),
        noun=both("可靠程度", "trust"),
    ),
    Member(
        "accuracy_m",
        Number(1, ACCURACY_M, is_whole=True),
        both("误差（米）", "Accuracy in metres"),
        title=both("位置误差（米）", "Position error (metres)"),
    ),
    Member(
        "located_by", LONG, both("位置是怎样确定的", "How it was located"), title=both("如何定位", "How it was located")
    ),
    Member("source", SourceTitle(), SOURCE.label, SOURCE.help, both("位置的来源", "Source of the position")),
    Member(
        "attribution",
        BilingualText(),
        both("须注明的权利人", "To be credited"),
        both(
            "按许可须在地图上写明，例如 © OpenStreetMap 贡献者", "as the licence asks, as © OpenStreetMap contributors"
        ),
        title=both("位置须注明的权利人", "Position to be credited to"),
    ),
    Member(
        "licence_url",
        PlainText("url"),
        both("许可的网址", "Address of the licence"),
        title=both("位置许可的网址", "Address of the position's licence"),
    ),
    Member("verified_on", Date(), both("核实日期", "Verified on"), title=both("位置核实日期", "Position verified on")),
)
SOURCES = (
    Member("title", PlainText(), both("标题", "Title"), is_needed=True),
    Member("date", Date(), both("日期", "Date"), both("年、年-月或年-月-日", "year, month or day")),
    Member("url", PlainText("url"), both("网址", "Address on the web")),
)
