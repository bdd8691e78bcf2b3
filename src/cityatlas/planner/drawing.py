"""Draw an itinerary as SVG: the schematic basemap, the line that is walked, and the stops by number."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import shapely
from markupsafe import Markup

from ..basemap import Frame
from ..catalogue import Catalogue
from ..city import View
from ..geo import fitting_zoom
from ..i18n import Language, say, translate
from ..layers import Feature
from ..pictures import draw_map
from .itinerary import Itinerary

MARGIN_PX = 60
CLOSEST_ZOOM = 16
WALKED, SAILED, WALKED_CASING, NUMBER = "#23606f", "#2a8ac9", "#fffdf8", "#a8321f"
APART_PX = 21.0  # numbers that would lie on each other are put side by side
END_MARKS = {"start": "#2d6a4f", "end": "#22303a"}

Spot = tuple[float, float]


def draw_itinerary(
    catalogue: Catalogue,
    itinerary: Itinerary,
    size_px: tuple[int, int],
    language: Language,
    address: Callable[[Feature], str],
) -> Markup:
    """Return an SVG document whose numbers are links to the stops."""
    frame = Frame(_view(catalogue, itinerary, size_px), *size_px)
    base = draw_map(catalogue, [], frame.view, size_px, language, address)
    body = [
        *_lines(itinerary, frame),
        *_tips(itinerary, frame, language),
        *_numbers(itinerary, frame, language, address),
    ]
    return Markup(base.removesuffix("</svg>")) + Markup("").join(body) + Markup("</svg>")


def _spots(itinerary: Itinerary) -> list[Spot]:
    ways = [spot for leg in itinerary.legs if leg for spot in leg.coords]
    return ways + [(stop.place.lon, stop.place.lat) for stop in itinerary.stops]


def _view(catalogue: Catalogue, itinerary: Itinerary, size_px: tuple[int, int]) -> View:
    spots = _spots(itinerary)
    if not spots:
        return catalogue.city.view
    west, south, east, north = shapely.MultiPoint(spots).bounds
    width_px, height_px = (side - 2 * MARGIN_PX for side in size_px)
    zoom = fitting_zoom((west, south, east, north), width_px, height_px, CLOSEST_ZOOM)
    return View((west + east) / 2, (south + north) / 2, zoom)


def _lines(itinerary: Itinerary, frame: Frame) -> Iterator[Markup]:
    spans = [span for leg in itinerary.legs if leg for span in leg.spans if len(span.coords) > 1]
    line = Markup(
        '<path d="{}" fill="none" stroke="{}" stroke-width="{}" stroke-linejoin="round" stroke-linecap="round"{}/>'
    )
    for mode, colour, dashes in (("walk", WALKED, "1 7"), ("boat", SAILED, "9 6")):
        path = "".join(frame.path(shapely.LineString(span.coords)) for span in spans if span.mode == mode)
        if path:
            yield line.format(path, WALKED_CASING, 8, Markup(' stroke-opacity="0.9"'))
            yield line.format(path, colour, 4, Markup(' stroke-dasharray="{}"').format(dashes))


def _tips(itinerary: Itinerary, frame: Frame, language: Language) -> Iterator[Markup]:
    """Yield the marks of start and end, where the visitor named them."""
    legs = [leg for leg in itinerary.legs if leg]
    tips = []
    if itinerary.request.start_at and legs:
        tips.append(("start", legs[0].coords[0]))
    if itinerary.request.end_at and legs:
        tips.append(("end", legs[-1].coords[-1]))
    for kind, spot in tips:
        x, y = frame.point(*spot)
        yield Markup(
            '<g><title>{}</title><rect x="{}" y="{}" width="16" height="16" rx="3" fill="{}" '
            'stroke="#fff" stroke-width="2"/></g>'
        ).format(translate(f"planner.mark_{kind}", language), round(x - 8, 1), round(y - 8, 1), END_MARKS[kind])


def _numbers(
    itinerary: Itinerary, frame: Frame, language: Language, address: Callable[[Feature], str]
) -> Iterator[Markup]:
    taken: list[Spot] = []
    for number, stop in enumerate(itinerary.stops, 1):
        x, y = frame.point(stop.place.lon, stop.place.lat)
        while any(abs(x - other_x) < APART_PX and abs(y - other_y) < APART_PX for other_x, other_y in taken):
            x += APART_PX
        taken.append((x, y))
        name = say(stop.feature.name, language)
        yield Markup(
            '<a href="{}" aria-label="{}. {}"><title>{}. {}</title>'
            '<circle cx="{}" cy="{}" r="12" fill="{}" stroke="#fff" stroke-width="2"/>'
            '<text x="{}" y="{}" font-size="13" font-weight="bold" fill="#fff" text-anchor="middle">{}</text></a>'
        ).format(
            *(address(stop.feature), number, name, number, name),
            *(x, y, NUMBER),
            *(x, round(y + 4.5, 1), number),
        )
