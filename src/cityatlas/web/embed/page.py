"""Show the map inside other people's pages: no cookie, no form that writes, may be framed."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ...catalogue.filters import read_selection
from ..http.languages import MAP_KEYS, page
from ..http.pages import send_page
from ..http.snapshots import snapshot
from ..public.explore import map_page

bp = Blueprint("embed", __name__)


@page(bp, "/embed/", MAP_KEYS)
def show() -> Response:
    """Show the map alone; layers, view and filters come as for the map's own page."""
    wanted = read_selection(request.args, snapshot().city)
    return send_page("embed/map.html", lambda catalogue: map_page(catalogue, wanted, is_embedded=True))
