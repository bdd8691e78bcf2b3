"""Ride by bicycle, bus or taxi where it is quicker and allowed, by estimate; `toy_rides.py` works out the minutes."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from cityatlas.catalogue.catalogue import Catalogue
from cityatlas.city.ride_estimates import RIDE_MODES
from cityatlas.errors import BrokenGeodata, InvalidTour
from cityatlas.handouts.day.itinerary_json import itinerary_json
from cityatlas.planner.advice.advice import find_changes
from cityatlas.planner.day.problem import make_draft
from cityatlas.planner.itinerary.itinerary import Itinerary, answer, plan
from cityatlas.planner.solver import check
from planner_cases import brute_best
from tour_requests import FRIDAY, NOW, read
from toy import CITY_TOML
from toy_rides import LINE, RIDES, riding

WISH = FRIDAY | {"start": "09:00", "end": "12:00", "fullness": "full", "unknown_hours": True}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return riding(tmp_path_factory.mktemp("city") / "toy")


def day(catalogue: Catalogue, **more: Any) -> Itinerary:
    """Return the plan of a wish; it keeps every rule by the checker's own clock."""
    request = read(catalogue, **WISH | more)
    draft = make_draft(catalogue, request)
    assert check(draft.problem, answer(draft)) == []
    return plan(catalogue, request)


