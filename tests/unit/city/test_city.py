"""Check what city.toml becomes; its faults are in test_bad_city.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from cityatlas.city.spec import Basemap, City, Kind, LayerSpec, View, read_city
from cityatlas.paths import geodata_dir
from toy import write_city


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Return the toy city."""
    return read_city(write_city(tmp_path_factory.mktemp("city")))


def test_layers_stand_in_the_order_of_the_file(city: City) -> None:
    assert [layer.id for layer in city.layers] == ["sights", "works"]
    assert city.layer("works") == LayerSpec(
        "works", {"zh": "工程", "en": "Works"}, "build", "#6a4c93", "hexagon", ("project", "district"), visible=True
    )
    assert city.layer("roads") is None


def test_a_kind_without_an_icon_has_its_own_name(city: City) -> None:
    assert city.kinds["museum"] == Kind({"zh": "纪念馆", "en": "Museum"}, "museum", "")
    assert city.kinds["boat_stop"] == Kind({"zh": "码头", "en": "Boat stop"}, "ferry", "stop")


def test_places_are_longitude_then_latitude(city: City) -> None:
    assert city.view == View(lon=121.015, lat=30.7, zoom=14)
    assert city.extent == (120.9, 30.6, 121.1, 30.8)  # west, south, east, north


def test_what_may_be_absent_is_empty(city: City) -> None:
    assert (city.basemaps, city.organiser.map_approval, dict(city.organiser.name)) == ((), "", {})


def basemap(*tiles: str, subdomains: str = "") -> Basemap:
    """Return a basemap of these tiles."""
    return Basemap("tiles", {}, "WGS-84", tiles, subdomains, {}, 18)


def test_a_basemap_names_each_host_that_a_page_will_ask() -> None:
    tiles = ("https://t{s}.example/{z}/{x}/{y}", "https://labels.example/{z}/{x}/{y}")
    assert basemap(*tiles, subdomains="01").hosts == (
        "https://labels.example",
        "https://t0.example",
        "https://t1.example",
    )
    assert basemap("https://tile.example/{z}/{x}/{y}").hosts == ("https://tile.example",)


def test_the_shipped_city_has_every_foreign_basemap_off() -> None:
    city = read_city(geodata_dir())
    assert [base.id for base in city.basemaps if base.enabled] == []
    assert {base.id: base.datum for base in city.basemaps} == {
        "tianditu": "WGS-84",
        "tianditu_imagery": "WGS-84",
        "amap": "GCJ-02",
        "osm": "WGS-84",
    }


def test_nothing_in_the_code_knows_the_shipped_city() -> None:
    package = Path(__file__).parents[3] / "src" / "cityatlas"
    files = [path for ending in ("*.py", "*.js", "*.toml", "*.css") for path in package.rglob(ending)]
    files = [path for path in files if "dist" not in path.parts]
    known = ("pinghu", "平湖", "nanhetou", "minghu")
    assert [path.name for path in files if any(word in path.read_text("utf-8").lower() for word in known)] == []
