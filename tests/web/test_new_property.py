"""Add two properties to the table and to nothing else, and find them wherever a property is handled.

A page for visitors shows one only when its template says so; that is the one other place.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.catalogue.folder_export import content_of_feature, export_folder
from cityatlas.catalogue.store_watch import NOTHING
from cityatlas.city.property_checks import check_properties
from cityatlas.editing.worklist import find_tasks
from cityatlas.editing.worklist.task import sentence
from cityatlas.exchange.incoming.sheet_comparison import read_sheet
from cityatlas.exchange.layers.sheets import layer_csv, layer_xlsx
from cityatlas.exchange.tables.columns import columns_of
from cityatlas.i18n import LANGUAGES, Language
from cityatlas.schema.properties import with_added
from cityatlas.schema.property_types import BilingualText, ItemList, Member, Number, Property, SourceTitle, both
from cityatlas.settings import Settings
from cityatlas.store.log.desk_lists import open_drafts
from cityatlas.versioning.content import Content, content_of
from cityatlas.versioning.merge import differences, merge
from sheet_files import csv_of, with_cell
from staff import logged_in, make_desk, store_of, token
from staff_desk import put, words
from toy import sights, text, with_properties, write_city

NOTE = Property(
    "wheelchair_note",
    BilingualText("long"),
    both("轮椅说明", "Wheelchair note"),
    group="visit",
    is_sourced=True,
)
AREA = Property("floor_area_m2", Number(1, 500_000), both("建筑面积（平方米）", "Floor area (m²)"), group="visit")
SAID: dict[str, Any] = {
    "wheelchair_note": text("西门没有台阶", "The west door has no step"),
    "wheelchair_note_source": "Town paper",
    "floor_area_m2": 1250.5,
}


@pytest.fixture(autouse=True)
def added() -> Iterator[None]:
    """Put the two properties into the table, and into nothing else."""
    with with_added(NOTE, AREA):
        yield


@pytest.fixture
def city(tmp_path: Path) -> Catalogue:
    """Return the toy city, whose mill says both."""
    layer = with_properties(sights(), "mill", **SAID)
    return build_catalogue(Settings(geodata=write_city(tmp_path / "city", sights=layer)))


@pytest.fixture
def desk(tmp_path: Path) -> Flask:
    """Return a desk of the toy city, whose mill says neither."""
    return make_desk(tmp_path)


def saying(city: Catalogue, **properties: Any) -> Content:
    """Return what the mill says, with other properties; one that is None is taken out."""
    said = content_of_feature(city.features["mill"])
    return content_of(said.layer, said.geometry, said.properties | properties)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"floor_area_m2": 0}, "floor_area_m2 0 is not a number from 1 to 500,000"),
        ({"floor_area_m2": "large"}, 'floor_area_m2 "large" is not a number from 1 to 500,000'),
        ({"wheelchair_note": "no step"}, 'wheelchair_note "no step" is not a text'),
        ({"wheelchair_note": {"zh": " "}}, "wheelchair_note is empty in every language"),
        ({"wheelchair_note_source": None}, "wheelchair_note has no source"),
        ({"wheelchair_note_source": "Else"}, 'wheelchair_note has the source "Else", which is not the title'),
        ({"wheelchair_notes": text("西", "W")}, 'property "wheelchair_notes" is not known; did you mean'),
    ],
)
def test_they_are_checked(city: Catalogue, wrong: dict[str, Any], told: str) -> None:
    mill = dict(city.features["mill"].properties)
    assert list(check_properties(mill, city.layers["sights"].spec, city.city)) == []
    (found,) = check_properties(mill | wrong, city.layers["sights"].spec, city.city)
    assert str(found).startswith(told)


def form(client: FlaskClient, language: Language, feature_id: str = "mill") -> tuple[BeautifulSoup, dict[str, str]]:
    """Return the page of a form, and what it holds of the two."""
    page = BeautifulSoup(client.get(f"/{language}/staff/features/{feature_id}").text, "html.parser")
    fields = page.select("[name^=wheelchair_note], [name=floor_area_m2]")
    return page, {str(node["name"]): _value(node).strip("\n") for node in fields}


def _value(node: Tag) -> str:
    chosen = node.select("option[selected]") if node.name == "select" else [node]
    return str(chosen[0].get("value") or chosen[0].get_text()) if chosen else ""


LABELS: dict[Language, list[str]] = {
    "zh": ["轮椅说明", "轮椅说明的来源", "建筑面积（平方米）"],
    "en": ["Wheelchair note", "Source of the wheelchair note", "Floor area (m²)"],
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_has_them_in_both_languages(desk: Flask, language: Language) -> None:
    page, fields = form(logged_in(desk, "coco"), language)
    assert fields == dict.fromkeys(
        ("wheelchair_note.zh", "wheelchair_note.en", "wheelchair_note_source", "floor_area_m2"), ""
    )
    group = page.select_one("#group-visit")
    assert group
    asked = [" ".join(node.find_all(string=True, recursive=False)).strip() for node in group.select("legend, label")]
    assert [label for label in asked if label in LABELS[language]] == LABELS[language]


def saved(client: FlaskClient, **typed: str) -> BeautifulSoup:
    """Save the mill's form and return the page that a browser then shows; `note__zh` stands for `note.zh`."""
    answer = client.get("/en/staff/features/mill")
    seen = {name: BeautifulSoup(answer.text, "html.parser").select_one(f"[name={name}]") for name in ("seen", "draft")}
    hidden = {name: str(node["value"]) for name, node in seen.items() if node}
    fields = {name.replace("__", "."): value for name, value in typed.items()}
    sent = client.post("/en/staff/features/mill", data={"csrf": token(answer), **hidden, **fields})
    assert sent.status_code == 303, sent.text
    return BeautifulSoup(client.get(sent.headers["Location"]).text, "html.parser")


