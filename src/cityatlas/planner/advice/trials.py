"""Try changed wishes by planning their musts, each once, until a budget of work is spent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qsl

from ...catalogue.catalogue import Catalogue
from ...errors import InvalidTour
from ..day.problem import make_draft
from ..itinerary.itinerary import answer
from ..request.read import read_request
from ..request.request import TourRequest
from .changes import Change, both, changed

TRIAL_US, TRIAL_LABELS = 2_500, 300  # whether something fits is found sooner than what is best
DRAFT_MS, MOST_MS = 1, 20  # what a trial takes that ends before the solver is asked, and one of many places, about
Parts = tuple[tuple[str, str], ...]  # kinds and values of changes


class Trials:
    """Tell whether wishes work. What is spent is counted by what was asked, not by the clock; then nothing works."""

    def __init__(self, catalogue: Catalogue, request: TourRequest, now: datetime, budget_ms: int) -> None:
        self.catalogue, self.request, self.now, self.left_ms = catalogue, request, now, budget_ms
        self._known: dict[str, bool] = {}

    def works(self, parts: Iterable[tuple[str, str]]) -> bool:
        """Return whether all musts fit, or, without musts, any stop, after some changes, read from their address."""
        request = self.request
        for kind, value in parts:
            request = changed(request, kind, value)
        query = request.to_query()
        if query not in self._known:
            self._known[query] = self.left_ms > 0 and self._fits(request, query)
        return self._known[query]

    def made(self, parts: Parts) -> Change:
        """Return changes as one, of the wish that is to be possible."""
        return both(self.request, parts)

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
