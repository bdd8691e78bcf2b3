"""Show the builder: a form of a frame's options, the frame beside it, and what an editor pastes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, g, request

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...handouts.handout import draw_qr
from ...schema.phases import PHASES
from ..http.html_page import HtmlPage
from ..http.languages import known_query, page
from ..http.pages import send_page
from ..http.snapshots import find_past, snapshot
from ..public.structured_data import public_url
from .design import BUILDER_KEYS, LEAST_PX, MOST_PX, Design, read_design
from .kit import is_allowed, link_of, short_text
from .options import OPTIONS
from .snippets import Snippet, snippets, title_of

bp = Blueprint("embed_builder", __name__)
LISTED = 200  # places to choose from; the page of any other starts the builder with it


@dataclass(frozen=True, kw_only=True)
class BuilderPage(HtmlPage):
    """Hold the form, what it asks for, and what comes of it; `today` pins the present state, if it can be pinned."""

    template = "embed/builder.html"
    options = OPTIONS
    least_px, most_px = LEAST_PX, MOST_PX
    design: Design
    today: str
    frame_title: str
    snippets: tuple[Snippet, ...]
    text: str
    qr: str
    kit_query: str
    is_kit_allowed: bool
    routes: tuple[Feature, ...]
    places: tuple[Feature, ...]
    cards: tuple[Feature, ...]
    kinds: tuple[str, ...]
    phases: tuple[str, ...]


@page(bp, "/embed/builder", BUILDER_KEYS)
def show() -> Response:
    """Show the builder; it starts from what a page of ours shows, or from the whole map."""
    design = read_design(request.args, snapshot(), g.language)
    return send_page(_builder_page, key=design.wrong)


def _builder_page(catalogue: Catalogue) -> BuilderPage:
    design, host = read_design(request.args, catalogue, g.language), public_url()
    routes = tuple(catalogue.of_role("route"))
    others = [feature for feature in catalogue.features.values() if feature not in routes]
    used = {feature.kind for feature in catalogue.features.values()}
    chosen = [f for f in others[LISTED:] if f.id in (design.of.removeprefix("sites/"), design.wanted.selection.site)]
    return BuilderPage(
        design=design,
        today=str(find_past().pin_of(catalogue) or ""),
        frame_title=title_of(design),
        snippets=snippets(design, host),
        text=short_text(design, catalogue, design.language, host),
        qr=draw_qr(link_of(design, design.language, host)),
        kit_query=known_query(),
        is_kit_allowed=is_allowed(catalogue.city),
        routes=routes,
        places=(*others[:LISTED], *chosen),
        cards=design.scope.features[:LISTED],
        kinds=tuple(kind for kind in catalogue.city.kinds if kind in used),
        phases=tuple(PHASES),
    )
