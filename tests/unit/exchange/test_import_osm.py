"""Check what is taken from an OpenStreetMap extract: a napkin of a town written by osmium's own writer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import osmium
import pytest
from click.testing import CliRunner
from osmium.osm.mutable import Node, Relation, Way

from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.cli.main import main
from cityatlas.exchange.osm.city import is_walked, step_free
from cityatlas.exchange.osm.files import import_osm
from cityatlas.settings import Settings
from toy import Json, feature, point, text, write_city

# Two streets that cross in 2; a footbridge with steps from 2; a lake of four corners; a canal that leaves the city.
NODES = {
    1: (121.00, 30.70), 2: (121.01, 30.70), 3: (121.02, 30.70), 4: (121.01, 30.71), 5: (121.01, 30.69),
    6: (121.015, 30.705), 11: (121.03, 30.70), 12: (121.04, 30.70), 13: (121.04, 30.71), 14: (121.03, 30.71),
    20: (121.0, 30.68), 21: (125.0, 30.68), 30: (100.0, 20.0), 31: (100.1, 20.0),
    41: (121.032, 30.702), 42: (121.034, 30.702), 43: (121.033, 30.704),
}  # fmt: skip
WAYS: dict[int, tuple[list[int], dict[str, str]]] = {
    100: ([1, 2, 3], {"highway": "primary", "name": "当湖路", "name:en": "Danghu Road"}),
    101: ([4, 2, 5], {"highway": "residential", "wheelchair": "yes"}),
    102: ([2, 6], {"highway": "steps"}),
    103: ([1, 4], {"highway": "motorway"}),
    104: ([3, 5], {"highway": "service", "access": "private"}),
    105: ([2, 3, 4, 2], {"amenity": "parking"}),
    110: ([11, 12, 13, 14, 11], {}),
    111: ([41, 42, 43, 41], {}),
    112: ([1, 2, 4, 1], {"building": "yes"}),
    113: ([2, 3, 6, 2], {"leisure": "park"}),
    120: ([20, 21], {"waterway": "canal", "name": "上海塘", "boat": "yes"}),
    130: ([30, 31], {"highway": "primary"}),
}


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an .osm.pbf file of the napkin."""
    path = tmp_path_factory.mktemp("osm") / "town.osm.pbf"
    with osmium.SimpleWriter(path) as writer:
        for node, position in NODES.items():
            tags = {"place": "town", "name": "当湖镇"} if node == 6 else SERVICES.get(node, {})
            writer.add_node(Node(id=node, location=position, tags=tags))
        for way, (nodes, tags) in WAYS.items():
            writer.add_way(Way(id=way, nodes=nodes, tags=tags))
        members = [("w", 110, "outer"), ("w", 111, "inner")]
        writer.add_relation(
            Relation(id=200, members=members, tags={"type": "multipolygon", "natural": "water", "name": "明湖"})
        )
    return path


SERVICES = {
    41: {"amenity": "toilets", "wheelchair": "yes", "changing_table": "yes", "opening_hours": "24/7"},
    42: {"amenity": "drinking_water", "opening_hours": "dawn till dusk"},
    43: {"amenity": "fountain", "drinking_water": "yes"},
    30: {"amenity": "toilets"},  # in another country
    12: {"amenity": "parking", "access": "private"},
    13: {"amenity": "mall", "baby_feeding": "room", "name": "商场"},
    14: {"amenity": "fountain"},
}
LAYER = """
[[layers]]
id = "services"
title = { zh = "设施", en = "Services" }
group = "visit"
colour = "#35556e"
shape = "pentagon"
kinds = ["toilets", "parking", "drinking_water", "nursing_room"]

[groups]"""
KINDS = """[kinds]
toilets = { zh = "厕所", en = "Toilets" }
parking = { zh = "停车场", en = "Parking" }
drinking_water = { zh = "饮水", en = "Water" }
nursing_room = { zh = "母婴室", en = "Nursing room" }"""