FORM = {"wheelchair_note__zh": "西门没有台阶", "wheelchair_note__en": "The west door has no step"}


def test_what_is_typed_becomes_a_draft(desk: Flask) -> None:
    coco = logged_in(desk, "coco")
    page = saved(coco, **FORM, wheelchair_note_source="Town paper", floor_area_m2="1250.5")
    (draft,) = open_drafts(store_of(desk), feature_id="mill")
    assert {key: draft.head.content.properties[key] for key in SAID} == SAID
    assert page.select(".lacks-list li") == []
    assert form(coco, "en")[1]["floor_area_m2"] == "1250.5"


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"floor_area_m2": "0.5"}, "floor_area_m2", "Floor area (m²) 0.5 is not a number from 1 to 500,000"),
        ({"floor_area_m2": "large"}, "floor_area_m2", 'Floor area (m²) "large" is not a number from 1 to 500,000'),
        (FORM, "wheelchair_note_source", "Wheelchair note has no source"),
        (
            {"wheelchair_note__zh": "长" * 20_001, "wheelchair_note_source": "Town paper"},
            "wheelchair_note.zh",
            "Wheelchair note (Chinese) is 20001 letters long, the limit is 20000",
        ),
    ],
)
def test_a_fault_stands_at_its_field_and_at_no_other(desk: Flask, typed: dict[str, str], field: str, told: str) -> None:
    page = saved(logged_in(desk, "coco"), **typed)
    (fault,) = page.select("#edit .field-fault")
    assert fault["id"] == f"fault-{field}"
    assert fault.get_text(" ", strip=True).startswith(told)
    (link,) = page.select(".lacks-list a")
    assert link["href"] == f"#{field}"
    assert page.select_one(f"[id='{field}']")


