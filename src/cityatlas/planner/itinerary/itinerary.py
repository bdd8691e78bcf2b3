"""Plan a tour for one visitor: ask the solver, and tell its answer as stops, legs, sums and warnings."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...city.opening.feature_opening import closure_on, is_in_season
from ...schema.items import Programme
from ..day.candidates import REST_MIN, Candidate, Reason
from ..day.leg import Leg as Leg
from ..day.modes import modes_for
from ..day.problem import DayProblem, has_lunch, make_draft, solve_keeping
from ..request.request import TourRequest
from ..solver.model import END, FIRST, START, Problem, Solution, Status, Tour
from ..solver.model import Stop as Placed
from ..solver.solve import solve_spending

# About 0.3 s of searching at most: a page has 1 s for all that it does. Checking whether something fits takes less.
SEARCH_US, CHECK_US, LABELS = 200_000, 60_000, 10_000
Warning_ = Literal["hours_unknown", "length_assumed", "boat_unknown", "steps_unknown", "schematic"]
Missing = Reason | Literal["limits"]
Notice = Literal[
    "holidays_unknown",
    "holiday",
    "workday",
    "lunch_left_out",
    "theme_unmatched",
    "route_off",
    "variant_gone",
    "bus_unknown",
    "mode_left_out",
]


@dataclass(frozen=True, eq=False)
class ItineraryStop:
    """Hold one visit. One may come `slack_s` late and all that follows still holds; `leave_s` is after the rest.

    `programme` is what the group chose of the place's menu; `is_begin_fixed` when the begin was agreed.
    """

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
    programme: Programme | None = None
    is_begin_fixed: bool = False
    score: int = 0


@dataclass(frozen=True)
class LunchBreak:
    """Hold the lunch break: at stop `position` (-1 the start), before or after its visit."""

    position: int
    is_before_visit: bool
    begin_s: int
    end_s: int


@dataclass(frozen=True, eq=False)
class Itinerary:
    """Hold a tour planned for one visitor.

    `legs[n]` leads to `stops[n]`, the last one to the end; None where the tour may start or end anywhere.
    `missing` are musts that do not fit, each with its reason ("time" when only the time is short, "limits" when
    it is the time with the most walking or the order that was asked). `dropped` tells why places were no
    candidates, `left_out` counts them by reason. `made_on` is the day on which it was planned, where that is known.
    """

    request: TourRequest
    status: Status
    stops: tuple[ItineraryStop, ...]
    legs: tuple[Leg | None, ...]
    lunch: LunchBreak | None
    begin_s: int
    end_s: int
    walk_m: int
    walk_s: int
    wait_s: int
    score: int
    missing: Mapping[str, Missing]
    left_out: Mapping[Reason, int]
    dropped: Mapping[str, Reason]
    notices: tuple[Notice, ...] = ()
    made_on: date | None = None
    are_ends_about: bool = False

    @property
    def gone(self) -> tuple[str, ...]:
        """Return the stops that were to be kept and could not."""
        ids = {stop.feature.id for stop in self.stops}
        return tuple(kept for kept, _ in self.request.keeps if kept not in ids) if self.stops else ()

    @property
    def is_about(self) -> bool:
        """Return whether the times rest on positions that nobody has surveyed."""
        return self.are_ends_about or any("schematic" in stop.warnings for stop in self.stops)


def plan(catalogue: Catalogue, request: TourRequest) -> Itinerary:
    """Return the best tour found; a variant is not looked at. Same wish, same snapshot, same tour.

    Raises InvalidTour when start or end lies off every path.
    """
    draft = make_draft(catalogue, request)
    return make_itinerary(
        catalogue, draft, Solution((), 0, 0, 0, "infeasible") if draft.blocked else answer(draft, SEARCH_US)
    )


def make_itinerary(catalogue: Catalogue, draft: DayProblem, solution: Solution) -> Itinerary:
    """Return a solution of a draft as an itinerary; its score is by the draft's scores."""
    request, tour = draft.request, solution.tours[0] if solution.tours else None
    stops = _stops(draft, tour) if tour else ()
    legs = _legs(draft, tour) if tour else ()
    return Itinerary(
        request=request,
        status="infeasible" if tour is None else solution.status,
        stops=stops,
        legs=legs,
        lunch=_lunch(tour),
        begin_s=tour.begin_s if tour else request.start_s,
        end_s=_end_s(request, tour, stops) if tour else request.end_s,
        walk_m=sum(leg.length_m for leg in legs if leg),
        walk_s=tour.walk_s if tour else 0,
        wait_s=tour.wait_s if tour else 0,
        score=sum(draft.candidates[stop.visit].score for stop in tour.stops) if tour else 0,
        missing=_missing(draft, solution),
        left_out=Counter(draft.dropped.values()),
        dropped=draft.dropped,
        notices=tuple(_notices(catalogue, draft)),
        are_ends_about=any(_is_schematic(catalogue, tip) for tip in (request.start_at, request.end_at)),
    )


