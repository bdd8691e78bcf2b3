"""Ask what OGC's own test suite for Features asks: its methods by their names, written anew from what they test.

The suite is github.com/opengeospatial/ets-ogcapi-features10: 55 methods for Part 1, 25 for Part 2. Passing them is no
certificate. No collection here has a temporal extent, for which FeaturesTime would be left out; it asks for fixed
moments instead, all of which fit features without a time of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from pyproj import Transformer
from shapely.geometry import box, shape
from werkzeug.test import TestResponse

Json = dict[str, Any]  # Any: what JSON holds
GEOJSON, HTML, OPENAPI = "application/geo+json", "text/html", "application/vnd.oai.openapi+json;version=3.0"
DEFAULT_CRS = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
UNKNOWN_CRS = "http://www.opengis.net/def/crs/0000"
LIMITS = (1, 2, 5)
MOMENTS = (
    "2018-02-12T23:20:50Z",
    "2018-02-12T00:00:00Z/2018-03-18T12:31:12Z",
    "2018-02-12T00:00:00Z/..",
    "../2018-03-18",
)
PART_1, PART_2 = 55, 25


class Asked:
    """Hold a client, and the documents that most methods begin with."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.landing = self.json("/ogc")
        self.collections = self.json("/ogc/collections")
        self.api = self.json("/ogc/api")

    def get(self, address: str, accept: str = "application/json", **more: str) -> TestResponse:
        """Return the answer to an address, absolute or not, with more parameters."""
        parts = urlsplit(address)
        query = urlencode([*parse_qsl(parts.query), *((key.replace("_", "-"), value) for key, value in more.items())])
        return self._client.get(parts.path, query_string=query, headers={"Accept": accept})

    def json(self, address: str, accept: str = "application/json", **more: str) -> Json:
        """Return what an address answers 200 with."""
        answer = self.get(address, accept, **more)
        assert answer.status_code == 200, answer.text
        found: Json = answer.get_json()
        return found

    def each(self) -> Iterator[tuple[Json, str]]:
        """Yield each collection with the address of its items as GeoJSON."""
        for one in self.collections["collections"]:
            (address,) = [at["href"] for at in one["links"] if at["rel"] == "items" and at["type"] == GEOJSON]
            yield one, address

    def parameter(self, collection: Json, name: str) -> Json:
        """Return a parameter of a collection's items as OpenAPI describes it."""
        told = self.api["paths"][f"/collections/{collection['id']}/items"]["get"]["parameters"]
        found = [self.api["components"]["parameters"][one["$ref"].rpartition("/")[2]] for one in told]
        (parameter,) = [one for one in found if one["name"] == name]
        assert (parameter["in"], parameter["required"]) == ("query", False)
        assert (parameter["style"], parameter["explode"]) == ("form", False)
        schema: Json = parameter["schema"]
        more = [schema, *schema.get("allOf", ())]  # as one, as the suite's own reader has it
        return {key: value for one in more for key, value in one.items() if key != "allOf"}


Method = Callable[[Asked], None]
METHODS: dict[str, Method] = {}


def method(*names: str) -> Callable[[Method], Method]:
    """Register what methods of the suite ask."""

    def register(ask: Method) -> Method:
        METHODS.update(dict.fromkeys(names, ask))
        return ask

    return register


@pytest.fixture(scope="module")
def asked(toy_app: Flask) -> Asked:
    return Asked(toy_app.test_client())


def addresses(document: Json, rel: str) -> dict[str, str]:
    """Return the addresses of a relation by media type; each link has both."""
    assert all({"rel", "type", "href"} <= one.keys() for one in document["links"])
    return {one["type"]: one["href"] for one in document["links"] if one["rel"] == rel}


def has_own_links(document: Json, mimetype: str = "application/json") -> None:
    assert list(addresses(document, "self")) == [mimetype]
    assert HTML in addresses(document, "alternate")


# Landing page, API definition, conformance


@method("GeneralHttp.http", "LandingPage.landingPageRetrieval")
def landing_page_is_there(asked: Asked) -> None:
    assert asked.get("/ogc").status_code == 200


