"""Check that a day changed by hand stays as it is where it can: its stops, then their order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.planner.itinerary.itinerary import Itinerary, plan
from cityatlas.planner.request.read import read_request
from cityatlas.settings import Settings
from cityatlas.web.plan.links import stop_wishes

NOW = datetime(2026, 12, 1, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
DAYS = (
    {"end": "12:00", "theme": "art:2,lake_park"},
    {"end": "14:00", "theme": "integrity,canal_town", "start_at": "east-lake-wharf", "lunch": "yes"},
    {"end": "13:00", "end_at": "li-shutong-memorial"},
)


@pytest.fixture(scope="module")
def city() -> Catalogue:
    """Return the city that is shipped."""
    return build_catalogue(Settings())


@pytest.fixture(scope="module", params=DAYS, ids=["morning", "lunch", "long"])
def day(city: Catalogue, request: pytest.FixtureRequest) -> Itinerary:
    """Return a day with several stops, of which there is no better one."""
    values = {"date": "2026-12-05", "start": "09:00", "unknown_hours": "yes"} | request.param
    made = plan(city, read_request(values, city, NOW))
    assert made.status == "optimal"
    assert len(made.stops) >= 3
    return made


def ids(itinerary: Itinerary) -> list[str]:
    return [stop.feature.id for stop in itinerary.stops]


def changed(city: Catalogue, day: Itinerary, index: int, change: str) -> Itinerary:
    """Return the day after a change by its link."""
    return plan(city, stop_wishes(day, index)[change])


def test_a_stop_that_becomes_a_must_or_has_its_time_fixed_changes_nothing(city: Catalogue, day: Itinerary) -> None:
    for index in range(len(day.stops)):
        for change in ("keep", "pin"):
            made = changed(city, day, index, change)
            assert [(s.feature.id, s.begin_s) for s in made.stops] == [(s.feature.id, s.begin_s) for s in day.stops]


def test_two_stops_change_places_whenever_both_can_be_held(city: Catalogue, day: Itinerary) -> None:
    for index, (one, other) in enumerate(zip(ids(day), ids(day)[1:], strict=False)):
        wish = stop_wishes(day, index)["later"]
        made = ids(plan(city, wish))
        if not plan(city, replace(wish.with_must(other), keeps=())).missing:
            assert one in made
            assert other in made
            assert made.index(other) < made.index(one)


def test_what_a_longer_visit_leaves_room_for_stays_in_its_order(city: Catalogue, day: Itinerary) -> None:
    for index in range(len(day.stops)):
        made = changed(city, day, index, "longer")
        kept = [stop for stop in ids(made) if stop in ids(day)]
        assert kept == [stop for stop in ids(day) if stop not in made.gone]
        assert made.gone or ids(made) == ids(day)  # what is new has come for what went


def test_a_day_with_time_to_spare_stays_when_a_visit_takes_longer(city: Catalogue, day: Itinerary) -> None:
    roomy = replace(day, request=replace(day.request, end_s=day.request.end_s + 1200))
    for index in range(len(day.stops)):
        made = changed(city, roomy, index, "longer")
        assert [stop for stop in ids(made) if stop in ids(day)] == ids(day)
        assert not made.gone


def test_the_rest_stays_in_its_order_without_a_stop(city: Catalogue, day: Itinerary) -> None:
    for index, stop in enumerate(ids(day)):
        made = ids(changed(city, day, index, "without"))
        assert [other for other in made if other in ids(day)] == [other for other in ids(day) if other != stop]


def test_what_is_kept_in_its_way_does_not_change_what_a_day_is_worth(city: Catalogue, day: Itinerary) -> None:
    kept = replace(day.request, keeps=tuple((stop, 1) for stop in ids(day)))
    assert plan(city, kept).score == day.score


def test_an_alternative_is_changed_without_becoming_the_plan(city: Catalogue, day: Itinerary) -> None:
    other = replace(day, request=replace(day.request, variant="less"))
    (wish,) = {stop_wishes(other, index)["keep"] for index in (0,)}
    assert (wish.variant, [kept for kept, _ in wish.keeps]) == ("", ids(day))
