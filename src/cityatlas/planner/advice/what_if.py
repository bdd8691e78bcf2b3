"""List the kinds of change that might make a wish possible, with their values, and try changed wishes.

A trial plans the musts of a wish, each once, until a budget of work is spent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import get_args
from urllib.parse import parse_qsl

from ...catalogue.catalogue import Catalogue
from ...catalogue.visiting import visit_minutes
from ...errors import InvalidTour
from ...limits import AHEAD_DAYS, TOUR_MOST_H, WALK_MOST_M
from ..day.candidates import Candidate, candidate_of
from ..day.modes import modes_for
from ..day.problem import make_draft
from ..itinerary.itinerary import Itinerary, answer
from ..request.read import read_request
from ..request.request import Fullness, Pace, TourRequest
from ..request.values import DAY_S
from .changes import (
    AnyBegin,
    Change,
    FewerMusts,
    LetGo,
    MoreModes,
    MoreTime,
    MoreWalking,
    OtherBegin,
    OtherDay,
    OtherFullness,
    OtherPace,
    OtherStay,
    Step,
    Steps,
    changed,
)

TRIAL_US, TRIAL_LABELS = 2_500, 300  # whether something fits is found sooner than what is best
DRAFT_MS, MOST_MS = 1, 20  # what a trial takes that ends before the solver is asked, and one of many places, about
STEP_MIN, MOST_MIN = 5, 240  # of a change of time
BRACKETS_MIN = (15, 30, 60, 120, 180, 240)  # of an appointment, where more need not be better
STEP_WALK_M = 100
OTHER_DAYS, DAYS_TRIED = 7, 3
MOST_WITHOUT = 6  # musts that one may do without are tried
BY_RIDE = frozenset({"time", "limits", "far", "no_way"})  # reasons that a ride may mend
BY_DAY = frozenset(
    {"closed", "departure", "too_short", "begin_closed", "works", "closure", "season"}
)  # reasons that another day may mend


@dataclass(frozen=True)
class ChangeKind:
    """Hold the steps of one kind, the smallest first, and which are tried first; between these the smallest is sought.

    Of most kinds the largest is tried first, since it works if any does.
    """

    steps: Steps
    first: tuple[int, ...]

    @property
    def name(self) -> str:
        """Return the kind of its steps."""
        return self.steps[0].kind


def _single(step: Step) -> ChangeKind:
    return ChangeKind((step,), (0,))


def _growing(steps: Iterable[Step]) -> Iterator[ChangeKind]:
    if made := tuple(steps):
        yield ChangeKind(made, (len(made) - 1,))


def find_kinds(catalogue: Catalogue, itinerary: Itinerary, now: datetime) -> Iterator[ChangeKind]:
    """Yield the kinds of change that make sense for an impossible wish, those that change least first."""
    request = itinerary.request
    reasons = set(itinerary.missing.values()) or set(itinerary.left_out)
    if "hours_unknown" in reasons:
        yield _single(LetGo("allow"))
    if reasons & {"boat", "boat_off"}:
        yield _single(LetGo("boat"))
    if request.boat == "only":
        yield _single(LetGo("foot"))
    if not itinerary.missing or reasons & BY_RIDE:
        yield from ride_kinds(catalogue, request)
    yield from _times(request, now)
    yield from _terms(catalogue, request)
    for must in [*dict.fromkeys((*itinerary.missing, *request.must))][:MOST_WITHOUT]:
        if must in request.must:
            yield _single(FewerMusts((must,)))
    yield from _days(catalogue, request, now.date())


def ride_kinds(catalogue: Catalogue, request: TourRequest) -> Iterator[ChangeKind]:
    """Yield the modes that a wish does not allow and the city offers, the one that is mostly the quickest first."""
    for mode in reversed(modes_for(catalogue.city, request)):
        if mode not in request.modes:
            yield _single(MoreModes(mode))


def _times(request: TourRequest, now: datetime) -> Iterator[ChangeKind]:
    earliest_s = now.hour * 3600 + now.minute * 60 if request.day == now.date() else 0
    spare_min = (TOUR_MOST_H * 3600 - request.end_s + request.start_s) // 60
    most = min(MOST_MIN, spare_min, (request.start_s - earliest_s) // 60) // STEP_MIN
    yield from _growing(MoreTime("earlier", STEP_MIN * n) for n in range(1, most + 1))
    agreed_min = max([0, *((begin_s - request.end_s) // 60 for _, begin_s in request.begins)])
    most = min(MOST_MIN + agreed_min, spare_min, (DAY_S - request.end_s) // 60) // STEP_MIN
    yield from _growing(MoreTime("later", STEP_MIN * n) for n in range(1, most + 1))


def _terms(catalogue: Catalogue, request: TourRequest) -> Iterator[ChangeKind]:
    """Yield changes of what was asked beside time and places."""
    if request.has_lunch:
        yield _single(LetGo("lunch"))
    paces, fills = get_args(Pace), get_args(Fullness)
    yield from _growing(map(OtherFullness, fills[fills.index(request.fullness) + 1 :]))
    yield from _growing(map(OtherPace, paces[paces.index(request.pace) + 1 :]))
    for feature_id, minutes in request.stays:
        usual, _ = visit_minutes(catalogue.features[feature_id])
        yield from _growing(OtherStay(feature_id, n) for n in range(minutes - STEP_MIN, usual - 1, -STEP_MIN))
    for feature_id, begin_s in request.begins:
        yield from _begins(catalogue, request, feature_id, begin_s)
        yield _single(AnyBegin(feature_id))
    if request.order:
        yield _single(LetGo("order"))
    if request.most_walk_m:
        walks_m = range(request.most_walk_m + STEP_WALK_M, WALK_MOST_M + 1, STEP_WALK_M)
        yield from _growing(map(MoreWalking, (*(walk_m // STEP_WALK_M * STEP_WALK_M for walk_m in walks_m), None)))
    if request.route:
        yield _single(LetGo("route"))


def _begins(catalogue: Catalogue, request: TourRequest, feature_id: str, begin_s: int) -> Iterator[ChangeKind]:
    """Yield other times of an appointment, sooner and later ones: where it opens and closes, and five minutes on."""
    free = AnyBegin(feature_id).apply(request)
    made = candidate_of(catalogue, catalogue.features[feature_id], replace(free, allows_unknown_hours=True))
    windows = made.windows if isinstance(made, Candidate) else ()
    edges_s = [second for window in windows for second in window]
    for sign in (-1, 1):
        steps = {sign * n * 60 for n in range(STEP_MIN, MOST_MIN + 1, STEP_MIN)}
        near = {edge_s - begin_s for edge_s in edges_s if sign * (edge_s - begin_s) > 0}
        shifts_s = sorted((s for s in steps | near if 0 <= begin_s + s < DAY_S), key=abs)
        first = [n for n, s in enumerate(shifts_s) if s in near or abs(s) // 60 in BRACKETS_MIN]
        if first:
            yield ChangeKind(tuple(OtherBegin(feature_id, begin_s + shift_s) for shift_s in shifts_s), tuple(first))


def _days(catalogue: Catalogue, request: TourRequest, today: date) -> Iterator[ChangeKind]:
    """Yield the days after the wish's own, and those before it, on which no must is closed: the nearest ones."""
    last = today + timedelta(days=AHEAD_DAYS)
    after = [request.day + timedelta(days=n) for n in range(1, (last - request.day).days + 1)]
    before = [request.day - timedelta(days=n) for n in range(1, (request.day - today).days + 1)]
    for days in (after, before):
        found: list[date] = []
        for n, day in enumerate(days):
            if len(found) >= DAYS_TRIED or (found and n >= OTHER_DAYS):
                break
            if _are_open(catalogue, replace(request, day=day)):
                found.append(day)
        if found:
            yield ChangeKind(tuple(map(OtherDay, found)), tuple(range(len(found))))


