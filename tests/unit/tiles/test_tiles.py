"""Test layer_tiles.py: what a tile holds, what is thinned away, and what the tiles of a layer add up to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cityatlas.city.layers import Layer, read_layer
from cityatlas.city.spec import read_city
from cityatlas.errors import NotFound
from cityatlas.tiles.layer_tiles import MOST_IN_TILE, encode_tile, is_large, tile_index
from toy import CITY_TOML, Json, feature, point, text

ZOOMS = (10, 18)  # of the toy city's map


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "city.toml").write_text(CITY_TOML, "utf-8")
    return tmp_path


def layer_of(folder: Path, features: list[Json]) -> Layer:
    path = folder / "sights.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    city = read_city(folder)
    return read_layer(path, city.layers[0], city, max_bytes=1 << 24, max_features=10_000)


def house(number: int, geometry: Json, kind: str = "house") -> Json:
    return feature(f"house-{number}", kind, text(f"宅{number}", f"House {number}"), geometry)


def square(lon: float, lat: float, side_deg: float) -> Json:
    ring = [[lon, lat], [lon + side_deg, lat], [lon + side_deg, lat + side_deg], [lon, lat + side_deg], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


def crowd(folder: Path, count: int = 2_100) -> Layer:
    """Return a layer of more features, on one spot of a few metres, than the deepest tile may hold."""
    return layer_of(folder, [house(n, point(121.0 + n % 50 * 1e-6, 30.7)) for n in range(count)])


def tile_of(layer: Layer, z: int, x: int, y: int) -> dict[str, Any]:
    table: dict[str, Any] = json.loads(encode_tile(layer, z, x, y, "en", ZOOMS))
    return table


def test_a_few_features_need_no_zoom_but_the_first(folder: Path) -> None:
    layer = layer_of(folder, [house(1, point(121.0)), house(2, point(121.05))])
    assert tile_index(layer, ZOOMS).zooms == (9, 9)


def test_a_mark_lies_where_web_mercator_puts_it(folder: Path) -> None:
    # 121.0 E is (121 + 180) / 360 * 512 = 428.0889 tiles from the west at zoom 9: 0.0889 of 8192 units is 728.
    table = tile_of(layer_of(folder, [house(1, point(121.0, 0.0 + 30.7))]), 9, 428, 210)
    assert table["units"] == 8192
    assert table["x"] == [728]
    assert table["ids"] == ["house-1"]
    assert table["names"] == ["House 1"]
    assert table["classes"] == [{"kind": "house", "position": "schematic", "form": 0}]


def test_features_that_fall_together_leave_one_that_stands_for_all(folder: Path) -> None:
    table = tile_of(crowd(folder), 9, 428, 210)
    assert table["ids"] == ["house-0"]
    assert table["n"] == [2_100]


def test_thinning_keeps_one_of_each_kind(folder: Path) -> None:
    kinds = ("house", "museum", "boat_stop")
    layer = layer_of(folder, [house(n, point(121.0), kinds[n % 3]) for n in range(3 * MOST_IN_TILE)])
    table = tile_of(layer, 9, 428, 210)
    assert [table["classes"][number]["kind"] for number in table["of"]] == ["house", "museum", "boat_stop"]
    assert table["n"] == [1000, 1000, 1000]


def test_the_deepest_zoom_holds_every_feature(folder: Path) -> None:
    layer = crowd(folder)
    deepest = tile_index(layer, ZOOMS).zooms[1]
    assert deepest == 17  # the map's last zoom is 18, of tiles of half the side
    x = int((121.0 + 180) / 360 * 2**17)
    found = [json.loads(body) for y in range(53_700, 53_900) if (body := _tile_or_nothing(layer, 17, x, y))]
    assert sum(len(table["ids"]) for table in found) == 2_100
    assert all("n" not in table for table in found)


def _tile_or_nothing(layer: Layer, z: int, x: int, y: int) -> bytes:
    try:
        return encode_tile(layer, z, x, y, "en", ZOOMS)
    except NotFound:
        return b""


def test_an_area_is_a_dot_until_it_is_large_enough_to_be_seen(folder: Path) -> None:
    # At zoom 9 a tile is 0.703 degrees wide: a pixel is 0.00137, so 0.005 degrees are 3.6 pixels, 0.05 are 36.
    table = tile_of(
        layer_of(folder, [house(1, square(121.0, 30.7, 0.005)), house(2, square(121.0, 30.7, 0.05))]), 9, 428, 210
    )
    assert table["shapes"][0] == 0
    assert len(table["shapes"][1]) == 1
    assert len(table["shapes"][1][0]) == 10
    assert [sum(table["shapes"][1][0][2 + axis :: 2]) for axis in (0, 1)] == [0, 0]  # the ring ends where it began


def test_a_large_area_is_never_thinned_away(folder: Path) -> None:
    layer = layer_of(
        folder, [*(house(n, point(121.025, 30.725)) for n in range(1_100)), house(9_999, square(121.0, 30.7, 0.05))]
    )
    table = tile_of(layer, 9, 428, 210)
    assert table["ids"] == ["house-0", "house-9999"]


@pytest.mark.parametrize("tile", [(8, 214, 105), (10, 856, 420), (9, 428, 300), (9, -1, 210), (9, 10**400, 210)])
def test_a_tile_outside_zooms_or_extent_is_not_found(folder: Path, tile: tuple[int, int, int]) -> None:
    layer = layer_of(folder, [house(1, point(121.0))])
    with pytest.raises(NotFound, match="There is no tile"):
        encode_tile(layer, *tile, "en", ZOOMS)


def test_a_tile_in_a_gap_of_the_layer_is_empty(folder: Path) -> None:
    layer = layer_of(folder, [house(n, point(120.9 if n % 2 else 121.09)) for n in range(2_100)])
    x = int((121.0 + 180) / 360 * 2**17)
    west, _, east, _ = tile_index(layer, ZOOMS).bbox
    assert west < 121.0 < east
    y = int(tile_index(layer, ZOOMS).y[0] * 2**17)
    assert encode_tile(layer, 17, x, y, "en", ZOOMS) == b""


def test_an_area_weighs_as_much_as_five_points(folder: Path) -> None:
    points = layer_of(folder, [house(n, point(121.0)) for n in range(5)])
    areas = layer_of(folder, [house(1, square(121.0, 30.7, 0.01))])
    assert [is_large(layer, 4) for layer in (points, areas)] == [True, True]
    assert [is_large(layer, 5) for layer in (points, areas)] == [False, False]
