"""Check properties by their types, and timetables of programmes and boats."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from ..errors import InvalidHours
from ..geo.geojson import show
from ..limits import NAME_LETTERS as MAX_NAME
from ..limits import RUNS
from ..schema.faults import Fault, fault, under
from ..schema.items import Attributes
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
    PlainText,
    Property,
    SourceTitle,
    Stops,
    Table,
    YesNo,
)
from ..schema.strict_json import JsonObject
from .contacts import address_faults, currency_faults, phone_faults
from .opening.opening_hours import check_hours
from .spec import SLUG
from .value_checks import (
    Faults,
    check_name,
    check_short_name,
    check_text,
    check_title,
    cites,
    control_faults,
    is_date,
    matches,
    only,
)

CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
DEPARTURES = re.compile(rf"{CLOCK.pattern}( {CLOCK.pattern}){{0,99}}")


def are_days(text: str) -> bool:
    """Return whether a text names days in OSM syntax, without times."""
    try:
        check_hours(f"{text} 00:00-24:00")
    except InvalidHours:
        return False
    return ":" not in text


def programme_faults(held: Attributes) -> Faults:
    """Yield what is wrong with when programmes begin."""
    for number, programme in enumerate(held.programmes):
        if programme.departures and not matches(DEPARTURES, programme.departures):
            yield fault("not_departures", f"[{number}].departures", given=show(programme.departures))
        yield from under(f"[{number}]", _day_faults(programme.days))


def sailing_faults(held: Attributes) -> Faults:
    """Yield what is wrong with the timetables of a boat line."""
    modes = [leg.mode for leg in held.legs]
    if not held.stops or modes != ["boat"] * (len(held.stops) - 1):
        yield fault("not_by_boat")
        return
    for number, sailing in enumerate(held.sailings):
        yield from under(f"[{number}].times", runs_faults(sailing.times, len(held.stops)))
        yield from under(f"[{number}]", _day_faults(sailing.days))


def runs_faults(times: str, stops: int) -> Faults:
    """Yield what is wrong with the runs of a timetable: a time for each stop, later from one to the next."""
    for run in times.split(";")[:RUNS] if times.strip() else ():
        calls = [call for call in run.split() if call != "-"]
        if len(run.split()) != stops or len(calls) < 2:
            yield fault("run_length", given=show(run.strip()), stops=stops)
        elif not all(matches(CLOCK, call) for call in calls) or calls != sorted(set(calls)):
            yield fault("run_order", given=show(run.strip()))
    if times.count(";") >= RUNS:
        yield fault("many_runs", most=RUNS)


def _day_faults(days: str) -> Faults:
    """Yield what is wrong with the days on which something takes place; none are every day."""
    if days and not are_days(days):
        yield fault("not_days", "days", given=show(days))


MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
PHOTO = re.compile(r"[\w-]{1,100}\.(jpg|png|webp)")
TEXTS = {"short": check_short_name, "name": check_name}
FORMS = {"phone": phone_faults, "url": address_faults, "currency": currency_faults}


@dataclass(frozen=True, slots=True)
class Known:
    """Hold what values are held to: titles of the feature's sources, kinds and id of its layer, themes of the city."""

    titles: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    layer: str = ""
    themes: tuple[str, ...] = ()


def own_source_faults(one: Property, properties: JsonObject, known: Known) -> Faults:
    """Yield that the property beside this one, which names its source, is missing or names none of the feature's."""
    if one.is_sourced:
        yield from cites(properties.get(one.cited_in), known.titles, one.cited_in, "no_own_source")


