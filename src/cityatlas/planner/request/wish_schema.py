"""Describe a wish as JSON Schema: what each of its keys may be, with the limits that the reader of wishes has."""

from __future__ import annotations

from collections.abc import Collection
from typing import get_args

from ...city.ride_estimates import RIDE_MODES
from ...limits import (
    STAY_LEAST_MIN,
    STAY_MOST_MIN,
    THEME_WEIGHT,
    TOUR_LEAST_MIN,
    TOUR_MOST_H,
    TOUR_MUSTS,
    TOUR_PEOPLE,
    TOUR_PLACES,
    WALK_LEAST_M,
    WALK_MOST_M,
)
from ...schema.strict_json import JsonTable
from .request import FIRM, Boat, Fullness, Pace, Variant
from .values import NO, YES

TIME: JsonTable = {"type": "string", "pattern": "^(([01]?[0-9]|2[0-3]):[0-5][0-9]|24:00)$"}
FEATURE_ID: JsonTable = {"type": "string", "minLength": 1}
YES_OR_NO: JsonTable = {"type": "boolean"}
PLACE: JsonTable = {"anyOf": [FEATURE_ID, {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}]}
ADDRESS_FLAG: JsonTable = {"type": "string", "enum": [word for word in (*YES, *NO) if word]}


def wish_schemas(themes: Collection[str]) -> dict[str, JsonTable]:
    """Return the schema of each key as it is natural in JSON, in the order of `KEYS`; `themes` are those of the city.

    The reader takes more: numbers and flags as texts, a list in place of an object, and all forms of an address.
    """
    stay = _whole(STAY_LEAST_MIN, STAY_MOST_MIN)
    return {
        "date": {"type": "string", "format": "date"},
        "start": TIME,
        "end": TIME,
        "minutes": _whole(TOUR_LEAST_MIN, TOUR_MOST_H * 60),
        "start_at": PLACE,
        "end_at": PLACE,
        "theme": _theme(themes),
        "must": _list(FEATURE_ID, TOUR_MUSTS),
        "not": _list(FEATURE_ID, TOUR_PLACES),
        "pace": _word(get_args(Pace), "normal"),
        "fullness": _word(get_args(Fullness), "normal"),
        "party": _whole(1, TOUR_PEOPLE) | {"default": 1},
        "step_free": YES_OR_NO,
        "lunch": YES_OR_NO,
        "unknown_hours": YES_OR_NO,
        "boat": _word(get_args(Boat), "no"),
        "modes": _list({"type": "string", "enum": ["walk", *RIDE_MODES]}, len(RIDE_MODES) + 1),
        "ride_from": _whole(WALK_LEAST_M, WALK_MOST_M),
        "audience": {"type": "string", "enum": ["visitors"]},
        "keep": _list({"type": "string", "pattern": rf"^[^:,]+(:[1-{FIRM}])?$"}, TOUR_PLACES),
        "order": _list(FEATURE_ID, TOUR_PLACES),
        "stay": _by_place(stay, TOUR_PLACES),
        "begin_at": _by_place(TIME, TOUR_MUSTS),
        "programme": _by_place(FEATURE_ID, TOUR_MUSTS),
        "walk_max": _whole(WALK_LEAST_M, WALK_MOST_M),
        "route": FEATURE_ID,
        "variant": {"type": "string", "enum": list(get_args(Variant)[1:])},
    }


def address_schemas(themes: Collection[str]) -> dict[str, JsonTable]:
    """Return the schema of each key as an address has it: lists with commas, pairs as `place:value`, yes or no."""
    return {key: _in_an_address(schema) for key, schema in wish_schemas(themes).items()}


def _in_an_address(schema: JsonTable) -> JsonTable:
    if schema is PLACE:
        return FEATURE_ID
    if schema is YES_OR_NO:
        return ADDRESS_FLAG
    if schema["type"] == "object":
        pair: JsonTable = {"type": "string", "pattern": "^[^:,]+:.+$"}
        return {"type": "array", "items": pair, "maxItems": schema["maxProperties"]}
    return schema


def _theme(themes: Collection[str]) -> JsonTable:
    """Return the schema of interests, each with a weight where it is more than liked."""
    known = "|".join(themes)
    return {"type": "array", "items": {"type": "string", "pattern": f"^({known})(:[1-{THEME_WEIGHT}])?$"}}


def _whole(least: int, most: int) -> JsonTable:
    return {"type": "integer", "minimum": least, "maximum": most}


def _word(known: Collection[str], usual: str) -> JsonTable:
    return {"type": "string", "enum": list(known), "default": usual}


def _list(items: JsonTable, most: int) -> JsonTable:
    return {"type": "array", "items": items, "maxItems": most}


def _by_place(value: JsonTable, most: int) -> JsonTable:
    return {"type": "object", "additionalProperties": value, "maxProperties": most}
