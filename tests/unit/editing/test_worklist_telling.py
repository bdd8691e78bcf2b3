"""Check how tasks are told: sentences in both languages, fields by their names, lines and JSON."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.cli.main import main
from cityatlas.editing.worklist import KINDS, Expiry, Task, find_tasks
from cityatlas.editing.worklist.task import expiries_of, field_words, report, sentence, title, to_json, what_to_do
from cityatlas.i18n import LANGUAGES, Language
from cityatlas.settings import Settings
from cityatlas.store import Order, open_store, publish_content, published
from cityatlas.versioning.content import content_of
from toy import point, text
from toy_worklist import PHASES, SURVEYED, TODAY, clean_city

MILL = text("磨坊", "Mill")
PHOTO = Task("alt", "alt", "mill", MILL, "photos.0.alt", subject="photos[mill.jpg].alt")
HOSTILE = "<b>{day}</b>{0.__class__}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_task_of_the_shipped_city_is_told_in_full(language: Language) -> None:
    tasks = find_tasks(build_catalogue(Settings()), TODAY)
    assert tasks
    assert [told for told in (sentence(task, language) for task in tasks) if not told or "{" in told] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_heading_and_says_what_to_do(kind: str, language: Language) -> None:
    task = Task(kind, "", "mill", MILL)  # type: ignore[arg-type]  # one of KINDS
    assert len({title(task, language), what_to_do(task, language)} - {""}) == 2


def test_a_phase_is_told_by_its_name(tmp_path: Path) -> None:
    catalogue = clean_city(tmp_path, {"school": {"phases": [PHASES[0], PHASES[1] | {"from": "2024-06"}]}})
    (task,) = find_tasks(catalogue, TODAY)
    assert sentence(task, "en") == "Still “Piling”, without news since 2024-06: more than 18 months."
    assert sentence(task, "zh") == "一直停在“桩基施工”，2024-06 以后没有新消息，已超过 18 个月。"


def test_a_district_is_told_by_its_name_and_how_far_off(tmp_path: Path) -> None:
    (task,) = find_tasks(clean_city(tmp_path, geometries={"school": point(121.04)}), TODAY)
    # 0.015 degrees of longitude at 30.7 N: 0.015 * 111,320 m * cos(30.7) = 1436 m; UTM near its edge adds 0.1 %
    assert sentence(task, "zh") == "应该在“老城”里，却标在它外面约 1440 米。"
    assert sentence(task, "en") == "It belongs to Old town, but is drawn about 1440 m outside it."


FIELDS = [
    ("name.en", "名称", "name"),
    ("photos.0.alt", "照片（第 1 项）", "photo 1"),
    ("facts.2.label.en", "要点（第 3 项）", "fact 3"),
    ("figures.visits.sentence.en", "数字", "figure"),
    ("access.note.zh", "无障碍说明", "access"),
    ("hours_source", "开放时间", "opening hours"),
    ("visit_min", "参观时长（分钟）", "visit (minutes)"),
    ("geometry", "位置", "place on the map"),
    ("position", "位置依据", "basis of the position"),
    ("layer", "图层", "layer"),
    ("", "", ""),
]


@pytest.mark.parametrize(("path", "zh", "en"), FIELDS)
def test_a_field_is_told_as_the_form_has_it(path: str, zh: str, en: str) -> None:
    assert (field_words(path, "zh"), field_words(path, "en")) == (zh, en)


def test_what_people_wrote_is_not_filled_in_again() -> None:
    values = {"url": HOSTILE, "day": "2026-11-01", "status": "404"}
    task = Task("link", "link_gone", "mill", MILL, "sources.0.url", values=values)
    assert sentence(task, "en") == f"The page is gone (found on 2026-11-01), source 1: {HOSTILE}"


def test_lines_are_grouped_by_kind_and_counted() -> None:
    lines = list(
        report([PHOTO, Task("draft", "draft", "mill", MILL, values={"owner": "ann", "day": "2026-11-01"})], "en")
    )
    assert [line for line in lines if re.match(r"\S", line)] == [
        "Photos without a description [alt] · soon · 1",
        "Drafts left lying [draft] · when there is time · 1",
        "Tasks in all: 2.",
    ]
    assert "  - Mill (mill): No description: photo 1. [photos.0.alt]" in lines


def test_no_task_is_said_in_words() -> None:
    assert list(report([], "zh")) == ["没有待办，数据都齐了。"]


def test_json_holds_what_a_page_needs() -> None:
    assert json.loads(to_json([PHOTO], "zh")) == [
        {
            "key": PHOTO.key,
            "kind": "alt",
            "severity": "middle",
            "feature": "mill",
            "name": MILL,
            "field": "photos.0.alt",
            "since": None,
            "sentence": "照片（第 1 项）没有文字说明。",
            "todo": "用一句话写出照片上看得到什么，读屏软件会念给看不见的人听。",
        }
    ]


def test_the_command_prints_one_kind_in_one_language(toy_city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYATLAS_VAR", str(toy_city / "var"))
    options = ["worklist", "--geodata", str(toy_city), "--kind", "position", "--language", "en"]
    lines = CliRunner().invoke(main, options).stdout.splitlines()
    assert lines[0] == "Positions to be verified [position] · when there is time · 6"
    assert "  - Old mill (mill): The position is schematic: nobody can navigate by it. [position.class]" in lines
    assert lines[-1] == "Tasks in all: 6."


def test_a_file_of_links_that_is_something_else_stops_the_command(
    toy_city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITYATLAS_VAR", str(toy_city / "var"))
    (toy_city / "links.json").write_text("[]", "utf-8")
    options = ["worklist", "--geodata", str(toy_city), "--links", str(toy_city / "links.json")]
    result = CliRunner().invoke(main, options)
    assert (result.exit_code, "links.json is no file of cityatlas check-links." in result.output) == (1, True)


def test_an_end_in_the_store_is_told_on_the_citys_day(tmp_path: Path) -> None:
    store = open_store("", tmp_path, "toy", clock=lambda: datetime(2026, 11, 24, 8, tzinfo=UTC))
    content = content_of("sights", point(121.0), {"name": MILL, "kind": "house", "position": SURVEYED})
    for feature_id, ends_at in [
        ("soon", datetime(2026, 11, 30, 17, tzinfo=UTC)),  # 1 a.m. of the next day in Shanghai
        ("never", None),
    ]:
        publish_content(store, feature_id, content, 0, Order("ann", expires_at=ends_at))
    zone = ZoneInfo("Asia/Shanghai")
    day = datetime(2026, 12, 1, tzinfo=zone).date()
    assert list(expiries_of(published(store), zone)) == [Expiry("soon", MILL, day, is_over=False)]
    later = published(store, at_moment=datetime(2026, 12, 2, tzinfo=UTC))
    assert list(expiries_of(later, zone)) == [Expiry("soon", MILL, day, is_over=True)]
    store.close()
