"""Hand a planned tour over as files: calendar, navigation device, plain text."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, g, request

from ..exchange.gpx import itinerary_gpx
from ..exchange.ics import itinerary_ics
from ..exchange.plain import itinerary_text
from ..i18n import say
from ..planner.itinerary import Itinerary
from ..planner.request import read_request
from .explore import now
from .languages import page
from .pages import send
from .plan import plan_link
from .plans import planned
from .snapshots import snapshot
from .structured import public_url

bp = Blueprint("plan_files", __name__)


@page(bp, "/plan.ics")
def ics() -> Response:
    """Answer with a tour as a calendar."""
    moment = now(snapshot())

    def make(itinerary: Itinerary, title: str) -> bytes:
        return itinerary_ics(itinerary, title, snapshot().city.timezone, g.language, moment)

    return _as_file(make, "text/calendar")


@page(bp, "/plan.gpx")
def gpx() -> Response:
    """Answer with a tour for a navigation device."""
    return _as_file(lambda itinerary, title: itinerary_gpx(itinerary, title, g.language), "application/gpx+xml")


@page(bp, "/plan.txt")
def txt() -> Response:
    """Answer with a tour as plain text."""

    def make(itinerary: Itinerary, title: str) -> bytes:
        return itinerary_text(itinerary, title, public_url() + plan_link(itinerary.request), g.language)

    return _as_file(make, "text/plain")


def _as_file(make: Callable[[Itinerary, str], bytes], mimetype: str) -> Response:
    catalogue = snapshot()
    moment = now(catalogue)
    wish = read_request(request.args, catalogue, moment)
    title = say(catalogue.city.title, g.language).text
    key = (wish.to_query(), moment.date())
    return send(lambda c: make(planned(c, wish, moment).itinerary, title), mimetype, key=key, is_hard=False)