def test_two_edits_are_merged_field_by_field(city: Catalogue) -> None:
    base = saying(city)
    mine = saying(city, wheelchair_note=text("东门没有台阶", SAID["wheelchair_note"]["en"]), floor_area_m2=1300)
    theirs = saying(city, wheelchair_note=text(SAID["wheelchair_note"]["zh"], "No step"), floor_area_m2=1400)
    merged = merge(base, mine, theirs)
    assert [clash.path for clash in merged.clashes] == ["floor_area_m2"]
    assert merged.content.properties["wheelchair_note"] == text("东门没有台阶", "No step")


def test_a_sheet_goes_out_and_comes_in_without_a_difference(city: Catalogue) -> None:
    layer = city.layers["sights"]
    taken = {feature.id: feature.layer for feature in city.features.values()}
    for raw in (layer_csv(layer, city.city, "zh"), layer_xlsx(layer, city.city, "en")):
        assert read_sheet(raw, layer, city.city, taken=taken).is_empty


def sheet(city: Catalogue) -> list[list[Any]]:
    """Return the rows of the sights' sheet: headings, keys, features."""
    raw = layer_csv(city.layers["sights"], city.city, "zh").decode("utf-8-sig")
    return list(csv.reader(io.StringIO(raw, newline="")))


def test_their_columns_have_headings_and_what_is_written_in_them_is_checked(city: Catalogue) -> None:
    layer, rows = city.layers["sights"], sheet(city)
    headings = dict(zip(rows[1], rows[0], strict=True))
    keys = ("wheelchair_note.zh", "wheelchair_note.en", "wheelchair_note_source", "floor_area_m2")
    assert [headings[key] for key in keys] == [
        *("轮椅说明（中文）", "轮椅说明（英文）", "轮椅说明的来源", "建筑面积（平方米）")
    ]
    rows, _ = with_cell(rows, "mill", "wheelchair_note.en", "No step")
    wrong, cell = with_cell(rows, "mill", "floor_area_m2", "600000")
    (change,) = read_sheet(csv_of(rows), layer, city.city).changes
    assert (change.column, change.after) == ("wheelchair_note.en", "No step")
    (fault,) = read_sheet(csv_of(wrong), layer, city.city).faults
    assert (fault.where, fault.column, fault.title("zh")) == (cell, "floor_area_m2", "建筑面积（平方米）")
    wrong, cell = with_cell(rows, "mill", "wheelchair_note_source", "Town papers")
    (fault,) = read_sheet(csv_of(wrong), layer, city.city).faults
    assert (fault.where, fault.cure, fault.key) == (cell, "Town paper", "files.unknown_source")


def test_history_and_differences_call_them_by_name(desk: Flask, city: Catalogue) -> None:
    put(desk, "mill", **SAID)
    page = words(logged_in(desk, "ed").get("/en/staff/features/mill/history"))
    for told in ("wheelchair note · English", "The west door has no step", "floor area (m²)", "1250.5"):
        assert told in page
    found = differences(saying(city, **dict.fromkeys(SAID)), saying(city))
    assert {one.path for one in found} == {*SAID} - {"wheelchair_note"} | {"wheelchair_note.zh", "wheelchair_note.en"}


def test_the_worklist_asks_for_a_missing_source_and_language(city: Catalogue) -> None:
    mill = city.features["mill"]
    said = {key: value for key, value in mill.properties.items() if key != "wheelchair_note_source"}
    lacking = replace(mill, properties=said | {"wheelchair_note": {"zh": "西门没有台阶"}})
    tasks = find_tasks(replace(city, features={**city.features, "mill": lacking}), date(2026, 11, 24))
    of_it = {task.field: task for task in tasks if task.field.startswith("wheelchair")}
    assert {field: task.kind for field, task in of_it.items()} == {
        "wheelchair_note_source": "source",
        "wheelchair_note.en": "translation",
    }
    assert "轮椅说明" in sentence(of_it["wheelchair_note_source"], "zh")
    assert "wheelchair note" in sentence(of_it["wheelchair_note.en"], "en")


