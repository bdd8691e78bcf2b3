"""Time a tour whose order is given: earliest arrivals, windows, boats and the best moment for lunch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from .model import END, FIRST, START, UNREACHABLE_S, Break, Problem, Seconds, Stop, Tour


class State(NamedTuple):
    """How far a tour has come: the visit is over (lunch too, when it follows) and one may leave."""

    time_s: int
    walk_s: int
    has_eaten: bool


class _Stay(NamedTuple):
    """What someone does at a place: when he can leave, whether he has eaten by then, and how that came."""

    end_s: int
    has_eaten: bool
    begin_s: int
    lunch_s: int | None = None
    is_before_visit: bool = False


class _Step(NamedTuple):
    state: State
    travel_s: int
    before: _Step | None
    arrive_s: int
    stay: _Stay


class Rules:
    """Answer what the rules of one problem allow, one step at a time; rows are those of `travel_s`."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.anytime = _anytime(problem)
        self.visit_s = [0, 0, *(visit.visit_s for visit in problem.visits)]
        whole = ((problem.begin_s, problem.end_s),)
        self.windows = [whole, whole, *(visit.windows for visit in problem.visits)]
        self.latest_s = [windows[-1][1] if windows else -1 for windows in self.windows]
        self.lunch = problem.lunch
        self.has_boats = problem.connections is not None
        self.limit_s = UNREACHABLE_S * 100 if problem.max_walk_s is None else problem.max_walk_s

    def legs(self, origin: int, goal: int, ready_s: int) -> list[tuple[int, int]]:
        """Return (arrive_s, walk_s) of the ways worth taking: the first to arrive, then later ones with less walking.

        Without a limit of walking only the first counts. Empty when there is no way any more.
        """
        anytime = [(ready_s + takes_s[origin][goal], walk_s[origin][goal]) for takes_s, walk_s in self.anytime]
        ways = [way for way in anytime if way[0] - ready_s < UNREACHABLE_S]
        timetable = self.problem.connections
        if self.problem.max_walk_s is None:
            trip = timetable.first(origin, goal, ready_s) if timetable is not None else None
            return [min([*ways, (trip.arrive_s, trip.walk_s)])] if trip is not None else ways
        if timetable is not None:
            ways += [(trip.arrive_s, trip.walk_s) for trip in timetable.after(origin, goal, ready_s)]
        ways.sort()
        least_s = [min(ways[: i + 1], key=lambda way: way[1])[1] for i in range(len(ways))]
        return [way for i, way in enumerate(ways) if i == 0 or way[1] < least_s[i - 1]]

    def begin(self, row: int, ready_s: int) -> int | None:
        """Return when a visit can begin for someone there at `ready_s`; None after the last window."""
        for earliest_s, latest_s in self.windows[row]:
            if ready_s <= latest_s:
                return max(ready_s, earliest_s)
        return None

    def lunch_from(self, ready_s: int) -> int | None:
        """Return when lunch can begin for someone free at `ready_s`; None when it is too late or none is asked."""
        if self.lunch is None or ready_s > self.lunch.latest_s:
            return None
        return max(ready_s, self.lunch.earliest_s)

    def first(self) -> list[State]:
        """Return the states at the start: before lunch, and after a lunch there."""
        return [step.state for step in self._first()]

    def follow(self, state: State, origin: int, goal: int) -> list[State]:
        """Return the states after the visit at `goal` that are worth going on from; none if too late."""
        found = [
            State(stay.end_s, state.walk_s + leg_walk_s, stay.has_eaten)
            for arrive_s, leg_walk_s in self.legs(origin, goal, state.time_s)
            if state.walk_s + leg_walk_s <= self.limit_s
            for stay in self._stays(goal, arrive_s, state.has_eaten)
        ]
        return found if len(found) < 2 else best_states(found)

    def time_tour(self, order: Sequence[int]) -> Tour | None:
        """Return the tour through these visits in this order with least travel, then least waiting.

        None when no tour keeps the rules.
        """
        steps = self._first()
        row = START
        for goal in [*(FIRST + visit for visit in order), END]:
            steps = self._worthwhile([new for step in steps for new in self._follow(step, row, goal)])
            row = goal
        steps = [step for step in steps if step.state.has_eaten or self.lunch is None]
        if not steps:
            return None
        return self._tour(order, min(steps, key=lambda step: (step.travel_s, step.state)))

    def _first(self) -> list[_Step]:
        begin_s = self.problem.begin_s
        stays = self._stays(START, begin_s, has_eaten=False)
        return [
            _Step(State(stay.end_s, 0, stay.has_eaten), 0, None, begin_s, stay)
            for stay in stays
            if not stay.is_before_visit
        ]

    def _follow(self, step: _Step, origin: int, goal: int) -> Iterator[_Step]:
        time_s, walk_s, has_eaten = step.state
        for arrive_s, leg_walk_s in self.legs(origin, goal, time_s):
            if walk_s + leg_walk_s <= self.limit_s:
                travel_s = step.travel_s + arrive_s - time_s
                for stay in self._stays(goal, arrive_s, has_eaten):
                    state = State(stay.end_s, walk_s + leg_walk_s, stay.has_eaten)
                    yield _Step(state, travel_s, step, arrive_s, stay)

    def _stays(self, row: int, arrive_s: int, has_eaten: bool) -> list[_Stay]:
        """Return what someone can do who has arrived: the visit without lunch, with lunch after it, before it."""
        begin_s = self.begin(row, arrive_s)
        if begin_s is None or begin_s + self.visit_s[row] > self.problem.end_s:
            return []
        over_s = begin_s + self.visit_s[row]
        stays = [_Stay(over_s, has_eaten, begin_s)]
        if has_eaten or self.lunch is None:
            return stays
        if (lunch_s := self.lunch_from(over_s)) is not None:
            stays.append(_Stay(lunch_s + self.lunch.length_s, True, begin_s, lunch_s))
        if (lunch_s := self.lunch_from(arrive_s)) is not None:
            begin_s = self.begin(row, lunch_s + self.lunch.length_s)
            if begin_s is not None:
                stays.append(_Stay(begin_s + self.visit_s[row], True, begin_s, lunch_s, is_before_visit=True))
        return [stay for stay in stays if stay.end_s <= self.problem.end_s]

    def _worthwhile(self, steps: list[_Step]) -> list[_Step]:
        """Return the steps no other one makes needless; of equals who ate before.

        Another one does that is as early, walked as little and ate as well. With boats the travel counts too:
        whoever is earlier may wait longer for the same boat.
        """
        kept: list[_Step] = []
        for step in sorted(
            steps, key=lambda s: (s.state[:2], s.travel_s, not s.state.has_eaten, s.stay.lunch_s is not None)
        ):
            if not any(self._beats(other, step) for other in kept):
                kept.append(step)
        return kept

    def _beats(self, early: _Step, late: _Step) -> bool:
        if early.state.walk_s > late.state.walk_s or early.state.has_eaten < late.state.has_eaten:
            return False
        if not self.has_boats:
            return early.travel_s <= late.travel_s  # who was there sooner may have ridden longer
        gained_s = late.state.time_s - early.state.time_s
        return early.state.has_eaten == late.state.has_eaten and early.travel_s + gained_s <= late.travel_s

    def _tour(self, order: Sequence[int], last: _Step) -> Tour:
        chain = [last]
        while chain[-1].before is not None:
            chain.append(chain[-1].before)
        chain.reverse()
        stops = tuple(
            Stop(visit, step.arrive_s, step.stay.begin_s, step.stay.begin_s + self.visit_s[FIRST + visit])
            for visit, step in zip(order, chain[1:-1], strict=True)
        )
        at_places_s = sum(self.visit_s[FIRST + visit] for visit in order)
        lunch = None
        for position, step in enumerate(chain, -1):
            if self.lunch is not None and step.stay.lunch_s is not None:
                begin_s, end_s = step.stay.lunch_s, step.stay.lunch_s + self.lunch.length_s
                lunch = Break(position, step.stay.is_before_visit, begin_s, end_s)
                at_places_s += self.lunch.length_s
        begin_s, end_s = self.problem.begin_s, last.state.time_s
        wait_s = end_s - begin_s - last.travel_s - at_places_s
        return Tour(stops, begin_s, last.arrive_s, end_s, last.travel_s, last.state.walk_s, wait_s, lunch)


