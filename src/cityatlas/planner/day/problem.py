"""Make a problem for the solver of a visitor's wish, and keep the stops of a day that is changed by hand.

A kept stop counts more than all scores together, so that the solver gives none up for anything else; what an
itinerary is worth is told by the wish's own scores. Firm ones, as those that a move crossed, are required first, and
only wished for where that cannot be. Then, too, their order is tried first, and given up where that saves a stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import shapely

from ...catalogue.catalogue import Catalogue
from ...errors import InvalidTour
from ...routing.graph import Anchor
from ...routing.network import Place
from ..request.request import FIRM, TourRequest
from ..solver.model import END, FIRST, START, UNREACHABLE_S, Lunch, Problem, Solution, Visit
from .candidates import REST_MIN, Candidate, Reason, choose, route_order
from .containment import Pairs, nested_pairs, solve_apart, split_contained
from .modes import modes_for
from .travel import FAR_M, WALK_M_PER_MIN, Travel, make_travel, place_of

LUNCH = Lunch(earliest_s=11 * 3600 + 1800, latest_s=13 * 3600, length_s=45 * 60)


@dataclass(frozen=True, eq=False)
class DayProblem:
    """Hold a problem and what its numbers stand for; rows of `travel` are start, end (None: anywhere), candidates.

    Of each of `pairs` a tour has one at most: the larger place takes in the other. `blocked` are the musts that cannot
    be visited at all, and why; where only boats will do and none runs, the boats.
    """

    request: TourRequest
    problem: Problem
    candidates: tuple[Candidate, ...]
    travel: Travel
    dropped: Mapping[str, Reason]
    blocked: Mapping[str, Reason]
    pairs: Pairs


def make_draft(catalogue: Catalogue, request: TourRequest, *, only_musts: bool = False) -> DayProblem:
    """Return the problem of a wish, or of its musts alone. Raises InvalidTour when start or end lies off every path."""
    if not catalogue.network.has_walks:
        raise InvalidTour("This city has no paths to walk on yet.", "It needs a paths.geojson.", reason="no_network")
    chosen, dropped = choose(catalogue, request, only_musts=only_musts)
    chosen, contained = split_contained(catalogue, chosen)
    dropped |= {candidate.id: "contained" for candidate in contained}
    candidates, tips, anchors = _reached(catalogue, request, chosen, dropped)
    are_by_road = [_is_by_road(catalogue, text) for text in (request.start_at, request.end_at)]
    are_by_road += [_is_by_road(catalogue, candidate.place.id) for candidate in candidates]
    travel = make_travel(catalogue, request, (*tips, *anchors), tuple(are_by_road))
    _drop_cut_off(candidates, travel, dropped)
    problem = _problem(catalogue, request, candidates, travel, ends_free=tips[1] is None)
    blocked = {must: dropped[must] for must in request.must if must in dropped}
    if request.boat == "only" and not travel.has_boats and not any(candidate.is_boat for candidate in candidates):
        blocked |= _stranded(catalogue, dropped)
    return DayProblem(
        request, problem, tuple(candidates), travel, dropped, blocked, nested_pairs(catalogue, candidates)
    )


def _reached(
    catalogue: Catalogue, request: TourRequest, chosen: Sequence[Candidate], dropped: dict[str, Reason]
) -> tuple[list[Candidate], tuple[Anchor | None, Anchor | None], list[Anchor]]:
    """Return the candidates that a path leads to, and where paths meet start and end, and each of them.

    Notes in `dropped` those that none leads to. Raises InvalidTour when start or end lies off every path.
    """
    tips = [_tip(catalogue, text) for text in (request.start_at, request.end_at)]
    places = [tip for tip in tips if tip] + [place_of(candidate.place) for candidate in chosen]
    found = iter(catalogue.network.anchors(places, is_step_free=request.is_step_free))
    start, end = (next(found) if tip else None for tip in tips)
    is_driven = bool({"taxi", "bicycle"} & {*request.modes} & {*modes_for(catalogue.city, request)})
    if not is_driven:
        _refuse_far(start, end)
    candidates, anchors = [], []
    for candidate, anchor in zip(chosen, found, strict=True):
        if anchor.access_m > FAR_M and not is_driven:
            dropped[candidate.id] = "far"
        else:
            candidates.append(candidate)
            anchors.append(anchor)
    return candidates, (start, end), anchors


def _problem(
    catalogue: Catalogue, request: TourRequest, candidates: list[Candidate], travel: Travel, *, ends_free: bool
) -> Problem:
    """Return what the solver is given; who may stop anywhere needs no rest after the last visit."""
    rest_s = REST_MIN[request.fullness] * 60
    lunch = replace(LUNCH, latest_s=min(LUNCH.latest_s, request.end_s - LUNCH.length_s))
    return Problem(
        visits=tuple(_visit(candidate, rest_s) for candidate in candidates),
        travel_s=travel.walk_s,
        begin_s=request.start_s,
        end_s=request.end_s + (rest_s if ends_free else 0),
        lunch=lunch if has_lunch(request) else None,
        fixed_order=_fixed_order(candidates, request.order or route_order(catalogue, request)),
        max_walk_s=_most_walk_s(request),
        connections=travel.crossings.timetable if travel.crossings else None,
        modes=tuple(mode.table for mode in travel.modes),
    )


def _refuse_far(start: Anchor | None, end: Anchor | None) -> None:
    for key, anchor in (("start_at", start), ("end_at", end)):
        if anchor and anchor.access_m > FAR_M:
            far_m = round(anchor.access_m, -2)
            message = f"{key}: this place is {far_m:.0f} m from any path that the map knows."
            raise InvalidTour(message, "Choose a place in the town.", reason="far", value=f"{far_m:.0f}")


def _stranded(catalogue: Catalogue, dropped: Mapping[str, Reason]) -> dict[str, Reason]:
    """Return why no boat can be taken, boat by boat. Raises InvalidTour in a city that knows of none."""
    boats = [route for route in catalogue.of_role("route") if "boat" in {leg.mode for leg in route.legs}]
    if not boats:
        raise InvalidTour("This city has no boats.", "Walk: leave out boat=only.", reason="no_boats")
    return {boat.id: dropped.get(boat.id, "departure") for boat in boats}


def _fixed_order(candidates: list[Candidate], order: tuple[str, ...]) -> tuple[int, ...]:
    numbers = {candidate.id: number for number, candidate in enumerate(candidates)}
    return tuple(numbers[feature_id] for feature_id in order if feature_id in numbers)


def _most_walk_s(request: TourRequest) -> int | None:
    """Return the walking seconds in which nobody walks farther than was asked."""
    return request.most_walk_m and int(request.most_walk_m / (WALK_M_PER_MIN[request.pace] / 60))


def has_lunch(request: TourRequest) -> bool:
    """Return whether the tour's time leaves room for the lunch that is wanted."""
    earliest_s = max(request.start_s, LUNCH.earliest_s)
    return request.has_lunch and earliest_s <= min(LUNCH.latest_s, request.end_s - LUNCH.length_s)


