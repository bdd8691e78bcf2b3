"""Time a tour whose order is given: earliest arrivals, windows, boats and the best moment for lunch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
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

    def legs(self, origin: int, goal: int, ready_s: int) -> list[tuple[int, int]]:
        """Return (arrive_s, walk_s) of the ways worth taking: the first to arrive, then later ones with less walking.

        Without a limit of walking only the first counts. Empty when there is no way any more.
        """
        walk_s = self.walk_s[origin][goal]
        on_foot = [(ready_s + walk_s, walk_s)] if walk_s < UNREACHABLE_S else []
        timetable = self.problem.connections
        if timetable is None:
            return on_foot
        if self.problem.max_walk_s is None:
            trip = timetable.first(origin, goal, ready_s)
            return [min([*on_foot, (trip.arrive_s, trip.walk_s)])] if trip is not None else on_foot
        ways = sorted([*on_foot, *((t.arrive_s, t.walk_s) for t in timetable.after(origin, goal, ready_s))])
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
        return [step.state for step in self._follow(_Step(state, None, 0, 0, None), origin, goal, 0)]

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
        return list(self._eat_after(_Step(State(begin_s, 0, False), None, begin_s, begin_s, None), -1))

    def _follow(self, step: _Step, origin: int, goal: int, position: int) -> list[_Step]:
        found: list[_Step] = []
        for arrive_s, leg_walk_s in self.legs(origin, goal, step.state.time_s):
            walk_s = step.state.walk_s + leg_walk_s
            if walk_s <= self.limit_s:
                found.extend(self._visit(step, goal, position, arrive_s, walk_s))
        fit = [new for new in found if new.state.time_s <= self.problem.end_s]
        return _undominated(fit) if len(fit) > 1 else fit

    def _visit(self, before: _Step, goal: int, position: int, arrive_s: int, walk_s: int) -> Iterator[_Step]:
        """Yield the visit of someone who has arrived: without lunch, with lunch after it, with lunch before it."""
        begin_s = self.begin(goal, arrive_s)
        if begin_s is None:
            return
        has_eaten, visit_s = before.state.has_eaten, self.visit_s[goal]
        state = State(begin_s + visit_s, walk_s, has_eaten)
        yield from self._eat_after(_Step(state, before, arrive_s, begin_s, None), position)
        lunch_s = None if has_eaten else self.lunch_from(arrive_s)
        if lunch_s is not None and self.lunch is not None:
            after_s = lunch_s + self.lunch.length_s
            begin_after_s = self.begin(goal, after_s)
            if begin_after_s is not None:
                lunch = Break(position, True, lunch_s, after_s)
                yield _Step(State(begin_after_s + visit_s, walk_s, True), before, arrive_s, begin_after_s, lunch)

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
        travel_s = sum(new.arrive_s - old.state.time_s for old, new in pairwise(chain))
        lunch = next((step.lunch for step in chain if step.lunch is not None), None)
        at_places_s = sum(self.visit_s[FIRST + visit] for visit in order)
        at_places_s += self.lunch.length_s if self.lunch is not None else 0
        begin_s, end_s = self.problem.begin_s, last.state.time_s
        wait_s = end_s - begin_s - travel_s - at_places_s
        return Tour(stops, begin_s, last.arrive_s, end_s, travel_s, last.state.walk_s, wait_s, lunch)


def _undominated(steps: list[_Step]) -> list[_Step]:
    """Return the steps of which no other is as early, walked as little and eaten as well; of equals who ate before."""
    kept: list[_Step] = []
    for step in sorted(steps, key=lambda step: (step.state[:2], not step.state.has_eaten, step.lunch is not None)):
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