def with_services(folder: Path) -> Path:
    """Return the folder of the toy city with the layer, and in it toilets that staff wrote and that an import took."""
    write_city(folder)
    table = (folder / "city.toml").read_text("utf-8").replace("[groups]", LAYER).replace("[kinds]", KINDS)
    (folder / "city.toml").write_text(table, "utf-8")
    own = feature("quay-toilets", "toilets", text("码头厕所", "Quay toilets"), point(121.01))
    old = own | {"id": "osm-node-1"}
    document = {"type": "FeatureCollection", "features": [own, old]}
    (folder / "services.geojson").write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return folder


def test_services_are_taken_for_the_layer_and_those_of_staff_stay(extract: Path, tmp_path: Path) -> None:
    folder = with_services(tmp_path / "toy")
    told = CliRunner().invoke(main, ["import-osm", str(extract), "--geodata", str(folder), "--replace"])
    assert told.exit_code == 0, told.output
    catalogue = build_catalogue(Settings(geodata=folder))
    services = {one.id: one for one in catalogue.layers["services"].features}
    assert {key: one.kind for key, one in services.items()} == {
        "quay-toilets": "toilets",
        "osm-node-41": "toilets",
        "osm-node-42": "drinking_water",
        "osm-node-43": "drinking_water",
        "osm-node-13": "nursing_room",
        "osm-way-105": "parking",
    }
    toilets = services["osm-node-41"]
    assert (toilets.name, toilets.opening_hours) == ({"zh": "公共厕所", "en": "Public toilets"}, "24/7")
    assert toilets.properties.get("access") == {"step_free": True}
    assert toilets.properties.get("services") == {"note": {"zh": "有婴儿护理台", "en": "Has a changing table"}}
    assert toilets.sources[0].url == "https://www.openstreetmap.org/node/41"
    assert services["osm-node-42"].opening_hours == ""  # nobody can rely on those
    assert services["osm-node-13"].name == {"zh": "商场", "en": "Nursing room"}
    assert [one.url for one in catalogue.layers["services"].credits] == ["https://www.openstreetmap.org/copyright"]
    (kept,) = tmp_path.glob("toy-before-osm-*")
    assert (kept / "services.geojson").is_file()


def test_a_city_without_the_layer_gets_no_services(made: dict[str, list[Json]]) -> None:
    assert not (Path(made["folder"][0]["path"]) / "services.geojson").exists()


@pytest.fixture(scope="module")
def made(extract: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Json]]:
    """Return the features of each file that the command writes over the toy city."""
    folder = write_city(tmp_path_factory.mktemp("city") / "toy")
    told = CliRunner().invoke(main, ["import-osm", str(extract), "--geodata", str(folder), "--replace"])
    assert told.exit_code == 0, told.output
    assert "ODbL" in told.output
    files = ("paths", "base/land", "base/water", "base/streets", "base/labels")
    documents = {name: json.loads((folder / f"{name}.geojson").read_text("utf-8")) for name in files}
    assert {d["attribution"]["en"] for d in documents.values()} == {"© OpenStreetMap contributors"}
    assert [d["is_schematic"] for d in documents.values()] == [False] * 5
    documents["folder"] = {"features": [{"path": str(folder)}]}
    return {name: document["features"] for name, document in documents.items()}


def by_id(features: list[Json]) -> dict[str, Json]:
    return {feature["id"]: feature for feature in features}


def test_paths_are_split_where_ways_meet(made: dict[str, list[Json]]) -> None:
    paths = by_id(made["paths"])
    assert set(paths) == {"osm-100-1", "osm-100-2", "osm-101-1", "osm-101-2", "osm-102-1", "osm-120-1"}
    assert paths["osm-100-1"]["geometry"]["coordinates"] == [[121.0, 30.7], [121.01, 30.7]]
    assert paths["osm-100-2"]["geometry"]["coordinates"] == [[121.01, 30.7], [121.02, 30.7]]
    assert paths["osm-100-1"]["properties"] == {
        "mode": "walk",
        "name": {"zh": "当湖路", "en": "Danghu Road"},
        "step_free": None,
    }