def _visit(candidate: Candidate, rest_s: int) -> Visit:
    """Return a visit with the rest after it, which may run over closing time; the solver keeps the tour's end."""
    return Visit(candidate.id, candidate.score, candidate.visit_s + rest_s, candidate.windows, candidate.is_must)


def _is_by_road(catalogue: Catalogue, text: str) -> bool:
    """Return whether a road leads to a place, as far as its kind tells; to a point that somebody named one does."""
    feature = catalogue.features.get(text)
    return feature is None or catalogue.city.kinds[feature.kind].by_road


def _tip(catalogue: Catalogue, text: str) -> Place | None:
    """Return where a tour starts or ends, or None for anywhere."""
    if not text:
        return None
    if "," in text:
        lon, lat = (float(number) for number in text.split(","))
        return shapely.Point(lon, lat), lon, lat
    return place_of(catalogue.features[text])


def _drop_cut_off(candidates: list[Candidate], travel: Travel, dropped: dict[str, Reason]) -> None:
    """Note the candidates that cannot be reached from the start, or from where the end is not."""
    for row, candidate in enumerate(candidates, FIRST):
        if travel.least_s[START, row] >= UNREACHABLE_S or travel.least_s[row, END] >= UNREACHABLE_S:
            dropped[candidate.id] = "no_way"


