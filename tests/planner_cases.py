"""Make small random problems for the planner, solve them by trying everything, and read TOPTW instances."""

from __future__ import annotations

import csv
import math
import random
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from cityatlas.planner.solver import FIRST, Departure, Lunch, Mode, Problem, Timetable, Visit

TOPTW = Path(__file__).parent / "data" / "toptw"
FAR_S = 10**9
MOST_RIDDEN = 5  # visits of a problem with modes: all of them times all orders are soon too many


def random_problem(seed: int, count: int | None = None) -> Problem:
    """Return a problem of 1 to 8 visits whose rules are switched on and off by the seed."""
    rng = random.Random(seed)
    n = count or rng.randint(1, 8)
    travel_s = _travel_s(rng, n)
    begin_s, end_s = 100, 100 + rng.choice((60, 90, 120, 180))
    visits = tuple(
        Visit(
            f"v{i}",
            rng.choice((0, 1, 5, 10, 10, rng.randint(1, 30))),
            rng.randint(0, 30),
            _windows(rng, begin_s, end_s),
        )
        for i in range(n)
    )
    if rng.random() < 0.3:
        needed = rng.sample(range(n), min(n, rng.randint(1, 2)))
        visits = tuple(
            Visit(v.id, v.score, v.visit_s, v.windows, is_required=i in needed) for i, v in enumerate(visits)
        )
    lunch_s = rng.randint(begin_s, end_s)
    return Problem(
        visits,
        travel_s,
        begin_s,
        end_s,
        max_walk_s=rng.randint(15, 60) if rng.random() < 0.3 else None,
        lunch=Lunch(lunch_s, lunch_s + rng.randint(0, 30), rng.randint(5, 25)) if rng.random() < 0.35 else None,
        fixed_order=tuple(rng.sample(range(n), rng.randint(0, n))) if rng.random() < 0.25 else (),
        connections=_timetable(rng, n, begin_s, end_s) if rng.random() < 0.4 else None,
        modes=_modes(random.Random(f"modes {seed}"), n),
    )


def _modes(rng: random.Random, n: int) -> tuple[Mode, ...]:
    """Return none, or up to three other ways to get about: a wait and then faster or slower, some of it on foot."""
    modes = []
    for _ in range(rng.choice((0, 0, 1, 2, 3)) if n <= MOST_RIDDEN else 0):
        takes_s = [[rng.randint(2, 22) if rng.random() < 0.8 else FAR_S for _ in range(n + 2)] for _ in range(n + 2)]
        walks_s = [[min(s, rng.choice((0, 0, 2, 5))) if s < FAR_S else 0 for s in row] for row in takes_s]
        modes.append(Mode(np.array(takes_s, dtype=np.int64), np.array(walks_s, dtype=np.int64)))
    return tuple(modes)


