"""Fill the planner's form: what may be chosen, what the address asks for, and the days that one taps first.

Read the wish of an address; a link that remembers its plan may be older than what the map has now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from flask import g, request
from werkzeug.datastructures import MultiDict

from ...catalogue.catalogue import Catalogue
from ...catalogue.visiting import DEFAULT_BOAT_MIN, is_boat_trip, is_built, is_visitable, visit_minutes
from ...city.layers import Feature
from ...city.ride_estimates import RideMode
from ...i18n import say, translate
from ...limits import TOUR_MUSTS
from ...planner.day.modes import LONG_FOR_SOME_M, LONG_WALK_M, modes_of
from ...planner.day.travel import SHORT_WALK_M, WALK_M_PER_MIN
from ...planner.itinerary.plan_diff import is_of
from ...planner.request.read import BACK, Renewal, read_request, refuse_misspelt, renewed
from ...planner.request.request import KEYS, OPENS_S, TourRequest, clock, default_request
from ...schema.items import Programme
from ..http.html_page import HtmlPart

MADE = "made"  # what the plan was when the link was made; no part of the wish


@dataclass(frozen=True)
class Asked:
    """Hold the wish of an address, what the address remembers of its plan, its own query, and what went since."""

    wish: TourRequest
    made: str
    query: str
    lost: tuple[Renewal, ...]


def asked_wish(
    catalogue: Catalogue, moment: datetime, others: Collection[str] = (), args: MultiDict[str, str] | None = None
) -> Asked:
    """Return what an address asks for, the present one unless `args` are those of another.

    `others` are keys that are no part of a wish. Raises InvalidTour.
    """
    args = request.args if args is None else args
    made = args.get(MADE, "")
    lost: tuple[Renewal, ...] = ()
    refuse_misspelt(key for key in args if key != MADE and key not in others)
    query = urlencode([(key, value) for key, value in args.items(multi=True) if key in KEYS], safe=",:")
    values: Mapping[str, object] = args
    if is_of(made, query):
        values, lost = renewed(dict(args.lists()), catalogue)
    return Asked(read_request(values, catalogue, moment), made, query, lost)


WALK_MAX_M = (1000, 2000, 3000, 5000, 8000)  # offered; an address may ask for any other
PLACE = "place."  # begins the name of a place's field
# Parts of a day to tap: {key of the words: from when to when}.
SPANS = {"morning": "09:00-12:00", "afternoon": "13:30-16:30", "whole_day": "09:00-17:00"}
MOST_STATIONS = 3  # to tap; the list has them all
SATURDAY = 5
# Where the form asks for what a key of the address says, and the words beside it: {key: (id, key of the words)}.
FIELDS = {
    **{key: (f"plan-{key}", f"planner.{key}") for key in ("date", "start", "end", "pace", "fullness", "party")},
    "start_at": ("plan-start_at", "planner.from"),
    "end_at": ("plan-end_at", "planner.to"),
    "walk_max": ("plan-walk_max", "planmap.walk_max"),
    "boat": ("plan-boat", "planner.by"),
    "modes": ("form-rides", "planner.rides"),
    "audience": ("form-how", "planner.audience"),
    "ride_from": ("plan-ride_from", "planner.ride_from"),
    "theme": ("form-interests", "planmap.interests"),
    "programme": ("form-menu", "planmap.menu"),
    "must": ("form-places", "planmap.places"),
    "not": ("form-places", "planmap.places"),
}


@dataclass(frozen=True, kw_only=True)
class PlanForm(HtmlPart):
    """Hold what the form is filled with, and what may be chosen in it.

    `tips` are where a tour may begin and end besides stops, `boats` trips by boat with their minutes.
    """

    most_must = TOUR_MUSTS
    short_walk_m = SHORT_WALK_M
    walk_m_per_min = WALK_M_PER_MIN
    default_boat_min = DEFAULT_BOAT_MIN
    back = BACK
    wish: TourRequest
    today: str
    choices: list[tuple[str, list[Feature]]]
    stops: list[Feature]
    tips: list[Feature]
    themes: list[str]
    boats: list[tuple[Feature, int, bool]]
    stations: list[Feature]
    has_lines: bool
    are_some_for_locals: bool
    modes: tuple[RideMode, ...]
    rides_from: list[int]
    menu: list[tuple[Feature, Programme]]
    walks_max: list[int]
    days: list[tuple[str, date, str]]
    by_hand: list[tuple[str, str, str]]

    def spans_of(self, day: date, begin: str) -> list[tuple[str, str]]:
        """Return the (key of the words, span) of the parts of a day to tap; of today those that have not begun."""
        is_today = day.isoformat() == self.today
        return [(key, span) for key, span in SPANS.items() if not is_today or begin <= span[:5]]

    def clock(self, at_s: int) -> str:
        """Return a time of the day as 09:30."""
        return clock(at_s)


def make_form(catalogue: Catalogue, wish: TourRequest, moment: datetime) -> PlanForm:
    """Return the form of a wish."""
    visitable = [f for f in catalogue.features.values() if is_visitable(catalogue, f)]
    return PlanForm(
        wish=wish,
        today=moment.date().isoformat(),
        choices=list(_choices(catalogue, wish, visitable)),
        stops=[f for f in catalogue.of_role("stop") if is_built(f)],
        stations=_stations(catalogue, wish),
        tips=[f for f in visitable if not is_boat_trip(f)],
        are_some_for_locals=any(catalogue.city.kinds[f.kind].for_locals for f in visitable),
        themes=[t for t in catalogue.city.themes if any(t in f.themes for f in visitable)],
        boats=[(f, *visit_minutes(f)) for f in visitable if is_boat_trip(f)],
        has_lines=any(route.sailings for route in catalogue.of_role("route")),
        modes=modes_of(catalogue.city),
        rides_from=sorted({LONG_FOR_SOME_M, LONG_WALK_M, wish.ride_from_m or LONG_WALK_M}),
        menu=[(f, programme) for f in visitable for programme in f.programmes],
        walks_max=sorted({*WALK_MAX_M, wish.most_walk_m or WALK_MAX_M[0]}),
        days=list(_days(moment)),
        by_hand=list(_by_hand(catalogue, wish)),
    )


def joined(args: MultiDict[str, str]) -> str:
    """Return the query in which what the form says of each place is part of `must` or `not`; empty if it says nothing.

    A form without scripts sends one field for each place; what is empty in it says nothing either.
    """
    places = [(value, key.removeprefix(PLACE)) for key, value in args.items() if key.startswith(PLACE)]
    others = [(key, value) for key, value in args.items(multi=True) if not key.startswith(PLACE)]
    pairs = others + [(key, ",".join(i for v, i in places if v == key)) for key in ("must", "not")]
    return urlencode([(key, value) for key, value in pairs if value], safe=",:") if places else ""


def first_wish(catalogue: Catalogue, moment: datetime) -> TourRequest:
    """Return the wish that the empty form shows, a visitor's: lunch at noon, and a taxi in the stead of long walks.

    Most places of a small city publish no hours, so that these are allowed.
    """
    wish = replace(default_request(moment), allows_unknown_hours=True, has_lunch=True)
    if any(kind.for_locals for kind in catalogue.city.kinds.values()):
        wish = replace(wish, is_visitor=True)
    return replace(wish, modes=("taxi",), ride_from_m=LONG_FOR_SOME_M) if "taxi" in modes_of(catalogue.city) else wish


def _stations(catalogue: Catalogue, wish: TourRequest) -> list[Feature]:
    """Return the stops to tap as a start: the one that was chosen, where visitors arrive, and the others as listed."""
    order = {kind: place for place, kind in enumerate(catalogue.city.arrivals)}
    stops = [f for f in catalogue.of_role("stop") if is_built(f)]
    stops.sort(key=lambda f: (f.id != wish.start_at, order.get(f.kind, len(order))))
    return stops[:MOST_STATIONS]


def _choices(
    catalogue: Catalogue, wish: TourRequest, visitable: Sequence[Feature]
) -> Iterator[tuple[str, list[Feature]]]:
    """Yield (title, features) of each layer with places to choose, and last what was chosen besides."""
    for spec in catalogue.city.layers:
        if features := [f for f in visitable if f.layer == spec.id]:
            yield say(spec.title, g.language).text, features
    if others := {*wish.must, *wish.avoid} - {f.id for f in visitable}:
        yield translate("planmap.places_other", g.language), [catalogue.features[i] for i in sorted(others)]


def _days(moment: datetime) -> Iterator[tuple[str, date, str]]:
    """Yield (key of the words, day, when it begins) of today, or late in the day of tomorrow, and of the weekend."""
    usual = default_request(moment)
    yield "today" if usual.day == moment.date() else "tomorrow", usual.day, clock(usual.start_s)
    saturday = usual.day + timedelta(days=(SATURDAY - usual.day.weekday()) % 7)
    if saturday != usual.day:
        yield "saturday", saturday, clock(OPENS_S)
    else:
        yield "sunday", saturday + timedelta(days=1), clock(OPENS_S)


def _by_hand(catalogue: Catalogue, wish: TourRequest) -> Iterator[tuple[str, str, str]]:
    """Yield (name of the field, value, words) of what was changed in the day itself, so that it can be let go."""
    if wish.route:
        words = translate("planmap.by_route", g.language, name=_name(catalogue, wish.route))
        yield "route", wish.route, words
    if wish.order:
        names = translate("planmap.arrow", g.language).join(_name(catalogue, i) for i in wish.order)
        yield "order", ",".join(wish.order), translate("planmap.by_order", g.language, names=names)
    for feature_id, minutes in wish.stays:
        words = translate("planmap.by_stay", g.language, name=_name(catalogue, feature_id), n=minutes)
        yield "stay", f"{feature_id}:{minutes}", words
    for feature_id, begin_s in wish.begins:
        words = translate("planmap.by_begin", g.language, name=_name(catalogue, feature_id), time=clock(begin_s))
        yield "begin_at", f"{feature_id}:{clock(begin_s)}", words


def _name(catalogue: Catalogue, feature_id: str) -> str:
    return say(catalogue.features[feature_id].name, g.language).text
