"""Tell toy days line by line, and gather their one A4 page: rows, notes said once, and the map's shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cityatlas.catalogue.catalogue import Catalogue
from cityatlas.handouts.booklet import cited
from cityatlas.handouts.day.day_lines import day_lines
from cityatlas.handouts.handout import Handout, make_handout
from cityatlas.handouts.one_page import LEAST_MM, PX_A_MM, TALL_MM, WIDTH_MM, layout, make_page
from cityatlas.planner.itinerary.itinerary import plan
from tour_requests import FRIDAY, read
from toy_plan import walkable


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return walkable(tmp_path_factory.mktemp("city") / "toy")


def handout(city: Catalogue, **wish: Any) -> Handout:
    """Return the English handout of a Friday from the quay."""
    usual = {"start": "09:00", "end": "14:00", "at": "quay", "unknown_hours": True, "fullness": "full"}
    itinerary = plan(city, read(city, **FRIDAY | usual | wish))
    return make_handout(city, itinerary, "en", "https://atlas.example/", lambda f: f"https://atlas.example/{f.id}")


def test_the_day_is_told_from_its_start_over_lunch_to_its_end(toy: Catalogue) -> None:
    lines = day_lines(handout(toy, to="quay", lunch=True))
    kinds = [line.kind for line in lines]
    assert (kinds[0], kinds[-1]) == ("start", "end")
    assert kinds.count("visit") == 2
    assert "lunch" in kinds
    assert (lines[0].time, lines[0].text, lines[-1].text) == ("09:00", "Start at Quay", "End at Quay")
    assert [line.time[:5] for line in lines] == sorted(line.time[:5] for line in lines)


def test_a_day_without_a_start_begins_at_its_first_place(toy: Catalogue) -> None:
    lines = day_lines(handout(toy, at=""))
    assert (lines[0].text, lines[-1].text) == ("Start at the first place", "End at the last place")


def test_a_way_stands_in_the_row_of_where_it_leads_and_lunch_has_its_own(toy: Catalogue) -> None:
    rows = make_page(handout(toy, to="quay", lunch=True)).rows
    assert [row.line.kind for row in rows if row.line.kind != "wait"] == ["start", "visit", "visit", "lunch", "end"]
    (mill,) = [row for row in rows if row.line.number == 1]
    assert (mill.line.text, mill.way) == ("Old mill", "Walk about 960 m, about 15 min")
    assert rows[-2].way.startswith("Walk about 1.9 km")  # lunch is at the quay, where the day ends
    assert rows[-1].way == ""


def test_start_and_end_have_no_row_where_nobody_named_them(toy: Catalogue) -> None:
    assert {row.line.kind for row in make_page(handout(toy, at="")).rows} <= {"visit", "wait"}


def test_what_holds_for_every_stop_is_said_once_and_numbers_rise(toy: Catalogue) -> None:
    page = make_page(handout(toy, step_free=True, **{"not": "hall"}, must="quay"))
    assert len(page.common) >= 1
    assert not set(page.common) & set(page.notes)
    for row in page.rows:
        assert list(row.notes) == sorted(set(row.notes))
    assert {n for row in page.rows for n in row.notes} == set(range(1, len(page.notes) + 1))


def test_a_single_stop_keeps_its_notes_by_number(toy: Catalogue) -> None:
    page = make_page(handout(toy, **{"not": "hall"}))
    assert page.common == ()
    assert "Hours unknown: check first" in page.notes


def test_the_map_of_a_flat_route_is_as_wide_as_the_page(toy: Catalogue) -> None:
    made = handout(toy)
    shape = layout(made, make_page(made), cited([stop.feature for stop in made.itinerary.stops]))
    assert not shape.is_tall
    assert shape.map_px[0] == WIDTH_MM * PX_A_MM
    assert shape.map_px[1] > 2 * LEAST_MM * PX_A_MM  # two stops leave more than half of the page


def test_a_tall_route_has_its_notes_beside_the_map(tmp_path: Path) -> None:
    made = handout(
        walkable(tmp_path / "toy"), at="121.01,30.7", to="121.01,30.705", **{"not": "hall,mill"}, must="quay"
    )
    shape = layout(made, make_page(made), [])
    assert (shape.is_tall, shape.are_sources_beside, shape.map_px[0]) == (True, True, TALL_MM * PX_A_MM)


def test_more_sources_than_fit_beside_stand_below(tmp_path: Path) -> None:
    made = handout(
        walkable(tmp_path / "toy"), at="121.01,30.7", to="121.01,30.705", **{"not": "hall,mill"}, must="quay"
    )
    sources: list[dict[str, object]] = [{"title": f"Paper {n}", "tag": "en", "date": "", "url": ""} for n in range(60)]
    shape = layout(made, make_page(made), sources)
    assert not shape.are_sources_beside
    assert shape.map_px[1] >= LEAST_MM * PX_A_MM
