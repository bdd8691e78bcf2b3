"""Check that of a larger place and one inside it a tour has the better one, by trying all choices."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityatlas.planner.day.containment import Pairs, solve_apart
from cityatlas.planner.solver import Problem, Solution, Visit, solve

HOUR_S = 3600


def quick(problem: Problem, _part: float) -> Solution:
    return solve(problem, effort="instant")


@st.composite
def cases(draw: st.DrawFn) -> tuple[Problem, Pairs]:
    """Return a tour of up to 6 places in three hours, and up to 3 pairs of them."""
    count = draw(st.integers(2, 6))
    whole = ((9 * HOUR_S, 12 * HOUR_S),)
    visits = tuple(
        Visit(f"v{i}", draw(st.integers(1, 50)), draw(st.sampled_from([600, 1800, 3600])), whole) for i in range(count)
    )
    spots = np.array([[draw(st.integers(0, 20)), draw(st.integers(0, 20))] for _ in range(count + 2)])
    travel_s = np.abs(spots[:, None] - spots[None, :]).sum(axis=2).astype(np.int64) * 60
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda pair: pair[0] != pair[1])
    return Problem(visits, travel_s, 9 * HOUR_S, 12 * HOUR_S), tuple(draw(st.lists(pairs, max_size=3)))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(cases())
def test_the_better_of_each_pair_is_chosen(case: tuple[Problem, Pairs]) -> None:
    problem, pairs = case
    best = 0
    for gone in product(*pairs):
        visits = tuple(replace(v, windows=()) if n in gone else v for n, v in enumerate(problem.visits))
        best = max(best, quick(replace(problem, visits=visits), 1.0).score)
    found = solve_apart(problem, pairs, quick)
    taken = {stop.visit for stop in found.tours[0].stops}
    assert not any(taken.issuperset(pair) for pair in pairs)
    assert found.score <= best
    if found.status == "optimal":
        assert found.score == best


def test_one_pair_is_proved() -> None:
    whole = ((0, HOUR_S),)
    visits = (Visit("town", 60, 1800, whole), Visit("bridge", 50, 600, whole), Visit("hall", 40, 1200, whole))
    problem = Problem(visits, np.zeros((5, 5), dtype=np.int64), 0, HOUR_S)
    assert solve_apart(problem, (), quick).score == 150
    found = solve_apart(problem, ((0, 1),), quick)
    assert (found.score, found.status) == (100, "optimal")


@pytest.mark.parametrize("is_required", [True, False])
def test_nothing_that_fits_is_told_as_such(is_required: bool) -> None:
    visit = Visit("far", 10, 600, ((0, 600),), is_required)
    travel_s = np.full((3, 3), HOUR_S, dtype=np.int64)
    travel_s[0, 1] = 0
    found = solve_apart(Problem((visit,), travel_s, 0, 600), ((0, 0),), quick)
    assert bool(found.missing) is is_required
