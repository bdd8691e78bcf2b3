"""Check what staff are told: the handbook's numbers, and what opening hours mean while they are typed."""

from __future__ import annotations

import ast
import io
import re
from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click import Command, Group
from flask import Flask
from PIL import Image

from cityatlas import limits
from cityatlas.city.opening.holidays import Holidays
from cityatlas.city.opening.opening_hours import tell_days
from cityatlas.cli.main import main
from cityatlas.editing.worklist import task
from cityatlas.i18n import LANGUAGES, Language, messages, translate
from cityatlas.paths import PACKAGE
from cityatlas.schema.properties import properties
from cityatlas.schema.property_types import ItemList, Stops
from cityatlas.settings import Settings
from cityatlas.store.people.accounts import ROLES
from cityatlas.web.help import handbook
from staff import logged_in, make_desk

PLACE = re.compile(r"\{(\w+)\}")
# Settings of the public map and of the machine.
OF_VISITORS = {
    "host",
    "port",
    "threads",
    "processes",
    "tile_key",
    "offline",
    "request_log",
    "tile_threshold",
    "metrics_token",
    "plans_per_minute",
    "cache_mb",
    "recheck_s",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return a toy city with a desk."""
    return make_desk(tmp_path_factory.mktemp("desk"), session_h=6, report_days=45)


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", ["lasts 6 hours", "12 to 128 letters", "within 72 hours", "after 45 days", "50 MB, at most 100 times"]),
        (
            "zh",
            ["一次管 6 小时", "12 到 128 个字符", "超过 180 天", "45 天后", "4000 万像素", "今后 14 天", "10,000 处"],
        ),
    ],
)
def test_the_handbook_names_the_numbers_that_hold(desk: Flask, lang: str, told: list[str]) -> None:
    text = desk.test_client().get(f"/{lang}/help/staff").text
    assert [sentence for sentence in told if sentence not in text] == []
    assert "{" not in text.partition("<main")[2]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_number_that_holds_is_in_a_sentence_and_each_place_has_one(desk: Flask, lang: Language) -> None:
    texts = [text for key, text in messages(lang).items() if key.startswith("handbook.")]
    with desk.app_context():
        assert {place for text in texts for place in PLACE.findall(text)} == set(handbook.numbers())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_limit_that_the_handbook_does_not_tell_is_in_its_sentence(lang: Language) -> None:
    said = {name: messages(lang)[key] for name, key in limits.SENTENCES.items()}
    numbers = limits.all_limits()
    assert [name for name, text in said.items() if not PLACE.search(text) and str(numbers[name]) not in text] == []
    assert said.keys() <= numbers.keys()


def test_each_limit_is_read_where_it_holds() -> None:
    read = {name for path in PACKAGE.rglob("*.py") for name in limits_in(path, ast.parse(path.read_text("utf-8")))}
    assert limits.all_limits().keys() - read == set()


def test_the_most_that_a_sentence_names_is_a_limit_of_the_table() -> None:
    others = set()
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        known = limits_in(path, tree)
        for given in (node.value for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "most"):
            names = {node.id for node in ast.walk(given) if isinstance(node, ast.Name) and node.id.isupper()}
            others |= {f"{path.relative_to(PACKAGE)}: {name}" for name in names - known}
    assert others == set()


def limits_in(path: Path, tree: ast.Module) -> set[str]:
    """Return the names that a module of the package has for limits of the table, and for what it makes of them."""
    depth = len(path.relative_to(PACKAGE).parts)
    imports = (node for node in tree.body if isinstance(node, ast.ImportFrom))
    found = [alias for node in imports if (node.module, node.level) == ("limits", depth) for alias in node.names]
    names = {alias.name for alias in found} | {alias.asname for alias in found if alias.asname}
    for node in (node for node in tree.body if isinstance(node, ast.Assign)):
        if any(isinstance(part, ast.Name) and part.id in names for part in ast.walk(node.value)):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_setting_is_told_or_known_to_be_none_of_staffs(desk: Flask, lang: str) -> None:
    page = BeautifulSoup(desk.test_client().get(f"/{lang}/help/staff").text, "html.parser")
    told = {term.text: term.find_next("dd").text for term in page.select("#admin dt")}  # type: ignore[union-attr]
    of_staff = {f"CITYATLAS_{f.name.upper()}": f.default for f in fields(Settings) if f.name not in OF_VISITORS}
    assert told.keys() == of_staff.keys()
    for variable, default in of_staff.items():
        assert not isinstance(default, int | float) or f"({default:,})" in told[variable]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_kind_of_task_and_each_role_is_told(desk: Flask, lang: Language) -> None:
    text = desk.test_client().get(f"/{lang}/help/staff").text
    wanted = [f"worklist.kind_{kind}" for kind in task.SEVERITY] + [f"staff.role_{role}" for role in ROLES]
    assert [key for key in wanted if translate(key, lang) not in text] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_command_that_is_told_exists_with_its_options(desk: Flask, lang: Language) -> None:
    lines = [line.removeprefix("$ ") for line in messages(lang)["handbook.text_admin"].split("\n") if line[:2] == "$ "]
    for line in lines:
        command: Command = main
        program, *words = line.split()
        while isinstance(command, Group):
            command = command.commands[words.pop(0)]
        known = {option for parameter in command.params for option in parameter.opts}
        assert program == "cityatlas"
        assert {word for word in words if word.startswith("--")} <= known
    assert len(lines) > 8


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_of_buttons_in_the_handbook_are_those_on_the_pages(lang: Language) -> None:
    said = "\n".join(text for key, text in messages(lang).items() if not key.startswith("handbook."))
    said += "\n".join(one.asked(lang) for row in properties() for one in (row, *row.members))
    said += "\n".join(
        row.type.row[lang] for row in properties() if isinstance(row.type, ItemList | Stops) and row.type.row
    )
    told = "\n".join(text for key, text in messages(lang).items() if key.startswith("handbook.text"))
    quoted = set(re.findall("“([^”]+)”", told))
    assert {words for words in quoted if words not in said} == set()


def test_the_handbook_says_of_the_scripts_what_they_do() -> None:
    scripts = PACKAGE / "static" / "js"
    assert f"PAUSE_MS = {handbook.AUTOSAVE_S}000;" in (scripts / "desk/autosave.js").read_text("utf-8")
    assert f"OLD_MS = {handbook.COPY_DAYS} * 24 * 3600 * 1000;" in (scripts / "desk/local_copy.js").read_text("utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_picture_is_shown_described_and_small_enough(desk: Flask, lang: Language) -> None:
    client = desk.test_client()
    page = BeautifulSoup(client.get(f"/{lang}/help/staff").text, "html.parser")
    images = page.select("figure.screen img")
    names = [name for part in handbook.PARTS.values() for name in part]
    made = {path.stem for path in (handbook.PICTURES / lang).iterdir()}
    assert [str(image["src"]).split("/")[-1].split(".")[0] for image in images] == names
    assert made == set(names)
    for image in images:
        told = client.get(str(image["src"]))
        width_px, height_px = Image.open(io.BytesIO(told.data)).size
        assert (told.mimetype, told.headers["Cache-Control"][-9:]) == ("image/webp", "immutable")
        assert (image["width"], image["height"]) == (str(width_px), str(height_px))
        assert width_px <= 1100
        assert len(told.data) <= 70_000
        assert len(str(image["alt"])) > 20
        assert image.find_next("figcaption").text  # type: ignore[union-attr]


@pytest.mark.parametrize("file", ["desk.webp", "desk.00000000.webp", "none.00000000.webp", "..%2f..%2fdesk.0.webp"])
def test_there_are_no_other_pictures(desk: Flask, file: str) -> None:
    assert desk.test_client().get(f"/static/help/zh/{file}").status_code == 404
    assert desk.test_client().get(f"/static/help/fr/{file}").status_code == 404


def test_a_form_lets_nobody_type_more_than_the_table_says(desk: Flask) -> None:
    form = BeautifulSoup(logged_in(desk, "ann").get("/en/staff/accounts").text, "html.parser")
    assert [field["maxlength"] for field in form.select("input[name=display_name]")] == ["60"]
    login = BeautifulSoup(desk.test_client().get("/en/staff/login").text, "html.parser")
    assert [field["maxlength"] for field in login.select("input[name=password]")] == ["128"]


def test_the_desk_leads_to_the_handbook(desk: Flask) -> None:
    page = BeautifulSoup(logged_in(desk, "coco").get("/zh/staff/").text, "html.parser")
    assert [link.text for link in page.select(".site-nav a[href='/zh/help/staff']")] == ["手册"]


def test_hours_are_told_for_fourteen_days_from_today(desk: Flask) -> None:
    days = logged_in(desk, "coco").get("/en/staff/hours?text=Mo-Su+09:00-17:00").get_json()["days"]
    assert len(days) == 14
    assert {day["times"] for day in days} == {"9:00–17:00"}
    assert days[0]["weekday"] == date.fromisoformat(days[0]["date"]).strftime("%A")


@pytest.mark.parametrize(
    ("text", "fault"),
    [("9点到5点", "读不懂"), ("", "未知"), ("Mo; ", "没有写星期"), ("Feb 30 10:00-11:00", "哪一年都没有")],
)
def test_hours_that_cannot_be_read_are_told_in_words(desk: Flask, text: str, fault: str) -> None:
    answer = logged_in(desk, "coco").get("/zh/staff/hours", query_string={"text": text}).get_json()
    assert fault in answer["fault"]


def test_hours_are_understood_as_people_write_them(desk: Flask) -> None:
    ask = logged_in(desk, "coco").get
    answer = ask("/zh/staff/hours", query_string={"text": "周二至周日9点-17点，节假日休息"}).get_json()
    assert (answer["hours"], answer["said"]) == ("Tu-Su 09:00-17:00; PH off", "周二至周日 9:00–17:00；法定节假日闭馆")
    assert len(answer["days"]) == 14
    doubtful = ask("/en/staff/hours", query_string={"text": "9点到5点"}).get_json()
    assert (doubtful["cure"], doubtful["said"]) == ("Mo-Su 09:00-17:00", "Every day 9:00–17:00")
    assert doubtful["fault"]
    assert "hours" not in doubtful


def test_hours_are_for_staff_only(desk: Flask) -> None:
    assert (
        desk.test_client().get("/en/staff/hours?text=24/7", headers={"Accept": "application/json"}).status_code == 401
    )


def test_a_day_off_has_the_hours_of_holidays() -> None:
    national_day = Holidays(off=frozenset({date(2026, 10, 1)}), years=frozenset({2026}))
    told = tell_days("Mo-Su 09:00-17:00; PH off", date(2026, 9, 30), 2, "en", holidays=national_day)
    assert told == [(date(2026, 9, 30), "9:00–17:00"), (date(2026, 10, 1), "Closed")]
