"""Join the stops of a tour route along the toy city's streets and its waterway."""

from __future__ import annotations

from pathlib import Path

import shapely

from cityatlas.routing.network import Network, Place
from cityatlas.routing.route_legs import join_stops, line_of
from toy_plan import walkable

MILL, QUAY, HALL = ((shapely.Point(lon, 30.7), lon, 30.7) for lon in (121.0, 121.01, 121.03))
NORTH: Place = (shapely.Point(121.01, 30.705), 121.01, 30.705)


def test_a_walk_follows_the_streets_and_a_boat_its_waterway(tmp_path: Path) -> None:
    walk, boat = join_stops(walkable(tmp_path / "toy").network, [NORTH, QUAY, HALL], ["walk", "boat"])
    assert (walk.coords, walk.is_straight) == ([(121.01, 30.705), (121.01, 30.7)], False)
    assert (walk.mode, boat.mode) == ("walk", "boat")
    assert abs(walk.length_m - 554) <= 2  # 0.005 degrees of latitude
    assert abs(boat.length_m - 1914) <= 4  # 0.02 degrees of longitude


def test_stops_that_no_path_joins_are_joined_by_a_straight_line() -> None:
    (only,) = join_stops(Network((), 121.0, 30.7), [MILL, QUAY], ["walk"])
    assert (only.coords, only.is_straight) == ([(121.0, 30.7), (121.01, 30.7)], True)
    assert abs(only.length_m - 957) <= 2


def test_the_ways_make_one_line_without_a_place_twice(tmp_path: Path) -> None:
    joints = join_stops(walkable(tmp_path / "toy").network, [MILL, QUAY, HALL], ["walk", "boat"])
    assert line_of(joints) == [(121.0, 30.7), (121.01, 30.7), (121.03, 30.7)]
