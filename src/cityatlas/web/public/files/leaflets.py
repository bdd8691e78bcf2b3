"""Answer with the leaflet of a tour route: one A4 page as PDF."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from flask import Blueprint, Response, g
from markupsafe import Markup

from ....catalogue.catalogue import Catalogue
from ....city.layers import Feature
from ....handouts.leaflet import Leaflet, leaflet_pdf, make_leaflet, map_px
from ....i18n import say
from ....render.sheet import draw_sheet, lay_out, read_legend
from ....routing.route_legs import route_legs
from ...http.languages import localised, page
from ...http.pages import send
from ...http.sending.file_names import disposition
from ...http.snapshots import now, snapshot
from ..structured_data import public_url
from ..subjects import route_subject
from .pictures import picture

bp = Blueprint("route_leaflets", __name__)


@page(bp, "/routes/<route_id>.pdf")
def leaflet(route_id: str) -> Response:
    """Answer with a route on one page; setting one counts as much as planning one."""
    subject = route_subject(snapshot(), route_id)
    today = datetime.combine(now(snapshot()).date(), time(), tzinfo=now(snapshot()).tzinfo)
    response = send(
        lambda catalogue: _set(catalogue, route_id, today), "application/pdf", key=today, is_hard=False, is_costly=True
    )
    title = say(subject.title, g.language).text
    response.headers["Content-Disposition"] = disposition("inline", route_id, title, "pdf")
    return response


def _set(catalogue: Catalogue, route_id: str, made_at: datetime) -> bytes:
    route = catalogue.feature(route_id)
    stops = [catalogue.features[stop] for stop in route.stops]
    link = public_url() + localised("public_routes.route", route_id=route_id)
    told = Leaflet(catalogue, route, stops, route_legs(route, stops), g.language, _page_of, link, made_at)
    return leaflet_pdf(make_leaflet(told, _draw(catalogue, route_id, map_px(told))), made_at)


def _draw(catalogue: Catalogue, route_id: str, size_px: tuple[int, int]) -> Markup:
    """Return the route's map with legend, scale and north below it; its title stands on the page."""
    subject = route_subject(catalogue, route_id)
    layout = replace(lay_out(size_px, read_legend(catalogue, subject.features, g.language)), head_px=0)
    view = subject.view_of(layout.map_px)
    drawn = picture(catalogue, subject.features, view, layout.map_px, subject.stops)
    return draw_sheet(layout, drawn, view, ("", ""), g.language, size_px)


def _page_of(feature: Feature) -> str:
    return public_url() + localised("public.site", site_id=feature.id)
