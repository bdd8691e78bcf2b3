"""Answer with the map on paper: A4 or A3 as PDF, upright or wide as the places lie."""

from __future__ import annotations

from datetime import datetime, time

from flask import Blueprint, Response, g, request

from ....catalogue.catalogue import Catalogue
from ....catalogue.filters import Selection, read_selection
from ....errors import InvalidView
from ....handouts.map_pdf import PAPERS_PX, Grid, draw_grid, map_pdf, read_index
from ....i18n import say
from ....render.sheet import draw_sheet, lay_out, read_legend
from ....render.subject_sheet import in_sight, subtitle
from ...http.languages import MAP_KEYS, known_query, localised, page
from ...http.pages import send
from ...http.sending.file_names import disposition
from ...http.snapshots import now, snapshot
from ..structured_data import public_url
from ..subjects import map_subject
from .pictures import picture

bp = Blueprint("paper", __name__)


@page(bp, "/map.pdf", MAP_KEYS | {"paper"})
def map_on_paper() -> Response:
    """Answer with the map of a view and an index of its places; setting one counts as much as planning one."""
    wanted = read_selection(request.args, snapshot().city)
    paper = request.args.get("paper", "a4")
    if paper not in PAPERS_PX:
        raise InvalidView(f"paper={paper[:40]} is not known.", f"There are: {', '.join(PAPERS_PX)}.")
    today = datetime.combine(now(snapshot()).date(), time(), tzinfo=now(snapshot()).tzinfo)
    response = send(
        lambda c: _set(c, wanted, paper, today), "application/pdf", key=today, is_hard=False, is_costly=True
    )
    title = say(map_subject(snapshot(), wanted).title, g.language).text
    response.headers["Content-Disposition"] = disposition("inline", f"{snapshot().city.id}-{paper}", title, "pdf")
    return response


def _set(catalogue: Catalogue, wanted: Selection, paper: str, made_at: datetime) -> bytes:
    subject = map_subject(catalogue, wanted)
    legend = read_legend(catalogue, in_sight(subject, PAPERS_PX[paper]), g.language)
    upright, wide = (lay_out(size_px, legend) for size_px in (PAPERS_PX[paper], PAPERS_PX[paper][::-1]))
    is_wide = subject.view_of(wide.map_px).zoom > subject.view_of(upright.map_px).zoom
    layout = wide if is_wide else upright
    view, grid = subject.view_of(layout.map_px), Grid(layout.map_px)
    drawn = picture(catalogue, subject.features, view, layout.map_px, subject.stops)
    title = say(subject.title, g.language).text
    words = (title, subtitle(catalogue, subject.title, g.language))
    svg = draw_sheet(layout, drawn, view, words, g.language, layout.size_px, list(draw_grid(grid)))
    index = read_index(catalogue, subject.features, view, grid, g.language)
    return map_pdf(catalogue, svg, index, (title, _link()), (paper, is_wide), g.language, made_at)


def _link() -> str:
    """Return the address of the map's page with the same filters."""
    query = "&".join(part for part in known_query().split("&") if part and not part.startswith("paper="))
    return public_url() + localised("public.show_map") + (f"?{query}" if query else "")