def _travel_s(rng: random.Random, n: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Return distances on a plane; now and then a table that no plane explains, with pairs nobody can walk."""
    points = [(rng.randint(0, 25), rng.randint(0, 25)) for _ in range(n + 2)]
    if rng.random() < 0.3:
        points[1] = points[0]
    rows = [[int(math.dist(a, b)) for b in points] for a in points]
    if rng.random() < 0.2:
        rows = [
            [FAR_S if rng.random() < 0.2 and i != j else rng.randint(0, 25) for j in range(n + 2)] for i in range(n + 2)
        ]
    return np.array(rows, dtype=np.int64)


def _windows(rng: random.Random, begin_s: int, end_s: int) -> tuple[tuple[int, int], ...]:
    kind = rng.random()
    if kind < 0.4:
        return ((0, 10_000),)
    moments = sorted(rng.sample(range(begin_s - 10, end_s + 10), 6))
    if kind < 0.6:
        return tuple((moment, moment) for moment in moments[:3])  # departures of a guided tour
    pairs = tuple(zip(moments[::2], moments[1::2], strict=True))
    return pairs[: rng.randint(0 if kind > 0.97 else 1, 3)]


def _timetable(rng: random.Random, n: int, begin_s: int, end_s: int) -> Timetable:
    trips: dict[tuple[int, int], list[Departure]] = {}
    for _ in range(rng.randint(1, 2 * n + 2)):
        pair = (rng.choice([0, *range(2, n + 2)]), rng.choice(range(1, n + 2)))
        if pair[0] != pair[1]:
            depart_s = [rng.randint(begin_s, end_s) for _ in range(rng.randint(1, 4))]
            trips[pair] = [Departure(at, at + rng.randint(2, 15), rng.randint(0, 6)) for at in depart_s]
    return Timetable(trips)


def town_problem(seed: int, count: int, hours: int) -> Problem:
    """Return one tour through a made-up town in seconds: halls, lunch closures, guided tours, and rules by the seed."""
    rng = random.Random(f"town {seed} {count} {hours}")
    begin_s = 10 * 3600 if hours <= 4 else 9 * 3600
    end_s = begin_s + hours * 3600
    wide_m = rng.choice((1500, 3000, 4000))
    points = [(rng.uniform(0, wide_m), rng.uniform(0, 0.75 * wide_m)) for _ in range(count + 2)]
    if rng.random() < 0.5:
        points[1] = points[0]
    visits = tuple(_town_visit(rng, i, end_s) for i in range(count))
    if rng.random() < 0.3:
        must = rng.randrange(count)
        visits = tuple(replace(visit, is_required=i == must) for i, visit in enumerate(visits))
    return Problem(
        visits,
        np.array([[round(1.3 * math.dist(a, b) / 1.1) for b in points] for a in points], dtype=np.int64),
        begin_s,
        end_s,
        max_walk_s=rng.choice((2400, 3600, 5400)) if rng.random() < 0.3 else None,
        lunch=Lunch(41_400, 46_800, 2700) if rng.random() < 0.5 else None,
        fixed_order=tuple(rng.sample(range(count), rng.randint(2, count // 2))) if rng.random() < 0.3 else (),
        connections=_town_boats(rng, count, begin_s, end_s) if rng.random() < 0.3 else None,
    )


def _town_visit(rng: random.Random, number: int, end_s: int) -> Visit:
    minutes = rng.choice((10, 20, 30, 30, 45, 60, 90))
    visit_s, nine_s = minutes * 60, 9 * 3600
    kinds = (
        ((nine_s, end_s - visit_s),),
        ((nine_s, nine_s + 9000 - visit_s), (nine_s + 4 * 3600, nine_s + 27_000 - visit_s)),  # closed at noon
        tuple((nine_s + hour * 3600,) * 2 for hour in sorted(rng.sample(range(8), 3))),  # guided tours
        ((nine_s + 4 * 3600, nine_s + 8 * 3600 - visit_s),),
    )
    score = round((30 + minutes) * rng.choice((0.2, 0.8, 1, 1, 1, 2)))
    return Visit(f"v{number}", score, visit_s + 300, rng.choices(kinds, (5, 2, 2, 1))[0])


def _town_boats(rng: random.Random, count: int, begin_s: int, end_s: int) -> Timetable:
    """Return a boat every 40 minutes between any two of four wharves."""
    wharves = rng.sample(range(FIRST, FIRST + count), 4)
    return Timetable(
        {
            (a, b): [
                Departure(at, at + 1200, rng.choice((60, 120, 300)))
                for at in range(begin_s + rng.randrange(1800), end_s, 2400)
            ]
            for a in wharves
            for b in wharves
            if a != b
        }
    )


def brute_force(problem: Problem) -> int | None:
    """Return the best score of one tour by trying every order, way and place for lunch; None when there is none."""
    best = brute_best(problem)
    return None if best is None else best[0]


def brute_best(problem: Problem) -> tuple[int, int, int] | None:
    """Return (score, travel_s, wait_s) of the best tour: most score, then least travel, then least waiting."""
    best = _Brute(problem).best
    return None if best is None else (-best[0], *best[1:])


class _Brute:
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.best: tuple[int, int, int] | None = None  # less is better: score below zero, travel, waiting
        self.walk_s = problem.travel_s.tolist()
        self.place = {visit: place for place, visit in enumerate(problem.fixed_order)}
        for clock_s, eaten in self.eat(problem.begin_s, problem.lunch is None):
            self.leave(0, clock_s, (0, 0), eaten, 0, ())

    def eat(self, clock_s: int, eaten: bool) -> list[tuple[int, bool]]:
        """Return what the clock can show after going on at once, or after lunch here."""
        lunch = self.problem.lunch
        if eaten or lunch is None or clock_s > lunch.latest_s:
            return [(clock_s, eaten)]
        return [(clock_s, eaten), (max(clock_s, lunch.earliest_s) + lunch.length_s, True)]

    def ways(self, origin: int, goal: int, clock_s: int) -> list[tuple[int, int]]:
        """Return (arrive_s, walk_s) of the first way to arrive; where walking is limited, of later ones with less."""
        on_foot_s = self.walk_s[origin][goal]
        ways = [(clock_s + on_foot_s, on_foot_s)] if on_foot_s < 10**8 else []
        rides = [(int(mode.travel_s[origin, goal]), int(mode.walk_s[origin, goal])) for mode in self.problem.modes]
        ways += [(clock_s + takes_s, walk_s) for takes_s, walk_s in rides if takes_s < 10**8]
        if self.problem.connections is not None:
            trips = self.problem.connections.departures.get((origin, goal), ())
            ways += [(trip.arrive_s, trip.walk_s) for trip in trips if trip.depart_s >= clock_s]
        if self.problem.max_walk_s is None:
            return sorted(ways)[:1]
        return [way for way in ways if all(other >= way or other[1] > way[1] for other in ways)]

    def leave(
        self, row: int, clock_s: int, spent: tuple[int, int], eaten: bool, score: int, done: tuple[int, ...]
    ) -> None:
        """Try the end and every visit from here; `spent` are seconds of travel and on foot."""
        p = self.problem
        for goal in range(1, len(p.visits) + 2):
            if goal == row or goal - 2 in done or (goal > 1 and not self.is_in_order(goal - 2, done)):
                continue
            for arrive_s, leg_walk_s in self.ways(row, goal, clock_s):
                more = spent[0] + arrive_s - clock_s, spent[1] + leg_walk_s
                if arrive_s > p.end_s or (p.max_walk_s is not None and more[1] > p.max_walk_s):
                    continue
                for ready_s, has_eaten in self.eat(arrive_s, eaten):
                    if goal == 1:
                        self.arrive(ready_s, more[0], has_eaten, score, done)
                    else:
                        self.visit(goal - 2, ready_s, more, has_eaten, score, done)

    def is_in_order(self, visit: int, done: tuple[int, ...]) -> bool:
        """Tell whether no visit that the fixed order puts later is done already."""
        return visit not in self.place or all(self.place.get(other, -1) < self.place[visit] for other in done)

    def arrive(self, clock_s: int, travel_s: int, eaten: bool, score: int, done: tuple[int, ...]) -> None:
        """Count a whole tour."""
        p = self.problem
        needed = (i for i, visit in enumerate(p.visits) if visit.is_required)
        if clock_s <= p.end_s and eaten and all(i in done for i in needed):
            wait_s = clock_s - p.begin_s - travel_s - sum(p.visits[i].visit_s for i in done)
            wait_s -= p.lunch.length_s if p.lunch is not None else 0
            found = (-score, travel_s, wait_s)
            self.best = found if self.best is None else min(self.best, found)

    def visit(
        self, i: int, ready_s: int, spent: tuple[int, int], has_eaten: bool, score: int, done: tuple[int, ...]
    ) -> None:
        """Visit in the first window that is left, then try lunch and go on."""
        visit = self.problem.visits[i]
        begins = [max(ready_s, earliest_s) for earliest_s, latest_s in visit.windows if ready_s <= latest_s]
        if not begins or begins[0] + visit.visit_s > self.problem.end_s:
            return
        for clock_s, eaten in self.eat(begins[0] + visit.visit_s, has_eaten):
            if clock_s <= self.problem.end_s:
                self.leave(i + 2, clock_s, spent, eaten, score + visit.score, (*done, i))


@cache
def best_known() -> dict[tuple[str, int], tuple[int, str]]:
    """Return (score, status) for each instance and number of tours."""
    with (TOPTW / "best_known.csv").open(encoding="ascii", newline="") as file:
        return {
            (row["instance"], int(row["days"])): (int(row["reference"]), row["status"]) for row in csv.DictReader(file)
        }


def read_toptw(name: str, tours: int = 1, folder: Path = TOPTW) -> Problem:
    """Return an instance in tenths (Cordeau's: hundredths) of its units, distances rounded down as published."""
    scale = 100 if name.startswith("pr") else 10
    rows = [line.split() for line in (folder / f"{name}.txt").read_text("ascii").splitlines()[2:] if line.strip()]
    points = [(float(row[1]), float(row[2])) for row in (rows[0], *rows)]
    far = [[math.floor(math.dist(a, b) * scale + 1e-9) for b in points] for a in points]
    visits = tuple(
        Visit(row[0], round(float(row[4])), _units(row[3], scale), ((_units(row[-2], scale), _units(row[-1], scale)),))
        for row in rows[1:]
    )
    return Problem(visits, np.array(far, dtype=np.int64), 0, _units(rows[0][-1], scale), tours)


def _units(text: str, scale: int) -> int:
    return round(float(text) * scale)