@method("LandingPage.landingPageValidation")
def landing_page_leads_on(asked: Asked) -> None:
    assert addresses(asked.landing, "service-desc").keys() | addresses(asked.landing, "service-doc").keys()
    for rel in ("conformance", "data"):
        (address,) = addresses(asked.landing, rel).values()
        asked.json(address)


@method("ApiDefinition.openapiDocumentRetrieval", "ApiDefinition.apiDefinitionValidation")
def api_definition_is_valid(asked: Asked) -> None:
    validate(asked.json(addresses(asked.landing, "service-desc")[OPENAPI], OPENAPI))


@method("Conformance.validateConformanceOperationAndResponse", "CrsRequirementClassPrecondition.verifyConformanceClass")
def conformance_names_the_core(asked: Asked) -> None:
    classes = asked.json("/ogc/conformance")["conformsTo"]
    for part in ("1/1.0/conf/core", "1/1.0/conf/geojson", "1/1.0/conf/html", "1/1.0/conf/oas30", "2/1.0/conf/crs"):
        assert f"http://www.opengis.net/spec/ogcapi-features-{part}" in classes


# Collections


@method(
    "FeatureCollections.validateFeatureCollectionsMetadataOperation",
    "FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Links",
)
def collections_link_to_themselves(asked: Asked) -> None:
    has_own_links(asked.json("/ogc/collections"))


@method("FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Items")
def collections_have_items(asked: Asked) -> None:
    assert len(list(asked.each())) == 2


@method("FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_CrsProperty")
def default_crs_comes_first(asked: Asked) -> None:
    assert asked.collections["crs"][0] == DEFAULT_CRS


@method("FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Content")
def collections_are_not_empty(asked: Asked) -> None:
    assert asked.collections["links"]
    assert asked.collections["collections"]


@method(
    "FeatureCollection.validateFeatureCollectionMetadataOperation",
    "FeatureCollection.validateFeatureCollectionMetadataResponse",
)
def collection_is_as_in_the_list(asked: Asked) -> None:
    for one, _ in asked.each():
        alone = asked.json(f"/ogc/collections/{one['id']}")
        assert alone == one
        has_own_links(alone)
        assert alone["extent"]["spatial"]["crs"] == DEFAULT_CRS
        assert all(len(extent) in (4, 6) for extent in alone["extent"]["spatial"]["bbox"])


# Features: the same of a page, of a part by box, by limit and by time


def pages(asked: Asked, kind: str) -> Iterator[tuple[Json, dict[str, str]]]:
    """Yield pages of items with the parameters that they were asked by."""
    for collection, address in asked.each():
        for query in queries(collection, kind):
            yield asked.json(address, GEOJSON, **query), query


def queries(collection: Json, kind: str) -> list[dict[str, str]]:
    west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
    middle = (west + east) / 2
    boxes = ((west, south, east, north), (west, south, middle, north), (-180, -90, 180, 90), (5, 5, 6, 6))
    found: dict[str, list[dict[str, str]]] = {
        "": [{}],
        "bbox": [{"bbox": ",".join(map(str, corners))} for corners in boxes],
        "limit": [{"limit": str(limit)} for limit in LIMITS],
        "datetime": [{"datetime": moment} for moment in MOMENTS],
    }
    return found[kind]


def operation(kind: str) -> Method:
    def ask(asked: Asked) -> None:
        assert list(pages(asked, kind))

    return ask


def geometry_in_crs84(kind: str) -> Method:
    def ask(asked: Asked) -> None:
        world = box(-180, -90, 180, 90)
        for page, _ in pages(asked, kind):
            assert all(world.contains(shape(row["geometry"])) for row in page["features"])

    return ask


def type_property(kind: str) -> Method:
    def ask(asked: Asked) -> None:
        for page, _ in pages(asked, kind):
            assert page["type"] == "FeatureCollection"

    return ask


def features_property(kind: str) -> Method:
    def ask(asked: Asked) -> None:
        for page, _ in pages(asked, kind):
            assert all(row["type"] == "Feature" and row["id"] for row in page["features"])

    return ask


