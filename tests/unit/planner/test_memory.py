"""Check that a link remembers its plan: what changed since is told, and a text from outside never does harm."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.planner.itinerary.itinerary import Itinerary, plan
from cityatlas.planner.itinerary.plan_diff import SinceChange, compare, remember, shared_query
from cityatlas.planner.request.read import renewed
from cityatlas.settings import Settings
from tour_requests import FRIDAY, read
from toy import with_properties
from toy_plan import walkable, walkable_sights, works_at, write_walkable

MADE, TODAY = date(2026, 11, 2), date(2026, 12, 1)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Return the toy city with its streets."""
    return walkable(tmp_path_factory.mktemp("city") / "toy")


def made(city: Catalogue, **values: Any) -> Itinerary:
    """Return the plan of Friday from 9 to 12, mill and hall, as made on 2 November."""
    wish = FRIDAY | {"start": "09:00", "end": "12:00", "at": "quay", "to": "hall", "unknown_hours": "yes"}
    return replace(plan(city, read(city, **wish | values)), made_on=MADE)


def changes(before: Catalogue, after: Catalogue) -> list[SinceChange]:
    """Return what is told of a link that was made with one snapshot and opened with another."""
    since = compare(remember(made(before)), made(after), after, TODAY)
    assert since
    assert since.day == MADE
    return list(since.changes)


def test_the_same_plan_has_no_changes(city: Catalogue) -> None:
    assert changes(city, city) == []


def test_a_shared_link_is_short_and_safe_in_an_address(city: Catalogue) -> None:
    query = shared_query(made(city))
    assert re.fullmatch(r".*&made=[A-Za-z0-9_-]{28}", query)  # 3 + 2 + 2 stops of 8 bytes


def test_a_stop_that_closed_is_told_by_its_name(city: Catalogue, tmp_path: Path) -> None:
    layer = with_properties(walkable_sights(), "hall", opening_hours="Sa 08:30-16:30")
    assert changes(city, walkable(tmp_path / "toy", sights=layer)) == [
        SinceChange("went", "hall", {"zh": "纪念馆", "en": "Memory hall"})
    ]


def test_a_stop_that_came_and_one_that_moved_are_told(city: Catalogue, tmp_path: Path) -> None:
    layer = with_properties(walkable_sights(), "mill", visit_min=None)
    before = walkable(tmp_path / "toy", sights=layer)
    came = changes(before, city)
    assert came[0] == SinceChange("came", "mill", {"zh": "老磨坊", "en": "Old mill"})
    assert came[1].kind == "moved"
    assert (came[1].feature_id, came[1].before) == ("hall", "09:30")  # 1914 m at 65 m a minute


def test_other_hours_are_told_also_when_the_plan_stays(city: Catalogue, tmp_path: Path) -> None:
    layer = with_properties(walkable_sights(), "hall", opening_hours="Tu-Su 08:30-17:00")
    found = changes(city, walkable(tmp_path / "toy", sights=layer))
    assert [(change.kind, change.feature_id) for change in found] == [("hours", "hall")]


def test_a_retired_place_is_told_by_its_id(city: Catalogue, tmp_path: Path) -> None:
    layer = walkable_sights()
    layer["features"] = [row for row in layer["features"] if row["id"] not in ("mill", "boat-tour")]
    folder = write_walkable(tmp_path / "toy", sights=layer)
    for name, old, new in [
        ("city.toml", 'old-mill = "mill"', 'mill = ""'),
        ("figures.json", '"feature": "mill"', '"feature": "hall"'),
    ]:
        (folder / name).write_text((folder / name).read_text("utf-8").replace(old, new), "utf-8")
    after = build_catalogue(Settings(geodata=folder))
    assert SinceChange("went", "mill", {}) in changes(city, after)


def test_another_length_and_works_on_the_way_are_told(city: Catalogue, tmp_path: Path) -> None:
    longer = with_properties(walkable_sights(), "hall", visit_min=50)
    assert changes(city, walkable(tmp_path / "toy", sights=longer)) == [
        SinceChange("length", "hall", {"zh": "纪念馆", "en": "Memory hall"}, "45", "50")
    ]
    built = walkable(tmp_path / "other", works=works_at(121.005, 30.7))  # on the only street to the mill
    assert ("works", "mill") in [(change.kind, change.feature_id) for change in changes(city, built)]
    assert changes(built, built) == []


def test_what_went_from_a_wish_is_left_out_or_replaced(tmp_path: Path) -> None:
    folder = write_walkable(tmp_path / "toy")
    config = (folder / "city.toml").read_text("utf-8")
    (folder / "city.toml").write_text(config.replace('old-mill = "mill"', 'old-mill = "mill"\ninn = ""'), "utf-8")
    now = build_catalogue(Settings(geodata=folder))
    asked = {"must": ["old-mill,inn"], "stay": ["old-mill:50"], "programme": ["hall:dance"], "theme": ["art:2,gone"]}
    values, lost = renewed(asked | {"start_at": ["inn"], "end_at": ["121.01,30.7"], "date": ["2026-12-04"]}, now)
    assert values == {
        "must": ["mill,hall"],
        "stay": ["mill:50"],
        "theme": ["art:2"],
        "end_at": ["121.01,30.7"],
        "date": ["2026-12-04"],
    }
    assert {(one.kind, one.old_id, one.new_id) for one in lost} == {
        ("place_replaced", "old-mill", "mill"),
        ("place_gone", "inn", ""),
        ("programme_gone", "hall", ""),
        ("theme_gone", "gone", ""),
    }


def test_the_text_of_another_wish_is_ignored(city: Catalogue) -> None:
    text = remember(made(city))
    assert compare(text, made(city, pace="slow"), city, TODAY) is None


def test_a_day_to_come_is_ignored(city: Catalogue) -> None:
    assert compare(remember(made(city)), made(city), city, date(2026, 11, 1)) is None


@given(st.text(max_size=700) | st.from_regex(r"[A-Za-z0-9_-]{0,100}", fullmatch=True))
def test_any_text_from_outside_is_taken_for_nothing(city: Catalogue, text: str) -> None:
    assert compare(text, made(city), city, TODAY) is None


def test_one_letter_changed_breaks_the_text(city: Catalogue) -> None:
    plan_now = made(city)
    text = remember(plan_now)
    for place in range(len(text) - 1):  # the last letter has bits that hold nothing
        other = "A" if text[place] != "A" else "B"
        assert compare(text[:place] + other + text[place + 1 :], plan_now, city, TODAY) is None
