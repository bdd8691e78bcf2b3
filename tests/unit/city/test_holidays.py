"""Check the calendar of days off: what the shipped one says, and that a wrong one is refused with its cure."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cityatlas.city.opening.holidays import NO_HOLIDAYS, read_holidays
from cityatlas.paths import geodata_dir
from faults import faults_of
from toy import write_city

SOURCE = {"title": "Notice", "date": "2025-11-04", "url": None}


def year(**changed: Any) -> dict[str, Any]:
    """Return an entry for 2026."""
    entry: dict[str, Any] = {"year": 2026, "off": ["2026-10-01"], "workdays": ["2026-10-10"], "source": SOURCE}
    return entry | changed


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2026-10-01", "off"),
        ("2026-02-23", "off"),  # the last day of Spring Festival, a Monday
        ("2026-04-06", "off"),  # Qingming, a Monday
        ("2026-02-24", "usual"),
        ("2026-09-20", "workday"),  # a Sunday worked for National Day
        ("2026-10-11", "usual"),  # a Sunday
        ("2027-10-01", "unknown"),  # not published when this was written
    ],
)
def test_the_shipped_calendar_is_that_of_the_notice(day: str, kind: str) -> None:
    assert read_holidays(geodata_dir()).kind_of(date.fromisoformat(day)) == kind


def test_the_notice_names_33_days_off_and_6_make_up_days() -> None:
    shipped = read_holidays(geodata_dir())
    assert (len(shipped.off), len(shipped.workdays)) == (33, 6)


def test_a_city_without_the_file_knows_no_year(tmp_path: Path) -> None:
    assert read_holidays(tmp_path) == NO_HOLIDAYS


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ("{", "cannot be read"),
        ([], 'is not {"years"'),
        ({"years": [year(off=["2026-02-30"])]}, 'off "2026-02-30" is not a day of that year (example: 2026-10-01)'),
        ({"years": [year(off=["2025-10-01"])]}, 'off "2025-10-01" is not a day of that year'),
        ({"years": [year(off="2026-10-01")]}, "off is not a list"),
        ({"years": [year(off=[1])]}, "off 1 is not a day"),
        ({"years": [year(off=["2026-10-10"])]}, "2026-10-10 is both off and worked"),
        ({"years": [year(off=["2026-10-01", "2026-10-01"])]}, "off names a day twice"),
        ({"years": [year(workdays=["2026-10-08"])]}, "workdays 2026-10-08 is from Monday to Friday"),
        ({"years": [year(), year()]}, "year 2026 is there twice"),
        ({"years": [year(year="2026")]}, "with a whole number as year"),
        ({"years": [year(source="notice")]}, 'source "notice" is not {"title", "date", "url"}'),
        ({"years": [1]}, "entry number 1 is not"),
    ],
)
def test_a_wrong_calendar_is_refused(tmp_path: Path, document: Any, fault: str) -> None:
    text = document if isinstance(document, str) else json.dumps(document)
    folder = write_city(tmp_path / "toy")
    (folder / "holidays.json").write_text(text, "utf-8")
    (found,) = faults_of(folder)
    assert found.startswith("holidays.json: ")
    assert fault in found
