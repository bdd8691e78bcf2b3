"""Draw what a picture is about on a sheet: the city, a layer, a place or a tour route, in a view that fits it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from ..catalogue.catalogue import Catalogue
from ..city.layers import Feature
from ..city.spec import View
from ..geo.extent import joined_bbox
from ..geo.projection import Bbox
from ..i18n import Language, Text, say, translate
from .basemap import Frame
from .city_map import draw_map
from .looks import dressed
from .sheet import Layout, draw_ring, draw_sheet, fit_view, lay_out, read_legend

PREVIEW_PX = (1200, 630)  # what link previews ask for
LARGE_PX, MOST_SCALE = (
    800,
    1.5,
)  # a wider picture is drawn larger, so that its words can be read where it is shown small
DRAWN = 400  # features in one picture: more are not told apart, and each slows the page down
CLOSEST_ZOOM = 16
MARGIN_PX = 36
SCREEN_PX = (1280, 800)


@dataclass(frozen=True)
class SheetOptions:
    """Hold what is asked of a picture: its size, its look, and whether it is to be the map alone."""

    size_px: tuple[int, int] = PREVIEW_PX
    look: str = "light"
    is_bare: bool = False

    @property
    def drawn_px(self) -> tuple[int, int]:
        """Return the size in which it is drawn before it is made larger."""
        scale = min(MOST_SCALE, max(1, self.size_px[0] / LARGE_PX))
        return round(self.size_px[0] / scale), round(self.size_px[1] / scale)


@dataclass(frozen=True)
class Subject:
    """Hold what a picture is about: `view_of` a room in pixels; `stops` get numbers, `chosen` is ringed."""

    name: str
    title: Text
    features: list[Feature]
    view_of: Callable[[tuple[int, int]], View]
    stops: tuple[str, ...] = ()
    chosen: Feature | None = None


def city_subject(catalogue: Catalogue) -> Subject:
    """Return the whole city, in the view of what lies in its middle."""
    city, features = catalogue.city, list(catalogue.features.values())
    return Subject(city.id, city.title, features, partial(city_view, catalogue))


def draw_subject(
    catalogue: Catalogue,
    subject: Subject,
    options: SheetOptions,
    language: Language,
    address: Callable[[Feature], str],
    *,
    is_cut: bool = True,
) -> Markup:
    """Return the sheet of a subject as SVG, each of its features a link to its `address`; `is_cut` as in a sheet."""
    legend = read_legend(catalogue, in_sight(subject, options.drawn_px), language)
    layout = lay_out(options.drawn_px, legend, is_bare=options.is_bare)
    view = subject.view_of(layout.map_px)
    drawn = draw_map(catalogue, subject.features[:DRAWN], view, layout.map_px, language, address, subject.stops)
    over = _ring(subject.chosen, view, layout) if subject.chosen else []
    words = (say(subject.title, language).text, subtitle(catalogue, subject.title, language))
    sheet = draw_sheet(layout, drawn, view, words, language, options.size_px, over, is_cut=is_cut)
    return dressed(sheet, options.look)


def in_sight(subject: Subject, size_px: tuple[int, int]) -> list[Feature]:
    """Return those features that reach into a picture of a size: a legend tells of no others."""
    west, south, east, north = Frame(subject.view_of(size_px), *size_px).bbox
    bounds = ((feature, feature.geometry.bounds) for feature in subject.features)
    return [f for f, (w, s, e, n) in bounds if w <= east and e >= west and s <= north and n >= south]


def subtitle(catalogue: Catalogue, title: Text, language: Language) -> str:
    """Return whose map a picture is, unless its title says so, and that it is schematic where it is.

    A pinned one says in place of the first of which day it is.
    """
    whose = say(catalogue.city.title, language).text if title != catalogue.city.title else ""
    note = translate("position.schematic", language) if catalogue.base.is_schematic else ""
    return " · ".join(part for part in (_day_words(catalogue, language) or whose, note) if part)


def _day_words(catalogue: Catalogue, language: Language) -> str:
    """Return of which day a pinned picture is, empty for the latest."""
    if not (day := catalogue.as_of):
        return ""
    month = translate(f"date.m{day.month:02}", language)
    told = translate("date.day", language, year=str(day.year), month=month, day=str(day.day))
    return translate("frame.as_of", language) + told


def city_view(catalogue: Catalogue, room_px: tuple[int, int]) -> View:
    """Return the view of those features that the city's own view shows on a wide screen; far ones are left out."""
    view = catalogue.city.view
    frame = Frame(view, *SCREEN_PX)
    shown = [f for f in catalogue.features.values() if frame.is_inside(*frame.point(f.lon, f.lat))]
    extents = [(f.lon, f.lat, f.lon, f.lat) for f in shown]
    return fitted_view(joined_bbox(extents), room_px, view.zoom + 1) if shown else view


def view_of(catalogue: Catalogue, features: Sequence[Feature], room_px: tuple[int, int]) -> View:
    """Return the view that shows all of some features; of none the city's."""
    if not features:
        return city_view(catalogue, room_px)
    return fitted_view(joined_bbox([feature.geometry.bounds for feature in features]), room_px, CLOSEST_ZOOM)


def fitted_view(extent: Bbox, room_px: tuple[int, int], most_zoom: float) -> View:
    """Return the view that shows all of an extent with room about it for marks."""
    width_px, height_px = (side - 2 * MARGIN_PX for side in room_px)
    return fit_view(extent, (width_px, height_px), most_zoom)


def _ring(chosen: Feature, view: View, layout: Layout) -> list[Markup]:
    return [draw_ring(*Frame(view, *layout.map_px).point(chosen.lon, chosen.lat))]
