"""Hold what is asked of the planner and what it answers, as frozen dataclasses in whole seconds."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...errors import InvalidValue

START, END, FIRST = 0, 1, 2  # rows and columns of `travel_s`; visit i is row FIRST + i
UNREACHABLE_S = 10**8  # a travel time from here on means: there is no way on foot
LARGEST_SCORE = 10**6
Seconds = NDArray[np.int64]
Status = Literal["optimal", "best_found", "infeasible"]


class InvalidProblem(InvalidValue):
    """A problem contradicts itself: a table of the wrong size, a window that ends before it begins."""

    code = "invalid_problem"


@dataclass(frozen=True, slots=True)
class Visit:
    """One place that can be visited, once.

    `windows` are the closed spans (earliest, latest) in which the visit may *begin*, in seconds on the clock
    of `begin_s`; they are sorted and do not overlap. A departure of a guided tour is a window of length zero.
    """

    id: str
    score: int
    visit_s: int
    windows: tuple[tuple[int, int], ...]
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Lunch:
    """One break on each tour, begun within [earliest_s, latest_s], at any place before or after its visit."""

    earliest_s: int
    latest_s: int
    length_s: int


class Mode(NamedTuple):
    """A way to get about that may be taken at any time, as by taxi: tables like `Problem.travel_s`.

    `walk_s` of the seconds are on foot. `UNREACHABLE_S` and more means that there is no such way.
    """

    travel_s: Seconds
    walk_s: Seconds

    def among(self, rows: Sequence[int]) -> Mode:
        """Return the mode between some rows, numbered anew in their order."""
        return Mode(self.travel_s[np.ix_(rows, rows)], self.walk_s[np.ix_(rows, rows)])


class Departure(NamedTuple):
    """One way from place to place by timetable, door to door; `walk_s` of it is on foot."""

    depart_s: int
    arrive_s: int
    walk_s: int = 0


class Timetable:
    """Know the departures between ordered pairs of rows, sorted; look them up by bisection.

    A departure is dropped when another one leaves no earlier, arrives no later and has no more walking.
    """

    def __init__(self, departures: Mapping[tuple[int, int], Iterable[Departure]]) -> None:
        self.departures: dict[tuple[int, int], tuple[Departure, ...]] = {}
        self.fastest: dict[tuple[int, int], tuple[Departure, ...]] = {}  # those that no later one overtakes
        for pair, trips in departures.items():
            kept: list[Departure] = []
            fastest: list[Departure] = []
            for trip in sorted(trips, key=lambda trip: (-trip.depart_s, trip.arrive_s, trip.walk_s)):
                if not any(other.arrive_s <= trip.arrive_s and other.walk_s <= trip.walk_s for other in kept):
                    kept.append(trip)
                    if not fastest or (trip.arrive_s, trip.walk_s) < (fastest[-1].arrive_s, fastest[-1].walk_s):
                        fastest.append(trip)
            self.departures[pair] = tuple(reversed(kept))
            self.fastest[pair] = tuple(reversed(fastest))

    def first(self, origin: int, goal: int, ready_s: int) -> Departure | None:
        """Return the departure at `ready_s` or later that arrives first, of those the one with least walking."""
        trips = self.fastest.get((origin, goal), ())
        index = bisect_left(trips, (ready_s,))
        return trips[index] if index < len(trips) else None

    def after(self, origin: int, goal: int, ready_s: int) -> tuple[Departure, ...]:
        """Return all departures at `ready_s` or later, by time of departure."""
        trips = self.departures.get((origin, goal), ())
        return trips[bisect_left(trips, (ready_s,)) :]

    def renumbered(self, number: Mapping[int, int]) -> Timetable:
        """Return a timetable with other row numbers; what has no new number is left out."""
        kept = {pair: trips for pair, trips in self.departures.items() if pair[0] in number and pair[1] in number}
        return Timetable({(number[origin], number[goal]): trips for (origin, goal), trips in kept.items()})


@dataclass(frozen=True, eq=False)
class Problem:
    """Ask for `tours` tours, all with the same clock, that collect the most score.

    `travel_s` is (n + 2, n + 2): row 0 the start, row 1 the end, then the visits in order; walking seconds, at
    least `UNREACHABLE_S` where one cannot walk. A tour leaves the start at `begin_s` and is at the end by
    `end_s`. Of `fixed_order` (indices of visits) those that are taken come in that order, over all tours.
    With `connections` or `modes` each leg takes what arrives first, on foot, by ride or by timetable; of two that
    arrive together the one with less walking. `max_walk_s` bounds the walking of each tour, and lets legs take a
    slower ride or a later boat when that has less of it.
    """

    visits: tuple[Visit, ...]
    travel_s: Seconds
    begin_s: int
    end_s: int
    tours: int = 1
    max_walk_s: int | None = None
    lunch: Lunch | None = None
    fixed_order: tuple[int, ...] = ()
    connections: Timetable | None = None
    modes: tuple[Mode, ...] = ()

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise InvalidProblem("; ".join(faults[:5]), "Mend the request that was given to the planner.")

    @cached_property
    def anytime(self) -> tuple[Mode, ...]:
        """Return the ways that may be taken at any time: walking first, then the other modes."""
        return Mode(self.travel_s, self.travel_s), *self.modes

    @cached_property
    def fastest(self) -> Mode:
        """Return for each leg the fastest way at any time, of equals the one with less walking."""
        best = self.anytime[0]
        for mode in self.modes:
            is_less = mode.walk_s < best.walk_s
            is_better = (mode.travel_s < best.travel_s) | ((mode.travel_s == best.travel_s) & is_less)
            best = Mode(*(np.where(is_better, new, old) for new, old in zip(mode, best, strict=True)))
        return best

    @property
    def is_plain(self) -> bool:
        """Whether a leg's time is known beforehand and nothing but windows and the budget binds."""
        return self.max_walk_s is None and self.lunch is None and self.connections is None and not self.fixed_order


