"""Check the rows of a layer: written once, found by box, and the same ones while the layer is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.city.layers import Layer
from cityatlas.schema.properties import with_added
from cityatlas.schema.property_types import Property, YesNo, both
from cityatlas.settings import Settings
from cityatlas.tiles.geojson import feature_rows, layer_geojson, map_geojson
from cityatlas.tiles.layer_rows import rows_of


@pytest.fixture
def sights(toy_city: Path, tmp_path: Path) -> Layer:
    """Return mill 121.00, quay 121.01, hall 121.03 and the boat tour along all of them, at 30.7."""
    return build_catalogue(Settings(geodata=toy_city, var=tmp_path / "var")).layer("sights")


def test_rows_are_those_of_the_layer_s_file(sights: Layer) -> None:
    whole = json.loads(layer_geojson(sights))["features"]
    assert [json.loads(row) for row in rows_of(sights).rows] == whole


def test_the_next_snapshot_writes_what_changed_alone(sights: Layer) -> None:
    mill, *others = sights.features
    told = replace(mill, properties=dict(mill.properties) | {"summary": {"en": "Grinds again."}})
    before, after = feature_rows(sights.features), feature_rows([told, *others])
    assert b"Grinds again." in after[0]
    assert b"Grinds again." not in before[0]
    assert all(new is old for new, old in zip(after[1:], before[1:], strict=True))


def test_a_property_that_becomes_the_staff_s_alone_is_in_no_row_any_more(sights: Layer) -> None:
    mill = sights.features[0]
    noted = [replace(mill, properties=dict(mill.properties) | {"note": "The roof leaks."})]
    assert b"The roof leaks." in feature_rows(noted)[0]
    with with_added(Property("note", YesNo(), both("备注", "Note"), group="visit", is_public=False)):
        assert b"The roof leaks." not in feature_rows(noted)[0]


def test_our_map_s_rows_are_kept_by_language(sights: Layer) -> None:
    assert "老磨坊".encode() in map_geojson(sights, "zh")
    assert "老磨坊".encode() not in map_geojson(sights, "en")


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
