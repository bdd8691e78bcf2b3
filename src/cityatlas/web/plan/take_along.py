"""Gather what a plan's page offers to take along: addresses of files, text for a chat, links to navigation apps."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from flask import g
from markupsafe import Markup

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...handouts.day.day_lines import itinerary_text
from ...handouts.handout import Handout, Tip, draw_qr, is_located, make_handout
from ...i18n import Text, say
from ...planner.itinerary.itinerary import Itinerary
from ...planner.itinerary.plan_diff import shared_query
from ...planner.request.request import TourRequest
from ...routing.navigation_links import DirectionLink, Spot, leg_links, search_links, tour_links
from ..http.languages import localised
from ..public.files.downloads import Download, list_downloads
from ..public.structured_data import public_url
from .links import address_of, plan_link


@dataclass(frozen=True, eq=False)
class TakeAlong:
    """Hold what the page offers of one plan. `nav` are links that open all stops, `legs` those of one walk.

    Nobody is led to a position that is only drawn: `drawn` counts such stops. `sought` are the places without a
    located position, each with links that look for it by its name.
    """

    link: str
    query: str
    downloads: list[Download]
    text: str
    qr: Markup
    nav: tuple[DirectionLink, ...]
    legs: tuple[tuple[str, str, tuple[DirectionLink, ...]], ...]
    drawn: int
    sought: tuple[tuple[Text, tuple[DirectionLink, ...]], ...]


def taken(handout: Handout, catalogue: Catalogue) -> TakeAlong:
    """Return what the page of a plan offers to take along."""
    itinerary, spots = handout.itinerary, _spots(handout)
    modes = [leg.mode if leg else "walk" for leg in itinerary.legs[0 if handout.start else 1 :]]
    ways = zip(pairwise(spots), modes, strict=False)
    walks = [(a, b, mode) for (a, b), mode in ways if a and b and (a.lon, a.lat) != (b.lon, b.lat)]
    places = [spot for spot in spots if spot]
    return TakeAlong(
        link=handout.link,
        query=itinerary.request.to_query(),
        downloads=list_downloads(catalogue, "plan", query=itinerary.request.to_query()),
        text=itinerary_text(handout),
        qr=draw_qr(handout.link),
        nav=tour_links(places, g.language) if len(places) == len(spots) else (),
        legs=tuple((a.name, b.name, leg_links(a, b, g.language, mode)) for a, b, mode in walks),
        drawn=sum(not is_located(stop) for stop in itinerary.stops),
        sought=tuple((place.name, _search(catalogue, place)) for place in _unlocated(catalogue, itinerary)),
    )


def _unlocated(catalogue: Catalogue, itinerary: Itinerary) -> list[Feature]:
    """Return start, stops and end whose positions are only drawn, each once; none where the city names no region."""
    wish = itinerary.request
    tips = [catalogue.features.get(tip) for tip in (wish.start_at, wish.end_at)]
    places = [tips[0], *(stop.place for stop in itinerary.stops), tips[1]]
    drawn = {place.id: place for place in places if place and place.position_class == "schematic"}
    return list(drawn.values()) if catalogue.city.region else []


def _search(catalogue: Catalogue, place: Feature) -> tuple[DirectionLink, ...]:
    name, region = (say(text, "zh").text for text in (place.name, catalogue.city.region))
    return search_links(name, region, g.language)


def _spots(handout: Handout) -> list[Spot | None]:
    """Return start, stops and end in order; None stands for one that is only drawn."""
    stops = handout.itinerary.stops
    spots = [Spot(s.place.lon, s.place.lat, handout.name(s.place)) if is_located(s) else None for s in stops]
    start, end = ([_tip_spot(tip)] if tip else [] for tip in (handout.start, handout.end))
    return [*start, *spots, *end]


def _tip_spot(tip: Tip) -> Spot | None:
    return Spot(tip.lon, tip.lat, tip.name) if tip.is_located else None


def plan_address(wish: TourRequest) -> str:
    """Return the whole address of the page that plans a wish, in the present language."""
    return public_url() + plan_link(wish)


def handout_of(catalogue: Catalogue, itinerary: Itinerary) -> Handout:
    """Return what the files of an itinerary tell, in the present language."""
    return make_handout(catalogue, itinerary, g.language, shared_address(itinerary), page_address)


def shared_address(itinerary: Itinerary) -> str:
    """Return the whole address to hand on: it says what the plan was, so that its page can tell what changed."""
    return f"{public_url()}{localised('plan.show_plan')}?{shared_query(itinerary)}"


def page_address(feature: Feature) -> str:
    """Return the whole address of a feature's page."""
    return public_url() + address_of(feature)
