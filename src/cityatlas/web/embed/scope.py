"""Say what a frame is about: the whole map, a layer, a feature, one tour route, a planned day, or a filtered list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

from ...catalogue.catalogue import Catalogue
from ...catalogue.filters import Selection, extent_of, select
from ...city.layers import Feature
from ...city.spec import View
from ...errors import UnknownSite
from ...geo.projection import Bbox, fitting_zoom, view_bbox
from ...handouts.day.day_map import itinerary_bbox
from ...handouts.day.plan_title import plan_title
from ...i18n import LANGUAGES, Text
from ...planner.itinerary.itinerary import Itinerary

FRAME_PX = (640, 400)  # what the first view is made for; the script fits it into the frame that it finds
MARGIN_PX = 40
CLOSEST_ZOOM = 16
INLINE = 120  # features; a frame of no more brings them in its page and asks for nothing else


@dataclass(frozen=True)
class ShownPlan:
    """Hold what a wish gives, and whether for another day than it says since that is past."""

    itinerary: Itinerary
    is_example: bool


@dataclass(frozen=True)
class Scope:
    """Hold what a frame shows: `features` to draw and list, `chosen` with its card open, `stops` that get numbers.

    `title` is in all languages; `endpoint` and `values` name the page of the same thing, where everything is.
    """

    title: Text
    endpoint: str
    values: dict[str, str]
    features: tuple[Feature, ...]
    chosen: Feature | None = None
    stops: tuple[str, ...] = ()
    is_fitted: bool = True  # the view is that of the features, where the address says none
    others: tuple[Feature, ...] = ()  # besides, not shown at first: a host's script may choose them
    plan: ShownPlan | None = None  # the day whose ways are drawn, of a plan

    @property
    def inline(self) -> tuple[Feature, ...]:
        """Return the features that stand in the page, none where they are too many."""
        brought = (*self.features, *self.others)
        return brought if len(brought) <= INLINE else ()

    @property
    def layers(self) -> frozenset[str]:
        """Return the ids of the layers that it shows."""
        return frozenset(feature.layer for feature in self.features)


def whole_scope(catalogue: Catalogue, wanted: Selection) -> Scope:
    """Return the scope of the whole map, as filters choose."""
    features = tuple(select(catalogue, wanted))
    chosen = catalogue.feature(wanted.site) if wanted.site else None
    shown = set(features)
    others = tuple(feature for feature in catalogue.features.values() if feature not in shown)
    return Scope(
        catalogue.city.title, "public.show_map", {}, features, chosen, is_fitted=wanted.is_filtered, others=others
    )


def layer_scope(catalogue: Catalogue, wanted: Selection, layer_id: str) -> Scope:
    """Return the scope of one layer. Raises UnknownLayer."""
    layer = catalogue.layer(layer_id)
    features = tuple(feature for feature in select(catalogue, wanted) if feature.layer == layer_id)
    chosen = catalogue.feature(wanted.site) if wanted.site else None
    return Scope(layer.spec.title, "public.layer", {"layer_id": layer_id}, features, chosen)


def site_scope(catalogue: Catalogue, wanted: Selection, site_id: str) -> Scope:
    """Return the scope of one feature, its card open. Raises UnknownSite or Retired."""
    feature = catalogue.feature(site_id)
    return Scope(feature.name, "public.site", {"site_id": site_id}, (feature,), feature)


def route_scope(catalogue: Catalogue, wanted: Selection, route_id: str) -> Scope:
    """Return the scope of a tour route: its line and its stops, nothing else. Raises UnknownSite or Retired."""
    route = catalogue.feature(route_id)
    if catalogue.city.kinds[route.kind].role != "route":
        raise UnknownSite(f'"{route_id}" is no tour route.', f"See /embed/sites/{route_id}.")
    ids = tuple(dict.fromkeys(route.stops))
    stops = tuple(catalogue.features[stop] for stop in ids)
    chosen = catalogue.feature(wanted.site) if wanted.site else None
    return Scope(route.name, "public_routes.route", {"route_id": route_id}, (route, *stops), chosen, ids)


def plan_scope(catalogue: Catalogue, wanted: Selection, plan: ShownPlan) -> Scope:
    """Return the scope of a planned day: its ways and its stops, and where boats are boarded, nothing else."""
    itinerary = plan.itinerary
    title: Text = {code: plan_title(catalogue, itinerary, code) for code in LANGUAGES}
    spots = {stop.place.id: stop.place for stop in itinerary.stops}
    features = {stop.feature.id: stop.feature for stop in itinerary.stops}
    return Scope(
        title,
        "plan.show_plan",
        dict(parse_qsl(itinerary.request.to_query())),
        tuple((features | spots).values()),
        catalogue.feature(wanted.site) if wanted.site else None,
        stops=tuple(_numbered(itinerary)),
        plan=plan,
    )


def _numbered(itinerary: Itinerary) -> Iterator[str]:
    """Yield where each stop's number stands: at its place, and where another has the same, at the feature itself."""
    taken = set()
    for stop in itinerary.stops:
        yield stop.feature.id if stop.place.id in taken else stop.place.id
        taken.add(stop.place.id)


def _extent(scope: Scope) -> Bbox | None:
    """Return the extent in degrees of what a frame shows, a planned day's with all its ways; None of nothing."""
    return itinerary_bbox(scope.plan.itinerary) if scope.plan else extent_of(scope.features)


def first_view(catalogue: Catalogue, scope: Scope, wanted: Selection, size_px: tuple[int, int] = FRAME_PX) -> View:
    """Return what a frame shows first: what the address says, else its features, else the city."""
    if wanted.view:
        return wanted.view
    bbox = _extent(scope) if scope.is_fitted else None
    if bbox is None:
        chosen = scope.chosen
        return View(chosen.lon, chosen.lat, 15) if chosen else catalogue.city.view
    width_px, height_px = (side - 2 * MARGIN_PX for side in size_px)
    zoom = fitting_zoom(bbox, width_px, height_px, CLOSEST_ZOOM)
    return View((bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2, max(zoom, catalogue.city.min_zoom))


def fitted_bbox(catalogue: Catalogue, scope: Scope, wanted: Selection) -> Bbox | None:
    """Return the extent that the script fits into the frame that it finds; None where the address says the view."""
    if wanted.view:
        return None
    if scope.is_fitted:
        return _extent(scope)
    view = first_view(catalogue, scope, wanted)
    return view_bbox(view.lon, view.lat, view.zoom, *(side - 4 * MARGIN_PX for side in FRAME_PX))
