"""Write the addresses of what a visitor may change in a plan: each change is one link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ...city.layers import Feature
from ...city.ride_estimates import RideMode
from ...limits import STAY_LEAST_MIN, STAY_MOST_MIN, TOUR_MUSTS
from ...planner.advice.changes import MoreModes
from ...planner.day.modes import LONG_FOR_SOME_M
from ...planner.itinerary.itinerary import Itinerary, ItineraryStop
from ...planner.request.request import FIRM, TourRequest
from ..http.languages import localised
from ..http.snapshots import snapshot

STEP_MIN = 10  # by which a visit is made longer or shorter


def address_of(feature: Feature) -> str:
    """Return the address of a feature's page, a tour route's or a place's, in the present language."""
    is_route = snapshot().city.kinds[feature.kind].role == "route"
    return (
        localised("public_routes.route", route_id=feature.id)
        if is_route
        else localised("public.site", site_id=feature.id)
    )


def plan_link(wish: TourRequest) -> str:
    """Return the address of the page that plans a wish, in the present language."""
    return f"{localised('plan.show_plan')}?{wish.to_query()}"


def stop_links(itinerary: Itinerary, index: int) -> Mapping[str, str]:
    """Return {change: address} of what may be done with the stop at `index`."""
    return {change: plan_link(wish) for change, wish in stop_wishes(itinerary, index).items()}


def stop_wishes(itinerary: Itinerary, index: int) -> Mapping[str, TourRequest]:
    """Return {change: wish} of what may be done with the stop at `index`; what makes no sense is left out."""
    wish, stop = _settled(itinerary), itinerary.stops[index]
    order = [stop.feature.id for stop in itinerary.stops]
    found = {"without": _without(wish, stop.feature.id), "later": _moved(wish, stop, order, 1)}
    found |= {
        "earlier": _moved(wish, stop, order, -1),
        "longer": _stay(wish, stop, 1),
        "shorter": _stay(wish, stop, -1),
    }
    if not stop.is_must:
        found["keep"] = wish.with_must(stop.feature.id)
    elif not stop.is_begin_fixed and not stop.programme:
        found["free"] = wish.without_must(stop.feature.id)
    found["unpin" if stop.is_begin_fixed else "pin"] = _pinned(wish, stop, is_fixed=not stop.is_begin_fixed)
    return {change: changed for change, changed in found.items() if changed}


def ride_link(itinerary: Itinerary, mode: RideMode) -> str:
    """Return the address of the same stops with rides of a mode in the stead of long walks."""
    wish = MoreModes(mode).apply(_settled(itinerary))
    return plan_link(replace(wish, ride_from_m=itinerary.request.ride_from_m or LONG_FOR_SOME_M))


def _settled(itinerary: Itinerary) -> TourRequest:
    """Return the wish that keeps the day's stops, also those of an alternative, as far as a change lets it."""
    wish = itinerary.request
    return replace(wish, variant="", keeps=tuple((stop.feature.id, 1) for stop in itinerary.stops))


def _without(wish: TourRequest, feature_id: str) -> TourRequest:
    """Return the wish without a place, and without what was asked of it."""
    order = tuple(other for other in wish.order if other != feature_id)
    stays = tuple(pair for pair in wish.stays if pair[0] != feature_id)
    keeps = tuple(pair for pair in wish.keeps if pair[0] != feature_id)
    return replace(wish.without(feature_id), keeps=keeps, order=order, stays=stays)


def _moved(wish: TourRequest, stop: ItineraryStop, order: list[str], step: int) -> TourRequest | None:
    """Return the wish for the same stops with one of them a place earlier or later, or None at the end.

    The two that change places stay before all others.
    """
    index = order.index(stop.feature.id)
    if not 0 <= index + step < len(order):
        return None
    firm = (order[index], order[index + step])
    moved = [other for other in order if other != stop.feature.id]
    moved.insert(index + step, stop.feature.id)
    keeps = tuple((other, FIRM if other in firm else 1) for other in moved)
    return replace(_held(wish, stop), keeps=keeps, order=tuple(moved))


def _held(wish: TourRequest, stop: ItineraryStop) -> TourRequest:
    """Return the wish with a stop that was changed by hand as a must, so that its own change cannot drop it."""
    return wish.with_must(stop.feature.id) if len(wish.must) < TOUR_MUSTS else wish


def _stay(wish: TourRequest, stop: ItineraryStop, step: int) -> TourRequest | None:
    """Return the wish for a longer or shorter visit; a programme takes as long as it takes."""
    minutes = round((stop.end_s - stop.begin_s) / 60) + step * STEP_MIN
    if stop.programme or not STAY_LEAST_MIN <= minutes <= STAY_MOST_MIN:
        return None
    stays = tuple(pair for pair in wish.stays if pair[0] != stop.feature.id)
    return replace(_held(wish, stop), stays=(*stays, (stop.feature.id, minutes)))


def _pinned(wish: TourRequest, stop: ItineraryStop, *, is_fixed: bool) -> TourRequest:
    """Return the wish with a visit's begin fixed to when it is now, or free again."""
    begins = tuple(pair for pair in wish.begins if pair[0] != stop.feature.id)
    return replace(wish, begins=(*begins, (stop.feature.id, stop.begin_s)) if is_fixed else begins)