def page_links(kind: str) -> Method:
    def ask(asked: Asked) -> None:
        for page, _ in pages(asked, kind):
            has_own_links(page, GEOJSON)

    return ask


def time_stamp(kind: str) -> Method:
    def ask(asked: Asked) -> None:
        for page, _ in pages(asked, kind):
            age = datetime.now(UTC) - datetime.fromisoformat(page["timeStamp"])
            assert -timedelta(seconds=1) < age < timedelta(hours=1)

    return ask


def number_matched(kind: str) -> Method:
    def ask(asked: Asked) -> None:
        for first, _ in pages(asked, kind):
            page, returned = first, len(first["features"])
            while following := addresses(page, "next"):
                page = asked.json(following[GEOJSON], GEOJSON)
                returned += len(page["features"])
            assert returned == first["numberMatched"]

    return ask


def number_returned(kind: str) -> Method:
    def ask(asked: Asked) -> None:
        for page, _ in pages(asked, kind):
            assert page["numberReturned"] == len(page["features"])

    return ask


OF_PAGES = {
    "Features": ("", "validateFeaturesOperation", "validateFeaturesResponse", "validateFeaturesResponse"),
    "FeaturesBBox": (
        "bbox",
        "validateFeaturesWithBoundingBoxOperation",
        "validateFeaturesWithBoundingBoxResponse",
        "validateFeaturesResponse",
    ),
    "FeaturesLimit": (
        "limit",
        "validateFeaturesWithLimitOperation",
        "validateFeaturesWithLimitResponse",
        "validateFeaturesWithLimitResponse",
    ),
    "FeaturesTime": (
        "datetime",
        "validateFeaturesWithDateTimeOperation",
        "validateFeaturesWithDateTimeResponse",
        "validateFeaturesWithDateTimeResponse",
    ),
}
for name, (kind, of_operation, of_response, of_geometry) in OF_PAGES.items():
    METHODS |= {
        f"{name}.{of_operation}": operation(kind),
        f"{name}.{of_geometry}_GeometryInCRS84": geometry_in_crs84(kind),
        f"{name}.{of_response}_TypeProperty": type_property(kind),
        f"{name}.{of_response}_FeaturesProperty": features_property(kind),
        f"{name}.{of_response}_Links": page_links(kind),
        f"{name}.{of_response}_TimeStamp": time_stamp(kind),
        f"{name}.{of_response}_NumberMatched": number_matched(kind),
        f"{name}.validateFeaturesResponse_NumberReturned": number_returned(kind),
    }


@method("FeaturesBBox.boundingBoxParameterDefinition")
def bbox_is_four_or_six_numbers(asked: Asked) -> None:
    for collection, _ in asked.each():
        schema = asked.parameter(collection, "bbox")
        assert schema == {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}


@method("FeaturesBBox.validateFeaturesWithBoundingBoxResponse")
def items_touch_the_box(asked: Asked) -> None:
    counts = set()
    for page, query in pages(asked, "bbox"):
        west, south, east, north = map(float, query["bbox"].split(","))
        area = box(west, south, east, north)
        assert all(shape(row["geometry"]).intersects(area) for row in page["features"])
        counts.add(len(page["features"]))
    assert len(counts) > 2


@method("FeaturesLimit.limitParameterDefinition")
def limit_has_bounds(asked: Asked) -> None:
    for collection, _ in asked.each():
        schema = asked.parameter(collection, "limit")
        assert schema == {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 100}


@method("FeaturesLimit.validateFeaturesWithLimitResponse")
def no_page_is_longer_than_its_limit(asked: Asked) -> None:
    assert all(len(page["features"]) <= int(query["limit"]) for page, query in pages(asked, "limit"))


@method("FeaturesTime.timeParameterDefinition")
def datetime_is_a_string(asked: Asked) -> None:
    for collection, _ in asked.each():
        assert asked.parameter(collection, "datetime") == {"type": "string"}


