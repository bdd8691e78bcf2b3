"""Hand a plan over on paper: one sheet to print, and a group's booklet as one HTML file and as PDF."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache

from flask import Blueprint, Response
from markupsafe import Markup

from ...errors import InvalidTour
from ...handouts.booklet import booklet_pdf, cited, make_booklet, sums_words
from ...handouts.day.day_map import draw_itinerary
from ...handouts.handout import Handout, draw_qr, map_words
from ...handouts.one_page import Layout, is_close, layout, make_page
from ...handouts.one_page import Page as OnePage
from ...paths import static_dir
from ...render.built import manifest
from ...schema.strict_json import JsonTable
from ..http.html_page import HtmlPage
from ..http.languages import PLAN_KEYS, known_query, page
from ..http.pages import HTML
from ..http.snapshots import now, snapshot
from .files import answer_no_file, send_file

bp = Blueprint("plan_booklet", __name__)
bp.register_error_handler(InvalidTour, answer_no_file)


@dataclass(frozen=True, kw_only=True)
class BookletPage(HtmlPage):
    """Hold a booklet, our style for it, and the style's hash."""

    template = "plan/booklet.html"
    b: JsonTable
    style: Markup
    digest: str


@dataclass(frozen=True, kw_only=True)
class SheetPage(HtmlPage):
    """Hold one plan for one sheet: the handout, what stands on it, and how it is laid out."""

    template = "plan/print.html"
    h: Handout
    p: OnePage
    is_close: bool
    layout: Layout
    picture: str
    picture_words: str
    qr: str
    sources: list[JsonTable]
    sums: str
    query: str


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
    response = send_file(lambda h: _sheet_page(h).fill().encode(), HTML, "html", is_costly=True)
    del response.headers["Content-Disposition"]  # a page, not a download
    return response


def _filled(booklet: JsonTable) -> bytes:
    style, digest = _style()
    return BookletPage(b=booklet, style=style, digest=digest).fill().encode()


@cache
def _style() -> tuple[Markup, str]:
    """Return our style sheet of the booklet and its hash: the file's own policy allows nothing else."""
    style = (static_dir() / manifest()["booklet.css"]["file"]).read_text("utf-8")
    hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return Markup(style), hashed  # nosec B704 # a style of ours


def _sheet_page(handout: Handout) -> SheetPage:
    itinerary, told = handout.itinerary, make_page(handout)
    sources = cited([stop.feature for stop in itinerary.stops])
    shape = layout(handout, told, sources)
    return SheetPage(
        h=handout,
        p=told,
        is_close=is_close(told),
        layout=shape,
        picture=draw_itinerary(snapshot(), itinerary, shape.map_px, handout.language, handout.page_of),
        picture_words=map_words(handout),
        qr=draw_qr(handout.link),
        sources=sources,
        sums=sums_words(handout),
        query=known_query(),
    )
