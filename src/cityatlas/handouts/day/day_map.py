"""Draw an itinerary as SVG: the schematic basemap, the lines walked and sailed, and the stops by number."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import shapely
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...city.spec import View
from ...geo.projection import Bbox, web_mercator_px
from ...i18n import Language, say, translate
from ...planner.itinerary.itinerary import Itinerary
from ...render.basemap import HALO, Frame
from ...render.city_map import draw_map
from ...render.naming.crowd import Spot, spread

MARGIN_PX = 64
CLOSEST_ZOOM = 16
WALKED, SAILED, RIDDEN, CASING, NUMBER = "#23606f", "#1f4f86", "#6d4f86", "#fffdf8", "#a8321f"
RADIUS_PX, APART_PX = 11, 25.0  # of a number, and between the middles of two
STROKES = (("ridden", RIDDEN, "14 5 1 5"), ("boat", SAILED, "10 7"), ("walk", WALKED, "1 7"))  # by mode, first below
END_MARKS = {"start": "#2d6a4f", "end": "#22303a"}
TIP_TEXT_PX = {"start": -26.0, "end": 26.0}  # above the mark and below it: a tour may end where it starts


def draw_itinerary(
    catalogue: Catalogue,
    itinerary: Itinerary,
    size_px: tuple[int, int],
    language: Language,
    address: Callable[[Feature], str],
) -> Markup:
    """Return an SVG document whose numbers are links to the stops."""
    frame = Frame(itinerary_view(catalogue, itinerary, size_px), *size_px)
    tips = {kind: frame.point(*tip) for kind, tip in named_tips(itinerary).items()}
    spots = [frame.point(stop.place.lon, stop.place.lat) for stop in itinerary.stops]
    words = [(x, y + TIP_TEXT_PX[kind]) for kind, (x, y) in tips.items()]
    placed = [(round(x, 1), round(y, 1)) for x, y in spread(spots, APART_PX, words)]
    taken = [(x - APART_PX / 2, y - APART_PX / 2, x + APART_PX / 2, y + APART_PX / 2) for x, y in (*placed, *words)]
    base = draw_map(catalogue, [], frame.view, size_px, language, address, taken=taken, is_whole=True)
    body = [
        *_lines(itinerary, frame),
        *_marks(tips, language),
        *_leaders(spots, placed),
        *_numbers(itinerary, placed, language, address),
    ]
    drawn = Markup(base.removesuffix("</svg>"))  # nosec B704 # drawn by us
    return drawn + Markup("").join(body) + Markup("</svg>")


def _spots(itinerary: Itinerary) -> list[Spot]:
    ways = [spot for leg in itinerary.legs if leg for spot in leg.coords]
    trips = [(lon, lat) for trip in _trips(itinerary) for lon, lat in shapely.get_coordinates(trip)]
    return ways + trips + [(stop.place.lon, stop.place.lat) for stop in itinerary.stops]


def modes_drawn(itinerary: Itinerary) -> list[str]:
    """Return which of "walk", "boat" and "ridden" an itinerary's picture shows."""
    return [kind for kind, lines in courses(itinerary).items() if lines]


def courses(itinerary: Itinerary) -> dict[str, list[BaseGeometry]]:
    """Return the lines that are walked, that are sailed, and, straight, that are ridden by estimate."""
    spans = [span for leg in itinerary.legs if leg for span in leg.spans if len(span.coords) > 1]
    lines: dict[str, list[BaseGeometry]] = {"walk": [], "boat": [], "ridden": []}
    for way in spans:
        lines["ridden" if way.is_estimate else way.mode].append(shapely.LineString(way.coords))
    lines["boat"] += _trips(itinerary)
    return lines


def _trips(itinerary: Itinerary) -> list[BaseGeometry]:
    """Return the courses of the visits that are boat trips."""
    return [stop.feature.geometry for stop in itinerary.stops if stop.is_boat]


def route_shape(itinerary: Itinerary) -> float:
    """Return how many times as high as wide the ground is that a picture shows, without its margins."""
    width, height = _extent(itinerary)
    return height / width if width else math.inf if height else 1.0


def _extent(itinerary: Itinerary) -> tuple[float, float]:
    """Return width and height of all that is drawn, in pixels of zoom 0."""
    spots = [web_mercator_px(lon, lat, 0) for lon, lat in _spots(itinerary)]
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    return (max(xs) - min(xs), max(ys) - min(ys)) if spots else (0.0, 0.0)