@method("FeaturesTime.validateFeaturesWithDateTimeResponse")
def features_without_a_time_fit_any(asked: Asked) -> None:
    for collection, address in asked.each():
        for query in queries(collection, "datetime"):
            assert asked.json(address, GEOJSON, **query)["features"] == asked.json(address, GEOJSON)["features"]


@method("FeaturesErrorConditions.validateFeaturesOperation_QueryParamInvalid")
def wrong_parameter_is_400(asked: Asked) -> None:
    for _, address in asked.each():
        assert asked.get(address, GEOJSON, limit="INVALID").status_code == 400


@method("FeaturesErrorConditions.validateFeaturesOperation_QueryParamUnknown")
def unknown_parameter_is_400(asked: Asked) -> None:
    for _, address in asked.each():
        assert asked.get(address, GEOJSON, unknownQueryParameter12345="1").status_code == 400


@method("Feature.featureOperation", "Feature.validateFeatureResponse")
def feature_links_to_itself_and_its_collection(asked: Asked) -> None:
    for collection, address in asked.each():
        for row in asked.json(address, GEOJSON)["features"]:
            alone = asked.json(f"/ogc/collections/{collection['id']}/items/{row['id']}", GEOJSON)
            has_own_links(alone, GEOJSON)
            assert addresses(alone, "collection")
            assert {key: alone[key] for key in row} == row


# Part 2: coordinate reference systems


@method(
    "DiscoveryCollectionsCrsUri.verifyCollectionsCrsIdentifierOfCrsProperty",
    "DiscoveryCollectionsCrsUri.verifyCollectionsCrsIdentifierOfStorageCrs",
    "DiscoveryCollectionsCrsUri.verifyCollectionsCollectionCrsIdentifierOfCrsProperty",
    "DiscoveryCollectionsCrsUri.verifyCollectionsCollectionCrsIdentifierOfStorageCrs",
    "DiscoveryCollectionCrsUri.verifyCollectionCrsIdentifierOfCrsProperty",
    "DiscoveryCollectionCrsUri.verifyCollectionCrsIdentifierOfStorageCrsProperty",
)
def crs_are_uris(asked: Asked) -> None:
    for one in (asked.collections, *(collection for collection, _ in asked.each())):
        named = [*one["crs"], one.get("storageCrs", DEFAULT_CRS)]
        assert all(uri.startswith("http://www.opengis.net/def/crs/") for uri in named)


@method(
    "DiscoveryCollectionsDefaultCrs.verifyCollectionsPathCollectionCrsPropertyContainsDefaultCrs",
    "DiscoveryCollectionDefaultCrs.verifyCollectionCrsIdentifierOfCrsProperty",
)
def default_crs_is_among_them(asked: Asked) -> None:
    assert all(DEFAULT_CRS in collection["crs"] for collection, _ in asked.each())


@method(
    "DiscoveryCollectionsStorageCrs.verifyCollectionsPathCollectionCrsPropertyContainsStorageCrs",
    "DiscoveryCollectionStorageCrs.verifyCollectionCrsIdentifierOfCrsProperty",
)
def storage_crs_is_among_them(asked: Asked) -> None:
    assert all(collection["storageCrs"] in collection["crs"] for collection, _ in asked.each())


def places(asked: Asked) -> Iterator[tuple[Json, str]]:
    """Yield each collection with an address that takes `crs`: of its items, and of one of them."""
    for collection, address in asked.each():
        yield collection, address
        feature = asked.json(address, GEOJSON)["features"][0]["id"]
        yield collection, f"/ogc/collections/{collection['id']}/items/{feature}"


@method("FeaturesCrsParameter.verifyFeaturesCrsParameter", "FeatureCrsParameter.verifyFeatureCrsParameter")
def crs_is_told_in_a_header(asked: Asked) -> None:
    for collection, address in places(asked):
        for crs in collection["crs"]:
            assert asked.get(address, GEOJSON, crs=crs).headers["Content-Crs"] == f"<{crs}>"