def _anytime(problem: Problem) -> list[tuple[list[list[int]], list[list[int]]]]:
    """Return (seconds, of these on foot) of the ways at any time: all where walking is limited, else the fastest."""
    ways = (problem.fastest,) if problem.max_walk_s is None else problem.anytime
    return [(way.travel_s.tolist(), way.walk_s.tolist()) for way in ways]


def best_states(states: Sequence[State]) -> list[State]:
    """Return the states of which no other is as early, walked as little and eaten as well."""
    kept: list[State] = []
    for state in sorted(states, key=lambda state: (state.time_s, state.walk_s, not state.has_eaten)):
        if not any(other.walk_s <= state.walk_s and other.has_eaten >= state.has_eaten for other in kept):
            kept.append(state)
    return kept


def fastest_s(problem: Problem) -> Seconds:
    """Return a lower bound of the seconds between any two rows, by any ways and over any places.

    Visits on the way count nothing, so that no order of stops can be quicker.
    """
    table = problem.fastest.travel_s.astype(np.int64)
    if problem.connections is not None:
        for (origin, goal), trips in problem.connections.departures.items():
            quickest_s = min((trip.arrive_s - trip.depart_s for trip in trips), default=UNREACHABLE_S)
            table[origin, goal] = min(int(table[origin, goal]), quickest_s)
    np.fill_diagonal(table, 0)
    for via in range(FIRST, len(table)):
        np.minimum(table, table[:, via, None] + table[None, via, :], out=table)
    return table
