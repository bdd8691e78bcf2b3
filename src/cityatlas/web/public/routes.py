"""Show the tour routes that staff curate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, g

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...city.opening.feature_opening import is_in_season
from ...city.spec import View
from ...errors import UnknownSite
from ...geo.projection import fitting_zoom
from ...routing.route_legs import RouteLeg, route_legs
from ..http.html_page import HtmlPage
from ..http.languages import page
from ..http.pages import send_page
from ..http.snapshots import now, snapshot
from .card import make_card
from .explore import SitePage
from .files.downloads import list_downloads
from .files.pictures import SITE_PICTURE_PX, picture
from .structured_data import route_ld

bp = Blueprint("public_routes", __name__)


@dataclass(frozen=True, kw_only=True)
class RoutesPage(HtmlPage):
    """Hold all tour routes."""

    template = "public/routes.html"
    routes: Sequence[Feature]
    off_season: list[str]


@dataclass(frozen=True, kw_only=True)
class RoutePage(SitePage):
    """Hold a tour route with its stops in order and its legs."""

    template = "public/route.html"
    stops: list[Feature]
    legs: Sequence[RouteLeg]


@page(bp, "/routes/")
def routes() -> Response:
    """List the tour routes."""
    return send_page(_all)


def _all(catalogue: Catalogue) -> RoutesPage:
    routes, today = catalogue.of_role("route"), now(catalogue).date()
    off_season = [route.id for route in routes if not is_in_season(route, today)]
    return RoutesPage(routes=routes, off_season=off_season)


@page(bp, "/routes/<route_id>")
def route(route_id: str) -> Response:
    """Show a tour route: its stops in order, its legs, times and programmes."""
    _route(snapshot(), route_id)
    return send_page(lambda catalogue: _route_page(catalogue, _route(catalogue, route_id)))


def _route(catalogue: Catalogue, route_id: str) -> Feature:
    feature = catalogue.feature(route_id)
    if catalogue.city.kinds[feature.kind].role != "route":
        raise UnknownSite(f'"{route_id}" is no tour route.', f"See /sites/{route_id}.")
    return feature


def _route_page(catalogue: Catalogue, route: Feature) -> RoutePage:
    stops = [catalogue.features[stop] for stop in route.stops]
    west, south, east, north = route.geometry.bounds
    width_px, height_px = (side - 60 for side in SITE_PICTURE_PX)
    zoom = fitting_zoom((west, south, east, north), width_px, height_px, 16)
    view = View((west + east) / 2, (south + north) / 2, zoom)
    return RoutePage(
        card=make_card(catalogue, route),
        downloads=list_downloads(catalogue, "route", {"route_id": route.id}),
        stops=stops,
        legs=route_legs(route, stops),
        picture=picture(catalogue, [route, *stops], view, SITE_PICTURE_PX, route.stops),
        structured=route_ld(catalogue, route, stops, g.language),
    )