@method(
    "FeaturesCrsParameterDefault.verifyFeaturesCrsParameterDefault",
    "FeatureCrsParameterDefault.verifyFeatureCrsParameterDefault",
)
def default_crs_is_told_too(asked: Asked) -> None:
    for _, address in places(asked):
        assert asked.get(address, GEOJSON).headers["Content-Crs"] == f"<{DEFAULT_CRS}>"


@method(
    "FeaturesCrsParameterInvalid.verifyFeaturesCrsParameterInvalid",
    "FeatureCrsParameterInvalid.verifyFeatureCrsParameterInvalid",
)
def unknown_crs_is_400(asked: Asked) -> None:
    for _, address in places(asked):
        assert asked.get(address, GEOJSON, crs=UNKNOWN_CRS).status_code == 400


@cache
def transformer(crs: str) -> Transformer:
    """Return what turns CRS84 into another CRS, in the order of its own axes."""
    code = crs.rpartition("/")[2]
    return Transformer.from_crs("OGC:CRS84", "OGC:CRS84" if code == "CRS84" else f"EPSG:{code}")


def positions(node: Any) -> Iterator[tuple[float, float]]:
    if isinstance(node[0], list):
        for child in node:
            yield from positions(child)
    else:
        yield node[0], node[1]


@method(
    "FeaturesCrsParameterTransform.verifyFeaturesCrsParameterTransformWithoutCrsParameter",
    "FeaturesCrsParameterTransform.verifyFeaturesCrsParameterTransformWithCrsParameter",
    "FeatureCrsParameterTransform.verifyFeatureCrsParameterTransformWithoutCrsParameter",
    "FeatureCrsParameterTransform.verifyFeatureCrsParameterTransformWithCrsParameter",
)
def positions_are_transformed(asked: Asked) -> None:
    for collection, address in places(asked):
        before = asked.json(address, GEOJSON)
        for crs in collection["crs"]:
            after, turn = asked.json(address, GEOJSON, crs=crs), transformer(crs)
            for old, new in zip(before.get("features", [before]), after.get("features", [after]), strict=True):
                expected = [turn.transform(*at) for at in positions(old["geometry"]["coordinates"])]
                found = list(positions(new["geometry"]["coordinates"]))
                assert found == [pytest.approx(at, abs=0.01 if crs.endswith("3857") else 1e-6) for at in expected]


@method("BBoxCrsParameter.verifyBboxCrsParameterWithDefaultCrs", "BBoxCrsParameter.verifyBboxCrsParameter")
def box_in_any_crs_finds_the_same(asked: Asked) -> None:
    for collection, address in asked.each():
        west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
        corners = (west - 0.001, south - 0.001, (west + east) / 2, north + 0.001)
        expected = asked.json(address, GEOJSON, bbox=",".join(map(str, corners)))["features"]
        assert expected
        for crs in collection["crs"]:
            turn = transformer(crs)
            numbers = [*turn.transform(*corners[:2]), *turn.transform(*corners[2:])]
            found = asked.json(address, GEOJSON, bbox=",".join(map(str, numbers)), bbox_crs=crs)
            assert found["features"] == expected


@method("BBoxCrsParameterDefault.verifyBboxCrsParameterDefault")
def box_without_a_crs_is_in_the_default_one(asked: Asked) -> None:
    for collection, address in asked.each():
        corners = ",".join(map(str, collection["extent"]["spatial"]["bbox"][0]))
        named = asked.json(address, GEOJSON, bbox=corners, bbox_crs=DEFAULT_CRS)
        assert named["features"] == asked.json(address, GEOJSON, bbox=corners)["features"]


@method("BBoxCrsParameterInvalid.verifyBboxCrsParameterInvalid")
def box_in_an_unknown_crs_is_400(asked: Asked) -> None:
    for _, address in asked.each():
        assert asked.get(address, GEOJSON, bbox="1,2,3,4", bbox_crs=UNKNOWN_CRS).status_code == 400


@pytest.mark.parametrize("name", sorted(METHODS))
def test_method_of_the_suite(asked: Asked, name: str) -> None:
    METHODS[name](asked)


def test_all_methods_of_both_parts_are_here() -> None:
    assert len(METHODS) == PART_1 + PART_2
