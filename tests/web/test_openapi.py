"""Hold the description of our addresses to the routes: each is in it, and answers as it says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from werkzeug.routing import Rule

from cityatlas.app import create_app
from cityatlas.schema.properties import with_added
from cityatlas.schema.property_types import Property, YesNo, both
from cityatlas.settings import Settings
from cityatlas.web.api.addresses import OGC, OWN_SCRIPTS, addresses
from cityatlas.web.http.cors import SHARED
from cityatlas.web.http.desk import is_desk
from cityatlas.web.http.sending.formats import FORMATS
from plan_pages import MORNING
from toy import with_properties
from toy_plan import walkable_sights, write_walkable

Json = dict[str, Any]
VALUES = {"lang": "en", "site_id": "mill", "layer_id": "sights", "route_id": "boat-tour"}
VALUES |= {"z": "11", "x": "1712", "y": "840"}
QUERIES = {"/plan": MORNING, "/search": "q=mill", "/oembed": "url=/en/sites/mill", "/layers": "since=0"}
OF_THE_SITE = {"seo.sitemap", "seo.sitemap_part", "seo.robots", "assets.licences"}
PICTURED = "size=160x160&parts=map"
DATA = re.compile(rf"\.({'|'.join([*map(re.escape, FORMATS), 'atom', 'mvt', 'xml'])})$|^/api/|^/oembed")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return a city in which tours can be planned."""
    folder = tmp_path_factory.mktemp("openapi")
    city = write_walkable(folder / "toy")
    return create_app(Settings(geodata=city, var=folder / "var", public_url="https://a.example", plans_per_minute=9999))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def document(app: Flask) -> Json:
    found: Json = app.test_client().get("/openapi.json").get_json()
    return found


def bare(rule: Rule) -> str:
    return re.sub(r"^/<any[^>]*>", "", rule.rule)


def test_every_public_address_of_data_is_described(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if not is_desk(bare(rule))]
    shared = {rule.endpoint for rule in rules} & SHARED
    by_name = {rule.endpoint for rule in rules if DATA.search(bare(rule)) and rule.endpoint not in OF_THE_SITE}
    ours = OWN_SCRIPTS | {endpoint for endpoint in shared | by_name if endpoint.startswith(OGC)}
    described = [one.endpoint for one in addresses()]
    assert sorted(described) == sorted((shared | by_name) - ours)
    assert {rule.endpoint for rule in rules} >= OWN_SCRIPTS


def test_the_description_is_openapi(document: Json) -> None:
    assert document["openapi"] == "3.1.0"
    validate(document)


@pytest.mark.parametrize("address", ["/openapi.json", "/zh/openapi.json", "/ogc/api"])
def test_every_operation_says_what_it_is(client: FlaskClient, address: str) -> None:
    found = client.get(address).get_json(force=True)
    tags = {tag["name"] for tag in found["tags"] if tag["description"]}
    operations = [operation for item in found["paths"].values() for operation in item.values()]
    assert found["info"]["contact"]["url"] == "https://a.example/about"
    assert all(one["summary"] and one["description"] and set(one["tags"]) <= tags for one in operations)
    assert len({one["operationId"] for one in operations}) == len(operations)


def test_each_language_has_its_sentences(client: FlaskClient, document: Json) -> None:
    chinese = client.get("/zh/openapi.json").get_json()
    assert document["paths"]["/hours.json"]["get"]["summary"] == "What is open at a moment"
    assert chinese["paths"]["/hours.json"]["get"]["summary"] == "那一刻每个地点是否开放"
    assert client.get("/en/openapi.json").get_json() == document


def address_of(path: str, operation: Json) -> str:
    filled = path.format(**VALUES)
    query = next(
        (query for stem, query in QUERIES.items() if stem in path and "{" not in path.replace("{lang}", "")), ""
    )
    if {"$ref": "#/components/parameters/picture.size"} in operation["parameters"]:
        query = f"{query}&{PICTURED}".lstrip("&")
    return f"{filled}?{query}" if query else filled


