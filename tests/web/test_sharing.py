"""Check what pages of other sites may read: public data, however it is answered, and nothing of the desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.settings import Settings
from cityatlas.web.http.cors import SHARED
from hostile import addresses
from staff import logged_in, make_desk
from toy_plan import write_walkable

ALLOWED = "Access-Control-Allow-Origin"
PREFLIGHT = {
    "Origin": "null",
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type",
}


@pytest.fixture
def planner(tmp_path: Path) -> FlaskClient:
    """Return a browser of a city in which tours can be planned, one at once."""
    settings = Settings(geodata=write_walkable(tmp_path / "toy"), var=tmp_path / "var", plans_per_minute=1)
    return create_app(settings).test_client()


def endpoint_of(app: Flask, address: str) -> str:
    with app.test_request_context(address) as context:
        return str(context.request.endpoint)


def test_the_table_names_addresses_that_there_are(toy_app: Flask) -> None:
    assert {rule.endpoint for rule in toy_app.url_map.iter_rules()} >= SHARED


def test_what_the_table_names_is_shared_and_nothing_else(tmp_path: Path) -> None:
    app = make_desk(tmp_path)
    client, shared = logged_in(app, "ann"), set()
    for address in addresses(app, "mill"):
        answer, endpoint = client.get(address, headers={"Origin": "https://town.example"}), endpoint_of(app, address)
        is_shared = endpoint in SHARED
        assert answer.headers.get(ALLOWED) == ("*" if is_shared else None), address
        assert "Access-Control-Allow-Credentials" not in answer.headers
        shared |= {endpoint} if is_shared and answer.status_code == 200 else set()
    assert {"api.map_layer", "api.base", "api.opening", "api.search", "public.card", "assets.static_file"} <= shared


@pytest.mark.parametrize("address", ["/zh/", "/health", "/ready", "/staff/", "/zh/staff/me", "/sites/mill/report"])
def test_pages_the_desk_reports_and_what_operators_read_are_never_shared(tmp_path: Path, address: str) -> None:
    client = logged_in(make_desk(tmp_path), "ann")
    for method in ("GET", "POST", "OPTIONS", "PUT"):
        answer = client.open(address, method=method, headers=PREFLIGHT)
        assert [name for name, _ in answer.headers if name.startswith("Access-Control-")] == [], method


@pytest.mark.parametrize("address", ["/layers/sights.geojson", "/zh/layers/sights.map.json", "/zh/base.json"])
def test_a_kept_answer_and_a_304_are_shared_too(tmp_path: Path, address: str) -> None:
    client = make_desk(tmp_path).test_client()
    first, kept = client.get(address), client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert [answer.status_code for answer in (first, kept, again)] == [200, 200, 304]
    assert [answer.headers.getlist(ALLOWED) for answer in (first, kept, again)] == [["*"]] * 3


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/layers/none.geojson", 404),
        ("GET", "/zh/hours.json?at=never", 422),
        ("GET", "/plan.json?party=nobody", 422),
        ("POST", "/api/plan", 422),
        ("PUT", "/plan.json", 405),
        ("GET", "/sites/old-mill.geojson", 410),
    ],
)
def test_an_error_of_a_shared_address_can_be_read(planner: FlaskClient, method: str, address: str, status: int) -> None:
    answer = planner.open(address, method=method)
    assert (answer.status_code, answer.headers.getlist(ALLOWED)) == (status, ["*"])
    assert answer.get_json()["error"]["code"]


def test_a_method_that_is_refused_is_so_also_where_slashes_are_doubled(client: FlaskClient) -> None:
    answer = client.put("/layers//sights.geojson")
    assert (answer.status_code, ALLOWED in answer.headers) == (405, False)


def test_who_plans_too_much_from_another_site_is_told_so(planner: FlaskClient) -> None:
    answers = [planner.get(f"/plan.json?minutes={minutes}&unknown_hours=1") for minutes in (60, 61, 62)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers.getlist(ALLOWED) for answer in answers] == [["*"]] * 3


def test_a_browser_that_asks_before_it_sends_a_wish_is_let(planner: FlaskClient) -> None:
    answer = planner.options("/api/plan", headers=PREFLIGHT)
    assert answer.status_code == 200
    assert answer.headers[ALLOWED] == "*"
    assert "POST" in answer.headers["Access-Control-Allow-Methods"].split(", ")
    assert answer.headers["Access-Control-Allow-Headers"] == "Content-Type"
    assert planner.post("/api/plan", json={"minutes": 60}, headers={"Origin": "null"}).headers[ALLOWED] == "*"
