"""Turn what a feature says into the fields of a form, and a form back into it: what nobody changed stays as it was.

A field is named by its path, as `summary.en` or `phases.0.from`. A value that a form cannot show (null beside absent,
a property that nothing here knows) is kept, because a field counts only where it differs from what was shown. What
somebody typed is kept too where it is no number or no address: `field_faults` says what is wrong with it.
"""

from __future__ import annotations

import copy
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Literal

from ...city.opening.hours_notice import understood_hours
from ...city.value_checks import LINE_BREAK
from ...i18n import LANGUAGES
from ...limits import ITEMS as MAX_ITEMS
from ...limits import NAME_LETTERS as MAX_NAME
from ...schema.dates import iso_date
from ...schema.properties import Derived, by_group
from ...schema.property_types import (
    BilingualList,
    BilingualText,
    Choice,
    Date,
    Described,
    Hours,
    ItemList,
    Listed,
    Month,
    Number,
    PlainText,
    Property,
    PropertyTable,
    SourceTitle,
    Stops,
    Table,
    Type,
    YesNo,
)
from ...versioning.content import Content, Json, content_of
from ...versioning.fields import ITEMS
from .place import place_fields, read_place

Fields = Mapping[str, str]  # of a name that is there several times, the values in lines
Kind = Literal[
    "asked",
    "choice",
    "currency",
    "date",
    "hours",
    "id",
    "line",
    "lines",
    "long",
    "month",
    "number",
    "phone",
    "photo",
    "source",
    "stop",
    "themes",
    "url",
    "whole",
    "yes_no",
]


def _fields(one: Described, prefix: str = "") -> Iterator[tuple[str, Described]]:
    """Yield the names of a property's or a member's fields, each with what it is a field of."""
    name = prefix + one.key
    if isinstance(one.type, BilingualText | BilingualList):
        yield from ((f"{name}.{tag}", one) for tag in LANGUAGES)
    elif isinstance(one.type, Table):
        yield from (pair for member in one.type.members for pair in _fields(member, f"{name}."))
    else:
        yield name, one


def _kind(of: Type) -> Kind:
    """Return how a field of a type is filled in."""
    match of:
        case BilingualText(size):
            return "long" if size == "long" else "line"
        case PlainText(form):
            return form
        case Number(is_whole=is_whole):
            return "whole" if is_whole else "number"
        case Listed(listed):
            return "lines" if listed == "texts" else "themes"
    return KINDS[type(of)]


KINDS: Mapping[type[Type], Kind] = {
    BilingualList: "asked",
    SourceTitle: "source",
    Choice: "choice",
    YesNo: "yes_no",
    Date: "date",
    Month: "month",
    Hours: "hours",
}


def _in_rows(table: PropertyTable) -> dict[str, Property]:
    """Return the properties that are lists of rows on the form."""
    in_order = (p for group in by_group(table).values() for p in group)
    return {p.key: p for p in in_order if isinstance(p.type, ItemList | Stops)}


def _single(table: PropertyTable) -> dict[str, Described]:
    """Return by the name of each field that stands in no row what it is a field of."""
    in_order = (p for group in by_group(table).values() for p in group)
    return dict(pair for p in in_order if not isinstance(p.type, ItemList | Stops) for pair in _fields(p))


def _all(table: PropertyTable) -> dict[str, Described]:
    """Return the same of all fields; those of rows are named without the number of the row."""
    rows = _in_rows(table)
    return _single(table) | {
        f"{key}.{name}": one for key, p in rows.items() for member in p.members for name, one in _fields(member)
    }


FIELDS = Derived(lambda table: {name: _kind(one.type) for name, one in _single(table).items()})
ROWS = Derived(
    lambda table: {
        key: {name: _kind(one.type) for member in p.members for name, one in _fields(member)}
        for key, p in _in_rows(table).items()
    }
)
DESCRIBED = Derived(_all)
IN_ROW = re.compile(r"(\w+)\.[0-9]+\.")
WHOLE = re.compile(r"-?[0-9]{1,15}")
NUMBER = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}")
YES_NO = {"yes": True, "no": False}


@dataclass(frozen=True)
class Reading:
    """Hold what a form says, and by name the faults of fields and lists that were not taken and are as they were."""

    content: Content
    faults: Mapping[str, str]


def to_fields(content: Content) -> dict[str, str]:
    """Return the fields that show a content."""
    fields = {name: _shown(content.properties, name, kind) for name, kind in FIELDS.items()}
    for key, kinds in ROWS.items():
        for number, row in enumerate(_rows(content.properties, key) or ()):
            fields |= {f"{key}.{number}.{name}": _shown(row, name, kind) for name, kind in kinds.items()}
    return fields | place_fields(content.geometry)


