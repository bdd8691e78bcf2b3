"""Plan a tour for a visitor: the form and the day as a timeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, render_template, request

from ..catalogue import Catalogue
from ..errors import InvalidTour
from ..i18n import messages, say, translate
from ..layers import Feature
from ..planner.advice import Change
from ..planner.candidates import DEFAULT_BOAT_MIN, is_boat_trip, is_built, is_visitable, visit_minutes
from ..planner.draft import WALK_M_PER_MIN
from ..planner.drawing import draw_itinerary
from ..planner.itinerary import Itinerary
from ..planner.request import KEYS, TourRequest, clock, default_request, read_request
from ..planner.timeline import timeline
from .explore import now
from .languages import localised, page
from .pages import send_page
from .plans import planned
from .snapshots import snapshot

bp = Blueprint("plan", __name__)
PICTURE_PX = (720, 620)
Values = dict[str, Any]  # Any: what a template is given


@page(bp, "/plan")
def show_plan() -> Response:
    """Show the form, and the tour that the address asks for; what cannot be read is said above the form."""
    catalogue = snapshot()
    moment = now(catalogue)
    if not any(request.args.get(key) for key in KEYS):
        wish = replace(default_request(moment), allows_unknown_hours=True)
        return send_page("plan/plan.html", lambda c: _form(c, wish, moment), key=wish.to_query())
    try:
        wish = read_request(request.args, catalogue, moment)
        key = (wish.to_query(), moment.date())
        return send_page("plan/plan.html", lambda c: _form(c, wish, moment) | _result(c, wish, moment), key=key)
    except InvalidTour as error:
        return _refused(catalogue, error, moment)


def _refused(catalogue: Catalogue, error: InvalidTour, moment: datetime) -> Response:
    """Return the form with the fault above it, in the visitor's words where we have them, and what was right."""
    wish = _salvaged(catalogue, moment)
    told = messages(g.language).get(f"planner.wrong_{error.values.get('reason', '')}")
    fault = told.format_map({"value": ""} | error.values) if told else f"{error.message} {error.hint}"
    values = _form(catalogue, wish, moment) | {"fault": fault}
    response = Response(render_template("plan/plan.html", **values), mimetype="text/html", status=422)
    response.headers["Cache-Control"] = "no-store"
    return response


def _salvaged(catalogue: Catalogue, moment: datetime) -> TourRequest:
    """Return the wish of those values of the address that can be read."""
    wish = replace(default_request(moment), allows_unknown_hours=True)
    kept: dict[str, list[str]] = {}
    for key in (key for key in KEYS if request.args.get(key)):
        try:
            wish = read_request(kept | {key: request.args.getlist(key)}, catalogue, moment)
            kept[key] = request.args.getlist(key)
        except InvalidTour:
            continue
    return wish


def _form(catalogue: Catalogue, wish: TourRequest, moment: datetime) -> Values:
    """Return what the form is filled with."""
    visitable = [f for f in catalogue.features.values() if is_visitable(catalogue, f)]
    choices: dict[str, list[Feature]] = {}
    for feature in visitable:
        choices.setdefault(feature.layer, []).append(feature)
    stops = [f for f in catalogue.of_role("stop") if is_built(f)]
    return {
        "wish": wish,
        "today": moment.date().isoformat(),
        "clock": clock,
        "choices": choices,
        "stops": stops,
        "tips": [f for f in visitable if not is_boat_trip(f)],
        "themes": [t for t in catalogue.city.themes if any(t in (f.get("themes") or ()) for f in visitable)],
        "boats": [(f, *visit_minutes(f)) for f in visitable if is_boat_trip(f)],
        "walk_m_per_min": WALK_M_PER_MIN,
        "default_boat_min": DEFAULT_BOAT_MIN,
        "itinerary": None,
        "named": lambda ids: [(i, say(catalogue.features[i].name, g.language).text) for i in ids],
    }


def _result(catalogue: Catalogue, wish: TourRequest, moment: datetime) -> Values:
    made = planned(catalogue, wish, moment)
    itinerary = made.itinerary
    return {
        "itinerary": itinerary,
        "rows": timeline(itinerary),
        "picture": draw_itinerary(catalogue, itinerary, PICTURE_PX, g.language, _address),
        "changes": [(_change_words(catalogue, change), plan_link(change.request)) for change in made.changes],
        "again": plan_link,
        "address_of": _address,
        "files": ("ics", "gpx", "txt"),
        "more_places": _offers(itinerary),
        "weekday": translate(f"planner.weekday_{wish.day.weekday()}", g.language),
        "tour_link": localised(
            "explore.show_map", tour=",".join(dict.fromkeys(stop.place.id for stop in itinerary.stops))
        ),
    }


def _offers(itinerary: Itinerary) -> list[tuple[str, int, str]]:
    """Return what the visitor could allow: (key of the sentence, number of places, address)."""
    wish, left_out = itinerary.request, itinerary.left_out
    offers = []
    if left_out.get("hours_unknown"):
        offers.append(("hours", left_out["hours_unknown"], plan_link(replace(wish, allows_unknown_hours=True))))
    if left_out.get("boat"):
        offers.append(("boat", left_out["boat"], plan_link(replace(wish, allows_boat=True))))
    return offers


def _change_words(catalogue: Catalogue, change: Change) -> str:
    """Return a change as a sentence; a day is told with its weekday, a place by its name."""
    values: Mapping[str, str] = {"value": change.value}
    if change.kind == "without":
        names = [say(catalogue.features[must].name, g.language).text for must in change.value.split(",")]
        values = {"value": translate("unit.list_comma", g.language).join(names)}
    if change.kind == "day":
        weekday = translate(f"planner.weekday_{change.request.day.weekday()}", g.language)
        values = {"value": change.value, "weekday": weekday}
    return translate(f"planner.change_{change.kind}", g.language, **values)


def plan_link(wish: TourRequest) -> str:
    """Return the address of the page that plans a wish, in the present language."""
    return f"{localised('plan.show_plan')}?{wish.to_query()}"


def _address(feature: Feature) -> str:
    is_route = snapshot().city.kinds[feature.kind].role == "route"
    return localised("tours.route", route_id=feature.id) if is_route else localised("explore.site", site_id=feature.id)
