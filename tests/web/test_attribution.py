"""Say whose data the basemap is, wherever it is shown."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.settings import Settings
from toy import write_city

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


def test_a_tile_of_a_small_basemap_is_empty(drawn: FlaskClient) -> None:
    assert drawn.get("/en/base/16/0/0.json").get_json() == {"type": "FeatureCollection", "features": []}
