"""Describe an itinerary as JSON Schema, part by part as `itinerary_json.py` writes it."""

from __future__ import annotations

from collections.abc import Collection
from typing import get_args

from ...city.ride_estimates import RIDE_MODES
from ...planner.advice.alternatives import Kind
from ...planner.itinerary.itinerary import Missing, Notice, Warning_
from ...planner.itinerary.plan_diff import ChangeKind
from ...planner.request.read import Lost
from ...planner.solver.model import Status
from ...schema.json_schema import TEXT
from ...schema.strict_json import JsonTable

STRING: JsonTable = {"type": "string"}
MAYBE: JsonTable = {"type": ["string", "null"]}
CLOCK: JsonTable = {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$"}
COUNT: JsonTable = {"type": "integer", "minimum": 0}
FLAG: JsonTable = {"type": "boolean"}
COUNTS: JsonTable = {"type": "object", "additionalProperties": COUNT}
IDS: JsonTable = {"type": "array", "items": STRING}


def itinerary_schemas() -> dict[str, JsonTable]:
    """Return the schema of an itinerary as `itinerary`, and of its parts by names that begin so.

    They name each other as `#/components/schemas/NAME`.
    """
    return {
        "itinerary": _table(
            status=_word(get_args(Status)),
            query=STRING,
            date={"type": "string", "format": "date"},
            begin=CLOCK,
            end=CLOCK,
            totals=_named("totals"),
            stops=_list(_named("stop")),
            legs=_list(_or_null(_named("leg"))),
            lunch=_or_null(_table(begin=CLOCK, end=CLOCK)),
            are_times_about=FLAG,
            notices=_list(_word(get_args(Notice))),
            gone=IDS,
            missing=_list(_named("reason")),
            changes=_list(_named("change")),
            left_out=COUNTS,
            dropped=_list(_named("reason")),
            alternatives=_list(_named("alternative")),
            since=_or_null(_named("since")),
        ),
        "itinerary_totals": _table(
            stops=COUNT, walk_m=COUNT, walk_min=COUNT, wait_min=COUNT, score=COUNT, by_theme=COUNTS
        ),
        "itinerary_stop": _stop(),
        "itinerary_leg": _leg(),
        "itinerary_reason": _table(id=STRING, reason=_word(_words(Missing))),
        "itinerary_change": _table(["kind", "value", "query"], **_change()),
        "itinerary_alternative": _table(
            kind=_word(get_args(Kind)),
            theme=STRING,
            query=STRING,
            begin=CLOCK,
            end=CLOCK,
            totals=_named("totals"),
            stops=_list(_table(id=STRING, name=TEXT, begin=CLOCK)),
        ),
        "itinerary_since": _since(),
    }


def _stop() -> JsonTable:
    return _table(
        id=STRING,
        name=TEXT,
        lon={"type": "number"},
        lat={"type": "number"},
        arrive=CLOCK,
        begin=CLOCK,
        end=CLOCK,
        leave=CLOCK,
        slack_min=COUNT,
        is_must=FLAG,
        is_begin_fixed=FLAG,
        programme=_or_null({"type": "object", "required": ["id"], "properties": {"id": STRING, "title": TEXT}}),
        mode=_word(("visit", "boat")),
        warnings=_list(_word(get_args(Warning_))),
    )


def _leg() -> JsonTable:
    """Return the schema of a way; one by boat has a `ride`, one by estimate says so; `parts` are walked to and from."""
    site = _table(id=STRING, phase=MAYBE, since=MAYBE)
    parts = _list(_named("leg"))
    rows: dict[str, JsonTable] = {
        "mode": _word(("walk", "boat", *RIDE_MODES)),
        "begin": CLOCK,
        "end": CLOCK,
        "length_m": COUNT,
        "minutes": COUNT,
        "are_steps_unknown": FLAG,
        "works": _list(site),
        "avoided": _list(site),
        "detour_m": COUNT,
        "line": _table(type=_word(("LineString",)), coordinates=_list({"type": "array", "items": {"type": "number"}})),
    }
    ride = _table(["route", "from", "to"], **{"route": STRING, "from": STRING, "to": STRING, "parts": parts})
    bus = _table(["line", "from", "to"], **{"line": STRING, "from": STRING, "to": STRING})
    return _table(list(rows), **rows, ride=ride, is_estimate=FLAG, bus=bus, parts=parts)


def _change() -> dict[str, JsonTable]:
    step = _table(kind=STRING, value=STRING)
    return {"kind": STRING, "value": STRING, "query": STRING, "parts": _list(step)}


def _since() -> JsonTable:
    changed = _table(kind=_word(get_args(ChangeKind)), id=STRING, name=TEXT, before=STRING, now=STRING)
    lost = _table(kind=_word(get_args(Lost)), old_id=STRING, new_id=STRING)
    return _table(day={"type": "string", "format": "date"}, changes=_list(changed), wish=_list(lost))


def _words(alternatives: object) -> list[str]:
    """Return the words of a union of literals."""
    return [word for part in get_args(alternatives) for word in (get_args(part) or (part,))]


def _word(known: Collection[str]) -> JsonTable:
    return {"type": "string", "enum": list(known)}


def _named(part: str) -> JsonTable:
    return {"$ref": f"#/components/schemas/itinerary_{part}"}


def _list(items: JsonTable) -> JsonTable:
    return {"type": "array", "items": items}


def _or_null(schema: JsonTable) -> JsonTable:
    return {"anyOf": [schema, {"type": "null"}]}


def _table(needed: Collection[str] = (), /, **rows: JsonTable) -> JsonTable:
    """Return the schema of an object; all of its members are there unless the `needed` ones are said."""
    return {"type": "object", "required": list(needed or rows), "properties": rows}
