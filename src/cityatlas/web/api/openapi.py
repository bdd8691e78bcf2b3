"""Answer with the description of our addresses for programs, OpenAPI 3.1, made from the routes and their tables."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, current_app, g
from werkzeug.routing import Rule

from ...catalogue.catalogue import Catalogue
from ...handouts.day.itinerary_schema import MAYBE, STRING, itinerary_schemas
from ...i18n import Language, say, translate
from ...planner.request.wish_schema import wish_schemas
from ...schema.json_schema import TEXT, schema_of
from ...schema.properties import properties
from ...schema.strict_json import JsonTable
from ..http.errors import always_json
from ..http.languages import page
from ..http.pages import JSON, send
from ..http.snapshots import snapshot
from ..public.structured_data import public_url
from .address_keys import parameters
from .addresses import Address, addresses
from .ogc.queryables import choices_of
from .ogc.resources import encoded
from .schemas import ERROR, FEATURE, FEATURES, LINK, faults, info, path_of, places_of

bp = Blueprint("openapi", __name__)
USUAL: Language = "en"  # of the address without a language
COUNT: JsonTable = {"type": "integer", "minimum": 0}
DEGREES: JsonTable = {"type": "number"}
OBJECT: JsonTable = {"type": "object"}


@page(bp, "/openapi.json", is_data=True)
def show() -> Response:
    """Answer with the description, in English where the address has no language."""
    g.language, g.is_language_fixed = g.language if g.is_language_fixed else USUAL, True
    snapshot()
    return send(lambda catalogue: encoded(document(catalogue, g.language)), JSON, key=public_url())


def document(catalogue: Catalogue, language: Language) -> JsonTable:
    """Return the description of all addresses that programs may rely on, with its sentences in a language."""
    described = list(addresses())
    root = public_url()
    return {
        "openapi": "3.1.0",
        "info": info(catalogue.city, say(catalogue.city.title, language).text, translate("apidoc.lead", language)),
        "servers": [{"url": root}],
        "externalDocs": {"url": f"{root}/ogc/api", "description": translate("gis.what_api", language)},
        "tags": [
            {"name": group, "description": translate(f"apidoc.group_{group}", language)}
            for group in dict.fromkeys(one.group for one in described)
        ],
        "paths": dict(_paths(described, language)),
        "components": {
            "schemas": _schemas(catalogue, language),
            "parameters": dict(parameters(catalogue, language)),
        },
    }


def _paths(described: list[Address], language: Language) -> Iterator[tuple[str, JsonTable]]:
    rules = [rule for rule in current_app.url_map.iter_rules() if "pin" not in rule.arguments]
    for one in described:
        rule = next(r for r in rules if r.endpoint == one.endpoint and ("lang" in r.arguments) == one.is_spoken)
        yield path_of(rule), {one.method: _operation(one, rule, language)}


def _operation(one: Address, rule: Rule, language: Language) -> JsonTable:
    content: JsonTable = {mimetype: _body(schema) for mimetype, schema in one.answers.items()}
    statuses = sorted(
        {
            *one.statuses,
            *([404] if one.is_spoken else []),  # there are but two languages
            *([414] if one.keys else []),
        }
    )
    refused = faults(statuses, has_page=not always_json(rule.rule))
    asked: JsonTable = {"requestBody": {"required": True, "content": {JSON: _body(one.body)}}} if one.body else {}
    return {
        "operationId": one.endpoint.replace(".", "-"),
        "tags": [one.group],
        "summary": one.summary(language),
        "description": one.use(language),
        "parameters": [{"$ref": f"#/components/parameters/{key}"} for key in (*places_of(rule), *one.keys)],
        **asked,
        "responses": {"200": {"description": "OK", "content": content}} | refused,
    }


def _body(schema: str) -> JsonTable:
    return {"schema": {"$ref": f"#/components/schemas/{schema}"}} if schema else {}


def _schemas(catalogue: Catalogue, language: Language) -> JsonTable:
    rows: JsonTable = {one.key: schema_of(one, choices_of(catalogue.city)) for one in properties() if one.is_public}
    credits: JsonTable = {"type": "array", "items": _table(text=TEXT, licence_url=MAYBE)}
    told: dict[str, JsonTable] = {"page": STRING, "terms": STRING, "credits": credits}
    where: dict[str, JsonTable] = {"id": STRING, "layer": STRING, "lon": DEGREES, "lat": DEGREES, "geometry": STRING}
    place = _table(**where, page=STRING)
    place["properties"] = rows | where | {"page": STRING}
    places: JsonTable = {"type": "array", "items": {"$ref": "#/components/schemas/place"}}
    return {
        "link": LINK,
        "error": ERROR,
        "properties": {"type": "object", "properties": rows},
        "feature": _with(FEATURE, properties={"$ref": "#/components/schemas/properties"}),
        "features": FEATURES,
        "shapes": _table(type={"const": "FeatureCollection"}, features={"type": "array", "items": OBJECT}),
        "place": place,
        "places": _table(count=COUNT, layers=OBJECT, places=places, **told),
        "route": _with(place, stops=places, legs={"type": "array", "items": OBJECT}, line=OBJECT),
        "found": _table(query=STRING, results={"type": "array", "items": _found()}, **told),
        "hours": _table(at=STRING, sites={"type": "object", "additionalProperties": _opening()}),
        "feed": _table(version=STRING, title=STRING, items={"type": "array", "items": OBJECT}),
        "oembed": _oembed(),
        "wish": _wish(catalogue, language),
        "plan": _plan(language, told),
        **{name: schema for name, schema in itinerary_schemas().items() if name != "itinerary"},
    }


def _wish(catalogue: Catalogue, language: Language) -> JsonTable:
    """Return the schema of a wish, each key with what it means; a key that is not known is refused."""
    rows = wish_schemas(catalogue.city.themes) | {"made": STRING}
    told: JsonTable = {
        key: schema | {"description": translate(f"apidoc.wish_{key}", language)} for key, schema in rows.items()
    }
    return {"type": "object", "properties": told, "additionalProperties": False}


def _plan(language: Language, own: dict[str, JsonTable]) -> JsonTable:
    """Return the schema of a plan: the itinerary, with its page and what a later request says of it."""
    plan = _with(itinerary_schemas()["itinerary"], made=STRING, from_now=MAYBE, **own)
    rows = plan["properties"]
    assert isinstance(rows, dict)
    told: JsonTable = {
        key: schema | {"description": translate(f"apidoc.answer_{key}", language)} for key, schema in rows.items()
    }
    return plan | {"properties": told}


def _found() -> JsonTable:
    name: JsonTable = {"anyOf": [STRING, TEXT]}  # in one language below its address
    rows: JsonTable = {"id": STRING, "name": name, "kind": STRING, "layer": STRING, "lon": DEGREES, "lat": DEGREES}
    return {"type": "object", "required": list(rows), "properties": rows | {"short": STRING}}  # short: on maps


def _opening() -> JsonTable:
    return _table(open={"type": ["boolean", "null"]}, changes_at=MAYBE)


def _oembed() -> JsonTable:
    words: dict[str, JsonTable] = dict.fromkeys(("version", "type", "title", "html"), STRING)
    return _table(**words, width=COUNT, height=COUNT)


def _with(table: JsonTable, **more: JsonTable) -> JsonTable:
    """Return the schema of an object that has more members, all of them needed, or others in their place."""
    rows, needed = table["properties"], table["required"]
    assert isinstance(rows, dict)
    assert isinstance(needed, list)
    return table | {"properties": rows | more, "required": list(dict.fromkeys([*needed, *more]))}


def _table(**rows: JsonTable) -> JsonTable:
    return {"type": "object", "required": list(rows), "properties": rows}
