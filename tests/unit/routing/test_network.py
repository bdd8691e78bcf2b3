"""Check the path network on three streets: what breaks it, where places join it, and how far it is."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import shapely
from scipy.sparse.csgraph import dijkstra

from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.city.spec import read_city
from cityatlas.paths import geodata_dir
from cityatlas.routing import graph
from cityatlas.routing.network import Network, Place, read_network
from cityatlas.settings import Settings
from faults import faults_of
from toy import Json, write_city
from toy_plan import path, paths, walkable


def network(tmp_path: Path, layer: Json | None = None) -> Network:
    """Return the network of the toy city with other paths."""
    return walkable(tmp_path / "toy", paths=layer or paths()).network


def at(lon: float, lat: float) -> Place:
    """Return a place that is a point."""
    return shapely.Point(lon, lat), lon, lat


MILL, QUAY, HALL = at(121.0, 30.7), at(121.01, 30.7), at(121.03, 30.7)


def test_metres_run_along_the_streets(tmp_path: Path) -> None:
    made = network(tmp_path)
    table_m = made.walks().table_m(made.anchors([MILL, QUAY, HALL]))
    assert table_m[0, 1] == pytest.approx(957, rel=0.003)
    assert table_m[0, 2] == pytest.approx(957 * 3, rel=0.003)
    assert (table_m == table_m.T).all()


def test_step_free_goes_round_and_says_that_nobody_looked(tmp_path: Path) -> None:
    made = network(tmp_path)
    anchors = made.anchors([QUAY, HALL], is_step_free=True)
    way = made.walks(is_step_free=True).way(*anchors)
    assert way
    assert way.length_m == pytest.approx(957 * 2 + 554 * 2, rel=0.003)
    assert made.are_steps_unknown(way, is_step_free=True)


def test_a_way_with_known_paths_has_no_unknown_steps(tmp_path: Path) -> None:
    made = network(tmp_path)
    way = made.walks().way(*made.anchors([MILL, HALL]))
    assert way
    assert not made.are_steps_unknown(way)
    assert way.coords == [(121.0, 30.7), (121.01, 30.7), (121.03, 30.7)]


def test_a_closed_stretch_is_not_passed_but_may_be_left(tmp_path: Path) -> None:
    made = network(tmp_path)
    works = shapely.Point(121.02, 30.7)  # on the steps between quay and hall, 957 m from both
    around = made.walks_around({"works": works}, 15.0)
    west, east = at(121.015, 30.7), at(121.025, 30.7)
    anchors = made.anchors([QUAY, HALL, west, east, at(121.02, 30.7)])
    table_m = around.table_m(anchors)
    assert table_m[0, 1] == pytest.approx(957 * 2 + 554 * 2, rel=0.003)  # by the round
    assert table_m[0, 2] == pytest.approx(479, rel=0.003)  # on the near side of the works
    assert table_m[0, 3] == pytest.approx(957 * 2 + 554 * 2 + 479, rel=0.003)
    assert table_m[2, 3] == pytest.approx(479 + 957 * 2 + 554 * 2 + 479, rel=0.003)
    assert table_m[0, 4] == pytest.approx(957, rel=0.003)  # one may go to the works themselves
    assert table_m == pytest.approx(table_m.T)
    for i in range(4):
        for j in range(i):
            way = around.way(anchors[i], anchors[j])
            assert way
            assert way.length_m == pytest.approx(table_m[i, j], rel=1e-4)
            assert shapely.LineString(way.coords).distance(works) > 0.0001


def test_two_places_on_one_street_need_no_junction(tmp_path: Path) -> None:
    made = network(tmp_path)
    anchors = made.anchors([at(121.002, 30.7), at(121.004, 30.7)])
    way = made.walks().way(*anchors)
    assert way
    assert way.length_m == pytest.approx(191, rel=0.01)
    assert made.walks().table_m(anchors)[0, 1] == pytest.approx(191, rel=0.01)


def test_metres_off_the_street_count_a_quarter_more(tmp_path: Path) -> None:
    made = network(tmp_path)
    far, near = made.anchors([at(121.005, 30.701), at(121.005, 30.7)])  # 0.001 degrees of latitude: 111 m
    assert far.access_m == pytest.approx(111, rel=0.01)
    assert made.walks().table_m([far, near])[0, 1] == pytest.approx(111 / 0.8, rel=0.01)


def test_an_area_is_entered_where_the_street_meets_it(tmp_path: Path) -> None:
    made = network(tmp_path)
    park = shapely.box(121.012, 30.701, 121.02, 30.706)  # the way round crosses it
    (anchor,) = made.anchors([(park, 121.016, 30.703)])
    assert (anchor.access_m, round(anchor.lon, 4), round(anchor.lat, 4)) == (0.0, 121.016, 30.705)


def test_ways_that_another_thread_lets_go_meanwhile_are_still_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks = network(tmp_path).walks()
    mill, quay, hall = range(3)  # the nodes
    walks._from([mill, quay])

    def search(*lines: Any, **options: Any) -> Any:
        """Find ways while another thread asks for one that there is no room for beside those that are kept."""
        monkeypatch.undo()
        monkeypatch.setattr(graph, "KEPT_ROWS", 2)
        walks._from([hall])
        return dijkstra(*lines, **options)

    monkeypatch.setattr(graph, "dijkstra", search)
    rows = walks._from([mill, quay, hall])
    assert [row[0][mill] for row in rows] == pytest.approx([0, 957, 957 * 3], rel=0.003)


def test_what_is_cut_off_is_infinitely_far_and_told_as_a_warning(tmp_path: Path) -> None:
    made = network(tmp_path, paths(path("islet", [121.05, 30.72], [121.06, 30.72])))
    anchors = made.anchors([MILL, at(121.05, 30.72)])
    assert made.walks().table_m(anchors)[0, 1] == float("inf")
    assert made.walks().way(*anchors) is None
    (warning,) = made.warnings
    assert "1 walking paths (islet) are cut off" in str(warning)


def test_paths_that_are_cut_off_together_are_told_together(tmp_path: Path) -> None:
    lake = [[121.04, 30.75], [121.05, 30.75], [121.05, 30.76], [121.04, 30.75]]
    islet = (path("islet", [121.05, 30.72], [121.06, 30.72]), path("pier", [121.06, 30.72], [121.06, 30.725]))
    warnings = network(tmp_path, paths(*islet, path("lake", *lake))).warnings
    assert [str(warning).split(" are cut")[0] for warning in warnings] == [
        "paths.geojson: 2 walking paths (islet, pier)",
        "paths.geojson: 1 walking paths (lake)",
    ]


def test_ends_that_nearly_meet_are_told_as_a_warning(tmp_path: Path) -> None:
    made = network(tmp_path, paths(path("lane", [121.000005, 30.7], [121.0, 30.71])))
    assert any('"lane" and "flat" end less than 1 m apart' in str(warning) for warning in made.warnings)


def test_a_boat_has_metres_of_its_own_waterway(tmp_path: Path) -> None:
    way = network(tmp_path).boat_way(QUAY, HALL)
    assert way
    assert way.length_m == pytest.approx(957 * 2, rel=0.003)


def test_parallel_streets_take_the_shorter_one(tmp_path: Path) -> None:
    bow = path("bow", [121.0, 30.7], [121.005, 30.71], [121.01, 30.7])
    made = network(tmp_path, paths(bow))
    assert made.walks().table_m(made.anchors([MILL, HALL]))[0, 1] == pytest.approx(957 * 3, rel=0.003)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (path("flat", [121.0, 30.7], [121.01, 30.7]), 'path "flat": id is used twice'),
        (path("swim", [121.0, 30.7], [121.01, 30.7], mode="swim"), 'path "swim": mode "swim" is not one of'),
        (path("odd", [121.0, 30.7], [121.01, 30.7], step_free="no"), 'step_free "no" is neither true nor false'),
        (path("Big A", [121.0, 30.7], [121.01, 30.7]), 'id "Big A" is not a slug'),
        (path("away", [10.0, 50.0], [10.1, 50.0]), "lies outside the city"),
        (path("dot", [121.0, 30.7], [121.0, 30.7]), "geometry has no extent"),
        ("nonsense", "path number 5: is not"),
    ],
)
def test_a_broken_path_is_a_fault_of_the_city(tmp_path: Path, wrong: Json, told: str) -> None:
    faults = faults_of(write_city(tmp_path / "toy", paths=paths(wrong)))
    assert len(faults) == 1
    assert faults[0].startswith("paths.geojson: ")
    assert told in faults[0]


def test_a_city_without_paths_has_nothing_to_walk_on(tmp_path: Path) -> None:
    made = build_catalogue(Settings(geodata=write_city(tmp_path / "toy"))).network
    assert (made.has_walks, made.warnings) == (False, ())


def test_the_shipped_network_is_one_piece() -> None:
    folder = geodata_dir()
    made = read_network(folder, read_city(folder), max_bytes=1 << 24, max_features=10_000)
    assert made.warnings == ()  # neither parts that nothing joins nor ends that nearly meet


def test_five_thousand_paths_and_two_hundred_places_take_less_than_a_second(tmp_path: Path) -> None:
    streets = []
    for i in range(50):
        for j in range(50):
            lon, lat = 121.0 + i * 0.001, 30.7 + j * 0.001
            streets.append(path(f"e-{i}-{j}", [lon, lat], [round(lon + 0.001, 6), lat]))
            streets.append(path(f"n-{i}-{j}", [lon, lat], [lon, round(lat + 0.001, 6)]))
    made = network(tmp_path, {"type": "FeatureCollection", "features": streets})
    places = [at(121.0 + (n * 7 % 50) * 0.001 + 0.0003, 30.7 + (n * 11 % 50) * 0.001 + 0.0001) for n in range(200)]
    begun_s = time.process_time()
    table_m = made.walks().table_m(made.anchors(places))
    assert time.process_time() - begun_s < 1.0
    assert table_m.max() < 20_000