def read_fields(fields: Fields, base: Content) -> Reading:
    """Return what a form says that was filled with `base`; a field that is not in the form is as in `base`.

    So is one that holds more than it may: what is typed again and again would fill the desk for all.
    """
    faults = dict(_oversized(fields, base))
    fields = {name: typed for name, typed in fields.items() if not is_of(name, faults)}
    properties = copy.deepcopy(base.properties)
    _read_table(properties, fields, FIELDS)
    for key in ROWS:
        numbers = row_numbers(fields, key)
        if numbers:
            _read_rows(properties, fields, key, numbers)
    geometry, place_faults = read_place(fields, base.geometry)
    return Reading(content_of(base.layer, geometry, properties), faults | place_faults)


def described(name: str) -> Described:
    """Return the property, or the member of one, that a field in the form is of. Raises KeyError for none."""
    return DESCRIBED[IN_ROW.sub(r"\1.", name, count=1)]


def is_name(name: str) -> bool:
    """Return whether a field takes a name, which is short and on one line."""
    try:
        one = described(name).type
    except KeyError:
        return False
    return isinstance(one, BilingualText) and one.is_name


def is_of(name: str, faults: Mapping[str, str]) -> bool:
    """Return whether a field has a fault of its own, or is in a list that has one."""
    return name in faults or name.partition(".")[0] in faults


def name_fault(text: str) -> str:
    """Return the key of what is wrong with a name, as files are held to it; "" for nothing."""
    if LINE_BREAK.search(text):
        return "line_break"
    return "long_name" if len(text) > MAX_NAME else ""


def _oversized(fields: Fields, base: Content) -> Iterator[tuple[str, str]]:
    """Yield what holds more than it may by name, and why, unless it was so already."""
    shown = to_fields(base)
    for name, typed in fields.items():
        if _is_same(typed, shown.get(name, "")):
            continue
        if is_name(name) and (fault := name_fault(_clean(typed))):
            yield name, fault
        elif _kind_of(name) in ("lines", "themes", "asked") and len(_clean(typed).split("\n")) > MAX_ITEMS:
            yield name, "many"
    for key in ROWS:
        filled = {name.split(".")[1] for name in fields if name.startswith(f"{key}.") and fields[name].strip()}
        if len(filled) > max(MAX_ITEMS, len(_rows(base.properties, key) or ())):
            yield key, "many"


def _kind_of(name: str) -> Kind | None:
    """Return the kind of a field, in a row of a list or not."""
    key, _, rest = name.partition(".")
    return FIELDS.get(name) or ROWS.get(key, {}).get(rest.partition(".")[2])


def row_numbers(fields: Fields, key: str) -> list[int]:
    """Return the numbers of the rows of a list that a form has, in order."""
    found = (re.match(rf"{key}\.([0-9]{{1,4}})\.", name) for name in fields)
    return sorted({int(match[1]) for match in found if match})


def _read_table(table: Json, fields: Fields, kinds: Mapping[str, Kind], prefix: str = "") -> None:
    """Take over into a table what was changed."""
    for name, kind in kinds.items():
        typed = fields.get(prefix + name)
        if typed is not None and not _is_same(typed, _shown(table, name, kind)):
            _put(table, name, kind, _clean(typed))


def _read_rows(properties: Json, fields: Fields, key: str, numbers: list[int]) -> None:
    """Take over a list; each row goes on from the item that it showed, found by its name, else by its place."""
    old = _rows(properties, key) or []
    if _are_untouched(fields, key, numbers, old):
        return
    plain = [_plain(fields, key, number) for number in numbers]
    named, known = ([_name(key, row) for row in table] for table in (plain, old))
    rows = []
    for at, row in enumerate(plain):
        if row:
            item = copy.deepcopy(_before(old, known, named, at))
            _read_table(item, fields, ROWS[key], f"{key}.{numbers[at]}.")
            rows.append(item)
    _put_rows(properties, key, rows)


def _are_untouched(fields: Fields, key: str, numbers: list[int], old: list[Json]) -> bool:
    """Return whether a list is as it was shown: each item in its row, and nothing in any other row."""
    return {*range(len(old))} <= {*numbers} and all(
        _is_same(fields[name], _shown(old[number] if number < len(old) else {}, column, kind))
        for number in numbers
        for column, kind in ROWS[key].items()
        if (name := f"{key}.{number}.{column}") in fields
    )


def _plain(fields: Fields, key: str, number: int) -> Json:
    row: Json = {}
    _read_table(row, fields, ROWS[key], f"{key}.{number}.")
    return row


