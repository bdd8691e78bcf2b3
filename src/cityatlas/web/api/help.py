"""Show the help for those who write programs: the description of our addresses, as a page that one reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, current_app, g, render_template
from markupsafe import Markup

from ... import limits
from ...catalogue.catalogue import Catalogue
from ...i18n import translate
from ...planner.request.wish_schema import PLACE, TIME
from ...schema.strict_json import JsonObject
from ..help.data import shown_layer
from ..help.handbook import blocks, marked
from ..http.html_page import HtmlPage
from ..http.languages import page
from ..http.pages import send_page
from ..http.snapshots import now, snapshot
from ..public.structured_data import public_url
from .openapi import document

bp = Blueprint("api_help", __name__)
SATURDAY = 5
PARTS = ("start", "examples", "addresses", "since", "plan")
LANGUAGES_OF_EXAMPLES = ("python", "javascript")


@dataclass(frozen=True)
class Row:
    """Hold a line of a table: a name, how its value is written, and what it means."""

    name: str
    form: str
    meaning: Markup


@dataclass(frozen=True, kw_only=True)
class ApiHelpPage(HtmlPage):
    """Hold what programs are told: addresses and parameters in groups, a wish's keys, a plan's, and examples."""

    template = "help/api.html"
    parts: list[str]
    groups: list[tuple[str, list[Row]]]
    keys: list[tuple[str, list[Row]]]
    wish: list[Row]
    answer: list[Row]
    examples: dict[str, str]
    numbers: dict[str, str]

    def blocks(self, text: str) -> list[tuple[str, list[Any]]]:  # Any: as `blocks` has them
        """Return a text in its blocks."""
        return blocks(text)


@page(bp, "/help/api")
def show() -> Response:
    """Show the help."""
    today = now(snapshot()).date()
    return send_page(lambda catalogue: _page(catalogue, today))


def _page(catalogue: Catalogue, today: date) -> ApiHelpPage:
    told: dict[str, Any] = document(catalogue, g.language)  # Any: a document of JSON, which we have just made
    schemas, layer = told["components"]["schemas"], shown_layer(catalogue)
    return ApiHelpPage(
        parts=[part for part in PARTS if part != "plan" or catalogue.network.has_walks],
        groups=list(_groups(told)),
        keys=list(_keys(told["components"]["parameters"])),
        wish=_rows(schemas["wish"]["properties"]),
        answer=_rows(schemas["plan"]["properties"]),
        examples=dict(_examples(catalogue, layer, today)),
        numbers=_numbers() | {"layer": layer},
    )


def _groups(told: Mapping[str, Any]) -> Iterator[tuple[str, list[Row]]]:
    """Yield each group of addresses with its title."""
    found = [(path, method, one) for path, item in told["paths"].items() for method, one in item.items()]
    for tag in told["tags"]:
        own = [(path, method, one) for path, method, one in found if tag["name"] in one["tags"]]
        told_of = [(path, method.upper(), one["description"]) for path, method, one in own]
        yield tag["description"], [Row(path, method, marked(meaning)) for path, method, meaning in told_of]


def _keys(parameters: Mapping[str, Any]) -> Iterator[tuple[str, list[Row]]]:
    """Yield the parameters of queries in their groups; those of a wish have a table of their own."""
    asked = [(name, one) for name, one in parameters.items() if one["in"] == "query" and not name.startswith("plan.")]
    for group, same in groupby(asked, lambda pair: pair[0].partition(".")[0]):
        rows = [Row(one["name"], _form(one["schema"]), marked(one["description"])) for _, one in same]
        yield translate(f"apidoc.keys_{group}", g.language), rows


def _rows(properties: Mapping[str, Any]) -> list[Row]:
    return [Row(key, _form(schema), marked(schema["description"])) for key, schema in properties.items()]


def _form(schema: JsonObject) -> str:
    """Return how a value is written, in words; the words that it may be as they are; "" where nothing is to be said."""
    kind = schema.get("type")
    if schema.get("anyOf") == PLACE["anyOf"]:
        return _say("place")
    if known := schema.get("enum"):
        return " · ".join(map(str, known)) if isinstance(known, list) else ""
    if schema.get("pattern") == TIME["pattern"]:
        return _say("time")
    if kind == "integer" and "maximum" in schema:
        return _say("integer", least=schema["minimum"], most=schema["maximum"])
    if kind == "array":
        return _say("list", most=schema["maxItems"]) if "maxItems" in schema else _of_items(schema)
    if kind == "object":
        return _say("object", most=schema["maxProperties"]) if "maxProperties" in schema else ""
    return _plain(schema)


def _of_items(schema: JsonObject) -> str:
    items = schema.get("items")
    known = items.get("enum") if isinstance(items, dict) else None
    return _say("some") + (f": {', '.join(known)}" if known else "")


def _plain(schema: JsonObject) -> str:
    if examples := schema.get("examples"):
        return str(examples[0]) if isinstance(examples, list) else ""
    kind = "date" if schema.get("format") == "date" else str(schema.get("type"))
    return _say(kind) if kind in ("date", "string", "boolean") else ""


def _say(form: str, **values: object) -> str:
    return translate(f"apidoc.form_{form}", g.language, **values)


def _examples(catalogue: Catalogue, layer: str, today: date) -> Iterator[tuple[str, str]]:
    """Yield a program in each language, for this site: it runs as it stands, on a Saturday to come."""
    saturday = today + timedelta(days=7 - (today.weekday() - SATURDAY) % 7)
    given = {"host": public_url(), "layer": layer, "saturday": saturday.isoformat()}
    for name in LANGUAGES_OF_EXAMPLES:
        text = render_template(f"help/example.{name}.txt", has_walks=catalogue.network.has_walks, **given)
        yield name, text.strip()


def _numbers() -> dict[str, str]:
    """Return what the texts name of limits and settings, by place in their sentences."""
    told = {
        "musts": limits.TOUR_MUSTS,
        "places": limits.TOUR_PLACES,
        "people": limits.TOUR_PEOPLE,
        "least": limits.TOUR_LEAST_MIN,
        "hours": limits.TOUR_MOST_H,
        "ahead": limits.AHEAD_DAYS,
        "bytes": limits.WISH_KB * 1_000,
        "minute": current_app.config["SETTINGS"].plans_per_minute,
    }
    return {name: f"{number:,}" for name, number in told.items()}
