"""Put a tour route on one A4 page that hangs at a wharf or lies at a desk: its map, its stops, a QR code for each."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from ..catalogue.catalogue import Catalogue
from ..catalogue.visiting import is_visitable
from ..city.layers import Feature
from ..city.opening.feature_opening import closure_on, notices_from
from ..city.opening.hours_sentence import say_hours
from ..i18n import TAGS, Language, length_words, say, translate
from ..paths import templates_dir
from ..render.basemap import base_credit
from ..routing.route_legs import RouteLeg
from ..schema.strict_json import JsonTable
from .booklet import cited
from .handout import draw_qr
from .typeset import typeset

# Millimetres of A4 inside its margins, and about how much of its height each part takes; what is left is the map's.
WIDTH_MM, HEIGHT_MM = 186, 277
HEAD_MM, FOOT_MM, SOURCE_MM, LEAST_MAP_MM, MOST_MAP_MM = 43, 21, 3.5, 60, 150
SOURCE_COLUMNS = 2
PX_A_MM = 4


@dataclass(frozen=True)
class Grid:
    """Hold in how many columns stops stand, how high a row is, and how wide a QR code is."""

    columns: int
    row_mm: float
    qr_mm: float


# By the most stops that each has room for. A QR code of a usual address has 41 modules with its quiet zone, and a
# phone reads modules of 0.33 mm from a sheet that it is held over.
GRIDS = ((8, Grid(2, 22, 19)), (15, Grid(3, 25, 16)))
CLOSE_GRID = Grid(4, 23, 14)


@dataclass(frozen=True)
class Leaflet:
    """Hold a route, its visits in order with the legs between them, and where its addresses lead.

    `page_of` gives the absolute address of a feature's page, `link` is that of the route.
    """

    catalogue: Catalogue
    route: Feature
    stops: Sequence[Feature]
    legs: Sequence[RouteLeg]
    language: Language
    page_of: Callable[[Feature], str]
    link: str
    made_at: datetime

    def words(self, key: str, **values: object) -> str:
        """Return a sentence of the interface."""
        return translate(key, self.language, **values)

    @property
    def numbers(self) -> dict[str, int]:
        """Return the number of each stop from 1, as the map writes it: a loop's last stop is its first."""
        return {stop: number for number, stop in enumerate(dict.fromkeys(stop.id for stop in self.stops), 1)}


def grid_of(stops: int) -> Grid:
    """Return how so many stops are set."""
    return next((grid for most, grid in GRIDS if stops <= most), CLOSE_GRID)


def map_px(leaflet: Leaflet) -> tuple[int, int]:
    """Return the size of the map, which takes what the stops and sources leave of the page."""
    grid = grid_of(len(leaflet.numbers))
    rows_mm = math.ceil(len(leaflet.numbers) / grid.columns) * grid.row_mm
    sources_mm = math.ceil(len(_sources(leaflet)) / SOURCE_COLUMNS) * SOURCE_MM
    left_mm = HEIGHT_MM - HEAD_MM - FOOT_MM - rows_mm - sources_mm
    return WIDTH_MM * PX_A_MM, round(min(MOST_MAP_MM, max(LEAST_MAP_MM, left_mm)) * PX_A_MM)


def make_leaflet(leaflet: Leaflet, svg: Markup) -> JsonTable:
    """Return what the page tells as a table of texts, ready for `json`; `svg` is a map of `map_px`."""
    route, language = leaflet.route, leaflet.language
    grid = grid_of(len(leaflet.numbers))
    width_px, height_px = map_px(leaflet)
    other = say(route.name, "en" if language == "zh" else "zh")
    name = say(route.name, language).text
    return {
        "lang": TAGS[language],
        "city": say(leaflet.catalogue.city.title, language).text,
        "title": name,
        "other": other.text if other.text != name else "",
        "other_tag": TAGS[other.language],
        "summary": say(route.summary, language).text,
        "svg": str(svg).replace('font-family="sans-serif"', 'font-family="Noto Serif SC"'),
        "map_ratio": height_px / width_px,
        "columns": grid.columns,
        "qr_mm": grid.qr_mm,
        "stops": [_stop(leaflet, number, stop) for number, stop in enumerate(_unique(leaflet), 1)],
        "link": leaflet.link,
        "qr": str(draw_qr(leaflet.link)),
        "scan": leaflet.words("leaflet.scan"),
        "notes": [leaflet.words("leaflet.schematic"), leaflet.words("routes.legs_note")],
        "sources_title": leaflet.words("card.sources"),
        "sources": _sources(leaflet),
        "made": leaflet.words("leaflet.made", date=leaflet.made_at.date().isoformat()),
        "credit": base_credit(leaflet.catalogue, language),
    }


