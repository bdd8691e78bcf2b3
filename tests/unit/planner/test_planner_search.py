"""Check what must hold of every plan, and how near the search comes to the best known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cityatlas.planner.solver import FIRST, Problem, check, solve, solve_spending
from cityatlas.planner.solver.schedule import Rules
from cityatlas.planner.solver.search import mend
from cityatlas.planner.solver.tours import Tours
from planner_cases import best_known, random_problem, read_toptw

problems = st.builds(
    lambda seed, count, tours: replace(random_problem(seed, count), tours=tours),
    st.integers(0, 10**9),
    st.integers(1, 16),
    st.integers(1, 3),
)
few = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@few
@given(problems, st.integers(0, 5))
def test_every_plan_keeps_the_rules(problem: Problem, seed: int) -> None:
    solution = solve_spending(problem, search_us=5_000, labels=2_000, seed=seed)
    assert check(problem, solution) == []
    taken = [stop.visit for tour in solution.tours for stop in tour.stops]
    assert len(set(taken)) == len(taken)
    for tour in solution.tours:
        assert problem.begin_s <= tour.begin_s <= tour.arrive_s <= tour.end_s <= problem.end_s
        for stop in tour.stops:
            windows = problem.visits[stop.visit].windows
            assert any(earliest_s <= stop.begin_s <= latest_s for earliest_s, latest_s in windows)
    if solution.tours:
        assert all(i in taken for i, visit in enumerate(problem.visits) if visit.is_required)
        assert [i for i in problem.fixed_order if i in taken] == [i for i in taken if i in problem.fixed_order]


@few
@given(problems, st.integers(0, 5))
def test_the_same_request_gives_the_same_plan(problem: Problem, seed: int) -> None:
    one, other = (solve_spending(problem, search_us=5_000, labels=2_000, seed=seed) for _ in range(2))
    assert one == other


@few
@given(st.integers(0, 10**9))
def test_more_time_is_never_worse_where_the_plan_is_proved(seed: int) -> None:
    problem = random_problem(seed, 6)
    longer = replace(problem, end_s=problem.end_s + 20)
    assert solve(longer, effort="instant").score >= solve(problem, effort="instant").score


@pytest.mark.parametrize("name", ["c101", "r101", "pr01"])
@pytest.mark.parametrize("tours", [1, 2, 3, 4])
def test_benchmark_plans_are_near_the_best_known(name: str, tours: int) -> None:
    problem = read_toptw(name, tours)
    reference, status = best_known()[name, tours]
    solution = solve_spending(problem, search_us=300_000, labels=0, seed=0)
    assert check(problem, solution) == []
    assert solution.score >= 0.96 * reference
    if status == "optimal_proved_here":
        assert solution.score <= reference


def test_mending_betters_a_greedy_plan_and_keeps_the_rules() -> None:
    problem = read_toptw("pr01", 2)
    tours = Tours(problem)
    tours.fill(tours.weights[2])
    greedy = tours.total
    mend(tours, problem, until_ns=10**12)
    assert tours.total > greedy
    rules = Rules(problem)
    assert all(rules.time_tour([node for node in tour if node < tours.count]) for tour in tours.tours)
    taken = [node for tour in tours.tours for node in tour if node < tours.count]
    assert len(set(taken)) == len(taken)
    assert tours.total == sum(problem.visits[node].score for node in taken)


def test_an_instance_is_read_as_published() -> None:
    problem = read_toptw("c101")
    assert (len(problem.visits), problem.end_s) == (100, 12360)
    assert (problem.visits[0].score, problem.visits[0].visit_s, problem.visits[0].windows) == (10, 900, ((9120, 9670),))
    assert problem.travel_s[0, FIRST] == 186  # from (40, 50) to (45, 68): 18.68, rounded down to 18.6
