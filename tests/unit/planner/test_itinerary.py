"""Check whole plans of the toy city: worked out by hand, open on arrival, and honest when nothing fits."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import shapely
from defusedxml import ElementTree

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.handouts.day.day_map import draw_itinerary
from cityatlas.handouts.day.itinerary_json import itinerary_json
from cityatlas.planner.advice.advice import find_changes
from cityatlas.planner.itinerary.itinerary import Itinerary, plan
from cityatlas.planner.itinerary.timeline import timeline
from cityatlas.planner.request.read import read_request
from cityatlas.planner.request.request import clock, rest_of_today
from cityatlas.settings import Settings
from tour_requests import FRIDAY, NOW, read
from toy import with_properties
from toy_plan import path, paths, walkable, walkable_sights, works_at


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Return the toy city with its streets."""
    return walkable(tmp_path_factory.mktemp("city") / "toy")


def day(city: Catalogue, **values: Any) -> Itinerary:
    """Return the plan of a wish for Friday, unless said otherwise."""
    return plan(city, read(city, **FRIDAY | values))


def changes(city: Catalogue, **values: Any) -> list[tuple[str, str]]:
    """Return what would make a wish possible."""
    return [(change.kind, change.value) for change in find_changes(city, day(city, **values), NOW)]


# From the quay to the mill 957 m, 15 minutes at 65 m a minute; from the mill to the hall 2872 m, 45 minutes.


def test_a_morning_is_planned_as_one_would_by_hand(city: Catalogue) -> None:
    made = day(city, start="09:00", end="12:00", at="quay", to="hall", unknown_hours=True, fullness="full")
    assert made.status == "optimal"
    assert [(s.feature.id, clock(s.begin_s), clock(s.end_s)) for s in made.stops] == [
        ("mill", "09:15", "09:45"),
        ("hall", "10:30", "11:15"),
    ]
    assert made.walk_m == pytest.approx(957 + 2872, rel=0.003)
    assert made.stops[1].slack_s // 60 == 45  # until 12:00
    assert made.stops[0].warnings == ("hours_unknown", "schematic")
    assert made.stops[1].warnings == ()
    assert made.is_about


def test_who_comes_early_waits_until_it_opens(city: Catalogue) -> None:
    made = day(city, start="08:00", end="10:00", at="hall", fullness="full")
    (hall,) = made.stops
    assert (clock(hall.arrive_s), clock(hall.begin_s)) == ("08:00", "08:30")
    assert made.wait_s == 1800


def test_rows_follow_the_clock_without_a_gap(city: Catalogue) -> None:
    rows = timeline(day(city, start="09:00", end="14:00", at="quay", to="quay", unknown_hours=True, lunch=True))
    assert {row.kind for row in rows} == {"walk", "visit", "rest", "lunch"}
    for before, after in pairwise(rows):
        assert abs(after.begin_s - before.end_s) < 60


def test_the_same_wish_gives_the_same_plan(city: Catalogue) -> None:
    wish = read(city, **FRIDAY, unknown_hours=True)
    first, second = (itinerary_json(plan(city, wish), ()) for _ in range(2))
    assert first == second


def test_a_must_on_its_closed_day_is_told_with_the_day_that_works(city: Catalogue) -> None:
    made = day(city, date="2026-12-07", must="hall")  # a Monday
    assert (made.status, made.missing, made.stops) == ("infeasible", {"hall": "closed"}, ())
    assert ("day", "2026-12-08") in changes(city, date="2026-12-07", must="hall")


def test_a_must_without_hours_asks_to_be_allowed(city: Catalogue) -> None:
    assert day(city, must="mill").missing == {"mill": "hours_unknown"}
    assert changes(city, must="mill")[0] == ("allow", "")


def test_a_short_time_is_told_with_the_smallest_change(city: Catalogue) -> None:
    # 45 minutes to walk and 45 to stay, and nothing to spare: 90 minutes; 75 are not enough, 90 are.
    wish = {"start": "10:00", "end": "11:15", "at": "mill", "must": "hall", "fullness": "full"}
    assert day(city, **wish).missing == {"hall": "time"}
    assert changes(city, **wish)[:2] == [("earlier", "15"), ("later", "15")]