def leaflet_pdf(table: JsonTable, made_at: datetime) -> bytes:
    """Return a leaflet as PDF; its description lies in templates/public/leaflet.typ."""
    return typeset(templates_dir() / "public" / "leaflet.typ", "leaflet", table, made_at)


def _unique(leaflet: Leaflet) -> list[Feature]:
    return [leaflet.catalogue.features[stop] for stop in leaflet.numbers]


def _sources(leaflet: Leaflet) -> list[JsonTable]:
    """Return the sources of the route; those of a stop stand on its own page, where its code leads."""
    return cited([leaflet.route])


def _stop(leaflet: Leaflet, number: int, stop: Feature) -> JsonTable:
    page = leaflet.page_of(stop)
    return {
        "number": number,
        "name": say(stop.name, leaflet.language).text,
        "about": " · ".join(_about(leaflet, stop)),
        "hours": _hours(leaflet, stop),
        "notice": _notice(leaflet, stop),
        "way": _way(leaflet, stop),
        "page": page,
        "qr": str(draw_qr(page)),
    }


def _about(leaflet: Leaflet, stop: Feature) -> list[str]:
    """Return what a stop is, how long one stays, and that its position is only drawn."""
    told = [say(leaflet.catalogue.city.kinds[stop.kind].title, leaflet.language).text]
    if stop.visit_min and any(leg.mode == "walk" for leg in leaflet.legs):  # from a passing boat nobody visits it
        told.append(leaflet.words("routes.visit_min", n=stop.visit_min))
    if stop.position_class == "schematic":
        told.append(leaflet.words("position.schematic"))
    return told


def _hours(leaflet: Leaflet, stop: Feature) -> str:
    """Return the hours of a whole week, since a leaflet is read on other days than it is made; unknown ones say so."""
    if stop.opening_hours:
        return say_hours(stop.opening_hours, leaflet.language)
    if not is_visitable(leaflet.catalogue, stop):
        return ""
    if stop.phone:
        return leaflet.words("leaflet.hours_call", phone=stop.phone)
    return leaflet.words("leaflet.hours_unknown")


def _notice(leaflet: Leaflet, stop: Feature) -> str:
    """Return what keeps a stop closed on the leaflet's day, or else the first that is known from then on."""
    today = leaflet.made_at.date()
    notice = closure_on(stop, today) or next(iter(notices_from(stop, today)), None)
    return say(notice.text, leaflet.language).text if notice else ""


def _way(leaflet: Leaflet, stop: Feature) -> str:
    """Return how one gets from a stop to the next one, by its number; empty at the end."""
    at = next(index for index, visit in enumerate(leaflet.stops) if visit.id == stop.id)
    if at + 1 >= len(leaflet.stops):
        return ""
    leg = leaflet.legs[at] if at < len(leaflet.legs) else None
    return leaflet.words("leaflet.next", number=leaflet.numbers[leaflet.stops[at + 1].id], way=_leg_words(leaflet, leg))


def _leg_words(leaflet: Leaflet, leg: RouteLeg | None) -> str:
    if leg is None:
        return leaflet.words("leaflet.way_unknown")
    told = [leaflet.words(f"routes.by_{leg.mode}")]
    if leg.length_m >= 50:  # as on the route's page
        about = leaflet.words("unit.about")
        told.append(about + length_words(leg.length_m, leaflet.language, is_about=True))
        told += [about + leaflet.words("unit.min", n=leg.walk_min)] if leg.walk_min else []
    return leaflet.words("unit.comma").join(told)
