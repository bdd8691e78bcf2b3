"""Plan a tour for one visitor: ask the solver, and tell its answer as stops, legs, sums and warnings."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import shapely

from ..catalogue import Catalogue
from ..geo import WGS84, to_metres
from ..layers import Feature
from ..walks import Coords
from .candidates import REST_MIN, Candidate, Reason
from .draft import LUNCH, Draft, has_lunch, make_draft
from .model import END, FIRST, START, Solution, Status, Tour
from .model import Stop as Placed
from .request import TourRequest
from .solve import solve_spending

WORKS_REACH_M = 15.0  # works this close to a leg are met by those who walk it
# About 0.3 s of searching at most: a page has 1 s for all that it does. Checking whether something fits takes less.
SEARCH_US, CHECK_US, LABELS = 300_000, 60_000, 10_000
Warning_ = Literal["hours_unknown", "length_assumed", "boat_unknown", "steps_unknown", "schematic"]


@dataclass(frozen=True, eq=False)
class Stop:
    """Hold one visit. One may come `slack_s` late and all that follows still holds; `leave_s` is after the rest."""

    feature: Feature
    place: Feature
    arrive_s: int
    begin_s: int
    end_s: int
    leave_s: int
    slack_s: int
    is_must: bool
    is_boat: bool
    warnings: tuple[Warning_, ...]


@dataclass(frozen=True, eq=False)
class Leg:
    """Hold a walk: metres along the paths, minutes at the pace that was asked, its course in lon-lat."""

    begin_s: int
    end_s: int
    length_m: int
    coords: Coords
    are_steps_unknown: bool
    works: tuple[Feature, ...] = ()
    mode: str = "walk"


@dataclass(frozen=True)
class Lunch:
    """Hold the lunch break: at stop `position` (-1 the start), before or after its visit."""

    position: int
    is_before_visit: bool
    begin_s: int
    end_s: int


@dataclass(frozen=True, eq=False)
class Itinerary:
    """Hold a tour planned for one visitor.

    `legs[n]` leads to `stops[n]`, the last one to the end; None where the tour may start or end anywhere.
    `missing` are musts that do not fit, each with its reason ("time" when only the time is short).
    `left_out` counts why places were no candidates.
    """

    request: TourRequest
    status: Status
    stops: tuple[Stop, ...]
    legs: tuple[Leg | None, ...]
    lunch: Lunch | None
    begin_s: int
    end_s: int
    walk_m: int
    walk_s: int
    wait_s: int
    score: int
    missing: dict[str, Reason | Literal["time"]]
    left_out: dict[Reason, int]

    @property
    def is_about(self) -> bool:
        """Return whether the times rest on positions that nobody has surveyed."""
        return any("schematic" in stop.warnings for stop in self.stops)

    @property
    def lacks_lunch(self) -> bool:
        """Return whether lunch is wanted outside of its hours."""
        return self.request.has_lunch and not has_lunch(self.request)


def plan(catalogue: Catalogue, request: TourRequest) -> Itinerary:
    """Return the best tour found. Same wish, same snapshot, same tour.

    Raises InvalidTour when start or end lies off every path.
    """
    draft = make_draft(catalogue, request)
    solution = Solution((), 0, 0, 0, "infeasible") if draft.blocked else answer(draft, SEARCH_US)
    tour = solution.tours[0] if solution.tours else None
    left_out: dict[Reason, int] = {}
    for reason in draft.dropped.values():
        left_out[reason] = left_out.get(reason, 0) + 1
    stops = _stops(draft, tour) if tour else ()
    legs = _legs(catalogue, draft, tour) if tour else ()
    return Itinerary(
        request=request,
        status="infeasible" if tour is None else solution.status,
        stops=stops,
        legs=legs,
        lunch=_lunch(tour),
        begin_s=tour.begin_s if tour else request.start_s,
        end_s=max(tour.end_s, stops[-1].end_s if stops else 0) if tour else request.end_s,
        walk_m=sum(leg.length_m for leg in legs if leg),
        walk_s=tour.walk_s if tour else 0,
        wait_s=tour.wait_s if tour else 0,
        score=solution.score if tour else 0,
        missing=_missing(draft, solution),
        left_out=left_out,
    )


def answer(draft: Draft, search_us: int = CHECK_US) -> Solution:
    """Return the solver's answer; the seed follows from the wish, so that a link always gives the same tour."""
    seed = int.from_bytes(hashlib.sha256(draft.request.to_query().encode()).digest()[:4], "big")
    return solve_spending(draft.problem, search_us, LABELS, seed)


def _missing(draft: Draft, solution: Solution) -> dict[str, Reason | Literal["time"]]:
    missing: dict[str, Reason | Literal["time"]] = dict(draft.blocked)
    for visit in solution.missing:
        missing.setdefault(draft.candidates[visit].id, "time")
    return missing


def _lunch(tour: Tour | None) -> Lunch | None:
    if tour is None or tour.lunch is None:
        return None
    return Lunch(tour.lunch.position, tour.lunch.is_before_visit, tour.lunch.begin_s, tour.lunch.end_s)


