"""Test the tiles' address: how long an answer holds, what is empty, what is not there."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.settings import Settings
from cityatlas.web.http.sending.caching import PUBLIC
from toy import write_city

TILE = "/en/map-tiles/sights/9/428/210.json"


@pytest.fixture(scope="module")
def tiled(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = write_city(tmp_path_factory.mktemp("city") / "toy")
    return create_app(Settings(geodata=folder, tile_threshold=1)).test_client()


def test_a_tile_speaks_the_language_of_its_address(tiled: FlaskClient) -> None:
    assert "Old mill" in tiled.get(TILE).get_json()["names"]
    assert "老磨坊" in tiled.get(TILE.replace("/en/", "/zh/")).get_json()["names"]


def test_a_tile_lasts_when_its_address_names_the_snapshot(tiled: FlaskClient) -> None:
    tag = tiled.get("/ready").get_json()["snapshot"]
    assert tiled.get(f"{TILE}?v={tag}").headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert tiled.get(f"{TILE}?v=other").headers["Cache-Control"] == PUBLIC


def test_a_tile_is_compressed_and_has_an_etag(tiled: FlaskClient) -> None:
    answer = tiled.get(TILE, headers={"Accept-Encoding": "br"})
    assert answer.headers["ETag"]
    again = tiled.get(TILE, headers={"Accept-Encoding": "br", "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "address",
    [
        "/en/map-tiles/none/9/428/210.json",
        "/en/map-tiles/sights/3/0/0.json",
        "/en/map-tiles/sights/9/1/1.json",
        f"/en/map-tiles/sights/9/{'9' * 400}/1.json",
    ],
)
def test_a_tile_that_is_not_there_is_404(tiled: FlaskClient, address: str) -> None:
    assert tiled.get(address).status_code == 404


def test_the_page_of_a_large_layer_loads_the_script_for_tiles(tiled: FlaskClient, client: FlaskClient) -> None:
    assert "/static/tiled." in tiled.get("/en/").get_data(as_text=True)
    assert "/static/tiled." not in client.get("/en/").get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "bbox", "count"),
    [
        ("layers=sights&theme=family,art", [121.0, 30.7, 121.03, 30.7], 2),  # the mill and the hall
        ("kind=museum", [121.03, 30.7, 121.03, 30.7], 1),
        ("layers=sights&at=2026-12-04T10:00", [121.03, 30.7, 121.03, 30.7], 1),  # a Friday: hours of others are unknown
        ("layers=works&theme=art", None, 0),
    ],
)
def test_the_server_knows_where_filters_leave_something(
    tiled: FlaskClient, query: str, bbox: list[float] | None, count: int
) -> None:
    assert tiled.get(f"/en/extent.json?{query}").get_json() == {"bbox": bbox, "count": count}
    assert tiled.get("/en/extent.json?kind=nix").status_code == 422
