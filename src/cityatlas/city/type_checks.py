"""Check a value by the type that the table of properties says: for what has no checker of its own."""

from __future__ import annotations

import re
from typing import Any

from ..errors import InvalidHours
from ..geo.geojson import show
from ..limits import NAME_LETTERS as MAX_NAME
from ..schema.faults import fault, under
from ..schema.property_types import (
    BilingualList,
    BilingualText,
    Choice,
    Date,
    Described,
    Hours,
    ItemList,
    Listed,
    Member,
    Month,
    Number,
    Property,
    SourceTitle,
    Stops,
    Table,
    YesNo,
)
from .opening_hours import check_hours
from .spec import SLUG, City, LayerSpec
from .value_checks import (
    Faults,
    check_name,
    check_text,
    check_title,
    cites,
    control_faults,
    is_date,
    matches,
    only,
)

MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def own_source_faults(one: Property, properties: dict[str, Any]) -> Faults:
    """Yield that the property beside this one, which names its source, is missing or names none of the feature's."""
    if one.is_sourced:
        yield from cites(properties.get(one.cited_in), properties, one.cited_in, "no_own_source")


def type_faults(one: Described, value: Any, properties: dict[str, Any], spec: LayerSpec, city: City) -> Faults:
    """Yield what is wrong with the value of a property or of a member of one."""
    match one.type:
        case BilingualText(size):
            yield from check_name(value) if size == "name" else check_text(value)
        case BilingualList():
            yield from _each(value, check_text)
        case Number() as number:
            yield from number_faults(value, number)
        case Choice() as choice:
            yield from _choice_faults(value, spec.kinds if choice.of == "kinds" else choice.values)
        case YesNo():
            yield from () if isinstance(value, bool) else (fault("not_truth", given=show(value)),)
        case Date():
            yield from () if is_date(value) else (fault("not_date", given=show(value)),)
        case Month():
            yield from () if matches(MONTH, value) else (fault("not_month", given=show(value)),)
        case Hours():
            yield from _hours_faults(value)
        case Listed(of):
            yield from _each(value, lambda item: _listed_faults(item, of, city))
        case Stops():
            yield from _each(value, _id_faults)
        case SourceTitle(of):
            yield from check_title(value) if of else cites(value, properties)
        case ItemList(members):
            yield from _each(value, lambda item: _member_faults(members, item, properties, spec, city))
        case Table(members):
            yield from _member_faults(members, value, properties, spec, city)
        case _:
            yield from check_title(value)


def number_faults(value: Any, number: Number) -> Faults:
    """Yield that a value is no number, or beyond its limits; true and NaN are no numbers."""
    is_number = type(value) is int or (type(value) is float and not number.is_whole)
    if not is_number or not number.holds(value):
        rule = "whole_range" if number.is_whole else "open_range" if number.is_open else "number_range"
        yield fault(rule, given=show(value), least=f"{number.least:,}", most=f"{number.most:,}")


def _each(value: Any, check: Any) -> Faults:  # Any: a checker of one item
    if not isinstance(value, list):
        yield fault("not_list", given=show(value))
        return
    for number, item in enumerate(value):
        yield from under(f"[{number}]", check(item))


def _id_faults(value: Any) -> Faults:
    if not matches(SLUG, value):
        yield fault("not_id", given=show(value))


def _choice_faults(value: Any, values: tuple[str, ...]) -> Faults:
    if value not in values:
        yield fault("not_choice", given=show(value), known=", ".join(values))


def _listed_faults(item: Any, of: str, city: City) -> Faults:
    if of == "themes":
        yield from _choice_faults(item, tuple(city.themes))
    elif of == "figures":
        yield from _id_faults(item)
    elif not isinstance(item, str) or len(item) > MAX_NAME:
        yield fault("not_short_text", given=show(item))
    else:
        yield from control_faults(item)


def _hours_faults(value: Any) -> Faults:
    if not isinstance(value, str):
        yield fault("no_hours", given=show(value))
        return
    try:
        check_hours(value)
    except InvalidHours as error:
        yield error.fault


def _member_faults(
    members: tuple[Member, ...], table: Any, properties: dict[str, Any], spec: LayerSpec, city: City
) -> Faults:
    """Yield what is wrong with the members of a table, and those that are missing."""
    if not isinstance(table, dict):
        yield fault("unknown_access", given=show(table), known=", ".join(member.key for member in members))
        return
    yield from only(table, *(member.key for member in members))
    for member in members:
        value = table.get(member.key)
        if isinstance(member.type, SourceTitle):
            yield from cites(value, properties)
        elif value is not None:
            yield from under(member.key, type_faults(member, value, properties, spec, city))
        elif member.is_needed:
            yield fault("missing", member.key)