def body_schema(document: Json, mimetype: str | None, operation: Json) -> Json | None:
    schema: Json = operation["responses"]["200"]["content"][mimetype].get("schema")
    return schema | {"components": document["components"]} if schema else None


def test_every_address_answers_as_it_is_described(client: FlaskClient, document: Json) -> None:
    checked = 0
    for path, item in document["paths"].items():
        if "get" not in item:
            continue
        answer = client.get(address_of(path, item["get"]))
        content = item["get"]["responses"]["200"]["content"]
        assert answer.status_code == 200, (path, answer.status_code, answer.text[:300])
        assert answer.mimetype in content, path
        if schema := body_schema(document, answer.mimetype, item["get"]):
            assert not list(Draft202012Validator(schema).iter_errors(answer.get_json(force=True))), path
            checked += 1
    assert checked > 12


def test_changes_of_a_layer_are_as_described(client: FlaskClient, document: Json) -> None:
    operation = document["paths"]["/layers/{layer_id}.geojson"]["get"]
    schema = body_schema(document, "application/geo+json", operation)
    answer = client.get("/layers/sights.geojson?since=0").get_json(force=True)
    assert schema
    assert answer["next"]
    Draft202012Validator(schema).validate(answer)
    assert client.get("/layers/sights.geojson?since=99999999").status_code in map(int, operation["responses"])


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/sites/nowhere.json", "/sites/{site_id}.json"),
        ("/sites/old-mill.geojson", "/sites/{site_id}.geojson"),
        ("/layers/nowhere.csv", "/layers/{layer_id}.csv"),
        ("/sites.json?kind=nothing", "/sites.json"),
        ("/plan.json?party=0", "/plan.json"),
        ("/oembed?url=x", "/oembed"),
        ("/oembed?url=/&format=x", "/oembed"),
        ("/oembed?url=/staff/", "/oembed"),
        ("/en/changes.json?layer=x", "/{lang}/changes.json"),
        ("/en/map.png?size=1", "/{lang}/map.png"),
        ("/hours.json?at=x", "/hours.json"),
        ("/fr/sites/mill.kml", "/{lang}/sites/{site_id}.kml"),
        (f"/zh/plan.ics?theme={'art,' * 3_000}", "/{lang}/plan.ics"),
        (f"/search.json?q={'art' * 3_000}", "/search.json"),
    ],
)
def test_what_is_refused_is_described_too(client: FlaskClient, document: Json, address: str, path: str) -> None:
    answer = client.get(address, headers={"Accept": "application/json"})
    told = document["paths"][path]["get"]["responses"][str(answer.status_code)]
    schema = told["content"]["application/json"]["schema"] | {"components": document["components"]}
    assert answer.status_code >= 400
    Draft202012Validator(schema).validate(answer.get_json())


def test_a_page_that_tells_a_browser_what_is_wrong_is_described(client: FlaskClient, document: Json) -> None:
    for address, path in (("/layers/x.csv", "/layers/{layer_id}.csv"), ("/layers/x.json", "/layers/{layer_id}.json")):
        answer = client.get(address, headers={"Accept": "text/html"})
        assert answer.mimetype in document["paths"][path]["get"]["responses"]["404"]["content"]
        assert (answer.mimetype == "text/html") == path.endswith(".csv")


def test_a_new_property_is_in_the_description(app: Flask) -> None:
    with with_added(Property("has_tea", YesNo(), both("有茶", "Tea"), group="visit")):
        folder = app.config["SETTINGS"].var.parent
        city = write_walkable(folder / "more", sights=with_properties(walkable_sights(), "mill", has_tea=True))
        found = create_app(Settings(geodata=city, var=folder / "v")).test_client().get("/openapi.json").get_json()
    assert found["components"]["schemas"]["properties"]["properties"]["has_tea"]["type"] == ["boolean", "null"]
