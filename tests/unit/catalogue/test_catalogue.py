"""Check the snapshot: what it finds by id, how its tag follows the files, and that nothing in it changes."""

from __future__ import annotations

import json
import os
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.errors import Retired, UnknownLayer, UnknownSite, status_of
from cityatlas.settings import Settings
from toy import sights, with_properties, write_city


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Return the toy city's snapshot."""
    return build_catalogue(Settings(geodata=write_city(tmp_path_factory.mktemp("city"))))


def test_features_stand_in_the_order_of_the_layers(catalogue: Catalogue) -> None:
    assert list(catalogue.features) == ["mill", "quay", "hall", "boat-tour", "old-town", "school"]
    assert catalogue.frame.index.tolist() == list(catalogue.features)
    assert catalogue.frame.crs == "EPSG:4326"


def test_the_frame_says_what_each_feature_does(catalogue: Catalogue) -> None:
    assert catalogue.frame["role"].to_dict() == {
        "mill": "",
        "quay": "stop",
        "hall": "",
        "boat-tour": "route",
        "old-town": "area",
        "school": "",
    }


def test_dates_stay_text_and_minutes_stay_whole(catalogue: Catalogue) -> None:
    assert catalogue.feature("school").phases[1].begins == "2023-09"
    assert catalogue.feature("hall").visit_min == 45
    assert catalogue.feature("mill").visit_min is None


def test_an_unknown_id_names_the_nearest(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownSite) as caught:
        catalogue.feature("mil")
    assert (caught.value.message, caught.value.hint) == ('There is no site "mil".', 'Did you mean "mill"?')
    assert status_of(caught.value) == 404


def test_a_retired_id_names_its_successor(catalogue: Catalogue) -> None:
    with pytest.raises(Retired) as caught:
        catalogue.feature("old-mill")
    assert caught.value.values == {"successor": "mill"}
    assert status_of(caught.value) == 410


def test_an_unknown_layer_names_those_there_are(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownLayer) as caught:
        catalogue.layer("sight")
    assert caught.value.hint == "There are: sights, works."


def test_the_months_are_those_in_which_a_phase_began(catalogue: Catalogue) -> None:
    assert catalogue.months == ("2023-09", "2024-01")


def test_a_city_without_phases_has_no_months(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "toy", works={"type": "FeatureCollection", "features": []})
    (folder / "figures.json").write_text('{"figures": []}')
    (folder / "sights.geojson").write_text(json.dumps(with_properties(sights(), "hall", figures=[])))
    assert build_catalogue(Settings(geodata=folder)).months == ()


def test_a_snapshot_cannot_be_changed(catalogue: Catalogue) -> None:
    with pytest.raises(FrozenInstanceError):
        catalogue.tag = "other"  # type: ignore[misc]  # that is the claim


def test_the_same_files_elsewhere_and_later_give_the_same_tag(tmp_path: Path, catalogue: Catalogue) -> None:
    folder = write_city(tmp_path / "other" / "place")
    os.utime(folder / "city.toml", (1, 1))
    assert build_catalogue(Settings(geodata=folder)).tag == catalogue.tag


def test_any_changed_file_gives_another_tag(tmp_path: Path, catalogue: Catalogue) -> None:
    tags = {catalogue.tag}
    for name in ("city.toml", "sights.geojson", "figures.json"):
        folder = write_city(tmp_path / name)
        with (folder / name).open("a") as file:
            file.write("\n")
        tags.add(build_catalogue(Settings(geodata=folder)).tag)
    (folder / "base").mkdir()
    (folder / "base" / "land.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    tags.add(build_catalogue(Settings(geodata=folder)).tag)
    assert len(tags) == 5


def test_an_empty_city_is_a_city(tmp_path: Path) -> None:
    empty = {"type": "FeatureCollection", "features": []}
    folder = write_city(tmp_path / "toy", sights=empty, works=empty)
    (folder / "figures.json").unlink()
    toml = (folder / "city.toml").read_text("utf-8").replace('old-mill = "mill"', 'old-mill = ""')
    (folder / "city.toml").write_text(toml, "utf-8")
    catalogue = build_catalogue(Settings(geodata=folder))
    assert (len(catalogue.features), catalogue.relations, catalogue.index.find("mill", 5)) == (0, {}, [])
