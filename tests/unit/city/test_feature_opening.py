"""Tell when a place is open where hours and notices speak of the same day."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.catalogue.filters import read_selection, select
from cityatlas.city.opening.feature_opening import closure_on, is_in_season, notices_from, open_on, state_of
from cityatlas.settings import Settings
from toy import sights, text, with_properties, write_city

SHANGHAI = ZoneInfo("Asia/Shanghai")


def notice(begins: str | None, ends: str | None, *, closes: bool = True) -> dict[str, Any]:
    return {"text": text("修缮", "Repairs"), "from": begins, "to": ends, "closes": closes, "source": "Town paper"}


def city(tmp_path: Path, *notices: dict[str, Any], **more: Any) -> Catalogue:
    """Return the toy city, whose hall (Tuesday to Sunday 8:30-16:30) has notices."""
    layer = with_properties(sights(), "hall", notices=list(notices), **more)
    return build_catalogue(Settings(geodata=write_city(tmp_path / "city", sights=layer)))


def told(catalogue: Catalogue, moment: str) -> tuple[bool, str] | None:
    """Return whether the hall is open, and when that changes, at a time of the city."""
    state = state_of(
        catalogue.features["hall"], datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI), catalogue.city
    )
    if state is None:
        return None
    return state.is_open, state.changes_at.isoformat(" ", "minutes")[:16] if state.changes_at else ""


REPAIRS = notice("2026-02-03", "2026-02-08")  # Tuesday to Sunday


@pytest.mark.parametrize(
    ("moment", "answer"),
    [
        ("2026-02-01 10:00", (True, "2026-02-01 16:30")),
        ("2026-02-01 18:00", (False, "2026-02-10 08:30")),  # else it would open on Tuesday the 3rd
        ("2026-02-03 10:00", (False, "2026-02-10 08:30")),
        ("2026-02-08 23:59", (False, "2026-02-10 08:30")),  # the 9th is a Monday
        ("2026-02-10 10:00", (True, "2026-02-10 16:30")),
    ],
)
def test_a_closure_stands_over_the_hours_on_its_days(tmp_path: Path, moment: str, answer: tuple[bool, str]) -> None:
    assert told(city(tmp_path, REPAIRS), moment) == answer


def test_one_closure_follows_another_and_one_without_an_end_never_reopens(tmp_path: Path) -> None:
    following = city(tmp_path, REPAIRS, notice("2026-02-09", "2026-02-15"))
    assert told(following, "2026-02-03 10:00") == (False, "2026-02-17 08:30")
    endless = city(tmp_path, REPAIRS, notice("2026-02-10", None))
    assert told(endless, "2026-02-03 10:00") == (False, "")


def test_who_is_open_all_day_closes_when_the_closure_begins_and_opens_when_it_ends(tmp_path: Path) -> None:
    always = city(tmp_path, REPAIRS, opening_hours="24/7")
    assert told(always, "2026-02-01 10:00") == (True, "2026-02-03 00:00")
    assert told(always, "2026-02-04 10:00") == (False, "2026-02-09 00:00")


def test_a_closure_is_known_where_the_hours_are_not(tmp_path: Path) -> None:
    silent = city(tmp_path, REPAIRS, opening_hours=None, hours_source=None)
    assert told(silent, "2026-02-04 10:00") == (False, "")
    assert told(silent, "2026-02-10 10:00") is None
    hall = silent.features["hall"]
    assert open_on(hall, date(2026, 2, 4), silent.city) == []
    assert open_on(hall, date(2026, 2, 10), silent.city) is None


def test_a_notice_that_closes_nothing_changes_no_hours(tmp_path: Path) -> None:
    hint = city(tmp_path, notice("2026-02-03", "2026-02-08", closes=False))
    assert told(hint, "2026-02-04 10:00") == (True, "2026-02-04 16:30")
    assert closure_on(hint.features["hall"], date(2026, 2, 4)) is None
    assert len(notices_from(hint.features["hall"], date(2026, 2, 8))) == 1
    assert notices_from(hint.features["hall"], date(2026, 2, 9)) == ()


def test_what_holds_now_stands_before_what_comes(tmp_path: Path) -> None:
    hall = city(tmp_path, notice("2026-05", None), REPAIRS, notice("2026-03-01", None)).features["hall"]
    begun = [one.begins for one in notices_from(hall, date(2026, 3, 2))]
    assert begun == ["2026-03-01", "2026-05"]


def test_the_filter_of_what_is_open_leaves_out_what_a_notice_closes(tmp_path: Path) -> None:
    catalogue = city(tmp_path, REPAIRS)

    def open_at(moment: str) -> list[str]:
        return [feature.id for feature in select(catalogue, read_selection({"at": moment}, catalogue.city))]

    assert open_at("2026-02-01T10:00") == ["hall"]
    assert open_at("2026-02-04T10:00") == []


@pytest.mark.parametrize(
    ("months", "day", "runs"),
    [
        ({}, "2026-01-01", True),
        ({"valid_from": "2026-04", "valid_to": "2026-10"}, "2026-03-31", False),
        ({"valid_from": "2026-04", "valid_to": "2026-10"}, "2026-10-31", True),
        ({"valid_to": "2026-10"}, "2026-11-01", False),
    ],
)
def test_a_route_runs_in_its_months(tmp_path: Path, months: dict[str, str], day: str, runs: bool) -> None:
    layer = with_properties(sights(), "boat-tour", **months, valid_source="Town paper")
    catalogue = build_catalogue(Settings(geodata=write_city(tmp_path / "city", sights=layer)))
    assert is_in_season(catalogue.features["boat-tour"], date.fromisoformat(day)) is runs
