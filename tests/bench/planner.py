"""Measure the planner on TOPTW instances: `python -m tests.bench.planner FOLDER 1 10 --days 1 2 --peer`.

FOLDER holds the instances and best_known.csv; the numbers are CPU seconds for each instance. PyVRP is measured in
the same run where it is installed (1,000 a point, distance costs at most 10,000 a tour; wall seconds, one thread).
"""

from __future__ import annotations

import argparse
import csv
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from cityatlas.planner.solver import FIRST, START, Problem, check, solve_spending
from planner_cases import TOPTW, read_toptw

LARGE, LARGE_AIM = 240, 3.0  # visits; mean gap in per cent at 1 s
AIMS = {1.0: 1.2, 10.0: 0.5}  # seconds: mean gap in per cent for one and two days
LABELS = 300_000


def ours(problem: Problem, seconds: float, seed: int) -> tuple[int, float]:
    """Return (score, CPU seconds) of a plan that was checked."""
    begin = time.process_time()
    solution = solve_spending(problem, int(seconds * 1e6), LABELS, seed)
    spent = time.process_time() - begin
    assert check(problem, solution) == []
    return solution.score, spent


def pyvrp(problem: Problem, seconds: float, seed: int) -> int:
    """Return PyVRP's score: the best of the feasible solutions it found, 0 when it found none."""
    from pyvrp import Model  # type: ignore[import-not-found]  # a peer, not a dependency
    from pyvrp.stop import MaxRuntime  # type: ignore[import-not-found]

    model = Model()
    places = [model.add_location(0, 0) for _ in range(len(problem.visits) + 1)]
    depot = model.add_depot(places[0])
    model.add_vehicle_type(problem.tours, start_depot=depot, end_depot=depot, tw_early=0, tw_late=problem.end_s)
    for place, visit in zip(places[1:], problem.visits, strict=True):
        (early, late), prize = visit.windows[0], 1000 * visit.score
        model.add_client(
            place, service_duration=visit.visit_s, tw_early=early, tw_late=late, prize=prize, required=False
        )
    rows = [START, *range(FIRST, FIRST + len(problem.visits))]
    for row, origin in zip(rows, places, strict=True):
        for column, goal in zip(rows, places, strict=True):
            far = int(problem.travel_s[row, column])
            if row != column:  # the whole budget spent on the way costs what ten points bring
                model.add_edge(origin, goal, distance=10_000 * far // problem.end_s, duration=far)
    best = model.solve(MaxRuntime(seconds), seed=seed, display=False).best
    return int(best.prizes()) // 1000 if best.is_feasible() else 0


def main() -> int:
    """Print a row for each instance and number of days, then the means; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=TOPTW)
    parser.add_argument("seconds", type=float, nargs="*", default=[1.0])
    parser.add_argument("--days", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--only", nargs="+", default=[])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--peer", action="store_true")
    given = parser.parse_args()
    with (given.folder / "best_known.csv").open(encoding="ascii", newline="") as file:
        known = {(row["instance"], int(row["days"])): int(row["reference"]) for row in csv.DictReader(file)}
    names = [name for name in dict.fromkeys(name for name, _ in known) if (given.folder / f"{name}.txt").is_file()]
    heads = [f"ours {s:g} s" for s in given.seconds] + [f"PyVRP {s:g} s" for s in given.seconds if given.peer]
    print(f"| instance | visits | days | reference | {' | '.join(heads)} | CPU s |\n|{'---|' * (5 + len(heads))}")
    gaps: dict[str, list[tuple[int, float]]] = {head: [] for head in heads}
    for name in names:
        for days in given.days:
            if given.only and name not in given.only:
                continue
            problem, best = read_toptw(name, days, given.folder), known[name, days]
            found = [ours(problem, seconds, given.seed) for seconds in given.seconds]
            scores = [score for score, _ in found]
            if given.peer:
                scores += [pyvrp(problem, seconds, given.seed) for seconds in given.seconds]
            shown = [100 * (best - score) / best for score in scores]
            for head, gap in zip(heads, shown, strict=True):
                gaps[head].append((len(problem.visits), gap))
            cells = [name, len(problem.visits), days, best, *(f"{gap:.1f}" for gap in shown)]
            print("|", *(f"{cell} |" for cell in cells), " ".join(f"{s:.2f}" for _, s in found), "|", flush=True)
    means = {head: statistics.mean(gap for _, gap in rows) for head, rows in gaps.items()}
    large = {
        head: statistics.mean([gap for count, gap in rows if count >= LARGE] or [0.0]) for head, rows in gaps.items()
    }
    print("| **mean** | | | |", *(f"{mean:.2f} |" for mean in means.values()), "|")
    print(f"| **{LARGE} visits and more** | | | |", *(f"{mean:.2f} |" for mean in large.values()), "|")
    missed = [s for s in given.seconds if means[f"ours {s:g} s"] > AIMS.get(s, 100.0)]
    missed += [s for s in given.seconds if given.peer and means[f"ours {s:g} s"] > means[f"PyVRP {s:g} s"]]
    missed += [s for s in given.seconds if s == 1 and large["ours 1 s"] > LARGE_AIM]
    print(f"\nAims missed at: {', '.join(f'{s:g} s' for s in missed) or 'none'}")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