def type_faults(one: Described, value: object, known: Known) -> Faults:
    """Yield what is wrong with the value of a property or of a member of one."""
    match one.type:
        case BilingualText(size):
            yield from TEXTS.get(size, check_text)(value)
        case BilingualList():
            yield from _each(value, check_text)
        case PlainText(form):
            yield from _plain_faults(value, form)
        case Number() as number:
            yield from number_faults(value, number)
        case Choice(of="kinds"):
            yield from _kind_faults(value, known)
        case Choice(values):
            yield from _choice_faults(value, values, "not_choice")
        case YesNo():
            yield from () if isinstance(value, bool) else (fault("not_truth", given=show(value)),)
        case Date():
            yield from () if is_date(value) else (fault("not_date", given=show(value)),)
        case Month():
            yield from () if matches(MONTH, value) else (fault("not_month", given=show(value)),)
        case Hours():
            yield from _hours_faults(value)
        case Listed(of):
            yield from _each(value, lambda item: _listed_faults(item, of, known))
        case Stops():
            yield from _each(value, _id_faults)
        case SourceTitle(of):
            yield from check_title(value) if of else cites(value, known.titles)
        case ItemList(members):
            yield from _each(value, lambda item: _member_faults(members, item, known, is_statement=True))
        case Table(members):
            yield from _member_faults(members, value, known)


def number_faults(value: object, number: Number) -> Faults:
    """Yield that a value is no number, or beyond its limits; true and NaN are no numbers."""
    is_number = type(value) is int or (type(value) is float and not number.is_whole)
    if not is_number or not isinstance(value, int | float) or not number.holds(value):
        rule = "whole_range" if number.is_whole else "open_range" if number.is_open else "number_range"
        yield fault(rule, given=show(value), least=f"{number.least:,}", most=f"{number.most:,}")


def _each(value: object, check: Callable[[object], Faults]) -> Faults:
    if not isinstance(value, list):
        yield fault("not_list", given=show(value))
        return
    for number, item in enumerate(value):
        yield from under(f"[{number}]", check(item))


def _plain_faults(value: object, form: str) -> Faults:
    """Yield what is wrong with a text in no language; an id, a photo's file and an address have a form of their own."""
    if form == "id":
        yield from () if matches(SLUG, value) else (fault("not_slug", given=show(value)),)
    elif form == "photo":
        yield from () if matches(PHOTO, value) else (fault("no_photo_file", given=show(value)),)
    elif form in FORMS:
        yield from FORMS[form](value)
    else:
        yield from check_title(value)


def _id_faults(value: object) -> Faults:
    if not matches(SLUG, value):
        yield fault("not_id", given=show(value))


def _kind_faults(value: object, known: Known) -> Faults:
    if value not in known.kinds:
        yield fault("not_kind", given=show(value), layer=known.layer, known=", ".join(known.kinds))


def _choice_faults(value: object, values: tuple[str, ...], rule: str) -> Faults:
    if value not in values:
        yield fault(rule, given=show(value), known=", ".join(values))


def _listed_faults(item: object, of: str, known: Known) -> Faults:
    if of == "themes":
        yield from _choice_faults(item, known.themes, "not_theme")
    elif of == "figures":
        yield from _id_faults(item)
    elif not isinstance(item, str) or len(item) > MAX_NAME:
        yield fault("not_short_text", given=show(item))
    else:
        yield from control_faults(item)


def _hours_faults(value: object) -> Faults:
    if not isinstance(value, str):
        yield fault("no_hours", given=show(value))
    elif found := _hours_fault(value):
        yield found


@lru_cache(maxsize=4096)
def _hours_fault(text: str) -> Fault | None:
    try:
        check_hours(text)
    except InvalidHours as error:
        return error.fault
    return None


def _member_faults(members: tuple[Member, ...], table: object, known: Known, *, is_statement: bool = False) -> Faults:
    """Yield what is wrong with the members of a table, and those that are missing; a statement needs its source."""
    if not isinstance(table, dict):
        yield fault("not_table", given=show(table), parts=", ".join(f'"{member.key}"' for member in members))
        return
    yield from only(table, *(member.key for member in members))
    for member in members:
        value = table.get(member.key)
        if isinstance(member.type, SourceTitle):
            yield from cites(value, known.titles) if is_statement or value is not None else ()
        elif value is not None:
            yield from under(member.key, type_faults(member, value, known))
        elif member.is_needed:
            yield fault("missing", member.key)
