"""Dates as people write them, kept as precise as they were given."""

from __future__ import annotations

import pytest

from cityatlas.schema.dates import iso_date


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024年9月1日", "2024-09-01"),
        ("2024 年 9 月 1 号", "2024-09-01"),
        ("2024/9/1", "2024-09-01"),
        ("2024.9.1", "2024-09-01"),
        ("２０２４－９", "2024-09"),
        ("2024年9月", "2024-09"),
        ("2024年", "2024"),
        ("2024", "2024"),
        ("二〇二四年九月一日", "2024-09-01"),
        ("二零二四年十二月二十一日", "2024-12-21"),
        ("2024-09-01 00:00:00", "2024-09-01"),
    ],
)
def test_a_date_is_read_as_it_is_written(text: str, iso: str) -> None:
    assert iso_date(text) == iso


@pytest.mark.parametrize(
    "text", ["", "2023年2月29日", "2024-13", "九月", "2024年9月1日开工", "24-9-1", "9/1/2024", "202409"]
)
def test_what_is_no_plain_date_is_none(text: str) -> None:
    assert iso_date(text) is None
