"""Check that whatever a cell is written as reads back to the same value, and that a formula never gets through."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityatlas.city.value_checks import LINE_BREAK
from cityatlas.exchange.incoming.sheet_rows import letters
from cityatlas.exchange.tables.cell_lists import put_at, trimmed
from cityatlas.exchange.tables.cells import HOURS, BadCell, neutral, plain, quoted
from cityatlas.exchange.tables.columns import columns_of, named_columns, short_names
from sheet_files import toy_catalogue, toy_layer

CITY = toy_catalogue().city
COLUMNS = {column.key: column for column in columns_of(toy_layer().spec, CITY)}
ANY_TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n\r\t|\\=+-@'"), min_size=1, max_size=60
)
TEXT = ANY_TEXT.filter(lambda text: bool(text.strip()))
SAID = st.fixed_dictionaries({}, optional={"zh": TEXT, "en": TEXT}).filter(bool)
MONTH = st.sampled_from(["2023-09", "2024-01", "1999-12"])


def table(**optional: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return tables of a list, with a source and any of these."""
    return st.fixed_dictionaries({"source": TEXT}, optional=optional)


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "name.zh": TEXT.filter(lambda text: not LINE_BREAK.search(text)),
    "kind": st.sampled_from(["house", "museum", "route", "boat_stop"]),
    "aliases": st.lists(TEXT, min_size=1, max_size=4),
    "themes": st.lists(st.sampled_from(["art", "family"]), min_size=1, unique=True),
    "phases": st.lists(
        table(phase=st.sampled_from(["planned", "piling", "open"]), to=MONTH, note=SAID, **{"from": MONTH}), min_size=1
    ),
    "programmes": st.lists(
        table(id=st.just("talk"), title=SAID, party_min=st.integers(0, 99), booking=SAID), min_size=1
    ),
    "facts": st.lists(table(label=SAID, value=SAID), min_size=1),
    "photos": st.lists(st.fixed_dictionaries({"file": st.just("a.jpg"), "alt": SAID}), min_size=1),
    "legs": st.lists(st.fixed_dictionaries({"mode": st.sampled_from(["walk", "boat"])}), min_size=1),
    "stated": st.lists(table(what=st.just("length_m"), value=st.floats(0.01, 1e5)), min_size=1),
    "sources": st.lists(st.fixed_dictionaries({"title": TEXT}, optional={"date": MONTH}), min_size=1),
    "visit_min": st.integers(0, 1440),
    "access.lift": st.booleans(),
    "lon": st.floats(-180, 180),
    "position.verified_on": st.sampled_from(["2024", "2024-05", "2024-05-06"]),
}


@pytest.mark.parametrize("key", VALUES)
def test_what_is_written_reads_back_to_the_same_value(key: str) -> None:
    codec = COLUMNS[key].codec

    @settings(max_examples=60, deadline=None)
    @given(value=VALUES[key])
    def check(value: Any) -> None:
        assert trimmed(codec.read(codec.write(value))) == trimmed(value)

    check()


@settings(max_examples=300, deadline=None)
@given(text=ANY_TEXT)
def test_a_neutral_text_runs_nowhere_and_comes_back(text: str) -> None:
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert plain(neutral(text)) == text
    assert plain(quoted(text)) == text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("９：００－１７：００", "Mo-Su 09:00-17:00"),
        ("周一至周五 9:00—17:00", "Mo-Fr 09:00-17:00"),
        ("Tu-Su 08:30-16:30; PH off", "Tu-Su 08:30-16:30; PH off"),
        ("周六、周日 10:00-15:00；周一闭馆", "Sa,Su 10:00-15:00"),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, meant: str) -> None:
    assert HOURS.read(typed) == meant


@pytest.mark.parametrize(("typed", "cure"), [("9点", ""), ("=cmd", ""), ("9:00-5:00", "每天 9:00–17:00")])
def test_doubtful_hours_are_asked_back(typed: str, cure: str) -> None:
    with pytest.raises(BadCell) as refused:
        HOURS.read(typed)
    assert (refused.value.fault.key, refused.value.fault.cure) == ("files.not_hours", cure)


@pytest.mark.parametrize(("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_lettered_as_in_a_spreadsheet(place: int, name: str) -> None:
    assert letters(place) == name


def test_no_two_columns_share_a_name_a_title_or_a_field() -> None:
    for language in ("zh", "en"):
        titles = [column.title(language) for column in COLUMNS.values()]
        assert len(set(titles)) == len(titles)
    short = short_names(COLUMNS.values())
    assert len(set(short.values())) == len(COLUMNS)
    assert max(map(len, short.values())) <= 10
    named = named_columns(COLUMNS.values())
    for column in COLUMNS.values():
        assert named[column.title("zh").replace("（", "").replace("）", "")] is column


def test_a_heading_of_older_sheets_is_still_known() -> None:
    named = named_columns(COLUMNS.values())
    keys = {"有厕所": "access.toilets", "有电梯": "access.lift", "有登船跳板": "access.boat_gangway"}
    assert {title: named[title].key for title in keys} == keys


def test_a_value_that_is_taken_out_takes_its_empty_table_along() -> None:
    table: dict[str, object] = {"access": {"note": {"zh": "a"}}, "kind": "x"}
    put_at(table, ["access", "note", "zh"], None)
    assert table == {"kind": "x"}
