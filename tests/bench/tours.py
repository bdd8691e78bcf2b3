"""Measure planned tours: `python -m tests.bench.tours` prints these rows alone.

The peer is what a trip planner without hours does (TREK): from each place on to the nearest one as the crow flies,
as long as the time lasts, then taken into the street with the true ways and opening hours.
"""

from __future__ import annotations

import json
import math
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from numpy.typing import NDArray

from cityatlas.catalogue.catalogue import Catalogue, build_catalogue
from cityatlas.catalogue.visiting import is_visitable
from cityatlas.planner.advice.alternatives import find_alternatives
from cityatlas.planner.day.problem import DayProblem, make_draft
from cityatlas.planner.day.travel import WALK_M_PER_MIN
from cityatlas.planner.itinerary.itinerary import Itinerary, plan
from cityatlas.planner.request.read import read_request
from cityatlas.planner.request.request import clock
from cityatlas.planner.solver import END, FIRST, START, check, solve_spending
from cityatlas.settings import Settings
from planner_cases import town_problem

from .cities import Json, write_city
from .rows import Row, Rows

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
WISHES, TOWNS, BIG_WISHES = 60, 100, 3
BIG_SITES, GRID = 200, (50, 51)  # 50 streets by 51: 2 * 50 * 51 - 101 = 4,999 edges and one more
BIG_BOX = (121.06, 30.69, 121.10, 30.72)  # about 4 by 3 km


def wishes(catalogue: Catalogue, count: int) -> list[dict[str, str]]:
    """Return wishes of all kinds as an address would hold them; always the same."""
    chance = random.Random("wishes")
    places = sorted(feature.id for feature in catalogue.features.values() if is_visitable(catalogue, feature))
    return [_wish(chance, catalogue, places) for _ in range(count)]


def _wish(chance: random.Random, catalogue: Catalogue, places: Sequence[str]) -> dict[str, str]:
    span_s = chance.randint(4, 16) * 1800
    start_s = chance.randrange(8 * 3600, min(15 * 3600, 22 * 3600 - span_s), 900)
    themes = chance.sample(sorted(catalogue.city.themes), chance.randint(0, 3))
    wish = {
        "date": f"2026-12-{chance.randint(2, 28):02}",
        "start": clock(start_s),
        "end": clock(start_s + span_s),
        "theme": ",".join(f"{theme}:{chance.randint(1, 3)}" for theme in themes),
        "must": ",".join(chance.sample(places, chance.choice((0, 0, 1, 2)))),
        "pace": chance.choice(("slow", "normal", "brisk")),
        "fullness": chance.choice(("relaxed", "normal", "full")),
        "start_at": chance.choice(("", *places[:6])),
    }
    for key in ("lunch", "unknown_hours", "boat"):
        wish[key] = chance.choice(("yes", "no"))
    return wish


@dataclass(frozen=True)
class _Walked:
    """What a plan comes to in the street: score of the places that were open, and how many were not."""

    score: int
    stops: int
    closed: int
    is_late: bool


def nearest(draft: DayProblem) -> list[int]:
    """Return candidates, musts first, as one goes from each to the nearest by the crow's flight, until time is out."""
    problem, pace_m_s = draft.problem, WALK_M_PER_MIN[draft.request.pace] / 60
    places = [(candidate.place.lon, candidate.place.lat) for candidate in draft.candidates]
    left = set(range(len(places)))
    order: list[int] = []
    clock_s, here = problem.begin_s, 0
    while left:
        musts = {i for i in left if problem.visits[i].is_required}
        here_at = places[order[-1]] if order else places[0]
        here = min(musts or left, key=lambda i: (_crow_m(here_at, places[i]), i))
        clock_s += round(_crow_m(here_at, places[here]) / pace_m_s) + problem.visits[here].visit_s
        if clock_s > problem.end_s:
            break
        order.append(here)
        left.remove(here)
    return order


def _crow_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    wide = math.cos(math.radians(one[1]))
    return 111_320 * math.hypot((one[0] - other[0]) * wide, one[1] - other[1])


