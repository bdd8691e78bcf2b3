"""Check that faults of city.toml, figures.json and the basemap are told in words, never by a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.settings import Settings
from faults import faults_of, faults_of_bytes
from toy import CITY_TOML, Json, figures, point, write_city

SHAPES = "circle, square, diamond, hexagon, shield, pentagon"
README = "README.md in geodata/ lists the keys."
TILES = """
[[basemaps]]
id = "tiles"
title = { zh = "底图", en = "Tiles" }
datum = "WGS-84"
tiles = ["https://t{s}.example/{z}/{x}/{y}.png"]
subdomains = "01"
attribution = { zh = "某公司", en = "A company" }
max_zoom = 18
"""

CITIES = [
    ("zoom = { min", "zoom = { min = 1, min", "not readable as TOML in UTF-8: "),
    ('id = "toy"', "", f"the key 'id' is missing. {README}"),
    (
        'timezone = "Asia/Shanghai"',
        'timezone = "Asia/Pinghu"',
        'timezone "Asia/Pinghu" is not known (example: Asia/Shanghai)',
    ),
    ("[120.9, 30.6, 121.1, 30.8]", "[120.9, 30.6]", f"city: extent is not 4 numbers. {README}"),
    ("[120.9, 30.6, 121.1, 30.8]", "[nan, 30.6, 121.1, 30.8]", f"city: extent holds nan or inf. {README}"),
    (
        "[120.9, 30.6, 121.1, 30.8]",
        "[30.6, 120.9, 30.8, 121.1]",
        "extent [30.6, 120.9, 30.8, 121.1] is not [west, south, east, north] in degrees",
    ),
    (
        "{ lon = 121.015, lat = 30.7,",
        "{ lon = 30.7, lat = 121.015,",
        "the view 30.7, 121.015 lies outside the extent; it is lon, then lat",
    ),
    ("{ lon = 121.015,", '{ lon = "121",', f"city: view is not 3 numbers. {README}"),
    ("{ min = 10, max = 18 }", "{ min = 15, max = 18 }", "zoom 15 to 18 does not hold the view's 14 (0 to 22)"),
    (
        'title = { zh = "玩具城地图", en = "Toy City Atlas" }',
        'title = "Toy City"',
        "city: a title needs zh and en, not 'Toy City'",
    ),
    (
        'title = { zh = "景点", en = "Sights" }',
        'title = { zh = "景点" }',
        'layer "sights": a title needs zh and en, not',
    ),
    ('colour = "#00695c"', 'colour = "red;}"', 'layer "sights": colour "red;}" is not like #1f5f99'),
    ('shape = "circle"', 'shape = "star"', f'layer "sights": shape "star" is not one of {SHAPES}'),
    ('shape = "circle"\n', "", f'layer "sights": the key "shape" is missing. {README}'),
    (
        'shape = "circle"',
        'shape = "circle"\nradius = 4',
        'layer "sights": the key "radius" is not known (there are id, title,',
    ),
    ('group = "visit"', 'group = "tour"', 'layer "sights": group "tour" is not in [groups]'),
    ('kinds = ["house",', 'kinds = ["hous",', 'layer "sights": kind "hous" is not in [kinds]'),
    ('id = "works"', 'id = "../works"', '"../works" is not a plain id (a-z, 0-9, - and _)'),
    ('id = "works"', 'id = "sights"', "two layers have the same id"),
    ('role = "route"', 'role = "road"', 'kind "route": role "road" is not one of route, area, stop'),
    (
        'family = { zh = "亲子", en = "Family" }',
        'family = "Family"',
        "theme \"family\": a title needs zh and en, not 'Family'",
    ),
    (
        "[retired]",
        TILES.replace("https://", "javascript://") + "[retired]",
        'basemap "tiles": "javascript://t{s}.example/',
    ),
    (
        "[retired]",
        TILES.replace('"01"', '" ;*"') + "[retired]",
        'basemap "tiles": subdomains " ;*" are not single letters or',
    ),
    (
        "[retired]",
        TILES.replace("WGS-84", "Xian") + "[retired]",
        'basemap "tiles": datum "Xian" is not one of WGS-84, GCJ-02, BD-09',
    ),
    (
        "[retired]",
        TILES.replace('en = "A company"', "en = 1") + "[retired]",
        'basemap "tiles": a title needs zh and en, not',
    ),
]


@pytest.mark.parametrize(("good", "bad", "fault"), CITIES, ids=range(len(CITIES)))
def test_a_bad_city_toml_is_named_with_its_cure(tmp_path: Path, good: str, bad: str, fault: str) -> None:
    assert good in CITY_TOML
    found = faults_of_bytes(tmp_path, CITY_TOML.replace(good, bad, 1).encode(), "city.toml")
    assert found[0].startswith(f"city.toml: {fault}")


def test_a_basemap_with_all_its_keys_is_no_fault(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "toy")
    (folder / "city.toml").write_text(CITY_TOML.replace("[retired]", TILES + "[retired]"), "utf-8")
    (basemap,) = build_catalogue(Settings(geodata=folder)).city.basemaps
    assert basemap.hosts == ("https://t0.example", "https://t1.example")


def test_a_city_toml_in_gbk_is_named(tmp_path: Path) -> None:
    (found,) = faults_of_bytes(tmp_path, CITY_TOML.encode("gbk"), "city.toml")
    assert found.startswith("city.toml: not readable as TOML in UTF-8: ")


FIGURES: list[tuple[Json, str]] = [
    ({"label": None}, "label is missing"),
    ({"value": "600000"}, 'value "600000" is not a number below 1e+15'),
    ({"value": True}, "value true is not a number below 1e+15"),
    ({"value": 10**400}, f"value 1{'0' * 56}... is not a number below 1e+15"),
    ({"value_max": "more"}, 'value_max "more" is not a number below 1e+15'),
    ({"bound": "roughly"}, 'bound "roughly" is not one of exact, about, more_than'),
    ({"bound": ["about"]}, 'bound ["about"] is not one of exact, about, more_than'),
    ({"id": ["visits"]}, 'id ["visits"] is not a slug (a-z, 0-9 and -)'),
    ({"id": "talks"}, 'id "talks" is used twice; each figure needs its own'),
    ({"group": "<b>"}, 'group "<b>" is not a slug (a-z, 0-9 and -)'),
    ({"label": "Visits"}, 'label "Visits" is not a text; write {"zh": "...", "en": "..."}'),
    ({"unit": {"zh": "人\ud800"}}, r'unit holds a control character: "人\ud800"; take it out'),
    ({"period": "2023"}, 'period "2023" is not a text; write {"zh": "...", "en": "..."}'),
    ({"period": {"from": "2023"}}, 'period null is not a text; write {"zh": "...", "en": "..."}'),
    ({"source": "Town paper"}, 'source "Town paper" is not {"title", "date", "url"}'),
    (
        {"source": {"title": "Paper", "url": "javascript:alert(1)"}},
        'source url "javascript:alert(1)" is not an http or https address',
    ),
    (
        {"source": {"title": "Paper", "date": "last year"}},
        'source date "last year" is not a date (example: "2024-03-05"',
    ),
    ({"feature": "pier"}, 'feature "pier" is in no layer'),
    ({"feature": ["mill"]}, 'feature ["mill"] is in no layer'),
    ({"programme": 7}, "programme 7 is not the id of a programme"),
]


@pytest.mark.parametrize(("change", "fault"), FIGURES, ids=range(len(FIGURES)))
def test_a_bad_figure_is_named_with_its_cure(tmp_path: Path, change: Json, fault: str) -> None:
    document = figures()
    document["figures"][2] |= change
    (found,) = faults_of_bytes(tmp_path, json.dumps(document).encode(), "figures.json")
    assert found.startswith(f"figures.json: figure number 3: {fault}")


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ([], 'has no list "figures"'),
        ({"figures": {}}, 'has no list "figures"'),
        ({"figures": ["visits"]}, "figure number 1: is not an object"),
    ],
)
def test_a_file_that_holds_no_figures_is_named(tmp_path: Path, document: Any, fault: str) -> None:
    assert faults_of_bytes(tmp_path, json.dumps(document).encode(), "figures.json") == [f"figures.json: {fault}"]


def base(**changes: Any) -> bytes:
    """Return a basemap file of one lake, changed; a property begins with a p_."""
    properties = {"class": "lake", "name": {"zh": "湖", "en": "Lake"}, "min_zoom": 12}
    properties |= {key[2:]: value for key, value in changes.items() if key.startswith("p_")}
    row = {"type": "Feature", "properties": properties, "geometry": point(121.0)}
    row |= {key: value for key, value in changes.items() if not key.startswith("p_")}
    return json.dumps({"type": "FeatureCollection", "features": [row]}).encode()


BASES = [
    (b"{", "is not JSON: Expecting property name enclosed in double quotes in line 1, column 2"),
    (b"[]", 'is not a FeatureCollection. Begin with {"type": "FeatureCollection", "features": [...]}'),
    (
        base(properties=None),
        'feature number 1: is not {"type": "Feature", "properties": {...}, "geometry": {...}}',
    ),
    (base(p_class="<b>"), 'feature number 1: class "<b>" is not a plain word (a-z, 0-9 and -)'),
    (base(p_class=None), "feature number 1: class null is not a plain word (a-z, 0-9 and -)"),
    (base(p_min_zoom="12"), 'feature number 1: min_zoom "12" is not a whole number'),
    (base(p_name="Lake"), 'feature number 1: name "Lake" is not a text; write {"zh": "...", "en": "..."}'),
    (
        base(geometry=None),
        "feature number 1: has no geometry; a place that is not located yet gets a schematic point",
    ),
    (base(p_name=None), "feature number 1: is a label; it needs a Point and a name"),
    (
        base(geometry={"type": "LineString", "coordinates": [[121, 30.7], [121.1, 30.7]]}),
        "feature number 1: is a label; it needs a Point and a name",
    ),
]


@pytest.mark.parametrize(("content", "fault"), BASES, ids=range(len(BASES)))
def test_a_bad_basemap_file_is_named_with_its_cure(tmp_path: Path, content: bytes, fault: str) -> None:
    assert faults_of_bytes(tmp_path, content, "base/labels.geojson") == [f"base/labels.geojson: {fault}"]


def test_faults_of_layers_and_basemap_come_together(tmp_path: Path, toy_city: Path) -> None:
    (toy_city / "base").mkdir()
    (toy_city / "base" / "land.geojson").write_text("")
    (toy_city / "works.geojson").unlink()
    assert [fault.split(":")[0] for fault in faults_of(toy_city)] == ["works.geojson", "base/land.geojson"]


def test_a_retired_id_must_lead_somewhere(tmp_path: Path) -> None:
    found = faults_of_bytes(tmp_path, CITY_TOML.replace('old-mill = "mill"', 'old-mill = "pier"').encode(), "city.toml")
    assert found == ['city.toml: retired "old-mill": its successor "pier" is in no layer; name another, or "" for none']


def test_a_retired_id_may_not_be_in_use(tmp_path: Path) -> None:
    found = faults_of_bytes(tmp_path, CITY_TOML.replace("old-mill =", "quay =").encode(), "city.toml")
    assert found == ['city.toml: retired "quay": a feature has this id; take one of the two out']
