"""Check the joins in space by distances measured on the napkin.

At 30.7 N a hundredth of a degree of longitude is 957.6 m (111,320 m times the cosine of 30.7 degrees, and a
little more on the ellipsoid), of latitude 1,108.6 m.
"""

from __future__ import annotations

import copy
from pathlib import Path

import pytest

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.catalogue.relations import Relations
from cityatlas.settings import Settings
from toy import feature, point, sights, text, with_properties, works, write_city

STEP_M = 957.6


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Return the toy city's snapshot."""
    return build_catalogue(Settings(geodata=write_city(tmp_path_factory.mktemp("city"))))


def test_only_the_school_lies_in_the_old_town(catalogue: Catalogue) -> None:
    within = {key: catalogue.relation(key).within for key in catalogue.features}
    assert within == {
        "mill": (),
        "quay": (),
        "hall": (),
        "boat-tour": (),
        "old-town": (),
        "school": ("old-town",),
    }
    assert catalogue.relation("old-town").contains == ("school",)


def test_the_nearest_stop_is_the_quay_with_its_metres(catalogue: Catalogue) -> None:
    for site, steps in {"mill": 1, "school": 1}.items():
        relation = catalogue.relation(site)
        assert relation.nearest_stop == "quay"
        assert relation.nearest_stop_m == pytest.approx(steps * STEP_M, abs=3)


def test_a_stop_farther_than_1500_m_is_not_named(catalogue: Catalogue) -> None:
    assert catalogue.relation("hall").nearest_stop == ""  # 1,915 m
    assert catalogue.relation("hall").nearest_stop_m == 0


def test_a_stop_has_no_nearest_stop(catalogue: Catalogue) -> None:
    assert catalogue.relation("quay").nearest_stop == ""


def test_all_on_the_canal_are_nearest_to_the_boat_tour(catalogue: Catalogue) -> None:
    for site in ("mill", "quay", "hall", "school", "old-town"):
        assert catalogue.relation(site).nearest_route == "boat-tour"
        assert catalogue.relation(site).nearest_route_m == pytest.approx(0, abs=1)
    assert catalogue.relation("boat-tour").nearest_route == ""


def test_the_boat_tour_meets_the_school_that_is_being_built(catalogue: Catalogue) -> None:
    assert catalogue.relation("boat-tour").meets_works == ("school",)


def test_a_finished_project_is_not_met(tmp_path: Path) -> None:
    done = [{"phase": "open", "from": "2024-01", "to": None, "source": "Town paper"}]
    folder = write_city(tmp_path / "toy", works=with_properties(works(), "school", phases=done))
    assert build_catalogue(Settings(geodata=folder)).relation("boat-tour").meets_works == ()


@pytest.mark.parametrize(("lat", "is_met"), [(30.7001, True), (30.7002, False)])  # 11 m and 22 m off the line
def test_works_are_met_within_15_m(tmp_path: Path, lat: float, is_met: bool) -> None:
    layer = copy.deepcopy(works())
    layer["features"][1]["geometry"] = point(121.02, lat)
    catalogue = build_catalogue(Settings(geodata=write_city(tmp_path / "toy", works=layer)))
    assert catalogue.relation("boat-tour").meets_works == (("school",) if is_met else ())


def test_length_and_area_are_in_metres(catalogue: Catalogue) -> None:
    assert catalogue.relation("boat-tour").length_m == pytest.approx(3 * STEP_M, rel=0.002)
    assert catalogue.relation("old-town").area_m2 == pytest.approx(STEP_M * 1108.6, rel=0.003)
    assert catalogue.relation("old-town").length_m == 0
    assert catalogue.relation("boat-tour").area_m2 == 0


def test_of_two_areas_the_smaller_is_named_first(tmp_path: Path) -> None:
    ring = [[121.019, 30.699], [121.021, 30.699], [121.021, 30.701], [121.019, 30.701], [121.019, 30.699]]
    layer = works()
    layer["features"].append(
        feature("campus", "district", text("校区", "Campus"), {"type": "Polygon", "coordinates": [ring]})
    )
    catalogue = build_catalogue(Settings(geodata=write_city(tmp_path / "toy", works=layer)))
    assert catalogue.relation("school").within == ("campus", "old-town")
    assert catalogue.relation("old-town").contains == ("campus", "school")


def test_of_two_stops_just_as_near_one_is_named(tmp_path: Path) -> None:
    layer = sights()
    layer["features"].append(feature("pier", "boat_stop", text("码头", "Pier"), point(121.01)))
    catalogue = build_catalogue(Settings(geodata=write_city(tmp_path / "toy", sights=layer)))
    assert catalogue.relation("mill").nearest_stop in ("quay", "pier")


def test_an_unknown_feature_has_no_relations(catalogue: Catalogue) -> None:
    assert catalogue.relation("pier") == Relations()
