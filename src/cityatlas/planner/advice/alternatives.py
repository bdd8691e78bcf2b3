"""Plan real alternatives to a tour: less walking or shorter, farther out, of another theme.

Each is planned anew, with all rules and all musts kept, after the scores were changed: what the plan has already
counts for little, and what the kind of alternative asks for counts for more. Whether it is one is then measured:

- At least a third of its stops are not in the plan, and no two alternatives have the same stops.
- It is worth at least half of the plan by the scores of the wish itself; "theme" is to be of other worth, and there
  the visits last at least half as long as the plan's.
- "less" walks at most four fifths of the plan's metres, or takes at most four fifths of its time.
- "more" walks at least six fifths of the plan's metres.
- "theme": half of its stops beside the musts, and more than in the plan, are of another theme than the leading one.

A kind that gives nothing like that is left out; so is every kind where the plan has no stops.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from ...catalogue.catalogue import Catalogue
from ..day.candidates import UNWANTED, Candidate
from ..day.problem import DayProblem, make_draft
from ..itinerary.itinerary import Itinerary, ItineraryStop, answer, make_itinerary
from ..request.request import TourRequest
from ..solver.model import FIRST, LARGEST_SCORE, START, UNREACHABLE_S

Kind = Literal["less", "more", "theme"]
KINDS: tuple[Kind, ...] = ("less", "more", "theme")
OTHERS = 3  # at least one in so many stops is another than the plan's
LEAST_WORTH = 0.5
LESS, MORE = 0.8, 1.2  # of the plan's walking, or of its time
SOMEWHAT, LITTLE = 0.6, 0.3  # what the plan's own stops keep of their scores
THEME_FACTOR = 12.0
THEMES_TRIED = 3
SEARCH_US, LABELS = 20_000, 600  # about a third of a second for all attempts, at most seven


@dataclass(frozen=True, eq=False)
class Alternative:
    """Hold another tour: its kind, the theme it leads with ("theme" only), and the itinerary itself."""

    kind: Kind
    theme: str
    itinerary: Itinerary


Test = Callable[[Itinerary], bool]
Factor = Callable[[int, Candidate], float]


def find_alternatives(catalogue: Catalogue, itinerary: Itinerary) -> tuple[Alternative, ...]:
    """Return at most one alternative of each kind; the same for the same plan."""
    if not itinerary.stops:
        return ()
    draft = make_draft(catalogue, replace(itinerary.request, keeps=()))
    found: list[Alternative] = []
    for kind, theme, factor, changed, is_good in _attempts(draft, itinerary):
        if any(other.kind == kind for other in found):
            continue
        made = _planned(catalogue, changed, itinerary, factor)
        if made is None or not is_other(made, itinerary) or not is_good(made):
            continue
        if all(_ids(made) != _ids(other.itinerary) for other in found):
            request = replace(itinerary.request, variant=kind)
            found.append(Alternative(kind, theme, replace(made, request=request, status="best_found")))
    return tuple(found)


def is_other(made: Itinerary, plan: Itinerary) -> bool:
    """Return whether at least a third of the stops are not in the plan."""
    return len(_ids(made) - _ids(plan)) >= math.ceil(len(made.stops) / OTHERS) > 0


def leading_theme(request: TourRequest, stops: tuple[ItineraryStop, ...]) -> str:
    """Return the theme wanted most, or else the one that most stops have; empty when they have none."""
    if request.themes:
        return min(request.themes, key=lambda pair: (-pair[1], pair[0]))[0]
    counts = Counter(theme for stop in stops for theme in stop.feature.themes)
    return min(counts, key=lambda theme: (-counts[theme], theme), default="")


_Attempt = tuple[Kind, str, Factor, DayProblem, Test]


def _attempts(draft: DayProblem, plan: Itinerary) -> Iterator[_Attempt]:
    chosen = _ids(plan)
    worth = LEAST_WORTH * plan.score
    length_s = plan.end_s - plan.begin_s

    def lowered(by: float) -> Factor:
        return lambda _, candidate: by if candidate.id in chosen and not candidate.is_must else 1.0

    def is_less(made: Itinerary) -> bool:
        is_short = made.walk_m <= LESS * plan.walk_m or made.end_s - made.begin_s <= LESS * length_s
        return is_short and made.score >= worth

    def is_more(made: Itinerary) -> bool:
        return made.walk_m >= MORE * plan.walk_m and made.walk_m > 0 and made.score >= worth

    yield "less", "", lowered(LITTLE), _with_less_walking(draft, plan), is_less
    yield "less", "", lowered(SOMEWHAT), _with_less_walking(draft, plan), is_less
    yield "less", "", lowered(SOMEWHAT), _with_less_time(draft, plan), is_less
    origin = _origin(draft, plan)
    if origin is not None:
        yield "more", "", _farther(draft, origin, lowered(LITTLE)), draft, is_more
    wanted = frozenset(name for name, _ in draft.request.themes)
    for theme in _other_themes(draft, plan):
        yield "theme", theme, _themed(theme, wanted, lowered(LITTLE)), draft, _is_themed(theme, plan)


def _with_less_walking(draft: DayProblem, plan: Itinerary) -> DayProblem:
    problem, most_s = draft.problem, int(LESS * plan.walk_s)
    limit_s = most_s if problem.max_walk_s is None else min(most_s, problem.max_walk_s)
    return replace(draft, problem=replace(problem, max_walk_s=limit_s))


def _with_less_time(draft: DayProblem, plan: Itinerary) -> DayProblem:
    problem = draft.problem
    end_s = problem.begin_s + int(LESS * (plan.end_s - plan.begin_s))
    return replace(draft, problem=replace(problem, end_s=end_s))


def _origin(draft: DayProblem, plan: Itinerary) -> int | None:
    """Return the row that ways are measured from: the start, or the plan's first candidate when that is anywhere.

    A stop that was kept need be no candidate of the wish itself. None when no stop is one.
    """
    if draft.travel.anchors[START]:
        return START
    rows = {candidate.id: row for row, candidate in enumerate(draft.candidates, FIRST)}
    return next((rows[stop.feature.id] for stop in plan.stops if stop.feature.id in rows), None)


def _farther(draft: DayProblem, origin: int, factor: Factor) -> Factor:
    """Return scores that grow with the way from a row of the draft."""
    reach_s = draft.problem.fastest.travel_s[origin].astype(float)
    reach_s[reach_s >= UNREACHABLE_S] = 0
    most_s = max(1.0, reach_s.max())
    return lambda number, candidate: factor(number, candidate) * (0.3 + 2 * reach_s[FIRST + number] / most_s)


def _themed(theme: str, wanted: frozenset[str], factor: Factor) -> Factor:
    """Return scores in which a theme counts most, also where the wish, for other themes, made little of it."""

    def themed(number: int, candidate: Candidate) -> float:
        themes = frozenset(candidate.feature.themes)
        unwanted = UNWANTED if wanted and not wanted & themes else 1.0
        return factor(number, candidate) * (THEME_FACTOR / unwanted if theme in themes else 1.0)

    return themed


def _other_themes(draft: DayProblem, plan: Itinerary) -> list[str]:
    """Return the themes that places beside the plan's have most of, without the leading one."""
    leading, chosen = leading_theme(draft.request, plan.stops), _ids(plan)
    worth: Counter[str] = Counter()
    for candidate in draft.candidates:
        if candidate.id not in chosen:
            worth.update(dict.fromkeys(candidate.feature.themes, candidate.visit_s))
    themes = sorted((theme for theme in worth if theme != leading), key=lambda theme: (-worth[theme], theme))
    return themes[:THEMES_TRIED]


