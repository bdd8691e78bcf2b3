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
from itertools import combinations

from ...catalogue.catalogue import Catalogue
from ...catalogue.visiting import visit_minutes
from ...errors import InvalidTour
from ..day.problem import make_draft
from ..itinerary.itinerary import Itinerary, answer
from ..request.request import TourRequest, clock
from .changes import Change, changed
from .what_if import ChangeKind, Parts, Trials, find_kinds

SINGLES_MS, PAIRS_MS, FEWER_MS = 200, 200, 150  # about what is spent on each
MOST_OFFERED, MOST_BOTH = 8, 3
PAIRED = 3  # musts that are left out together with something else
WIDE_S = (9 * 3600, 17 * 3600)  # hours in which most is open


def find_changes(catalogue: Catalogue, itinerary: Itinerary, now: datetime) -> tuple[Change, ...]:
    """Return changes that let all musts fit, or, without musts, let there be any stop; none when all is well."""
    if itinerary.stops and not itinerary.missing:
        return ()
    kinds = list(find_kinds(catalogue, itinerary, now))
    trials = Trials(catalogue, itinerary.request, now, SINGLES_MS)
    found: list[Parts] = [(part,) for kind in kinds if (part := _smallest(trials, kind, ()))]
    if not found:
        trials.left_ms = PAIRS_MS
        found = _pairs(trials, kinds)
    if not found:
        trials.left_ms = FEWER_MS
        found = _fewer(trials, kinds)
    return tuple(trials.made(parts) for parts in found[:MOST_OFFERED])


def _smallest(trials: Trials, kind: ChangeKind, others: Parts) -> tuple[str, str] | None:
    """Return the smallest change of a kind that works together with others, or None."""
    low = -1
    for high in kind.first:
        if trials.works((*others, (kind.name, kind.values[high]))):
            break
        low = high
    else:
        return None
    while high - low > 1:
        middle = (low + high) // 2
        if trials.works((*others, (kind.name, kind.values[middle]))):
            high = middle
        else:
            low = middle
    return kind.name, kind.values[high]


def _pairs(trials: Trials, kinds: Sequence[ChangeKind]) -> list[Parts]:
    """Return two changes at once; doing without a must comes last."""
    without = [kind for kind in kinds if kind.name == "without"]
    others = [kind for kind in kinds if kind.name not in ("without", "begin")]
    found: list[Parts] = []
    for one, other in [*combinations(others, 2), *((kind, must) for kind in others for must in without[:PAIRED])]:
        if len(found) == MOST_BOTH:
            break
        if one.name != other.name and (pair := _smallest_pair(trials, one, other)):
            found.append(pair)
    return found


def _smallest_pair(trials: Trials, one: ChangeKind, other: ChangeKind) -> Parts | None:
    """Return two changes of which neither can be smaller; of kinds whose values do not grow the first that work."""
    for position in one.first:
        largest = one.name, one.values[position]
        if second := _smallest(trials, other, (largest,)):
            first = _smallest(trials, one, (second,)) or largest
            return first, _smallest(trials, other, (first,)) or second
    return None


def _fewer(trials: Trials, kinds: Sequence[ChangeKind]) -> list[Parts]:
    """Return the wish without as few musts as may be, and with what else it then needs; empty when nothing helps."""
    for parts in _ladder(trials, kinds):
        left = _left_out(trials, parts)
        whole = (*parts, ("without", ",".join(left))) if left else parts
        if whole and trials.works(whole):
            return [_pruned(trials, kinds, whole)]
    return []


def _ladder(trials: Trials, kinds: Sequence[ChangeKind]) -> Iterator[Parts]:
    """Yield what may be changed beside the musts: nothing, all terms, the times, the hours in which most is open."""
    request = trials.request
    longest = {kind.name: kind.values[-1] for kind in kinds}
    times = [(name, longest[name]) for name in ("later", "earlier") if name in longest]
    terms = list(_relaxed(trials))
    start, end = map(clock, WIDE_S)
    yield ()
    yield (*terms,)
    for time in times:
        yield (*terms, time)
    yield (*terms, *times)
    if (request.start_s, request.end_s) != WIDE_S:
        yield (*terms, ("hours", f"{start},{end}"))
    for kind in kinds:
        if kind.name == "day":
            yield (*terms, ("day", kind.values[0]), ("hours", f"{start},{end}"))


def _relaxed(trials: Trials) -> Iterator[tuple[str, str]]:
    """Yield all that a wish might do without beside its musts."""
    request = trials.request
    asked: list[tuple[str, str]] = [
        ("allow", ""),
        ("foot" if request.boat == "only" else "boat", ""),
        ("order", ""),
        ("walk", ""),
        ("lunch", ""),
        ("route", ""),
    ]
    asked += [("anytime", feature_id) for feature_id, _ in request.begins]
    for feature_id, _ in request.stays:
        asked.append(("stay", f"{feature_id},{visit_minutes(trials.catalogue.features[feature_id])[0]}"))
    yield from (part for part in asked if changed(request, *part) != request)


def _left_out(trials: Trials, parts: Parts) -> list[str]:
    """Return the musts that do not fit when as many as may be are visited; all where not even one does."""
    request = trials.request
    for part in parts:
        request = changed(request, *part)
    kept = _most_kept(trials, request)
    return [must for must in request.must if must not in kept]


def _most_kept(trials: Trials, request: TourRequest) -> set[str]:
    try:
        draft = make_draft(trials.catalogue, replace(request, keeps=()), only_musts=True)
    except InvalidTour:
        return set()
    visits = tuple(replace(visit, is_required=False, score=1) for visit in draft.problem.visits)
    tours = answer(replace(draft, problem=replace(draft.problem, visits=visits))).tours
    return {visits[stop.visit].id for stop in tours[0].stops} if tours else set()


def _pruned(trials: Trials, kinds: Sequence[ChangeKind], parts: Parts) -> Parts:
    """Return changes without those that are not needed, with all musts that fit after all, and as small as may be."""
    for part in parts:
        rest = tuple(other for other in parts if other != part)
        if rest and part[0] != "without" and trials.works(rest):
            parts = rest
    if parts[-1][0] == "without":
        parts = _with_more_musts(trials, parts)
    growing = {kind.name: kind for kind in kinds if kind.name in ("earlier", "later", "walk")}
    for place, (name, _) in enumerate(parts):
        if name in growing and (less := _smallest(trials, growing[name], (*parts[:place], *parts[place + 1 :]))):
            parts = (*parts[:place], less, *parts[place + 1 :])
    return parts


def _with_more_musts(trials: Trials, parts: Parts) -> Parts:
    """Return changes that leave out no must which could stay."""
    *others, (_, value) = parts
    left = value.split(",")
    for must in [*left]:
        fewer = [other for other in left if other != must]
        again = (*others, ("without", ",".join(fewer))) if fewer else (*others,)
        if again and trials.works(again):
            left = fewer
    return (*others, ("without", ",".join(left))) if left else (*others,)
