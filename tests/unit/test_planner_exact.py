"""Compare the planner with trying everything, in thousands of small problems with every rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cityatlas.planner import check, prove, solve
from cityatlas.planner.schedule import Rules
from planner_cases import brute_force, random_problem

BATCH = 100


@pytest.mark.parametrize("first", range(0, 2000, BATCH))
def test_small_plans_equal_brute_force(first: int) -> None:
    for seed in range(first, first + BATCH):
        problem = random_problem(seed)
        best = brute_force(problem)
        solution = solve(problem, effort="instant", seed=seed)
        assert check(problem, solution) == [], seed
        assert (solution.score if solution.tours else None) == best, seed
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
