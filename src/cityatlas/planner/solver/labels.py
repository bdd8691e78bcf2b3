"""Grow partial tours by one stop, many at a time, as columns of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .model import END, FIRST, START, UNREACHABLE_S, Problem, Seconds
from .schedule import Rules, fastest_s

Flags = NDArray[np.bool_]
WIDE = 2**28  # above the walking of every leg
NEVER = 2**62 // WIDE * WIDE


class Labels(NamedTuple):
    """Hold partial tours. `closed` has a bit for each visit that is done or cannot follow any more.

    `stay_s` is spent in visits; `before` is the place, one layer back, of the tour that this one goes on from.
    """

    row: Seconds
    time_s: Seconds
    closed: Seconds
    score: Seconds
    travel_s: Seconds
    walk_s: Seconds
    stay_s: Seconds
    has_eaten: Seconds  # 0 or 1
    before: Seconds

    def take(self, chosen: Seconds | Flags) -> Labels:
        """Return some of them."""
        return Labels(*(column[chosen] for column in self))


class Growth:
    """Know what one stop more does to partial tours of one problem, by the rules of `schedule.Rules`."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.rules = problem, Rules(problem)
        self.count = len(problem.visits)
        self.scores = np.array([0, 0, *(visit.score for visit in problem.visits)])
        self.visit_s = np.array(self.rules.visit_s)
        self.bits = np.array([0, 0, *(1 << i for i in range(self.count))])
        self.required = sum(1 << i for i, visit in enumerate(problem.visits) if visit.is_required)
        self.earlier = np.zeros(FIRST + self.count, dtype=np.int64)  # what a visit closes by the fixed order
        for place, visit in enumerate(problem.fixed_order):
            self.earlier[FIRST + visit] = sum(1 << other for other in problem.fixed_order[:place])
        self.fastest = fastest_s(problem)
        # A visit can begin at the latest so that its last window is met and the end can still be reached.
        self.last_s = np.minimum(self.rules.latest_s, problem.end_s - self.visit_s - self.fastest[:, END])
        self.opens, self.closes = _window_tables(self.rules.windows)
        self.legs = _Legs(problem)

    def first(self) -> Labels:
        """Return the partial tours without a stop: before lunch, and after a lunch at the start."""
        zero = np.zeros(1, dtype=np.int64)
        begin_s = zero + self.problem.begin_s
        start = Labels(zero + START, begin_s, zero, zero, zero, zero, zero, zero, zero - 1)
        first = joined([start, *self._fed(start)])
        return self._kept(first, first.closed)

    def grown(self, labels: Labels, lot: slice) -> Labels:
        """Return all tours with one stop more than those of one lot."""
        is_open = (labels.closed[lot, None] >> np.arange(self.count)) & 1 == 0
        before, visit = np.nonzero(is_open)
        before += lot.start
        grown = self._gone(labels, before, FIRST + visit)
        grown = grown._replace(closed=grown.closed | self.bits[grown.row], score=grown.score + self.scores[grown.row])
        return self._kept(grown, grown.closed | self.earlier[grown.row])

    def ended(self, labels: Labels) -> Labels:
        """Return the tours that go to the end now and are whole."""
        ended = self._gone(labels, np.arange(labels.row.size), np.full(labels.row.size, END))
        return ended if self.problem.lunch is None else ended.take(ended.has_eaten > 0)

    def _gone(self, labels: Labels, before: Seconds, goal: Seconds) -> Labels:
        """Go to rows by all ways worth it, and stay there: without lunch, with lunch after or before the visit."""
        parts = []
        for which, arrive_s, walk_s in self._ways(labels.row[before], goal, labels.time_s[before]):
            old = labels.take(before[which])
            came = old._replace(
                row=goal[which],
                time_s=arrive_s,
                travel_s=old.travel_s + arrive_s - old.time_s,
                walk_s=old.walk_s + walk_s,
                before=before[which],
            )
            if self.problem.max_walk_s is not None:
                came = came.take(came.walk_s <= self.problem.max_walk_s)
            stayed = self._stayed(came)
            parts += [stayed, *self._fed(stayed), *map(self._stayed, self._fed(came))]
        return joined(parts)

    def _ways(self, row: Seconds, goal: Seconds, ready_s: Seconds) -> Iterator[tuple[Seconds, Seconds, Seconds]]:
        """Yield (which, arrive_s, walk_s) of legs that are in time, in one or more lots."""
        for arrive_s, leg_walk_s in self.legs.ways(row, goal, ready_s):
            which = np.flatnonzero(arrive_s <= self.last_s[goal])
            yield which, arrive_s[which], leg_walk_s[which]

    def _stayed(self, came: Labels) -> Labels:
        """Wait for the first window that is left and make the visit; those who are too late drop out."""
        came = came.take(came.time_s <= self.last_s[came.row])
        begin_s = np.maximum(came.time_s, self.opens[-1, came.row])
        for opens_s, closes_s in zip(self.opens[-2::-1], self.closes[-2::-1], strict=True):
            now_s = np.maximum(came.time_s, opens_s[came.row])
            begin_s = np.where(came.time_s <= closes_s[came.row], now_s, begin_s)
        visit_s = self.visit_s[came.row]
        stayed = came._replace(time_s=begin_s + visit_s, stay_s=came.stay_s + visit_s)
        return stayed.take(stayed.time_s <= self.problem.end_s)

    def _fed(self, labels: Labels) -> list[Labels]:
        """Return those who can have lunch now, after it."""
        lunch = self.problem.lunch
        if lunch is None:
            return []
        hungry = labels.take((labels.has_eaten == 0) & (labels.time_s <= lunch.latest_s))
        after_s = np.maximum(hungry.time_s, lunch.earliest_s) + lunch.length_s
        fed = hungry._replace(time_s=after_s, has_eaten=hungry.has_eaten + 1)
        return [fed.take(after_s <= self.problem.end_s)]

    def _kept(self, labels: Labels, closed: Seconds) -> Labels:
        """Close what is given and what cannot be reached in time any more; drop who thereby misses what is needed."""
        is_late = labels.time_s[:, None] + self.fastest[labels.row, FIRST:] > self.last_s[FIRST:]
        closed = closed | is_late @ self.bits[FIRST:]
        is_kept = closed & ~labels.closed & self.required == 0
        if self.problem.lunch is not None:
            is_kept &= (labels.has_eaten > 0) | (labels.time_s <= self.problem.lunch.latest_s)
        return labels._replace(closed=closed).take(is_kept)