def itinerary_bbox(itinerary: Itinerary) -> Bbox | None:
    """Return the extent in degrees of all that is drawn, None of nothing."""
    spots = _spots(itinerary)
    return shapely.MultiPoint(spots).bounds if spots else None


def itinerary_view(catalogue: Catalogue, itinerary: Itinerary, size_px: tuple[int, int]) -> View:
    """Return the view that shows all that is drawn as large as it gets."""
    bbox = itinerary_bbox(itinerary)
    if not bbox:
        return catalogue.city.view
    west, south, east, north = bbox
    rooms = [
        (side - 2 * MARGIN_PX) / extent for side, extent in zip(size_px, _extent(itinerary), strict=True) if extent
    ]
    zoom = min(CLOSEST_ZOOM, math.log2(min(rooms))) if rooms else CLOSEST_ZOOM
    return View((west + east) / 2, (south + north) / 2, zoom)


def _lines(itinerary: Itinerary, frame: Frame) -> Iterator[Markup]:
    """Yield what is ridden, sailed, and walked: dashes and dots differ without their colours, too."""
    lines = courses(itinerary)
    line = Markup(
        '<path d="{}" fill="none" stroke="{}" stroke-width="{}" stroke-linejoin="round" stroke-linecap="round"{}/>'
    )
    for mode, colour, dashes in STROKES:
        path = "".join(frame.path(course) for course in lines[mode])
        if path:
            yield line.format(path, CASING, 8, Markup(' stroke-opacity="0.9"'))
            yield line.format(path, colour, 4, Markup(' stroke-dasharray="{}"').format(dashes))


def named_tips(itinerary: Itinerary) -> dict[str, Spot]:
    """Return start and end (lon, lat), where the visitor named them."""
    legs = [leg for leg in itinerary.legs if leg]
    tips: dict[str, Spot] = {}
    if itinerary.request.start_at and legs:
        tips["start"] = legs[0].coords[0]
    if itinerary.request.end_at and legs:
        tips["end"] = legs[-1].coords[-1]
    return tips


def _marks(tips: Mapping[str, Spot], language: Language) -> Iterator[Markup]:
    for kind, (x, y) in tips.items():
        yield Markup(
            '<g><rect x="{:g}" y="{:g}" width="16" height="16" rx="3" fill="{}" stroke="#fff" stroke-width="2"/>'
            '<text x="{:g}" y="{:g}" font-size="12" font-weight="bold" fill="{}" text-anchor="middle" {}>{}</text></g>'
        ).format(
            *(x - 8, y - 8, END_MARKS[kind]),
            *(x, y + TIP_TEXT_PX[kind] + 4, END_MARKS[kind], HALO, translate(f"planner.mark_{kind}", language)),
        )


def _leaders(spots: Sequence[Spot], placed: Sequence[Spot]) -> Iterator[Markup]:
    """Yield a line from each number that had to give way to the spot that it stands for."""
    for spot, place in zip(spots, placed, strict=True):
        if spot != place:
            yield Markup(
                '<path d="M{:g} {:g}L{:g} {:g}" stroke="{}" stroke-width="1.5" aria-hidden="true"/>'
                '<circle cx="{:g}" cy="{:g}" r="3" fill="{}" stroke="#fff" aria-hidden="true"/>'
            ).format(*spot, *place, NUMBER, *spot, NUMBER)


def _numbers(
    itinerary: Itinerary, placed: Sequence[Spot], language: Language, address: Callable[[Feature], str]
) -> Iterator[Markup]:
    for number, (stop, (x, y)) in enumerate(zip(itinerary.stops, placed, strict=True), 1):
        name = say(stop.feature.name, language)
        yield Markup(
            '<a href="{}" aria-label="{}. {}"><title>{}. {}</title>'
            '<circle cx="{:g}" cy="{:g}" r="{}" fill="{}" stroke="#fff" stroke-width="2"/>'
            '<text x="{:g}" y="{:g}" font-size="12" font-weight="bold" fill="#fff" text-anchor="middle">{}</text></a>'
        ).format(address(stop.feature), number, name, number, name, x, y, RADIUS_PX, NUMBER, x, y + 4.2, number)
