"""Hand a plan over on paper: one sheet to print, and a group's booklet as one HTML file and as PDF."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from flask import Blueprint, Response
from flask import render_template as fill
from markupsafe import Markup

from ...errors import InvalidTour
from ...handouts.booklet import cited, make_booklet, sums_words
from ...handouts.booklet_pdf import booklet_pdf
from ...handouts.day_map import draw_itinerary
from ...handouts.handout import Handout, map_words
from ...handouts.one_page import is_close, layout, make_page
from ...handouts.qr import draw_qr
from ...paths import static_dir
from ...schema.strict_json import JsonTable
from ..http.assets import manifest
from ..http.clock import now
from ..http.languages import PLAN_KEYS, known_query, page
from ..http.pages import HTML
from ..http.snapshots import snapshot
from .files import answer_no_file, send_file

bp = Blueprint("plan_booklet", __name__)
bp.register_error_handler(InvalidTour, answer_no_file)


@page(bp, "/plan/booklet.html")
def html() -> Response:
    """Answer with a group's booklet as one file, which asks nobody for anything when it is opened."""
    return send_file(lambda h: _filled(make_booklet(snapshot(), h)), HTML, "html", is_costly=True)


@page(bp, "/plan/booklet.pdf")
def pdf() -> Response:
    """Answer with a group's booklet as PDF; setting one counts as much as planning one."""
    moment = now(snapshot())

    def make(handout: Handout) -> bytes:
        return booklet_pdf(make_booklet(snapshot(), handout), moment)

    return send_file(make, "application/pdf", "pdf", disposition="inline", is_costly=True)


@page(bp, "/plan/print", PLAN_KEYS)
def sheet() -> Response:
    """Answer with a plan on one A4 page."""
    response = send_file(lambda h: fill("plan/print.html", **_sheet(h)).encode(), HTML, "html", is_costly=True)
    del response.headers["Content-Disposition"]  # a page, not a download
    return response


def _filled(booklet: JsonTable) -> bytes:
    style, digest = _style()
    return fill("plan/booklet.html", b=booklet, style=style, digest=digest).encode()


@cache
def _style() -> tuple[Markup, str]:
    """Return our style sheet of the booklet and its hash: the file's own policy allows nothing else."""
    style = (static_dir() / manifest()["booklet.css"]["file"]).read_text("utf-8")
    return Markup(style), base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


def _sheet(handout: Handout) -> dict[str, object]:
    itinerary, told = handout.itinerary, make_page(handout)
    sources = cited([stop.feature for stop in itinerary.stops])
    shape = layout(handout, told, sources)
    return {
        "h": handout,
        "p": told,
        "is_close": is_close(told),
        "layout": shape,
        "picture": draw_itinerary(snapshot(), itinerary, shape.map_px, handout.language, handout.page_of),
        "picture_words": map_words(handout),
        "qr": draw_qr(handout.link),
        "sources": sources,
        "sums": sums_words(handout),
        "query": known_query(),
    }
