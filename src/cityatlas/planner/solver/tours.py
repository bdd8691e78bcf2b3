"""Keep tours under construction with their times, and fill gaps by vectorised insertion."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .model import END, FIRST, START, Problem, Seconds
from .schedule import Rules, State, best_states

BONUS = 10**9  # weight of a required visit, above any sum of scores
# What each piece of work was measured to take, in nanoseconds: the search ends by these sums, never by the clock.
FILL_NS, CELL_NS, STEP_NS, PAIR_NS, TIME_NS, NODE_NS, RULE_NS = 21_000, 8, 20_000, 60, 18_000, 75, 8_000
FORCE_NS = 60_000
TRIES = 8  # insertions looked at exactly, best first, where the vectorised test is only necessary
Saved = tuple[list[list[int]], "list[array[int]]", Seconds, int, dict[int, list[State]]]
Weights = NDArray[np.float64]


class Tours:
    """Hold the tours as lists of nodes: visits 0..n-1, then a start for each tour, then an end for each tour.

    `begin`, `arrive` and `latest` (the last arrival that keeps the rest in time) are seconds by node, readable
    both as numbers and as numpy arrays. With lunch, boats, a limit of walking or a fixed order they are bounds
    that let every good insertion pass, and `Rules` decides.
    """

    def __init__(self, problem: Problem) -> None:
        self.rules, self.is_plain = Rules(problem), problem.is_plain
        n, m = len(problem.visits), problem.tours
        self.count, self.nodes = n, n + 2 * m
        self.row: list[int] = [*range(FIRST, FIRST + n), *[START] * m, *[END] * m]
        visit_s = np.array([self.rules.visit_s[row] for row in self.row], dtype=np.int64)
        self.ahead: Seconds = np.ascontiguousarray(_least_s(problem)[np.ix_(self.row, self.row)] + visit_s[:, None])
        self.behind: Seconds = np.ascontiguousarray(self.ahead.T)  # behind[b, a]: from begin at a to arrival at b
        self._ahead: list[list[int]] = self.ahead.tolist()
        self._windows(problem)
        self.score = [v.score + BONUS * v.is_required for v in problem.visits] + [0] * (2 * m)
        flat = np.array(self.score, dtype=np.float64)
        self.weights = (flat, flat * np.sqrt(flat), flat * flat, flat * flat * flat)
        self._begin, self._arrive, self._latest = (array("q", [0] * self.nodes) for _ in range(3))
        self.begin, self.arrive, self.latest = (
            np.frombuffer(numbers, dtype=np.int64) for numbers in (self._begin, self._arrive, self._latest)
        )
        self.place = {visit: place for place, visit in enumerate(problem.fixed_order)}
        self.states: dict[int, list[State]] = {}
        self.tours = [[n + k, n + m + k] for k in range(m)]
        self.mean_score = sum(visit.score for visit in problem.visits) / max(1, n)
        self.total = 0
        self.work_ns = 0
        for tour in self.tours:
            self._begin[tour[0]], self._latest[tour[1]] = problem.begin_s, problem.end_s
            self.states[tour[0]] = self.rules.first()
            self.time(tour, 0)
        # Where not even an empty tour keeps the rules, one that stays empty costs more than any visit brings.
        self.empty_cost = 0 if self.rules.time_tour(()) is not None else 2 * BONUS * (n + 1)

    def _windows(self, problem: Problem) -> None:
        most = max((len(visit.windows) for visit in problem.visits), default=1) or 1
        self.opens: Seconds = np.full((most, self.nodes), problem.begin_s, dtype=np.int64)
        self.closes: Seconds = np.full((most, self.nodes), problem.end_s, dtype=np.int64)
        for i, visit in enumerate(problem.visits):
            windows = visit.windows or ((0, -1),)
            for k in range(most):
                self.opens[k, i], self.closes[k, i] = windows[min(k, len(windows) - 1)]
        self.is_single = most == 1
        self._open, self._close = self.opens[0].tolist(), self.closes[-1].tolist()
        self.last = self.closes[-1].copy()  # of a visit that is taken: -1, so that nothing can begin it
        self.last[self.count :] = -1

    @property
    def value(self) -> int:
        """Return the sum of scores and bonuses, less what tours that may not stay empty cost."""
        if not self.empty_cost:
            return self.total
        return self.total - self.empty_cost * sum(len(tour) == 2 for tour in self.tours)

    def leaves_s(self, node: int) -> int:
        """Return when one leaves a node of a tour."""
        return self._begin[node] + self.rules.visit_s[self.row[node]]

    def save(self) -> Saved:
        """Return a copy of everything that changes."""
        times = [numbers[:] for numbers in (self._begin, self._arrive, self._latest)]
        return [tour[:] for tour in self.tours], times, self.last.copy(), self.total, dict(self.states)

    def load(self, saved: Saved) -> None:
        """Go back to a copy."""
        tours, times, last, self.total, states = saved
        self.tours = [tour[:] for tour in tours]
        for numbers, kept in zip((self.begin, self.arrive, self.latest), times, strict=True):
            numbers[:] = kept
        self.last[:] = last
        self.states = dict(states)

    def time(self, tour: list[int], index: int) -> None:
        """Renew the times of a tour whose nodes up to `index` did not change."""
        self.work_ns += TIME_NS + NODE_NS * (2 * len(tour) - index)
        if self.is_plain and self.is_single:
            self._time_plain(tour, index)
        else:
            self._time_by_rules(tour, index)
        latest, ahead = self._latest, self._ahead
        b = tour[-1]
        limit_s = latest[b]
        for a in tour[-2::-1]:
            limit_s -= ahead[a][b]
            close_s = self._close[a]
            if close_s < limit_s:
                limit_s = close_s
            elif not self.is_single:
                limit_s = self._last_begin(a, limit_s)
            latest[a] = limit_s
            b = a

    def _time_plain(self, tour: list[int], index: int) -> None:
        begin, arrive, ahead, opens = self._begin, self._arrive, self._ahead, self._open
        a = tour[index]
        now_s = begin[a]
        for b in tour[index + 1 :]:
            now_s += ahead[a][b]
            arrive[b] = now_s
            if opens[b] > now_s:
                now_s = opens[b]
            begin[b] = now_s
            a = b

    def _time_by_rules(self, tour: list[int], index: int) -> None:
        a = tour[index]
        for b in tour[index + 1 :]:
            self.states[b] = self._follow(self.states[a], a, b)
            earliest_s = min((state.time_s for state in self.states[b]), default=self._latest[tour[-1]])
            self._begin[b] = self._arrive[b] = earliest_s - self.rules.visit_s[self.row[b]]
            a = b

    def _last_begin(self, node: int, limit_s: int) -> int:
        """Return the last arrival at a node so that its visit begins by `limit_s`, given several windows."""
        for opens_s, closes_s in reversed(self.rules.windows[self.row[node]]):
            if opens_s <= limit_s:
                return closes_s if closes_s < limit_s else limit_s
        return -1

    def _follow(self, states: list[State], a: int, b: int) -> list[State]:
        self.work_ns += RULE_NS * len(states)
        found = [new for state in states for new in self.rules.follow(state, self.row[a], self.row[b])]
        return found if len(found) < 3 else best_states(found)

    def fits(self, tour: list[int], index: int, node: int) -> bool:
        """Tell by the rules whether a node can come after `index` of a tour."""
        if self.place and not self._is_in_order(tour, index, node):
            return False
        states = self._follow(self.states[tour[index]], tour[index], node)
        a = node
        for b in tour[index + 1 :]:
            states = self._follow(states, a, b)
            if not states:
                return False
            a = b
        return self.rules.lunch is None or any(state.has_eaten for state in states)

    def _is_in_order(self, tour: list[int], index: int, node: int) -> bool:
        if node not in self.place:
            return True
        at = next(k for k, other in enumerate(self.tours) if other is tour)
        before = [*(i for other in self.tours[:at] for i in other), *tour[: index + 1]]
        after = [*tour[index + 1 :], *(i for other in self.tours[at + 1 :] for i in other)]
        mine, place = self.place[node], self.place
        return all(place.get(i, -1) < mine for i in before) and all(place.get(i, mine + 1) > mine for i in after)

    def remove(self, tour: list[int], index: int, length: int) -> list[int]:
        """Take `length` visits from a tour, the first at `index`; return them."""
        gone = tour[index : index + length]
        del tour[index : index + length]
        for node in gone:
            self.last[node] = self._close[node]
            self.total -= self.score[node]
        self.time(tour, index - 1)
        return gone

    def insert(self, tour: list[int], index: int, node: int) -> None:
        """Put a free visit after `index` of a tour."""
        tour.insert(index + 1, node)
        self.last[node] = -1
        self.total += self.score[node]
        self.time(tour, index)

    def begins(self, ready_s: Seconds, nodes: Seconds | slice | int) -> Seconds:
        """Return when visits can begin, window by window from the last one back; late ones stay late."""
        begin_s: Seconds = np.maximum(ready_s, self.opens[-1][nodes])
        for opens, closes in zip(self.opens[-2::-1], self.closes[-2::-1], strict=True):
            begin_s = np.where(ready_s <= closes[nodes], np.maximum(ready_s, opens[nodes]), begin_s)
        return begin_s

    def nearest(self, tour: list[int], node: int) -> int:
        """Return the index in a tour of the visit that is nearest to a node, in the way and in time."""
        ahead, begin, own_s = self._ahead[node], self._begin, self._begin[node]
        return min(range(1, len(tour) - 1), key=lambda k: (ahead[tour[k]] + abs(begin[tour[k]] - own_s) // 2, k))

    def cheapest(self, tour: list[int], node: int, weights: Weights) -> tuple[int, int]:
        """Return the stretch (index, length) of a tour with least weight in whose stead a free visit would fit.

        The length is -1 when there is none.
        """
        self.work_ns += FORCE_NS
        nodes = np.array(tour)
        ready_s = self.begin[nodes[:-1]] + self.ahead[nodes[:-1], node]
        begin_s = self.begins(ready_s, node)
        can_end = begin_s[:, None] + self.ahead[node, nodes[1:]] <= self.latest[nodes[1:]]
        can_end &= (begin_s <= self.last[node])[:, None]
        before = np.cumsum(weights[nodes]) - weights[nodes]
        loss = np.where(np.triu(can_end), before[1:] - before[1:, None], np.inf)
        first, last = divmod(int(loss.argmin()), len(tour) - 1)
        return first + 1, last - first if np.isfinite(loss[first, last]) else -1

    def fill(self, weights: Weights, changed: list[list[int]] | None = None, gone: Sequence[int] = ()) -> None:
        """Insert free visits until none fits: each time the one with most weight for the time it takes.

        With `changed`, tours, only visits that are `gone` from them are tried in the others, where plans are plain.
        """
        self.work_ns += FILL_NS
        if changed is None or not self.is_plain:
            changed = self.tours
        if not changed:
            return
        pairs = self._insertions(changed, None)
        others = [tour for tour in self.tours if not any(tour is one for one in changed)]
        if others and gone:
            pairs = np.concatenate((pairs, self._insertions(others, np.array(gone))), axis=1)
        while pairs.shape[1]:
            self.work_ns += STEP_NS + PAIR_NS * pairs.shape[1] * len(self.opens)
            a, b, u, to_u, to_b = pairs
            end_s = self.begins(self.begin.take(a) + to_u, u)
            is_open = end_s <= self.last.take(u)
            end_s += to_b
            is_open &= end_s <= self.latest.take(b)
            which = is_open.nonzero()[0]
            if not which.size:
                return
            pairs = pairs.take(which, axis=1)
            late_s = end_s.take(which) - self.arrive.take(pairs[1])
            rate = weights.take(pairs[2]) / np.maximum(late_s, 1, out=late_s)
            chosen = rate.argmax().item() if self.is_plain else self._first_that_fits(pairs, rate)
            if chosen < 0:
                return
            pairs = self._insert_pair(pairs, chosen)

    def _insertions(self, tours: list[list[int]], visits: Seconds | None) -> Seconds:
        """Return the insertions of visits (None: all) that seem possible: rows a, b, u, a to u, u to b."""
        a, b = np.array([gap for tour in tours for gap in pairwise(tour)]).T
        some = slice(self.count) if visits is None else visits
        ready_s = self.ahead[a][:, some]
        self.work_ns += CELL_NS * ready_s.size * len(self.opens)
        ready_s += self.begin[a][:, None]
        end_s = self.begins(ready_s, some)
        is_open = end_s <= self.last[some]
        end_s += self.behind[b][:, some]
        is_open &= end_s <= self.latest[b][:, None]
        gap, u = is_open.nonzero()
        from_a, to_b = a[gap], b[gap]
        if visits is not None:
            u = visits[u]
        return np.array([from_a, to_b, u, self.ahead[from_a, u], self.behind[to_b, u]])

    def _find(self, node: int) -> tuple[list[int], int]:
        tour = next(tour for tour in self.tours if node in tour)
        return tour, tour.index(node)

    def _first_that_fits(self, pairs: Seconds, rate: Weights) -> int:
        for candidate in np.argsort(-rate, kind="stable")[:TRIES].tolist():
            tour, index = self._find(pairs.item(0, candidate))
            if self.fits(tour, index, pairs.item(2, candidate)):
                return int(candidate)
        return -1

    def _insert_pair(self, pairs: Seconds, chosen: int) -> Seconds:
        """Insert one; the gap that it splits becomes two gaps for all others."""
        a, u = pairs.item(0, chosen), pairs.item(2, chosen)
        self.insert(*self._find(a), u)
        in_gap = (pairs[0] == a).nonzero()[0]
        second = pairs.take(in_gap, axis=1)
        second[0], second[3] = u, self.ahead[u].take(second[2])
        pairs[1, in_gap], pairs[4, in_gap] = u, self.behind[u].take(second[2])
        return np.concatenate((pairs, second), axis=1)


def _least_s(problem: Problem) -> Seconds:
    """Return the least seconds of each leg, by the fastest way at any time or the quickest departure."""
    table = problem.fastest.travel_s.astype(np.int64)
    if problem.connections is not None:
        for (origin, goal), trips in problem.connections.departures.items():
            for trip in trips:
                table[origin, goal] = min(int(table[origin, goal]), trip.arrive_s - trip.depart_s)
    return table
