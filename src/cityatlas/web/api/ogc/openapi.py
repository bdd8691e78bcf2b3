"""Describe what stands below /ogc as OpenAPI 3.0, made from its routes and the table of properties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app
from werkzeug.routing import Rule

from ....catalogue.catalogue import Catalogue
from ....geo.crs import CRS84, KNOWN
from ....i18n import LANGUAGES, translate
from ....limits import OGC_ITEMS
from ....schema.json_schema import both_words
from ....schema.property_types import Described
from ....schema.strict_json import JsonTable
from ...http.html_page import HtmlPage
from ...http.pages import GEOJSON, HTML, JSON
from ..schemas import ERROR, FEATURE, FEATURES, LINK, faults, in_query, info, path_of, places_of
from .parameters import DEFAULT_LIMIT, FORMATS, ITEM_KEYS, ITEMS_KEYS
from .queryables import Queryable, choices_of, names, queryables
from .resources import OPENAPI, ROOT, SCHEMA, Resource, encoded, resource, site

ITEMS, ITEM = "ogc.items", "ogc.item"
MIMETYPES = {ITEMS: GEOJSON, ITEM: GEOJSON, "ogc.schema": SCHEMA, "ogc.queryable": SCHEMA, "ogc.api": OPENAPI}
NUMBERS: JsonTable = {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}
SCHEMAS: JsonTable = {"link": LINK, "error": ERROR, "feature": FEATURE, "features": FEATURES}
BODIES = {ITEMS: "features", ITEM: "feature"}


@dataclass(frozen=True, kw_only=True)
class ApiPage(HtmlPage):
    """Hold the addresses below /ogc, each with what it is, and what chooses items by their properties."""

    template = "api/reference.html"
    rows: list[tuple[str, str]]
    queryables: dict[str, Described]
    default_limit: int = DEFAULT_LIMIT


@resource("/api")
def api() -> Resource:
    """Answer with the description of all addresses below /ogc."""
    return Resource(lambda catalogue: encoded(_document(catalogue)), _page, OPENAPI)


def _rules() -> list[Rule]:
    """Return the routes of data below /ogc, in order."""
    found = (rule for rule in current_app.url_map.iter_rules() if rule.endpoint.startswith("ogc."))
    return sorted((rule for rule in found if "lang" not in rule.arguments), key=lambda rule: rule.rule)


def _page(catalogue: Catalogue) -> HtmlPage:
    return ApiPage(
        rows=[(path_of(rule), rule.endpoint.partition(".")[2]) for rule in _rules()],
        queryables={name: one.described for name, one in queryables(catalogue.city).items()},
    )


def _document(catalogue: Catalogue) -> JsonTable:
    city = catalogue.city
    tags = {"ogc": translate("gis.title", "en")} | {
        name: both_words(la.spec.title) for name, la in catalogue.layers.items()
    }
    return {
        "openapi": "3.0.3",
        "info": info(city, both_words(city.title), both_words(city.tagline) or both_words(city.title)),
        "servers": [{"url": site() + ROOT}],
        "tags": [{"name": name, "description": title} for name, title in tags.items()],
        "paths": dict(_paths(catalogue)),
        "components": {"schemas": SCHEMAS, "parameters": dict(_parameters(catalogue))},
    }


def _paths(catalogue: Catalogue) -> Iterator[tuple[str, JsonTable]]:
    """Yield each path; those of a layer once for each layer, since GDAL looks for the limit under that very path.

    It takes the path from the collection's link to its items, which has no query for that reason.
    """
    for rule in _rules():
        path = path_of(rule).removeprefix(ROOT) or "/"
        if "layer_id" not in rule.arguments:
            yield path, {"get": _operation(rule)}
            continue
        for layer in catalogue.layers:
            yield path.replace("{layer_id}", layer), {"get": _operation(rule, layer)}


def _operation(rule: Rule, layer: str = "") -> JsonTable:
    endpoint = rule.endpoint
    name = endpoint.partition(".")[2]
    places = [place for place in places_of(rule) if place != "layer_id"]
    told = faults(status for status in (400, 404, 410) if status == 400 or rule.arguments)
    return {
        "operationId": f"{name}-{layer}" if layer else name,
        "tags": [layer or "ogc"],
        "summary": translate(f"gis.what_{name}", "en"),
        "description": both_words({code: translate(f"gis.what_{name}", code) for code in LANGUAGES}),
        "parameters": [{"$ref": f"#/components/parameters/{key}"} for key in (*places, *_keys(endpoint))],
        "responses": {"200": _answer(endpoint)} | told,
    }


def _keys(endpoint: str) -> tuple[str, ...]:
    if endpoint == ITEMS:
        return (*ITEMS_KEYS, *names())
    return ITEM_KEYS if endpoint == ITEM else ("f",)


def _answer(endpoint: str) -> JsonTable:
    body = BODIES.get(endpoint)
    schema: JsonTable = {"$ref": f"#/components/schemas/{body}"} if body else {"type": "object"}
    data: JsonTable = {"schema": schema}
    page: JsonTable = {"schema": {"type": "string"}}
    return {"description": "OK", "content": {MIMETYPES.get(endpoint, JSON): data, HTML: page}}


def _parameters(catalogue: Catalogue) -> Iterator[tuple[str, JsonTable]]:
    """Yield each parameter by its name: those of the standards, and one for each queryable."""
    yield "feature_id", {"name": "feature_id", "in": "path", "required": True, "schema": {"type": "string"}}
    crs: JsonTable = {"type": "string", "format": "uri", "enum": list(KNOWN), "default": CRS84.uri}
    # GDAL from 3.8 on asks for the default, for 1,000 at least; where `schema` itself has none, for as many as it may.
    limit: JsonTable = {"type": "integer", "minimum": 1, "maximum": OGC_ITEMS, "allOf": [{"default": DEFAULT_LIMIT}]}
    yield "f", in_query("f", {"type": "string", "enum": list(FORMATS)})
    yield "crs", in_query("crs", crs)
    yield "bbox", in_query("bbox", NUMBERS)
    yield "bbox-crs", in_query("bbox-crs", crs)
    yield "limit", in_query("limit", limit)
    yield "datetime", in_query("datetime", {"type": "string"}) | {"description": translate("gis.datetime", "en")}
    yield "cursor", in_query("cursor", {"type": "string"})
    yield "since", in_query("since", {"type": "string"}) | {"description": translate("gis.since", "en")}
    choices = choices_of(catalogue.city)
    yield from ((name, _of(one, one.schema(choices))) for name, one in queryables(catalogue.city).items())


def _of(one: Queryable, schema: JsonTable) -> JsonTable:
    """Return the parameter of a queryable; of listed values several may be given."""
    told = {key: value for key, value in schema.items() if key not in ("title", "description")}
    for key in ("exclusiveMinimum", "exclusiveMaximum"):
        if key in told:  # a flag in OpenAPI 3.0, a number in JSON Schema
            told |= {key.removeprefix("exclusive").lower(): told[key], key: True}
    described: JsonTable = {"description": both_words(one.described.label)}
    if one.values:
        return in_query(one.name, {"type": "array", "items": told}) | described
    return in_query(one.name, told) | described
