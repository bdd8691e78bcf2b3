"""Check the properties of a feature: each checker yields what is wrong with one, its path begun at the property."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from ..errors import InvalidHours
from ..geo.geojson import show
from ..limits import NAME_LETTERS as MAX_NAME
from ..schema.faults import Fault, fault, under
from ..schema.phases import PHASES
from ..schema.properties import MAX_STATED, MODES, POSITION_CLASSES, Derived
from ..schema.properties import properties as in_force
from .opening_hours import check_hours
from .spec import SLUG, City, LayerSpec
from .timetables import departure_faults, sailing_faults
from .type_checks import MONTH, own_source_faults, type_faults
from .value_checks import (
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
    """Yield every fault of a feature's properties; the path begins with the property's name."""
    if not isinstance(properties, dict):
        yield fault("no_properties")
        return
    for key in REQUIRED:
        if properties.get(key) in (None, "", [], {}):
            yield fault("missing", key)
    if not isinstance(properties.get("sources"), list | None):
        yield fault("not_sources", "sources", given=show(properties["sources"]))
        return
    table = in_force().by_key
    for key, value in properties.items():
        if key not in CHECKERS:
            near = difflib.get_close_matches(key, CHECKERS, 1)
            rule = "misspelt_property" if near else "unknown_property"
            yield fault(rule, given=key[:60], **({"near": near[0]} if near else {}))
        elif value is not None:
            yield from (found.under(key) for found in CHECKERS[key](value, properties, spec, city))
            yield from own_source_faults(table[key], properties)


def _strings(value: Any, *_: Any) -> Faults:
    if not isinstance(value, list) or not all(isinstance(v, str) and len(v) <= MAX_NAME for v in value):
        yield fault("not_short_texts", given=show(value))
        return
    for number, text in enumerate(value):
        yield from under(f"[{number}]", control_faults(text))


def _kind(value: Any, _: Any, spec: LayerSpec, __: City) -> Faults:
    if value not in spec.kinds:
        yield fault("not_kind", given=show(value), layer=spec.id, known=", ".join(spec.kinds))


def _themes(value: Any, _: Any, __: LayerSpec, city: City) -> Faults:
    if not isinstance(value, list):
        yield fault("not_list", given=show(value))
        return
    for number, theme in enumerate(value):
        if not isinstance(theme, str) or theme not in city.themes:
            yield fault("not_theme", f"[{number}]", given=show(theme), known=", ".join(city.themes))


def _phases(value: Any, properties: dict[str, Any], *_: Any) -> Faults:
    if not isinstance(value, list) or not all(isinstance(phase, dict) for phase in value):
        yield fault("not_items", given=show(value), parts='"phase", "from", "to", "source"')
        return
    begun = ""
    for number, phase in enumerate(value):
        yield from under(f"[{number}]", _phase(phase, begun, properties))
        if matches(MONTH, phase.get("from")):
            begun = phase["from"]


def _phase(phase: dict[str, Any], begun: str, properties: dict[str, Any]) -> Faults:
    """Yield what is wrong with a phase; `begun` is when the last one above it began, or ""."""
    yield from only(phase, "phase", "from", "to", "source", "note")
    named = show(phase.get("phase"))
    if phase.get("phase") not in PHASES:
        yield fault("not_phase", "phase", given=named, known=", ".join(PHASES))
    for end in ("from", "to"):
        if phase.get(end) is not None and not matches(MONTH, phase[end]):
            yield fault("not_month", end, given=show(phase[end]))
    first, last = phase.get("from") or begun, phase.get("to")
    if matches(MONTH, first) and matches(MONTH, last) and str(last) < str(first):
        yield fault("phase_ends", "to", phase=named, first=first, last=last)
    if matches(MONTH, first) and str(first) < begun:
        yield fault("phase_order", "from", phase=named, first=first)
    yield from cites(phase.get("source"), properties)
    if phase.get("note") is not None:
        yield from under("note", check_text(phase["note"]))


@lru_cache(maxsize=4096)
def _hours_fault(text: str) -> Fault | None:
    try:
        check_hours(text)
    except InvalidHours as error:
        return error.fault
    return None


def _hours(value: Any, *_: Any) -> Faults:
    if not isinstance(value, str):
        yield fault("no_hours", given=show(value))
    elif found := _hours_fault(value):
        yield found


def _minutes(value: Any, *_: Any) -> Faults:
    if type(value) is not int or not 0 <= value <= 1440:
        yield fault("not_minutes", given=show(value))


def _programmes(value: Any, properties: dict[str, Any], *_: Any) -> Faults:
    if not isinstance(value, list) or not all(isinstance(programme, dict) for programme in value):
        yield fault("not_programmes", given=show(value))
        return
    for number, programme in enumerate(value):
        yield from under(f"[{number}]", _programme(programme, properties))


def _programme(programme: dict[str, Any], properties: dict[str, Any]) -> Faults:
    if not matches(SLUG, programme.get("id")):
        yield fault("no_programme_id", "id", given=show([programme]))
    yield from only(programme, *PROGRAMME_KEYS)
    yield from under("title", check_name(programme.get("title")))
    for key in ("summary", "booking"):
        if programme.get(key) is not None:
            yield from under(key, check_text(programme[key]))
    for key in ("duration_min", "party_min", "party_max"):
        if programme.get(key) is not None and (type(programme[key]) is not int or not 0 <= programme[key] <= 10_000):
            yield fault("not_whole", key, given=show(programme[key]))
    yield from departure_faults(programme)
    yield from under("questions", _questions(programme.get("questions")))
    yield from cites(programme.get("source"), properties)


def _questions(value: Any) -> Faults:
    """Yield what is wrong with a programme's study questions; they rest on the programme's source."""
    if not isinstance(value, list | None):
        yield fault("not_items", given=show(value), parts='"zh", "en"')
        return
    for number, question in enumerate(value or ()):
        yield from under(f"[{number}]", check_text(question))


def _access(value: Any, *_: Any) -> Faults:
    known = {"step_free", "toilets", "lift", "boat_gangway", "note"}
    if not isinstance(value, dict) or set(value) - known:
        yield fault("unknown_access", given=show(value), known=", ".join(sorted(known)))
        return
    for key, told in value.items():
        if key == "note":
            yield from under("note", check_text(told))
        elif not isinstance(told, bool):
            yield fault("access_truth", key, given=show(value))


def _facts(value: Any, properties: dict[str, Any], *_: Any) -> Faults:
    if not isinstance(value, list) or not all(isinstance(fact, dict) for fact in value):
        yield fault("not_items", given=show(value), parts='"label", "value", "source"')
        return
    for number, fact in enumerate(value):
        yield from under(f"[{number}]", _fact(fact, properties))


def _fact(fact: dict[str, Any], properties: dict[str, Any]) -> Faults:
    yield from only(fact, "label", "value", "source")
    for key in ("label", "value"):
        yield from under(key, check_text(fact.get(key)))
    yield from cites(fact.get("source"), properties)


def _photos(value: Any, *_: Any) -> Faults:
    if not isinstance(value, list):
        yield fault("not_list", given=show(value))
        return
    for number, photo in enumerate(value):
        yield from under(f"[{number}]", _photo(photo))


def _photo(photo: Any) -> Faults:
    if not isinstance(photo, dict) or not matches(PHOTO, photo.get("file")):
        yield fault("no_photo_file", "file", given=show(photo))
    elif not photo.get("alt"):
        yield fault("no_alt", "alt", file=photo["file"])
    else:
        yield from only(photo, "file", "alt", "credit")
        yield from under("alt", check_text(photo["alt"]))
        if photo.get("credit") is not None:
            yield from under("credit", check_title(photo["credit"]))


def _position(value: Any, properties: dict[str, Any], *_: Any) -> Faults:
    if not isinstance(value, dict) or value.get("class") not in POSITION_CLASSES:
        given = value.get("class") if isinstance(value, dict) else value
        yield fault("not_choice", "class", given=show(given), known=", ".join(POSITION_CLASSES))
        return
    yield from only(value, "class", "accuracy_m", "located_by", "source", "verified_on")
    accuracy_m = value.get("accuracy_m")
    if value["class"] == "approximate" and (type(accuracy_m) is not int or not 0 < accuracy_m <= 5000):
        yield fault("no_accuracy", "accuracy_m", given=show(accuracy_m))
    elif accuracy_m is not None and (type(accuracy_m) is not int or not 0 < accuracy_m <= 5000):
        yield fault("whole_range", "accuracy_m", given=show(accuracy_m), least="1", most="5,000")
    if value["class"] == "schematic" and not value.get("located_by"):
        yield fault("no_located_by", "located_by")
    if value.get("located_by"):
        yield from under("located_by", check_text(value["located_by"]))
    if value.get("source"):
        yield from cites(value["source"], properties)
    elif value["class"] != "schematic":
        yield fault("no_position_source", "source", **{"class": value["class"]})
    if value.get("verified_on") is not None and not is_date(value["verified_on"]):
        yield fault("not_date", "verified_on", given=show(value["verified_on"]))


def _sources(value: Any, *_: Any) -> Faults:
    for number, source in enumerate(value):
        yield from under(f"[{number}]", check_source(source))


def _ids(value: Any, *_: Any) -> Faults:
    if not isinstance(value, list):
        yield fault("not_ids", given=show(value))
        return
    for number, key in enumerate(value):
        if not matches(SLUG, key):
            yield fault("not_ids", f"[{number}]", given=show([key]))


def _legs(value: Any, properties: dict[str, Any], *_: Any) -> Faults:
    stops = properties.get("stops")
    if not isinstance(value, list):
        yield fault("not_legs", given=show(value))
        return
    for number, leg in enumerate(value):
        if not isinstance(leg, dict) or leg.get("mode") not in MODES or len(leg) != 1:
            yield fault("not_legs", f"[{number}].mode", given=show([leg]))
    if isinstance(stops, list) and len(value) != max(0, len(stops) - 1):
        yield fault("legs_count", count=len(value), stops=len(stops), needed=max(0, len(stops) - 1))


def _boolean(value: Any, *_: Any) -> Faults:
    if not isinstance(value, bool):
        yield fault("not_truth", given=show(value))


def _stated(value: Any, properties: dict[str, Any], *_: Any) -> Faults:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        yield fault("not_items", given=show(value), parts='"what", "value", "source"')
        return
    for number, item in enumerate(value):
        yield from under(f"[{number}]", _stated_item(item, properties))


def _stated_item(item: dict[str, Any], properties: dict[str, Any]) -> Faults:
    yield from only(item, "what", "value", "note", "source")
    if item.get("what") not in ("length_m", "duration_min"):
        yield fault("not_stated", "what", given=show(item.get("what")))
    if type(item.get("value")) not in (int, float) or not 0 < item["value"] < MAX_STATED:
        yield fault("not_stated_value", "value", given=show(item.get("value")))
    if item.get("note") is not None:
        yield from under("note", check_text(item["note"]))
    yield from cites(item.get("source"), properties)


def _any_text(value: Any, *_: Any) -> Faults:
    if not isinstance(value, str):
        yield fault("not_string", given=show(value))


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
CHECKERS = Derived(lambda table: {row.key: OWN.get(row.key) or partial(type_faults, row) for row in table})
REQUIRED = Derived(lambda table: {row.key: row for row in table if row.is_required})
