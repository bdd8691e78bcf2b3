"""Check the list of words that a browser searches where no server does."""

from __future__ import annotations

from cityatlas.search.segment import SearchEntry
from cityatlas.search.word_list import text_of, word_list


def test_a_name_is_listed_as_written_in_traditional_as_pinyin_and_by_its_initials() -> None:
    entry = SearchEntry("old", ("历史街区", "Old Town"), "水边 By the Water")
    assert word_list(entry) == ["历史街区", "歷史街區", "lishijiequ", "lsjq", "oldtown"]
    assert text_of(entry) == "水边bythewater"
