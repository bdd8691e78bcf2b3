"""Prove the best single tour by forward labelling with dominance and a knapsack bound."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import NamedTuple

from .model import END, FIRST, START, Problem
from .schedule import Rules, State, fastest_s


class Proof(NamedTuple):
    """Tell what labelling found: an order of more score than asked for (None: there is none), and whether it ended."""

    order: tuple[int, ...] | None
    score: int
    is_complete: bool
    labels: int


class _Label(NamedTuple):
    """A partial tour. `closed` has a bit for each visit that is done or cannot follow any more."""

    state: State
    number: int
    row: int
    score: int
    closed: int
    required: int
    before: _Label | None


def prove(problem: Problem, above: int, label_cap: int) -> Proof:
    """Find the best tour of a problem with one tour among those that score more than `above`.

    With `is_complete` no better tour exists than the one returned, or than `above` when none is. Stops after
    `label_cap` labels. Ties in the score are not searched.
    """
    return _Labelling(problem, above, label_cap).run()


class _Labelling:
    def __init__(self, problem: Problem, above: int, label_cap: int) -> None:
        self.rules = Rules(problem)
        self.problem, self.best, self.label_cap = problem, above, label_cap
        self.best_label: _Label | None = None
        self.count = len(problem.visits)
        table = fastest_s(problem)
        self.fastest: list[list[int]] = table.tolist()
        self.scores = [visit.score for visit in problem.visits]
        self.required = sum(1 << i for i, visit in enumerate(problem.visits) if visit.is_required)
        # A visit can begin at the latest so that its last window is met and the end can still be reached.
        self.last_arrival = [
            min(self.rules.latest_s[i], problem.end_s - self.rules.visit_s[i] - self.fastest[i][END])
            for i in range(FIRST, FIRST + self.count)
        ]
        self.earlier = [0] * self.count
        for place, visit in enumerate(problem.fixed_order):
            self.earlier[visit] = sum(1 << other for other in problem.fixed_order[:place])
        self.items = self._items()
        self.home_s = min(self.fastest[i][END] for i in range(FIRST + self.count) if i != END)
        self.front: list[list[_Label]] = [[] for _ in range(FIRST + self.count)]
        self.queue: list[_Label] = []
        self.made = 0

    def run(self) -> Proof:
        """Grow labels in the order of time until none is left or the cap is reached."""
        for state in self.rules.first():
            self._push(state, START, 0, 0, 0, None)
        while self.queue and self.made < self.label_cap:
            label = heappop(self.queue)
            if any(label is kept for kept in self.front[label.row]) and self._bound(label) > self.best:
                self._finish(label)
                self._grow(label)
        order: tuple[int, ...] | None = None
        if self.best_label is not None:
            order = _order(self.best_label)
        return Proof(order, self.best, not self.queue, self.made)

    def _items(self) -> list[tuple[int, int, int]]:
        """Return (bit, seconds it takes at least, score) of each visit, best score for its seconds first."""
        items = []
        for i in range(self.count):
            row = FIRST + i
            enter_s = min(self.fastest[j][row] for j in range(FIRST + self.count) if j not in (row, END))
            items.append((1 << i, max(self.rules.visit_s[row] + enter_s, 1), self.scores[i]))
        return sorted(items, key=lambda item: (-item[2] / item[1], item[0]))

    def _bound(self, label: _Label) -> int:
        """Return a score no completion exceeds: the rest as a fractional knapsack of time."""
        left_s = self.problem.end_s - label.state.time_s - self.home_s
        if self.rules.lunch is not None and not label.state.has_eaten:
            left_s -= self.rules.lunch.length_s
        bound, closed = label.score, label.closed
        for bit, takes_s, score in self.items:
            if closed & bit:
                continue
            if takes_s > left_s:
                return bound + (score * left_s // takes_s if left_s > 0 else 0)
            left_s -= takes_s
            bound += score
        return bound

    def _finish(self, label: _Label) -> None:
        """Keep a label that can go to the end now, has all that is required and scores more than any before."""
        if label.score <= self.best or label.required != self.required:
            return
        ends = self.rules.follow(label.state, label.row, END)
        if any(state.has_eaten or self.rules.lunch is None for state in ends):
            self.best, self.best_label = label.score, label

    def _grow(self, label: _Label) -> None:
        for i in range(self.count):
            bit = 1 << i
            if label.closed & bit:
                continue
            for state in self.rules.follow(label.state, label.row, FIRST + i):
                closed = label.closed | bit | self.earlier[i]
                required = label.required | (bit & self.required)
                self._push(state, FIRST + i, label.score + self.scores[i], closed, required, label)

    def _push(self, state: State, row: int, score: int, closed: int, required: int, before: _Label | None) -> None:
        """Queue a label unless it cannot end well or another one dominates it."""
        near = self.fastest[row]
        for i, last_s in enumerate(self.last_arrival):
            if state.time_s + near[FIRST + i] > last_s:
                closed |= 1 << i
        if self.required & ~required & closed:
            return
        label = _Label(state, self.made, row, score, closed, required, before)
        if self._bound(label) <= self.best:
            return
        front = self.front[row]
        if any(_dominates(other, label) for other in front):
            return
        self.front[row] = [other for other in front if not _dominates(label, other)]
        self.front[row].append(label)
        self.made += 1
        heappush(self.queue, label)


def _dominates(one: _Label, other: _Label) -> bool:
    """Tell whether every way to complete `other` completes `one` too, for as much score."""
    return (
        one.score >= other.score
        and one.state.time_s <= other.state.time_s
        and not one.closed & ~other.closed
        and one.state.has_eaten >= other.state.has_eaten
        and one.state.walk_s <= other.state.walk_s
        and not other.required & ~one.required
    )


def _order(label: _Label) -> tuple[int, ...]:
    order = []
    step: _Label | None = label
    while step is not None and step.row != START:
        order.append(step.row - FIRST)
        step = step.before
    return tuple(reversed(order))
