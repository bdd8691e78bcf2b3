"""Test the addresses of vector tiles: what they say of themselves, how long they hold, what is not there."""

from __future__ import annotations

from pathlib import Path

import mapbox_vector_tile
import pytest
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.settings import Settings
from cityatlas.web.http.sending.answers import make_answer
from cityatlas.web.http.sending.caching import IMMUTABLE, PUBLIC
from hostile import PAYLOADS, write_hostile_city
from toy import sights, write_city

TILE = "/tiles/sights/11/1712/840.mvt"


def test_a_layer_tells_where_its_tiles_are_and_they_are_there(client: FlaskClient) -> None:
    answer = client.get("/tiles/sights.json")
    table = answer.get_json()
    assert (table["tilejson"], table["minzoom"], table["maxzoom"]) == ("3.0.0", 9, 14)
    assert table["bounds"] == [121.0, 30.7, 121.03, 30.7]
    assert table["vector_layers"][0]["fields"]["name_zh"] == "String"
    address = table["tiles"][0].removeprefix("https://atlas.example")
    tile = client.get(address.format(z=11, x=1712, y=840))
    assert (tile.status_code, tile.mimetype) == (200, "application/vnd.mapbox-vector-tile")
    assert tile.headers["Cache-Control"] == IMMUTABLE
    assert tile.headers["Access-Control-Allow-Origin"] == "*"
    found = mapbox_vector_tile.decode(tile.data)["sights"]["features"]
    assert {row["properties"]["id"] for row in found} == {"mill", "quay", "hall", "boat-tour"}


def test_a_tile_is_asked_for_once(client: FlaskClient) -> None:
    answer = client.get(TILE)
    assert answer.headers["Cache-Control"] == PUBLIC
    again = client.get(TILE, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert make_answer(bytes(600), answer.mimetype or "", is_lasting=False).codings == ("br", "gzip")


@pytest.mark.parametrize(
    "address",
    [
        "/tiles/nix/12/3425/1683.mvt",
        "/tiles/nix.json",
        "/tiles/sights/3/6/3.mvt",
        "/tiles/sights/12/1/1.mvt",
        f"/tiles/sights/12/{'9' * 400}/1.mvt",
    ],
)
def test_a_tile_that_is_not_there_says_so(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_tile_in_a_gap_is_empty(tmp_path: Path) -> None:
    apart = {"type": "FeatureCollection", "features": sights()["features"][:3:2]}  # the mill and the hall
    folder = write_city(tmp_path / "toy", sights=apart)
    client = create_app(Settings(geodata=folder, var=tmp_path / "var")).test_client()
    assert client.get("/tiles/sights/14/13698/6722.mvt").status_code == 200
    assert client.get("/tiles/sights/14/13699/6722.mvt").status_code == 204


def test_the_style_draws_every_layer_in_its_colour(client: FlaskClient) -> None:
    style = client.get("/tiles/style.json").get_json()
    assert style["version"] == 8
    assert style["sources"]["works"] == {"type": "vector", "url": "https://atlas.example/tiles/works.json"}
    drawn = {(row["source"], row["type"]) for row in style["layers"][1:]}
    assert drawn == {(layer, kind) for layer in ("sights", "works") for kind in ("fill", "line", "circle")}
    assert {row["paint"]["circle-color"] for row in style["layers"] if row["type"] == "circle"} == {
        "#00695c",
        "#6a4c93",
    }


def test_whose_the_data_are_is_told_and_is_no_markup(tmp_path: Path) -> None:
    folder = write_hostile_city(tmp_path / "toy", PAYLOADS["tag"])
    client = create_app(Settings(geodata=folder, var=tmp_path / "var")).test_client()
    told = client.get("/tiles/sights.json").get_json()["attribution"]
    assert "onerror=window" in told
    assert "<img" not in told
    assert "<script" not in told