class Stop(NamedTuple):
    """One visit of a tour: arrival, begin and end, in seconds on the problem's clock."""

    visit: int
    arrive_s: int
    begin_s: int
    end_s: int


class Break(NamedTuple):
    """Lunch at the stop with this position (-1 the start, the number of stops the end), before or after its visit."""

    position: int
    is_before_visit: bool
    begin_s: int
    end_s: int


@dataclass(frozen=True, slots=True)
class Tour:
    """One tour as it runs: at the start from `begin_s`, at the end from `arrive_s`; `end_s` is after lunch, if there.

    `travel_s` is spent between places (waiting for a boat included), `walk_s` of it on foot; `wait_s` passes at
    a place before it opens or before lunch can begin.
    """

    stops: tuple[Stop, ...]
    begin_s: int
    arrive_s: int
    end_s: int
    travel_s: int
    walk_s: int
    wait_s: int
    lunch: Break | None = None


@dataclass(frozen=True, slots=True)
class Solution:
    """Answer a problem; sums are over all tours.

    "optimal": no plan has a higher score (proved). "best_found": a good plan. "infeasible": no tours at all;
    `missing` are the required visits that found no place (empty: not even start to end fits in time), and
    `is_proved` tells whether none could exist or the search merely found none.
    """

    tours: tuple[Tour, ...]
    score: int
    travel_s: int
    wait_s: int
    status: Status
    is_proved: bool = False
    missing: tuple[int, ...] = ()

    @property
    def rank(self) -> tuple[object, ...]:
        """Return what sorts better solutions first: score, travel, waiting, then the visits' numbers.

        An optimal tour of up to `solve.SMALL` visits has the least travel of all with its score, and of those the
        least waiting, as long as its proof keeps within the cap on labels. With more visits, or several tours, a
        tour visits what it visits with little travel, but another choice of as much score may need less.
        """
        return -self.score, self.travel_s, self.wait_s, tuple(tuple(s.visit for s in t.stops) for t in self.tours)


def _faults(problem: Problem) -> Iterable[str]:
    n = len(problem.visits)
    if problem.travel_s.shape != (n + 2, n + 2):
        yield f"travel_s is {problem.travel_s.shape} for {n} visits"
    elif problem.travel_s.dtype.kind != "i" or (problem.travel_s.size and problem.travel_s.min() < 0):
        yield "travel_s has to hold whole seconds, none below zero"
    for table in (table for mode in problem.modes for table in mode):
        if table.shape != (n + 2, n + 2) or table.dtype.kind != "i" or (table.size and table.min() < 0):
            yield "modes have to be tables of whole seconds as travel_s is"
    if problem.tours < 1:
        yield f"there have to be tours, not {problem.tours}"
    if len({visit.id for visit in problem.visits}) < n:
        yield "two visits have the same id"
    order = problem.fixed_order
    if len(set(order)) < len(order) or any(not 0 <= index < n for index in order):
        yield f"fixed_order {order} has to name visits once each"
    for visit in problem.visits:
        flat = [second for window in visit.windows for second in window]
        if flat != sorted(flat):
            yield f'windows of "{visit.id}" are not in order'
        if not 0 <= visit.score <= LARGEST_SCORE or visit.visit_s < 0:
            yield f'score or length of "{visit.id}" is out of range'
