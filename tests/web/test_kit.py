"""Check the kit for articles: what is in it, in which sizes, and what it says of approval."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image

from cityatlas.app import create_app
from cityatlas.city.spec import View, read_city
from cityatlas.render.kit_picture import scale_bar
from cityatlas.settings import Settings
from cityatlas.web.embed.kit import is_allowed
from toy import write_city

NUMBER = "浙测S(2026)1号"


def kit(client: FlaskClient, query: str = "") -> dict[str, bytes]:
    answer = client.get(f"/en/embed/kit.zip{query}")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_kit_holds_two_pictures_a_code_and_a_text_in_both_languages(client: FlaskClient) -> None:
    files = kit(client, "?of=layers/works")
    sizes = {
        name: Image.open(io.BytesIO(content)).size
        for name, content in files.items()
        if name.startswith(("map", "cover"))
    }
    assert sizes == {"map-1080.png": (1080, 1080), "cover-900x383.png": (900, 383)}
    assert set(files) - set(sizes) == {"qr.png", "qr.svg", "link.txt", "text-zh.txt", "text-en.txt"}
    assert files["link.txt"].decode() == "https://atlas.example/en/layers/works\n"
    assert files["text-en.txt"].decode().split("\n") == [
        "Works",
        "2 places, each with its sources.",
        "Open the map: https://atlas.example/en/layers/works",
        "Source: Toy City Atlas · Schematic basemap: not for navigation",
        "No map-approval number",
        "",
    ]
    assert "https://atlas.example/zh/layers/works" in files["text-zh.txt"].decode()


def test_the_same_kit_is_the_same_file_under_a_name_that_says_what_it_is(client: FlaskClient) -> None:
    first, second = (client.get(f"/en/embed/kit.zip?of=routes/boat-tour&n={n}") for n in (1, 2))
    assert first.data == second.data
    assert first.headers["Content-Disposition"] == 'attachment; filename="toy-routes-boat-tour-en.zip"'


@pytest.mark.parametrize(("zoom", "length_m"), [(14, 500), (10, 10_000), (18, 50)])
def test_a_scale_is_a_round_length(zoom: float, length_m: int) -> None:
    said_m, wide_px = scale_bar(View(121.0, 30.7, zoom))
    assert said_m == length_m  # a pixel at 30.7 N is 156,543 m by cos 30.7 (0.860) by 2 to the power of -zoom
    assert wide_px == pytest.approx(length_m / (156_543.034 * 0.85985 / 2**zoom), rel=1e-3)


def test_the_city_decides_whether_pictures_go_out_without_approval(tmp_path: Path) -> None:
    city = read_city(write_city(tmp_path / "toy"))
    strict = replace(city, publishing={**city.publishing, "map_approval": "block"})
    approved = replace(strict, organiser=replace(strict.organiser, map_approval=NUMBER))
    assert (is_allowed(city), is_allowed(strict), is_allowed(approved)) == (True, False, True)


def test_a_kit_that_may_not_be_made_is_refused_in_words(tmp_path: Path) -> None:
    toy = write_city(tmp_path / "toy")
    with (toy / "city.toml").open("a", encoding="utf-8") as file:
        file.write('\n[publishing]\nmap_approval = "block"\n')
    client = create_app(Settings(geodata=toy, var=tmp_path / "var")).test_client()
    assert client.get("/en/embed/kit.zip").status_code == 404
    text = client.get("/en/embed/builder").text
    assert ("does not allow pictures" in text, "kit.zip" in text) == (True, False)


def test_there_is_no_kit_of_what_is_not_there(client: FlaskClient) -> None:
    assert [client.get(f"/en/embed/kit.zip?of={of}").status_code for of in ("sites/old-mill", "layers/no")] == [
        404,
        404,
    ]


def test_the_builder_says_that_there_is_no_number(client: FlaskClient) -> None:
    text = client.get("/en/embed/builder?of=layers/works").text
    assert ("the pictures say so on their edge" in text, "/en/embed/kit.zip?of=layers%2Fworks" in text) == (True, True)
