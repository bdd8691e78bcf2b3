"""Hand a planned tour over as files: calendar, navigation device, map programs, plain text, QR code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from flask import Blueprint, Response, g, request
from werkzeug.http import dump_options_header

from ...errors import InvalidTour, status_of
from ...handouts.day_lines import itinerary_text
from ...handouts.handout import Handout, draw_qr
from ...handouts.ics import itinerary_ics
from ...handouts.map_files import itinerary_geojson, itinerary_gpx, itinerary_kml
from ...planner.request.values import fault_words
from ..http.caching import PRIVATE
from ..http.errors import answer_error
from ..http.html_page import HtmlPage
from ..http.languages import page
from ..http.pages import GEOJSON, send
from ..http.snapshots import now, snapshot
from .form import asked_wish
from .plans import planned
from .take_along import handout_of, plan_address

bp = Blueprint("plan_files", __name__)
Make = Callable[[Handout], bytes]


@dataclass(frozen=True, kw_only=True)
class NoFilePage(HtmlPage):
    """Hold why there is no file, and the query that asked for one."""

    template = "plan/no_file.html"
    fault: str
    query: str


def answer_no_file(error: InvalidTour) -> Response:
    """Say in the visitor's words why there is no file, with the way to the plan's page; JSON has its own shape.

    Nothing keeps it: what fits is another thing tomorrow.
    """
    if request.path.endswith("json"):
        return answer_error(error)
    fault = fault_words(error, snapshot(), g.language)
    query = request.query_string.decode("ascii", "replace")
    page = NoFilePage(fault=fault, query=query)
    response = Response(page.fill(), mimetype="text/html", status=status_of(error))
    response.headers["Cache-Control"] = PRIVATE
    return response


bp.register_error_handler(InvalidTour, answer_no_file)


@page(bp, "/plan.ics")
def ics() -> Response:
    """Answer with a tour as a calendar; phones offer to add what is not a download."""
    moment = now(snapshot())
    return send_file(lambda h: itinerary_ics(h, moment), "text/calendar", "ics", disposition="inline")


@page(bp, "/plan.gpx")
def gpx() -> Response:
    """Answer with a tour for a navigation device."""
    return send_file(itinerary_gpx, "application/gpx+xml", "gpx")


@page(bp, "/plan.kml")
def kml() -> Response:
    """Answer with a tour for a globe or a map program."""
    return send_file(itinerary_kml, "application/vnd.google-earth.kml+xml", "kml")


@page(bp, "/plan.geojson")
def geojson() -> Response:
    """Answer with a tour for programs that draw maps."""
    return send_file(itinerary_geojson, GEOJSON, "geojson")


@page(bp, "/plan.txt")
def txt() -> Response:
    """Answer with a tour as plain text, to be read and copied."""
    return send_file(lambda h: f"{itinerary_text(h)}\n".encode(), "text/plain", "txt", disposition="inline")


@page(bp, "/plan.qr.svg")
def qr() -> Response:
    """Answer with the plan's address as a QR code."""
    return send_file(lambda h: draw_qr(h.link).encode(), "image/svg+xml", "svg", disposition="inline")


def send_file(
    make: Make, mimetype: str, extension: str, *, disposition: str = "attachment", is_costly: bool = False
) -> Response:
    """Return what `make` writes of the plan that the address asks for, under a name that says city and day.

    Raises InvalidTour when the wish cannot be read or nothing fits into it: an empty file would help nobody.
    """
    catalogue = snapshot()
    moment = now(catalogue)
    wish = asked_wish(catalogue, moment).wish
    itinerary = planned(catalogue, wish, moment).itinerary
    if not itinerary.stops:
        raise InvalidTour("Nothing fits into this wish.", f"See {plan_address(wish)}", reason="nothing")
    key = (wish.to_query(), moment.date())
    response = send(lambda c: make(handout_of(c, itinerary)), mimetype, key=key, is_hard=False, is_costly=is_costly)
    title = handout_of(catalogue, itinerary).title
    response.headers["Content-Disposition"] = file_name(disposition, catalogue.city.id, title, wish.day, extension)
    return response


def file_name(disposition: str, city_id: str, title: str, day: date, extension: str) -> str:
    """Return the value of Content-Disposition: the city's title in UTF-8, its id for programs that know only ASCII."""
    title = "".join(sign if sign.isalnum() or sign in " -_·" else " " for sign in title)
    name = f"{' '.join(title.split())[:60]} {day.isoformat()}.{extension}"
    names = {"filename": f"{city_id}-{day.isoformat()}.{extension}", "filename*": f"UTF-8''{quote(name, safe='')}"}
    return dump_options_header(disposition, names)
