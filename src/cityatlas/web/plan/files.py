"""Hand a planned tour over as files: calendar, navigation device, map programs, plain text, QR code."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from flask import Blueprint, Response, g, request
from markupsafe import Markup

from ...catalogue.catalogue import Catalogue
from ...errors import InvalidTour, status_of
from ...handouts.day.day_lines import itinerary_file
from ...handouts.day.day_map import SAILED, WALKED, draw_itinerary, itinerary_view, modes_drawn
from ...handouts.day.ics import itinerary_ics
from ...handouts.day.plan_title import plan_title
from ...handouts.handout import Handout, draw_qr
from ...handouts.map_files import itinerary_geojson, itinerary_gpx, itinerary_kml
from ...i18n import translate
from ...planner.request.values import fault_words
from ...render.city_map import to_png
from ...render.looks import dressed
from ...render.sheet import Entry, draw_sheet, lay_out
from ...render.subject_sheet import SheetOptions, subtitle
from ..http.errors import answer_error
from ..http.html_page import HtmlPage
from ..http.languages import page
from ..http.pages import GEOJSON, send
from ..http.sending.caching import PRIVATE
from ..http.sending.file_names import disposition as named
from ..http.sending.file_names import licensed
from ..http.snapshots import now, snapshot
from ..public.files.sheets import SHEET_KEYS, read_options
from .form import asked_wish
from .plans import planned
from .take_along import handout_of, plan_address

bp = Blueprint("plan_files", __name__)
LINES = {"walk": ("dots", WALKED), "boat": ("dashes", SAILED)}  # shape and colour in the legend
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
    return send_file(lambda h: itinerary_file(h).encode(), "text/plain", "txt", disposition="inline")


@page(bp, "/plan.qr.svg")
def qr() -> Response:
    """Answer with the plan's address as a QR code."""
    return send_file(lambda h: draw_qr(h.link).encode(), "image/svg+xml", "svg", disposition="inline")


@page(bp, "/plan.png", SHEET_KEYS)
def png() -> Response:
    """Answer with a tour as a picture, as link previews show it."""
    options = read_options(request.args)

    def make(handout: Handout) -> bytes:
        return to_png(_drawn(snapshot(), handout, options, is_cut=False))

    return send_file(make, "image/png", "png", disposition="inline", is_costly=True, others=SHEET_KEYS)


@page(bp, "/plan.svg", SHEET_KEYS)
def svg() -> Response:
    """Answer with the same picture as lines and letters."""
    options = read_options(request.args)
    return send_file(
        lambda h: _drawn(snapshot(), h, options).encode(),
        "image/svg+xml",
        "svg",
        disposition="inline",
        others=SHEET_KEYS,
    )


def _drawn(catalogue: Catalogue, handout: Handout, options: SheetOptions, *, is_cut: bool = True) -> Markup:
    """Return the sheet of a plan as SVG: its map, and its title above it."""
    itinerary, language = handout.itinerary, handout.language
    legend = [Entry(*LINES[mode], translate(f"take.bar_{mode}", language)) for mode in modes_drawn(itinerary)]
    layout = lay_out(options.drawn_px, legend, is_bare=options.is_bare)
    view = itinerary_view(catalogue, itinerary, layout.map_px)
    drawn = draw_itinerary(catalogue, itinerary, layout.map_px, language, handout.page_of)
    words = (plan_title(catalogue, itinerary, language), subtitle(catalogue, {}, language))
    sheet = draw_sheet(layout, drawn, view, words, language, options.size_px, is_cut=is_cut)
    return dressed(sheet, options.look)


def send_file(
    make: Make,
    mimetype: str,
    extension: str,
    *,
    disposition: str = "attachment",
    is_costly: bool = False,
    others: Collection[str] = (),
) -> Response:
    """Return what `make` writes of the plan that the address asks for, under a name that says city and day.

    `others` are keys of the address that are about the file, not about the plan.

    Raises InvalidTour when the wish cannot be read or nothing fits into it: an empty file would help nobody.
    """
    catalogue = snapshot()
    moment = now(catalogue)
    wish = asked_wish(catalogue, moment, others).wish
    itinerary = planned(catalogue, wish, moment).itinerary
    if not itinerary.stops:
        raise InvalidTour("Nothing fits into this wish.", f"See {plan_address(wish)}", reason="nothing")
    key = (wish.to_query(), moment.date())
    response = send(lambda c: make(handout_of(c, itinerary)), mimetype, key=key, is_hard=False, is_costly=is_costly)
    title = handout_of(catalogue, itinerary).title
    day = wish.day.isoformat()
    name = named(disposition, f"{catalogue.city.id}-{day}", f"{title} {day}", extension)
    response.headers["Content-Disposition"] = name
    return licensed(response, catalogue.attributions)
