"""Answer what leads to the features: landing page, conformance, collections, and what their properties may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from ....catalogue.catalogue import Catalogue
from ....city.layers import Layer
from ....geo.crs import CRS84, KNOWN
from ....geo.projection import Bbox
from ....i18n import LANGUAGES
from ....schema.items import Attribution
from ....schema.json_schema import both_words, schema_of
from ....schema.properties import properties
from ....schema.property_types import Described
from ....schema.strict_json import JsonTable
from ...http.html_page import HtmlPage
from ...http.pages import GEOJSON, HTML
from ...http.snapshots import snapshot
from .queryables import choices_of, queryables
from .resources import OPENAPI, ROOT, SCHEMA, Resource, encoded, link, own_links, page_link, resource, site

CONFORMS = (
    *(f"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/{name}" for name in ("core", "json", "html", "oas30")),
    *(
        f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}"
        for name in ("core", "geojson", "html", "oas30")
    ),
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/core-roles-features",
    "http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/queryables",
)
DIALECT = "https://json-schema.org/draft/2020-12/schema"
QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
GEOMETRY: JsonTable = {"x-ogc-role": "primary-geometry", "format": "geometry-any"}
ID: JsonTable = {"title": "id", "type": "string", "x-ogc-role": "id", "readOnly": True}


@dataclass(frozen=True, kw_only=True)
class LandingPage(HtmlPage):
    """Hold what stands below /ogc: the layers, and what the answers conform to."""

    template = "api/landing.html"
    layers: list[Layer]
    conforms: tuple[str, ...] = CONFORMS


@dataclass(frozen=True, kw_only=True)
class CollectionPage(HtmlPage):
    """Hold a layer as programs see it: its extent, its properties, and the parameters that choose by them."""

    template = "api/collection.html"
    layer: Layer
    bbox: Bbox
    properties: dict[str, Described]
    queryables: dict[str, Described]
    crs: tuple[str, ...] = tuple(KNOWN)


def _landing_page(catalogue: Catalogue) -> HtmlPage:
    return LandingPage(layers=list(catalogue.layers.values()))


def _collection_page(layer_id: str, catalogue: Catalogue) -> HtmlPage:
    layer = catalogue.layer(layer_id)
    return CollectionPage(
        layer=layer,
        bbox=bbox_of(layer, catalogue),
        properties={one.key: one for one in properties() if one.is_public},
        queryables={name: one.described for name, one in queryables(catalogue.city, layer).items()},
    )


@resource("")
def landing() -> Resource:
    """Answer with where all else is."""
    return Resource(_landing, _landing_page)


def _landing(catalogue: Catalogue) -> bytes:
    city = catalogue.city
    links = [
        *own_links(""),
        link("service-desc", "/api", OPENAPI, "OpenAPI 3.0"),
        page_link("service-doc", f"{ROOT}/api", "en", "API"),
        link("conformance", "/conformance"),
        link("data", "/collections"),
    ]
    titled: JsonTable = {"title": both_words(city.title), "description": both_words(city.tagline)}
    return encoded(titled | credit(catalogue.attributions) | {"links": links})


@resource("/conformance")
def conformance() -> Resource:
    """Answer with the classes of requirements that the answers below /ogc meet."""
    return Resource(
        lambda _: encoded({"links": list(own_links("/conformance")), "conformsTo": CONFORMS}), _landing_page
    )


@resource("/collections")
def collections() -> Resource:
    """Answer with all layers."""
    return Resource(_collections, _landing_page)


def _collections(catalogue: Catalogue) -> bytes:
    described = [_collection(layer, catalogue) for layer in catalogue.layers.values()]
    return encoded({"links": list(own_links("/collections")), "crs": list(KNOWN), "collections": described})


@resource("/collections/<layer_id>")
def collection(layer_id: str) -> Resource:
    """Answer with one layer: what it is called, where it lies, whose it is, and where its features are."""
    snapshot().layer(layer_id)
    return Resource(
        lambda catalogue: encoded(_collection(catalogue.layer(layer_id), catalogue)),
        partial(_collection_page, layer_id),
    )


def _collection(layer: Layer, catalogue: Catalogue) -> JsonTable:
    return {
        "id": layer.spec.id,
        "title": both_words(layer.spec.title),
        "description": both_words(catalogue.city.groups[layer.spec.group]),
        **credit(layer.credits),
        "extent": {"spatial": {"bbox": [bbox_of(layer, catalogue)], "crs": CRS84.uri}},
        "itemType": "feature",
        "crs": list(KNOWN),
        "storageCrs": CRS84.uri,
        "links": list(_collection_links(layer)),
    }


def _collection_links(layer: Layer) -> Iterator[JsonTable]:
    path = f"/collections/{layer.spec.id}"
    yield from own_links(path)
    yield {"rel": "items", "href": f"{site()}{ROOT}{path}/items", "type": GEOJSON}  # bare: see openapi.py
    yield from (page_link("items", f"{ROOT}{path}/items", language) for language in LANGUAGES)
    yield link("describedby", f"{path}/schema", SCHEMA)
    yield link(QUERYABLES, f"{path}/queryables", SCHEMA)
    yield from licence_links(layer)


def licence_links(layer: Layer) -> Iterator[JsonTable]:
    """Yield a link to each licence of a layer's data."""
    addresses = dict.fromkeys(one.url for one in layer.credits if one.url)
    for address in addresses:
        yield {"rel": "license", "href": address, "type": HTML}


def credit(attributions: Iterable[Attribution]) -> JsonTable:
    """Return whose data it is, in both languages, as a member of a document."""
    words = "; ".join(both_words(one.text) for one in attributions)
    return {"attribution": words} if words else {}


def bbox_of(layer: Layer, catalogue: Catalogue) -> Bbox:
    """Return where a layer lies; one without features could lie anywhere in the city."""
    if not layer.features:
        return catalogue.city.extent
    west, south, east, north = (round(float(edge), 6) for edge in layer.frame.total_bounds)
    return west, south, east, north


@resource("/collections/<layer_id>/schema")
def schema(layer_id: str) -> Resource:
    """Answer with what the properties of a layer's features may be."""
    return _schema(layer_id, "schema", _properties)


@resource("/collections/<layer_id>/queryables")
def queryable(layer_id: str) -> Resource:
    """Answer with the parameters that choose features of a layer by their properties."""
    return _schema(layer_id, "queryables", _parameters)


def _schema(layer_id: str, name: str, rows: Callable[[Catalogue, Layer], JsonTable]) -> Resource:
    snapshot().layer(layer_id)
    path = f"/collections/{layer_id}/{name}"

    def make(catalogue: Catalogue) -> bytes:
        layer = catalogue.layer(layer_id)
        head: JsonTable = {"$schema": DIALECT, "$id": link("self", path)["href"], "title": both_words(layer.spec.title)}
        return encoded(head | {"type": "object", "properties": rows(catalogue, layer), "additionalProperties": False})

    return Resource(make, partial(_collection_page, layer_id), SCHEMA)


def _properties(catalogue: Catalogue, layer: Layer) -> JsonTable:
    choices = choices_of(catalogue.city, layer)
    rows: JsonTable = {one.key: schema_of(one, choices) for one in properties() if one.is_public}
    return {"id": ID, "geometry": GEOMETRY, **rows}


def _parameters(catalogue: Catalogue, layer: Layer) -> JsonTable:
    choices = choices_of(catalogue.city, layer)
    rows: JsonTable = {name: one.schema(choices) for name, one in queryables(catalogue.city, layer).items()}
    return {"geometry": GEOMETRY, **rows}