def _is_themed(theme: str, plan: Itinerary) -> Test:
    """Return the test that a tour is of a theme and, were it wanted, worth half of what the plan is."""

    def has(stop: ItineraryStop) -> bool:
        return theme in stop.feature.themes

    def is_good(made: Itinerary) -> bool:
        free, planned = ([s for s in tour.stops if not s.is_must] for tour in (made, plan))
        share, before = (sum(map(has, stops)) / max(1, len(stops)) for stops in (free, planned))
        length_s, planned_s = (sum(s.end_s - s.begin_s for s in tour.stops) for tour in (made, plan))
        return share >= 0.5 and share > before and length_s >= LEAST_WORTH * planned_s

    return is_good


def _planned(catalogue: Catalogue, draft: DayProblem, plan: Itinerary, factor: Factor) -> Itinerary | None:
    """Return the tour with other scores; its score is by the wish's own again."""
    visits = tuple(
        replace(visit, score=min(LARGEST_SCORE, max(1, round(100 * candidate.score * factor(number, candidate)))))
        for number, (visit, candidate) in enumerate(zip(draft.problem.visits, draft.candidates, strict=True))
    )
    solution = answer(replace(draft, problem=replace(draft.problem, visits=visits)), SEARCH_US, LABELS)
    return make_itinerary(catalogue, draft, solution) if solution.tours and solution.tours[0].stops else None


def _ids(itinerary: Itinerary) -> frozenset[str]:
    return frozenset(stop.feature.id for stop in itinerary.stops)
