"""Keep the stops of a day that is changed by hand: as many as may be, and in their order where that costs none.

A kept stop counts more than all scores together, so that the solver gives none up for anything else; what an
itinerary is worth is told by the wish's own scores. Firm ones, as those that a move crossed, are required first, and
only wished for where that cannot be. Then, too, their order is tried first, and given up where that saves a stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from ..request.request import FIRM
from ..solver.model import Problem, Solution
from .containment import solve_apart
from .problem import DayProblem

FIRST_PART, LATER_PART = 0.6, 0.25  # of the work

Solve = Callable[[Problem, float], Solution]


def solve_keeping(draft: DayProblem, solve: Solve) -> Solution:
    """Return the best solution found for a draft; `solve` is given a problem and which part of the work it may do."""
    kept = frozenset(number for number, _ in _kept(draft))
    if not kept:
        return solve_apart(draft.problem, draft.pairs, solve)
    tried: list[Solution] = []
    for are_firm, problems in _attempts(draft):
        for problem in problems:
            part = LATER_PART if tried else FIRST_PART
            tried.append(solve_apart(problem, draft.pairs, partial(_solve_part, solve, part)))
            if _count(tried[-1], kept) == len(kept):
                break
        if are_firm and any(solution.tours for solution in tried):
            break
    best = max(tried, key=lambda solution: _count(solution, kept))  # the first of several
    best = best if best.tours else tried[-1]
    if best.status == "optimal" and not all(solution.is_proved for solution in tried):
        return replace(best, status="best_found", is_proved=False)
    return best


def _solve_part(solve: Solve, part: float, problem: Problem, share: float) -> Solution:
    return solve(problem, part * share)


def _attempts(draft: DayProblem) -> Iterator[tuple[bool, list[Problem]]]:
    """Yield problems to solve in turn, and whether firm stops are required in them."""
    kept = _kept(draft)
    firm = {number for number, weight in kept if weight >= FIRM}
    ordered = _with_order(draft.problem.fixed_order, [number for number, _ in kept])
    orders = [ordered] if set(ordered) == set(draft.problem.fixed_order) else [ordered, draft.problem.fixed_order]
    for required in [firm, set[int]()] if firm else [set[int]()]:
        valued = _valued(draft.problem, {number for number, _ in kept}, required)
        yield bool(required), [replace(valued, fixed_order=order) for order in orders]


def _kept(draft: DayProblem) -> list[tuple[int, int]]:
    """Return the numbers of the kept stops that can be visited, in their order, and how firmly each is kept."""
    numbers = {candidate.id: number for number, candidate in enumerate(draft.candidates)}
    return [(numbers[kept], weight) for kept, weight in draft.request.keeps if kept in numbers]


def _valued(problem: Problem, kept: set[int], required: set[int]) -> Problem:
    """Return a problem in which a kept visit counts more than all others together."""
    bonus = 1 + sum(visit.score for visit in problem.visits)
    visits = tuple(
        replace(
            visit,
            score=visit.score + bonus * (number in kept),
            is_required=visit.is_required or number in required,
        )
        for number, visit in enumerate(problem.visits)
    )
    return replace(problem, visits=visits)


def _with_order(order: tuple[int, ...], kept: list[int]) -> tuple[int, ...]:
    """Return an order with the kept stops in it that it does not name, each behind the one before it in the day."""
    merged = list(order)
    for place, number in enumerate(kept):
        if number not in merged:
            merged.insert(merged.index(kept[place - 1]) + 1 if place else 0, number)
    return tuple(merged)


def _count(solution: Solution, kept: frozenset[int]) -> int:
    """Return how many kept stops a solution has; one without tours has fewer than any other."""
    return sum(stop.visit in kept for tour in solution.tours for stop in tour.stops) if solution.tours else -1
