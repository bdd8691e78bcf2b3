"""Check the rows of a layer: written once, found by box, and the same ones while the layer is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.city.layers import Layer
from cityatlas.settings import Settings
from cityatlas.tiles.geojson import layer_geojson
from cityatlas.tiles.layer_rows import rows_of


@pytest.fixture
def sights(toy_city: Path, tmp_path: Path) -> Layer:
    """Return mill 121.00, quay 121.01, hall 121.03 and the boat tour along all of them, at 30.7."""
    return build_catalogue(Settings(geodata=toy_city, var=tmp_path / "var")).layer("sights")


def test_rows_are_those_of_the_layer_s_file(sights: Layer) -> None:
    whole = json.loads(layer_geojson(sights))["features"]
    assert [json.loads(row) for row in rows_of(sights).rows] == whole


def test_rows_are_written_once(sights: Layer) -> None:
    assert rows_of(sights) is rows_of(sights)


@pytest.mark.parametrize(
    ("bbox", "found"),
    [
        (None, [0, 1, 2, 3]),
        ((120.99, 30.69, 121.02, 30.71), [0, 1, 3]),
        ((121.02, 30.69, 121.04, 30.71), [2, 3]),
        ((121.01, 30.7, 121.01, 30.7), [1, 3]),
        ((121.0, 30.8, 121.1, 30.9), []),
        ((121.02, 30.69, -170.0, 30.71), [2, 3]),
    ],
)
def test_a_box_finds_what_it_touches(
    sights: Layer, bbox: tuple[float, float, float, float] | None, found: list[int]
) -> None:
    assert list(rows_of(sights).numbers_in(bbox)) == found
    points = replace(sights, features=sights.features[:3])  # of points alone the tree's own boxes are enough
    assert rows_of(points).are_points
    assert list(rows_of(points).numbers_in(bbox)) == [number for number in found if number < 3]
