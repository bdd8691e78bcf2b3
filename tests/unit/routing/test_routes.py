"""Check the legs of a route: metres along its line, and minutes for those on foot."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.routing.route_legs import RouteLeg, route_legs
from cityatlas.settings import Settings
from toy import Json, feature, point, sights, text, write_city

STEP_M = 957.6  # a hundredth of a degree of longitude at 30.7 N


def legs_of(folder: Path, layer: Json) -> list[RouteLeg]:
    """Return the legs of the boat tour of a city whose first layer is this."""
    catalogue: Catalogue = build_catalogue(Settings(geodata=write_city(folder, sights=layer)))
    route = catalogue.feature("boat-tour")
    return route_legs(route, [catalogue.feature(stop) for stop in route.stops])


def tour(**changes: object) -> Json:
    """Return the first layer with a changed boat tour: `line` is its geometry, the rest properties."""
    layer = copy.deepcopy(sights())
    row = layer["features"][3]
    row["geometry"] = changes.pop("line", row["geometry"])
    row["properties"] |= changes
    return layer


def test_legs_are_measured_along_the_line(tmp_path: Path) -> None:
    walk, boat = legs_of(tmp_path, sights())
    assert (walk.mode, boat.mode) == ("walk", "boat")
    assert walk.length_m == pytest.approx(STEP_M, abs=3)
    assert boat.length_m == pytest.approx(2 * STEP_M, abs=5)


def test_walking_takes_a_minute_for_65_m_and_a_boat_is_not_guessed(tmp_path: Path) -> None:
    walk, boat = legs_of(tmp_path, sights())
    assert walk.walk_min == 15  # 958 / 65 = 14.7
    assert boat.walk_min is None


def test_a_detour_counts_in_full(tmp_path: Path) -> None:
    # North by a hundredth, east by one, south again: 1,109 + 958 + 1,109 m.
    up_and_over = [[121.0, 30.7], [121.0, 30.71], [121.01, 30.71], [121.01, 30.7], [121.03, 30.7]]
    walk, _ = legs_of(tmp_path, tour(line={"type": "LineString", "coordinates": up_and_over}))
    assert walk.length_m == pytest.approx(3175, abs=10)


def test_a_line_in_parts_is_one_way(tmp_path: Path) -> None:
    parts = [[[121.0, 30.7], [121.01, 30.7]], [[121.01, 30.7], [121.03, 30.7]]]
    walk, boat = legs_of(tmp_path, tour(line={"type": "MultiLineString", "coordinates": parts}))
    assert walk.length_m == pytest.approx(STEP_M, abs=3)
    assert boat.length_m == pytest.approx(2 * STEP_M, abs=5)


def test_parts_that_do_not_meet_have_no_legs(tmp_path: Path) -> None:
    parts = [[[121.0, 30.7], [121.01, 30.7]], [[121.02, 30.7], [121.03, 30.7]]]
    assert legs_of(tmp_path, tour(line={"type": "MultiLineString", "coordinates": parts})) == []


def test_a_loop_ends_where_it_began(tmp_path: Path) -> None:
    ring = [[121.0, 30.7], [121.01, 30.7], [121.01, 30.71], [121.0, 30.71], [121.0, 30.7]]
    layer = tour(
        line={"type": "LineString", "coordinates": ring},
        stops=["mill", "quay", "mill"],
        is_loop=True,
        legs=[{"mode": "walk"}, {"mode": "walk"}],
    )
    out, back = legs_of(tmp_path, layer)
    assert out.length_m == pytest.approx(STEP_M, abs=3)
    assert back.length_m == pytest.approx(STEP_M + 2 * 1108.6, abs=8)


def test_a_stop_beside_the_line_counts_from_its_nearest_point(tmp_path: Path) -> None:
    layer = sights()
    layer["features"][1] = feature("quay", "boat_stop", text("渡口", "Quay"), point(121.01, 30.7004))
    walk, _ = legs_of(tmp_path, layer)
    assert walk.length_m == pytest.approx(STEP_M, abs=3)


def test_a_route_without_legs_has_none(tmp_path: Path) -> None:
    assert legs_of(tmp_path, tour(legs=None)) == []
    assert legs_of(tmp_path, tour(legs=None, stops=None)) == []
