"""Make each rule fail once: it has a sentence in each language, and says where the fault is as data."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from cityatlas.catalogue import rebuilder
from cityatlas.catalogue.live import LiveCatalogue
from cityatlas.catalogue.reconcile import Trouble
from cityatlas.catalogue.store_watch import PublicSide
from cityatlas.city.property_checks import OWN
from cityatlas.cli.main import main
from cityatlas.i18n import LANGUAGES, messages
from cityatlas.schema.faults import Fault, fault, field_of, label, path_of
from cityatlas.schema.items import Attributes
from cityatlas.settings import Settings
from fault_cases import CASES
from toy import sights, with_properties, write_city
from toy_plan import path, paths, write_walkable

SERVER = {"store_unwatched", "geodata_unread", "geodata_lost"}  # made below, of a server that runs
CHINESE = re.compile("[\u4e00-\u9fff]")
PLACE = re.compile(r"\{(\w+)\}")
RULES = {key.partition(".")[2] for key in messages("en") if key.startswith("fault.")}


def test_every_rule_that_has_a_sentence_is_made_to_fail() -> None:
    assert set(CASES) | SERVER == RULES


@pytest.mark.parametrize("rule", sorted(CASES))
def test_a_rule_that_fails_has_a_sentence_in_each_language(rule: str, tmp_path: Path) -> None:
    found = [one for one in CASES[rule](tmp_path / "toy") if one.rule == rule]
    assert found, rule
    for language in LANGUAGES:
        for told in (found[0].sentence(language), found[0].line(language)):
            assert not [place for place in PLACE.findall(messages(language)[f"fault.{rule}"]) if f"{{{place}}}" in told]
            assert told.isprintable()
            assert told[0] != " "
    assert CHINESE.search(found[0].sentence("zh"))


def wait_for(rule: str, catalogue: LiveCatalogue) -> tuple[str, ...]:
    """Look again and again until a fault of a rule is told."""
    key = messages("en")[f"fault.{rule}"].partition("{")[0]
    for _ in range(500):
        catalogue.current()
        if any(key in told for told in catalogue.faults):
            return tuple(sentence for sentence, _ in catalogue.sentences("zh"))
        time.sleep(0.01)
    raise AssertionError(catalogue.faults)


@pytest.mark.parametrize(
    ("rule", "error"), [("geodata_unread", RuntimeError("a slip")), ("geodata_lost", OSError("gone"))]
)
def test_a_rebuild_that_fails_is_told_in_each_language(
    rule: str, error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_city(tmp_path / "toy")
    catalogue = LiveCatalogue(Settings(geodata=folder, var=tmp_path / "var", recheck_s=0.01))

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(rebuilder, "build_shown", fail)
    (folder / "figures.json").write_text("{}")
    (told,) = wait_for(rule, catalogue)
    assert CHINESE.match(told)
    catalogue.close()


def test_a_store_that_nobody_can_look_at_is_told_in_each_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = LiveCatalogue(Settings(geodata=write_city(tmp_path / "toy"), var=tmp_path / "var"))

    def fail(_: object) -> bool:
        raise RuntimeError("a slip")

    monkeypatch.setattr(PublicSide, "has_changed", fail)
    catalogue.watch()
    assert catalogue.sentences("zh") == (("无法查看数据库，原因见服务器的日志", ""),)
    catalogue.close()


def test_a_file_that_breaks_is_told_on_the_desk_in_each_language(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "toy")
    catalogue = LiveCatalogue(Settings(geodata=folder, var=tmp_path / "var", recheck_s=0.01))
    (folder / "figures.json").write_text("[]")
    assert wait_for("no_figures", catalogue) == ('figures.json：没有列表 "figures"',)
    assert catalogue.faults == ('figures.json: has no list "figures"',)
    catalogue.close()


def test_what_a_published_feature_is_refused_for_is_told_in_each_language() -> None:
    trouble = Trouble(
        "unsound",
        "mill",
        faults=(fault("whole_range", "visit_min", given=2000, least="0", most="1,440").of("feature", "mill"),),
    )
    assert trouble.sentence("zh") == "已发布的“mill”：参观时长（分钟） 2000 不是 0 到 1,440 之间的整数；未显示"
    said = "visit_min 2000 is not a whole number from 0 to 1,440"
    assert str(trouble) == f'published feature "mill": {said}; it is not shown'


def check(folder: Path, *options: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["check", "--geodata", str(folder), *options])
    return done.exit_code, done.stdout if "--json" in options else done.output


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """Return the toy city with a month that is none and a visit that is too long."""
    phases = [{"phase": "piling", "from": "2024-13", "source": "Town paper"}]
    layer = with_properties(sights(), "mill", visit_min=2000, phases=phases)
    return write_city(tmp_path / "toy", sights=layer)


def test_check_tells_programs_where_each_fault_is(faulty: Path) -> None:
    status, output = check(faulty, "--json")
    month, visit = sorted(json.loads(output), key=lambda found: str(found["rule"]))
    assert status == 1
    assert visit == {
        "file": "sights.geojson",
        "feature": "mill",
        "item": {"kind": "feature", "id": "mill"},
        "rule": "whole_range",
        "path": "visit_min",
        "severity": "error",
        "values": {"given": "2000", "least": "0", "most": "1,440"},
        "sentence": "visit_min 2000 is not a whole number from 0 to 1,440",
    }
    assert (month["path"], month["values"]) == ("phases[0].from", {"given": '"2024-13"'})


def test_check_speaks_chinese_and_names_the_keys_of_the_file(faulty: Path) -> None:
    status, output = check(faulty, "--lang", "zh")
    assert status == 1
    at = "sights.geojson：地点“mill”："
    assert f'{at}建设阶段第 1 项的开始（phases[0].from） "2024-13" 不是月份（例如 "2023-09"）\n' in output
    assert f"{at}参观时长（分钟）（visit_min） 2000 不是 0 到 1,440 之间的整数\n" in output
    assert output.endswith("共有 2 处错误。\n")


def test_a_fault_that_names_the_item_alone_has_its_key_too() -> None:
    line = fault("no_source", "phases[0].source").line("zh")
    assert line.startswith("建设阶段第 1 项（phases[0]）没有来源")


def test_check_tells_programs_of_warnings_and_ends_well(tmp_path: Path) -> None:
    folder = write_walkable(tmp_path / "toy", paths=paths(path("islet", [121.05, 30.72], [121.06, 30.72])))
    status, output = check(folder, "--json")
    (found,) = json.loads(output)
    assert (status, found["rule"], found["severity"]) == (0, "paths_apart", "warning")
    assert check(write_city(tmp_path / "sound"), "--json") == (0, "[]\n")


def test_a_path_is_a_field_of_the_form_and_back() -> None:
    assert field_of("phases[2].note.zh") == "phases.2.note.zh"
    assert path_of("phases.2.note.zh") == "phases[2].note.zh"
    assert path_of("themes.0") == "themes[0]"


def test_a_property_is_called_by_its_label() -> None:
    assert label("phases[1].note.zh", "zh") == "建设阶段第 2 项的说明（中文）"
    assert label("name.en", "en") == "Name (English)"
    assert label("min_zoom", "zh") == "min_zoom"


def test_a_value_with_braces_is_not_filled_in_again() -> None:
    assert fault("no_hours", "visit_min", given="{path} {0.__class__}").line("en").startswith("visit_min {path} {0.")


def test_faults_are_the_same_when_they_say_the_same() -> None:
    assert {fault("missing", "name"), fault("missing", "name")} == {Fault("missing", "name")}


def test_a_phase_is_called_as_people_call_it_beside_its_key() -> None:
    phases = {"phases": [{"phase": "open", "from": "2024-09"}, {"phase": "complete", "from": "2024-07"}]}
    (found,) = OWN["phases"](Attributes.of(phases))
    assert "完工（complete）在 2024-07 开始" in found.sentence("zh")
    assert '"complete" begins 2024-07' in found.sentence("en")