def walked(draft: DayProblem, order: Sequence[int]) -> _Walked:
    """Walk an order by the true ways; who stands before a closed door goes on to the next place."""
    problem = draft.problem
    clock_s, row, score, closed = problem.begin_s, START, 0, 0
    for i in order:
        visit = problem.visits[i]
        clock_s, row = clock_s + int(problem.travel_s[row, FIRST + i]), FIRST + i
        if any(first_s <= clock_s <= last_s for first_s, last_s in visit.windows):
            clock_s, score = clock_s + visit.visit_s, score + visit.score
        else:
            closed += 1
    is_late = clock_s + int(problem.travel_s[row, END]) > problem.end_s
    return _Walked(score, len(order), closed, is_late)


def _closed(draft: DayProblem, itinerary: Itinerary) -> int:
    """Return how many stops of a plan of ours cannot begin when it says."""
    visits = {candidate.id: visit for candidate, visit in zip(draft.candidates, draft.problem.visits, strict=True)}
    return sum(
        not any(first_s <= stop.begin_s <= last_s for first_s, last_s in visits[stop.feature.id].windows)
        for stop in itinerary.stops
    )


def wished() -> Rows:
    """Plan wishes in the shipped city, and let the peer order the same candidates."""
    catalogue = build_catalogue(Settings())
    seconds, made, beside = [], [], []
    closed = overdue = 0
    for wish in wishes(catalogue, WISHES):
        request = read_request(wish, catalogue, NOW)
        begun = time.process_time()
        itinerary = plan(catalogue, request)
        seconds.append(time.process_time() - begun)
        if itinerary.status == "infeasible":
            continue
        draft = make_draft(catalogue, request)
        made.append(itinerary)
        closed += _closed(draft, itinerary)
        overdue += itinerary.end_s > request.end_s
        beside.append(walked(draft, nearest(draft)))
    yield _percentiles(f"{WISHES} wishes, shipped city: CPU of a plan, p50 / p95 / worst, ms", seconds, 0.2)
    proved = sum(itinerary.status == "optimal" for itinerary in made)
    yield Row(f"{WISHES} wishes: proved to be best, of those that can be met", f"{proved} of {len(made)}")
    stops, theirs = sum(len(itinerary.stops) for itinerary in made), sum(walk.stops for walk in beside)
    shut, late = sum(walk.closed for walk in beside), sum(walk.is_late for walk in beside)
    ours = f"{closed} of {stops} stops, {overdue} tours late"
    peer = f"{shut} of {theirs} stops, {late} tours late (nearest neighbour)"
    yield Row(f"{WISHES} wishes: closed on arrival", ours, peer, "0", closed + overdue == 0)
    score, other = sum(itinerary.score for itinerary in made), sum(walk.score for walk in beside)
    yield Row(f"{WISHES} wishes: score in all", f"{score}", f"{other} (nearest neighbour)", "more", score > other)


def towns() -> Rows:
    """Solve made-up towns with lunch, boats, fixed orders and limits of walking: a whole day, and more for 3 hours."""
    yield from _towns(12, 8, 0.2)
    yield from _towns(25, 3, 0.3)


def _towns(candidates: int, hours: int, aim_s: float) -> Rows:
    seconds, proved = [], 0
    for seed in range(TOWNS):
        problem = town_problem(seed, candidates, hours)
        begun = time.process_time()
        solution = solve_spending(problem, 300_000, 10_000, seed)
        seconds.append(time.process_time() - begun)
        assert check(problem, solution) == []
        proved += solution.is_proved
    what = f"{TOWNS} towns of {candidates} candidates, {hours} h"
    yield _percentiles(f"{what}: CPU, p50 / p95 / worst, ms", seconds, aim_s)
    yield Row(f"{what}: proved", f"{proved}", "", f"{TOWNS}", proved == TOWNS)


def _percentiles(what: str, seconds: list[float], aim_s: float) -> Row:
    ordered = sorted(1000 * one for one in seconds)
    p95 = ordered[int(len(ordered) * 0.95)]
    ours = f"{statistics.median(ordered):.0f} / {p95:.0f} / {ordered[-1]:.0f}"
    return Row(what, ours, "", f"p95 < {1000 * aim_s:.0f}", p95 < 1000 * aim_s)