def test_steps_and_step_free_ways_are_told_apart(made: dict[str, list[Json]]) -> None:
    paths = by_id(made["paths"])
    assert paths["osm-102-1"]["properties"]["step_free"] is False
    assert paths["osm-101-1"]["properties"]["step_free"] is True


def test_boats_take_only_what_says_so_and_lines_end_at_the_citys_edge(made: dict[str, list[Json]]) -> None:
    canal = by_id(made["paths"])["osm-120-1"]
    assert canal["properties"]["mode"] == "boat"
    assert canal["geometry"]["coordinates"] == [[121.0, 30.68], [121.1, 30.68]]  # the toy city's eastern edge


def test_streets_are_drawn_by_their_class_and_those_elsewhere_are_not(made: dict[str, list[Json]]) -> None:
    drawn = [feature["properties"]["class"] for feature in made["base/streets"]]
    assert drawn == ["main", "lane", "main", "lane"]  # primary, residential, motorway, service
    assert made["base/streets"][0]["properties"]["name"] == {"zh": "当湖路", "en": "Danghu Road"}


def test_a_lake_keeps_its_islet(made: dict[str, list[Json]]) -> None:
    lake = next(f for f in made["base/water"] if f["properties"]["class"] == "lake")
    assert lake["properties"]["name"] == {"zh": "明湖"}
    assert [len(ring) for ring in lake["geometry"]["coordinates"]] == [5, 4]
    assert [f["properties"]["class"] for f in made["base/water"]] == ["canal", "lake"]


def test_greens_and_buildings_lie_on_the_land(made: dict[str, list[Json]]) -> None:
    assert [f["properties"]["class"] for f in made["base/land"]] == ["green", "building"]


def test_the_city_with_what_was_taken_can_be_served(made: dict[str, list[Json]]) -> None:
    catalogue = build_catalogue(Settings(geodata=Path(made["folder"][0]["path"])))
    assert len(catalogue.network.paths) == 6
    assert len(catalogue.base.shapes) == 12
    assert not catalogue.base.is_schematic
    assert [one.url for one in catalogue.attributions] == ["https://www.openstreetmap.org/copyright"]


def test_names_stand_once_by_what_they_name(made: dict[str, list[Json]]) -> None:
    named = {f["properties"]["name"]["zh"]: f for f in made["base/labels"]}
    assert {name: f["properties"]["class"] for name, f in named.items()} == {
        "当湖镇": "town",
        "明湖": "lake",
        "上海塘": "river",
        "当湖路": "street",
    }
    assert named["当湖路"]["geometry"]["coordinates"] == [121.01, 30.7]  # the middle of the street


def test_buildings_stay_out_where_they_are_not_wanted(extract: Path, tmp_path: Path) -> None:
    folder = write_city(tmp_path / "toy")
    out = tmp_path / "out"
    told = CliRunner().invoke(
        main, ["import-osm", str(extract), "--geodata", str(folder), "--out", str(out), "--no-buildings"]
    )
    assert told.exit_code == 0, told.output
    land = json.loads((out / "base" / "land.geojson").read_text("utf-8"))["features"]
    assert [f["properties"]["class"] for f in land] == ["green"]
    assert not (folder / "base").exists()  # the city itself stays as it was


def test_the_citys_outline_of_land_stays(extract: Path, tmp_path: Path) -> None:
    ring = [[120.9, 30.5], [121.3, 30.5], [121.3, 30.9], [120.9, 30.5]]
    shapes = [
        {"type": "Feature", "properties": {"class": kind}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for kind in ("land", "green")
    ]
    folder = write_city(tmp_path / "toy")
    (folder / "base").mkdir()
    (folder / "base" / "land.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": shapes}))
    CliRunner().invoke(
        main, ["import-osm", str(extract), "--geodata", str(folder), "--out", str(folder), "--no-buildings"]
    )
    land = json.loads((folder / "base" / "land.geojson").read_text("utf-8"))["features"]
    assert [(f["properties"]["class"], len(f["geometry"]["coordinates"][0])) for f in land] == [
        ("land", 4),
        ("green", 4),
    ]


