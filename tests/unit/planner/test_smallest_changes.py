"""Check how the smallest change is sought, where a rule says which wishes work and no day is planned for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cityatlas.catalogue.catalogue import Catalogue
from cityatlas.planner.advice import advice
from cityatlas.planner.advice.advice import find_changes
from cityatlas.planner.advice.changes import changed
from cityatlas.planner.advice.what_if import Trials
from cityatlas.planner.itinerary.itinerary import Itinerary, plan
from cityatlas.planner.request.request import TourRequest
from tour_requests import FRIDAY, NOW, read
from toy_rides import riding

HOUR_S = 3600
Rule = Callable[[TourRequest], bool]
Offer = list[tuple[tuple[str, str], ...]]  # of each change the kinds and values of its steps


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Return the toy city with estimates of rides by taxi, bus and bicycle."""
    return riding(tmp_path_factory.mktemp("city") / "toy")


@pytest.fixture
def offered(city: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Offer]:
    """Return what finds the changes of a wish of which no must fits; each trial costs `cost_ms` of the budget."""

    def find(works: Rule, *, cost_ms: int = 0, **values: Any) -> Offer:
        def fits(trials: Trials, request: TourRequest, _query: str) -> bool:
            assert (trials.catalogue, trials.now) == (city, NOW)
            trials.left_ms -= cost_ms
            return works(request)

        made = impossible(city, **values)
        monkeypatch.setattr(Trials, "_fits", fits)
        found = find_changes(city, made, NOW)
        for change in found:
            assert change.request == changed(made.request, change.steps)
        return [tuple((step.kind, step.value) for step in change.steps) for change in found]

    return find


def impossible(city: Catalogue, **values: Any) -> Itinerary:
    """Return the plan of a wish for an hour of Friday, of which none of the musts is said to fit for want of time."""
    usual = FRIDAY | {"start": "10:00", "end": "11:00", "at": "mill", "must": "hall", "pace": "brisk"}
    wish = read(city, **usual | {"fullness": "full", "unknown_hours": "yes"} | values)
    return replace(plan(city, wish), request=wish, stops=(), missing=dict.fromkeys(wish.must, "time"))


def length_min(wish: TourRequest) -> int:
    return (wish.end_s - wish.start_s) // 60


def later_min(wish: TourRequest) -> int:
    return (wish.end_s - 11 * HOUR_S) // 60


def earlier_min(wish: TourRequest) -> int:
    return (10 * HOUR_S - wish.start_s) // 60


@pytest.mark.parametrize("minutes", [5, 10, 35, 40, 120, 235, 240])
def test_a_time_is_as_short_as_it_can_be_in_steps_of_five_minutes(offered: Callable[..., Offer], minutes: int) -> None:
    found = offered(lambda wish: length_min(wish) >= 60 + minutes)
    assert found == [(("earlier", str(minutes)),), (("later", str(minutes)),)]


def test_a_ride_comes_first_and_at_most_eight_changes_are_offered(offered: Callable[..., Offer]) -> None:
    rides = [(("ride", "taxi"),), (("ride", "bus"),), (("ride", "bicycle"),)]
    found = offered(lambda _: True, lunch=True, order="hall,mill", walk_max="900", must="hall,mill")
    assert found[:3] == rides
    assert [steps[0] for steps in found[3:]] == [
        *(("earlier", "5"), ("later", "5"), ("lunch", ""), ("order", ""), ("walk", "1000")),
    ]
    assert len(offered(lambda _: True)) == 3 + 2 + 1 + 2  # earlier, later, without the hall, a day before and after


def test_what_trying_rides_costs_is_not_taken_from_the_rest(offered: Callable[..., Offer]) -> None:
    def taken(wish: TourRequest) -> bool:
        return bool(wish.modes) or length_min(wish) == 5 * 60

    # Each trial spends all there is: of the rides one is tried, of the rest one more.
    assert offered(taken, cost_ms=1_000) == [(("ride", "taxi"),), (("earlier", "240"),)]


def test_two_changes_at_once_are_each_as_small_as_can_be(offered: Callable[..., Offer]) -> None:
    both = offered(lambda wish: later_min(wish) >= 60 and earlier_min(wish) >= 30)
    assert both == [(("earlier", "30"), ("later", "60"))]
    # Who begins before eight needs an hour more at the end, others half an hour.
    early = offered(lambda wish: earlier_min(wish) >= 5 and later_min(wish) >= (60 if earlier_min(wish) > 120 else 30))
    assert early == [(("earlier", "5"), ("later", "30"))]


