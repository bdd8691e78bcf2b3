"""Check the map in one file: nothing is fetched, nothing but our scripts runs, and it is all there without them."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from bs4 import BeautifulSoup

import cityatlas
from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.cli.export_file import MOST_KB
from cityatlas.errors import UnknownLayer
from cityatlas.handouts.map_file import left_out, write_map
from cityatlas.settings import Settings
from cityatlas.tiles.base_tiles import NEAR, BaseTiles
from hostile import PAYLOADS, write_hostile_city
from sheet_files import toy_catalogue

Shapes = set[tuple[str, frozenset[str]]]


def soup_of(page: str) -> BeautifulSoup:
    return BeautifulSoup(page, "html.parser")


def shapes_of(soup: BeautifulSoup) -> Shapes:
    """Return which elements there are, each with the names of its attributes."""
    return {(tag.name, frozenset(tag.attrs)) for tag in soup.find_all(True)}


@cache
def hostile(payload: str) -> Catalogue:
    with TemporaryDirectory() as folder:
        return build_catalogue(Settings(geodata=write_hostile_city(Path(folder) / "toy", payload)))


@cache
def harmless_shapes() -> Shapes:
    leader = ("path", frozenset({"d", "stroke", "stroke-width"}))  # from a mark to a name that has no room beside it
    return shapes_of(soup_of(write_map(hostile("harmless"), "en"))) | {leader}


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_a_hostile_text_stays_a_text(payload: str) -> None:
    page = write_map(hostile(payload), "en")
    assert "1337" not in page
    soup = soup_of(page)
    assert shapes_of(soup) <= harmless_shapes()
    table = json.loads(str(soup.find(id="atlas").string))  # type: ignore[union-attr]
    assert table["cards"]["mill"]["title"] == f"{payload}e"
    assert [one["properties"]["name"] for one in table["inline"]["features"] if one["id"] == "mill"] == [f"{payload}e"]
    assert f"{payload}e" in [name.get_text() for name in soup.select("#list .feature-name")]
    assert check_scripts(soup) == 4


def check_scripts(soup: BeautifulSoup) -> int:
    """Return how many scripts there are that run, each by its hash; the policy lets nothing else in."""
    policy = str(soup.find("meta", {"http-equiv": "Content-Security-Policy"})["content"])  # type: ignore[index]
    scripts = [str(script.string) for script in soup.find_all("script") if not script.get("type")]
    styles = [str(style.string) for style in soup.find_all("style")]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert rules["script-src"].split() == [hash_of(script) for script in scripts]
    assert rules["style-src"].split() == [hash_of(style) for style in styles]
    return len(scripts)


def hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_nothing_is_fetched() -> None:
    soup = soup_of(write_map(toy_catalogue(), "en"))
    assert soup.find_all(["link", "img", "iframe", "base", "object"]) == []
    assert [tag for tag in soup.find_all(True) if tag.get("src") or tag.get("srcset") or tag.get("style")] == []
    assert all(str(link["href"]).startswith("#place-") for link in soup.select("#list a"))
    assert [url for url in re.findall(r"url\(['\"]?(.{5})", str(soup.style)) if url != "data:"] == []


def test_it_can_be_read_without_a_script() -> None:
    soup = soup_of(write_map(toy_catalogue(), "en"))
    assert len(soup.select("#list > li")) == 6
    assert "A mill by the water." in soup.select_one("#place-mill").get_text()  # type: ignore[union-attr]
    assert soup.select_one("#picture svg")
    assert soup.h1 is not None
    assert soup.h1.get_text() == "Toy City Atlas"
    assert soup.html is not None
    assert soup.html["lang"] == "en"


def test_a_card_says_what_is_known() -> None:
    page = write_map(toy_catalogue(), "en", root="https://atlas.example")
    cards = json.loads(str(soup_of(page).find(id="atlas").string))["cards"]  # type: ignore[union-attr]
    assert cards["hall"]["rows"] == [["Opening hours", "Tue–Sun 8:30–16:30"], ["Where it is", "30 Canal Road"]]
    assert cards["hall"]["note"] == "Museum · Approximate ±50 m"
    assert cards["hall"]["page"] == "https://atlas.example/en/sites/hall"
    assert cards["school"]["phases"][1] == ["Ground broken", "September 2023 to December 2023"]
    assert cards["boat-tour"]["stops"] == ["Old mill", "Quay", "Memory hall"]
    assert cards["mill"]["sources"] == [["Town paper", "https://paper.example/1"]]


def test_only_some_layers_can_be_in_it() -> None:
    soup = soup_of(write_map(toy_catalogue(), "zh", layers=["works"]))
    assert [row["data-id"] for row in soup.select("#list li")] == ["old-town", "school"]
    assert [str(box["value"]) for box in soup.select("#file-layers input")] == ["works"]
    with pytest.raises(UnknownLayer):
        write_map(toy_catalogue(), "zh", layers=["nix"])


def test_what_is_left_out_is_said_and_nothing_where_nothing_is() -> None:
    city = toy_catalogue()
    assert left_out(city, "en") == ""
    assert left_out(city, "en", other="zh") == "Not in this file: Chinese."
    assert "Not in this file" not in write_map(city, "zh", has_both=True)
    near = replace(city, base_tiles=BaseTiles((), {(NEAR, 1, 1): ()}))
    assert left_out(near, "zh") == "这个文件里没有：放大以后才显示的街巷、绿地和建筑。"
    soup = soup_of(write_map(near, "zh", has_both=True))
    told = [str(p.string) for p in soup.find_all("p", lang=True) if "embed-base" in p["class"]]
    assert [text[:5] for text in told] == ["这个文件里", "Not i"]  # each where its language is


def test_the_shipped_city_is_small_enough_in_both_languages() -> None:
    city = cityatlas.read_city()
    for view in (city.map(), city.map(language="en")):
        assert len(view.html.encode()) < MOST_KB * 1_000


def test_both_languages_are_in_a_file_that_is_small_enough() -> None:
    city = build_catalogue(Settings())
    assert len(write_map(city, "zh", has_both=True).encode()) < MOST_KB * 1_000
    assert len(write_map(city, "en", has_both=True).encode()) < MOST_KB * 1_000


def test_the_other_language_differs_from_it_in_words_alone() -> None:
    soup = soup_of(write_map(toy_catalogue(), "zh", root="https://atlas.example", has_both=True))
    alone = soup_of(write_map(toy_catalogue(), "en", root="https://atlas.example"))
    whole = json.loads(str(alone.select_one("#atlas").string))  # type: ignore[union-attr]
    table, words = (json.loads(str(soup.select_one(f"#{name}").string)) for name in ("atlas", "other-words"))  # type: ignore[union-attr]
    features = words.pop("features")
    table |= words
    for part, rows in features.items():
        for number, said in rows:
            table[part]["features"][number]["properties"] |= said
    assert table == whole
    template = soup.template
    assert template is not None
    assert template["lang"] == "en"
    assert [row["data-id"] for row in template.find_all("li")] == [row["data-id"] for row in alone.select("#list li")]
    (picture,) = template.find_all(id="picture")
    assert picture.find("svg") is None
    assert [(a["href"], str(a.string)) for a in soup.find_all(class_="file-language")] == [
        ("?lang=en", "English"),
        ("?lang=zh-CN", "中文"),
    ]
    assert check_scripts(soup) == 5


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_a_hostile_text_stays_a_text_in_the_other_language_too(payload: str) -> None:
    made, harmless = (soup_of(write_map(hostile(one), "zh", has_both=True)) for one in (payload, "harmless"))
    leader = {("path", frozenset({"d", "stroke", "stroke-width"}))}
    assert shapes_of(made) <= shapes_of(harmless) | leader
    template = made.template
    assert template is not None
    names = template.find_all(class_="feature-name")  # select() and get_text() leave a template out
    assert f"{payload}e" in [str(name.string) for name in names]


def test_a_notebook_shows_it_in_a_frame_that_can_do_nothing_else() -> None:
    view = cityatlas.Atlas(toy_catalogue()).map(height_px=300)
    frame = view._repr_html_()
    found = re.fullmatch(
        r'<iframe srcdoc="([^"]*)" title="玩具城地图" width="100%" height="300" [^<]*></iframe>', frame
    )
    assert found is not None
    assert html.unescape(found[1]) == view.html
    assert "allow-same-origin" not in frame
