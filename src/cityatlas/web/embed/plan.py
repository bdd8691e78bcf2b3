"""Show a planned tour inside other people's pages: its stops and its ways, nothing else.

A plan is for a day. Once that day is past the frame goes on as an example of such a weekday, planned for the next one,
with a link that plans it for the reader's own day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import Blueprint, Response, g, request
from werkzeug.datastructures import MultiDict

from ...catalogue.catalogue import Catalogue
from ...errors import CityatlasError, InvalidTour
from ...planner.request.values import fault_words
from ..http.languages import page
from ..http.snapshots import now, snapshot
from ..plan.form import asked_wish
from ..plan.plans import planned
from .options import PLAN_KEYS, PLAN_OPTION_KEYS, read_wanted
from .page import refuse, send_frame
from .scope import ShownPlan, plan_scope

bp = Blueprint("embed_plan", __name__)
bp.register_error_handler(CityatlasError, refuse)
WEEK = timedelta(days=7)


@page(bp, "/embed/plan", PLAN_KEYS | PLAN_OPTION_KEYS)
def show() -> Response:
    """Show the plan of a wish, which is said as for the planner's page."""
    asked = {key: value for key, value in request.args.items() if key not in PLAN_KEYS}
    wanted = read_wanted(asked, snapshot().city, PLAN_OPTION_KEYS)
    try:
        shown = plan_of(snapshot(), request.args)
    except InvalidTour as error:
        return refuse(error, fault_words(error, snapshot(), g.language))
    plan_scope(snapshot(), wanted.selection, shown)
    return send_frame(
        lambda c, selection: plan_scope(c, selection, shown), wanted, key=(shown.itinerary.request, shown.is_example)
    )


def plan_of(catalogue: Catalogue, args: Mapping[str, str]) -> ShownPlan:
    """Return the plan of a wish. Raises InvalidTour for one that cannot be read or gives no stops."""
    moment = now(catalogue)
    wish = MultiDict((key, value) for key, value in args.items() if key in PLAN_KEYS)
    is_example = False
    try:
        asked = asked_wish(catalogue, moment, args=wish).wish
    except InvalidTour as error:
        if error.reason != "past":
            raise
        day = error.values.get("again") or (moment.date() + WEEK).isoformat()
        asked, is_example = asked_wish(catalogue, moment, args=MultiDict({**wish, "date": day})).wish, True
    itinerary = planned(catalogue, asked, moment).itinerary
    if not itinerary.stops:
        raise InvalidTour("Nothing fits into this wish.", "Allow more time.", reason="nothing")
    return ShownPlan(itinerary, is_example)