def test_at_most_three_pairs_are_offered_and_doing_without_a_must_comes_last(offered: Callable[..., Offer]) -> None:
    wish = {"lunch": True, "order": "hall,mill", "must": "hall,mill"}
    two = offered(lambda w: (not w.has_lunch) + (not w.order) + (length_min(w) > 60) + len(w.modes) >= 2, **wish)
    assert two == [
        (("ride", "taxi"), ("earlier", "5")),
        (("ride", "taxi"), ("later", "5")),
        (("ride", "taxi"), ("lunch", "")),
    ]
    one_less = offered(lambda w: not w.has_lunch and len(w.must) == 1, **wish)
    assert one_less == [(("lunch", ""), ("without", "hall")), (("lunch", ""), ("without", "mill"))]
    assert offered(lambda w: len(w.must) == 1 and length_min(w) >= 75, **wish) == [
        *((("earlier", "15"), ("without", "hall")), (("earlier", "15"), ("without", "mill"))),
        (("later", "15"), ("without", "hall")),
    ]


def test_another_time_of_an_appointment_is_in_no_pair(offered: Callable[..., Offer]) -> None:
    def other(wish: TourRequest) -> bool:
        return not wish.has_lunch and ("hall", 10 * HOUR_S) not in wish.begins

    assert offered(other, lunch=True, must="", begin_at="hall:10:00") == [
        (("lunch", ""), ("anytime", "hall")),
        (("lunch", ""), ("without", "hall")),
    ]


def test_a_day_is_the_nearest_that_works_with_the_other_change(offered: Callable[..., Offer]) -> None:
    found = offered(lambda w: w.day in (date(2026, 12, 6), date(2026, 12, 8)) and later_min(w) >= 20)
    assert found == [(("later", "20"), ("day", "2026-12-06"))]


ALL_GONE = (("order", ""), ("walk", ""), ("lunch", ""))
TERMS = {"lunch": True, "order": "hall,mill", "must": "hall,mill", "walk_max": "1000", "end": "13:00"}


def are_gone(wish: TourRequest) -> bool:
    return not wish.has_lunch and not wish.order


def test_where_two_are_not_enough_as_few_musts_less_as_may_be(offered: Callable[..., Offer]) -> None:
    # In an hour from the mill, half of which is for the mill, there is no time for the hall and the quay.
    found = offered(lambda w: w.must == ("mill",), must="hall,mill,quay")
    assert found == [(("without", "hall,quay"),)]
    assert offered(lambda _: False, must="hall,mill,quay") == []


def test_as_many_musts_stay_as_fit_whatever_they_are_worth(offered: Callable[..., Offer]) -> None:
    # In 85 minutes from the mill there is time for the hall, or for the mill and the quay, or for one and no must.
    wish = TERMS | {"end": "11:25"}
    for more in ({"theme": "art:3"}, {"keep": "hall"}):
        three = wish | {"must": "hall,mill,quay"} | more
        found = offered(lambda w: are_gone(w) and w.must == ("mill", "quay") and length_min(w) == 85, **three)
        assert found == [(("order", ""), ("lunch", ""), ("without", "hall"))]
    for more in ({}, {"keep": "mill"}):
        found = offered(
            lambda w: are_gone(w) and w.most_walk_m is None and w.must == ("hall",) and length_min(w) == 85,
            **wish | {"must": "hall"} | more,
        )
        assert found == [ALL_GONE]


def test_all_terms_that_bind_are_let_go_and_no_other(offered: Callable[..., Offer]) -> None:
    found = offered(lambda w: are_gone(w) and w.most_walk_m is None, **TERMS)
    assert found == [ALL_GONE]
    found = offered(lambda w: are_gone(w) and (w.most_walk_m or 9_000) >= 2_500, **TERMS)
    assert found == [(("order", ""), ("walk", "2500"), ("lunch", ""))]


@pytest.mark.parametrize(
    ("values", "is_gone", "step"),
    [
        ({"unknown_hours": "no", "must": "hall"}, lambda w: w.allows_unknown_hours, ("allow", "")),
        ({}, lambda w: w.boat == "yes", ("boat", "")),
        ({"boat": "only"}, lambda w: w.boat == "yes", ("foot", "")),
        ({"route": "boat-tour"}, lambda w: not w.route, ("route", "")),
        ({"stay": "hall:100"}, lambda w: dict(w.stays)["hall"] <= 45, ("stay", "hall,45")),
        ({"begin_at": "hall:10:30"}, lambda w: not w.begins, ("anytime", "hall")),
    ],
)
def test_each_term_can_be_one_of_those(
    city: Catalogue,
    offered: Callable[..., Offer],
    values: dict[str, str],
    is_gone: Rule,
    step: tuple[str, str],
) -> None:
    terms = {"order": "hall,mill", "lunch": True, "start": "09:00", "end": "16:00"}
    (steps,) = offered(lambda w: are_gone(w) and is_gone(w), **terms | values)
    assert set(steps) == {("order", ""), ("lunch", ""), step}