def _before(old: list[Json], known: list[str | None], named: list[str | None], at: int) -> Json:
    """Return the item that the row at a place came from, or an empty one; `known` are the names of the items."""
    name, here = named[at], at < len(old)
    if here and known[at] == name:
        return old[at]
    if name is not None and name in known:
        return old[known.index(name)]
    return old[at] if here and known[at] not in named else {}


def _name(key: str, row: Json) -> str | None:
    try:
        return str(row["id"]) if key == "stops" else ITEMS[key](row)
    except (KeyError, TypeError, AttributeError):
        return None


def _rows(properties: Json, key: str) -> list[Json] | None:
    """Return the items of a list, or None where it is none of tables; each stop has the way that leads on from it."""
    value = properties.get(key)
    if not isinstance(value, list):
        return None
    if key != "stops":
        return value if all(isinstance(item, dict) for item in value) else None
    legs = properties.get("legs")
    ways = [leg.get("mode") if isinstance(leg, dict) else None for leg in legs] if isinstance(legs, list) else []
    pairs = zip_longest(value, ways[: len(value)])
    return [{"id": stop, "mode": mode} if mode else {"id": stop} for stop, mode in pairs]


def _put_rows(properties: Json, key: str, rows: list[Json]) -> None:
    if key != "stops":
        properties[key] = rows
        return
    properties["stops"] = [row.get("id", "") for row in rows]
    properties["legs"] = [{"mode": row["mode"]} if "mode" in row else {} for row in rows[:-1]]


def _shown(table: Json, name: str, kind: Kind) -> str:
    """Return the text that a form shows for a value."""
    if kind == "asked":
        key, _, tag = name.partition(".")
        asked = table.get(key)
        return "\n".join(str(q.get(tag) or "") if isinstance(q, dict) else "" for q in asked) if asked else ""
    node: object = table
    for part in name.split("."):
        node = node.get(part) if isinstance(node, dict) else None
    if kind in ("lines", "themes") and isinstance(node, list):
        return "\n".join(map(str, node))
    if node is None or isinstance(node, str):
        return node or ""
    return ("yes" if node else "no") if isinstance(node, bool) else json.dumps(node, ensure_ascii=False)


def _put(table: Json, name: str, kind: Kind, typed: str) -> None:
    """Set a value in a table; an empty text takes it out, and with it what it leaves empty."""
    first, _, rest = name.partition(".")
    if kind == "asked":
        _put_asked(table, first, rest, typed)
    elif rest:
        member = table.get(first)
        table[first] = member = dict(member) if isinstance(member, dict) else {}
        _put(member, rest, kind, typed)
        if not member:
            del table[first]
    elif typed:
        table[first] = _in_old_order(table.get(first), typed) if kind == "themes" else _value(kind, typed)
    else:
        table.pop(first, None)


def _in_old_order(old: object, typed: str) -> list[str]:
    """Return what was ticked: what was there in its old order, since the boxes have their own, then the new."""
    ticked = _value("themes", typed)
    kept = [theme for theme in old if theme in ticked] if isinstance(old, list) else []
    return [*kept, *(theme for theme in ticked if theme not in kept)]


def _put_asked(table: Json, key: str, tag: str, typed: str) -> None:
    """Set the questions of a programme in one language: one in each line."""
    old = [dict(q) if isinstance(q, dict) else {} for q in table.get(key) or ()]
    pairs = zip_longest(old, typed.split("\n"), fillvalue=None)
    told = [{**(question or {}), tag: (line or "").strip()} for question, line in pairs]
    table[key] = [kept for row in told if (kept := {k: text for k, text in row.items() if text})]
    if not table[key]:
        del table[key]


def _value(kind: Kind, typed: str) -> Any:  # Any: what JSON holds
    """Return what a text means in a field of a kind; one that means nothing there stays a text."""
    if kind in ("lines", "themes"):
        return list(dict.fromkeys(line.strip() for line in typed.split("\n") if line.strip()))
    if kind == "yes_no":
        return YES_NO.get(typed, typed)
    if kind == "hours":
        notice = understood_hours(typed)
        return notice.hours if notice.is_sure else typed
    plain = unicodedata.normalize("NFKC", typed)
    if kind in ("whole", "number") and WHOLE.fullmatch(plain):
        return int(plain)
    if kind == "number" and NUMBER.fullmatch(plain):
        return float(plain)
    if kind in ("date", "month") and (iso := iso_date(typed)):
        return iso[: len("2024-01")] if kind == "month" else iso
    return plain if kind in ("date", "month", "phone", "currency") else typed


def _clean(typed: str) -> str:
    return typed.replace("\r\n", "\n").replace("\r", "\n").strip()


def _is_same(typed: str, shown: str) -> bool:
    """Return whether a text is what was shown, as far as a browser gives it back: it has its own line ends."""
    one, other = _clean(typed), _clean(shown)
    return one == other or one == other.replace("\n", "")
