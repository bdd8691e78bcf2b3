"""Read vector tiles back by two other programs: mapbox-vector-tile and GDAL, and compare with what was put in."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np
import pyogrio
import pytest
import shapely
from shapely.geometry import mapping, shape

import cityatlas
from cityatlas.city.layers import Layer
from cityatlas.errors import NotFound
from cityatlas.tiles import vector_tiles
from cityatlas.tiles.layer_tiles import world
from cityatlas.tiles.protobuf import varint, varints
from cityatlas.tiles.vector_layer import EXTENT, told, vector_layer
from cityatlas.tiles.vector_tiles import EDGE, encode, vector_tile, zooms_of
from toy import Json, feature, point, sights, text, write_city

ZOOMS = (10, 18)  # of the toy city
RING = [[121.0, 30.69], [121.02, 30.69], [121.02, 30.71], [121.0, 30.71], [121.0, 30.69]]
HOLE = [[121.005, 30.695], [121.015, 30.695], [121.015, 30.705], [121.005, 30.705], [121.005, 30.695]]
CORNER = [[121.03, 30.69], [121.031, 30.69], [121.03, 30.691], [121.03, 30.69]]
PARK = {"type": "MultiPolygon", "coordinates": [[RING, HOLE], [CORNER]]}
LINES = {"type": "MultiLineString", "coordinates": [[[120.99, 30.7], [121.03, 30.7]], [[121.0, 30.68], [121.0, 30.72]]]}

SHAPES = [feature("park", "house", text("园", "Park"), PARK), feature("ways", "house", text("路", "Ways"), LINES)]


def layer_of(folder: Path, *rows: Json) -> Layer:
    """Return a layer of the toy city with these features."""
    city = write_city(folder / "toy", sights={"type": "FeatureCollection", "features": [*sights()["features"], *rows]})
    return cityatlas.read_city(city).layers["sights"]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Layer:
    """Return a layer of 1,500 points side by side, more than the tile of a far zoom keeps."""
    chance = random.Random(5)
    at = [(round(chance.uniform(121.0, 121.05), 6), round(chance.uniform(30.65, 30.7), 6)) for _ in range(1_500)]
    rows = [feature(f"p{n}", "house", text(f"第{n}处" * 4, f"Place {n}"), point(*place)) for n, place in enumerate(at)]
    return layer_of(tmp_path_factory.mktemp("many"), *rows)


def tile_at(lon: float, lat: float, z: int) -> tuple[int, int, int]:
    x, y = world(np.array([lon]), np.array([lat]))
    return z, int(x[0] * 2**z), int(y[0] * 2**z)


def decoded(content: bytes) -> list[dict[str, Any]]:  # Any: what JSON holds
    """Return the features of a tile, y down as they are written."""
    tile = mapbox_vector_tile.decode(content, default_options={"y_coord_down": True})
    assert tile["sights"]["extent"] == EXTENT
    assert tile["sights"]["version"] == 2
    found: list[dict[str, Any]] = tile["sights"]["features"]
    return found


def in_degrees(geometry: Any, tile: tuple[int, int, int]) -> Any:
    """Return a geometry of a tile as one in WGS-84."""
    z, x, y = tile

    def degrees(units: Any) -> Any:
        at = (units / EXTENT + [x, y]) / 2**z
        lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * at[:, 1]))))
        return np.column_stack([at[:, 0] * 360 - 180, lat])

    return shapely.transform(shape(geometry), degrees)


def unit_deg(z: int) -> float:
    """Return a unit of a zoom's tiles in degrees of longitude."""
    return 360.0 / (EXTENT << z)


def shapes_in(content: bytes, tile: tuple[int, int, int]) -> dict[str, Any]:
    return {row["properties"]["id"]: in_degrees(row["geometry"], tile) for row in decoded(content)}


def test_numbers_are_written_as_the_format_says() -> None:
    numbers = [0, 1, 127, 128, 300, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_456, 2**31 - 1]
    assert varint(300) == b"\xac\x02"
    assert varints(np.array(numbers)) == b"".join(varint(number) for number in numbers)
    assert varints(np.array([], np.int32)) == b""


@pytest.mark.parametrize("z", [9, 12, 14])
def test_every_point_is_read_back_with_what_is_said_of_it(tmp_path: Path, z: int) -> None:
    layer = layer_of(tmp_path)
    by_id = {one.id: one for one in layer.features}
    tiles = {tile_at(one.lon, one.lat, z) for one in layer.features if one.geometry.geom_type == "Point"}
    seen = set()
    for tile in tiles:
        for row in decoded(vector_tile(layer, tile, ZOOMS)):
            one = by_id[row["properties"]["id"]]
            assert row["properties"] == told(one)
            if one.geometry.geom_type == "Point":
                assert in_degrees(row["geometry"], tile).distance(one.geometry) < 1.5 * unit_deg(z)
            seen.add(one.id)
    assert seen == by_id.keys()


