"""Check which places take in others, and that of each pair a tour has one, by what every choice is said to be worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
import pytest

from cityatlas.catalogue.catalogue import Catalogue
from cityatlas.catalogue.relations import Relations
from cityatlas.planner.day.candidates import Candidate
from cityatlas.planner.day.containment import Pairs, nested_pairs, solve_apart, split_contained
from cityatlas.planner.solver import Problem, Solution, Visit
from cityatlas.planner.solver.model import Stop, Tour
from toy_plan import walkable


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """Return the toy city, in which the mill and the hall (which has hours) lie in the old town."""
    city = walkable(tmp_path_factory.mktemp("city") / "toy")
    inside = Relations(within=("old-town", "elsewhere"))
    return replace(city, relations={"mill": inside, "hall": inside})


def candidate(city: Catalogue, place: str, minutes: int, *, is_must: bool = False) -> Candidate:
    feature = city.features[place]
    return Candidate(
        feature=feature,
        place=feature,
        visit_s=60 * minutes,
        windows=((0, 1),),
        score=1,
        is_must=is_must,
        are_hours_known=True,
        is_estimated=False,
        is_boat=False,
    )


@pytest.mark.parametrize(("town_min", "pairs"), [(60, ((1, 0),)), (59, ())])
def test_a_visit_of_twice_the_time_takes_in_what_has_no_door(toy: Catalogue, town_min: int, pairs: Pairs) -> None:
    town = candidate(toy, "old-town", town_min)
    assert nested_pairs(toy, [candidate(toy, "mill", 30), town]) == pairs
    assert nested_pairs(toy, [candidate(toy, "hall", 30), town]) == ()  # it has hours, so a door of its own
    assert nested_pairs(toy, [candidate(toy, "mill", 30)]) == ()  # the town is none of the candidates


def test_two_musts_stay_both(toy: Catalogue) -> None:
    musts = [candidate(toy, "mill", 30, is_must=True), candidate(toy, "old-town", 90, is_must=True)]
    assert split_contained(toy, musts) == (musts, ())


def test_what_a_must_takes_in_or_lies_in_goes(toy: Catalogue) -> None:
    mill, town, hall = (candidate(toy, place, n) for place, n in (("mill", 30), ("old-town", 90), ("hall", 45)))
    assert split_contained(toy, [mill, town, hall]) == ([mill, town, hall], ())  # whichever makes the better tour
    old_town, small = replace(town, is_must=True), replace(mill, is_must=True)
    assert split_contained(toy, [mill, old_town, hall]) == ([old_town, hall], (mill,))
    assert split_contained(toy, [small, town, hall]) == ([small, hall], (town,))


WHOLE = ((0, 3_600),)
WORTH = (32, 16, 8, 4, 2, 1)  # of the visits, so that each sum tells which are on a tour


@dataclass
class Solver:
    """Take all visits that can begin, and note which these were and which part of the work was given.

    `worth` says otherwise what a tour without some visits is worth; `unproved` are those for which nothing is proved.
    """

    worth: Mapping[tuple[int, ...], int] = field(default_factory=dict)
    unproved: tuple[tuple[int, ...], ...] = ()
    asked: list[tuple[tuple[int, ...], float]] = field(default_factory=list)

    def __call__(self, problem: Problem, part: float) -> Solution:
        taken = [number for number, visit in enumerate(problem.visits) if visit.windows]
        gone = tuple(number for number, visit in enumerate(problem.visits) if not visit.windows)
        self.asked.append((gone, part))
        score = self.worth.get(gone, sum(WORTH[number] for number in taken))
        tours = (Tour(tuple(Stop(number, 0, 0, 0) for number in taken), 0, 0, 0, 0, 0, 0),) if score else ()
        is_proved = gone not in self.unproved
        status = ("optimal" if is_proved else "best_found") if tours else "infeasible"
        return Solution(tours, score, 0, 0, status, is_proved)  # type: ignore[arg-type]  # one of three words


def problem(count: int) -> Problem:
    visits = tuple(Visit(f"v{number}", 1, 60, WHOLE) for number in range(count))
    return Problem(visits, np.zeros((count + 2, count + 2), dtype=np.int64), 0, 3_600)


def taken(solution: Solution) -> list[int]:
    return [stop.visit for stop in solution.tours[0].stops]


def test_without_pairs_all_the_work_goes_into_one_solution() -> None:
    solve = Solver()
    assert taken(solve_apart(problem(2), (), solve)) == [0, 1]
    assert solve.asked == [((), 1.0)]


def test_a_pair_that_is_not_met_is_solved_once() -> None:
    solve, start = Solver(), problem(2)
    without = replace(start, visits=(start.visits[0], replace(start.visits[1], windows=())))
    found = solve_apart(without, ((0, 1),), solve)
    assert (taken(found), found.status, found.is_proved) == ([0], "optimal", True)
    assert solve.asked == [((1,), 0.6)]


def test_a_pair_that_is_met_is_solved_without_each_and_the_better_is_proved() -> None:
    solve = Solver()
    found = solve_apart(problem(3), ((0, 1),), solve)
    assert (taken(found), found.status, found.is_proved) == ([0, 2], "optimal", True)
    assert solve.asked == [((), 0.6), ((1,), 0.1), ((0,), 0.1)]
    assert taken(solve_apart(problem(3), ((0, 1),), Solver({(0,): 50}))) == [1, 2]


@pytest.mark.parametrize("gone", [(1,), (0,)])
def test_nothing_is_proved_where_a_branch_is_not(gone: tuple[int, ...]) -> None:
    found = solve_apart(problem(3), ((0, 1),), Solver(unproved=(gone,)))
    assert (taken(found), found.status, found.is_proved) == ([0, 2], "best_found", False)


def test_a_branch_that_is_proved_to_be_worse_is_not_split_again() -> None:
    pairs = ((0, 1), (1, 2))
    solve = Solver({(0,): 39})  # with 1 and 2, and worth less than 0 and 2, which are worth 40
    found = solve_apart(problem(3), pairs, solve)
    assert (taken(found), found.is_proved, len(solve.asked)) == ([0, 2], True, 3)
    solve = Solver({(0,): 40})  # as good as the best found
    assert solve_apart(problem(3), pairs, solve).is_proved
    assert len(solve.asked) == 3
    solve = Solver({(0,): 41, (0, 2): 41})
    assert taken(solve_apart(problem(3), pairs, solve)) == [1]
    assert len(solve.asked) == 5
    solve = Solver({(0,): 39, (0, 2): 50}, unproved=((0,),))  # it may be worth more than was found
    assert taken(solve_apart(problem(3), pairs, solve)) == [1]


def test_after_five_solutions_the_best_so_far_stands() -> None:
    solve = Solver({(0,): 100, (0, 2): 100, (0, 1): 100})
    found = solve_apart(problem(5), ((0, 1), (1, 2), (2, 3), (1, 3)), solve)
    assert len(solve.asked) == 5
    assert not found.is_proved
    assert found.status == "best_found"


def test_where_every_branch_meets_a_pair_all_that_lies_inside_is_left_out() -> None:
    solve = Solver()
    found = solve_apart(problem(6), tuple(product((0, 1, 2), (3, 4, 5))), solve)
    assert solve.asked[-1] == ((3, 4, 5), 0.1)
    assert (len(solve.asked), taken(found), found.is_proved) == (6, [0, 1, 2], False)


def test_a_day_on_which_nothing_fits_is_told_as_such() -> None:
    found = solve_apart(problem(2), ((0, 1),), Solver({(): 0}))
    assert (found.tours, found.status, found.is_proved) == ((), "infeasible", True)
    found = solve_apart(problem(2), ((0, 1),), Solver({(): 0}, unproved=((),)))
    assert (found.tours, found.status, found.is_proved) == ((), "infeasible", False)


def test_a_tour_is_better_than_none() -> None:
    solve = Solver({(1,): 0})
    assert taken(solve_apart(problem(2), ((0, 1),), solve)) == [1]
