"""Name the columns of a layer's sheet: where each value lies in a feature, and how it is written in a cell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ...city.spec import City, LayerSpec
from ...i18n import LANGUAGES, Language, translate
from ...schema.phases import PHASES
from .cell_lists import choices, lines, records, value_at
from .cells import DATE, HOURS, MONTH, NAME, NUMBER, TEXT, TRUTH, WHOLE, Codec, choice, folded

ID, VERSION, LON, LAT, SHAPE = "id", "version", "lon", "lat", "shape"
FRAME = (ID, VERSION, LON, LAT, SHAPE)  # columns that are no property
ROUTE_ONLY = ("stops", "legs", "is_loop", "sailings", "stated")
SHORT = 10  # letters of a field of a DBF
POSITIONS = ("surveyed", "approximate", "schematic")
# What people call columns, beside our own titles: files from other offices, apps and surveys.
OTHER_NAMES = {
    "id": "编号 标识 code fid 编码",
    "name.zh": "名称 名字 项目名称 点位名称 地点 标题 name title 站点名称",
    "name.en": "英文名 英文名称 nameen nameeng englishname",
    "kind": "类型 种类 类别 分类 type category class",
    "summary.zh": "简介 介绍 说明 描述 备注 description desc cmt comment summary",
    "summary.en": "英文简介 英文介绍",
    "address.zh": "地址 位置描述 住址 address addr",
    "address.en": "英文地址",
    "opening_hours": "开放时间 营业时间 开放 openinghours hours",
    "visit_min": "参观时长 游览时长 停留时间",
    "lon": "经度 lon lng longitude x 东经",
    "lat": "纬度 lat latitude y 北纬",
    "themes": "主题 标签 tags theme",
    "sources": "来源 资料来源 出处 source",
}


@dataclass(frozen=True)
class Column:
    """Describe a column: `key` is a property's path as `summary.en`, or one of FRAME."""

    key: str
    codec: Codec

    @property
    def path(self) -> tuple[str, ...]:
        """Return the keys that lead to the value in a feature's properties."""
        return tuple(self.key.split("."))

    @property
    def is_property(self) -> bool:
        """Return whether the column holds part of a property."""
        return self.key not in FRAME

    def title(self, language: Language) -> str:
        """Return what people call the column."""
        return translate(f"files.column_{self.key.replace('.', '_')}", language)

    def value_of(self, properties: Any) -> Any:  # Any: what JSON holds
        """Return the value in a feature's properties, or None."""
        return value_at(properties, self.path)


def columns_of(spec: LayerSpec, city: City) -> tuple[Column, ...]:
    """Return all columns that a layer's sheet may have, in the order they are written."""
    kinds = choice({kind: city.kinds[kind].title for kind in spec.kinds})
    phase = choice({phase: _said(f"phase.{phase}") for phase in PHASES})
    mode = choice({mode: _said(f"files.mode_{mode}") for mode in ("walk", "boat")})
    stated = choice({what: _said(f"files.stated_{what}") for what in ("length_m", "duration_min")})
    sailing: list[tuple[str, Codec]] = [("times", TEXT), ("is_back", TRUTH), ("days", TEXT), ("seats", WHOLE)]
    sailing.append(("source", TEXT))
    position = choice({name: _said(f"position.{name}") for name in POSITIONS})
    codecs: list[tuple[str, Codec]] = [
        (ID, TEXT),
        *_both("name", NAME),
        ("kind", kinds),
        ("aliases", lines("lines", TEXT)),
        *_both("summary"),
        *_both("address"),
        ("themes", choices(choice(dict(city.themes)))),
        ("phases", records("phases", [("phase", phase), ("from", MONTH), ("to", MONTH), *_cited("note")])),
        ("opening_hours", HOURS),
        ("hours_source", TEXT),
        ("last_entry_min", WHOLE),
        ("visit_min", WHOLE),
        ("programmes", records("programmes", _programme())),
        *((f"access.{part}", TRUTH) for part in ("step_free", "toilets", "lift", "boat_gangway")),
        *_both("access.note"),
        ("facts", records("facts", [*_both("label"), *_both("value"), ("source", TEXT)])),
        ("figures", lines("lines", TEXT)),
        ("photos", records("photos", [("file", TEXT), *_both("alt"), ("credit", TEXT)])),
        ("stops", lines("lines", TEXT)),
        ("legs", records("legs", [("mode", mode)])),
        ("is_loop", TRUTH),
        ("sailings", records("sailings", sailing)),
        ("stated", records("stated", [("what", stated), ("value", NUMBER), *_cited("note")])),
        (LON, NUMBER),
        (LAT, NUMBER),
        (SHAPE, TEXT),
        ("position.class", position),
        ("position.accuracy_m", WHOLE),
        *_both("position.located_by"),
        ("position.source", TEXT),
        ("position.verified_on", DATE),
        ("sources", records("sources", [("title", TEXT), ("date", DATE), ("url", TEXT)])),
        (VERSION, TEXT),
    ]
    return tuple(Column(key, codec) for key, codec in codecs)


def _both(key: str, codec: Codec = TEXT) -> list[tuple[str, Codec]]:
    return [(f"{key}.{language}", codec) for language in LANGUAGES]


def _cited(note: str) -> list[tuple[str, Codec]]:
    return [("source", TEXT), *_both(note)]


def _programme() -> list[tuple[str, Codec]]:
    numbers: list[tuple[str, Codec]] = [(key, WHOLE) for key in ("duration_min", "party_min", "party_max")]
    when = [("departures", TEXT), ("days", TEXT)]
    return [("id", TEXT), *_both("title"), *numbers, *_both("booking"), ("source", TEXT), *_both("summary"), *when]


def _said(key: str) -> dict[str, str]:
    return {language: translate(key, language) for language in LANGUAGES}


def used_columns(columns: Iterable[Column], properties: Iterable[Any], is_route: bool) -> tuple[Column, ...]:
    """Return the columns worth writing: those of tour routes only where there is one."""
    held = {key for table in properties for key in table}
    return tuple(c for c in columns if c.path[0] not in ROUTE_ONLY or is_route or c.path[0] in held)


def named_columns(columns: Iterable[Column]) -> dict[str, Column]:
    """Return each column by everything it may be called in a header, folded by `header_key`."""
    found: dict[str, Column] = {}
    columns = tuple(columns)
    short = short_names(columns)
    for column in columns:
        names = [column.key, short[column.key], *(column.title(language) for language in LANGUAGES)]
        names += OTHER_NAMES.get(column.key, "").split()
        for name in names:
            found.setdefault(header_key(name), column)
    return found


def short_names(columns: Iterable[Column]) -> dict[str, str]:
    """Return a name of at most ten letters for each column's key, as the tables of Shapefiles allow."""
    taken: dict[str, str] = {}
    for column in columns:
        name = column.key.replace("position.", "pos_").replace("access.", "acc_").replace(".", "_")[:SHORT]
        number = 1
        while name in taken.values():
            number += 1
            name = f"{name[: SHORT - 1]}{number}"
        taken[column.key] = name
    return taken


def header_key(text: str) -> str:
    """Return a header without what people vary: case, width, space and punctuation."""
    return re.sub(r"[\W_]+", "", folded(text).casefold())