def test_every_change_that_is_offered_holds(city: Catalogue) -> None:
    wish = read(city, **FRIDAY, start="14:00", end="15:00", at="mill", must="hall", fullness="full")
    offered = find_changes(city, plan(city, wish), NOW)
    assert offered
    for change in offered:
        again = plan(city, change.request)
        assert not again.missing
        assert set(change.request.must) <= {stop.feature.id for stop in again.stops}


def test_two_musts_too_many_name_which_to_do_without(city: Catalogue) -> None:
    wish = {"start": "15:00", "end": "16:15", "must": "hall,mill", "unknown_hours": True, "fullness": "full"}
    assert {change for change in changes(city, **wish) if change[0] == "without"} == {
        ("without", "hall"),
        ("without", "mill"),
    }


def test_a_plan_that_works_needs_no_change(city: Catalogue) -> None:
    assert changes(city) == []


def walks(made: Itinerary) -> list[Any]:
    return [leg for leg in made.legs if leg]


def test_a_leg_that_passes_works_names_them(tmp_path: Path) -> None:
    made = walkable(tmp_path / "toy", works=works_at(121.005, 30.7))  # between mill and quay there is one street
    assert [[f.id for f in leg.works] for leg in walks(day(made, at="mill", fullness="full"))] == [["school"]]


# Quay to hall: 1914 m by the steps, which pass the school, 3022 m by the round; 1.5 times 1914 and 200 are 3071.


def test_a_way_round_works_is_taken_when_it_is_not_much_farther(tmp_path: Path) -> None:
    made = walkable(tmp_path / "toy", works=works_at(121.02, 30.7))
    (leg,) = walks(day(made, at="quay", must="hall", fullness="full"))
    assert leg.length_m == pytest.approx(1914 + 1108, rel=0.003)
    assert ([f.id for f in leg.avoided], leg.works) == (["school"], ())
    assert leg.detour_m == pytest.approx(1108, rel=0.01)
    assert (leg.end_s - leg.begin_s) == 47 * 60  # planned with the same way


def test_a_way_round_that_is_too_far_leaves_the_warning(tmp_path: Path) -> None:
    far = path("round", [121.01, 30.7], [121.01, 30.706], [121.03, 30.706], [121.03, 30.7])  # 3244 m
    streets = {"type": "FeatureCollection", "features": [*paths()["features"][:2], far]}
    made = walkable(tmp_path / "toy", works=works_at(121.02, 30.7), paths=streets)
    (leg,) = walks(day(made, at="quay", must="hall", fullness="full"))
    assert leg.length_m == pytest.approx(1914, rel=0.003)
    assert ([f.id for f in leg.works], leg.avoided, leg.detour_m) == (["school"], (), 0)


@pytest.mark.parametrize(("month", "is_met"), [("2026-12", True), ("2027-03", False)])
def test_works_are_those_of_the_day(tmp_path: Path, month: str, is_met: bool) -> None:
    phases = [
        {"phase": "structure", "from": "2026-01", "to": "2027-02", "source": "Town paper"},
        {"phase": "open", "from": "2027-03", "to": None, "source": "Town paper"},
    ]
    made = walkable(tmp_path / "toy", works=works_at(121.005, 30.7, phases=phases, visit_min=20))
    legs = walks(day(made, date=f"{month}-05", at="mill", must="hall"))
    assert [[f.id for f in leg.works] for leg in legs][-1:] == ([["school"]] if is_met else [[]])
    assert ("works" in day(made, date=f"{month}-05", must="school").missing.values()) is is_met


def test_step_free_goes_round_and_warns_of_what_nobody_checked(city: Catalogue) -> None:
    made = day(city, at="quay", step_free=True, end="17:00")
    leg = made.legs[0]
    assert leg
    assert leg.length_m == pytest.approx(1914 + 1108, rel=0.003)
    assert leg.are_steps_unknown
    assert made.stops[0].warnings == ()  # the hall is known to be step-free


def test_the_picture_is_a_document_with_a_link_for_each_stop(city: Catalogue) -> None:
    made = day(city, at="quay", to="hall", unknown_hours=True, start="09:00", end="12:00")
    drawn = draw_itinerary(city, made, (600, 400), "en", lambda feature: f"/sites/{feature.id}")
    links = [link.get("href") for link in ElementTree.fromstring(drawn).iter("{http://www.w3.org/2000/svg}a")]
    assert links == ["/sites/mill", "/sites/hall"]