def big() -> Rows:
    """Plan in a city of 200 sites and 5,000 edges, each time from a snapshot that has planned nothing yet."""
    first, others = [], []
    with tempfile.TemporaryDirectory(prefix="cityatlas-bench-") as folder:
        settings = Settings(geodata=write_big_city(Path(folder) / "big"))
        asked = wishes(build_catalogue(settings), BIG_WISHES)
        for wish in asked:
            catalogue = build_catalogue(settings)
            request = read_request(wish | {"start": "09:00", "end": "17:00", "must": ""}, catalogue, NOW)
            begun = _clocks_s()
            made = plan(catalogue, request)
            planned = _clocks_s()
            find_alternatives(catalogue, made)
            first.append(planned - begun)
            others.append(_clocks_s() - planned)
    for what, times, aim_s in (("first plan", first, 1.0), ("alternatives", others, 2.0)):
        cpu_s, wall_s = np.max(times, axis=0)
        is_met = bool(wall_s < aim_s)
        ours = f"{cpu_s:.2f} CPU, {wall_s:.2f} wall"
        yield Row(f"{BIG_SITES} sites, 5,000 edges: {what}, worst of {len(times)}, s", ours, "", f"< {aim_s:g}", is_met)


def _clocks_s() -> NDArray[np.float64]:
    """Return seconds of CPU and on the wall."""
    return np.array([time.process_time(), time.perf_counter()])


def write_big_city(folder: Path) -> Path:
    """Write a city of 200 sites in a grid of crooked streets and return its folder; always the same bytes."""
    chance = random.Random("big")
    write_city(folder, BIG_SITES, "points")
    file = folder / "things.geojson"
    collection = json.loads(file.read_text("utf-8"))
    west, south, east, north = BIG_BOX
    for feature in collection["features"]:
        lon, lat = round(chance.uniform(west, east), 6), round(chance.uniform(south, north), 6)
        feature["geometry"]["coordinates"] = [lon, lat]
        hours = chance.choice(("09:00-17:00", "08:30-11:30,13:30-16:30", "Tu-Su 09:00-16:00", "10:00-20:00"))
        properties = {"visit_min": chance.choice((15, 20, 30, 45, 60, 90)), "opening_hours": hours}
        feature["properties"] |= properties | {"hours_source": "Synthetic"}
    file.write_text(json.dumps(collection, ensure_ascii=False), "utf-8")
    (folder / "paths.geojson").write_text(json.dumps(_streets(chance)), "utf-8")
    return folder


def _streets(chance: random.Random) -> Json:
    """Return a path for each of 5,000 edges between the crossings of a crooked grid."""
    west, south, east, north = BIG_BOX
    columns, rows = GRID
    at = {}
    for x in range(columns):
        for y in range(rows):
            lon = west + (east - west) * (x + chance.uniform(-0.3, 0.3)) / (columns - 1)
            lat = south + (north - south) * (y + chance.uniform(-0.3, 0.3)) / (rows - 1)
            at[x, y] = [round(lon, 6), round(lat, 6)]
    edges = [((x, y), (x + 1, y)) for x, y in at if x + 1 < columns]
    edges += [((x, y), (x, y + 1)) for x, y in at if y + 1 < rows]
    edges.append(((0, 0), (1, 1)))
    features = [
        {
            "type": "Feature",
            "id": f"street-{number}",
            "properties": {"mode": "walk", "name": None, "step_free": chance.choice((True, None))},
            "geometry": {"type": "LineString", "coordinates": [at[a], at[b]]},
        }
        for number, (a, b) in enumerate(edges)
    ]
    return {"type": "FeatureCollection", "features": features}


ROWS: dict[str, Callable[[], Rows]] = {"wishes": wished, "towns": towns, "big-city": big}

if __name__ == "__main__":
    from .__main__ import main

    sys.exit(main(list(ROWS)))