def test_geojson_and_an_exported_folder_hold_them(desk: Flask, tmp_path: Path) -> None:
    put(desk, "mill", **SAID)
    layer = json.loads(desk.test_client().get("/layers/sights.geojson").data)
    (mill,) = (row["properties"] for row in layer["features"] if row["id"] == "mill")
    assert {key: mill[key] for key in SAID} == SAID
    settings = Settings(geodata=write_city(tmp_path / "city", sights=with_properties(sights(), "mill", **SAID)))
    written = export_folder(settings, NOTHING, tmp_path / "out")
    assert {key: written.features["mill"].properties[key] for key in SAID} == SAID


DOORS = Property(
    "entrances",
    ItemList(
        (
            Member("name", BilingualText(), both("入口", "Entrance"), is_needed=True),
            Member("width_cm", Number(40, 1_000, is_whole=True), both("宽（厘米）", "Width (cm)")),
            Member("source", SourceTitle(), both("来源", "Source")),
        ),
        lambda item: str(item["name"]["zh"]),
        both("入口 {number}", "Entrance {number}"),
        both("加一个入口", "Add an entrance"),
    ),
    both("入口", "Entrances"),
    noun=both("入口", "entrance"),
    group="visit",
)
WEST = {"name": text("西门", "West door"), "width_cm": 90, "source": "Town paper"}
EAST = {"name": text("东门", "East door"), "width_cm": 120, "source": "Town paper"}


def test_a_list_is_handled_too(desk: Flask, tmp_path: Path) -> None:
    with with_added(DOORS):
        layer = with_properties(sights(), "mill", entrances=[WEST])
        city = build_catalogue(Settings(geodata=write_city(tmp_path / "city", sights=layer)))
        wide, joined = WEST | {"width_cm": 100}, saying(city, entrances=[WEST, EAST])
        merged = merge(saying(city), saying(city, entrances=[wide]), joined)
        assert (merged.clashes, merged.content.properties["entrances"]) == ((), [wide, EAST])
        raw = layer_csv(city.layers["sights"], city.city, "zh")
        assert read_sheet(raw, city.layers["sights"], city.city).is_empty
        assert "西门 | West door | 90 | Town paper" in raw.decode("utf-8-sig")
        (column,) = (one for one in columns_of(city.layers["sights"].spec, city.city) if one.key == "entrances")
        assert column.how("en", "") == (
            "One to a line, bars between: Entrance (Chinese) | Entrance (English) | Width (cm) | Source"
        )
        page = form(logged_in(desk, "coco"), "en")[0]
        rows = page.select_one("[data-list=entrances]")
        assert rows
        assert (rows["data-row"], rows["data-add"]) == ("Entrance #", "Add an entrance")
        page = saved(logged_in(desk, "coco"), entrances__0__name__zh="西门", entrances__0__width_cm="30")
        faults = [str(fault["id"]) for fault in page.select("#edit .field-fault")]
        assert faults == ["fault-entrances.0.width_cm", "fault-entrances.0.source"]


def test_one_that_is_not_public_stays_at_the_desk(desk: Flask) -> None:
    with with_added(replace(NOTE, is_public=False), AREA):
        put(desk, "mill", **SAID)
        visitor, ed = desk.test_client(), logged_in(desk, "ed")
        for address in ("/layers/sights.geojson", "/sites/mill.geojson"):
            answer = visitor.get(address).text
            assert "floor_area_m2" in answer
            assert "wheelchair" not in answer
        assert form(ed, "en")[1]["wheelchair_note_source"] == "Town paper"
        for kind in ("geojson", "csv"):
            assert "The west door" in ed.get(f"/en/staff/layers/sights/export?format={kind}").text


def test_a_page_for_visitors_shows_neither_until_its_template_does(desk: Flask) -> None:
    put(desk, "mill", **SAID)
    assert "west door" not in desk.test_client().get("/en/sites/mill").text
