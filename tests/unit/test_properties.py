"""Check the table of properties itself: names in both languages, groups that there are, and rows that come and go."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from cityatlas.i18n import LANGUAGES
from cityatlas.schema.properties import GROUPS, Derived, properties, with_added
from cityatlas.schema.property_types import BilingualText, Described, Property, both

CHINESE = re.compile("[\u4e00-\u9fff]")
NOTE = Property("wheelchair_note", BilingualText(), both("轮椅说明", "Wheelchair note"), group="visit", is_sourced=True)
ROWS: list[Described] = [one for row in properties() for one in (row, *row.members)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_each_name_is_there_in_both_languages_and_in_no_other(row: Described) -> None:
    for text in (row.label, row.help, row.title, row.noun):
        assert not text or sorted(text) == sorted(LANGUAGES)
        assert not text or (CHINESE.search(text["zh"]) and not CHINESE.search(text["en"]))
    assert row.label


def test_each_property_stands_once_and_in_a_group_of_the_form() -> None:
    assert [key for key, count in Counter(row.key for row in properties()).items() if count > 1] == []
    assert {row.group for row in properties()} == {group.key for group in GROUPS}


def test_a_statement_brings_the_title_of_its_source_behind_it() -> None:
    keys = list(properties().by_key)
    assert keys[keys.index("opening_hours") + 1] == "hours_source"
    with with_added(NOTE) as table:
        assert list(table.by_key)[-2:] == ["wheelchair_note", "wheelchair_note_source"]
        assert table.by_key["wheelchair_note_source"].label == both("轮椅说明的来源", "Source of the wheelchair note")


def test_what_is_derived_follows_the_table_in_force() -> None:
    groups = Derived(lambda table: {row.key: row.group for row in table})
    assert "wheelchair_note" not in groups
    with with_added(NOTE):
        assert groups["wheelchair_note"] == "visit" == groups["visit_min"]
    assert "wheelchair_note" not in groups
