"""Tell a planned day: its rows and links, what else could be, and what the map's script draws of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import g

from ...catalogue.catalogue import Catalogue
from ...catalogue.visiting import phase_on
from ...city.layers import Feature
from ...city.opening.feature_opening import closure_on
from ...handouts.day.day_map import draw_itinerary
from ...handouts.day.plan_title import plan_title
from ...handouts.handout import Handout, cars_needed, unknown_hours, way_words
from ...i18n import say, translate
from ...planner.advice.changes import (
    AnyBegin,
    Change,
    FewerMusts,
    MoreModes,
    MoreWalking,
    OtherBegin,
    OtherDay,
    OtherFullness,
    OtherHours,
    OtherPace,
    OtherStay,
    Step,
)
from ...planner.day.candidates import route_order
from ...planner.itinerary.itinerary import Itinerary, ItineraryStop, Leg
from ...planner.itinerary.timeline import TimelineRow, scores_by_theme, timeline
from ...planner.request.request import clock, rest_of_today
from ...schema.items import PlaceNotice
from ...schema.phases import PhaseState
from ..http.html_page import HtmlPart
from .form import Asked
from .links import address_of, plan_link, ride_link, stop_links
from .others import OtherPlan, Told, others, since
from .plans import planned
from .take_along import TakeAlong, handout_of, taken

PICTURE_PX = (720, 620)
KINDS = (
    "visit",
    "walk",
    "boat",
    "bicycle",
    "bus",
    "taxi",
    "lunch",
    "wait",
    "rest",
)  # of time, in the order of the legend
MOST_HOURS, APART = 5, 0.16  # that the strip names; the share of its length that a time takes
Values = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class PlannedDay(HtmlPart):
    """Hold what the page says of the plan that a wish gets, and what else could be.

    `changes` and `more_places` lead to other plans, `drawn` is for the map's script; `take` is None for an empty day.
    By the number of a way `ridden` tells a ride by estimate, and `rides` leads to the plan that spares a long walk.
    """

    itinerary: Itinerary
    plan_title: str
    rows: Sequence[TimelineRow]
    kinds: list[str]
    hours_s: list[int]
    from_now: str | None
    worth: str
    closures: list[tuple[Feature, PlaceNotice]]
    gone: str
    picture: str
    changes: list[tuple[str, str]]
    links: list[Mapping[str, str]]
    more_places: list[tuple[str, int, str]]
    weekday: str
    drawn: Values
    left: dict[str, list[Feature]]
    others: list[OtherPlan]
    plain_address: str
    since: Told | None
    take: TakeAlong | None
    ridden: dict[int, str]
    estimates: tuple[str, ...]
    rides: dict[int, str]
    seats: Mapping[str, int]
    hours_unknown: str

    def phase_of(self, site: Feature) -> PhaseState | None:
        """Return how far a construction site is on the day."""
        return phase_on(site, self.itinerary.request.day)

    def cars_of(self, leg: Leg) -> int:
        """Return how many cars the party needs for a leg; 1 where nobody needs to know."""
        return cars_needed(self.seats, self.itinerary.request, leg)

    def address_of(self, feature: Feature) -> str:
        """Return the address of a feature's page."""
        return address_of(feature)


def plan_day(catalogue: Catalogue, asked: Asked, moment: datetime) -> PlannedDay:
    """Return the plan that a wish gets."""
    wish = asked.wish
    made = planned(catalogue, wish, moment)
    itinerary = made.itinerary
    rows = timeline(itinerary)
    handout = handout_of(catalogue, itinerary)
    legs = list(enumerate(itinerary.legs, 1))
    return PlannedDay(
        itinerary=itinerary,
        plan_title=plan_title(catalogue, itinerary, g.language) if itinerary.stops else "",
        rows=rows,
        kinds=_kinds(rows),
        hours_s=_hours_s(itinerary),
        from_now=plan_link(rest) if (rest := rest_of_today(wish, moment)) else None,
        worth=_worth(catalogue, itinerary),
        closures=_closures(catalogue, itinerary),
        gone=_names(catalogue, itinerary.gone),
        picture=draw_itinerary(catalogue, itinerary, PICTURE_PX, g.language, address_of),
        changes=[(_change_words(catalogue, change), plan_link(change.request)) for change in made.changes],
        links=[stop_links(itinerary, index) for index in range(len(itinerary.stops))],
        more_places=_offers(itinerary),
        weekday=translate(f"planner.weekday_{wish.day.weekday()}", g.language),
        drawn=_drawn(itinerary, handout),
        left=_left(catalogue, itinerary),
        others=others(catalogue, itinerary, made.alternatives),
        plain_address=plan_link(replace(wish, variant="")),
        since=since(catalogue, itinerary, asked, moment.date()),
        take=taken(handout, catalogue) if itinerary.stops else None,
        ridden={number: way_words(handout, leg) for number, leg in legs if leg and leg.is_estimate},
        estimates=handout.estimates,
        seats=handout.seats,
        hours_unknown=unknown_hours(handout),
        rides={number: ride_link(itinerary, leg.offer.mode) for number, leg in legs if leg and leg.offer},
    )


