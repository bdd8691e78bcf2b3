"""Hold an index that was changed many times to one that is made anew of the same entries."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from cityatlas.search.index import SearchIndex
from cityatlas.search.segment import SearchEntry

IDS = tuple(f"place-{number}" for number in range(12))
NAMES = ("东湖", "东湖公园", "老磨坊", "明湖", "历史文化街区", "Old Mill", "East Lake", "East Bench", "乐园", "CBD")
QUERIES = (
    "东湖",
    "donghu",
    "dh",
    "laomofan",
    "东胡",
    "mill",
    "eest",
    "历街区",
    "lsjq",
    "cbd",
    "place 1",
    "weir",
    "leyuan",
)
TEXTS = ("", "weir lane", "湖边")

names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3).map(tuple)
entries = st.builds(SearchEntry, st.sampled_from(IDS), names, st.sampled_from(TEXTS))
changes = st.lists(st.tuples(st.lists(entries, max_size=5), st.lists(st.sampled_from(IDS), max_size=2)), max_size=7)


@given(changes)
@settings(max_examples=60, deadline=None)
def test_an_index_answers_by_its_entries_alone(history: list[tuple[list[SearchEntry], list[str]]]) -> None:
    index, held = SearchIndex(), dict[str, SearchEntry]()
    for new, gone in history:
        named = {entry.id: entry for entry in new if entry.id not in gone}
        index = index.updated(named.values(), gone)
        held = {key: entry for key, entry in held.items() if key not in gone} | named
    whole = SearchIndex.build(held.values())
    assert [answers(index, query) for query in QUERIES] == [answers(whole, query) for query in QUERIES]


def answers(index: SearchIndex, query: str) -> Mapping[str, object]:
    """Return what an index says to a query."""
    return {"few": index.find(query, 2), "all": index.find(query), "near": index.nearest(query)}
