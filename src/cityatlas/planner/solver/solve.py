"""Solve a problem: drop what cannot fit, search, and prove where that is quick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from .exact import prove
from .model import FIRST, Problem, Solution
from .schedule import Rules, fastest_s
from .search import search

Effort = Literal["instant", "quick", "thorough"]
MOST_PROVED, SMALL = 40, 12  # visits; the proof of a small problem may take SMALL_TIMES as many labels
SMALL_TIMES = 10
FIRST_SMALL_US, FIRST_US = 500, 1_000  # searching before a proof, for each visit
LABEL_US = 4  # what a label of a proof takes, about
MOST_TIDIED, TIDY_LABELS = 16, 1_000  # stops of a tour that is not proved, whose order is looked at once more


@dataclass(frozen=True, slots=True)
class _Spending:
    search_us: int  # CPU microseconds of the search on the machine it was measured on
    labels: int  # cap of the proof


EFFORTS: dict[str, _Spending] = {
    "instant": _Spending(100_000, 4_000),
    "quick": _Spending(1_000_000, 30_000),
    "thorough": _Spending(10_000_000, 300_000),
}


def solve(problem: Problem, *, effort: Effort = "quick", seed: int = 0) -> Solution:
    """Return the best plan found; the same for the same problem, effort and seed, on any machine.

    `effort` is an amount of work that takes about 0.1, 1 or 10 s; problems with one tour of up to `MOST_PROVED`
    visits end sooner, as soon as they are proved.
    """
    return solve_spending(problem, EFFORTS[effort].search_us, EFFORTS[effort].labels, seed)


def solve_spending(problem: Problem, search_us: int, labels: int, seed: int) -> Solution:
    """Solve with a budget of about `search_us` CPU microseconds of searching and a cap on labels of the proof."""
    kept = _possible(problem)
    lost = tuple(i for i, visit in enumerate(problem.visits) if visit.is_required and i not in set(kept))
    if lost:
        return Solution((), 0, 0, 0, "infeasible", is_proved=True, missing=lost)
    small = _reduce(problem, kept)
    is_small = len(kept) <= SMALL
    can_prove = problem.tours == 1 and len(kept) <= MOST_PROVED and labels > 0
    first_us = min(search_us, (FIRST_SMALL_US if is_small else FIRST_US) * len(kept)) if can_prove else search_us
    found = _timed(small, search(small, first_us, seed))
    if can_prove:
        found = _proved(small, found, labels * (SMALL_TIMES if is_small else 1))
    if can_prove and not found.is_proved:
        left_us = max(search_us // 3, search_us - first_us - 2 * LABEL_US * labels)
        found = _better(found, _timed(small, search(small, left_us, seed)))
    if found.status == "best_found" and labels > 0:
        found = _tidied(small, found)
    return _restored(found, kept)


def _possible(problem: Problem) -> tuple[int, ...]:
    """Return the visits that could be reached in time, visited and left for the end, if they were alone."""
    rules, table = Rules(problem), fastest_s(problem)
    kept = []
    for i, visit in enumerate(problem.visits):
        begin_s = rules.begin(FIRST + i, problem.begin_s + int(table[0, FIRST + i]))
        if begin_s is not None and begin_s + visit.visit_s + int(table[FIRST + i, 1]) <= problem.end_s:
            kept.append(i)
    return tuple(kept)


def _reduce(problem: Problem, kept: Sequence[int]) -> Problem:
    if len(kept) == len(problem.visits):
        return problem
    rows = [0, 1, *(FIRST + i for i in kept)]
    number = {row: place for place, row in enumerate(rows)}
    return replace(
        problem,
        visits=tuple(problem.visits[i] for i in kept),
        travel_s=problem.travel_s[np.ix_(rows, rows)],
        modes=tuple(mode.among(rows) for mode in problem.modes),
        fixed_order=tuple(number[FIRST + i] - FIRST for i in problem.fixed_order if FIRST + i in number),
        connections=problem.connections.renumbered(number) if problem.connections is not None else None,
    )


def _timed(problem: Problem, orders: Sequence[Sequence[int]]) -> Solution:
    """Return the solution with these orders; infeasible when a rule is broken or something required is missing."""
    taken = {visit for order in orders for visit in order}
    missing = tuple(i for i, visit in enumerate(problem.visits) if visit.is_required and i not in taken)
    rules = Rules(problem)
    tours = [tour for order in orders if (tour := rules.time_tour(order)) is not None]
    if missing or len(tours) < problem.tours:
        return Solution((), 0, 0, 0, "infeasible", missing=missing)
    score = sum(problem.visits[visit].score for visit in taken)
    travel_s, wait_s = sum(tour.travel_s for tour in tours), sum(tour.wait_s for tour in tours)
    return Solution(tuple(tours), score, travel_s, wait_s, "best_found")


def _better(one: Solution, other: Solution) -> Solution:
    return min(one, other, key=lambda plan: (not plan.tours, plan.rank))


def _proved(problem: Problem, found: Solution, labels: int) -> Solution:
    """Look for something better than what was found; mark the answer as proved when all was looked at.

    Ties are searched too, and left alone where they are too many for the cap.
    """
    for are_ties_searched in (True, False):
        to_beat = (found.travel_s, found.wait_s) if are_ties_searched else None
        proof = prove(problem, found.score if found.tours else -1, labels, to_beat)
        if proof.order is not None:
            found = _better(found, _timed(problem, [proof.order]))
        if proof.is_complete:
            return replace(found, status="optimal" if found.tours else "infeasible", is_proved=True)
    return found


def _tidied(problem: Problem, found: Solution) -> Solution:
    """Visit what each tour visits in the order with least travel, where that is quickly known."""
    orders = []
    for tour in found.tours:
        kept = tuple(sorted(stop.visit for stop in tour.stops))
        order = tuple(stop.visit for stop in tour.stops)
        if 1 < len(kept) <= MOST_TIDIED:
            alone = _reduce(replace(problem, tours=1), kept)
            alone = replace(alone, visits=tuple(replace(visit, is_required=True) for visit in alone.visits))
            score = sum(visit.score for visit in alone.visits)
            proof = prove(alone, score, TIDY_LABELS, (tour.travel_s, tour.wait_s))
            order = tuple(kept[i] for i in proof.order) if proof.order else order
        orders.append(order)
    return _better(found, _timed(problem, orders))


def _restored(solution: Solution, kept: Sequence[int]) -> Solution:
    """Return the solution with the numbers the visits had before some were dropped."""
    tours = tuple(
        replace(tour, stops=tuple(stop._replace(visit=kept[stop.visit]) for stop in tour.stops))
        for tour in solution.tours
    )
    return replace(solution, tours=tours, missing=tuple(kept[visit] for visit in solution.missing))
