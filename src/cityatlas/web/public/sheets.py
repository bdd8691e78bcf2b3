"""Answer with pictures to be taken elsewhere: the map, a layer, a place or a tour route on a sheet, as PNG or SVG."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Response, g, request
from markupsafe import Markup

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...city.spec import View
from ...errors import InvalidView
from ...i18n import Text, say, translate
from ...limits import PICTURE_LEAST_PX, PICTURE_MOST_PX, PICTURE_RATIO
from ...render.basemap import Frame
from ...render.city_map import to_png
from ...render.looks import DRAWN_LOOKS, dressed
from ...render.sheet import Layout, draw_ring, draw_sheet, lay_out, read_legend
from ..http.file_names import disposition
from ..http.pages import send
from ..http.snapshots import snapshot
from .pictures import picture

SHEET_KEYS = frozenset(["size", "ratio", "look", "parts"])
PREVIEW_PX = (1200, 630)  # what link previews ask for
LARGE_PX, MOST_SCALE = (
    800,
    1.5,
)  # a wider picture is drawn larger, so that its words can be read where it is shown small
SIZE, RATIO = re.compile(r"(\d{1,5})(?:x(\d{1,5}))?"), re.compile(r"(\d{1,4}):(\d{1,4})")
PARTS = ("all", "map")
MIMETYPES = {"png": "image/png", "svg": "image/svg+xml"}


@dataclass(frozen=True)
class SheetOptions:
    """Hold what an address asks of a picture: its size, its look, and whether it is to be the map alone."""

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


def read_options(args: Mapping[str, str]) -> SheetOptions:
    """Return the options of an address: size=1080x810, or size=1080 with ratio=4:3; look; parts. Raises InvalidView."""
    look, parts = args.get("look", DRAWN_LOOKS[0]), args.get("parts", PARTS[0])
    for key, value, choices in (("look", look, DRAWN_LOOKS), ("parts", parts, PARTS)):
        if value not in choices:
            raise InvalidView(f"{key}={value[:40]} is not known.", f"There are: {', '.join(choices)}.")
    return SheetOptions(_size(args.get("size", ""), args.get("ratio", "")), look, parts == "map")


def _size(size: str, ratio: str) -> tuple[int, int]:
    wanted, shape = SIZE.fullmatch(size or str(PREVIEW_PX[0])), RATIO.fullmatch(ratio or "40:21")
    if wanted and shape and int(shape[1]) and int(shape[2]):
        width_px = int(wanted[1])
        height_px = int(wanted[2] or round(width_px * int(shape[2]) / int(shape[1])))
        short_px, long_px = sorted((width_px, height_px))
        if short_px >= PICTURE_LEAST_PX and long_px <= min(PICTURE_MOST_PX, short_px * PICTURE_RATIO):
            return width_px, height_px
    raise InvalidView(
        f"The picture cannot be size={size[:40]} ratio={ratio[:40]}.",
        f"A side has {PICTURE_LEAST_PX} to {PICTURE_MOST_PX} pixels, at most {PICTURE_RATIO} times the other one."
        " Example: ?size=1080&ratio=4:3",
    )


def send_sheet(make: Callable[[Catalogue], Subject], form: str = "png") -> Response:
    """Return the picture of a subject by the present address's options, under a name that says what it shows."""
    options, subject = read_options(request.args), make(snapshot())

    def body(catalogue: Catalogue) -> bytes:
        drawn = draw_subject(catalogue, make(catalogue), options)
        return to_png(drawn) if form == "png" else drawn.encode()

    response = send(body, MIMETYPES[form], is_costly=form == "png")
    title = say(subject.title, g.language).text
    response.headers["Content-Disposition"] = disposition("inline", subject.name, title, form)
    return response


def draw_subject(catalogue: Catalogue, subject: Subject, options: SheetOptions) -> Markup:
    """Return the sheet of a subject as SVG, in the present language."""
    legend = read_legend(catalogue, in_sight(subject, options.drawn_px), g.language)
    layout = lay_out(options.drawn_px, legend, is_bare=options.is_bare)
    view = subject.view_of(layout.map_px)
    drawn = picture(catalogue, subject.features, view, layout.map_px, subject.stops)
    over = _ring(subject.chosen, view, layout) if subject.chosen else []
    words = (say(subject.title, g.language).text, subtitle(catalogue, subject.title))
    return dressed(draw_sheet(layout, drawn, view, words, g.language, options.size_px, over), options.look)


def in_sight(subject: Subject, size_px: tuple[int, int]) -> list[Feature]:
    """Return those features that reach into a picture of a size: a legend tells of no others."""
    west, south, east, north = Frame(subject.view_of(size_px), *size_px).bbox
    bounds = ((feature, feature.geometry.bounds) for feature in subject.features)
    return [f for f, (w, s, e, n) in bounds if w <= east and e >= west and s <= north and n >= south]


def subtitle(catalogue: Catalogue, title: Text) -> str:
    """Return whose map a picture is, unless its title says so, and that it is schematic where it is.

    A pinned one says in place of the first of which day it is.
    """
    whose = say(catalogue.city.title, g.language).text if title != catalogue.city.title else ""
    note = translate("position.schematic", g.language) if catalogue.base.is_schematic else ""
    return " · ".join(part for part in (_day_words(catalogue) or whose, note) if part)


def _day_words(catalogue: Catalogue) -> str:
    """Return of which day a pinned picture is, empty for the latest."""
    if not (day := catalogue.as_of):
        return ""
    month = translate(f"date.m{day.month:02}", g.language)
    told = translate("date.day", g.language, year=str(day.year), month=month, day=str(day.day))
    return translate("frame.as_of", g.language) + told


def _ring(chosen: Feature, view: View, layout: Layout) -> list[Markup]:
    return [draw_ring(*Frame(view, *layout.map_px).point(chosen.lon, chosen.lat))]
