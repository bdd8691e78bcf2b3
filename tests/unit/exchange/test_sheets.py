"""Check that a layer goes out as a sheet and comes back unchanged, whatever its texts are."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.city.layers import Feature, Layer
from cityatlas.exchange.incoming.sheet_comparison import read_sheet
from cityatlas.exchange.layers.sheets import KEPT, content_version, layer_csv, layer_xlsx
from cityatlas.settings import Settings
from hostile import PAYLOADS, write_hostile_city
from sheet_files import csv_of, read, rows_of, toy_catalogue, toy_layer, with_cell
from toy import Json, text

CITY = toy_catalogue().city
Write = Callable[..., bytes]
HOSTILE = [
    "=1+1",
    '=HYPERLINK("http://evil.example","x")',
    "+86 573 1234",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "'=1",
    "''=1",
    "'quoted'",
    "a\nb\r\nc\rd",
    'say "hi", he said; then\tleft',
    "歷史街區 平湖",
    "🏯👨‍👩‍👧𠮷",
    "| bar \\ slash | \\n \\|",
    "_x000D_ _x0041_",
    "2024-01",
    "007",
    "TRUE",
    "1e5",
    "长" * 10_000,
    *PAYLOADS.values(),
]
WORDS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(
        st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n\t|\\="), min_size=1, max_size=80
    ),
)


def a_feature(words: list[str], number: int = 0) -> Feature:
    """Return a feature that says something in every property."""
    said = {"zh": words[0], "en": words[1 % len(words)]}
    properties: Json = {
        "name": said,
        "kind": "house",
        "aliases": words,
        "summary": {"en": words[-1]},
        "address": said,
        "themes": ["art", "family"],
        "phases": [
            {"phase": "planned", "from": None, "to": "2023-08", "source": words[0]},
            {"phase": "piling", "from": "2024-01", "to": None, "note": said, "source": words[-1]},
        ],
        "opening_hours": "Tu-Su 08:30-16:30",
        "hours_source": words[0],
        "last_entry_min": 0,
        "visit_min": 45,
        "programmes": [{"id": "talk", "title": said, "party_min": 5, "party_max": None, "booking": said}],
        "access": {"step_free": False, "toilets": True, "note": said},
        "facts": [{"label": said, "value": {"zh": word}, "source": word} for word in words],
        "figures": ["visits"],
        "photos": [{"file": "mill.jpg", "alt": said, "credit": words[0]}],
        "stops": ["mill", "quay"],
        "legs": [{"mode": "boat"}],
        "is_loop": False,
        "stated": [{"what": "length_m", "value": 900.5, "note": said, "source": words[0]}],
        "position": {"class": "approximate", "accuracy_m": 50, "located_by": said, "source": words[0]},
        "sources": [{"title": word, "date": "2024-03", "url": None} for word in words],
    }
    geometry = toy_layer().features[0].geometry
    return Feature(f"place-{number}", "sights", "house", geometry, 121.0, 30.7, properties)


@pytest.mark.parametrize("write", [layer_csv, layer_xlsx])
@pytest.mark.parametrize("layer_id", ["sights", "works"])
def test_an_unchanged_sheet_changes_nothing(write: Write, layer_id: str) -> None:
    layer = toy_layer(layer_id)
    found = read(write(layer, CITY, "zh"), layer_id)
    assert found.is_empty
    assert found.unchanged == len(layer.features)
    assert (found.missing, found.stale, found.unread) == ((), (), ())


@pytest.mark.parametrize("write", [layer_csv, layer_xlsx])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(WORDS, min_size=1, max_size=3))
def test_whatever_texts_say_an_unchanged_sheet_changes_nothing(write: Write, words: list[str]) -> None:
    spec = toy_layer().spec
    layer = Layer(spec, (a_feature(words), a_feature(words[::-1], 1)), toy_layer().frame)
    found = read_sheet(write(layer, CITY, "en"), layer, CITY)
    assert found.is_empty
    assert found.unchanged == 2


@pytest.mark.parametrize("write", [layer_csv, layer_xlsx])
@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_a_city_of_attacks_comes_back_unchanged(write: Write, payload: str, tmp_path: Path) -> None:
    catalogue = build_catalogue(Settings(geodata=write_hostile_city(tmp_path / "city", payload)))
    for layer in catalogue.layers.values():
        assert read_sheet(write(layer, catalogue.city, "zh"), layer, catalogue.city).is_empty


@pytest.mark.parametrize("attack", HOSTILE[:7])
def test_no_cell_of_a_csv_can_run(attack: str) -> None:
    layer = Layer(toy_layer().spec, (a_feature([attack]),), toy_layer().frame)
    rows = csv.reader(io.StringIO(layer_csv(layer, CITY, "zh").decode("utf-8-sig"), newline=""))
    cells = [cell for row in rows for cell in row]
    assert f"'{attack}" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


@pytest.mark.parametrize("attack", HOSTILE[:7])
def test_a_workbook_holds_attacks_as_texts_and_no_formula(attack: str) -> None:
    layer = Layer(toy_layer().spec, (a_feature([attack]),), toy_layer().frame)
    raw = layer_xlsx(layer, CITY, "zh")
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert 'quotePrefix="1"' in archive.read("xl/styles.xml").decode()


def test_a_csv_begins_with_the_mark_that_excel_needs() -> None:
    assert layer_csv(toy_layer(), CITY, "zh").startswith(b"\xef\xbb\xbf")


def test_a_sheet_speaks_to_people_and_to_programs() -> None:
    rows = rows_of(toy_layer())
    assert rows[0][:4] == ["编号", "名称（中文）", "名称（英文）", "类型"]
    assert rows[1][:4] == ["id", "name.zh", "name.en", "kind"]
    assert rows[2][:4] == ["mill", "老磨坊", "Old mill", "宅第"]


def test_numbers_stay_numbers() -> None:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(layer_xlsx(toy_layer(), CITY, "en")))
    rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    mill = dict(zip(rows[1], rows[2], strict=True))
    assert (mill["lon"], mill["lat"]) == (121.0, 30.7)
    hall = dict(zip(rows[1], rows[4], strict=True))
    assert hall["visit_min"] == 45


def test_lists_read_as_lines() -> None:
    rows = rows_of(toy_layer("works"))
    school = dict(zip(rows[1], rows[3], strict=True))
    assert school["phases"].splitlines() == [
        "规划 |  | 2023-08 | Town paper",
        "开工 | 2023-09 | 2023-12 | Town paper",
        "桩基施工 | 2024-01 |  | Town paper",
    ]


def test_a_second_sheet_explains_every_column() -> None:
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(layer_xlsx(toy_layer(), CITY, "zh")))
    assert workbook.sheet_names == ["数据", "填写说明"]
    told = workbook.get_sheet_by_index(1).to_python()
    assert {row[1] for row in told if row[1]} == set(rows_of(toy_layer())[1])
    assert all(row[2] for row in told if row[1])


def test_what_is_longer_than_a_cell_stays_in_the_atlas_and_counts_as_unchanged() -> None:
    feature = a_feature(["长" * 15_000, "b", "c"])
    layer = Layer(toy_layer().spec, (feature,), toy_layer().frame)
    raw = layer_xlsx(layer, CITY, "zh")
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(raw))
    assert KEPT in workbook.get_sheet_by_index(0).to_python()[2]
    assert read_sheet(raw, layer, CITY).is_empty


def test_a_version_names_the_content() -> None:
    mill = toy_layer().features[0]
    other = Feature(mill.id, mill.layer, mill.kind, mill.geometry, mill.lon, mill.lat, dict(mill.properties))
    changed = Feature(
        mill.id, mill.layer, mill.kind, mill.geometry, mill.lon, mill.lat, {**mill.properties, "name": text("a", "b")}
    )
    assert content_version(mill) == content_version(other)
    assert content_version(mill) != content_version(changed)
    assert content_version(mill).startswith("v")  # or a spreadsheet takes 12e45678 for a number


def test_columns_of_routes_stand_only_where_there_are_routes() -> None:
    assert "stops" in rows_of(toy_layer("sights"))[1]
    assert "stops" not in rows_of(toy_layer("works"))[1]


def test_signs_that_part_cells_elsewhere_are_only_text_here() -> None:
    rows, _ = with_cell(rows_of(toy_layer()), "mill", "summary.zh", ";" * 200)
    (change,) = read(csv_of(rows)).changes
    assert change.after == ";" * 200