def _kinds(rows: Sequence[TimelineRow]) -> list[str]:
    """Return the kinds of time in a day, for the legend of its strip; a trip by boat is one of its visits."""
    found = {span.mode for row in rows if row.leg for span in row.leg.spans}
    for row in rows:
        found.add("boat" if row.kind == "visit" and row.stop and row.stop.is_boat else row.kind)
    return [kind for kind in KINDS if kind in found]


def _hours_s(itinerary: Itinerary) -> list[int]:
    """Return the full hours that the strip of a day names: about five, and none that touches the time of an end."""
    begin_s, end_s = itinerary.begin_s, itinerary.end_s
    step_s = -(-(end_s - begin_s) // (MOST_HOURS * 3600)) * 3600
    apart_s = (end_s - begin_s) * APART
    hours = range(-(-begin_s // 3600) * 3600, end_s, 3600)
    return [s for s in hours if s // 3600 % (step_s // 3600) == 0 and begin_s + apart_s < s < end_s - apart_s]


def _closures(catalogue: Catalogue, itinerary: Itinerary) -> list[tuple[Feature, PlaceNotice]]:
    """Return the places that could be visited on another day, each with the notice that closes it on this one."""
    closed = (catalogue.features[key] for key, reason in itinerary.dropped.items() if reason == "closure")
    found = ((feature, closure_on(feature, itinerary.request.day)) for feature in closed)
    return [(feature, notice) for feature, notice in found if notice]


def _left(catalogue: Catalogue, itinerary: Itinerary) -> dict[str, list[Feature]]:
    """Return {reason: places} of an adapted route that are not in the day, but for those that another takes in."""
    taken = {stop.feature.id for stop in itinerary.stops} | {stop.place.id for stop in itinerary.stops}
    usual = "limits" if itinerary.request.most_walk_m or itinerary.request.order else "time"
    left: dict[str, list[Feature]] = {}
    for feature_id in route_order(catalogue, itinerary.request):
        reason = itinerary.dropped.get(feature_id, usual)
        if feature_id not in taken and reason not in ("contained", "not_visited"):
            left.setdefault(reason, []).append(catalogue.features[feature_id])
    return left


def _offers(itinerary: Itinerary) -> list[tuple[str, int, str]]:
    """Return what the visitor could allow: (key of the sentence, number of places, address)."""
    wish, left_out = itinerary.request, itinerary.left_out
    offers = []
    if left_out.get("hours_unknown"):
        offers.append(("hours", left_out["hours_unknown"], plan_link(replace(wish, allows_unknown_hours=True))))
    by_boat = plan_link(replace(wish, boat="yes"))
    return offers + [(key, count, by_boat) for key, count in left_out.items() if key in ("boat", "boat_off")]


def _change_words(catalogue: Catalogue, change: Change) -> str:
    """Return a change as a sentence."""
    *first, last = (_step_words(catalogue, step) for step in change.steps)
    if not first:
        return last
    told = translate("unit.list_comma", g.language).join(first)
    return translate("planner.change_both", g.language, first=told, second=last)


def _step_words(catalogue: Catalogue, step: Step) -> str:
    """Return one step as a sentence; a day is told with its weekday, a place by its name."""
    name, values = step.kind, {"value": step.value}
    match step:
        case OtherDay(day):
            return day_words(day)
        case FewerMusts(places):
            values = {"value": _names(catalogue, places)}
        case AnyBegin(place):
            values = {"value": _names(catalogue, [place])}
        case OtherBegin(place, begin_s):
            values = {"value": clock(begin_s), "place": _names(catalogue, [place])}
        case OtherStay(place, minutes):
            values = {"value": str(minutes), "place": _names(catalogue, [place])}
        case OtherHours(start_s, end_s):
            values = {"value": f"{clock(start_s)}–{clock(end_s)}"}
        case OtherPace() | OtherFullness():
            name = f"{step.kind}_{step.value}"
        case MoreModes(mode):
            name = f"ride_{mode}"
        case MoreWalking(None):
            name = "walk_any"
    return translate(f"planner.change_{name}", g.language, **values)


def _worth(catalogue: Catalogue, itinerary: Itinerary) -> str:
    """Return how many points each of the visitor's interests brings; empty for who named none."""
    if not itinerary.request.themes:
        return ""
    names = {"": translate("planner.worth_other", g.language)}
    names |= {theme: say(name, g.language).text for theme, name in catalogue.city.themes.items()}
    told = (f"{names[theme]} {score}" for theme, score in scores_by_theme(itinerary).items())
    return translate("unit.list_comma", g.language).join(told)


def day_words(day: date) -> str:
    """Return the change to another day as a sentence."""
    weekday = translate(f"planner.weekday_{day.weekday()}", g.language)
    month = translate(f"date.m{day.month:02}", g.language)
    return translate("planner.change_day", g.language, month=month, day=str(day.day), weekday=weekday)


def _names(catalogue: Catalogue, ids: Sequence[str]) -> str:
    names = [say(catalogue.features[feature_id].name, g.language).text for feature_id in ids]
    return translate("unit.list_comma", g.language).join(names)


def _drawn(itinerary: Itinerary, handout: Handout) -> Values:
    """Return the day as numbers, for the map and for walking along: seconds of the day, metres, lon-lat."""
    wish, legs = itinerary.request, [leg for leg in itinerary.legs if leg]
    return {
        "day": wish.day.isoformat(),
        "begin_s": itinerary.begin_s,
        "end_s": itinerary.end_s,
        "stops": [_drawn_stop(stop) for stop in itinerary.stops],
        "legs": [_drawn_leg(leg, handout) if leg else None for leg in itinerary.legs],
        "start": legs[0].coords[0] if wish.start_at and legs else None,
        "end": legs[-1].coords[-1] if wish.end_at and legs else None,
    }


def _drawn_stop(stop: ItineraryStop) -> Values:
    return {
        "id": stop.feature.id,
        "place": stop.place.id,
        "name": say(stop.feature.name, g.language).text,
        "lon": stop.place.lon,
        "lat": stop.place.lat,
        "begin_s": stop.begin_s,
        "end_s": stop.end_s,
        "leave_s": stop.leave_s,
        "slack_s": stop.slack_s,
        "is_must": stop.is_must,
        "is_about": stop.place.position_class != "surveyed",
        "boat": stop.feature.geometry.__geo_interface__ if stop.is_boat else None,
    }


def _drawn_leg(leg: Leg, handout: Handout) -> Values:
    drawn: Values = {"line": _line(leg), "begin_s": leg.begin_s, "end_s": leg.end_s}
    drawn |= {"length_m": leg.length_m, "mode": leg.mode}
    if leg.is_estimate:
        parts = [{"mode": part.mode, "line": _line(part)} for part in leg.parts]
        drawn["estimate"] = {"words": way_words(handout, leg), "parts": parts}
    if ride := leg.ride:
        names = {"board": ride.board, "alight": ride.alight}
        drawn["ride"] = {key: say(feature.name, g.language).text for key, feature in names.items()} | {
            "at": [ride.board.lon, ride.board.lat],
            "begin_s": ride.board_s,
            "end_s": ride.alight_s,
            "parts": [{"mode": part.mode, "line": _line(part)} for part in leg.parts],
        }
    return drawn


def _line(leg: Leg) -> list[tuple[float, float]]:
    return [(round(lon, 6), round(lat, 6)) for lon, lat in leg.coords]