def _end_s(request: TourRequest, tour: Tour, stops: tuple[ItineraryStop, ...]) -> int:
    """Return when a day ends: there, or after the last visit or lunch where one may stop anywhere."""
    if request.end_at or not stops:
        return tour.end_s
    return max(stops[-1].leave_s, tour.lunch.end_s if tour.lunch else 0)


def answer(draft: DayProblem, search_us: int = CHECK_US, labels: int = LABELS) -> Solution:
    """Return the solver's answer; the seed follows from what is wished, so that it always gives the same tour."""
    seed = int.from_bytes(hashlib.sha256(draft.request.canonical().to_query().encode()).digest()[:4], "big")

    def solve(problem: Problem, part: float) -> Solution:
        return solve_spending(problem, int(search_us * part), int(labels * part), seed)

    return solve_keeping(draft, solve)


def _missing(draft: DayProblem, solution: Solution) -> dict[str, Missing]:
    missing: dict[str, Missing] = {**draft.blocked}
    request = draft.request
    has_limits = request.most_walk_m is not None or len(set(request.order) & {c.id for c in draft.candidates}) > 1
    for visit in solution.missing:
        missing.setdefault(draft.candidates[visit].id, "limits" if has_limits else "time")
    return missing


def _notices(catalogue: Catalogue, draft: DayProblem) -> Iterator[Notice]:
    request, themes = draft.request, {theme for c in draft.candidates for theme in c.feature.themes}
    kinds: dict[str, Notice] = {"unknown": "holidays_unknown", "off": "holiday", "workday": "workday"}
    if notice := kinds.get(catalogue.city.holidays.kind_of(request.day)):
        yield notice
    if request.has_lunch and not has_lunch(request):
        yield "lunch_left_out"
    if not themes.issuperset(theme for theme, _ in request.themes):
        yield "theme_unmatched"
    if off := {*request.modes} - {*modes_for(catalogue.city, request)}:
        yield "bus_unknown" if off == {"bus"} else "mode_left_out"
    route = catalogue.features.get(request.route)
    if route and (not is_in_season(route, request.day) or closure_on(route, request.day)):
        yield "route_off"


def _is_schematic(catalogue: Catalogue, tip: str) -> bool:
    """Return whether a start or an end is a place that nobody has surveyed."""
    return tip in catalogue.features and catalogue.features[tip].position_class == "schematic"


def _lunch(tour: Tour | None) -> LunchBreak | None:
    if tour is None or tour.lunch is None:
        return None
    return LunchBreak(tour.lunch.position, tour.lunch.is_before_visit, tour.lunch.begin_s, tour.lunch.end_s)


def _stops(draft: DayProblem, tour: Tour) -> tuple[ItineraryStop, ...]:
    rest_s = REST_MIN[draft.request.fullness] * 60
    slacks_s = _slacks_s(draft, tour)
    made = []
    for placed, slack_s in zip(tour.stops, slacks_s, strict=True):
        candidate = draft.candidates[placed.visit]
        made.append(
            ItineraryStop(
                feature=candidate.feature,
                place=candidate.place,
                arrive_s=placed.arrive_s,
                begin_s=placed.begin_s,
                end_s=placed.end_s - rest_s,
                leave_s=placed.end_s - rest_s * _is_over(draft, tour, placed),
                slack_s=slack_s,
                is_must=candidate.is_must,
                is_boat=candidate.is_boat,
                warnings=tuple(_warnings(candidate, draft.request)),
                programme=candidate.programme,
                is_begin_fixed=candidate.is_begin_fixed,
                score=candidate.score,
            )
        )
    return tuple(made)