def _are_open(catalogue: Catalogue, request: TourRequest) -> bool:
    """Return whether no must is out of the question for the sake of the day."""
    for must in request.must:
        made = candidate_of(catalogue, catalogue.features[must], request)
        if not isinstance(made, Candidate) and made in BY_DAY:
            return False
    return True


class Trials:
    """Tell whether wishes work. What is spent is counted by what was asked, not by the clock; then nothing works."""

    def __init__(self, catalogue: Catalogue, request: TourRequest, now: datetime, budget_ms: int) -> None:
        self.catalogue, self.request, self.now, self.left_ms = catalogue, request, now, budget_ms
        self._known: dict[str, bool] = {}

    def works(self, steps: Iterable[Step]) -> bool:
        """Return whether all musts fit, or, without musts, any stop, after some steps, read from their address."""
        request = changed(self.request, steps)
        query = request.to_query()
        if query not in self._known:
            self._known[query] = self.left_ms > 0 and self._fits(request, query)
        return self._known[query]

    def made(self, steps: Steps) -> Change:
        """Return a change of the wish that is to be possible."""
        return Change(steps, changed(self.request, steps))

    def _fits(self, request: TourRequest, query: str) -> bool:
        self.left_ms -= DRAFT_MS
        try:
            read = read_request(dict(parse_qsl(query)), self.catalogue, self.now)
            draft = make_draft(self.catalogue, replace(read, keeps=()), only_musts=bool(read.must))
        except InvalidTour:
            return False
        if draft.blocked or read.canonical() != request.canonical():
            return False
        self.left_ms -= 1 + min(MOST_MS, len(draft.candidates) ** 2 // 8)
        solution = answer(draft, TRIAL_US, TRIAL_LABELS)
        return bool(solution.tours and solution.tours[0].stops) and not solution.missing
