"""Compare the planner with trying everything, in thousands of small problems with every rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityatlas.planner.solver import check, prove, solve, solve_spending
from cityatlas.planner.solver.schedule import Rules
from planner_cases import brute_best, brute_force, random_problem, town_problem

BATCH = 100


@pytest.mark.parametrize("first", range(0, 2000, BATCH))
def test_small_plans_equal_brute_force(first: int) -> None:
    for seed in range(first, first + BATCH):
        problem = random_problem(seed)
        best = brute_best(problem)
        solution = solve(problem, effort="instant", seed=seed)
        assert check(problem, solution) == [], seed
        found = (solution.score, solution.travel_s, solution.wait_s)
        assert (found if solution.tours else None) == best, seed  # ties too: least travel, then least waiting
        assert solution.status == ("infeasible" if best is None else "optimal"), seed
        assert solution.is_proved, seed


def test_the_proof_alone_finds_the_best_plan() -> None:
    for seed in range(2000, 2300):
        problem = random_problem(seed)
        proof = prove(problem, above=-1, label_cap=100_000)
        assert proof.is_complete
        assert (None if proof.order is None else proof.score) == brute_force(problem), seed


def test_a_proof_from_the_best_score_finds_nothing_more() -> None:
    for seed in range(100):
        problem = random_problem(seed)
        best = brute_force(problem)
        if best is not None:
            assert prove(problem, above=best, label_cap=100_000)[:3] == (None, best, True), seed


def test_the_proof_alone_breaks_ties() -> None:
    for seed in range(2300, 2500):
        problem = random_problem(seed)
        best = brute_best(problem)
        proof = prove(problem, above=-1, label_cap=100_000, to_beat=(0, 0))
        assert proof.is_complete
        if best is None or proof.order is None:
            assert (best, proof.order) == (None, None), seed
            continue
        tour = Rules(problem).time_tour(proof.order)
        assert tour is not None
        assert (proof.score, tour.travel_s, tour.wait_s) == best, seed
        assert prove(problem, best[0], 100_000, best[1:])[:3] == (None, best[0], True), seed


def test_towns_of_12_candidates_and_8_hours_are_proved() -> None:
    for seed in range(40):
        problem = town_problem(seed, 12, 8)
        solution = solve_spending(problem, 300_000, 10_000, seed)
        assert check(problem, solution) == [], seed
        assert solution.is_proved, seed
        if solution.tours:
            to_beat = (solution.travel_s, solution.wait_s)
            assert prove(problem, solution.score, 100_000, to_beat)[:3] == (None, solution.score, True), seed


def test_towns_of_25_candidates_and_3_hours_are_proved() -> None:
    for seed in range(10):
        solution = solve_spending(town_problem(seed, 25, 3), 300_000, 10_000, seed)
        assert solution.is_proved, seed
        assert solution.tours, seed


def test_too_many_visits_for_a_proof_end_it_without_a_claim() -> None:
    proof = prove(town_problem(1, 51, 1), above=-1, label_cap=10)
    assert (proof.order, proof.is_complete) == (None, False)


def test_a_cap_on_labels_ends_the_proof_without_a_claim() -> None:
    problem = replace(random_problem(1, count=8), max_walk_s=None, lunch=None)
    proof = prove(problem, above=-1, label_cap=1)
    assert not proof.is_complete


def test_random_problems_use_every_rule() -> None:
    problems = [random_problem(seed) for seed in range(2000)]
    solved = [problem for problem in problems if (brute_force(problem) or 0) > 0]
    assert len(solved) > 1000
    assert sum(problem.lunch is not None for problem in solved) > 100
    assert sum(problem.connections is not None for problem in solved) > 100
    assert sum(problem.max_walk_s is not None for problem in solved) > 100
    assert sum(bool(problem.fixed_order) for problem in solved) > 100
    assert sum(any(visit.is_required for visit in problem.visits) for problem in solved) > 100
    assert sum(any(len(visit.windows) > 1 for visit in problem.visits) for problem in solved) > 500
    stops = [len(tour.stops) for problem in solved[:200] for tour in solve(problem, effort="instant").tours]
    assert max(stops) >= 5
    assert Rules(solved[0]).time_tour(()) is not None