class _Legs:
    """Look up the ways of many legs at once; without a limit of walking only what arrives first counts."""

    def __init__(self, problem: Problem) -> None:
        self.takes_all = problem.max_walk_s is not None
        self.anytime = problem.anytime if self.takes_all else (problem.fastest,)
        timetable = problem.connections
        lines = {} if timetable is None else timetable.departures if self.takes_all else timetable.fastest
        self.size = len(problem.travel_s)
        trips = [(origin * self.size + goal, trip) for (origin, goal), found in lines.items() for trip in found]
        trips.sort()
        self.pair = np.array([pair for pair, _ in trips] + [-1])
        self.depart_s, self.arrive_s, self.walk_s = np.array([trip for _, trip in trips] + [(0, 0, 0)]).T
        self.span_s = int(max(self.depart_s.max(), problem.end_s)) + 2  # above every time of leaving
        self.key = self.pair[:-1] * self.span_s + self.depart_s[:-1]

    def ways(self, row: Seconds, goal: Seconds, ready_s: Seconds) -> Iterator[tuple[Seconds, Seconds]]:
        """Yield (arrive_s, walk_s) of all legs, in one or more lots: the first to arrive, then with less walking.

        Those of a lot for which there is no way, or none worth it, never arrive.
        """
        pair = row * self.size + goal
        anytime = ((way.travel_s[row, goal].astype(np.int64), way.walk_s[row, goal]) for way in self.anytime)
        ways = [_packed(ready_s, takes_s, walk_s) for takes_s, walk_s in anytime]
        index = np.searchsorted(self.key, pair * self.span_s + ready_s)
        while (is_trip := self.pair[index] == pair).any():
            ways.append(np.where(is_trip, self.arrive_s[index] * WIDE + self.walk_s[index], NEVER))
            if not self.takes_all:
                break
            index = np.minimum(index + 1, self.pair.size - 1)
        ordered = np.sort(ways, axis=0)
        least_s = np.full_like(pair, WIDE)
        for way in ordered if self.takes_all else ordered[:1]:
            walk_s = way % WIDE
            yield np.where(walk_s < least_s, way, NEVER) // WIDE, walk_s
            least_s = np.minimum(least_s, walk_s)


def _packed(ready_s: Seconds, takes_s: Seconds, walk_s: Seconds) -> Seconds:
    """Return one number for each way, less for what arrives first and then for what has less walking."""
    return np.where(takes_s < UNREACHABLE_S, (ready_s + takes_s) * WIDE + walk_s, NEVER)


def _window_tables(windows: Sequence[tuple[tuple[int, int], ...]]) -> tuple[Seconds, Seconds]:
    """Return opening and closing by (window, row); who has fewer windows has the last one more than once."""
    most = max(1, *map(len, windows))
    filled = [[(row or ((0, -1),))[min(k, max(len(row), 1) - 1)] for row in windows] for k in range(most)]
    table = np.array(filled, dtype=np.int64)
    return table[:, :, 0], table[:, :, 1]


def joined(parts: list[Labels]) -> Labels:
    """Return the tours of all parts, in their order."""
    return Labels(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