def _stops(draft: Draft, tour: Tour) -> tuple[Stop, ...]:
    rest_s = REST_MIN[draft.request.fullness] * 60
    slacks_s = _slacks_s(draft, tour)
    made = []
    for placed, slack_s in zip(tour.stops, slacks_s, strict=True):
        candidate = draft.candidates[placed.visit]
        made.append(
            Stop(
                feature=candidate.feature,
                place=candidate.place,
                arrive_s=placed.arrive_s,
                begin_s=placed.begin_s,
                end_s=placed.end_s - rest_s,
                leave_s=placed.end_s,
                slack_s=slack_s,
                is_must=candidate.is_must,
                is_boat=candidate.is_boat,
                warnings=tuple(_warnings(candidate, draft.request)),
            )
        )
    return tuple(made)


def _warnings(candidate: Candidate, request: TourRequest) -> list[Warning_]:
    feature = candidate.feature
    key = "boat_gangway" if candidate.is_boat else "step_free"
    found: list[tuple[bool, Warning_]] = [
        (candidate.is_boat, "boat_unknown"),
        (not candidate.is_boat and not candidate.are_hours_known, "hours_unknown"),
        (candidate.is_estimated, "length_assumed"),
        (request.is_step_free and key not in (feature.get("access") or {}), "steps_unknown"),
        (candidate.place.position_class == "schematic", "schematic"),
    ]
    return [warning for is_so, warning in found if is_so]


def _slacks_s(draft: Draft, tour: Tour) -> list[int]:
    """Return for each stop how much later one may come and still keep all that follows."""
    problem, rows = draft.problem, [FIRST + placed.visit for placed in tour.stops]
    latest_s = problem.end_s
    for is_after in (True, False):  # lunch at the end counts as either
        latest_s = _before_lunch(tour, len(rows), latest_s, is_after_visit=is_after)
    latest_s -= int(problem.travel_s[rows[-1], END]) if rows else 0  # when one must leave
    slacks_s: list[int] = []
    for n in range(len(rows) - 1, -1, -1):
        placed = tour.stops[n]
        latest_s = _before_lunch(tour, n, latest_s, is_after_visit=True)
        latest_s -= problem.visits[placed.visit].visit_s
        latest_s = min(latest_s, _window_end_s(draft, placed))
        slacks_s.append(max(0, latest_s - placed.begin_s) + (placed.begin_s - placed.arrive_s))
        latest_s = _before_lunch(tour, n, latest_s, is_after_visit=False)
        latest_s -= int(problem.travel_s[rows[n - 1], rows[n]]) if n else 0
    return slacks_s[::-1]


def _window_end_s(draft: Draft, placed: Placed) -> int:
    windows = draft.problem.visits[placed.visit].windows
    return next((last_s for first_s, last_s in windows if first_s <= placed.begin_s <= last_s), placed.begin_s)


def _before_lunch(tour: Tour, position: int, latest_s: int, *, is_after_visit: bool) -> int:
    """Return when one must be ready when lunch comes first."""
    lunch = tour.lunch
    if lunch is None or lunch.position != position or lunch.is_before_visit == is_after_visit:
        return latest_s
    return min(latest_s - (lunch.end_s - lunch.begin_s), LUNCH.latest_s)


def _legs(catalogue: Catalogue, draft: Draft, tour: Tour) -> tuple[Leg | None, ...]:
    """Return the walk to each stop and from the last one to the end, with the works that each passes."""
    if not tour.stops:
        return ()
    rows = [START, *(FIRST + placed.visit for placed in tour.stops), END]
    ready_s = [tour.begin_s, *(placed.end_s for placed in tour.stops)]
    if tour.lunch and not tour.lunch.is_before_visit and tour.lunch.position < len(tour.stops):
        ready_s[tour.lunch.position + 1] = tour.lunch.end_s
    legs = [_leg(catalogue, draft, a, b, at_s) for a, b, at_s in zip(rows, rows[1:], ready_s, strict=False)]
    return _with_works(catalogue, legs)


def _leg(catalogue: Catalogue, draft: Draft, origin: int, goal: int, begin_s: int) -> Leg | None:
    start, end, network = draft.anchors[origin], draft.anchors[goal], catalogue.network
    is_step_free = draft.request.is_step_free
    way = network.walks(is_step_free=is_step_free).way(start, end) if start and end else None
    if way is None:
        return None
    are_unknown = network.are_steps_unknown(way, is_step_free=is_step_free)
    walk_s = int(draft.problem.travel_s[origin, goal])
    return Leg(begin_s, begin_s + walk_s, round(way.length_m), way.coords, are_unknown)


def _with_works(catalogue: Catalogue, legs: Sequence[Leg | None]) -> tuple[Leg | None, ...]:
    works = [f for f in catalogue.features.values() if f.phase and f.phase.is_active]
    lines = [shapely.LineString(leg.coords) if leg and len(leg.coords) > 1 else shapely.Point() for leg in legs]
    view = catalogue.city.view
    metric = list(to_metres(gpd.GeoSeries([*lines, *(f.geometry for f in works)], crs=WGS84), view.lon, view.lat))
    met = [
        tuple(f for f, area in zip(works, metric[len(legs) :], strict=True) if line.dwithin(area, WORKS_REACH_M))
        for line in metric[: len(legs)]
    ]
    return tuple(
        leg and Leg(leg.begin_s, leg.end_s, leg.length_m, leg.coords, leg.are_steps_unknown, found)
        for leg, found in zip(legs, met, strict=True)
    )
