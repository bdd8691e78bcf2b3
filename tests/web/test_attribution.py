"""Say whose data the basemap is, wherever it is shown."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.catalogue.folder_export import export_folder
from cityatlas.catalogue.store_watch import Overlay
from cityatlas.errors import BrokenGeodata
from cityatlas.exchange.layers.exports import export_layers
from cityatlas.settings import Settings
from plan_pages import DAY
from toy import Json, sights, with_properties, write_city
from toy_plan import walkable_sights, write_walkable

RING = [[121.0, 30.7], [121.1, 30.7], [121.1, 30.8], [121.0, 30.7]]
PAGES = ["/", "/map.svg", "/sites/mill", "/about", "/embed/", "/layers/sights", "/routes/boat-tour"]
OSM = {
    "type": "FeatureCollection",
    "attribution": {"zh": "© OpenStreetMap 贡献者", "en": "© OpenStreetMap contributors"},
    "licence_url": "https://www.openstreetmap.org/copyright",
    "is_schematic": False,
    "features": [
        {
            "type": "Feature",
            "properties": {"class": "lake", "min_zoom": 8},
            "geometry": {"type": "Polygon", "coordinates": [RING]},
        }
    ],
}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a visitor of a city whose basemap is OpenStreetMap's."""
    folder = write_city(tmp_path_factory.mktemp("osm") / "toy")
    (folder / "base").mkdir()
    (folder / "base" / "water.geojson").write_text(json.dumps(OSM), "utf-8")
    return create_app(Settings(geodata=folder, var=tmp_path_factory.mktemp("var"))).test_client()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_with_a_map_says_whose_it_is(drawn: FlaskClient, client: FlaskClient, path: str) -> None:
    text = drawn.get(f"/en{path}").text
    assert "© OpenStreetMap contributors" in text
    seen = BeautifulSoup(text, "html.parser").get_text()  # without what scripts may say
    assert "chematic basemap" not in seen
    assert "basemap is schematic: not for" not in seen
    assert "OpenStreetMap contributors" not in client.get(f"/en{path}").text


def test_pages_link_the_licence(drawn: FlaskClient) -> None:
    for path in ("/about", "/sites/mill"):
        assert 'href="https://www.openstreetmap.org/copyright"' in drawn.get(f"/en{path}").text


CREDIT = {"zh": "© 测绘局", "en": "© Survey <Office>"}
LICENCE = "https://survey.example/licence"


def by_file(layer: Json) -> Json:
    return layer | {"attribution": CREDIT, "licence_url": LICENCE}


def by_position(layer: Json) -> Json:
    (hall,) = (row["properties"]["position"] for row in layer["features"] if row["id"] == "hall")
    return with_properties(layer, "hall", position=hall | {"attribution": CREDIT, "licence_url": LICENCE})


@pytest.fixture(scope="module", params=[by_file, by_position], ids=["file", "position"])
def layered(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a visitor of a city of which a layer's file, or one position in it, names whose it is."""
    folder = write_city(tmp_path_factory.mktemp("credited") / "toy", sights=request.param(sights()))
    return create_app(Settings(geodata=folder, var=tmp_path_factory.mktemp("var"))).test_client()


@pytest.mark.parametrize("path", PAGES)
def test_whoever_made_a_layer_or_a_position_is_named_with_the_map(layered: FlaskClient, path: str) -> None:
    answer = layered.get(f"/en{path}")
    assert "© Survey" in answer.text
    assert "<Office>" not in answer.text.replace("© Survey &lt;Office&gt;", "")
    assert "schematic" in answer.text.lower()  # the basemap still is


def test_the_data_of_a_layer_and_of_a_site_name_them(layered: FlaskClient) -> None:
    for path in ("/layers/sights.geojson", "/sites/hall.geojson"):
        document = json.loads(layered.get(path).data)
        assert document["type"] in ("FeatureCollection", "Feature")
        texts = json.dumps(document, ensure_ascii=False)
        assert texts.count("© Survey <Office>") == 1
        assert LICENCE in texts


def test_a_layer_of_ours_names_nobody(layered: FlaskClient) -> None:
    assert "attribution" not in json.loads(layered.get("/layers/works.geojson").data)


@pytest.mark.parametrize("kind", ["geojson", "kml", "gpx", "gpkg", "shapefile"])
@pytest.mark.parametrize("credited", [by_file, by_position])
def test_exports_name_them(kind: str, credited: Callable[[Json], Json], tmp_path: Path) -> None:
    catalogue = build_catalogue(Settings(geodata=write_city(tmp_path / "toy", sights=credited(sights()))))
    content = export_layers([catalogue.layers["sights"]], catalogue.city, kind, "en").content
    if kind == "shapefile":
        content = zipfile.ZipFile(io.BytesIO(content)).read("legend.csv")
    assert LICENCE.encode() in content


@pytest.mark.parametrize("kind", ["geojson", "kml", "gpx"])
def test_a_plan_that_draws_the_day_names_them(kind: str, tmp_path: Path) -> None:
    wish = f"/en/plan.{kind}?date={DAY}&start=09:00&end=12:00&unknown_hours=yes"

    def plan_file(name: str, layer: Json) -> str:
        folder = write_walkable(tmp_path / name, sights=layer)
        return create_app(Settings(geodata=folder, var=tmp_path / "var")).test_client().get(wish).text

    assert LICENCE in plan_file("theirs", by_file(walkable_sights()))
    assert LICENCE not in plan_file("ours", walkable_sights())


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"attribution": {"fr": "x"}}, "attribution has the language"),
        ({"attribution": "© A", "licence_url": "javascript:1"}, 'licence_url "javascript:1" is not an http'),
    ],
)
def test_a_file_that_names_them_wrongly_is_refused(members: Json, told: str, tmp_path: Path) -> None:
    with pytest.raises(BrokenGeodata) as refused:
        build_catalogue(Settings(geodata=write_city(tmp_path / "toy", sights=sights() | members)))
    assert told in str(refused.value.faults[0])
    assert refused.value.faults[0].file == "sights.geojson"


def test_what_staff_publish_leaves_the_file_its_attribution(tmp_path: Path) -> None:
    settings = Settings(geodata=write_city(tmp_path / "toy", sights=by_file(sights())))
    rows = {"mill": ("sights", next(row for row in sights()["features"] if row["id"] == "mill"))}
    rows["mill"][1]["properties"]["summary"] = {"zh": "新", "en": "New"}
    out = export_folder(settings, Overlay("x", rows), tmp_path / "out")
    assert [one.url for one in out.layers["sights"].attributions] == [LICENCE]


def test_a_tile_of_a_small_basemap_is_empty(drawn: FlaskClient) -> None:
    assert drawn.get("/en/base/16/0/0.json").get_json() == {"type": "FeatureCollection", "features": []}
