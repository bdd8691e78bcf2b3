"""Say what each picture is about: the whole map, a layer, a place, a tour route; each at an address that ends in .png.

Wikis and old content systems take a picture by its address, if it ends so and has no query.
"""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response

from ...catalogue.catalogue import Catalogue
from ...catalogue.filters import Selection, select
from ...city.layers import Feature
from ...city.spec import View
from ...errors import UnknownSite
from ...geo.extent import core_bbox
from ...render.subject_sheet import CLOSEST_ZOOM, Subject, city_view, fitted_view, view_of
from ..http.languages import page
from .files.sheets import SHEET_KEYS, send_sheet

bp = Blueprint("pictures", __name__)
SITE_ZOOM = 15


@page(bp, "/layers/<layer_id>.png", SHEET_KEYS, is_pinnable=True)
def layer(layer_id: str) -> Response:
    """Answer with a picture of one layer."""
    return send_sheet(lambda catalogue: layer_subject(catalogue, layer_id))


@page(bp, "/sites/<site_id>.png", SHEET_KEYS, is_pinnable=True)
def site(site_id: str) -> Response:
    """Answer with a picture of one feature and what lies round it."""
    return send_sheet(lambda catalogue: site_subject(catalogue, site_id))


@page(bp, "/routes/<route_id>.png", SHEET_KEYS, is_pinnable=True)
def route(route_id: str) -> Response:
    """Answer with a picture of a tour route and its stops."""
    return send_sheet(lambda catalogue: route_subject(catalogue, route_id))


def map_subject(catalogue: Catalogue, wanted: Selection) -> Subject:
    """Return the map as filters choose; of a place that is chosen the title is its name."""
    chosen = catalogue.feature(wanted.site) if wanted.site else None
    title = chosen.name if chosen else catalogue.city.title
    name = chosen.id if chosen else catalogue.city.id
    features = select(catalogue, wanted)
    return Subject(name, title, features, partial(_map_view, catalogue, wanted, chosen, features), chosen=chosen)


def _map_view(
    catalogue: Catalogue, wanted: Selection, chosen: Feature | None, features: list[Feature], room_px: tuple[int, int]
) -> View:
    return chosen_view(wanted, chosen, features, room_px) or city_view(catalogue, room_px)


def chosen_view(
    wanted: Selection, chosen: Feature | None, features: list[Feature], room_px: tuple[int, int]
) -> View | None:
    """Return what an address brings into view: its view, its place, or most of what its filters leave; else None."""
    if wanted.view or chosen:
        return wanted.view or (View(chosen.lon, chosen.lat, SITE_ZOOM) if chosen else None)
    return core_view(features, room_px) if wanted.is_filtered and features else None


def core_view(features: list[Feature], room_px: tuple[int, int]) -> View:
    """Return the view of some features, or of most of them where the rest lies far off."""
    return fitted_view(core_bbox([feature.geometry.bounds for feature in features]), room_px, CLOSEST_ZOOM)


def layer_subject(catalogue: Catalogue, layer_id: str) -> Subject:
    """Return one layer, as large as it fits. Raises UnknownLayer."""
    layer = catalogue.layer(layer_id)
    features = list(layer.features)
    return Subject(layer_id, layer.spec.title, features, partial(view_of, catalogue, features))


def site_subject(catalogue: Catalogue, site_id: str) -> Subject:
    """Return one feature among those of its layer. Raises UnknownSite or Retired."""
    chosen = catalogue.feature(site_id)
    if catalogue.city.kinds[chosen.kind].role == "route":
        return route_subject(catalogue, site_id)
    features = [f for f in catalogue.features.values() if f.layer == chosen.layer or f is chosen]
    return Subject(site_id, chosen.name, features, partial(_site_view, catalogue, chosen), chosen=chosen)


def _site_view(catalogue: Catalogue, chosen: Feature, room_px: tuple[int, int]) -> View:
    """Return the view of a feature: of a place with what lies round it, of a line or an area with all of it."""
    if chosen.geometry.geom_type == "Point":
        return View(chosen.lon, chosen.lat, SITE_ZOOM)
    return view_of(catalogue, [chosen], room_px)


def route_subject(catalogue: Catalogue, route_id: str) -> Subject:
    """Return a tour route with its stops by number. Raises UnknownSite or Retired."""
    route = catalogue.feature(route_id)
    if catalogue.city.kinds[route.kind].role != "route":
        raise UnknownSite(f'"{route_id}" is no tour route.', f"See /sites/{route_id}.png")
    ids = tuple(dict.fromkeys(route.stops))
    features = [route, *(catalogue.features[stop] for stop in ids)]
    return Subject(route_id, route.name, features, partial(view_of, catalogue, features), stops=ids)
