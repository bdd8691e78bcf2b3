"""Show a planned tour inside other people's pages: its stops and its line, nothing else.

A plan is for a day. Once that day is past the frame goes on as an example of such a weekday, planned for the next one,
with a link that plans it for the reader's own day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl

from flask import Blueprint, Response, g, request
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from ...catalogue.catalogue import Catalogue
from ...errors import CityatlasError, InvalidTour
from ...handouts.day_map import draw_itinerary
from ...handouts.plan_title import plan_title
from ...i18n import LANGUAGES, Text
from ...planner.itinerary.itinerary import Itinerary
from ...planner.request.request import KEYS, clock
from ...planner.request.values import fault_words
from ...render.looks import dressed
from ..http.languages import page
from ..http.pages import send_page
from ..http.snapshots import now, snapshot
from ..plan.form import asked_wish
from ..plan.links import address_of
from ..plan.plans import planned
from .options import OPTION_KEYS, Wanted, read_wanted
from .page import FramePage, refuse
from .scope import FRAME_PX, Scope

bp = Blueprint("embed_plan", __name__)
bp.register_error_handler(CityatlasError, refuse)
PLAN_KEYS = frozenset(
    KEYS
)  # a frame is of what the wish gives now: what a plan was when it was sent is of no use to it
WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class PlanFrame(FramePage):
    """Hold a planned day; `is_example` says that it stands for a day that is past."""

    template = "embed/plan.html"
    itinerary: Itinerary
    picture: Markup
    is_example: bool
    weekday: str

    def clock(self, at_s: int) -> str:
        """Return a time of the day as 09:30."""
        return clock(at_s)


@dataclass(frozen=True)
class ShownPlan:
    """Hold what a wish gives, and whether for another day than it says since that is past."""

    itinerary: Itinerary
    is_example: bool


@page(bp, "/embed/plan", PLAN_KEYS | OPTION_KEYS)
def show() -> Response:
    """Show the plan of a wish, which is said as for the planner's page."""
    wanted = read_wanted({key: value for key, value in request.args.items() if key not in PLAN_KEYS}, snapshot().city)
    try:
        shown = plan_of(snapshot(), request.args)
    except InvalidTour as error:
        return refuse(error, fault_words(error, snapshot(), g.language))
    return send_page(lambda c: _frame(c, shown, wanted), key=(shown.is_example, wanted.wrong), is_embedded=True)


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


def plan_scope(catalogue: Catalogue, itinerary: Itinerary) -> Scope:
    """Return what the frame of a plan is about."""
    title: Text = {code: plan_title(catalogue, itinerary, code) for code in LANGUAGES}
    stops = tuple(stop.feature for stop in itinerary.stops)
    values = dict(parse_qsl(itinerary.request.to_query()))
    return Scope(title, "plan.show_plan", values, stops, stops=tuple(stop.id for stop in stops))


def _frame(catalogue: Catalogue, shown: ShownPlan, wanted: Wanted) -> PlanFrame:
    itinerary = shown.itinerary
    scope = plan_scope(catalogue, itinerary)
    drawn = draw_itinerary(catalogue, itinerary, FRAME_PX, g.language, address_of)
    return PlanFrame(
        scope=scope,
        look=wanted.look,
        wrong=wanted.wrong,
        features=scope.features,
        itinerary=itinerary,
        picture=dressed(drawn, wanted.look.look),
        is_example=shown.is_example,
        weekday=f"planner.weekday_{itinerary.request.day.weekday()}",
    )
