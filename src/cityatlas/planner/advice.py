"""Find the smallest changes to a wish that make it possible, each checked by planning it.

First single changes, smallest first, of each group one: allow what was not allowed, an earlier start, a later end,
other terms of what was agreed, without a must, on another day. Where none of them helps, two at once; where that
does not help either, as few musts less as may be. Trials are counted, not timed: the same wish gets the same advice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import combinations, islice, product

from ..catalogue import Catalogue
from ..errors import InvalidTour
from .draft import make_draft
from .itinerary import Itinerary, answer
from .reading import DAY_S
from .request import LEAST_S, MOST_S, MOST_WALK_M, TourRequest, clock

SHIFTS_MIN = (15, 30, 60, 120)
OTHER_DAYS = 7
MOST_WITHOUT = 6  # musts that one may do without are tried
PAIRED = 3  # days and musts that are tried together with something else
MOST_TRIALS, MOST_PAIRS = 24, 12  # each takes about 10 ms
TRIAL_US, TRIAL_LABELS = 2_500, 300  # whether something fits is found sooner than what is best
MOST_OFFERED, MOST_BOTH = 6, 3
MORE_WALK = (1.5, 2.0)


@dataclass(frozen=True)
class Change:
    """Hold one change that was tried and works: its kind, a value for its sentence, and the changed wish.

    Kinds and values: allow, foot (walk as well), earlier and later (minutes), walk (metres, empty for no limit), order,
    stay, begin ("id,HH:MM"), anytime (id), without (ids with commas), day (date); "both" has its two as `parts`.
    """

    kind: str
    value: str
    request: TourRequest
    parts: tuple[Change, ...] = ()


def find_changes(catalogue: Catalogue, itinerary: Itinerary, now: datetime) -> tuple[Change, ...]:
    """Return changes that let all musts fit, or, without musts, let there be any stop; none when all is well."""
    if itinerary.stops and not itinerary.missing:
        return ()
    trials = list(islice(_trials(itinerary.request, itinerary, now), MOST_TRIALS))
    found: dict[str, Change] = {}
    for group, change in trials:
        if group not in found and _works(catalogue, change.request):
            found[group] = change
    if not found:
        pairs = islice(_pairs(itinerary, now, trials), MOST_PAIRS)
        working = (change for change in pairs if _works(catalogue, change.request))
        found = {f"both {number}": change for number, change in enumerate(islice(working, MOST_BOTH))}
    if not found and (fewer := _fewer(catalogue, itinerary)):
        found["fewer"] = fewer
    return tuple(found.values())[:MOST_OFFERED]


def _works(catalogue: Catalogue, request: TourRequest) -> bool:
    try:
        draft = make_draft(catalogue, replace(request, keeps=()), only_musts=bool(request.must))
    except InvalidTour:
        return False
    if draft.blocked:
        return False
    solution = answer(draft, TRIAL_US, TRIAL_LABELS)
    return bool(solution.tours and solution.tours[0].stops) and not solution.missing


def _trials(request: TourRequest, itinerary: Itinerary, now: datetime) -> Iterator[tuple[str, Change]]:
    """Yield changes with their groups, smallest first; of a group only the first that works is wanted."""
    reasons = set(itinerary.missing.values())
    allowed = replace(
        request,
        allows_unknown_hours=request.allows_unknown_hours or "hours_unknown" in (reasons or itinerary.left_out),
        boat="yes" if reasons & {"boat", "boat_off"} else request.boat,
    )
    if allowed != request:
        yield "allow", Change("allow", "", allowed)
    if request.boat == "only":
        yield "foot", Change("foot", "", replace(request, boat="yes"))
    yield from _other_times(request, now)
    yield from _other_terms(request)
    for must in islice(dict.fromkeys((*itinerary.missing, *request.must)), MOST_WITHOUT):
        yield f"without {must}", Change("without", must, request.without_must(must))
    for days in range(1, OTHER_DAYS + 1):
        day = request.day + timedelta(days=days)
        yield "day", Change("day", day.isoformat(), replace(request, day=day))


def _other_times(request: TourRequest, now: datetime) -> Iterator[tuple[str, Change]]:
    is_today = request.day == now.date()
    for minutes in SHIFTS_MIN:
        start_s = request.start_s - minutes * 60
        is_past = is_today and start_s < now.hour * 3600 + now.minute * 60
        if start_s >= 0 and request.end_s - start_s <= MOST_S and not is_past:
            yield "earlier", Change("earlier", str(minutes), replace(request, start_s=start_s))
    agreed = [(s - request.end_s) // 60 + shift for _, s in request.begins for shift in SHIFTS_MIN if s > request.end_s]
    for minutes in (*SHIFTS_MIN, *agreed):  # what was agreed for after the end needs more than the usual steps
        end_s = request.end_s + minutes * 60
        if end_s <= DAY_S and LEAST_S <= end_s - request.start_s <= MOST_S:
            yield "later", Change("later", str(minutes), replace(request, end_s=end_s))


def _other_terms(request: TourRequest) -> Iterator[tuple[str, Change]]:
    """Yield changes of what was asked beside time and places: appointments, order, stays, most walking."""
    for feature_id, begin_s in request.begins:
        for minutes in (sign * shift for shift in SHIFTS_MIN for sign in (-1, 1)):
            if request.start_s <= begin_s + minutes * 60 <= request.end_s:
                begins = tuple((i, s + minutes * 60 * (i == feature_id)) for i, s in request.begins)
                value = f"{feature_id},{clock(begin_s + minutes * 60)}"
                yield f"begin {feature_id}", Change("begin", value, replace(request, begins=begins))
        free = tuple(pair for pair in request.begins if pair[0] != feature_id)
        yield f"anytime {feature_id}", Change("anytime", feature_id, replace(request, begins=free))
    if request.order:
        yield "order", Change("order", "", replace(request, order=()))
    if request.stays:
        yield "stay", Change("stay", "", replace(request, stays=()))
    if request.most_walk_m:
        for times in MORE_WALK:
            walk_m = min(MOST_WALK_M, int(request.most_walk_m * times) // 100 * 100)
            yield "walk", Change("walk", str(walk_m), replace(request, most_walk_m=walk_m))
        yield "walk", Change("walk", "", replace(request, most_walk_m=None))


def _pairs(itinerary: Itinerary, now: datetime, trials: Iterable[tuple[str, Change]]) -> Iterator[Change]:
    """Yield two changes at once: the largest of each group and the next days; doing without a must comes last."""
    last = {group: change for group, change in trials if group != "day"}
    days = [change for group, change in trials if group == "day"][:PAIRED]
    without = [change for change in last.values() if change.kind == "without"][:PAIRED]
    others = [change for change in last.values() if change.kind != "without"]
    pairs = [*combinations([*others, *days], 2), *product([*others, *days], without)]
    for one, other in pairs:
        again = _trials(one.request, itinerary, now)
        if one.kind != other.kind and (both := _again(other, again)):
            yield Change("both", "", both, (one, other))


def _again(change: Change, trials: Iterable[tuple[str, Change]]) -> TourRequest | None:
    """Return the wish to which a change was made once more, on top of another."""
    return next((t.request for _, t in trials if (t.kind, t.value) == (change.kind, change.value)), None)


def _fewer(catalogue: Catalogue, itinerary: Itinerary) -> Change | None:
    """Return the wish without as few musts as may be, when no other change helps; None when that is no help."""
    request = itinerary.request
    draft = make_draft(catalogue, replace(request, keeps=()), only_musts=True)
    visits = tuple(replace(visit, is_required=False, score=1) for visit in draft.problem.visits)
    tours = answer(replace(draft, problem=replace(draft.problem, visits=visits))).tours
    kept = {visits[stop.visit].id for stop in tours[0].stops} if tours else set()
    left = [must for must in request.must if must not in kept]
    fewer = request
    for must in left:
        fewer = fewer.without_must(must)
    return Change("without", ",".join(left), fewer) if left and kept and _works(catalogue, fewer) else None
