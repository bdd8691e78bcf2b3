"""Check each rule of the planner on tours that can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cityatlas.planner.solver import (
    UNREACHABLE_S,
    Break,
    Departure,
    InvalidProblem,
    Lunch,
    Problem,
    Solution,
    Stop,
    Timetable,
    Visit,
    check,
    solve,
)

ALWAYS = ((0, 1000),)


def line(*visits: Visit, **rules: object) -> Problem:
    """Return a problem along one street: start at 0, the visits every 10 s after it, the end with the start."""
    at = [0, 0, *(10 * (i + 1) for i in range(len(visits)))]
    travel_s = np.array([[abs(a - b) for b in at] for a in at])
    problem = Problem(visits, travel_s, begin_s=0, end_s=100)
    return replace(problem, **rules)  # type: ignore[arg-type]  # the tests name fields


def stops(solution: Solution) -> list[tuple[int, ...]]:
    """Return the stops of all tours as plain tuples."""
    return [tuple(stop) for tour in solution.tours for stop in tour.stops]


def test_one_place_is_reached_visited_and_left() -> None:
    solution = solve(line(Visit("a", 5, 20, ALWAYS)))
    assert solution.status == "optimal"
    assert stops(solution) == [(0, 10, 10, 30)]
    assert (solution.score, solution.travel_s, solution.wait_s) == (5, 20, 0)
    assert (solution.tours[0].arrive_s, solution.tours[0].end_s) == (40, 40)


def test_a_place_that_opens_later_is_waited_for() -> None:
    solution = solve(line(Visit("a", 5, 20, ((35, 50),))))
    assert stops(solution) == [(0, 10, 35, 55)]
    assert solution.wait_s == 25


def test_the_second_window_is_used_when_the_first_is_missed() -> None:
    solution = solve(line(Visit("a", 5, 20, ((0, 9), (60, 65)))))
    assert stops(solution) == [(0, 10, 60, 80)]


def test_a_visit_that_ends_too_late_is_left_out() -> None:
    solution = solve(line(Visit("a", 5, 20, ALWAYS), Visit("b", 9, 61, ALWAYS)))  # b: 20 + 61 + 20 > 100
    assert [stop[0] for stop in stops(solution)] == [0]


def test_the_last_second_of_the_budget_counts() -> None:
    assert solve(line(Visit("a", 5, 80, ALWAYS))).score == 5
    assert solve(line(Visit("a", 5, 81, ALWAYS))).score == 0


def test_a_place_without_windows_is_closed() -> None:
    assert stops(solve(line(Visit("a", 5, 10, ()), Visit("b", 1, 10, ALWAYS)))) == [(1, 20, 20, 30)]


def test_what_is_required_comes_before_what_scores_more() -> None:
    modest, grand = Visit("a", 1, 60, ALWAYS, is_required=True), Visit("b", 90, 50, ALWAYS)
    assert [stop[0] for stop in stops(solve(line(modest, grand)))] == [0]


def test_a_required_place_that_cannot_be_reached_is_named() -> None:
    solution = solve(line(Visit("a", 1, 10, ALWAYS), Visit("b", 1, 90, ALWAYS, is_required=True)))
    assert (solution.status, solution.missing, solution.tours, solution.is_proved) == ("infeasible", (1,), (), True)


def test_required_places_that_do_not_fit_together_are_infeasible() -> None:
    needed = [Visit(name, 1, 45, ALWAYS, is_required=True) for name in "ab"]
    solution = solve(line(*needed))
    assert (solution.status, solution.is_proved, len(solution.missing)) == ("infeasible", True, 1)


def test_an_end_out_of_reach_is_infeasible() -> None:
    problem = line(Visit("a", 5, 1, ALWAYS), end_s=100)
    far = problem.travel_s.copy()
    far[:, 1] = 101
    assert solve(replace(problem, travel_s=far)).status == "infeasible"


def test_the_order_that_is_fixed_is_kept() -> None:
    early, late = Visit("a", 5, 5, ALWAYS), Visit("b", 5, 5, ((0, 25),))
    assert [stop[0] for stop in stops(solve(line(early, late, fixed_order=(1, 0))))] == [1, 0]


def test_of_a_fixed_order_only_what_fits_is_taken() -> None:
    solution = solve(line(Visit("a", 5, 5, ((0, 12),)), Visit("b", 7, 5, ALWAYS), fixed_order=(1, 0)))
    assert [stop[0] for stop in stops(solution)] == [1]


def test_lunch_is_taken_where_it_fits() -> None:
    solution = solve(line(Visit("a", 5, 20, ((10, 10),)), lunch=Lunch(30, 40, 15)))
    assert solution.tours[0].lunch == Break(position=0, is_before_visit=False, begin_s=30, end_s=45)
    assert solution.tours[0].end_s == 55


def test_lunch_can_bridge_the_wait_for_an_opening() -> None:
    solution = solve(line(Visit("a", 5, 20, ((50, 60),)), lunch=Lunch(11, 40, 30)))
    assert solution.tours[0].lunch == Break(position=0, is_before_visit=True, begin_s=11, end_s=41)
    assert (stops(solution), solution.wait_s) == ([(0, 10, 50, 70)], 10)


def test_lunch_before_leaving_is_taken_when_one_arrives_just_in_time() -> None:
    solution = solve(line(Visit("a", 5, 20, ((50, 60),)), lunch=Lunch(10, 40, 30)))
    assert solution.tours[0].lunch == Break(position=-1, is_before_visit=False, begin_s=10, end_s=40)
    assert (stops(solution), solution.wait_s) == ([(0, 50, 50, 70)], 10)


def test_lunch_costs_the_visit_there_is_no_time_for() -> None:
    assert solve(line(Visit("a", 5, 60, ALWAYS), lunch=Lunch(0, 90, 25))).score == 0


def test_a_lunch_that_cannot_end_in_time_is_infeasible() -> None:
    assert solve(line(Visit("a", 5, 10, ALWAYS), lunch=Lunch(90, 95, 11))).status == "infeasible"


def boats(*departures: Departure) -> Timetable:
    """Return a line from the start to the first visit."""
    return Timetable({(0, 2): departures})


def test_a_boat_is_taken_when_it_arrives_before_the_walker() -> None:
    problem = line(Visit("a", 5, 20, ALWAYS), connections=boats(Departure(2, 8, 1), Departure(5, 12, 0)))
    solution = solve(problem)
    assert stops(solution) == [(0, 8, 8, 28)]
    assert (solution.tours[0].travel_s, solution.tours[0].walk_s) == (18, 11)


def test_a_boat_that_has_left_is_no_help() -> None:
    far = line(Visit("a", 5, 20, ALWAYS), begin_s=3, connections=boats(Departure(2, 8)))
    assert stops(solve(far)) == [(0, 13, 13, 33)]


def test_where_nobody_can_walk_the_boat_is_the_way() -> None:
    problem = line(Visit("a", 5, 20, ALWAYS), connections=boats(Departure(30, 40)))
    travel_s = problem.travel_s.copy()
    travel_s[0, 2] = UNREACHABLE_S
    assert stops(solve(replace(problem, travel_s=travel_s))) == [(0, 40, 40, 60)]
    assert solve(replace(problem, travel_s=travel_s, connections=None)).score == 0


def test_a_limit_of_walking_leaves_out_what_is_far() -> None:
    near, far = Visit("a", 5, 5, ALWAYS), Visit("b", 9, 5, ALWAYS)
    assert [stop[0] for stop in stops(solve(line(near, far, max_walk_s=39)))] == [0]
    assert len(stops(solve(line(near, far, max_walk_s=40)))) == 2


def test_a_later_boat_is_taken_to_spare_walking() -> None:
    problem = line(Visit("a", 5, 20, ALWAYS), max_walk_s=10, connections=boats(Departure(15, 22, 0)))
    assert stops(solve(problem)) == [(0, 22, 22, 42)]


def test_two_tours_share_the_places() -> None:
    halls = [Visit(name, 10, 30, ALWAYS) for name in "abcd"]
    solution = solve(line(*halls, tours=2))
    assert (solution.score, [len(tour.stops) for tour in solution.tours]) == (30, [2, 1]) or solution.score == 30
    assert check(line(*halls, tours=2), solution) == []


def test_nothing_to_see_is_a_walk_to_the_end() -> None:
    solution = solve(line())
    assert (solution.status, stops(solution), solution.tours[0].end_s) == ("optimal", [], 0)


def test_a_timetable_keeps_what_no_other_departure_beats() -> None:
    timetable = boats(Departure(5, 20), Departure(8, 15, 3), Departure(9, 30, 0), Departure(2, 15, 3))
    assert timetable.departures[0, 2] == (Departure(5, 20), Departure(8, 15, 3), Departure(9, 30, 0))
    assert timetable.first(0, 2, 1) == Departure(8, 15, 3)
    assert timetable.first(0, 2, 9) == Departure(9, 30, 0)
    assert timetable.first(0, 2, 10) is None
    assert timetable.first(0, 3, 1) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"travel_s": np.zeros((2, 2), dtype=np.int64)}, "for 1 visits"),
        ({"travel_s": np.zeros((3, 3))}, "whole seconds"),
        ({"tours": 0}, "tours"),
        ({"fixed_order": (1,)}, "fixed_order"),
        ({"visits": (Visit("a", 1, 1, ((9, 5),)),)}, "windows"),
        ({"visits": (Visit("a", -1, 1, ALWAYS),)}, "score"),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidProblem, match=words):
        line(Visit("a", 1, 1, ALWAYS), **change)


@pytest.mark.parametrize(
    ("stop", "fault"),
    [
        (Stop(0, 9, 10, 30), "no way"),
        (Stop(0, 10, 9, 29), "cannot follow"),
        (Stop(0, 10, 10, 31), "does not last"),
        (Stop(0, 10, 61, 81), "cannot begin at 61"),
    ],
)
def test_the_checker_sees_a_wrong_stop(stop: Stop, fault: str) -> None:
    problem = line(Visit("a", 5, 20, ((0, 60),)))
    good = solve(problem)
    bad = replace(good, tours=(replace(good.tours[0], stops=(stop,)),))
    assert check(problem, good) == []
    assert any(fault in sentence for sentence in check(problem, bad))


def test_the_checker_sees_wrong_sums_and_doubles() -> None:
    problem = line(Visit("a", 5, 20, ALWAYS), Visit("b", 5, 90, ALWAYS))
    good = solve(problem)
    twice = replace(good, tours=(replace(good.tours[0], stops=good.tours[0].stops * 2),))
    assert "a place is visited twice" in check(problem, twice)
    assert "the score is not the sum of the visits' scores" in check(problem, replace(good, score=6))
    assert "travel_s is not the sum over the tours" in check(problem, replace(good, travel_s=1))
    assert check(problem, replace(good, status="infeasible")) == ["an infeasible answer has tours"]
    needed = replace(problem, visits=(problem.visits[0], Visit("b", 5, 90, ALWAYS, is_required=True)))
    assert '"b" is required and missing' in check(needed, good)
    assert "the fixed order is not kept" in check(replace(problem, fixed_order=(0,)), twice)
    assert "tour 1: 0 times lunch" in check(replace(problem, lunch=Lunch(0, 9, 9)), good)
