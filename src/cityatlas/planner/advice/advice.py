"""Find the smallest changes to a wish that make it possible, each checked by planning it.

First single changes, smallest first, of each kind the smallest value that works (`what_if.py`): allow what was not
allowed, an earlier start, a later end, other terms, without a must, on another day. Where none of them helps, two at
once; where that does not help either, as few musts less as may be, and what that needs besides. No part of it can be
left out, and times are as short as they can be, in steps of five minutes. Trials are counted, not timed
(`what_if.py`): the same wish gets the same advice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import combinations, islice

from ...catalogue.catalogue import Catalogue
from ...catalogue.visiting import visit_minutes
from ...errors import InvalidTour
from ...limits import TOUR_MUSTS
from ..day.problem import make_draft
from ..itinerary.itinerary import Itinerary, answer
from ..request.request import TourRequest
from .changes import AnyBegin, Change, FewerMusts, LetGo, MoreWalking, OtherHours, OtherStay, Step, Steps, changed
from .what_if import ChangeKind, Trials, find_kinds, ride_kinds

RIDES_MS, SINGLES_MS, PAIRS_MS, FEWER_MS = 60, 200, 200, 150  # about what is spent on each
MOST_OFFERED, MOST_BOTH = 8, 3
PAIRED = 3  # musts that are left out together with something else
WIDE = OtherHours(9 * 3600, 17 * 3600)  # hours in which most is open


def find_changes(catalogue: Catalogue, itinerary: Itinerary, now: datetime) -> tuple[Change, ...]:
    """Return changes that let all musts fit, or, without musts, let there be any stop; none when all is well.

    Where stops of a day that was changed had to go, it is the first mode of riding that saves all of them.
    """
    if itinerary.stops and not itinerary.missing:
        return _saving(catalogue, itinerary, now) if itinerary.gone else ()
    kinds = list(find_kinds(catalogue, itinerary, now))
    trials = Trials(catalogue, itinerary.request, now, RIDES_MS)
    found: list[Steps] = [(part,) for kind in kinds if kind.name == "ride" and (part := _smallest(trials, kind, ()))]
    trials.left_ms = SINGLES_MS
    found += [(part,) for kind in kinds if kind.name != "ride" and (part := _smallest(trials, kind, ()))]
    if not found:
        trials.left_ms = PAIRS_MS
        found = _pairs(trials, kinds)
    if not found:
        trials.left_ms = FEWER_MS
        found = _fewer(trials, kinds)
    return tuple(trials.made(steps) for steps in found[:MOST_OFFERED])


def _saving(catalogue: Catalogue, itinerary: Itinerary, now: datetime) -> tuple[Change, ...]:
    """Return the first mode by which all stops that were to be kept fit; none where no mode does it."""
    wish = itinerary.request
    kept = tuple(stop for stop, _ in wish.keeps if stop not in wish.must)
    whole = replace(wish, must=(*wish.must, *kept), keeps=(), order=())
    if len(whole.must) > TOUR_MUSTS:
        return ()
    trials = Trials(catalogue, whole, now, RIDES_MS)
    saving = (kind.steps for kind in ride_kinds(catalogue, wish) if trials.works(kind.steps))
    return tuple(Change(steps, changed(wish, steps)) for steps in islice(saving, 1))


def _smallest(trials: Trials, kind: ChangeKind, others: Steps) -> Step | None:
    """Return the smallest change of a kind that works together with others, or None."""
    low = -1
    for high in kind.first:
        if trials.works((*others, kind.steps[high])):
            break
        low = high
    else:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if trials.works((*others, kind.steps[middle])):
            high = middle
        else:
            low = middle
    return kind.steps[high]


def _pairs(trials: Trials, kinds: Sequence[ChangeKind]) -> list[Steps]:
    """Return two changes at once; doing without a must comes last."""
    without = [kind for kind in kinds if kind.name == "without"]
    others = [kind for kind in kinds if kind.name not in ("without", "begin")]
    found: list[Steps] = []
    for one, other in [*combinations(others, 2), *((kind, must) for kind in others for must in without[:PAIRED])]:
        if len(found) == MOST_BOTH:
            break
        if one.name != other.name and (pair := _smallest_pair(trials, one, other)):
            found.append(pair)
    return found


def _smallest_pair(trials: Trials, one: ChangeKind, other: ChangeKind) -> Steps | None:
    """Return two changes of which neither can be smaller; of kinds whose values do not grow the first that work."""
    for position in one.first:
        largest = one.steps[position]
        if second := _smallest(trials, other, (largest,)):
            first = _smallest(trials, one, (second,)) or largest
            return first, _smallest(trials, other, (first,)) or second
    return None


def _fewer(trials: Trials, kinds: Sequence[ChangeKind]) -> list[Steps]:
    """Return the wish without as few musts as may be, and with what else it then needs; empty when nothing helps."""
    for steps in _ladder(trials, kinds):
        left = _left_out(trials, steps)
        whole = (*steps, FewerMusts(left)) if left else steps
        if whole and trials.works(whole):
            return [_pruned(trials, kinds, whole)]
    return []


def _ladder(trials: Trials, kinds: Sequence[ChangeKind]) -> Iterator[Steps]:
    """Yield what may be changed beside the musts: nothing, all terms, the times, the hours in which most is open."""
    longest = {kind.name: kind.steps[-1] for kind in kinds}
    times = [longest[name] for name in ("later", "earlier") if name in longest]
    terms = list(_relaxed(trials))
    yield ()
    yield (*terms,)
    for time in times:
        yield (*terms, time)
    yield (*terms, *times)
    yield (*terms, WIDE)
    for kind in kinds:
        if kind.name == "day":
            yield (*terms, kind.steps[0], WIDE)


def _relaxed(trials: Trials) -> Iterator[Step]:
    """Yield all that a wish might do without beside its musts."""
    request = trials.request
    asked: list[Step] = [
        LetGo("allow"),
        LetGo("foot" if request.boat == "only" else "boat"),
        LetGo("order"),
        MoreWalking(None),
        LetGo("lunch"),
        LetGo("route"),
    ]
    asked += [AnyBegin(feature_id) for feature_id, _ in request.begins]
    for feature_id, _ in request.stays:
        asked.append(OtherStay(feature_id, visit_minutes(trials.catalogue.features[feature_id])[0]))
    yield from (step for step in asked if step.apply(request) != request)


def _left_out(trials: Trials, steps: Steps) -> tuple[str, ...]:
    """Return the musts that do not fit when as many as may be are visited; all where not even one does."""
    request = changed(trials.request, steps)
    kept = _most_kept(trials, request)
    return tuple(must for must in request.must if must not in kept)


def _most_kept(trials: Trials, request: TourRequest) -> set[str]:
    try:
        draft = make_draft(trials.catalogue, replace(request, keeps=()), only_musts=True)
    except InvalidTour:
        return set()
    visits = tuple(replace(visit, is_required=False, score=1) for visit in draft.problem.visits)
    tours = answer(replace(draft, problem=replace(draft.problem, visits=visits))).tours
    return {visits[stop.visit].id for stop in tours[0].stops} if tours else set()


def _pruned(trials: Trials, kinds: Sequence[ChangeKind], steps: Steps) -> Steps:
    """Return changes without those that are not needed, with all musts that fit after all, and as small as may be."""
    for step in steps:
        rest = tuple(other for other in steps if other != step)
        if rest and not isinstance(step, FewerMusts) and trials.works(rest):
            steps = rest
    *others, last = steps
    if isinstance(last, FewerMusts):
        steps = _with_more_musts(trials, others, last)
    growing = {kind.name: kind for kind in kinds if kind.name in ("earlier", "later", "walk")}
    for place, step in enumerate(steps):
        rest = (*steps[:place], *steps[place + 1 :])
        if step.kind in growing and (less := _smallest(trials, growing[step.kind], rest)):
            steps = (*steps[:place], less, *steps[place + 1 :])
    return steps


def _with_more_musts(trials: Trials, others: Sequence[Step], without: FewerMusts) -> Steps:
    """Return changes that leave out no must which could stay."""
    left = without.places
    for must in without.places:
        fewer = tuple(other for other in left if other != must)
        again = (*others, FewerMusts(fewer)) if fewer else (*others,)
        if again and trials.works(again):
            left = fewer
    return (*others, FewerMusts(left)) if left else (*others,)
