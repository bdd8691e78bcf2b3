"""List the properties of a feature, each once: checks, form, merge, sheets, differences and exports read this table.

A new property is a row here. Nothing else names it but the template of a page that shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from ..limits import ACCURACY_M, COUNT, DAY_MIN, STATED_VALUE
from .phases import PHASES
from .property_types import (
    BilingualList,
    BilingualText,
    Choice,
    Date,
    Group,
    Hours,
    ItemList,
    Listed,
    Member,
    Month,
    Number,
    PlainText,
    Property,
    PropertyTable,
    SourceTitle,
    Stops,
    Table,
    YesNo,
    both,
)

V = TypeVar("V")
POSITION_CLASSES = ("surveyed", "approximate", "schematic")
MODES = ("walk", "boat")
STATED = ("length_m", "duration_min")

# In the order of the form.
GROUPS = (
    Group("words", is_always_open=True),
    Group("place", is_always_open=True),
    Group("hours"),
    Group("visit"),
    Group("works"),
    Group("programmes"),
    Group("facts"),
    Group("photos"),
    Group("route"),
    Group("sources", is_always_open=True),
)


def _label_of(item: Any) -> str:  # Any: an item as JSON holds it
    label = item["label"]
    return str(label.get("zh") or label["en"])


def _run_of(item: Any) -> str:  # Any: an item as JSON holds it
    return f"{item.get('days') or ''} {bool(item.get('is_back'))}"


def _by(key: str) -> Callable[[Any], str]:
    return lambda item: str(item[key])


LONG = BilingualText("long")
PHASE = Choice(PHASES, "phase.", "phase.")
MODE = Choice(MODES, "files.mode_", "edit.mode_")
WHAT = Choice(STATED, "files.stated_", "edit.what_")
CLASS = Choice(POSITION_CLASSES, "position.", "position.")
AMOUNT = Number(0, COUNT, is_whole=True)
MINUTES = Number(0, DAY_MIN, is_whole=True)

_SOURCE = Member(
    "source", SourceTitle(), both("来源", "Source"), both("写“来源”里的标题", "a title from the sources below")
)
_NOTE = Member("note", LONG, both("说明", "Note"))
_DAYS = Member(
    "days",
    PlainText(),
    both("哪些日子", "On which days"),
    both("例如 Sa,Su 或 Apr-Oct Mo-Fr", "as Sa,Su or Apr-Oct Mo-Fr"),
)
_MODE = Member("mode", MODE, both("去下一站", "On to the next"))

_PHASES = (
    Member("phase", PHASE, both("阶段", "Phase"), is_needed=True),
    Member("from", Month(), both("开始", "From"), both("年-月", "year-month")),
    Member("to", Month(), both("结束", "To"), both("年-月", "year-month")),
    _SOURCE,
    _NOTE,
)
_PROGRAMMES = (
    Member("id", PlainText("id"), both("编号", "Id"), is_needed=True),
    Member("title", BilingualText("name"), both("标题", "Title"), is_needed=True),
    Member("summary", LONG, both("简介", "Summary")),
    Member("duration_min", AMOUNT, both("时长（分钟）", "Duration in minutes")),
    Member("party_min", AMOUNT, both("最少人数", "Smallest party")),
    Member("party_max", AMOUNT, both("最多人数", "Largest party")),
    Member("departures", PlainText(), both("开始时刻", "Begins at"), both("例如 09:30 14:00", "as 09:30 14:00")),
    _DAYS,
    Member("booking", LONG, both("怎样预约", "How to book")),
    Member("questions", BilingualList(), both("研学问题", "Study questions"), both("每行一个", "one a line")),
    _SOURCE,
)
_PROGRAMME_CELL = (
    *("id", "title", "duration_min", "party_min", "party_max"),
    *("booking", "source", "summary", "departures", "days"),
)
_ACCESS = (
    Member("step_free", YesNo(is_claim=True), both("无台阶", "Step-free")),
    Member("toilets", YesNo(), both("卫生间", "Toilets"), known_as={"": "有厕所"}),
    Member("lift", YesNo(), both("电梯", "Lift"), known_as={"": "有电梯"}),
    Member("boat_gangway", YesNo(), both("登船跳板", "Boat gangway"), known_as={"": "有登船跳板"}),
    Member("note", LONG, both("说明", "Note"), title=both("通行说明", "Access note")),
)
_FACTS = (
    Member("label", BilingualText(), both("要点", "Fact"), is_needed=True),
    Member("value", LONG, both("内容", "Value"), is_needed=True),
    _SOURCE,
)
_PHOTOS = (
    Member("file", PlainText("photo"), both("照片", "Photo"), is_needed=True),
    Member("alt", LONG, both("照片里看得到什么", "What the photo shows"), is_needed=True),
    Member("credit", PlainText(), both("谁拍的、什么许可", "By whom, under which licence")),
)
_STOPS = (
    Member(
        "id", PlainText("stop"), both("站点", "Stop"), both("名称、拼音都行", "its name, or pinyin"), is_needed=True
    ),
    _MODE,
)
_SAILINGS = (
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
    _DAYS,
    Member("seats", Number(1, COUNT, is_whole=True), both("座位数", "Seats")),
    _SOURCE,
)
_STATED = (
    Member("what", WHAT, both("公布的是", "What is stated"), is_needed=True),
    Member("value", Number(0, STATED_VALUE, is_open=True), both("内容", "Value"), is_needed=True),
    _NOTE,
    _SOURCE,
)
_POSITION = (
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
    Member("source", SourceTitle(), _SOURCE.label, _SOURCE.help, both("位置的来源", "Source of the position")),
    Member("verified_on", Date(), both("核实日期", "Verified on"), title=both("位置核实日期", "Position verified on")),
)
_SOURCES = (
    Member("title", PlainText(), both("标题", "Title"), is_needed=True),
    Member("date", Date(), both("日期", "Date"), both("年、年-月或年-月-日", "year, month or day")),
    Member("url", PlainText("url"), both("网址", "Address on the web")),
)

PROPERTIES = (
    Property(
        "name",
        BilingualText("name"),
        both("名称", "Name"),
        known_as={
            "zh": "名称 名字 项目名称 点位名称 地点 标题 name title 站点名称",
            "en": "英文名 英文名称 nameen nameeng englishname",
        },
        group="words",
        is_required=True,
    ),
    Property(
        "kind",
        Choice(of="kinds"),
        both("类型", "Kind"),
        known_as={"": "类型 种类 类别 分类 type category class"},
        group="words",
        is_required=True,
    ),
    Property(
        "summary",
        LONG,
        both("简介", "Summary"),
        known_as={"zh": "简介 介绍 说明 描述 备注 description desc cmt comment summary", "en": "英文简介 英文介绍"},
        group="words",
    ),
    Property(
        "address",
        BilingualText(),
        both("地址", "Address"),
        known_as={"zh": "地址 位置描述 住址 address addr", "en": "英文地址"},
        group="words",
    ),
    Property("themes", Listed("themes"), both("主题", "Themes"), known_as={"": "主题 标签 tags theme"}, group="words"),
    Property("aliases", Listed(), both("别名", "Other names"), both("每行一个", "one a line"), group="words"),
    Property(
        "phases",
        ItemList(_PHASES, _by("phase"), both("阶段 {number}", "Phase {number}"), both("加一个阶段", "Add a phase")),
        both("建设阶段", "Phases"),
        noun=both("工程进度", "phase of works"),
        group="works",
    ),
    Property(
        "opening_hours",
        Hours(),
        both("开放时间", "Opening hours"),
        both("例如 Tu-Su 09:00-16:30；不清楚就不填", "as Tu-Su 09:00-16:30; leave empty when not known"),
        known_as={"": "开放时间 营业时间 开放 openinghours hours"},
        group="hours",
        is_sourced=True,
        source_key="hours_source",
        source_label=both("开放时间的来源", "Source of the hours"),
    ),
    Property(
        "last_entry_min", MINUTES, both("闭馆前几分钟停止入场", "Last entry before closing (minutes)"), group="hours"
    ),
    Property(
        "visit_min",
        MINUTES,
        both("参观时长（分钟）", "Visit (minutes)"),
        known_as={"": "参观时长 游览时长 停留时间"},
        group="visit",
    ),
    Property(
        "programmes",
        ItemList(
            _PROGRAMMES,
            _by("id"),
            both("活动 {number}", "Programme {number}"),
            both("加一项活动", "Add a programme"),
            _PROGRAMME_CELL,
        ),
        both("可选项目", "Programmes"),
        noun=both("活动", "programme"),
        group="programmes",
    ),
    Property("access", Table(_ACCESS), both("无障碍说明", "Access"), group="visit"),
    Property(
        "facts",
        ItemList(_FACTS, _label_of, both("要点 {number}", "Fact {number}"), both("加一个要点", "Add a fact")),
        both("简要数据", "Facts"),
        noun=both("要点", "fact"),
        group="facts",
    ),
    Property(
        "figures",
        Listed("figures"),
        both("相关数字", "Figures"),
        both("在这里显示", "shown here"),
        noun=both("数字", "figure"),
        group="facts",
    ),
    Property(
        "photos",
        ItemList(
            _PHOTOS,
            _by("file"),
            both("照片 {number}", "Photo {number}"),
            both("选一张已上传的", "Choose one that was uploaded"),
        ),
        both("照片", "Photos"),
        noun=both("照片", "photo"),
        group="photos",
    ),
    Property(
        "stops",
        Stops(_STOPS, both("第 {number} 站", "Stop {number}"), both("加一站", "Add a stop")),
        both("各站", "Stops"),
        noun=both("站点和走法", "stops and ways"),
        group="route",
        merge="together",
    ),
    Property(
        "legs",
        ItemList((replace(_MODE, is_needed=True),)),
        both("各段走法", "Legs"),
        group="route",
        has_field=False,
        merge="together",
    ),  # on the form each leg stands in the row of the stop that it leads on from
    Property(
        "is_loop",
        YesNo(is_claim=True),
        both("环线", "Loop"),
        both("回到起点", "ends where it begins"),
        group="route",
        merge="together",
    ),
    Property(
        "sailings",
        ItemList(
            _SAILINGS, _run_of, both("船期表 {number}", "Timetable {number}"), both("加一张船期表", "Add a timetable")
        ),
        both("船班", "Timetable of boats"),
        group="route",
    ),
    Property(
        "stated",
        ItemList(
            _STATED,
            _by("what"),
            both("公布的数字 {number}", "Stated figure {number}"),
            both("加一个公布的数字", "Add a stated figure"),
            ("what", "value", "source", "note"),
        ),
        both("来源所载长度与时间", "Stated length and time"),
        group="route",
    ),
    Property("position", Table(_POSITION), both("位置", "Position"), group="place", is_required=True, merge="whole"),
    Property(
        "sources",
        ItemList(_SOURCES, _by("title"), both("来源 {number}", "Source {number}"), both("加一个来源", "Add a source")),
        both("资料来源", "Sources"),
        both("其他各列写到的“来源”必须是这里的某个标题", "every source named in another column is one of these titles"),
        noun=both("来源", "source"),
        known_as={"": "来源 资料来源 出处 source"},
        group="sources",
        is_required=True,
    ),
)
_in_force = [PropertyTable.of(PROPERTIES)]


def properties() -> PropertyTable:
    """Return the table in force."""
    return _in_force[-1]


@contextmanager
def with_added(*rows: Property) -> Iterator[PropertyTable]:
    """Put the table with more rows into force, for all threads, while a block runs; a test adds properties so."""
    table = PropertyTable.of((*PROPERTIES, *rows))
    _in_force.append(table)
    try:
        yield table
    finally:
        _in_force.remove(table)


def by_group(table: PropertyTable) -> Mapping[str, tuple[Property, ...]]:
    """Return the properties that have fields by the group of the form in which they stand, in the order of both."""
    return {group.key: tuple(p for p in table if p.group == group.key and p.has_field) for group in GROUPS}


class Derived(Mapping[str, V]):
    """Read, as a mapping, what somebody derives from the table that is in force when it is asked."""

    def __init__(self, derive: Callable[[PropertyTable], Mapping[str, V]]) -> None:
        self._derive = cache(derive)  # by the table's identity

    def __getitem__(self, key: str) -> V:
        return self._derive(properties())[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._derive(properties()))

    def __len__(self) -> int:
        return len(self._derive(properties()))
