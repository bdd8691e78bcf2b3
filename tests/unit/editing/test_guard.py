"""Check what keeps a feature from being published, what only warns, and how a city sets that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from cityatlas.city.spec import PUBLISHING, City, Organiser, read_city
from cityatlas.editing.publishing_rules import RULES, Objection, check_publishable
from cityatlas.errors import BrokenGeodata
from cityatlas.i18n import LANGUAGES
from cityatlas.paths import geodata_dir
from cityatlas.versioning.content import content_of
from faults import faults_of
from toy import CITY_TOML, PAPER, Json, text, write_city
from toy_worklist import SURVEYED, clean_city

PHOTO = {"file": "mill.jpg", "alt": text("水边的磨坊", "A mill by the water"), "credit": "A. Miller, CC BY 4.0"}
GOOD: Json = {
    "name": text("磨坊", "Mill"),
    "kind": "house",
    "summary": text("老磨坊。", "An old mill."),
    "photos": [PHOTO],
    "position": SURVEYED,
    "sources": [PAPER],
}


@dataclass(frozen=True)
class Draft:
    """Hold the properties of a draft."""

    properties: Json


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Return a toy city whose map is approved."""
    toy = read_city(write_city(tmp_path_factory.mktemp("city")))
    return replace(toy, organiser=Organiser(map_approval="GS(2026)1"))


def test_a_whole_feature_meets_no_objection(city: City) -> None:
    assert check_publishable(Draft(GOOD), city) == ((), ())


def test_features_and_contents_are_both_taken(city: City, tmp_path: Path) -> None:
    feature = clean_city(tmp_path).features["mill"]
    assert check_publishable(feature, city) == ((), ())
    assert check_publishable(content_of("sights", None, GOOD), city) == ((), ())


BLOCKED: list[tuple[dict[str, Any], str, str]] = [
    ({"name": {"zh": "磨坊"}}, "name", "name.en"),
    ({"name": {"en": "Mill", "zh": "  "}}, "name", "name.zh"),
    ({"sources": []}, "source", "sources"),
    ({"sources": [{"title": " "}]}, "source", "sources"),
    ({"facts": [{"label": text("建成", "Built"), "value": text("1890", "1890")}]}, "source", "facts.0.source"),
    ({"opening_hours": "24/7", "hours_source": "Rumour"}, "source", "hours_source"),
    ({"position": SURVEYED | {"source": None}}, "source", "position.source"),
    ({"photos": [PHOTO, PHOTO | {"credit": " "}]}, "photo_credit", "photos.1.credit"),
    ({"photos": [{"file": "a.jpg", "credit": "B · CC0"}]}, "photo_alt", "photos.0.alt"),
    ({"photos": [PHOTO, PHOTO | {"credit": "A. Miller"}]}, "photo_licence", "photos.1.credit"),
    ({"photos": [PHOTO | {"credit": "李明 · "}]}, "photo_licence", "photos.0.credit"),
    ({"photos": [PHOTO | {"alt": {"zh": "", "en": " "}}]}, "photo_alt", "photos.0.alt"),
    ({"position": {}}, "position", "position.class"),
    ({"position": None}, "position", "position.class"),
    ({"position": SURVEYED | {"verified_on": None}}, "position", "position.verified_on"),
]


@pytest.mark.parametrize(("changed", "rule", "field"), BLOCKED, ids=range(len(BLOCKED)))
def test_what_is_missing_blocks_and_names_its_field(city: City, changed: Json, rule: str, field: str) -> None:
    assert check_publishable(Draft(GOOD | changed), city) == ((Objection(rule, field),), ())


def test_both_names_are_asked_for_when_there_is_none(city: City) -> None:
    blocks, _ = check_publishable(Draft({key: GOOD[key] for key in GOOD if key != "name"}), city)
    assert blocks == (Objection("name", "name.zh"), Objection("name", "name.en"))


def test_a_text_in_one_language_only_warns(city: City) -> None:
    draft = Draft(GOOD | {"summary": {"zh": "老磨坊。"}})
    assert check_publishable(draft, city) == ((), (Objection("translation", "summary.en"),))


def test_a_city_without_an_approval_number_warns_and_names_no_field(city: City) -> None:
    unapproved = replace(city, organiser=Organiser())
    assert check_publishable(Draft(GOOD), unapproved) == ((), (Objection("map_approval", ""),))


@pytest.mark.parametrize("level", ["block", "warn", "off"])
def test_the_city_sets_what_a_rule_does(tmp_path: Path, level: str) -> None:
    folder = write_city(tmp_path)
    table = f'[publishing]\nname = "off"\nmap_approval = "{level}"\n'
    (folder / "city.toml").write_text(CITY_TOML + table, "utf-8")
    found = check_publishable(Draft(GOOD | {"name": {}}), read_city(folder))
    named = (Objection("map_approval", ""),)
    assert found == {"block": (named, ()), "warn": ((), named), "off": ((), ())}[level]


FAULTS = [
    ('names = "block"', 'publishing: the rule "names" is not known (there are name, translation, source,'),
    ('name = "warning"', "publishing: name is 'warning', not one of block, warn, off"),
    ("name = true", "publishing: name is True, not one of block, warn, off"),
]


@pytest.mark.parametrize(("line", "fault"), FAULTS)
def test_a_wrong_rule_or_level_is_named(tmp_path: Path, line: str, fault: str) -> None:
    folder = write_city(tmp_path)
    (folder / "city.toml").write_text(f"{CITY_TOML}[publishing]\n{line}\n", "utf-8")
    with pytest.raises(BrokenGeodata) as caught:
        read_city(folder)
    assert [str(told).startswith(f"city.toml: {fault}") for told in caught.value.faults] == [True]


def test_a_district_that_is_nowhere_is_named(tmp_path: Path) -> None:
    toml = CITY_TOML.replace('group = "build"', 'group = "build"\ndistrict = "new-town"')
    (write_city(tmp_path) / "city.toml").write_text(toml, "utf-8")
    assert faults_of(tmp_path) == ['city.toml: layer "works": district "new-town" is in no layer; correct it']


def test_every_rule_has_a_default_a_check_and_a_sentence() -> None:
    assert list(RULES) == list(PUBLISHING)
    for rule in RULES:
        assert all(Objection(rule, "").sentence(language) for language in LANGUAGES)


def test_the_readme_tells_every_rule_with_its_default() -> None:
    readme = (geodata_dir() / "README.md").read_text("utf-8").partition("### Rules of publishing")[2]
    rows = [row.split("|") for row in readme.splitlines() if row.startswith("| `")]
    assert {row[1].strip(" `"): row[3].strip() for row in rows} == dict(PUBLISHING)