def _is_over(draft: DayProblem, tour: Tour, placed: Placed) -> bool:
    """Return whether nothing follows a visit, not even a way to the end: then it needs no rest after it."""
    eats_later = tour.lunch is not None and tour.lunch.begin_s >= placed.end_s
    return placed is tour.stops[-1] and not draft.request.end_at and not eats_later


def _warnings(candidate: Candidate, request: TourRequest) -> list[Warning_]:
    access = candidate.feature.access
    is_step_free = access.boat_gangway if candidate.is_boat else access.step_free
    found: list[tuple[bool, Warning_]] = [
        (candidate.is_boat and not candidate.are_hours_known, "boat_unknown"),
        (not candidate.is_boat and not candidate.are_hours_known, "hours_unknown"),
        (candidate.is_estimated, "length_assumed"),
        (request.is_step_free and is_step_free is None, "steps_unknown"),
        (candidate.place.position_class == "schematic", "schematic"),
    ]
    return [warning for is_so, warning in found if is_so]


def _slacks_s(draft: DayProblem, tour: Tour) -> list[int]:
    """Return for each stop how much later one may come and still keep all that follows."""
    problem, rows = draft.problem, tour.stops
    latest_s = problem.end_s
    for is_after in (True, False):  # lunch at the end counts as either
        latest_s = _before_lunch(draft, tour, len(rows), latest_s, is_after_visit=is_after)
    latest_s = _leave_by_s(draft, tour, len(rows), latest_s)
    slacks_s: list[int] = []
    for n in range(len(rows) - 1, -1, -1):
        placed = tour.stops[n]
        latest_s = _before_lunch(draft, tour, n, latest_s, is_after_visit=True)
        latest_s -= problem.visits[placed.visit].visit_s
        latest_s = min(latest_s, _window_end_s(draft, placed))
        slacks_s.append(max(0, latest_s - placed.begin_s) + (placed.begin_s - placed.arrive_s))
        latest_s = _before_lunch(draft, tour, n, latest_s, is_after_visit=False)
        latest_s = _leave_by_s(draft, tour, n, latest_s)
    return slacks_s[::-1]


def _leave_by_s(draft: DayProblem, tour: Tour, number: int, latest_s: int) -> int:
    """Return when one has to leave for leg `number` to be there by `latest_s`: for the boat that was planned, too."""
    origin, goal, ready_s, arrive_s = _ends(tour)[number]
    departure = draft.travel.departure(origin, goal, ready_s, arrive_s)
    return min(latest_s, departure.depart_s) if departure else latest_s - (arrive_s - ready_s)


def _ends(tour: Tour) -> list[tuple[int, int, int, int]]:
    """Return from which row to which each leg leads, when one is ready for it, and when one arrives."""
    rows = [START, *(FIRST + placed.visit for placed in tour.stops), END]
    ready_s = [tour.begin_s, *(placed.end_s for placed in tour.stops)]
    if tour.lunch and not tour.lunch.is_before_visit and tour.lunch.position < len(tour.stops):
        ready_s[tour.lunch.position + 1] = tour.lunch.end_s
    arrive_s = [*(placed.arrive_s for placed in tour.stops), tour.arrive_s]
    return list(zip(rows, rows[1:], ready_s, arrive_s, strict=False))


def _window_end_s(draft: DayProblem, placed: Placed) -> int:
    windows = draft.problem.visits[placed.visit].windows
    return next((last_s for first_s, last_s in windows if first_s <= placed.begin_s <= last_s), placed.begin_s)


def _before_lunch(draft: DayProblem, tour: Tour, position: int, latest_s: int, *, is_after_visit: bool) -> int:
    """Return when one must be ready when lunch comes first."""
    lunch, asked = tour.lunch, draft.problem.lunch
    if lunch is None or asked is None or lunch.position != position or lunch.is_before_visit == is_after_visit:
        return latest_s
    return min(latest_s - (lunch.end_s - lunch.begin_s), asked.latest_s)


def _legs(draft: DayProblem, tour: Tour) -> tuple[Leg | None, ...]:
    """Return the way to each stop and from the last one to the end, with the works that each passes."""
    return tuple(draft.travel.leg(*ends) for ends in _ends(tour)) if tour.stops else ()
