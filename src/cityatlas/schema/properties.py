"""List the properties of a feature, each once: checks, form, merge, sheets, differences and exports read this table.

A new property is a row here. Nothing else names it but the template of a page that shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import TypeVar

from ..limits import SHORT_EN_LETTERS, SHORT_ZH_LETTERS
from . import members
from .property_types import (
    BilingualText,
    Choice,
    Group,
    Hours,
    ItemList,
    Listed,
    Month,
    PlainText,
    Property,
    PropertyTable,
    Stops,
    Table,
    YesNo,
    both,
)

V = TypeVar("V")

# In the order of the form.
GROUPS = (
    Group("words", is_always_open=True),
    Group("place", is_always_open=True),
    Group("notices"),
    Group("hours"),
    Group("visit"),
    Group("works"),
    Group("programmes"),
    Group("facts"),
    Group("photos"),
    Group("route"),
    Group("sources", is_always_open=True),
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
        members.LONG,
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
        "short_name",
        BilingualText("short"),
        both("地图上的简称", "Short name for the map"),
        both(
            f"名称较长时写；中文最多 {SHORT_ZH_LETTERS} 字，英文最多 {SHORT_EN_LETTERS} 个字母",
            f"where the name is long; at most {SHORT_EN_LETTERS} letters, {SHORT_ZH_LETTERS} in Chinese",
        ),
        noun=both("简称", "short name"),
        known_as={"zh": "简称 中文简称 shortname", "en": "英文简称 shortnameen"},
        group="words",
    ),
    Property(
        "phases",
        ItemList(
            members.PHASES,
            members.by("phase"),
            both("阶段 {number}", "Phase {number}"),
            both("加一个阶段", "Add a phase"),
        ),
        both("建设阶段", "Phases"),
        noun=both("工程进度", "phase of works"),
        group="works",
    ),
    Property(
        "notices",
        ItemList(
            members.NOTICES,
            members.notice_of,
            both("通告 {number}", "Notice {number}"),
            both("加一条通告", "Add a notice"),
        ),
        both("通告", "Notices"),
        both("临时关闭、改时间等，到期自动不再显示", "closures and changes for a time; gone by themselves when over"),
        noun=both("通告", "notice"),
        known_as={"": "通告 公告 通知 notice"},
        group="notices",
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
        "last_entry_min",
        members.MINUTES,
        both("闭馆前几分钟停止入场", "Last entry before closing (minutes)"),
        group="hours",
    ),
    Property(
        "visit_min",
        members.MINUTES,
        both("参观时长（分钟）", "Visit (minutes)"),
        known_as={"": "参观时长 游览时长 停留时间"},
        group="visit",
    ),
    Property(
        "price",
        ItemList(
            members.PRICES, members.price_of, both("票价 {number}", "Price {number}"), both("加一项票价", "Add a price")
        ),
        both("票价", "Prices"),
        both("免费写 0；不清楚就不填", "0 is free; leave empty what is not known"),
        noun=both("票价", "price"),
        known_as={"": "票价 门票 价格 收费 price ticket fee"},
        group="visit",
    ),
    Property(
        "reservation",
        Table(members.RESERVATION),
        both("预约", "Booking"),
        noun=both("预约", "booking"),
        group="visit",
        is_sourced=True,
    ),
    Property(
        "phone",
        PlainText("phone"),
        both("电话", "Phone"),
        both("例如 0573-85012345", "as 0573-85012345"),
        known_as={"": "电话 联系电话 phone tel telephone"},
        group="visit",
        is_sourced=True,
    ),
    Property(
        "website",
        PlainText("url"),
        both("网站", "Website"),
        both("以 https:// 或 http:// 开头", "beginning with https:// or http://"),
        known_as={"": "网站 官网 website homepage"},
        group="visit",
    ),
    Property("services", Table(members.SERVICES), both("设施", "Services"), group="visit"),
    Property(
        "programmes",
        ItemList(
            members.PROGRAMMES,
            members.by("id"),
            both("活动 {number}", "Programme {number}"),
            both("加一项活动", "Add a programme"),
            members.PROGRAMME_CELL,
        ),
        both("可选项目", "Programmes"),
        noun=both("活动", "programme"),
        group="programmes",
    ),
    Property("access", Table(members.ACCESS), both("无障碍说明", "Access"), group="visit"),
    Property(
        "facts",
        ItemList(
            members.FACTS, members.label_of, both("要点 {number}", "Fact {number}"), both("加一个要点", "Add a fact")
        ),
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
            members.PHOTOS,
            members.by("file"),
            both("照片 {number}", "Photo {number}"),
            both("选一张已上传的", "Choose one that was uploaded"),
        ),
        both("照片", "Photos"),
        noun=both("照片", "photo"),
        group="photos",
    ),
    Property(
        "stops",
        Stops(members.STOPS, both("第 {number} 站", "Stop {number}"), both("加一站", "Add a stop")),
        both("各站", "Stops"),
        noun=both("站点和走法", "stops and ways"),
        group="route",
        merge="together",
    ),
    Property(
        "legs",
        ItemList((replace(members.MODE, is_needed=True),)),
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
        "valid_from",
        Month(),
        both("从哪个月起开行", "Runs from"),
        both("年-月", "year-month"),
        group="route",
        is_sourced=True,
        source_key="valid_source",
        source_label=both("开行月份的来源", "Source of the season"),
    ),
    Property(
        "valid_to",
        Month(),
        both("到哪个月为止", "Runs to"),
        both("年-月，含这个月", "year-month, this month included"),
        group="route",
        is_sourced=True,
        source_key="valid_source",
    ),
    Property(
        "sailings",
        ItemList(
            members.SAILINGS,
            members.run_of,
            both("船期表 {number}", "Timetable {number}"),
            both("加一张船期表", "Add a timetable"),
        ),
        both("船班", "Timetable of boats"),
        group="route",
    ),
    Property(
        "stated",
        ItemList(
            members.STATED,
            members.by("what"),
            both("公布的数字 {number}", "Stated figure {number}"),
            both("加一个公布的数字", "Add a stated figure"),
            ("what", "value", "source", "note"),
        ),
        both("来源所载长度与时间", "Stated length and time"),
        group="route",
    ),
    Property(
        "successor",
        PlainText("id"),
        both("接替它的地点", "What takes its place"),
        group="words",
        has_field=False,
        is_public=False,
    ),  # of a place that was taken off the map: named when it is
    Property(
        "position",
        Table(members.POSITION),
        both("位置依据", "Basis of the position"),
        group="place",
        is_required=True,
        merge="whole",
    ),  # the position itself is the geometry
    Property(
        "sources",
        ItemList(
            members.SOURCES,
            members.by("title"),
            both("来源 {number}", "Source {number}"),
            both("加一个来源", "Add a source"),
        ),
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

    def __contains__(self, key: object) -> bool:
        return key in self._derive(properties())

    def __iter__(self) -> Iterator[str]:
        return iter(self._derive(properties()))

    def __len__(self) -> int:
        return len(self._derive(properties()))
