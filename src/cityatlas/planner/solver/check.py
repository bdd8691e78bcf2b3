"""Check a solution against its problem, rule by rule, without a line of the solvers' code."""

from __future__ import annotations

from collections.abc import Iterator

from .model import END, FIRST, START, UNREACHABLE_S, Break, Problem, Solution, Stop, Tour


def check(problem: Problem, solution: Solution) -> list[str]:
    """Return what is wrong with a solution, as sentences; empty when every rule is kept.

    An answer of "infeasible" has to come without tours; whether it is true is not checked.
    """
    return list(_faults(problem, solution))


def _faults(problem: Problem, solution: Solution) -> Iterator[str]:
    if solution.status == "infeasible":
        if solution.tours or solution.score:
            yield "an infeasible answer has tours"
        return
    taken = [stop.visit for tour in solution.tours for stop in tour.stops]
    if len(solution.tours) != problem.tours:
        yield f"{len(solution.tours)} tours instead of {problem.tours}"
    if len(set(taken)) < len(taken):
        yield "a place is visited twice"
    for index, visit in enumerate(problem.visits):
        if visit.is_required and index not in taken:
            yield f'"{visit.id}" is required and missing'
    ordered = [visit for visit in taken if visit in problem.fixed_order]
    if ordered != [visit for visit in problem.fixed_order if visit in taken]:
        yield "the fixed order is not kept"
    if solution.score != sum(problem.visits[visit].score for visit in taken):
        yield "the score is not the sum of the visits' scores"
    for name in ("travel_s", "wait_s"):
        if getattr(solution, name) != sum(getattr(tour, name) for tour in solution.tours):
            yield f"{name} is not the sum over the tours"
    for number, tour in enumerate(solution.tours, 1):
        for fault in _tour_faults(problem, tour):
            yield f"tour {number}: {fault}"


class _Walker:
    """Go along one tour with a clock of our own, and note what is wrong."""

    def __init__(self, problem: Problem, tour: Tour) -> None:
        self.problem, self.tour = problem, tour
        self.clock_s, self.row, self.meals = problem.begin_s, START, 0
        self.walk_s = self.travel_s = self.wait_s = 0
        self.faults: list[str] = []

    def go(self, goal: int, arrive_s: int) -> None:
        """Travel to a row so that the table or a departure explains the arrival."""
        least_s = _least_walk_s(self.problem, self.row, goal, self.clock_s, arrive_s)
        if least_s is None:
            self.faults.append(f"no way from row {self.row} at {self.clock_s} to row {goal} arrives at {arrive_s}")
        self.walk_s += least_s or 0
        self.travel_s += arrive_s - self.clock_s
        self.clock_s, self.row = arrive_s, goal

    def stay(self, what: str, begin_s: int, end_s: int) -> None:
        """Wait for something and take part in it."""
        if begin_s < self.clock_s or end_s < begin_s:
            self.faults.append(f"{what} from {begin_s} to {end_s} cannot follow {self.clock_s}")
        self.wait_s += begin_s - self.clock_s
        self.clock_s = end_s

    def eat(self, position: int, is_before_visit: bool) -> None:
        """Have lunch if this is its place."""
        lunch = self.tour.lunch
        if lunch is not None and (lunch.position, lunch.is_before_visit) == (position, is_before_visit):
            self.meals += 1
            self.stay("lunch", lunch.begin_s, lunch.end_s)


def _tour_faults(problem: Problem, tour: Tour) -> Iterator[str]:
    walker = _Walker(problem, tour)
    walker.eat(-1, False)
    for position, stop in enumerate(tour.stops):
        walker.go(FIRST + stop.visit, stop.arrive_s)
        walker.eat(position, True)
        walker.stay(problem.visits[stop.visit].id, stop.begin_s, stop.end_s)
        walker.eat(position, False)
        yield from _stop_faults(problem, stop)
    walker.go(END, tour.arrive_s)
    walker.eat(len(tour.stops), True)
    walker.eat(len(tour.stops), False)
    yield from walker.faults
    yield from _lunch_faults(problem, tour.lunch)
    if walker.meals != (problem.lunch is not None):
        yield f"{walker.meals} times lunch"
    if tour.begin_s != problem.begin_s or walker.clock_s != tour.end_s or tour.end_s > problem.end_s:
        yield f"it runs from {tour.begin_s} to {tour.end_s}, by our clock to {walker.clock_s}"
    if problem.max_walk_s is not None and walker.walk_s > problem.max_walk_s:
        yield f"{walker.walk_s} s on foot are more than {problem.max_walk_s}"
    if (walker.walk_s, walker.travel_s, walker.wait_s) != (tour.walk_s, tour.travel_s, tour.wait_s):
        yield f"walk, travel and wait are {walker.walk_s}, {walker.travel_s}, {walker.wait_s}"


def _stop_faults(problem: Problem, stop: Stop) -> Iterator[str]:
    visit = problem.visits[stop.visit]
    if not any(earliest_s <= stop.begin_s <= latest_s for earliest_s, latest_s in visit.windows):
        yield f'"{visit.id}" cannot begin at {stop.begin_s}'
    if stop.end_s != stop.begin_s + visit.visit_s:
        yield f'"{visit.id}" does not last {visit.visit_s} s'


def _lunch_faults(problem: Problem, lunch: Break | None) -> Iterator[str]:
    if problem.lunch is None or lunch is None:
        return
    if not problem.lunch.earliest_s <= lunch.begin_s <= problem.lunch.latest_s:
        yield f"lunch cannot begin at {lunch.begin_s}"
    if lunch.end_s - lunch.begin_s != problem.lunch.length_s:
        yield "lunch is cut short or drawn out"


def _least_walk_s(problem: Problem, origin: int, goal: int, ready_s: int, arrive_s: int) -> int | None:
    """Return the least walking of the ways that leave at `ready_s` or later and arrive exactly then; None if none."""
    ways = []
    on_foot_s = int(problem.travel_s[origin, goal])
    if on_foot_s < UNREACHABLE_S and ready_s + on_foot_s == arrive_s:
        ways.append(on_foot_s)
    for mode in problem.modes:
        takes_s = int(mode.travel_s[origin, goal])
        if takes_s < UNREACHABLE_S and ready_s + takes_s == arrive_s:
            ways.append(int(mode.walk_s[origin, goal]))
    if problem.connections is not None:
        ways += [
            trip.walk_s
            for trip in problem.connections.departures.get((origin, goal), ())
            if trip.depart_s >= ready_s and trip.arrive_s == arrive_s
        ]
    return min(ways, default=None)
