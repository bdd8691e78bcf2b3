"""Hold the short name to its length, and follow it to what a map writes and search finds; all else has the name."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.city.property_checks import check_properties
from cityatlas.city.spec import View
from cityatlas.editing.worklist import find_tasks
from cityatlas.i18n import LANGUAGES, Language
from cityatlas.limits import SHORT_EN_LETTERS, SHORT_ZH_LETTERS
from cityatlas.paths import geodata_dir
from cityatlas.render.city_map import draw_map
from cityatlas.render.map_table import found
from cityatlas.settings import Settings
from cityatlas.tiles.geojson import map_properties
from toy import sights, text, with_properties, write_city

NAME = text("西门外老水磨坊旧址", "Site of the Old Water Mill beyond the West Gate")
SHORT = text("老水磨坊", "Old Water Mill")


def city_of(path: Path, **properties: Any) -> Catalogue:
    """Return the toy city, whose mill says something else."""
    layer = with_properties(sights(), "mill", **properties)
    return build_catalogue(Settings(geodata=write_city(path / "city", sights=layer)))


@pytest.mark.parametrize(
    ("short", "told"),
    [
        (SHORT, []),
        ({"en": "W" * SHORT_EN_LETTERS}, []),
        ({"en": "W" * (SHORT_EN_LETTERS + 1)}, ["short_name is 25 letters long, the limit is 24"]),
        ({"zh": "西" * (SHORT_ZH_LETTERS + 1)}, ["short_name is 9 letters long, the limit is 8"]),
        ({"zh": " "}, ["short_name is empty in every language"]),
        ("Mill", ['short_name "Mill" is not a text']),
    ],
)
def test_its_length_is_checked_by_language(tmp_path: Path, short: object, told: list[str]) -> None:
    city = city_of(tmp_path)
    said = dict(city.features["mill"].properties, short_name=short)
    found = [str(one) for one in check_properties(said, city.layers["sights"].spec, city.city)]
    assert [one.partition(";")[0] for one in found] == told


@pytest.mark.parametrize(
    ("name", "short", "language", "written"),
    [
        (NAME, SHORT, "zh", "老水磨坊"),
        (NAME, SHORT, "en", "Old Water Mill"),
        (NAME, {"en": "Old Water Mill"}, "zh", NAME["zh"]),
        ({"zh": "磨坊"}, SHORT, "zh", "磨坊"),  # the name is no longer
        ({"zh": "磨坊"}, SHORT, "en", "磨坊"),  # there is no English name to stand in for
        (NAME, {"zh": "坊", "en": " "}, "en", NAME["en"]),
    ],
)
def test_a_map_writes_it_where_the_name_is_longer(
    tmp_path: Path, name: dict[str, str], short: dict[str, str], language: Language, written: str
) -> None:
    city = city_of(tmp_path, name=name, short_name=short)
    assert city.features["mill"].map_name(language) == written


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_live_map_and_pictures_write_it_and_still_tell_the_name(tmp_path: Path, language: Language) -> None:
    city = city_of(tmp_path, name=NAME, short_name=SHORT)
    lean = map_properties(city.features["mill"], language)
    assert (lean["name"], lean["short"]) == (NAME[language], SHORT[language])
    assert found(city.features["mill"], language).get("short") == lean["short"]  # of a place before its layer has come
    assert "short" not in map_properties(city_of(tmp_path / "bare").features["mill"], language)
    drawn = draw_map(city, [city.features["mill"]], View(121.0, 30.7, 16), (800, 600), language, lambda one: one.id)
    assert f"<title>{NAME[language]}</title>" in drawn
    (spoken,) = re.findall('aria-label="([^"]*)"><title>', drawn)
    assert spoken == f"{SHORT[language]}, {NAME[language]}", "who hears a link hears what is written in it, too"
    texts = " ".join(re.findall("<text[^>]*>([^<]*)<", drawn)).replace("  ", " ")
    assert SHORT[language] in texts.replace(" ", "" if language == "zh" else " ")
    assert not set(NAME[language].split()) - set(SHORT[language].split()) & set(texts.split())


def test_search_finds_by_it(tmp_path: Path) -> None:
    city = city_of(tmp_path, name=NAME, short_name=text("坊子", "Millhouse"))
    assert [hit.id for word in ("坊子", "millhouse") for hit in city.index.find(word)] == ["mill", "mill"]


def test_one_language_is_enough_for_the_worklist(tmp_path: Path) -> None:
    city = city_of(tmp_path, name=NAME, short_name={"en": "Old Water Mill"})
    assert [task.field for task in find_tasks(city, date(2026, 11, 24)) if task.field.startswith("short_name")] == []


def test_the_shipped_short_names_are_shorter_in_their_language() -> None:
    features = build_catalogue(Settings(geodata=geodata_dir())).features.values()
    short = [(f.id, tag, f.name[tag], told) for f in features for tag, told in f.short_name.items()]
    assert [one for one in short if len(one[3]) >= len(one[2])] == []
    assert len(short) > 40
