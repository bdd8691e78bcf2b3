"""Prove the best single tour by forward labelling, all partial tours of as many stops at a time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .labels import Flags, Growth, Labels, joined
from .model import END, FIRST, START, UNREACHABLE_S, Problem, Seconds

MOST_VISITS = 50  # bits of a whole number for a set of visits, beside a row
LARGEST = 2**62
LOT = 4_000  # tours grown at a time, for the sake of memory
NEEDLESS = 4  # tours that may be made for one that is kept


class Proof(NamedTuple):
    """Tell what labelling found: an order better than asked for (None: there is none), and whether it ended."""

    order: tuple[int, ...] | None
    score: int
    is_complete: bool
    labels: int


def prove(problem: Problem, above: int, label_cap: int, to_beat: tuple[int, int] | None = None) -> Proof:
    """Find the best tour of a problem with one tour among those that score more than `above`.

    With `to_beat`, seconds of (travel, waiting), a tour that scores just `above` counts too when it has less
    travel, or as much and less waiting; and of the tours with the best score the one with least travel, then
    least waiting, is found. With `is_complete` none is better than the one returned, or than what was asked for
    when none is. Stops after about `label_cap` partial tours.
    """
    labelling = _Labelling(problem, above, to_beat)
    return labelling.run(label_cap) if labelling.is_small else Proof(None, above, False, 0)


class _Labelling:
    def __init__(self, problem: Problem, above: int, to_beat: tuple[int, int] | None) -> None:
        self.problem, self.breaks_ties = problem, to_beat is not None
        self.best = (above, *(to_beat or (-1, 0)))  # score, travel_s, wait_s; no travel is less than -1
        self.growth = Growth(problem)
        self.lunch_s = problem.lunch.length_s if problem.lunch is not None else 0
        self.span = problem.end_s - problem.begin_s + 1  # above all seconds of a tour
        most = 1 + sum(visit.score for visit in problem.visits)
        self.is_small = len(problem.visits) <= MOST_VISITS and (not self.breaks_ties or most * self.span**2 < LARGEST)
        self._measure_legs()
        self.layers: list[Labels] = []
        self.winner: tuple[int, int] | None = None  # layer and place

    def _measure_legs(self) -> None:
        """Work out twice the seconds of the legs that each row takes at least, to it and from it.

        Legs are counted from both ends, so that a visit has two different neighbours.
        """
        growth, begin_s = self.growth, self.problem.begin_s
        legs = growth.fastest.copy()
        ready_s = np.maximum(growth.opens[0], begin_s + legs[START]) + growth.visit_s
        legs[ready_s[:, None] + legs > growth.last_s] = UNREACHABLE_S
        np.fill_diagonal(legs, UNREACHABLE_S)
        legs[:, START] = legs[END] = UNREACHABLE_S
        self.out_s, self.home_s = legs.min(axis=1), int(legs[:, END].min())
        through = legs.T[:, :, None] + legs[:, None, :]  # by row, where from, where to
        both = np.arange(len(legs))
        through[:, both, both] = UNREACHABLE_S
        self.legs2_s = np.minimum(through.min(axis=(1, 2)), UNREACHABLE_S)[FIRST:]
        takes2_s = np.maximum(2 * growth.visit_s[FIRST:] + self.legs2_s, 1)
        scores = growth.scores[FIRST:]
        order = np.argsort(-scores / takes2_s, kind="stable")
        self.items = [(i, int(takes2_s[i]), int(scores[i])) for i in order.tolist() if scores[i]]

    def run(self, label_cap: int) -> Proof:
        """Grow all partial tours by a stop, layer by layer, until none is left or the cap is reached."""
        labels: Labels | None = self.growth.first()
        made = 0
        while labels is not None and labels.row.size:
            made += labels.row.size
            self.layers.append(labels)
            self._finish(labels)
            labels = self._next(labels, label_cap - made)
        return Proof(self._order(), self.best[0], labels is not None, made)

    def _next(self, labels: Labels, room: int) -> Labels | None:
        """Return the tours with one stop more, None when there is no room for so many."""
        if room <= 0:
            return None
        parts: list[Labels] = []
        for first in range(0, labels.row.size, LOT):
            if sum(part.row.size for part in parts) > NEEDLESS * room:
                return None
            grown = self.growth.grown(labels, slice(first, first + LOT))
            parts.append(grown.take(self._is_promising(grown)))
        grown = joined(parts)
        return grown.take(self._undominated(grown))

    def _finish(self, labels: Labels) -> None:
        """Keep the best of the tours that go to the end now and have all that is required."""
        whole = np.flatnonzero(self.growth.required & ~labels.closed == 0)
        ended = self.growth.ended(labels.take(whole))
        if not ended.row.size:
            return
        wait_s = self._wait_s(ended)
        first = np.lexsort((wait_s, ended.travel_s, -ended.score))[0]
        found = (int(ended.score[first]), int(ended.travel_s[first]), int(wait_s[first]))
        if _rank(found) < _rank(self.best):
            self.best = found
            self.winner = len(self.layers) - 1, int(whole[ended.before[first]])

    def _wait_s(self, labels: Labels) -> Seconds:
        """Return the seconds that were waited so far."""
        lunch_s = self.lunch_s * labels.has_eaten
        waited_s: Seconds = labels.time_s - self.problem.begin_s - labels.travel_s - labels.stay_s - lunch_s
        return waited_s

    def _is_promising(self, labels: Labels) -> Flags:
        bound = self._bound(labels)
        is_promising: Flags = bound > self.best[0]
        if self.breaks_ties:
            even = np.flatnonzero(bound == self.best[0])
            is_promising[even] = self._can_break_tie(labels.take(even))
        return is_promising

    def _bound(self, labels: Labels) -> Seconds:
        """Return scores that no completion exceeds: the open visits as a knapsack of time that may take a part."""
        left2_s = 2 * (self.problem.end_s - labels.time_s - self.lunch_s * (1 - labels.has_eaten))
        left2_s = np.maximum(left2_s - self.out_s[labels.row] - self.home_s, 0)
        bound = labels.score.copy()
        for i, takes2_s, score in self.items:
            used2_s = np.minimum(left2_s, takes2_s) * (~labels.closed >> i & 1)
            bound += score * used2_s // takes2_s
            left2_s -= used2_s
        return bound

    def _can_break_tie(self, labels: Labels) -> Flags:
        """Tell which tours that can at most reach the best score may do so with less travel or waiting."""
        is_open = ~labels.closed[:, None] >> np.arange(self.growth.count) & 1
        scores = self.growth.scores[FIRST:]
        spare = labels.score + is_open @ scores - self.best[0]
        is_needed = is_open * (scores > spare[:, None])  # without it the best score is out of reach
        ahead2_s = is_needed @ self.legs2_s + self.out_s[labels.row] + self.home_s
        ahead_s = np.maximum(-(-ahead2_s // 2), self.growth.fastest[labels.row, END])
        travel_s = labels.travel_s + ahead_s
        _, best_s, best_wait_s = self.best
        can_win: Flags = (travel_s < best_s) | ((travel_s == best_s) & (self._wait_s(labels) < best_wait_s))
        return can_win

    def _undominated(self, labels: Labels) -> Seconds:
        """Return the places of the tours of which no other one, with as much left to do, is as early and as good."""
        keys, worth = self._keys(labels)
        order = np.lexsort((-worth, labels.time_s, *keys))
        is_new = np.zeros(order.size, dtype=np.int64)
        for key in keys:
            is_new[1:] |= key[order[1:]] != key[order[:-1]]
        rank = np.unique(worth, return_inverse=True)[1][order] + np.cumsum(is_new) * (order.size + 1)
        is_better = np.ones(order.size, dtype=bool)
        is_better[1:] = rank[1:] > np.maximum.accumulate(rank)[:-1]
        kept: Seconds = np.sort(order[is_better])
        return kept

    def _keys(self, labels: Labels) -> tuple[list[Seconds], Seconds]:
        """Return what two tours must have in common to be compared, and what is worth more in one that is as early.

        Where walking is limited only tours of the same score are compared. For ties a tour is as good when it has
        less travel, or as much and more of its time spent in visits, which leaves less for waiting. With boats
        whoever is earlier may wait longer for the same one, so that as much is added to his travel.
        """
        rows = FIRST + self.growth.count
        keys = [(labels.closed * rows + labels.row) * 2 + labels.has_eaten]
        if self.problem.connections is None:
            spared_s = self.span - 1 - labels.travel_s
        else:
            spared_s = labels.time_s - self.problem.begin_s - labels.travel_s
        worth = spared_s * self.span + labels.stay_s if self.breaks_ties else np.zeros_like(spared_s)
        if self.problem.max_walk_s is None:
            return keys, labels.score * (self.span**2 if self.breaks_ties else 1) + worth
        keys.append(labels.score)
        if self.problem.connections is None and not self.problem.modes:
            return keys, worth if self.breaks_ties else -labels.walk_s
        if self.breaks_ties:
            return [*keys, labels.walk_s], worth
        return keys, -labels.walk_s

    def _order(self) -> tuple[int, ...] | None:
        if self.winner is None:
            return None
        layer, place = self.winner
        order = []
        for labels in self.layers[layer:0:-1]:
            order.append(int(labels.row[place]) - FIRST)
            place = int(labels.before[place])
        return tuple(reversed(order))


def _rank(worth: tuple[int, int, int]) -> tuple[int, int, int]:
    score, travel_s, wait_s = worth
    return -score, travel_s, wait_s
