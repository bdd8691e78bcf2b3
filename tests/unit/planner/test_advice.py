"""Check the advice on impossible wishes: the smallest change, two at once where one does not help, and each holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from cityatlas.catalogue.catalogue import Catalogue
from cityatlas.planner.advice.advice import find_changes
from cityatlas.planner.advice.changes import Change, FewerMusts, MoreTime
from cityatlas.planner.advice.what_if import Trials
from cityatlas.planner.itinerary.itinerary import plan
from cityatlas.planner.request.read import read_request
from tour_requests import FRIDAY, NOW, boat_city, read
from toy import with_properties
from toy_plan import walkable, walkable_sights


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Return the toy city with its streets: the hall takes 45 minutes and is open 08:30-16:30, not on Mondays."""
    return walkable(tmp_path_factory.mktemp("city") / "toy")


def offered(city: Catalogue, **values: Any) -> list[Change]:
    """Return the changes that are offered for an impossible wish, each of which is planned once more."""
    wish = read(city, **FRIDAY | {"fullness": "full"} | values)
    found = list(find_changes(city, plan(city, wish), NOW))
    for change in found:
        again = plan(city, read_request(dict(parse_qsl(change.request.to_query())), city, NOW))
        assert again.stops
        assert not again.missing
        assert set(change.request.must) <= {stop.feature.id for stop in again.stops}
    return found


def kinds(changes: list[Change]) -> list[tuple[str, str]]:
    return [(change.kind, change.value) for change in changes]


def test_an_appointment_after_closing_is_offered_the_nearest_time_that_works(city: Catalogue) -> None:
    found = kinds(offered(city, start="09:00", end="17:30", begin_at="hall:16:00"))
    assert ("begin", "hall,15:45") in found  # with 45 minutes it then ends as the hall closes
    assert ("anytime", "hall") in found
    assert ("without", "hall") not in found or found.index(("begin", "hall,15:45")) < found.index(("without", "hall"))


def test_an_appointment_after_the_end_asks_to_end_later(city: Catalogue) -> None:
    found = kinds(offered(city, start="09:00", end="11:00", begin_at="hall:14:00"))
    assert ("later", "225") in found  # the visit ends at 14:45
    assert ("anytime", "hall") in found


def test_a_must_beyond_the_most_walking_asks_for_more(city: Catalogue) -> None:
    found = kinds(offered(city, start="09:00", end="16:00", at="quay", must="hall", walk_max="1500"))
    assert ("walk", "2000") in found  # the hall is 1914 m away


def test_an_order_that_cannot_be_kept_may_be_left_open(tmp_path: Path) -> None:
    layer = with_properties(walkable_sights(), "mill", opening_hours="08:00-09:00", hours_source="Town paper")
    made = walkable(tmp_path / "toy", sights=layer)
    found = offered(made, start="08:00", end="13:00", at="mill", must="hall,mill", order="hall,mill")
    assert ("order", "") in kinds(found)


def test_two_changes_at_once_are_tried_where_one_is_not_enough(city: Catalogue) -> None:
    # On Monday the hall is closed, and from the mill it takes 89 minutes: an hour is too short on Tuesday too.
    (first, *_) = offered(city, date="2026-12-07", start="10:00", end="11:00", at="mill", must="hall")
    assert first.kind == "both"
    assert {step.kind for step in first.steps} in ({"later", "day"}, {"earlier", "day"})


def test_the_smallest_time_is_found_to_five_minutes(city: Catalogue) -> None:
    # 45 minutes to walk and 45 to stay: 90 minutes, and 70 are given.
    found = kinds(offered(city, start="10:00", end="11:10", at="mill", must="hall"))
    assert found[:2] == [("earlier", "20"), ("later", "20")]
    assert ("pace", "brisk") not in found  # 36 minutes at 80 m a minute: 81


def test_what_binds_is_offered_to_be_let_go(city: Catalogue) -> None:
    relaxed = kinds(offered(city, start="10:00", end="11:40", at="mill", must="hall", fullness="relaxed", to="hall"))
    assert ("fullness", "normal") in relaxed  # 105 minutes with 15 to spare, 95 with 5
    brisk = kinds(offered(city, start="10:00", end="11:25", at="mill", must="hall"))
    assert ("pace", "brisk") in brisk
    lunch = kinds(offered(city, start="11:00", end="12:45", at="mill", must="hall", lunch=True))
    assert ("lunch", "") in lunch


def test_a_stay_is_shortened_by_as_little_as_may_be(city: Catalogue) -> None:
    found = kinds(offered(city, start="10:00", end="12:00", at="mill", must="hall", stay="hall:120"))
    assert ("stay", "hall,75") in found


def test_a_place_that_is_closed_for_weeks_is_offered_its_next_day_and_its_last(tmp_path: Path) -> None:
    layer = with_properties(walkable_sights(), "hall", opening_hours="Dec 02 10:00-16:00; Dec 25-31 10:00-16:00")
    found = kinds(offered(walkable(tmp_path / "toy", sights=layer), must="hall"))
    assert found == [("day", "2026-12-25"), ("day", "2026-12-02")]


def test_a_route_by_boat_goes_with_its_boat(tmp_path: Path) -> None:
    made = boat_city(tmp_path / "toy")
    found = offered(made, route="boat-tour", must="hall", start="09:00", end="10:30", at="mill")
    without = next(change for change in found if FewerMusts(("boat-tour",)) in change.steps)
    assert "route" not in without.request.to_query()


def test_no_advice_costs_more_than_its_budget(city: Catalogue) -> None:
    trials = Trials(city, read(city, **FRIDAY, must="hall"), NOW, 2)
    assert trials.works(())
    assert not trials.works((MoreTime("later", 5),))  # nothing is left to try it


def test_the_same_wish_gets_the_same_advice(city: Catalogue) -> None:
    wish = {"date": "2026-12-07", "start": "10:00", "end": "11:00", "at": "mill", "must": "hall,mill"}
    assert kinds(offered(city, **wish)) == kinds(offered(city, **wish))


def test_unknown_hours_and_a_short_time_are_told_together(city: Catalogue) -> None:
    (first, *_) = offered(city, start="16:45", end="17:05", at="quay", to="quay", must="mill")
    assert first.kind == "both"
    assert "allow" in {step.kind for step in first.steps}
