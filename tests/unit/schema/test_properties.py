"""Check the table of properties itself: names in both languages, groups that there are, and rows that come and go."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from cityatlas.i18n import LANGUAGES
from cityatlas.paths import geodata_dir
from cityatlas.schema.properties import GROUPS, Derived, properties, with_added
from cityatlas.schema.property_types import BilingualText, Choice, Described, ItemList, Property, Stops, both

CHINESE = re.compile("[\u4e00-\u9fff]")
NOTE = Property("wheelchair_note", BilingualText(), both("轮椅说明", "Wheelchair note"), group="visit", is_sourced=True)
ROWS: list[Described] = [one for row in properties() for one in (row, *row.members)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_each_name_is_there_in_both_languages_and_in_no_other(row: Described) -> None:
    for text in (row.label, row.help, row.title, row.noun):
        assert not text or sorted(text) == sorted(LANGUAGES)
        assert not text or (CHINESE.search(text["zh"]) and not CHINESE.search(text["en"]))
    assert row.label


@pytest.mark.parametrize(
    "row", [row for row in properties() if isinstance(row.type, ItemList | Stops)], ids=lambda r: r.key
)
def test_a_list_that_is_on_the_form_names_its_rows_and_the_button(row: Property) -> None:
    assert isinstance(row.type, ItemList | Stops)
    for words in (row.type.row, row.type.add) if row.has_field else ():
        assert CHINESE.search(words["zh"])
        assert not CHINESE.search(words["en"])
    assert all("{number}" in words for words in row.type.row.values())


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


README = (geodata_dir() / "README.md").read_text("utf-8").partition("## Properties of a feature")[2]
DICTIONARY = dict(re.findall(r"(?m)^\| `(\w+)` \| (.*) \|$", README.partition("\n## ")[0]))


def test_the_data_dictionary_has_the_properties_of_the_table_in_its_order() -> None:
    assert list(DICTIONARY) == list(properties().by_key)


@pytest.mark.parametrize("row", properties().rows, ids=lambda row: row.key)
def test_the_data_dictionary_names_members_ids_and_what_is_required(row: Property) -> None:
    told = DICTIONARY[row.key]
    whole = told + README.partition("\n## ")[2].partition("\n## ")[0] if "see below" in told else told
    members = () if isinstance(row.type, Stops) else row.members  # in a file they are ids alone
    assert [member.key for member in members if f"`{member.key}`" not in whole] == []
    ids = [value for one in (row, *members) if isinstance(one.type, Choice) for value in one.type.values]
    assert [value for value in ids if value not in whole] == []
    if row.is_required:
        assert re.search("required|at least one", told)
