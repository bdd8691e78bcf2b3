"""Hold what both descriptions of our addresses, for OGC programs and for all others, say alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import version

from werkzeug.routing import Rule

from ...city.spec import City
from ...schema.json_schema import both_words
from ...schema.strict_json import JsonTable
from ..http.pages import HTML, JSON
from ..public.structured_data import public_url

PLACE = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")  # with the kind of value before its name, if it has one
LINKS: JsonTable = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
LINK: JsonTable = {
    "type": "object",
    "required": ["href", "rel"],
    "properties": {name: {"type": "string"} for name in ("href", "rel", "type", "hreflang", "title")},
}
ERROR: JsonTable = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "hint"],
            "properties": {
                name: {"type": "string"} for name in ("code", "message", "hint", "again", "reason", "sentence")
            },
        }
    },
}
FEATURE: JsonTable = {
    "type": "object",
    "required": ["type", "id", "geometry", "properties"],
    "properties": {
        "type": {"type": "string", "enum": ["Feature"]},
        "id": {"type": "string"},
        "geometry": {"type": "object"},
        "properties": {"type": "object"},
        "links": LINKS,
    },
}
FEATURES: JsonTable = {
    "type": "object",
    "required": ["type", "features"],
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "features": {"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
        "links": LINKS,
        "timeStamp": {"type": "string", "format": "date-time"},
        "numberMatched": {"type": "integer", "minimum": 0},
        "numberReturned": {"type": "integer", "minimum": 0},
        "attribution": {"type": "string"},
        "next": {"type": "string"},
        "deleted": {"type": "array", "items": {"type": "string"}},
    },
}
FAULTS = {
    400: "A parameter is unknown or wrong.",
    401: "The page is not public.",
    404: "Nothing has this name.",
    410: "It was withdrawn, or cannot be told any more.",
    414: "The address is too long.",
    422: "A value cannot be used; the message says which and why.",
    429: "Too many from one address; Retry-After says when to come again.",
    501: "The format is not written here.",
    503: "Too busy; Retry-After says when to come again.",
}


def info(city: City, title: str, description: str) -> JsonTable:
    """Return what a description says of itself: its names, and who answers for it."""
    contact: JsonTable = {"name": both_words(city.organiser.name) or title, "url": f"{public_url()}/about"}
    return {"title": title, "description": description, "version": version("cityatlas"), "contact": contact}


def faults(statuses: Iterable[int], *, has_page: bool = False) -> JsonTable:
    """Return the answers of an operation that refuses, by status; one that `has_page` for who accepts no JSON."""
    return {str(status): _fault(FAULTS[status], has_page) for status in statuses}


def _fault(text: str, has_page: bool) -> JsonTable:
    content: JsonTable = {JSON: {"schema": {"$ref": "#/components/schemas/error"}}}
    page: JsonTable = {HTML: {"schema": {"type": "string"}}} if has_page else {}
    return {"description": text, "content": content | page}


def path_of(rule: Rule) -> str:
    """Return the path of a route as OpenAPI writes it."""
    return PLACE.sub(r"{\1}", rule.rule)


def places_of(rule: Rule) -> list[str]:
    """Return the names of what is left open in a path, in their order."""
    return PLACE.findall(rule.rule)


def in_query(name: str, schema: JsonTable) -> JsonTable:
    """Return a parameter of a query; lists have commas, and Part 1 wants all to say so."""
    return {"name": name, "in": "query", "required": False, "style": "form", "explode": False, "schema": schema}