def legs(itinerary: Itinerary) -> list[tuple[str, int, int]]:
    """Return (mode, minutes, metres on foot) of each way."""
    return [(leg.mode, (leg.end_s - leg.begin_s) // 60, leg.length_m) for leg in itinerary.legs if leg]


def test_a_leg_takes_the_fastest_way_that_is_allowed(city: Catalogue) -> None:
    to_hall = {"at": "quay", "must": "hall", "not": "mill,fort"}
    assert legs(day(city, **to_hall)) == [("walk", 30, 1916)]
    assert legs(day(city, **to_hall, modes="walk,taxi")) == [("taxi", 11, 0)]
    assert legs(day(city, **to_hall, modes="bus")) == [("bus", 13, 0)]
    assert legs(day(city, **to_hall, modes="bicycle")) == [("bicycle", 14, 0)]  # 2,297 m at 200 m a minute, and 2
    assert legs(day(city, **to_hall, modes="bicycle,bus,taxi")) == [("taxi", 11, 0)]
    assert legs(day(city, **to_hall, modes="taxi", ride_from="2000")) == [("walk", 30, 1916)]


def test_a_bus_is_boarded_only_near_its_line(city: Catalogue) -> None:
    at_mill = {"at": "mill", "must": "hall", "not": "mill,fort"}
    assert legs(day(city, **at_mill, modes="bus")) == [("walk", 45, 2874)]  # the quay is 957 m off
    near = day(city, at="121.006000,30.7", must="hall", modes="bus", **{"not": "mill,fort"})
    assert legs(near) == [("bus", 19, 383)]  # 383 m to the quay are 6 minutes
    told = itinerary_json(near, ())["legs"][0]
    assert (told["bus"], told["is_estimate"]) == ({"line": "one", "from": "quay", "to": "hall"}, True)
    assert [(part["mode"], part["minutes"]) for part in told["parts"]] == [("walk", 6), ("bus", 13)]


def test_without_a_line_no_bus_goes_and_the_plan_says_so(tmp_path: Path) -> None:
    catalogue = riding(tmp_path / "city", RIDES)
    made = day(catalogue, at="quay", must="hall", modes="bus", **{"not": "mill,fort"})
    assert legs(made) == [("walk", 30, 1916)]
    assert "bus_unknown" in made.notices


def test_nobody_is_driven_where_no_road_leads(tmp_path: Path) -> None:
    toml = CITY_TOML.replace('icon = "castle"', 'icon = "castle", by_road = false')
    catalogue = riding(tmp_path / "city", toml=toml)
    assert day(catalogue, at="quay", must="fort", modes="taxi").missing == {"fort": "no_way"}
    made = day(catalogue, at="quay", must="mill", modes="taxi", **{"not": "hall"})
    assert legs(made) == [("walk", 15, 958)]


def test_who_wants_no_steps_rides_no_bicycle(city: Catalogue) -> None:
    made = day(city, at="quay", must="hall", modes="bicycle", step_free=True, end="13:00", **{"not": "mill,fort"})
    assert [mode for mode, *_ in legs(made)] == ["walk"]
    assert "mode_left_out" in made.notices


def test_only_walking_counts_as_walking(city: Catalogue) -> None:
    far = {"at": "quay", "to": "quay", "must": "hall,mill", "not": "fort", "walk_max": "1000"}
    assert day(city, **far).missing
    made = day(city, **far, modes="taxi", ride_from="1000")
    assert sorted(legs(made)) == [("taxi", 11, 0), ("taxi", 14, 0), ("walk", 15, 958)]
    assert (made.missing, made.walk_m, made.walk_s) == ({}, 958, 900)


def test_what_lies_off_every_path_is_reached_by_taxi_alone(city: Catalogue) -> None:
    assert day(city, at="quay", must="fort").missing == {"fort": "far"}
    changes = find_changes(city, day(city, at="quay", must="fort"), NOW)
    assert [(change.kind, change.value) for change in changes[:2]] == [("ride", "taxi"), ("ride", "bicycle")]
    assert plan(city, changes[0].request).stops
    with pytest.raises(InvalidTour):
        day(city, at="fort")
    assert day(city, at="fort", must="hall", modes="taxi").stops


def test_a_stop_that_had_to_go_is_saved_by_a_mode_in_one_step(city: Catalogue) -> None:
    short = {"at": "mill", "must": "hall", "keep": "mill", "end": "10:45", "not": "fort"}
    made = day(city, **short)
    assert made.gone == ("mill",)
    (change,) = find_changes(city, made, NOW)
    assert (change.kind, change.value) == ("ride", "taxi")
    assert {stop.feature.id for stop in plan(city, change.request).stops} == {"mill", "hall"}


def test_a_long_walk_offers_the_quickest_ride(city: Catalogue) -> None:
    def offers(**more: Any) -> list[Any]:
        return [leg and leg.offer and (leg.offer.mode, leg.offer.takes_s // 60) for leg in day(city, **more).legs[:1]]

    to_hall = {"at": "quay", "must": "hall", "not": "mill,fort"}
    assert offers(**to_hall) == [("taxi", 11)]
    assert offers(**to_hall, modes="taxi") == [None]
    near = {"at": "121.016000,30.7", "must": "hall", "not": "mill,fort"}  # 1,341 m
    assert offers(**near) == [None]
    assert offers(**near, theme="family") == [("taxi", 10)]  # with children a walk is long from 1 km on


@pytest.mark.parametrize("count", range(4))
def test_a_day_equals_trying_all_stops_orders_and_modes(city: Catalogue, count: int) -> None:
    for modes in combinations(RIDE_MODES, count):
        for more in ({}, {"walk_max": "1500"}, {"end": "10:00", "start_at": "mill"}, {"lunch": "yes", "end": "13:00"}):
            draft = make_draft(city, read(city, **WISH | {"at": "quay", "to": "quay", "modes": ",".join(modes)} | more))
            solution = answer(draft)
            found = (solution.score, solution.travel_s, solution.wait_s) if solution.tours else None
            assert found == brute_best(draft.problem), (modes, more)


def test_an_address_without_modes_stays_as_it_was_and_one_with_them_has_one_order(city: Catalogue) -> None:
    assert "modes" not in read(city, **WISH).to_query()
    assert "modes=walk,bicycle,taxi" in read(city, **WISH, modes="taxi,walk,bicycle").to_query()
    assert "ride_from=1000" in read(city, **WISH, modes="taxi", ride_from="1000").to_query()
    with pytest.raises(InvalidTour) as raised:
        read(city, **WISH, modes="sedan")
    assert raised.value.values["reason"] == "choice"


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("km_h = 30", "km_h = 0"),
        ("[rides.taxi]", "[rides.sedan]"),
        ('stops = ["quay", "hall"]', 'stops = ["quay", "pier"]'),
        ('children = ["family"]', 'children = ["kids"]'),
        ('source = { zh = "站牌", en = "The sign at the stop" }', 'source = { zh = "站牌" }'),
    ],
)
def test_estimates_without_sense_or_source_are_refused(tmp_path: Path, bad: str, words: str) -> None:
    with pytest.raises(BrokenGeodata):
        riding(tmp_path / "city", (RIDES + LINE).replace(bad, words, 1))
