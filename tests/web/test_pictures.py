"""Check the pictures that pages and link previews show: each its own thing, in its size, look and language."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.limits import PICTURE_MOST_PX
from cityatlas.settings import Settings
from days import SATURDAY, coming
from toy import write_city
from toy_plan import write_walkable

PICTURES = ["/zh/map.png", "/en/sites/mill.png", "/zh/layers/works.png", "/en/routes/boat-tour.png"]
DAY = f"date={coming(SATURDAY)}&start=13:30&end=17:00&unknown_hours=yes"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a browser that may ask for as many pictures as it likes."""
    folder = tmp_path_factory.mktemp("city")
    settings = Settings(
        geodata=write_city(folder / "toy"),
        var=folder / "var",
        public_url="https://atlas.example",
        plans_per_minute=10_000,
    )
    return create_app(settings).test_client()


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a browser of a city in which tours can be planned."""
    folder = tmp_path_factory.mktemp("city")
    settings = Settings(geodata=write_walkable(folder / "toy"), var=folder / "var", public_url="https://atlas.example")
    return create_app(settings).test_client()


def size_of(png: bytes) -> tuple[int, int]:
    width_px, height_px = struct.unpack(">II", png[16:24])
    return width_px, height_px


def metas(client: FlaskClient, page: str) -> dict[str, str]:
    soup = BeautifulSoup(client.get(page).text, "html.parser")
    return {str(m.get("property") or m.get("name")): str(m["content"]) for m in soup.select("head > meta[content]")}


@pytest.mark.parametrize("address", PICTURES)
def test_each_thing_has_a_picture_at_an_address_that_ends_in_png(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype, size_of(answer.data)) == (200, "image/png", (1200, 630))
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    bare = client.get(address[3:], headers={"Accept-Language": "en"})
    assert (bare.status_code, bare.headers["Location"]) == (302, f"/en{address[3:]}")


def test_each_picture_shows_that_very_thing(client: FlaskClient) -> None:
    assert len({client.get(address).data for address in PICTURES}) == len(PICTURES)
    assert client.get("/en/sites/boat-tour.png").data == client.get("/en/routes/boat-tour.png").data
    assert client.get("/en/sites/mill.png").data != client.get("/zh/sites/mill.png").data


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/zh/sites/no-such.png", 404),
        ("/zh/sites/old-mill.png", 410),
        ("/zh/layers/x.png", 404),
        ("/zh/routes/mill.png", 404),
    ],
)
def test_a_picture_of_what_there_is_not_is_refused_as_its_page(client: FlaskClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status
    assert client.get(address.removesuffix(".png")).status_code == status


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("size=1080x810", (1080, 810)),
        ("size=1080&ratio=4:3", (1080, 810)),
        ("ratio=1:1&size=500", (500, 500)),
        ("size=900x383", (900, 383)),
        ("size=160x160", (160, 160)),
        ("size=2400x2400", (PICTURE_MOST_PX, PICTURE_MOST_PX)),
    ],
)
def test_a_picture_has_the_size_that_is_asked_for(client: FlaskClient, query: str, size: tuple[int, int]) -> None:
    assert size_of(client.get(f"/zh/sites/mill.png?{query}").data) == size


@pytest.mark.parametrize(
    "query",
    [
        *("size=159x200", "size=2401", "size=0", "size=-5", "size=axb", "size=99999x99999", "size=160x700"),
        *("ratio=0:1", "ratio=1", "ratio=100:1", "look=pink", "parts=none", "look=<b>"),
    ],
)
def test_what_no_picture_can_be_is_said(client: FlaskClient, query: str) -> None:
    assert client.get(f"/zh/sites/mill.png?{query}").status_code == 422


def test_the_map_alone_and_other_looks_are_other_pictures(client: FlaskClient) -> None:
    queries = ("", "&look=dark", "&look=print", "&parts=map")
    assert len({client.get(f"/zh/map.png?size=400x300{query}").data for query in queries}) == 4


def test_a_sheet_says_what_it_shows_and_how_to_read_it(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/en/map.svg?size=800x600").text, "html.parser")
    words = [node.get_text() for node in soup.select("svg > text")]
    assert words[:2] == ["Toy City Atlas", "Schematic"]
    assert {"Sights", "Dashed, hollow: schematic, not to be navigated to", "N", "200 m"} <= set(words)
    bare = BeautifulSoup(client.get("/en/map.svg?size=800x600&parts=map").text, "html.parser")
    assert "N" not in [node.get_text() for node in bare.select("svg > text")]
    assert "Schematic basemap: not for navigation" in bare.get_text()  # whose it is stands on the map itself


def test_a_legend_tells_of_no_layer_that_is_out_of_sight(client: FlaskClient) -> None:
    def words(query: str) -> str:
        return BeautifulSoup(client.get(f"/en/map.svg?size=800x600{query}").text, "html.parser").get_text(" ")

    assert "Works" in words("")
    assert "Works" not in words("&c=121.2,30.6&z=18")


def test_a_file_is_named_by_what_it_shows(client: FlaskClient) -> None:
    named = client.get("/zh/sites/mill.png").headers["Content-Disposition"]
    assert named.startswith("inline; filename=mill.png; ")
    assert unquote(named.rpartition("''")[2]) == "老磨坊.png"


@pytest.mark.parametrize(
    ("page", "title", "picture"),
    [
        ("/zh/", "玩具城地图", "/zh/map.png"),
        ("/en/?site=mill", "Old mill · Toy City Atlas", "/en/sites/mill.png"),
        ("/en/sites/mill", "Old mill · Toy City Atlas", "/en/sites/mill.png"),
        ("/en/layers/works", "Works · Toy City Atlas", "/en/layers/works.png"),
        ("/en/about", "", "/en/map.png"),
    ],
)
def test_a_link_preview_shows_that_very_thing(client: FlaskClient, page: str, title: str, picture: str) -> None:
    told = metas(client, page)
    assert told["og:title"].startswith(title)
    assert told["og:image"] == f"https://atlas.example{picture}"
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    assert (told["twitter:card"], told["og:image:alt"]) == ("summary_large_image", told["og:title"])
    assert size_of(client.get(picture).data) == (1200, 630)


@pytest.mark.parametrize(
    ("language", "title"),
    [("zh", "玩具城地图周六下午："), ("en", "Saturday afternoon in Toy City Atlas: ")],
)
def test_a_shared_plan_says_what_it_is(planner: FlaskClient, language: str, title: str) -> None:
    told = metas(planner, f"/{language}/plan?{DAY}")
    assert told["og:title"].startswith(title)
    assert told["og:url"].startswith(f"https://atlas.example/{language}/plan?date={coming(SATURDAY)}&")
    picture = urlsplit(told["og:image"])
    assert picture.path == f"/{language}/plan.png"
    answer = planner.get(f"{picture.path}?{picture.query}")
    assert (answer.mimetype, size_of(answer.data)) == ("image/png", (1200, 630))
    small = planner.get(f"{picture.path}?{picture.query}&size=400x300&parts=map&look=dark")
    assert size_of(small.data) == (400, 300)
    assert metas(planner, f"/{language}/plan")["og:image"].endswith("/map.png")


def test_the_thumbnail_for_a_host_is_a_picture_of_the_size_that_is_said(client: FlaskClient) -> None:
    for page, most in (("/en/sites/mill", 900), ("/zh/routes/boat-tour", 400), ("/zh/?layers=works", 500)):
        table = client.get("/oembed", query_string={"url": page, "maxwidth": most}).get_json()
        picture = client.get(table["thumbnail_url"].removeprefix("https://atlas.example"))
        size_px = size_of(picture.data)
        assert (picture.mimetype, size_px) == ("image/png", (table["thumbnail_width"], table["thumbnail_height"]))
        assert most / 2 <= size_px[0] <= most
    assert "thumbnail_url" not in client.get("/oembed?url=/en/sites/mill&maxwidth=399").get_json()


def test_a_plan_that_holds_nothing_has_words_instead_of_a_picture(planner: FlaskClient) -> None:
    answer = planner.get(f"/zh/plan.png?date={coming(SATURDAY)}&start=03:00&end=04:00")
    assert (answer.status_code, answer.mimetype) == (422, "text/html")


def test_chinese_is_drawn_where_the_machine_has_no_font(tmp_path: Path) -> None:
    (tmp_path / "fonts.conf").write_text(f"<fontconfig><dir>{tmp_path}</dir></fontconfig>")
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40" font-family="sans-serif">{}</svg>'
    word = svg.format('<text x="5" y="30" font-size="24">{}</text>')
    code = (
        "import sys; from cityatlas.render.city_map import to_png, resvg_py\n"
        f"drawn = [to_png({word!r}.format(w)) for w in ('湖', '龟', 'A')]\n"
        f"assert len({{*drawn, to_png({svg.format('')!r})}}) == 4\n"
        f"alone = bytes(resvg_py.svg_to_bytes(svg_string={word!r}.format('湖')))\n"
        f"assert alone == to_png({svg.format('')!r}), 'there was a font after all'\n"
    )
    path = {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "FONTCONFIG_PATH": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