@pytest.mark.parametrize(
    ("needed", "times"),
    [
        (lambda w: w.end_s >= 13.75 * HOUR_S, (("later", "45"),)),
        (lambda w: w.start_s <= 9.5 * HOUR_S, (("earlier", "30"),)),
        (lambda w: w.start_s <= 9.5 * HOUR_S and w.end_s >= 13.75 * HOUR_S, (("later", "45"), ("earlier", "30"))),
        (lambda w: (w.start_s, w.end_s) == (9 * HOUR_S, 17 * HOUR_S), (("hours", "09:00,17:00"),)),
        (
            lambda w: (w.day, w.start_s, w.end_s) == (date(2026, 12, 5), 9 * HOUR_S, 17 * HOUR_S),
            (("day", "2026-12-05"), ("hours", "09:00,17:00")),
        ),
        (
            lambda w: (w.day, w.start_s, w.end_s) == (date(2026, 12, 3), 9 * HOUR_S, 17 * HOUR_S),
            (("day", "2026-12-03"), ("hours", "09:00,17:00")),
        ),
    ],
)
def test_terms_and_times_are_let_go_together(
    offered: Callable[..., Offer], needed: Rule, times: Sequence[tuple[str, str]]
) -> None:
    found = offered(lambda w: are_gone(w) and needed(w), **TERMS)
    assert found == [(("order", ""), ("lunch", ""), *times)]


def test_where_there_is_not_even_time_to_go_no_must_fits(offered: Callable[..., Offer]) -> None:
    # From the mill to the hall one walks for 36 minutes, and half an hour is given.
    wish = TERMS | {"to": "hall", "end": "10:30"}
    found = offered(lambda w: are_gone(w) and not w.must and length_min(w) == 30, **wish | {"start": "10:00"})
    assert found == [(("order", ""), ("lunch", ""), ("without", "hall,mill"))]


def test_a_must_that_could_stay_after_all_stays(offered: Callable[..., Offer]) -> None:
    wish = TERMS | {"must": "hall,mill,quay", "end": "11:00"}  # in that hour there is time for the mill alone
    found = offered(lambda w: are_gone(w) and "quay" not in w.must and length_min(w) == 60, **wish)
    assert found == [(("order", ""), ("lunch", ""), ("without", "quay"))]
    found = offered(lambda w: are_gone(w) and w.most_walk_m is None and length_min(w) == 60, **wish)
    assert found == [ALL_GONE]
    four = wish | {"must": "hall,mill,quay,old-town"}
    found = offered(lambda w: are_gone(w) and not {"quay", "old-town"} & {*w.must} and length_min(w) == 60, **four)
    assert found == [(("order", ""), ("lunch", ""), ("without", "quay,old-town"))]
    found = offered(lambda w: are_gone(w) and w.must == ("mill",) and length_min(w) == 60, **wish)
    assert found == [(("order", ""), ("lunch", ""), ("without", "hall,quay"))]


def test_a_day_that_is_well_needs_no_change(city: Catalogue) -> None:
    made = plan(city, read(city, **FRIDAY, start="09:00", end="17:00"))
    assert made.stops
    assert find_changes(city, made, NOW) == ()


def test_stops_that_had_to_go_are_saved_by_the_first_mode_that_saves_all(
    city: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[TourRequest] = []

    def fits(trials: Trials, request: TourRequest, _query: str) -> bool:
        assert (trials.catalogue, trials.now) == (city, NOW)
        asked.append(request)
        return "bus" in request.modes

    usual = FRIDAY | {"start": "09:00", "end": "10:45", "at": "mill", "fullness": "full", "unknown_hours": "yes"}
    wish = read(city, **usual, must="hall", keep="mill,hall", order="hall,mill")
    made = plan(city, wish)
    assert made.gone == ("mill",)
    monkeypatch.setattr(Trials, "_fits", fits)
    (change,) = find_changes(city, made, NOW)
    assert (change.kind, change.value) == ("ride", "bus")
    assert change.request == replace(wish, modes=("bus",))
    assert [request.modes for request in asked] == [("taxi",), ("bus",)]
    assert {(request.must, request.keeps, request.order) for request in asked} == {(("hall", "mill"), (), ())}
    monkeypatch.setattr(advice, "TOUR_MUSTS", 2)
    assert find_changes(city, made, NOW) == (change,)
    monkeypatch.setattr(advice, "TOUR_MUSTS", 1)  # no wish may name them both
    assert find_changes(city, made, NOW) == ()
