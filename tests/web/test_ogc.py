"""Check what stands below /ogc: pages of features, filters, cursors, forms, and the description of all of it."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from werkzeug.test import TestResponse

from cityatlas.app import create_app
from cityatlas.catalogue.catalogue import Catalogue
from cityatlas.city.layers import Feature
from cityatlas.schema.properties import with_added
from cityatlas.schema.property_types import Choice, Property, both
from cityatlas.settings import Settings
from cityatlas.web.api.ogc import items
from cityatlas.web.api.ogc.items import _feature
from hostile import EVERYTHING, write_hostile_city
from toy import CITY_TOML, feature, point, sights, text, with_properties, write_city

ITEMS = "/ogc/collections/sights/items"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
DOCUMENTS = (
    "/ogc",
    "/ogc/conformance",
    "/ogc/collections",
    "/ogc/collections/sights",
    "/ogc/collections/sights/schema",
    "/ogc/collections/sights/queryables",
    "/ogc/api",
    ITEMS,
)


def ids(answer: TestResponse) -> list[str]:
    """Return the ids of the features of an answer."""
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json["features"]]  # type: ignore[index]


def links(answer: TestResponse) -> dict[str, Any]:
    """Return the address of each relation of an answer."""
    return {one["rel"]: one["href"] for one in answer.json["links"]}  # type: ignore[index]


def local(address: str) -> str:
    """Return an address of the toy city without its host."""
    return address.removeprefix("https://atlas.example")


def test_items_are_the_layer_in_its_order(client: FlaskClient) -> None:
    answer = client.get(ITEMS)
    assert ids(answer) == ["mill", "quay", "hall", "boat-tour"]
    assert answer.mimetype == "application/geo+json"
    assert answer.headers["Content-Crs"] == "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>"
    whole = client.get("/layers/sights.geojson").json
    assert answer.json["features"] == whole["features"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("bbox=120.99,30.69,121.005,30.71", ["mill", "boat-tour"]),
        ("bbox=120.99,30.69,0,121.005,30.71,9", ["mill", "boat-tour"]),
        (f"bbox=30.69,120.99,30.71,121.005&bbox-crs={EPSG}4326", ["mill", "boat-tour"]),
        ("kind=museum", ["hall"]),
        ("kind=museum,house", ["mill", "hall"]),
        ("themes=family", ["mill"]),
        ("position.class=approximate", ["quay", "hall"]),
        ("position.class=approximate&kind=boat_stop", ["quay"]),
        ("position.accuracy_m=50", ["quay", "hall"]),
        ("access.toilets=false", ["hall"]),
        ("visit_min=45", ["hall"]),
        ("name=Old+mill", ["mill"]),
        ("name=老磨坊", ["mill"]),
        ("stops=quay", ["boat-tour"]),
        ("kind=museum&bbox=120.99,30.69,121.005,30.71", []),
        ("datetime=2026-01-01", ["mill", "quay", "hall", "boat-tour"]),
        ("datetime=../2026-01-01T00:00:00Z", ["mill", "quay", "hall", "boat-tour"]),
        ("limit=99999", ["mill", "quay", "hall", "boat-tour"]),
    ],
)
def test_parameters_choose_items(client: FlaskClient, query: str, found: list[str]) -> None:
    answer = client.get(f"{ITEMS}?{query}")
    assert ids(answer) == found
    assert answer.json["numberMatched"] == answer.json["numberReturned"] == len(found)  # type: ignore[index]


@pytest.mark.parametrize(
    "query",
    [
        *("nonsense=1", "limit=0", "limit=-1", "limit=ten", "limit=", "limit=5&limit=6", "f=xml", "summary=x"),
        *("bbox=1,2,3", "bbox=1,2,3,x", "bbox=nan,1,2,3", "bbox=121,31,122,30", "bbox=", "bbox=1,2,3,4,5,6,7"),
        *("crs=EPSG:4326", "bbox-crs=x&bbox=1,2,3,4", "cursor=x", "cursor=-1"),
        *("datetime=yesterday", "datetime=2026-13-01", "datetime=2027-01-01/2026-01-01", "datetime=", "datetime=a/b/c"),
        *("kind=castle", "kind=", "kind=project", "themes=war", "access.toilets=yes", "visit_min=long", "internal=1"),
    ],
)
def test_a_parameter_that_is_unknown_or_wrong_is_refused(client: FlaskClient, query: str) -> None:
    answer = client.get(f"{ITEMS}?{query}")
    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "invalid_query"  # type: ignore[index]


@pytest.mark.parametrize("address", [*DOCUMENTS, f"{ITEMS}/mill"])
def test_every_address_refuses_what_it_does_not_know(client: FlaskClient, address: str) -> None:
    assert client.get(f"{address}?nonsense=1").status_code == 400
    assert client.get(f"/en{address}?nonsense=1").status_code == 400


def test_what_is_nowhere_is_404_and_what_was_withdrawn_410(client: FlaskClient) -> None:
    for address in ("/ogc/collections/none", "/ogc/collections/none/items", f"{ITEMS}/none", f"{ITEMS}/school"):
        assert client.get(address).status_code == 404, address
    answer = client.get(f"{ITEMS}/old-mill")
    successor = "https://atlas.example/ogc/collections/sights/items/mill?f=json"
    assert (answer.status_code, answer.json["error"]["again"]) == (410, successor)  # type: ignore[index]
    page = client.get(f"/en{ITEMS}/old-mill")
    assert (page.status_code, "/en/sites/mill" in page.text) == (410, True)


def test_pages_follow_each_other_without_a_gap(client: FlaskClient) -> None:
    address, found = f"{ITEMS}?limit=1&bbox=120.9,30.6,121.02,30.8", list[str]()
    while address:
        answer = client.get(local(address))
        assert answer.json["numberMatched"] == 3  # type: ignore[index]
        found += ids(answer)
        address = links(answer).get("next", "")
    assert found == ["mill", "quay", "boat-tour"]


def test_pages_of_many_features_equal_a_plain_search(tmp_path: Path) -> None:
    chance = random.Random(1)
    places = [(round(chance.uniform(120.9, 121.1), 6), round(chance.uniform(30.6, 30.8), 6)) for _ in range(300)]
    many = [feature(f"p{n}", "house", text("点", "Point"), point(*place)) for n, place in enumerate(places)]
    layer = {"type": "FeatureCollection", "features": [*sights()["features"], *many]}
    client = create_app(
        Settings(geodata=write_city(tmp_path / "toy", sights=layer), var=tmp_path / "var")
    ).test_client()
    for limit in (1, 7, 100, 1000):
        west, south = chance.uniform(120.9, 120.95), chance.uniform(30.6, 30.62)
        east, north = west + 0.1, 30.699
        inside = [f"p{n}" for n, (lon, lat) in enumerate(places) if west <= lon <= east and south <= lat <= north]
        address, found = f"{ITEMS}?limit={limit}&kind=house&bbox={west},{south},{east},{north}", list[str]()
        while address:
            answer = client.get(address.removeprefix("http://localhost"))
            found += ids(answer)
            address = links(answer).get("next", "")
        assert found == inside
        assert len(found) > 20


def test_a_cursor_of_another_snapshot_leads_to_the_first_page(toy_city: Path, tmp_path: Path) -> None:
    app = create_app(Settings(geodata=toy_city, var=tmp_path / "var", public_url="https://atlas.example"))
    following = local(links(app.test_client().get(f"{ITEMS}?limit=2&kind=house,museum,route"))["next"])
    write_city(toy_city, sights=with_properties(sights(), "mill", visit_min=5))
    changed = create_app(Settings(geodata=toy_city, var=tmp_path / "var", public_url="https://atlas.example"))
    answer = changed.test_client().get(following)
    first = "https://atlas.example/ogc/collections/sights/items?limit=2&kind=house%2Cmuseum%2Croute&f=json"
    assert answer.status_code == 410
    assert (answer.json["error"]["code"], answer.json["error"]["again"]) == ("snapshot_gone", first)  # type: ignore[index]
    page = changed.test_client().get("/en" + following.replace("f=json", "f=html"))
    assert (page.status_code, 'href="https://atlas.example/en/ogc' in page.text) == (410, True)


@pytest.mark.parametrize(
    ("crs", "mill"),
    [("4326", [30.7, 121.0]), ("4490", [30.7, 121.0]), ("3857", [13469658.39, 3593849.41])],
)
def test_positions_are_in_the_crs_that_is_asked_for(client: FlaskClient, crs: str, mill: list[float]) -> None:
    many = client.get(f"{ITEMS}?crs={EPSG}{crs}")
    one = client.get(f"{ITEMS}/mill?crs={EPSG}{crs}")
    for answer, shape in ((many, (many.json or {})["features"][0]), (one, one.json or {})):
        assert answer.headers["Content-Crs"] == f"<{EPSG}{crs}>"
        assert shape["geometry"]["coordinates"] == mill


@pytest.mark.parametrize("address", [*DOCUMENTS, f"{ITEMS}/mill"])
def test_a_browser_is_led_to_a_page_and_a_program_gets_data(client: FlaskClient, address: str) -> None:
    led = client.get(address, headers={"Accept": BROWSER, "Accept-Language": "en"})
    assert (led.status_code, led.headers["Location"]) == (302, f"/en{address}")
    for accept in ("*/*", "application/json", "application/geo+json", ""):
        answer = client.get(address, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["Vary"]) == (200, "Accept, Accept-Encoding")
        assert client.get(f"{address}?f=json", headers={"Accept": accept}).headers["Vary"] == "Accept-Encoding"
        json.loads(answer.text)
    assert client.get(f"{address}?f=json", headers={"Accept": BROWSER}).mimetype == answer.mimetype != "text/html"
    page = client.get(f"/zh{address}", follow_redirects=True)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert client.get(f"/zh{address}?f=json").headers["Location"] == f"{address}?f=json"


def test_what_is_held_is_not_sent_again_and_is_packed_as_wanted(client: FlaskClient) -> None:
    address = f"{ITEMS}?bbox=120.9,30.6,121.1,30.8&f=json"
    plain, packed = (client.get(address, headers={"Accept-Encoding": coding}) for coding in ("", "br"))
    assert packed.headers["Content-Encoding"] == "br"
    assert json.loads(brotli.decompress(packed.data))["features"] == plain.json["features"]  # type: ignore[index]
    again = client.get(address, headers={"Accept-Encoding": "br", "If-None-Match": packed.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_whose_the_data_is_stands_in_every_answer(toy_city: Path, tmp_path: Path) -> None:
    layer = sights() | {"attribution": {"zh": "甲", "en": "Ann"}, "licence_url": "https://licence.example/by"}
    write_city(toy_city, sights=layer)
    client = create_app(Settings(geodata=toy_city, var=tmp_path / "var")).test_client()
    for address in ("/ogc/collections/sights", ITEMS, f"{ITEMS}/mill"):
        answer = client.get(address)
        assert answer.json["attribution"] == "甲 / Ann"  # type: ignore[index]
        assert links(answer)["license"] == "https://licence.example/by"
        assert links(answer)["self"].startswith("http://localhost/ogc/")


def test_features_are_as_the_schema_says(client: FlaskClient) -> None:
    schema = client.get("/ogc/collections/sights/schema").json
    assert schema is not None
    Draft202012Validator.check_schema(schema)
    roles = {key: one.get("x-ogc-role") for key, one in schema["properties"].items() if "x-ogc-role" in one}
    assert roles == {"id": "id", "geometry": "primary-geometry"}
    assert schema["properties"]["kind"]["enum"] == ["house", "museum", "boat_stop", "route"]
    for row in client.get(ITEMS).json["features"]:  # type: ignore[index]
        assert [error.message for error in Draft202012Validator(schema).iter_errors(row["properties"])] == []


def test_each_queryable_is_a_parameter_of_the_api_and_works(client: FlaskClient) -> None:
    rows = client.get("/ogc/collections/sights/queryables").json["properties"]  # type: ignore[index]
    parameters = client.get("/ogc/api").json["components"]["parameters"]  # type: ignore[index]
    samples = {"string": "x", "integer": "1", "number": "1", "boolean": "true"}
    assert {"kind", "themes", "position.class", "reservation.needed"} <= rows.keys()
    for name, row in rows.items():
        if name != "geometry":
            assert parameters[name]["name"] == name
            value = row["enum"][0] if "enum" in row else samples[row["type"]]
            assert client.get(f"{ITEMS}?{name}={value}").status_code == 200, name


def test_a_new_property_is_a_parameter_and_in_the_schema(tmp_path: Path) -> None:
    with with_added(Property("noise", Choice(("low", "high")), both("噪声", "Noise"), group="visit")):
        folder = write_city(tmp_path / "toy", sights=with_properties(sights(), "mill", noise="low"))
        client = create_app(Settings(geodata=folder, var=tmp_path / "var")).test_client()
        assert ids(client.get(f"{ITEMS}?noise=low")) == ["mill"]
        assert "noise" in client.get("/ogc/collections/sights/schema").json["properties"]  # type: ignore[index]


def test_what_is_staff_s_own_is_neither_shown_nor_asked_for(tmp_path: Path) -> None:
    secret = Property("secret", Choice(("yes",)), both("内部", "Secret"), group="visit", is_public=False)
    with with_added(secret):
        folder = write_city(tmp_path / "toy", sights=with_properties(sights(), "mill", secret="yes"))
        client = create_app(Settings(geodata=folder, var=tmp_path / "var")).test_client()
        assert client.get(f"{ITEMS}?secret=yes").status_code == 400
        assert [address for address in (*DOCUMENTS, f"{ITEMS}/mill") if "secret" in client.get(address).text] == []


def test_the_description_is_openapi_and_names_every_route(client: FlaskClient, toy_app: Flask) -> None:
    document = client.get("/ogc/api").json
    assert document is not None
    validate(document)
    told = {path for path in document["paths"] if "works" not in path}
    rules = {rule.rule for rule in toy_app.url_map.iter_rules() if rule.endpoint.startswith("ogc.")}
    expected = {rule.removeprefix("/ogc") or "/" for rule in rules if not rule.startswith("/<")}
    assert told == {rule.replace("<layer_id>", "sights").replace("<feature_id>", "{feature_id}") for rule in expected}


def test_a_layer_without_features_is_answered(toy_city: Path, tmp_path: Path) -> None:
    empty = '[[layers]]\nid = "empty"\ntitle = { zh = "空", en = "Empty" }\ngroup = "visit"\ncolour = "#00695c"\n'
    toml = CITY_TOML.replace("[groups]", f'{empty}shape = "circle"\nkinds = ["house"]\n\n[groups]')
    (toy_city / "city.toml").write_text(toml, "utf-8")
    (toy_city / "empty.geojson").write_text('{"type": "FeatureCollection", "features": []}', "utf-8")
    client = create_app(Settings(geodata=toy_city, var=tmp_path / "var")).test_client()
    for query in ("", "?bbox=1,2,3,4", f"?crs={EPSG}3857", "?kind=house"):
        assert ids(client.get(f"/ogc/collections/empty/items{query}")) == []
    spatial = client.get("/ogc/collections/empty").json["extent"]["spatial"]  # type: ignore[index]
    assert spatial["bbox"] == [[120.9, 30.6, 121.1, 30.8]]


def test_hostile_texts_are_text(tmp_path: Path) -> None:
    folder = write_hostile_city(tmp_path / "hostile", EVERYTHING)
    client = create_app(Settings(geodata=folder, var=tmp_path / "var")).test_client()
    for address in DOCUMENTS:
        page = client.get(f"/en{address}").text
        assert "window.__x=1" in page, address
        assert "<img src=x" not in page, address
        assert "1337" not in page, address  # 7 * 191, as a template would have worked it out


def test_features_after_the_first_are_written_alike_before_flask_is_asked(
    toy_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, path = toy_app.test_client(), "/ogc/collections/sights/items/{}?f=json"
    slow = client.get(path.format("hall"), base_url="http://one.example", headers={"Accept-Encoding": "gzip"})
    client.get(path.format("mill"), base_url="http://two.example")
    asked: list[str] = []

    def noted(catalogue: Catalogue, layer_id: str, feature_id: str) -> Feature:
        asked.append(feature_id)
        return _feature(catalogue, layer_id, feature_id)

    monkeypatch.setattr(items, "_feature", noted)
    quick = client.get(path.format("hall"), base_url="http://two.example", headers={"Accept-Encoding": "gzip"})
    assert asked == []
    assert (gzip.decompress(quick.data), sorted(quick.headers)) == (gzip.decompress(slow.data), sorted(slow.headers))
    held = {"If-None-Match": quick.headers["ETag"], "Accept-Encoding": "gzip"}
    assert client.get(path.format("hall"), base_url="http://two.example", headers=held).status_code == 304
    statuses = [client.get(path.format(key), base_url="http://two.example").status_code for key in ("nix", "school")]
    assert statuses == [404, 404]  # one is nowhere, one in another layer
    assert client.get(path.format("old-mill"), base_url="http://two.example").status_code == 410
    assert asked == ["nix", "school", "old-mill"]
