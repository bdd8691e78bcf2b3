"""Check the properties of a feature: each checker yields what is wrong as the end of a sentence."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from ..errors import InvalidHours
from ..geo.geojson import show
from ..schema.phases import PHASES
from ..schema.properties import MAX_STATED, MODES, POSITION_CLASSES, Derived
from .opening_hours import check_hours
from .spec import SLUG, City, LayerSpec
from .timetables import departure_faults, sailing_faults
from .type_checks import MONTH, check_property
from .value_checks import (
    MAX_NAME,
    NO_DATE,
    Faults,
    check_name,
    check_source,
    check_text,
    check_title,
    cites,
    control_faults,
    is_date,
    matches,
    only,
)

PHOTO = re.compile(r"[\w-]{1,100}\.(jpg|png|webp)")
PROGRAMME_KEYS = frozenset(
    (
        *("id", "title", "summary", "duration_min", "party_min", "party_max"),
        *("departures", "days", "booking", "questions", "source"),
    )
)


def check_properties(properties: Any, spec: LayerSpec, city: City) -> Faults:
    """Yield every fault of a feature's properties, beginning with the property's name."""
    if not isinstance(properties, dict):
        yield "has no properties"
        return
    for key in REQUIRED:
        if properties.get(key) in (None, "", [], {}):
            yield f"{key} is missing"
    if not isinstance(properties.get("sources"), list | None):
        yield f'sources {show(properties["sources"])} is not a list; write [{{"title", "date", "url"}}]'
        return
    for key, value in properties.items():
        if key not in CHECKERS:
            near = difflib.get_close_matches(key, CHECKERS, 1)
            yield f'property "{key[:60]}" is not known' + (f'; did you mean "{near[0]}"?' if near else "")
        elif value is not None:
            yield from (f"{key} {fault}" for fault in CHECKERS[key](value, properties, spec, city))


def _strings(value: Any, *_: Any) -> Faults:
    if not isinstance(value, list) or not all(isinstance(v, str) and len(v) <= MAX_NAME for v in value):
        yield f"{show(value)} is not a list of short texts"
        return
    for text in value:
        yield from control_faults(text)


def _kind(value: Any, _: Any, spec: LayerSpec, __: City) -> Faults:
    if value not in spec.kinds:
        yield f'{show(value)} is not a kind of layer "{spec.id}" (one of {", ".join(spec.kinds)})'


def _themes(value: Any, _: Any, __: LayerSpec, city: City) -> Faults:
    if not isinstance(value, list):
        yield f"{show(value)} is not a list"
        return
    for theme in value:
        if not isinstance(theme, str) or theme not in city.themes:
            yield f"{show(theme)} is not in [themes] of city.toml (one of {', '.join(city.themes)})"


def _phases(value: Any, properties: dict[str, Any], *_: Any) -> Faults:
    if not isinstance(value, list) or not all(isinstance(phase, dict) for phase in value):
        yield f'{show(value)} is not a list of {{"phase", "from", "to", "source"}}'
        return
    begun = ""
    for phase in value:
        yield from only(phase, "phase", "from", "to", "source", "note")
        if phase.get("phase") not in PHASES:
            yield f"{show(phase.get('phase'))} is not a phase (one of {', '.join(PHASES)})"
        for end in ("from", "to"):
            if phase.get(end) is not None and not matches(MONTH, phase[end]):
                yield f'{end} {show(phase[end])} is not a month (example: "2023-09")'
        first, last = phase.get("from") or begun, phase.get("to")
        if matches(MONTH, first) and matches(MONTH, last) and last < first:
            yield f"{show(phase.get('phase'))} ends {last}, before it begins {first}; correct one of the two"
        if matches(MONTH, first):
            if first < begun:
                yield f"{show(phase.get('phase'))} begins {first}, before the phase above it; order them by time"
            begun = first
        yield from cites(phase.get("source"), properties)
        if phase.get("note") is not None:
            yield from (f"note {fault}" for fault in check_text(phase["note"]))


@lru_cache(maxsize=4096)
def _hours_fault(text: str) -> str:
    try:
        check_hours(text)
    except InvalidHours as error:
        return f"{error.message}. {error.hint}"
    return ""


def _hours(value: Any, properties: dict[str, Any], *_: Any) -> Faults:
    if not isinstance(value, str):
        yield f"{show(value)} is not a text (example: Tu-Su 09:00-16:30)"
    elif fault := _hours_fault(value):
        yield fault
    yield from cites(properties.get("hours_source"), properties, " in hours_source")


def _minutes(value: Any, *_: Any) -> Faults:
    if type(value) is not int or not 0 <= value <= 1440:
        yield f"{show(value)} is not a whole number of minutes from 0 to 1440"


def _programmes(value: Any, properties: dict[str, Any], *_: Any) -> Faults:
    if not isinstance(value, list) or not all(isinstance(p, dict) and matches(SLUG, p.get("id")) for p in value):
        yield f'{show(value)} is not a list of programmes with an "id" (a-z, 0-9 and -)'
        return
    for programme in value:
        yield from only(programme, *PROGRAMME_KEYS)
        yield from (f"title {fault}" for fault in check_name(programme.get("title")))
        for key in ("summary", "booking"):
            if programme.get(key) is not None:
                yield from (f"{key} {fault}" for fault in check_text(programme[key]))
        for key in ("duration_min", "party_min", "party_max"):
            if programme.get(key) is not None and (
                type(programme[key]) is not int or not 0 <= programme[key] <= 10_000
            ):
                yield f"{key} {show(programme[key])} is not a whole number from 0 to 10,000"
        yield from departure_faults(programme)
        yield from _questions(programme.get("questions"))
        yield from cites(programme.get("source"), properties)


def _questions(value: Any) -> Faults:
    """Yield what is wrong with a programme's study questions; they rest on the programme's source."""
    if not isinstance(value, list | None):
        yield f'questions {show(value)} is not a list of {{"zh", "en"}}'
        return
    for question in value or ():
        yield from (f"questions {fault}" for fault in check_text(question))


def _access(value: Any, *_: Any) -> Faults:
    known = {"step_free", "toilets", "lift", "boat_gangway", "note"}
    if not isinstance(value, dict) or set(value) - known:
        yield f"{show(value)} may only hold {', '.join(sorted(known))}"
    elif any(not isinstance(value[key], bool) for key in set(value) - {"note"}):
        yield f"{show(value)}: say true or false, or leave out what is not known"
    elif "note" in value:
        yield from (f"note {fault}" for fault in check_text(value["note"]))


def _facts(value: Any, properties: dict[str, Any], *_: Any) -> Faults:
    if not isinstance(value, list) or not all(isinstance(fact, dict) for fact in value):
        yield f'{show(value)} is not a list of {{"label", "value", "source"}}'
        return
    for fact in value:
        yield from only(fact, "label", "value", "source")
        for key in ("label", "value"):
            yield from (f"{key} {fault}" for fault in check_text(fact.get(key)))
        yield from cites(fact.get("source"), properties)


def _photos(value: Any, *_: Any) -> Faults:
    if not isinstance(value, list):
        yield f"{show(value)} is not a list"
        return
    for photo in value:
        if not isinstance(photo, dict) or not matches(PHOTO, photo.get("file")):
            yield f"{show(photo)} has no plain file name (letters, digits, .jpg .png or .webp)"
        elif not photo.get("alt"):
            yield f'"{photo["file"]}" has no alt text; say in words what it shows'
        else:
            yield from only(photo, "file", "alt", "credit")
            yield from (f"alt {fault}" for fault in check_text(photo["alt"]))
            if photo.get("credit") is not None:
                yield from (f"credit {fault}" for fault in check_title(photo["credit"]))


def _position(value: Any, properties: dict[str, Any], *_: Any) -> Faults:
    if not isinstance(value, dict) or value.get("class") not in POSITION_CLASSES:
        given = value.get("class") if isinstance(value, dict) else value
        yield f"class {show(given)} is not one of {', '.join(POSITION_CLASSES)}"
        return
    yield from only(value, "class", "accuracy_m", "located_by", "source", "verified_on")
    accuracy_m = value.get("accuracy_m")
    if value["class"] == "approximate" and (type(accuracy_m) is not int or not 0 < accuracy_m <= 5000):
        yield f"accuracy_m {show(accuracy_m)} is not whole metres from 1 to 5000; an approximate position needs it"
    if value["class"] == "schematic" and not value.get("located_by"):
        yield "located_by is missing; say in words how this schematic position was chosen"
    if value.get("located_by"):
        yield from (f"located_by {fault}" for fault in check_text(value["located_by"]))
    if value.get("source"):
        yield from cites(value["source"], properties)
    elif value["class"] != "schematic":
        yield f"source is missing; a position without one can only be schematic, not {value['class']}"
    if value.get("verified_on") is not None and not is_date(value["verified_on"]):
        yield f"verified_on {show(value['verified_on'])} {NO_DATE}"


def _sources(value: Any, *_: Any) -> Faults:
    for source in value:
        yield from check_source(source)


def _ids(value: Any, *_: Any) -> Faults:
    if not isinstance(value, list) or not all(matches(SLUG, v) for v in value):
        yield f"{show(value)} is not a list of ids"


def _legs(value: Any, properties: dict[str, Any], *_: Any) -> Faults:
    stops = properties.get("stops")
    if not isinstance(value, list) or not all(
        isinstance(leg, dict) and leg.get("mode") in MODES and len(leg) == 1 for leg in value
    ):
        yield f'{show(value)} is not a list of legs with a "mode" of {" or ".join(MODES)}'
    elif isinstance(stops, list) and len(value) != max(0, len(stops) - 1):
        yield f"are {len(value)}, but {len(stops)} stops need {max(0, len(stops) - 1)}"


def _boolean(value: Any, *_: Any) -> Faults:
    if not isinstance(value, bool):
        yield f"{show(value)} is neither true nor false"


def _stated(value: Any, properties: dict[str, Any], *_: Any) -> Faults:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        yield f'{show(value)} is not a list of {{"what", "value", "source"}}'
        return
    for item in value:
        yield from only(item, "what", "value", "note", "source")
        if item.get("what") not in ("length_m", "duration_min"):
            yield f"what {show(item.get('what'))} is neither length_m nor duration_min"
        if type(item.get("value")) not in (int, float) or not 0 < item["value"] < MAX_STATED:
            yield f"value {show(item.get('value'))} is not a number above zero and below a million"
        if item.get("note") is not None:
            yield from (f"note {fault}" for fault in check_text(item["note"]))
        yield from cites(item.get("source"), properties)


def _any_text(value: Any, *_: Any) -> Faults:
    if not isinstance(value, str):
        yield f"{show(value)} is not a text"


OWN: dict[str, Callable[..., Faults]] = {  # what asks more of a property than its type does
    "aliases": _strings,
    "kind": _kind,
    "themes": _themes,
    "phases": _phases,
    "opening_hours": _hours,
    "hours_source": _any_text,
    "last_entry_min": _minutes,
    "visit_min": _minutes,
    "programmes": _programmes,
    "access": _access,
    "facts": _facts,
    "figures": _ids,
    "photos": _photos,
    "position": _position,
    "sources": _sources,
    "stops": _ids,
    "legs": _legs,
    "sailings": sailing_faults,
    "is_loop": _boolean,
    "stated": _stated,
}
CHECKERS = Derived(lambda table: {row.key: OWN.get(row.key) or partial(check_property, row) for row in table})
REQUIRED = Derived(lambda table: {row.key: row for row in table if row.is_required})
