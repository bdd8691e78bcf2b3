"""Keep a tour from counting one place twice: a place inside a larger one whose visit takes it in already.

The rule: an area's visit takes in a place inside it when it lasts at least twice as long as the place's own, and
the place has no opening hours, that is no door of its own. Who spends 90 minutes in an old town has crossed its
bridge (10 minutes) and walked its lanes (45); the manor in it (60) is a visit of its own, and so is any museum with
hours. Of such a pair a tour has one, whichever makes the better tour; both only when the visitor named both as musts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ...catalogue.catalogue import Catalogue
from ..solver.model import Problem, Solution
from .candidates import Candidate

TIMES_LONGER = 2
MOST_SOLVED = 5  # problems that are solved for one tour; with more pairs than that the best so far stands
FIRST_PART, LATER_PART = 0.6, 0.1  # of the work

Pairs = tuple[tuple[int, int], ...]  # numbers of visits: the larger place, the one inside it


def nested_pairs(catalogue: Catalogue, candidates: Sequence[Candidate]) -> Pairs:
    """Return the pairs of candidates of which a tour may have one; none of two musts."""
    numbers = {candidate.id: number for number, candidate in enumerate(candidates)}
    return tuple(
        (numbers[area], numbers[inner.id])
        for inner in candidates
        for area in catalogue.relation(inner.id).within
        if area in numbers and _takes_in(candidates[numbers[area]], inner)
    )


def split_contained(
    catalogue: Catalogue, candidates: Sequence[Candidate]
) -> tuple[list[Candidate], tuple[Candidate, ...]]:
    """Return the candidates without those that a must takes in, or that take a must in; and these."""
    pairs = nested_pairs(catalogue, candidates)
    gone = {a if candidates[b].is_must else b for a, b in pairs if candidates[a].is_must or candidates[b].is_must}
    kept = [candidate for number, candidate in enumerate(candidates) if number not in gone]
    return kept, tuple(candidates[number] for number in sorted(gone))


def _takes_in(area: Candidate, inner: Candidate) -> bool:
    is_open_air = not inner.feature.opening_hours
    is_wanted_twice = area.is_must and inner.is_must
    return is_open_air and not is_wanted_twice and area.visit_s >= TIMES_LONGER * inner.visit_s


def solve_apart(problem: Problem, pairs: Pairs, solve: Callable[[Problem, float], Solution]) -> Solution:
    """Return the best solution found that has at most one of each pair.

    `solve` is given a problem and which part of the work it may do. Solutions that have both of a pair are solved
    again without the one and without the other; "optimal" stands only when every branch was proved.
    """
    if not pairs:
        return solve(problem, 1.0)
    found: list[Solution] = []
    branches, solved = [problem], 0
    while branches and solved < MOST_SOLVED:
        branch = branches.pop(0)
        solution = solve(branch, LATER_PART if solved else FIRST_PART)
        solved += 1
        pair = _met_twice(solution, pairs)
        if pair is None:
            found.append(solution)
        elif solution.status != "optimal" or all(solution.score > other.score for other in found):
            branches += [_without(branch, {number}) for number in reversed(pair)]
    if not found:  # every branch met a pair again: leave out all that lies inside
        found = [solve(_without(problem, {inner for _, inner in pairs}), LATER_PART)]
        branches = [problem]
    best = min(found, key=lambda solution: (not solution.tours, solution.rank))
    is_proved = not branches and all(solution.is_proved for solution in found)
    return best if is_proved else replace(best, status="best_found" if best.tours else "infeasible", is_proved=False)


def _met_twice(solution: Solution, pairs: Pairs) -> tuple[int, int] | None:
    taken = {stop.visit for tour in solution.tours for stop in tour.stops}
    return next((pair for pair in pairs if taken.issuperset(pair)), None)


def _without(problem: Problem, numbers: set[int]) -> Problem:
    """Return a problem in which some visits can never begin."""
    if not numbers:
        return problem
    visits = (replace(v, windows=()) if number in numbers else v for number, v in enumerate(problem.visits))
    return replace(problem, visits=tuple(visits))
