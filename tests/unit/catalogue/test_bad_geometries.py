"""Check that each way to get a geometry wrong has its own sentence, and that none of them is a crash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from faults import faults_of_geometry, faults_of_mill

MILL = 'sights.geojson: feature "mill": '
TYPES = "Point, LineString, MultiLineString, Polygon, MultiPolygon"
# One vertex of a square is where; the square around it is 0.01 degrees wide.
BOW_TIE = "[[[121,30.7],[121.01,30.71],[121.01,30.7],[121,30.71],[121,30.7]]]"
TOUCHING = "[[[121,30.7],[121.02,30.7],[121.02,30.71],[121.01,30.71],[121.01,30.69],[121,30.71],[121,30.7]]]"

GEOMETRIES = [
    ("Point", "[30.7, 121.0]", "position [30.7, 121.0] has its axes swapped; GeoJSON is [lon, lat]"),
    (
        "Point",
        "[116.4, 39.9]",
        "position [116.4, 39.9] lies outside the city (120.9 to 121.1 E, 30.6 to 30.8 N); check the numbers, or the",
    ),
    ("Point", '["121.0", "30.7"]', 'position ["121.0", "30.7"] is not two numbers [lon, lat]'),
    ("Point", "[true, 30.7]", "position [true, 30.7] is not two numbers [lon, lat]"),
    ("Point", "[121.0]", "position [121.0] is not two numbers [lon, lat]"),
    ("Point", "[1, 2, 3, 4]", "position [1, 2, 3, 4] is not two numbers [lon, lat]"),
    ("Point", '"121.0, 30.7"', "coordinates do not make a Point; their nesting or number is wrong"),
    ("Point", "[]", "position [] is not two numbers [lon, lat]"),
    ("LineString", "[]", "geometry is empty; a LineString needs positions [lon, lat]"),
    ("Polygon", "[[]]", "geometry is empty; a Polygon needs positions [lon, lat]"),
    (
        "Polygon",
        "[[[121,30.7],[121.01,30.7],[121.01,30.71],[121,30.7]],[]]",
        "ring is not closed: it is empty",
    ),
    ("Point", "null", "coordinates do not make a Point; their nesting or number is wrong"),
    ("Point", "[121.0, null]", "position [121.0, null] is not two numbers [lon, lat]"),
    ("Point", "[[121.0, 30.7]]", "coordinates do not make a Point; their nesting or number is wrong"),
    ("Polygon", "[121.0, 30.7]", "coordinates do not make a Polygon; their nesting or number is wrong"),
    (
        "MultiPolygon",
        "[121.0, 30.7]",
        "coordinates do not make a MultiPolygon; their nesting or number is wrong",
    ),
    (
        "MultiPolygon",
        "[[121, 30.7]]",
        "coordinates do not make a MultiPolygon; their nesting or number is wrong",
    ),
    (
        "Polygon",
        "[[121.0, 30.7], [121.1, 30.7]]",
        "coordinates do not make a Polygon; their nesting or number is wrong",
    ),
    (
        "LineString",
        "[[121.0, 30.7]]",
        "coordinates do not make a LineString; their nesting or number is wrong",
    ),
    (
        "LineString",
        "[[121.0, 30.7], [[121.0, 30.7]]]",
        "coordinates do not make a LineString; their nesting or number is wrong",
    ),
    (
        "LineString",
        "[[121.0, 30.7], [121.0, 30.7]]",
        "geometry has no extent; its positions are all the same",
    ),
    (
        "Polygon",
        "[[[121,30.7],[121.01,30.7],[121.01,30.71],[121,30.71]]]",
        "ring is not closed: it begins at [121, 30.7] and ends at [121, 30.71]; repeat the first position at the end",
    ),
    ("Polygon", "[[[121,30.7],[121.01,30.7],[121,30.7]]]", "ring has 3 positions, an area needs at least 4"),
    (
        "Polygon",
        BOW_TIE,
        "geometry is not valid: Self-intersection[121.005 30.705] (lon lat); draw it anew there",
    ),
    ("Polygon", TOUCHING, "geometry is not valid: Self-intersection"),
    ("GeometryCollection", "[]", f'geometry type "GeometryCollection" is not one of {TYPES}'),
    ("MultiPoint", "[[121.0, 30.7]]", f'geometry type "MultiPoint" is not one of {TYPES}'),
    ("LineString", str([[121.0, 30.7]] * 5001), "has 5001 vertices, the limit is 5000; simplify it"),
    (
        "Point",
        "[" * 900 + "121" + "]" * 900,
        "coordinates do not make a Point; their nesting or number is wrong",
    ),
    ("Point", f"[{'1' * 400}, 30.7]", f"position [{'1' * 56}... lies outside the city"),
    (
        "Point",
        f"[121.0, 30.7, {'1' * 400}]",
        "coordinates do not make a Point; their nesting or number is wrong",
    ),
]


@pytest.mark.parametrize(("kind", "coordinates", "fault"), GEOMETRIES, ids=range(len(GEOMETRIES)))
def test_a_bad_geometry_is_named_with_its_cure(tmp_path: Path, kind: str, coordinates: str, fault: str) -> None:
    (found,) = faults_of_geometry(tmp_path, kind, coordinates)
    assert found.startswith(MILL + fault)


@pytest.mark.parametrize("member", [None, [], "POINT (121 30.7)", {}, {"type": "Point"}])
def test_a_feature_without_a_geometry_is_refused(tmp_path: Path, member: Any) -> None:
    (found,) = faults_of_mill(tmp_path, lambda mill: mill.update(geometry=member))
    known = (
        "has no geometry; a place that is not located yet gets a schematic point",
        "coordinates do",
        "geometry type",
    )
    assert found.removeprefix(MILL).startswith(known)
