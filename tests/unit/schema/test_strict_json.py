"""Parse JSON of strangers: what is sound comes through, and each thing that is not has its name."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityatlas.schema.strict_json import NotJson, parse_strictly

SOUND = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(SOUND)
def test_what_is_sound_comes_through(value: object) -> None:
    assert parse_strictly(json.dumps(value), has_unique_keys=True, most_depth=99) == value


def reason_of(text: str, **asked: int) -> str:
    """Return why a text is not taken, or "" when it is."""
    try:
        parse_strictly(text, **asked)  # type: ignore[arg-type]
    except NotJson as error:
        return error.reason
    return ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "syntax"),
        ("{", "syntax"),
        ("[1,]", "syntax"),
        ("[NaN]", "constant"),
        ("[-Infinity]", "constant"),
        ("[1e999]", "infinite"),
        ("9" * 5_000, "digits"),
        ("[" * 5_000, "depth"),
        ("[" * 5_000 + "]" * 5_000, "depth"),
        ('{"a":' * 5_000, "depth"),
        ('{"a": 1, "a": 2}', "twice"),
    ],
    ids=lambda text: text[:9],
)
def test_what_is_not_has_its_name(text: str, reason: str) -> None:
    assert reason_of(text, has_unique_keys=True) == reason


def test_a_break_is_told_by_line_and_column() -> None:
    with pytest.raises(NotJson) as broken:
        parse_strictly('{"a": 1,\n "b" 2}')
    assert (broken.value.line, broken.value.column) == (2, 6)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[[1]]]", ""),
        ("[[[[1]]]]", "depth"),
        ('[{"a": [1]}, {"b": [2]}, [[3]]]', ""),
        ('[{"a": [[1]]}]', "depth"),
        (r'["[[[[[[", "\"[[[[", "\\", [[1]]]', ""),
        (r'["\\", [[[1]]]]', "depth"),
        ('"[[[[[[', "depth"),  # a text without an end is none
    ],
)
def test_depth_is_that_of_brackets_outside_texts(text: str, reason: str) -> None:
    assert reason_of(text, most_depth=3) == reason


def test_a_megabyte_of_brackets_is_left_at_the_first_that_is_too_many() -> None:
    assert reason_of("[" * 1_000_000, most_depth=16) == "depth"
    assert reason_of('"' + "\\" * 1_000_001, most_depth=16) == "syntax"
