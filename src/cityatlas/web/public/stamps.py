"""Let visitors collect a stamp at each stop of a route; their phone keeps the stamps, and nobody else.

A stop is stamped where somebody stands at it, as their phone finds out by itself, or by the word on its sign. The check
of a word is all that reaches the server: it is answered with yes or no, and not kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, Response, current_app, g, jsonify, request

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...errors import UnknownSite
from ...handouts.signs import MOST_TYPED, is_word, word_of
from ...i18n import messages
from ...store.signs import sign_number
from ..http.desk import desk_store, read_secret
from ..http.html_page import HtmlPage
from ..http.languages import page
from ..http.pages import send_page
from ..http.rate_limit import make_in_turn
from ..http.sending.caching import PRIVATE
from ..http.snapshots import snapshot

bp = Blueprint("route_stamps", __name__)
NEAR_M = 50  # added to what is known of a position's error, for where the phone thinks it is
WORDS = (
    "none",
    "by_place",
    "by_sign",
    "count",
    "all",
    "here",
    "far",
    "vague",
    "refused",
    "right",
    "wrong",
    "busy",
    "sure",
)


@dataclass(frozen=True, kw_only=True)
class StampsPage(HtmlPage):
    """Hold the stops whose stamps a page shows: those of a route, or the one at whose sign somebody stands.

    `reach_m` has, for each stop that can be stamped by position, the metres within which one is there.
    """

    template = "public/stamps.html"
    most_typed: ClassVar = MOST_TYPED
    near_m: ClassVar = NEAR_M
    about: Feature
    stops: Sequence[Feature]
    routes: Sequence[Feature]
    reach_m: Mapping[str, int]
    words: Mapping[str, str]


@page(bp, "/routes/<route_id>/stamps")
def stamps(route_id: str) -> Response:
    """Show the stamps of a route."""
    _route(snapshot(), route_id)
    return send_page(lambda catalogue: _page(catalogue, _route(catalogue, route_id), is_route=True))


@page(bp, "/sites/<site_id>/stamp")
def sign(site_id: str) -> Response:
    """Show the stamp of a stop; the code on its sign leads here, with the word where only the browser reads it."""
    stop_of_routes(snapshot(), site_id)
    return send_page(lambda catalogue: _page(catalogue, stop_of_routes(catalogue, site_id), is_route=False))


@bp.get("/sites/<site_id>/stamp.json")
def check(site_id: str) -> Response:
    """Answer whether a word stands on a stop's sign; asking counts as much as planning a tour."""
    stop = stop_of_routes(snapshot(), site_id)
    typed = request.args.get("word", "")
    response = jsonify(is_right=make_in_turn(lambda: _is_right(stop, typed)))
    response.headers["Cache-Control"] = PRIVATE
    return response


def _is_right(stop: Feature, typed: str) -> bool:
    """Return whether a word is right; where there is no desk nobody has hung up a sign."""
    store = desk_store()
    if not store.exists():
        return False
    store.prepare()
    secret = read_secret(current_app.config["SETTINGS"])
    return is_word(typed, word_of(secret, stop.id, sign_number(store, stop.id)))


def stop_of_routes(catalogue: Catalogue, site_id: str) -> Feature:
    """Return a stop of a tour route. Raises UnknownSite for what is none."""
    stop = catalogue.feature(site_id)
    if not routes_of(catalogue, stop):
        raise UnknownSite(f'"{site_id}" is no stop of a tour route.', f"See /sites/{site_id}.")
    return stop


def routes_of(catalogue: Catalogue, stop: Feature) -> list[Feature]:
    """Return the tour routes that a place is a stop of."""
    return [route for route in catalogue.of_role("route") if stop.id in route.stops]


def _route(catalogue: Catalogue, route_id: str) -> Feature:
    route = catalogue.feature(route_id)
    if catalogue.city.kinds[route.kind].role != "route" or not route.stops:
        raise UnknownSite(f'"{route_id}" is no tour route with stops.', f"See /sites/{route_id}.")
    return route


def _page(catalogue: Catalogue, about: Feature, *, is_route: bool) -> StampsPage:
    ids = dict.fromkeys(about.stops) if is_route else [about.id]
    stops = [catalogue.features[stop] for stop in ids]
    reached = ((stop.id, _reach_m(stop)) for stop in stops)
    return StampsPage(
        about=about,
        stops=stops,
        routes=() if is_route else routes_of(catalogue, about),
        reach_m={stop: reach_m for stop, reach_m in reached if reach_m},
        words={key: messages(g.language)[f"stamps.js_{key}"] for key in WORDS},
    )


def _reach_m(stop: Feature) -> int:
    """Return how near one has to be, 0 where nobody knows where the stop is, or how far that may be wrong."""
    if stop.position_class == "schematic" or stop.position.accuracy_m is None:
        return 0
    return stop.position.accuracy_m + NEAR_M
