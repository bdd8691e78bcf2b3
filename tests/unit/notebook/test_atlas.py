"""Check what somebody gets who opens a city from Python."""

from __future__ import annotations

import doctest
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

import cityatlas
from cityatlas import Atlas
from cityatlas.errors import BrokenGeodata, InvalidTour, InvalidValue
from cityatlas.exchange.uploads.parser_process import PARSERS
from cityatlas.notebook import atlas as atlas_module
from cityatlas.paths import geodata_dir
from toy import sights, with_properties, write_city
from toy_plan import write_walkable

PNG = b"\x89PNG\r\n"


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    """Return the toy city with its streets, and a museum with a month in it."""
    hall = with_properties(sights(), "hall", valid_from="2026-03", valid_source="Town paper")
    return cityatlas.read_city(write_walkable(tmp_path_factory.mktemp("city") / "toy", sights=hall))


def test_the_examples_in_the_docstrings_are_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(geodata_dir().parent)
    failed, tried = doctest.testmod(atlas_module)
    assert (failed, tried > 8) == (0, True)


def test_a_folder_is_told_by_its_city(toy: Atlas) -> None:
    assert repr(toy) == "<Atlas toy: 6 features in 2 layers>"
    assert list(toy.layers) == ["sights", "works"]


def test_a_broken_folder_tells_every_fault(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "toy", sights=with_properties(sights(), "hall", opening_hours="9h-5", visit_min=-1))
    with pytest.raises(BrokenGeodata) as caught:
        cityatlas.read_city(str(folder))
    assert len(caught.value.faults) == 2


def test_the_frame_has_every_feature_typed(toy: Atlas) -> None:
    frame = toy.frame
    assert list(frame.index) == ["mill", "quay", "hall", "boat-tour", "old-town", "school"]
    assert frame.crs.to_epsg() == 4326
    assert (frame.geometry["hall"].x, frame.geometry["hall"].y) == (121.03, 30.7)
    assert list(frame["layer"].cat.categories) == ["sights", "works"]
    assert frame["visit_min"].dtype == "Int64"
    assert frame["visit_min"].to_list() == [pd.NA, pd.NA, 45, pd.NA, pd.NA, pd.NA]
    assert frame["access_step_free"].to_list()[:3] == [pd.NA, pd.NA, True]
    assert frame.loc["hall", "valid_from"] == "2026-03"  # no timestamp, as geopandas would make of it
    assert frame.loc["mill", "name_zh"] == "老磨坊"


def test_a_frame_that_is_changed_changes_nothing_else(toy: Atlas) -> None:
    before = toy.catalogue.frame.copy()
    toy.frame["mine"] = 1
    assert toy.catalogue.frame.equals(before)
    assert list(toy.layers["sights"].frame.columns) == ["layer", "kind", "role", "geometry"]


def test_a_day_is_planned(toy: Atlas) -> None:
    asked = datetime(2026, 12, 1, 9)  # noqa: DTZ001 (as people type it: the city's time)
    day = toy.plan(date=date(2026, 12, 5), start="13:30", end="16:00", must=["hall"], now=asked)
    assert [(stop.feature.id, stop.begin_s, stop.end_s) for stop in day.stops if stop.is_must] == [
        ("hall", 13 * 3600 + 1800, 14 * 3600 + 900)
    ]
    with pytest.raises(InvalidTour, match="past"):
        toy.plan(date="2026-11-30", start="13:30", end="16:00", now=asked)
    with pytest.raises(InvalidTour, match="mast"):
        toy.plan(mast="hall")


def test_a_picture_shows_itself_and_is_saved(toy: Atlas, tmp_path: Path) -> None:
    picture = toy.picture(size_px=(480, 360), language="en", look="dark")
    assert picture._repr_svg_() == picture.svg
    assert "Toy City Atlas" in picture.svg
    assert picture._repr_png_().startswith(PNG)
    assert picture.save(tmp_path / "city.svg").read_text("utf-8") == picture.svg
    assert picture.save(str(tmp_path / "city.PNG")).read_bytes().startswith(PNG)
    with pytest.raises(InvalidValue, match="tiff"):
        picture.save(tmp_path / "city.tiff")
    with pytest.raises(InvalidValue, match="pink"):
        toy.picture(look="pink")


def test_the_package_offers_its_names_when_they_are_asked_for() -> None:
    assert {"Atlas", "read_city"} <= set(dir(cityatlas))
    assert not hasattr(cityatlas, "read_town")


def test_what_parses_uploads_imports_neither_folium_nor_geopandas() -> None:
    modules = ", ".join(f"cityatlas.exchange.uploads.{name}" for name in ("parser_process", *PARSERS.values()))
    heavy = ("folium", "geopandas", "pandas", "flask", "pyogrio")
    code = f"import sys, {modules}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