def test_what_is_replaced_is_kept_beside_the_folder(extract: Path, tmp_path: Path) -> None:
    folder = write_city(tmp_path / "toy")
    (folder / "base").mkdir()
    (folder / "base" / "water.geojson").write_text("old")
    told = CliRunner().invoke(main, ["import-osm", str(extract), "--geodata", str(folder), "--replace"])
    assert told.exit_code == 0, told.output
    (kept,) = tmp_path.glob("toy-before-osm-*")
    assert (kept / "base" / "water.geojson").read_text() == "old"
    assert "OpenStreetMap" in (folder / "base" / "water.geojson").read_text("utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["toy", kept.name])


def test_nothing_is_replaced_when_the_extract_cannot_be_read(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "toy")
    broken = tmp_path / "x.osm.pbf"
    broken.write_bytes(b"nothing")
    told = CliRunner().invoke(main, ["import-osm", str(broken), "--geodata", str(folder), "--replace"])
    assert told.exit_code == 1
    assert not (folder / "paths.geojson").exists()
    assert list(tmp_path.glob(".toy*")) == list(tmp_path.glob("toy-*")) == []


def test_one_says_where_it_is_to_be_written(extract: Path, tmp_path: Path) -> None:
    for options in ([], ["--replace", "--out", str(tmp_path / "out")]):
        told = CliRunner().invoke(main, ["import-osm", str(extract), *options])
        assert told.exit_code == 2
        assert "--replace" in told.output


def test_the_bar_goes_on_as_the_file_is_read(extract: Path, tmp_path: Path) -> None:
    shares: list[float] = []
    city = build_catalogue(Settings(geodata=write_city(tmp_path / "toy"))).city
    import_osm(extract, city, tmp_path / "toy", tmp_path / "out", shares.append, most_buildings=1)
    assert shares == sorted(shares)
    assert (shares[0] > 0, shares[-1]) == (True, 1)


def test_the_smallest_buildings_are_left_out_when_there_are_too_many(extract: Path, tmp_path: Path) -> None:
    city = build_catalogue(Settings(geodata=write_city(tmp_path / "toy"))).city
    taken = import_osm(extract, city, tmp_path / "toy", tmp_path / "out", lambda _: None, most_buildings=0)
    assert taken.left_out == 1


def test_a_file_that_is_no_extract_is_told_in_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "x.osm.pbf"
    broken.write_bytes(b"nothing")
    folder = write_city(tmp_path / "toy")
    told = CliRunner().invoke(main, ["import-osm", str(broken), "--geodata", str(folder), "--out", str(tmp_path / "o")])
    assert told.exit_code == 1
    assert "\nError: " in told.output  # below the bar
    assert "Traceback" not in told.output


@pytest.mark.parametrize(
    ("tags", "walked"),
    [
        ({"highway": "footway"}, True),
        ({"highway": "steps"}, True),
        ({"highway": "motorway"}, False),
        ({"highway": "trunk"}, False),
        ({"highway": "trunk", "foot": "yes"}, True),
        ({"highway": "residential", "foot": "no"}, False),
        ({"highway": "service", "access": "private"}, False),
        ({"highway": "service", "access": "private", "foot": "yes"}, True),
        ({"highway": "construction"}, False),
        ({"highway": "pedestrian", "area": "yes"}, False),
        ({"waterway": "river"}, False),
    ],
)
def test_who_may_walk_where(tags: dict[str, str], walked: bool) -> None:
    assert is_walked(tags) is walked


@pytest.mark.parametrize(
    ("tags", "free"),
    [
        ({"highway": "steps"}, False),
        ({"highway": "steps", "ramp:wheelchair": "yes"}, None),
        ({"highway": "footway"}, None),
        ({"highway": "footway", "wheelchair": "limited"}, None),
        ({"highway": "footway", "wheelchair": "no"}, False),
    ],
)
def test_a_way_that_nobody_looked_at_is_neither_step_free_nor_not(tags: dict[str, str], free: Any) -> None:
    assert step_free(tags) is free
