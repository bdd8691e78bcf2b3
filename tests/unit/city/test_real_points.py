"""Lay real points of the shipped city over what is drawn of it: tests/data/pinghu_anchors.geojson, OpenStreetMap's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from cityatlas.geo.projection import WGS84, to_metres
from cityatlas.paths import geodata_dir

ANCHORS = Path(__file__).resolve().parents[2] / "data" / "pinghu_anchors.geojson"
LON, LAT = 121.0165, 30.6905
NEVER_IN_WATER_OR_PARK = {"residential", "school", "kindergarten", "hotel", "hospital", "town_hall"}
STREET_M = 10  # no such place stands as near as this to the middle of a street
BANK_M = 20  # a wharf stands on the bank
LAYERS = ("tour_routes", "integrity_sites", "sights", "nanhetou_district", "sci_tech_island", "city_projects")
OPEN_KINDS = {"lake", "islet", "park", "green", "river", "canal", "moat"}

# What a source says of an area, in hectares: each feature's `facts` name it.
SOURCED_HA = {
    "minghu-lake": 18.9,
    "minghu-park": 59.9,
    "danghu-park": 7.4,
    "da-yingzhou": 1.0656,
    "parrot-islet": 3.4146,
    "dongmao-yunfan": 2.8,
    "hanzhu-ninghui": 2.1312,
    "civic-culture-centre": 16.0545,
}
# Points that stand for a place of another name, as its `located_by` says.
STANDS_FOR = {"东湖公园": "east-lake", "叔同公园": "da-yingzhou"}
# What is drawn twice: the feature, and the basemap's file and class.
TWINS = {
    "east-lake": ("water", "lake"),
    "minghu-lake": ("water", "lake"),
    "minghu-park": ("land", "green"),
    "danghu-park": ("land", "green"),
    "da-yingzhou": ("land", "green"),
    "parrot-islet": ("land", "green"),
    "minghu-sci-tech-island": ("land", "green"),
}


@dataclass(frozen=True)
class Drawn:
    """Hold one thing of a file, in metres."""

    id: str
    file: str
    kind: str
    properties: dict[str, Any]
    shape: BaseGeometry


@cache
def drawn(file: str) -> tuple[Drawn, ...]:
    """Return what a file of the shipped city draws."""
    rows = json.loads((geodata_dir() / f"{file}.geojson").read_text("utf-8"))["features"]
    return tuple(_measured(rows, file))


def _measured(rows: list[dict[str, Any]], file: str) -> Iterator[Drawn]:
    shapes = to_metres(gpd.GeoSeries([shapely.geometry.shape(row["geometry"]) for row in rows], crs=WGS84), LON, LAT)
    for number, (row, shape) in enumerate(zip(rows, shapes, strict=True)):
        told = row["properties"]
        yield Drawn(row.get("id", f"{file}[{number}]"), file, told.get("kind") or told.get("class", ""), told, shape)


@cache
def anchors() -> tuple[Drawn, ...]:
    """Return the real points."""
    return tuple(_measured(json.loads(ANCHORS.read_text("utf-8"))["features"], ANCHORS.stem))


def guarded() -> list[Drawn]:
    """Return the points that can stand in no water, park or street."""
    found = [one for one in anchors() if {one.kind, *one.properties.get("classes", ())} & NEVER_IN_WATER_OR_PARK]
    assert len(found) > 80
    return found


def features() -> dict[str, Drawn]:
    """Return all features of the shipped city by id."""
    return {one.id: one for layer in LAYERS for one in drawn(layer)}


def test_no_home_school_or_hotel_stands_in_water_or_a_park() -> None:
    everything = [*features().values(), *drawn("base/land"), *drawn("base/water")]
    shapes = [one for one in everything if one.kind in OPEN_KINDS or one.id == "minghu-sci-tech-island"]
    assert {one.file for one in shapes} == {"sights", "sci_tech_island", "base/land", "base/water"}
    wrong = [
        (one.id, point.properties["name"]) for one in shapes for point in guarded() if one.shape.intersects(point.shape)
    ]
    assert wrong == []


def test_homes_and_schools_of_the_town_stand_in_its_built_up_area() -> None:
    (town,) = [one.shape for one in drawn("base/land") if one.kind == "town_area" and one.shape.area > 10e6]  # m²
    bare = [point.properties["name"] for point in guarded() if 0 < town.distance(point.shape) < 1500]
    assert bare == []


@pytest.mark.parametrize("file", ["base/streets", "paths"])
def test_no_street_runs_through_a_home_or_school(file: str) -> None:
    lines = [one for one in drawn(file) if one.properties.get("mode") != "boat"]
    near = [
        (one.id, point.properties["name"])
        for one in lines
        for point in guarded()
        if one.shape.distance(point.shape) < STREET_M
    ]
    assert near == []


def test_a_point_named_like_a_feature_lies_within_its_error() -> None:
    by_name = {
        name: one
        for one in features().values()
        for name in (one.properties["name"]["zh"], *one.properties.get("aliases", ()))
    }
    by_name |= {name: features()[feature_id] for name, feature_id in STANDS_FOR.items()}
    away_m = {}
    for point in anchors():
        if one := by_name.get(point.properties["name"]):
            away_m[one.id] = (point.shape.distance(one.shape.centroid), one.properties["position"]["accuracy_m"])
    assert set(away_m) == {"danghu-park", "pinghu-party-school", "pinghu-coach-centre", "east-lake", "da-yingzhou"}
    assert {key: pair for key, pair in away_m.items() if pair[1] is None or pair[0] > pair[1]} == {}


def test_areas_are_as_large_as_sources_say() -> None:
    drawn_ha = {key: features()[key].shape.area / 10_000 for key in SOURCED_HA}
    assert {key: round(ha, 1) for key, ha in drawn_ha.items() if abs(ha / SOURCED_HA[key] - 1) > 0.15} == {}


def test_what_is_drawn_twice_is_drawn_alike() -> None:
    for key, (file, kind) in TWINS.items():
        shape = features()[key].shape
        differing = [one.shape.symmetric_difference(shape).area for one in drawn(f"base/{file}") if one.kind == kind]
        assert min(differing) < 0.01 * shape.area, key


def test_what_lies_in_a_park_or_on_an_islet_lies_there() -> None:
    known = features()
    assert known["da-yingzhou"].shape.contains(known["li-shutong-memorial"].shape)
    assert known["parrot-islet"].shape.contains(known["baoben-pagoda"].shape)
    assert known["minghu-park"].shape.contains(known["minghu-lake"].shape)
    assert known["danghu-park"].shape.contains(known["wu-yifeng-gallery"].shape)
    island = known["minghu-sci-tech-island"].shape
    parts = [one for one in drawn("sci_tech_island") if one.shape.geom_type == "Point"]
    assert len(parts) == 7
    assert [one.id for one in parts if not island.contains(one.shape)] == []


def test_no_street_cuts_a_park_or_a_lake() -> None:
    areas = [features()[key].shape for key in ("east-lake", "minghu-lake", "minghu-park", "danghu-park")]
    roads = [one for one in drawn("base/streets") if one.kind in ("main", "street")]
    assert [one.id for one in roads for area in areas if one.shape.intersection(area).length > 1] == []


def test_boats_keep_to_the_water() -> None:
    waters = shapely.unary_union([one.shape.buffer(BANK_M) for one in drawn("base/water")])
    boats = [one for one in drawn("paths") if one.properties["mode"] == "boat"]
    assert len(boats) == 3
    assert [one.id for one in boats if one.shape.difference(waters).length > 1] == []
