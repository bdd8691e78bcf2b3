"""Answer with pictures: the map as SVG and PNG, and photos that a feature shows."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.errors import BrokenGeodata
from cityatlas.settings import Settings
from toy import sights, with_properties, write_city

JPEG = b"\xff\xd8\xff\xe0not really a photo\xff\xd9"
PHOTO = {"file": "mill.jpg", "alt": {"zh": "老磨坊", "en": "The mill"}, "credit": "Li"}


def city_with_photo(folder: Path) -> Path:
    return write_city(folder, sights=with_properties(sights(), "mill", photos=[PHOTO]))


def test_png_has_the_size_of_link_previews_and_pages_name_it(client: FlaskClient) -> None:
    png = client.get("/en/sites/mill.png")
    assert png.mimetype == "image/png"
    assert struct.unpack(">II", png.data[16:24]) == (1200, 630)
    page = BeautifulSoup(client.get("/en/sites/mill").data, "html.parser")
    image = page.select_one("meta[property='og:image']")
    assert image
    assert image["content"] == "https://atlas.example/en/sites/mill.png"


def test_photo_is_shown_with_its_words_and_served(tmp_path: Path) -> None:
    folder = city_with_photo(tmp_path / "city")
    (folder / "photos").mkdir()
    (folder / "photos/mill.jpg").write_bytes(JPEG)
    (folder / "photos/private.jpg").write_bytes(JPEG)
    client = create_app(Settings(geodata=folder)).test_client()
    image = BeautifulSoup(client.get("/en/sites/mill/card").data, "html.parser").select_one("img")
    assert image
    assert image["alt"] == "The mill"
    assert client.get(str(image["src"])).data == JPEG
    assert client.get("/photos/private.jpg").status_code == 404
    assert client.get("/photos/..%2fcity.toml").status_code == 404


def test_photo_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(BrokenGeodata) as caught:
        build_catalogue(Settings(geodata=city_with_photo(tmp_path / "city")))
    assert [str(fault) for fault in caught.value.faults] == [
        'sights.geojson: feature "mill": photos/mill.jpg is not there'
    ]