def test_json_holds_lines_as_geojson(city: Catalogue) -> None:
    made = day(city, at="quay", unknown_hours=True)
    table = json.loads(json.dumps(itinerary_json(made, ())))
    assert all(shapely.from_geojson(json.dumps(leg["line"])).length > 0 for leg in table["legs"] if leg)
    assert table["legs"][-1] is None  # it may end anywhere


def test_the_shipped_city_keeps_every_rule() -> None:
    shipped = build_catalogue(Settings())
    wish = {
        "date": "2026-12-05",
        "start": "13:30",
        "end": "17:00",
        "start_at": "east-lake-wharf",
        "end_at": "pinghu-coach-centre",
        "theme": "integrity,canal_town",
        "must": "on-board-lecture-line",
        "party": "12",
        "step_free": "yes",
        "unknown_hours": "yes",
        "boat": "yes",
    }
    made = plan(shipped, read_request(wish, shipped, NOW))
    assert "on-board-lecture-line" in [stop.feature.id for stop in made.stops]
    assert made.end_s <= 17 * 3600
    ids = [stop.feature.id for stop in made.stops]
    assert len(ids) == len(set(ids)) >= 3
    assert all(stop.arrive_s <= stop.begin_s < stop.end_s <= stop.leave_s for stop in made.stops)


def test_a_hall_is_never_begun_when_it_is_closed(tmp_path: Path) -> None:
    layer = with_properties(walkable_sights(), "hall", opening_hours="Fr 09:00-10:00,14:00-15:00")
    made = walkable(tmp_path / "toy", sights=layer)
    (hall,) = day(made, at="hall", start="10:00", end="16:00", fullness="full").stops
    assert clock(hall.begin_s) == "14:00"


def test_every_time_is_a_whole_minute_and_is_kept_when_it_is_agreed(city: Catalogue) -> None:
    wish = {"start": "09:00", "end": "14:00", "at": "quay", "to": "quay", "unknown_hours": True, "pace": "brisk"}
    made = day(city, **wish)
    assert [second % 60 for stop in made.stops for second in (stop.arrive_s, stop.begin_s)] == [0] * 4
    for stop in made.stops:
        again = day(city, **wish, begin_at=f"{stop.feature.id}:{clock(stop.begin_s)}")
        assert [(s.feature.id, s.begin_s) for s in again.stops] == [(s.feature.id, s.begin_s) for s in made.stops]


def test_who_may_stop_anywhere_needs_no_rest_after_the_last_visit(city: Catalogue) -> None:
    (hall,) = day(city, at="hall", start="10:00", end="10:45").stops
    assert (clock(hall.begin_s), clock(hall.end_s), clock(hall.leave_s)) == ("10:00", "10:45", "10:45")
    assert day(city, at="hall", start="10:00", end="10:45").end_s == hall.end_s
    assert not day(city, at="hall", to="hall", start="10:00", end="10:45").stops
    lunch = day(city, at="hall", start="12:10", end="13:45", lunch=True)
    assert [row.kind for row in timeline(lunch)] in (["visit", "rest", "lunch"], ["lunch", "visit"])
    assert lunch.end_s <= 13 * 3600 + 45 * 60


def test_what_is_wished_for_and_left_out_is_told(city: Catalogue) -> None:
    assert "lunch_left_out" in day(city, start="13:30", end="17:00", lunch=True).notices
    assert "lunch_left_out" not in day(city, start="11:00", end="17:00", lunch=True).notices
    assert "theme_unmatched" in day(city, theme="art,family", end="17:00").notices  # the mill is not allowed
    assert "theme_unmatched" not in day(city, theme="art", end="17:00").notices


def test_a_start_that_nobody_surveyed_makes_times_about(city: Catalogue) -> None:
    assert not day(city, at="121.03,30.7", must="hall").is_about
    assert day(city, at="quay", must="hall").is_about is (city.features["quay"].position_class == "schematic")


def test_a_day_that_has_begun_can_be_planned_from_now_on(city: Catalogue) -> None:
    today = read(city, date="2026-12-01", start="09:00", end="14:00")  # it is 10:07
    rest = rest_of_today(today, NOW)
    assert rest
    assert clock(rest.start_s) == "10:15"
    assert rest_of_today(read(city, date="2026-12-01", start="10:15", end="14:00"), NOW) is None
    assert rest_of_today(read(city, **FRIDAY, start="09:00"), NOW) is None
