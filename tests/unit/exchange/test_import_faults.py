"""Say of a file what the checks found in the reader's own language, at the column that it is about."""

from __future__ import annotations

import re

import pytest

from cityatlas.city.property_checks import check_properties
from cityatlas.exchange.incoming.row_comparison import column_at, new_faults
from cityatlas.exchange.tables.cells import BadCell
from cityatlas.exchange.tables.columns import columns_of
from cityatlas.exchange.tables.headings import of_check
from cityatlas.schema.faults import fault
from fault_cases import PROPERTIES, SOUND
from sheet_files import toy_catalogue, toy_layer

CITY, SPEC = toy_catalogue().city, toy_layer().spec
KEYS = [column.key for column in columns_of(SPEC, CITY) if column.is_property]
ENGLISH = re.compile(r"[A-Za-z]{3,}( [A-Za-z]{2,}){2,}")


@pytest.mark.parametrize("rule", sorted(set(PROPERTIES) - {"no_properties"}))
def test_a_fault_of_the_checks_is_told_in_each_language_and_at_its_column(rule: str) -> None:
    found = [one for one in check_properties(SOUND | PROPERTIES[rule], SPEC, CITY) if one.rule == rule]
    told = of_check(found[0], "3", column_at(found[0].path, KEYS))
    assert (told.key, bool(told.column)) == (f"fault.{rule}", bool(found[0].path))
    zh, en = told.sentence("zh"), told.sentence("en")
    assert re.search("[\u4e00-\u9fff]", zh)
    assert not ENGLISH.search(zh)
    assert found[0].sentence("zh") == zh
    assert found[0].sentence("en") == en


@pytest.mark.parametrize(
    ("path", "column"),
    [
        ("hours_source", "hours_source"),
        ("phases[2].from", "phases"),
        ("name", "name.zh"),
        ("access.note.en", "access.note.en"),
        ("position.accuracy_m", "position.accuracy_m"),
        ("themes[0]", "themes"),
        ("", ""),
    ],
)
def test_a_path_leads_to_its_column(path: str, column: str) -> None:
    assert column_at(path, KEYS) == column


def test_a_fault_names_the_column_of_its_property() -> None:
    found = fault("no_source", "phases[1].source")
    told = of_check(found, "3", column_at(found.path, KEYS))
    assert told.say("zh") == "3（建设阶段）：建设阶段第 2 项没有来源，请写这个地点某个来源的标题"


def test_a_fault_that_was_there_is_none_of_the_file_s_though_its_item_moved() -> None:
    old = SOUND | {"aliases": ["一", "a\x01"]}
    moved, worse = SOUND | {"aliases": ["a\x01", "一"]}, SOUND | {"aliases": ["a\x01", "b\x01"]}
    assert list(new_faults(moved, old, SPEC, CITY)) == []
    assert [(found.rule, found.path) for found in new_faults(worse, old, SPEC, CITY)] == [("control", "aliases[1]")]


def test_choices_are_listed_in_the_readers_language() -> None:
    kind = next(column for column in columns_of(SPEC, CITY) if column.key == "kind")
    with pytest.raises(BadCell) as caught:
        kind.codec.read("店")
    titles = [CITY.kinds[name].title["en"] for name in SPEC.kinds]
    assert caught.value.fault.sentence("en") == f"“店” is not one of: {', '.join(titles)}"
    assert "、" in caught.value.fault.sentence("zh")
