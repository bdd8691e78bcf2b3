"""Name the columns of a layer's sheet: where each value lies in a feature, and how it is written in a cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ...city.spec import City, LayerSpec
from ...i18n import LANGUAGES, Language, translate
from ...schema.properties import properties
from ...schema.property_types import (
    BilingualText,
    Choice,
    Date,
    Described,
    Hours,
    ItemList,
    Listed,
    Month,
    Number,
    Property,
    Stops,
    Table,
    Type,
    YesNo,
)
from .cell_lists import choices, lines, records, value_at
from .cells import DATE, HOURS, MONTH, NAME, NUMBER, TEXT, TRUTH, WHOLE, Codec, choice, folded
from .headings import FRAME, ID, LAT, LON, SHAPE, VERSION, described, heading_of

SHORT = 10  # letters of a field of a DBF
PLACE: tuple[tuple[str, Codec], ...] = ((LON, NUMBER), (LAT, NUMBER), (SHAPE, TEXT))
# What people call columns that are no property, beside our own titles: files from other offices, apps and surveys.
FRAME_NAMES = {
    ID: "编号 标识 code fid 编码",
    LON: "经度 lon lng longitude x 东经",
    LAT: "纬度 lat latitude y 北纬",
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
        return heading_of(self.key, language)

    def how(self, language: Language, choices: str) -> str:
        """Return how people are told to write it; `choices` are what there is to choose from, for them."""
        if not self.is_property:
            return translate(f"files.how_{self.key}", language)
        of = described(self.key)
        parts = " | ".join(_part_words(of.type, language)) if isinstance(of.type, ItemList) else ""
        told = translate(f"files.how_{self.codec.kind}", language, choices=choices, parts=parts)
        opening, closing = ("（", "）") if language == "zh" else (" (", ")")
        return f"{told}{opening}{of.help[language]}{closing}" if parts and of.help else told

    @property
    def known_as(self) -> str:
        """Return other headings by which it is known, parted by spaces."""
        if not self.is_property:
            return FRAME_NAMES.get(self.key, "")
        tag = self.path[-1]
        return described(self.key).known_as.get(tag if tag in LANGUAGES else "", "")

    def value_of(self, properties: object) -> Any:  # Any: what JSON holds
        """Return the value in a feature's properties, or None."""
        return value_at(properties, self.path)


def columns_of(spec: LayerSpec, city: City) -> tuple[Column, ...]:
    """Return all columns that a layer's sheet may have, in the order they are written."""
    codecs: list[tuple[str, Codec]] = [(ID, TEXT)]
    for row in properties():
        codecs += PLACE if row.key == "position" else ()  # how far it can be trusted stands behind it
        codecs += _columns(row, spec, city)
    return tuple(Column(key, codec) for key, codec in (*codecs, (VERSION, TEXT)))


def _columns(one: Described, spec: LayerSpec, city: City, prefix: str = "") -> Iterator[tuple[str, Codec]]:
    """Yield the columns of a property, or the parts of a cell of a member, each with how it is written."""
    name = prefix + one.key
    match one.type:
        case BilingualText() as text:
            codec = NAME if text.is_name and isinstance(one, Property) else TEXT
            yield from ((f"{name}.{language}", codec) for language in LANGUAGES)
        case Table(members):
            yield from (pair for member in members for pair in _columns(member, spec, city, f"{name}."))
        case ItemList() as items:
            yield name, records([pair for member in items.in_cell for pair in _columns(member, spec, city)])
        case _:
            yield name, _codec(one.type, spec, city)


def _codec(of: Type, spec: LayerSpec, city: City) -> Codec:
    """Return how a value of a type is written into one cell."""
    match of:
        case Choice(of="kinds"):
            return choice({kind: city.kinds[kind].title for kind in spec.kinds})
        case Choice(values, words):
            return choice({value: _said(words + value) for value in values})
        case Listed("themes"):
            return choices(choice(dict(city.themes)))
        case Listed() | Stops():
            return lines("lines", TEXT)
        case Number(is_whole=is_whole):
            return WHOLE if is_whole else NUMBER
    return CODECS.get(type(of), TEXT)


def _part_words(items: ItemList, language: Language) -> Iterator[str]:
    """Yield what the parts of a cell are called, in their order, with what there is to choose from."""
    for member in items.in_cell:
        label = member.label[language]
        if isinstance(member.type, BilingualText):
            yield from (translate(f"files.column_in_{tag}", language, heading=label) for tag in LANGUAGES)
        elif isinstance(member.type, Choice):
            yield f"{label}: {' / '.join(_said(member.type.words + value)[language] for value in member.type.values)}"
        else:
            yield label


CODECS: dict[type[Type], Codec] = {YesNo: TRUTH, Date: DATE, Month: MONTH, Hours: HOURS}


def _said(key: str) -> dict[str, str]:
    return {language: translate(key, language) for language in LANGUAGES}


def used_columns(columns: Iterable[Column], held_by: Iterable[Iterable[str]], is_route: bool) -> tuple[Column, ...]:
    """Return the columns worth writing: those of tour routes only where there is one."""
    held = {key for table in held_by for key in table}
    of_routes = {row.key for row in properties() if row.group == "route"}
    return tuple(c for c in columns if c.path[0] not in of_routes or is_route or c.path[0] in held)


def is_public(column: Column) -> bool:
    """Return whether visitors may have a column."""
    return not column.is_property or properties().by_key[column.path[0]].is_public


def named_columns(columns: Iterable[Column]) -> dict[str, Column]:
    """Return each column by everything it may be called in a header, folded by `header_key`."""
    found: dict[str, Column] = {}
    columns = tuple(columns)
    short = short_names(columns)
    for column in columns:
        names = [column.key, short[column.key], *(column.title(language) for language in LANGUAGES)]
        names += column.known_as.split()
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
