"""Plan a tour for a visitor: the map with the form beside it, or with the day that was planned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlencode

from flask import Blueprint, Response, g, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as WerkzeugResponse

from ...catalogue.catalogue import Catalogue
from ...errors import InvalidTour, status_of
from ...i18n import messages, translate
from ...planner.advice.changes import MoreModes
from ...planner.day.modes import LONG_FOR_SOME_M, modes_for
from ...planner.request.read import read_request
from ...planner.request.request import KEYS, TourRequest, rest_of_today
from ...planner.request.values import fault_words
from ...render.folium_map import build_map
from ...schema.strict_json import JsonTable
from ..http.html_page import HtmlPage, HtmlPart
from ..http.languages import PLAN_KEYS, localised, page
from ..http.pages import send_page
from ..http.sending.caching import PRIVATE
from ..http.snapshots import now, snapshot
from ..public.explore import UI_ICONS
from ..public.map_config import atlas
from .form import FIELDS, PlanForm, asked_wish, first_wish, joined, make_form
from .links import plan_link
from .result import PlannedDay, day_words, plan_day

bp = Blueprint("plan", __name__)
SCRIPT_WORDS = "planmap.js_"
MY_ICONS = ("ui-list", "ui-share")  # that the script of the planner draws
REFUSED_LATER = {"far": ("start_at", "end_at"), "no_boats": ("boat",)}  # reason: keys that can be read, but not used


@dataclass(frozen=True)
class SameWish:
    """Hold where nearly the same wish is planned, on another day or by taxi, and that in words."""

    address: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Refusal(HtmlPart):
    """Hold why a wish is not planned; `wrong` are the ids of fields with the keys of their words. Empty for nothing."""

    fault: str
    again: SameWish | None
    wrong: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class PlanPage(HtmlPage):
    """Hold the form, the map, and the day that was planned or why there is none.

    `asks_when` is for who comes from a route: its page knows no time, so it is asked first.
    """

    template = "plan/plan.html"
    form: PlanForm
    day: PlannedDay | None
    refusal: Refusal
    asks_when: bool
    map_html: Markup
    atlas: JsonTable
    icons: list[str]


@page(bp, "/plan", PLAN_KEYS)
def show_plan() -> Response | WerkzeugResponse:
    """Show the form, and the tour that the address asks for; what cannot be read is said above the form."""
    if query := joined(request.args):
        return redirect(f"{localised('plan.show_plan')}?{query}", 303)
    catalogue = snapshot()
    moment = now(catalogue)
    if not any(request.args.get(key) for key in KEYS):
        wish = first_wish(catalogue, moment)
        return send_page(lambda c: _page(c, wish, moment), key=wish.to_query())
    asked = asked_wish(catalogue, moment)
    wish = asked.wish
    key = (wish.to_query(), moment.date(), rest_of_today(wish, moment))
    return send_page(lambda c: _page(c, wish, moment, day=plan_day(c, asked, moment)), key=key)


def _page(
    catalogue: Catalogue,
    wish: TourRequest,
    moment: datetime,
    *,
    day: PlannedDay | None = None,
    refusal: Refusal | None = None,
) -> PlanPage:
    """Return the form beside the map, whose layers are off until the visitor wants them."""
    words = {key: text for key, text in messages(g.language).items() if key.startswith(SCRIPT_WORDS)}
    is_timed = any(request.args.get(key) for key in ("date", "start", "end", "minutes"))
    return PlanPage(
        form=make_form(catalogue, wish, moment),
        day=day,
        refusal=refusal or Refusal(fault="", again=None, wrong={}),
        asks_when=bool(wish.route) and not is_timed and refusal is None,
        map_html=_map_html(catalogue.tag),
        atlas=atlas(catalogue, g.language) | {"planning": words, "months": None},
        icons=sorted({*UI_ICONS, *MY_ICONS, *(kind.icon for kind in catalogue.city.kinds.values())}),
    )


@lru_cache(maxsize=4)
def _map_html(tag: str) -> Markup:
    """Return the map's container, kept for the snapshot with the tag; its script has an address of its own."""
    return build_map(snapshot().city).html


@bp.errorhandler(InvalidTour)
def refused(error: InvalidTour) -> Response:
    """Give the form back with the fault above it, in the visitor's words where we have them, and what was right."""
    catalogue = snapshot()
    moment = now(catalogue)
    wish, wrong = _salvaged(catalogue, moment)
    fault = fault_words(error, catalogue, g.language) or f"{error.message} {error.hint}"
    wrong = wrong or [key for key in REFUSED_LATER.get(error.reason, ()) if request.args.get(key)]
    named = dict(FIELDS[key] for key in wrong if key in FIELDS)
    again = _again(error.values.get("again", "")) or _by_taxi(catalogue, wish, error)
    refusal = Refusal(fault=fault, again=again, wrong=named)
    page = _page(catalogue, wish, moment, refusal=refusal)
    response = Response(page.fill(), mimetype="text/html", status=status_of(error))
    response.headers["Cache-Control"] = PRIVATE
    return response


def _again(day: str) -> SameWish | None:
    """Return the same wish on another day; nothing without a day."""
    if not day:
        return None
    query = urlencode([(k, day if k == "date" else v) for k, v in request.args.items(multi=True)], safe=",:")
    return SameWish(f"{localised('plan.show_plan')}?{query}", day_words(date.fromisoformat(day)))


def _by_taxi(catalogue: Catalogue, wish: TourRequest, error: InvalidTour) -> SameWish | None:
    """Return the same wish with long ways by taxi, where one starts or ends too far from every path to walk."""
    if error.reason != "far" or "taxi" not in modes_for(catalogue.city, wish):
        return None
    again = replace(MoreModes("taxi").apply(wish), ride_from_m=wish.ride_from_m or LONG_FOR_SOME_M)
    return SameWish(plan_link(again), translate("planner.again_ride", g.language))


def _salvaged(catalogue: Catalogue, moment: datetime) -> tuple[TourRequest, list[str]]:
    """Return the wish of those values of the address that can be read, and the keys of the others."""
    wish, wrong = first_wish(catalogue, moment), []
    kept: dict[str, list[str]] = {}
    for key in (key for key in KEYS if request.args.get(key)):
        try:
            wish = read_request(kept | {key: request.args.getlist(key)}, catalogue, moment)
            kept[key] = request.args.getlist(key)
        except InvalidTour:
            wrong.append(key)
    return wish, wrong
