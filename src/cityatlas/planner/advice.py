"""Find the smallest changes to a wish that make it possible, each checked by planning it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ..catalogue import Catalogue
from ..errors import InvalidTour
from .draft import make_draft
from .itinerary import Itinerary, answer
from .request import DAY_S, LEAST_S, MOST_S, TourRequest

EARLIER_MIN = (15, 30, 60, 120)
LATER_MIN = (15, 30, 60, 120)
OTHER_DAYS = 7
MOST_CPU_S = 0.4  # for all trials; those that do not fit into it are not offered


@dataclass(frozen=True)
class Change:
    """Hold one change that was tried and works: its kind, a value for its sentence, and the changed wish."""

    kind: str
    value: str
    request: TourRequest


def find_changes(catalogue: Catalogue, itinerary: Itinerary, now: datetime) -> tuple[Change, ...]:
    """Return changes that let all musts fit, or, without musts, let there be any stop; none when all is well."""
    if itinerary.stops and not itinerary.missing:
        return ()
    begun_s = time.thread_time()
    found: dict[str, Change] = {}
    for group, change in _trials(catalogue, itinerary, now):
        if time.thread_time() - begun_s > MOST_CPU_S:
            break
        if group not in found and _works(catalogue, change.request):
            found[group] = change
    if not found and (fewer := _fewer(catalogue, itinerary)):
        found["fewer"] = fewer
    return tuple(found.values())


def _works(catalogue: Catalogue, request: TourRequest) -> bool:
    try:
        draft = make_draft(catalogue, request, only_musts=bool(request.must))
    except InvalidTour:
        return False
    if draft.blocked:
        return False
    solution = answer(draft)
    return bool(solution.tours and solution.tours[0].stops) and not solution.missing


def _trials(catalogue: Catalogue, itinerary: Itinerary, now: datetime) -> Iterator[tuple[str, Change]]:
    """Yield changes, smallest first; of a group only the first that works is wanted."""
    request, reasons = itinerary.request, set(itinerary.missing.values()) | set(itinerary.left_out)
    allowed = replace(
        request,
        allows_unknown_hours=request.allows_unknown_hours or "hours_unknown" in reasons,
        allows_boat=request.allows_boat or "boat" in itinerary.missing.values(),
    )
    if allowed != request:
        yield "allow", Change("allow", "", allowed)
    is_today = request.day == now.date()
    for minutes in EARLIER_MIN:
        start_s = request.start_s - minutes * 60
        is_past = is_today and start_s < now.hour * 3600 + now.minute * 60
        if start_s >= 0 and request.end_s - start_s <= MOST_S and not is_past:
            yield "earlier", Change("earlier", str(minutes), replace(request, start_s=start_s))
    for minutes in LATER_MIN:
        end_s = request.end_s + minutes * 60
        if end_s <= DAY_S and LEAST_S <= end_s - request.start_s <= MOST_S:
            yield "later", Change("later", str(minutes), replace(request, end_s=end_s))
    for must in dict.fromkeys((*itinerary.missing, *request.must)):
        yield f"without {must}", Change("without", must, _without(request, must))
    for days in range(1, OTHER_DAYS + 1):
        day = request.day + timedelta(days=days)
        yield "day", Change("day", day.isoformat(), replace(request, day=day))


def _fewer(catalogue: Catalogue, itinerary: Itinerary) -> Change | None:
    """Return the wish without as few musts as may be, when no single change helps; None when that is no help."""
    request = itinerary.request
    draft = make_draft(catalogue, request, only_musts=True)
    visits = tuple(replace(visit, is_required=False, score=1) for visit in draft.problem.visits)
    tours = answer(replace(draft, problem=replace(draft.problem, visits=visits))).tours
    kept = {visits[stop.visit].id for stop in tours[0].stops} if tours else set()
    fewer = replace(request, must=tuple(must for must in request.must if must in kept))
    left = [must for must in request.must if must not in kept]
    return Change("without", ",".join(left), fewer) if left and kept and _works(catalogue, fewer) else None


def _without(request: TourRequest, must: str) -> TourRequest:
    """Return the wish in which a place is no must; it may still come where it fits."""
    return replace(request, must=tuple(m for m in request.must if m != must))
