"""Describe what the addresses of data may say after their question mark, in groups: a map's filters, a wish, a picture.

A parameter is called `group.key` here, since a key can mean two things: `theme` chooses places, or is liked of a tour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...catalogue.catalogue import Catalogue
from ...city.spec import City
from ...handouts.map_pdf import PAPERS_PX
from ...i18n import LANGUAGES, Language, translate
from ...planner.request.request import KEYS
from ...planner.request.wish_schema import address_schemas
from ...render.looks import DRAWN_LOOKS
from ...schema.phases import PHASES
from ...schema.strict_json import JsonTable
from ..public.files.sheets import PARTS
from .schemas import in_query

TEXT: JsonTable = {"type": "string"}
MOMENT: JsonTable = {"type": "string", "examples": ["2026-12-05T13:30"]}
WHOLE: JsonTable = {"type": "integer", "minimum": 1}
CHOOSING = ("map.layers", "map.theme", "map.kind", "map.phase", "map.at", "map.month")
VIEW = ("map.c", "map.z", "map.site")
SHEET = ("picture.size", "picture.ratio", "picture.look", "picture.parts")
WISH = (*(f"plan.{key}" for key in KEYS), "plan.made")
CHANGES = ("changes.layer", "changes.feature", "changes.page")


def schemas_of_keys(city: City) -> dict[str, JsonTable]:
    """Return the schema of every parameter by its name; lists of the city's own ids are as it has them."""
    wish = {f"plan.{key}": schema for key, schema in address_schemas(city.themes).items()}
    return {
        "map.layers": _some([spec.id for spec in city.layers]),
        "map.theme": _some(list(city.themes)),
        "map.kind": _some(list(city.kinds)),
        "map.phase": _some(list(PHASES)),
        "map.at": MOMENT,
        "map.month": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$", "examples": ["2026-05"]},
        "map.c": {"type": "string", "examples": [f"{city.view.lon},{city.view.lat}"]},
        "map.z": {"type": "number", "examples": [city.view.zoom]},
        "map.site": TEXT,
        **wish,
        "plan.made": TEXT,
        "search.q": TEXT,
        "hours.at": MOMENT,
        "layer.since": {"type": "string", "examples": ["0"]},
        "picture.size": {"type": "string", "pattern": "^[0-9]{1,5}(x[0-9]{1,5})?$", "examples": ["1080x810"]},
        "picture.ratio": {"type": "string", "pattern": "^[0-9]{1,4}:[0-9]{1,4}$", "examples": ["4:3"]},
        "picture.look": _one(DRAWN_LOOKS),
        "picture.parts": _one(PARTS),
        "paper.paper": _one(PAPERS_PX),
        "changes.layer": {"type": "string", "enum": [spec.id for spec in city.layers]},
        "changes.feature": TEXT,
        "changes.page": WHOLE,
        "oembed.url": {"type": "string", "format": "uri-reference"},
        "oembed.maxwidth": WHOLE,
        "oembed.maxheight": WHOLE,
        "oembed.format": _one(("json", "xml")),
    }


def _some(known: list[str]) -> JsonTable:
    return {"type": "array", "items": {"type": "string", "enum": known}}


def _one(known: Mapping[str, object] | tuple[str, ...]) -> JsonTable:
    """Return the schema of a word; the first one is the usual."""
    return {"type": "string", "enum": list(known), "default": next(iter(known))}


def told_of(name: str, language: Language) -> str:
    """Return what a parameter means."""
    group, _, key = name.partition(".")
    return translate(f"apidoc.wish_{key}" if group == "plan" else f"apidoc.key_{group}_{key}", language)


def parameters(catalogue: Catalogue, language: Language) -> Iterator[tuple[str, JsonTable]]:
    """Yield every parameter of a path or query by its name, with what it means in a language."""
    yield "lang", _in_path("lang", {"type": "string", "enum": list(LANGUAGES)}, language)
    yield "layer_id", _in_path("layer_id", {"type": "string", "enum": list(catalogue.layers)}, language)
    yield "site_id", _in_path("site_id", TEXT, language)
    routes = [route.id for route in catalogue.of_role("route")]
    yield "route_id", _in_path("route_id", TEXT | ({"enum": routes} if routes else {}), language)
    for axis in ("z", "x", "y"):
        yield axis, _in_path(axis, {"type": "integer", "minimum": 0}, language)
    for name, schema in schemas_of_keys(catalogue.city).items():
        told: JsonTable = {"description": told_of(name, language)}
        needed: JsonTable = {"required": True} if name == "oembed.url" else {}
        yield name, in_query(name.partition(".")[2], schema) | needed | told


def _in_path(name: str, schema: JsonTable, language: Language) -> JsonTable:
    told = translate(f"apidoc.place_{name}", language)
    return {"name": name, "in": "path", "required": True, "description": told, "schema": schema}