FIRST_PART, LATER_PART = 0.6, 0.25  # of the work

Solve = Callable[[Problem, float], Solution]


def solve_keeping(draft: DayProblem, solve: Solve) -> Solution:
    """Return the best solution found for a draft; `solve` is given a problem and which part of the work it may do."""
    kept = frozenset(number for number, _ in _kept(draft))
    if not kept:
        return solve_apart(draft.problem, draft.pairs, solve)
    tried: list[Solution] = []
    for are_firm, problems in _attempts(draft):
        for problem in problems:
            part = LATER_PART if tried else FIRST_PART
            tried.append(solve_apart(problem, draft.pairs, partial(_solve_part, solve, part)))
            if _count(tried[-1], kept) == len(kept):
                break
        if are_firm and any(solution.tours for solution in tried):
            break
    best = max(tried, key=lambda solution: _count(solution, kept))  # the first of several
    best = best if best.tours else tried[-1]
    if best.status == "optimal" and not all(solution.is_proved for solution in tried):
        return replace(best, status="best_found", is_proved=False)
    return best


def _solve_part(solve: Solve, part: float, problem: Problem, share: float) -> Solution:
    return solve(problem, part * share)


def _attempts(draft: DayProblem) -> Iterator[tuple[bool, list[Problem]]]:
    """Yield problems to solve in turn, and whether firm stops are required in them."""
    kept = _kept(draft)
    firm = {number for number, weight in kept if weight >= FIRM}
    ordered = _with_order(draft.problem.fixed_order, [number for number, _ in kept])
    orders = [ordered] if set(ordered) == set(draft.problem.fixed_order) else [ordered, draft.problem.fixed_order]
    for required in [firm, set[int]()] if firm else [set[int]()]:
        valued = _valued(draft.problem, {number for number, _ in kept}, required)
        yield bool(required), [replace(valued, fixed_order=order) for order in orders]


def _kept(draft: DayProblem) -> list[tuple[int, int]]:
    """Return the numbers of the kept stops that can be visited, in their order, and how firmly each is kept."""
    numbers = {candidate.id: number for number, candidate in enumerate(draft.candidates)}
    return [(numbers[kept], weight) for kept, weight in draft.request.keeps if kept in numbers]


def _valued(problem: Problem, kept: set[int], required: set[int]) -> Problem:
    """Return a problem in which a kept visit counts more than all others together."""
    bonus = 1 + sum(visit.score for visit in problem.visits)
    visits = tuple(
        replace(
            visit,
            score=visit.score + bonus * (number in kept),
            is_required=visit.is_required or number in required,
        )
        for number, visit in enumerate(problem.visits)
    )
    return replace(problem, visits=visits)


def _with_order(order: tuple[int, ...], kept: list[int]) -> tuple[int, ...]:
    """Return an order with the kept stops in it that it does not name, each behind the one before it in the day."""
    merged = list(order)
    for place, number in enumerate(kept):
        if number not in merged:
            merged.insert(merged.index(kept[place - 1]) + 1 if place else 0, number)
    return tuple(merged)


def _count(solution: Solution, kept: frozenset[int]) -> int:
    """Return how many kept stops a solution has; one without tours has fewer than any other."""
    return sum(stop.visit in kept for tour in solution.tours for stop in tour.stops) if solution.tours else -1
