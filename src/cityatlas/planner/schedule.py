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


class _Step(NamedTuple):
    state: State
    before: _Step | None
    arrive_s: int
    begin_s: int
    lunch: Break | None
    leg_walk_s: int


class Rules:
    """Answer what the rules of one problem allow, one step at a time; rows are those of `travel_s`."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.walk_s: list[list[int]] = problem.travel_s.tolist()
        self.visit_s = [0, 0, *(visit.visit_s for visit in problem.visits)]
        whole = ((problem.begin_s, problem.end_s),)
        self.windows = [whole, whole, *(visit.windows for visit in problem.visits)]
        self.latest_s = [windows[-1][1] if windows else -1 for windows in self.windows]
        self.lunch = problem.lunch
        self.limit_s = UNREACHABLE_S * 100 if problem.max_walk_s is None else problem.max_walk_s

    def leg(self, origin: int, goal: int, ready_s: int) -> tuple[int, int] | None:
        """Return (arrive_s, walk_s) of the way that arrives first; None when there is no way any more."""
        walk_s = self.walk_s[origin][goal]
        if self.problem.connections is not None:
            trip = self.problem.connections.next(origin, goal, ready_s)
            if trip is not None and trip.arrive_s < ready_s + walk_s:
                return trip.arrive_s, trip.walk_s
        return (ready_s + walk_s, walk_s) if walk_s < UNREACHABLE_S else None

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
        """Return the states after the visit at `goal`, at most one with and one without lunch; none if too late."""
        return [step.state for step in self._follow(_Step(state, None, 0, 0, None, 0), origin, goal, 0)]

    def time_tour(self, order: Sequence[int]) -> Tour | None:
        """Return the tour through these visits in this order that ends first; None when none keeps the rules."""
        steps = self._first()
        row = START
        for position, goal in enumerate([*(FIRST + visit for visit in order), END]):
            steps = _undominated([new for step in steps for new in self._follow(step, row, goal, position)])
            row = goal
        steps = [step for step in steps if step.state.has_eaten or self.lunch is None]
        if not steps:
            return None
        return self._tour(order, min(steps, key=lambda step: step.state))

    def _first(self) -> list[_Step]:
        begin_s = self.problem.begin_s
        return list(self._eat_after(_Step(State(begin_s, 0, False), None, begin_s, begin_s, None, 0), -1))

    def _follow(self, step: _Step, origin: int, goal: int, position: int) -> list[_Step]:
        leg = self.leg(origin, goal, step.state.time_s)
        if leg is None or step.state.walk_s + leg[1] > self.limit_s:
            return []
        arrive_s, walk_s = leg[0], step.state.walk_s + leg[1]
        found: list[_Step] = []
        begin_s = self.begin(goal, arrive_s)
        if begin_s is not None:
            state = State(begin_s + self.visit_s[goal], walk_s, step.state.has_eaten)
            found.extend(self._eat_after(_Step(state, step, arrive_s, begin_s, None, leg[1]), position))
        lunch_s = None if step.state.has_eaten else self.lunch_from(arrive_s)
        if lunch_s is not None and self.lunch is not None:
            after_s = lunch_s + self.lunch.length_s
            begin_s = self.begin(goal, after_s)
            if begin_s is not None:
                state = State(begin_s + self.visit_s[goal], walk_s, True)
                lunch = Break(position, True, lunch_s, after_s)
                found.append(_Step(state, step, arrive_s, begin_s, lunch, leg[1]))
        fit = [new for new in found if new.state.time_s <= self.problem.end_s]
        eaten = [new for new in fit if new.state.has_eaten]
        return [new for new in fit if not new.state.has_eaten] + sorted(eaten, key=lambda new: new.state)[:1]

    def _eat_after(self, step: _Step, position: int) -> Iterator[_Step]:
        """Yield the step as it is, and with lunch right after its visit."""
        yield step
        lunch_s = None if step.state.has_eaten else self.lunch_from(step.state.time_s)
        if lunch_s is not None and self.lunch is not None:
            after_s = lunch_s + self.lunch.length_s
            state = State(after_s, step.state.walk_s, True)
            yield step._replace(state=state, lunch=Break(position, False, lunch_s, after_s))

    def _tour(self, order: Sequence[int], last: _Step) -> Tour:
        chain = [last]
        while chain[-1].before is not None:
            chain.append(chain[-1].before)
        chain.reverse()
        stops = tuple(
            Stop(visit, step.arrive_s, step.begin_s, step.begin_s + self.visit_s[FIRST + visit])
            for visit, step in zip(order, chain[1:-1], strict=True)
        )
        travel_s = sum(new.arrive_s - old.state.time_s for old, new in zip(chain, chain[1:], strict=False))
        lunch = next((step.lunch for step in chain if step.lunch is not None), None)
        at_places_s = sum(self.visit_s[FIRST + visit] for visit in order)
        at_places_s += self.lunch.length_s if self.lunch is not None else 0
        begin_s, end_s = self.problem.begin_s, last.state.time_s
        wait_s = end_s - begin_s - travel_s - at_places_s
        return Tour(stops, begin_s, end_s, travel_s, last.state.walk_s, wait_s, lunch)


def _undominated(steps: list[_Step]) -> list[_Step]:
    """Return the steps of which no other is as early, as little walked and has eaten as well."""
    kept: list[_Step] = []
    for step in sorted(steps, key=lambda step: (step.state.time_s, step.state.walk_s, not step.state.has_eaten)):
        if not any(o.state.walk_s <= step.state.walk_s and o.state.has_eaten >= step.state.has_eaten for o in kept):
            kept.append(step)
    return kept


def fastest_s(problem: Problem) -> Seconds:
    """Return a lower bound of the seconds between any two rows, by any ways and over any places.

    Visits on the way count nothing, so that no order of stops can be quicker.
    """
    table = problem.travel_s.astype(np.int64)
    if problem.connections is not None:
        for (origin, goal), trips in problem.connections.departures.items():
            quickest_s = min((trip.arrive_s - trip.depart_s for trip in trips), default=UNREACHABLE_S)
            table[origin, goal] = min(int(table[origin, goal]), quickest_s)
    np.fill_diagonal(table, 0)
    for via in range(FIRST, len(table)):
        np.minimum(table, table[:, via, None] + table[None, via, :], out=table)
    return table
