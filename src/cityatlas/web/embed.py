"""Show the map inside other people's pages: no cookie, no form that writes, may be framed."""

from __future__ import annotations

from flask import Blueprint, Response, request

from ..selection import read_selection
from .explore import map_page
from .languages import MAP_KEYS, page
from .pages import send_page
from .snapshots import snapshot

bp = Blueprint("embed", __name__)


@page(bp, "/embed/", MAP_KEYS)
def show() -> Response:
    """Show the map alone; layers, view and filters come as for the map's own page."""
    wanted = read_selection(request.args, snapshot().city)
    return send_page("embed/map.html", lambda catalogue: map_page(catalogue, wanted, is_embedded=True))