def test_lines_and_areas_are_read_back_whole_where_they_fit(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, *SHAPES)
    tile = tile_at(121.01, 30.7, 9)
    found = shapes_in(vector_tile(layer, tile, ZOOMS), tile)
    park, ways = (one.geometry for one in layer.features[-2:])
    assert found["park"].is_valid
    assert found["ways"].hausdorff_distance(ways) < 4 * unit_deg(9)
    assert found["park"].hausdorff_distance(park) < 4 * unit_deg(9)


def test_lines_and_areas_are_cut_a_little_outside_of_a_tile(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, *SHAPES)
    tile = tile_at(121.0001, 30.7001, 14)
    found = shapes_in(vector_tile(layer, tile, ZOOMS), tile)
    edge = in_degrees(mapping(shapely.box(-EDGE, -EDGE, EXTENT + EDGE, EXTENT + EDGE)), tile)
    for one in layer.features[-2:]:
        assert found[one.id].hausdorff_distance(one.geometry.intersection(edge)) < 1.5 * unit_deg(14)


def test_rings_go_round_as_the_format_says(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, *SHAPES)
    rows = decoded(vector_tile(layer, tile_at(121.01, 30.7, 11), ZOOMS))
    (park,) = (row["geometry"] for row in rows if row["properties"]["id"] == "park")
    assert park["type"] == "MultiPolygon"
    for outer, *holes in park["coordinates"]:
        assert [_area(ring) > 0 for ring in (outer, *holes)] == [True, *(False for _ in holes)]
    assert sorted(len(rings) for rings in park["coordinates"]) == [1, 2]


def _area(ring: list[list[int]]) -> float:
    doubled: int = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True))
    return doubled / 2


def test_gdal_reads_the_same_places(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, SHAPES[0])
    z, x, y = tile_at(121.01, 30.7, 11)
    path = tmp_path / str(z) / str(x) / f"{y}.mvt"
    path.parent.mkdir(parents=True)
    path.write_bytes(vector_tile(layer, (z, x, y), ZOOMS))
    frame = pyogrio.read_dataframe(path, layer="sights").to_crs(4326)
    by_id = {one.id: one for one in layer.features}
    assert set(frame["id"]) == by_id.keys()
    for row in frame.itertuples():
        one = by_id[row.id]
        assert (row.name_zh, row.name_en, row.kind) == (one.name["zh"], one.name["en"], one.kind)
        if one.geometry.geom_type == "Point":
            assert row.geometry.distance(one.geometry) < 1.5 * unit_deg(z)
    assert list(frame.loc[frame["id"] == "quay", "accuracy_m"]) == [50]


def test_a_tile_can_hold_all_and_is_thinned_where_a_screen_cannot(many: Layer) -> None:
    made, tile = vector_layer(many, ZOOMS), tile_at(121.02, 30.68, 9)
    points = [one for one in many.features if one.geometry.geom_type == "Point"]
    rows = decoded(encode(made, np.arange(len(many.features)), tile))
    assert [row["properties"] for row in rows if row["geometry"]["type"] == "Point"] == [told(one) for one in points]
    assert 50 < len(decoded(vector_tile(many, tile, ZOOMS))) < 1_000
    assert zooms_of(many, ZOOMS) == (9, 14)


@pytest.mark.parametrize("most", [20_000, 5_000, 300])
def test_no_tile_is_larger_than_is_promised(many: Layer, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(vector_tiles, "MOST_BYTES", most)
    assert 0 < len(vector_tile(many, tile_at(121.02, 30.68, 9), ZOOMS)) <= most


def test_a_shape_that_only_its_box_brings_into_a_tile_is_not_in_it(tmp_path: Path) -> None:
    corner = [[121.0, 30.62], [121.08, 30.62], [121.08, 30.7], [121.0, 30.62]]
    steep = {"type": "LineString", "coordinates": [[121.0, 30.62], [121.079, 30.62], [121.079, 30.7]]}
    rows = [
        feature("corner", "house", text("角", "Corner"), {"type": "Polygon", "coordinates": [corner]}),
        feature("steep", "house", text("陡", "Steep"), steep),
    ]
    layer = layer_of(tmp_path, *rows)
    assert vector_tile(layer, tile_at(121.005, 30.67, 14), ZOOMS) == b""


def test_what_is_nowhere_is_told(tmp_path: Path) -> None:
    layer = layer_of(tmp_path)
    with pytest.raises(NotFound, match="8/"):
        vector_tile(layer, tile_at(121.01, 30.7, 8), ZOOMS)
    with pytest.raises(NotFound):
        vector_tile(layer, (12, 1, 1), ZOOMS)
