"""Put a drawn map on a sheet that can be taken anywhere: its title above it, legend, scale and north below."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ..catalogue.catalogue import Catalogue
from ..city.layers import Feature
from ..city.spec import View
from ..geo.projection import Bbox, web_mercator_px
from ..i18n import TAGS, Language, say, translate
from .marks import MARK_SHAPES
from .naming.name_lines import text_width_px

PAPER, INK, SOFT, TITLE_COLOUR, EDGE = "#f6f1e6", "#22303a", "#51606b", "#a02e1c", "#cdbf9f"
PAD_PX = 12
HEAD_PX, SUBTITLE_PX = 44, 12
TITLE_PX, LONG_TITLE_PX = (20, 17), 14  # the largest that fits; a longer title has two lines
ROW_PX, ENTRY_PX, SWATCH_PX, GAP_PX = 22, 12, 16, 16
SCALE_PX = 190  # room for the scale's bar, its words and the arrow to the north
BAR_PX = 110  # at most
LEAST_FOOT_PX = 40
MOST_FOOT = 0.3  # of the height; a legend that needs more is left out
LEAST_PX = (300, 200)  # width, height; a smaller picture is all map
EQUATOR_M = 40_075_016.686
TILE_PX = 256
LINES = {"line": "", "dots": "0.1 5.300", "dashes": "6 4"}  # how each is dashed


@dataclass(frozen=True)
class Entry:
    """Hold a line of the legend; `shape` is a mark's, one of LINES, or "schematic"."""

    shape: str
    colour: str
    text: str


@dataclass(frozen=True)
class Layout:
    """Hold how a sheet is divided: what stands above and below the map is 0 px where a picture is all map."""

    size_px: tuple[int, int]
    head_px: int
    foot_px: int
    rows: tuple[tuple[tuple[Entry, float], ...], ...]  # entries with their x

    @property
    def map_px(self) -> tuple[int, int]:
        """Return the map's width and height."""
        return self.size_px[0], self.size_px[1] - self.head_px - self.foot_px


def read_legend(catalogue: Catalogue, features: Sequence[Feature], language: Language) -> list[Entry]:
    """Return the legend of what a map shows: its layers, and what dashes say where a mark has them."""
    city, used = catalogue.city, {feature.layer for feature in features}
    routes = {f.layer for f in features if city.kinds[f.kind].role == "route"}
    entries = [
        Entry("line" if spec.id in routes else spec.shape, spec.colour, say(spec.title, language).text)
        for spec in city.layers
        if spec.id in used
    ]
    is_schematic = any(f.position_class == "schematic" and city.kinds[f.kind].role != "route" for f in features)
    note = [Entry("schematic", INK, translate("map.legend_schematic", language))] if is_schematic else []
    return entries + note


def lay_out(size_px: tuple[int, int], legend: Sequence[Entry], *, is_bare: bool = False) -> Layout:
    """Return how a sheet of a size is divided; a small picture, and one that is wanted `is_bare`, is all map."""
    width_px, height_px = size_px
    if is_bare or width_px < LEAST_PX[0] or height_px < LEAST_PX[1]:
        return Layout(size_px, 0, 0, ())
    rows = tuple(_rows(legend, width_px - 2 * PAD_PX - SCALE_PX))
    foot_px = len(rows) * ROW_PX + PAD_PX
    if foot_px > MOST_FOOT * height_px:
        rows, foot_px = (), 0
    return Layout(size_px, HEAD_PX, max(foot_px, LEAST_FOOT_PX), rows)


def _rows(legend: Sequence[Entry], room_px: float) -> Iterator[tuple[tuple[Entry, float], ...]]:
    """Yield the lines of a legend, each with as many entries as it has room for."""
    row: list[tuple[Entry, float]] = []
    x = 0.0
    for entry in legend:
        wide_px = SWATCH_PX + 6 + text_width_px(entry.text, ENTRY_PX) + GAP_PX
        if row and x + wide_px > room_px:
            yield tuple(row)
            row, x = [], 0.0
        row.append((entry, PAD_PX + x))
        x += wide_px
    if row:
        yield tuple(row)


def fit_view(bbox: Bbox, room_px: tuple[int, int], most_zoom: float) -> View:
    """Return the view that shows an extent as large as it fits into a room, at most at a zoom."""
    west, south, east, north = bbox
    (left, bottom), (right, top) = web_mercator_px(west, south, 0), web_mercator_px(east, north, 0)
    sides = zip(room_px, (right - left, bottom - top), strict=True)
    zooms = [math.log2(max(1, room) / extent) for room, extent in sides if extent > 0]
    return View((west + east) / 2, (south + north) / 2, min([most_zoom, *zooms]))


def draw_sheet(
    layout: Layout,
    drawn: Markup,
    view: View,
    words: tuple[str, str],
    language: Language,
    out_px: tuple[int, int],
    over: Sequence[Markup] = (),
    *,
    is_cut: bool = True,
) -> Markup:
    """Return the sheet with a map of `layout.map_px`, its title and subtitle, made as large as `out_px`.

    What is `over` the map stands in the map's own pixels. A sheet that becomes pixels need not be cut at the map's
    edges: see `map_between`.
    """
    width_px, height_px = layout.size_px
    opened = Markup(drawn.removesuffix("</svg>"))  # nosec B704 # drawn by us
    inner = Markup("").join([opened, *over, Markup("</svg>")])
    title = list(_head(layout, *words)) if layout.head_px else []
    if is_cut:
        paper = Markup('<rect width="{}" height="{}" fill="{}"/>').format(width_px, height_px, PAPER)
        cut = Markup('<svg x="0" y="{}"').format(layout.head_px) + Markup(inner.removeprefix("<svg"))  # nosec B704 # drawn by us
        body = [paper, *title, cut]
    else:
        body = [*map_between(inner, layout.head_px, layout.foot_px, layout.size_px, PAPER), *title]
    body += _foot(layout, view, language) if layout.foot_px else ()
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 {} {}" width="{}" height="{}" '
        'lang="{}" font-family="sans-serif">'
    ).format(width_px, height_px, *out_px, TAGS[language])
    return head + Markup("").join(body) + Markup("</svg>")


def map_between(
    drawn: Markup, head_px: float, foot_px: float, size_px: tuple[float, float], paper: str
) -> Iterator[Markup]:
    """Yield a drawn map below a sheet's head, and the paper of head and foot over what it paints beyond its edges.

    It is not cut at them: a clip costs as much time as all the map's lines.
    """
    width_px, height_px = size_px
    yield Markup('<svg x="0" y="{}" overflow="visible"').format(head_px) + Markup(drawn.removeprefix("<svg"))  # nosec B704 # drawn by us
    for top_px, high_px in ((0, head_px), (height_px - foot_px, foot_px)):
        if high_px:
            strip = Markup('<rect y="{}" width="{}" height="{}" fill="{}"/>')
            yield strip.format(top_px, width_px, high_px, paper)


def draw_ring(x: float, y: float) -> Markup:
    """Return what marks the one place that a picture is about."""
    ring = Markup('<circle cx="{}" cy="{}" r="16" fill="none" stroke="{}" stroke-width="2.500"/>')
    return ring.format(x, y, TITLE_COLOUR)


def _head(layout: Layout, title: str, subtitle: str) -> Iterator[Markup]:
    room_px = layout.size_px[0] - 2 * PAD_PX
    side_px = text_width_px(subtitle, SUBTITLE_PX)
    if side_px > room_px / 2:
        subtitle, side_px = "", 0
    size_px, lines = _title_lines(title, room_px - side_px - GAP_PX)
    line = Markup('<text x="{}" y="{}" font-size="{}" fill="{}" text-anchor="{}">{}</text>')
    for number, words in enumerate(lines):
        middle = HEAD_PX / 2 + (number - (len(lines) - 1) / 2) * size_px * 1.25
        yield line.format(PAD_PX, round(middle + size_px * 0.35, 1), size_px, TITLE_COLOUR, "start", words)
    y = HEAD_PX / 2 + SUBTITLE_PX * 0.35
    yield line.format(layout.size_px[0] - PAD_PX, round(y, 1), SUBTITLE_PX, SOFT, "end", subtitle)


def _title_lines(title: str, room_px: float) -> tuple[int, list[str]]:
    """Return the size of a title's letters and its lines, of which the second ends where there is no more room."""
    for size_px in TITLE_PX:
        if text_width_px(title, size_px) <= room_px:
            return size_px, [title]
    first = shorten(title, LONG_TITLE_PX, room_px).removesuffix("…")
    if (space := first.rfind(" ")) > len(first) / 2:
        first = first[:space]
    rest = title[len(first) :].strip()
    return LONG_TITLE_PX, [first, shorten(rest, LONG_TITLE_PX, room_px)] if rest else [first]


def shorten(text: str, size_px: float, room_px: float) -> str:
    """Return a text as far as it fits into a room."""
    if text_width_px(text, size_px) <= room_px:
        return text
    while text and text_width_px(f"{text}…", size_px) > room_px:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _foot(layout: Layout, view: View, language: Language) -> Iterator[Markup]:
    top = layout.size_px[1] - layout.foot_px
    yield Markup('<path d="M0 {0}H{1}M0 {2}H{1}" stroke="{3}"/>').format(layout.head_px, layout.size_px[0], top, EDGE)
    for number, row in enumerate(layout.rows):
        middle = top + PAD_PX / 2 + ROW_PX * (number + 0.5)
        for entry, x in row:
            yield _swatch(entry, x, middle - SWATCH_PX / 2)
            text = Markup('<text x="{}" y="{}" font-size="{}" fill="{}">{}</text>')
            yield text.format(round(x + SWATCH_PX + 6, 1), middle + 4, ENTRY_PX, INK, entry.text)
    yield from _scale(layout.size_px[0] - PAD_PX - 14, layout.size_px[1] - layout.foot_px / 2, view, language)


def _swatch(entry: Entry, x: float, y: float) -> Markup:
    if entry.shape in LINES:
        line = Markup(
            '<path d="M{} {}h{}" stroke="{}" stroke-width="3.5" stroke-linecap="round" stroke-dasharray="{}"/>'
        )
        return line.format(round(x, 1), y + SWATCH_PX / 2, SWATCH_PX, entry.colour, LINES[entry.shape] or "none")
    is_dashed = entry.shape == "schematic"
    paint = Markup(  # nosec B704 # both are ours
        'fill="#fffdf8" stroke="{}" stroke-width="2.4" stroke-dasharray="4 2.500"'
        if is_dashed
        else 'fill="{}" stroke="#fff" stroke-width="2"'
    )
    mark = Markup('<svg x="{}" y="{}" width="{}" height="{}" viewBox="0 0 32 32"><path d="{}" {}/></svg>')
    shape = MARK_SHAPES["circle" if is_dashed else entry.shape]
    return mark.format(round(x, 1), y, SWATCH_PX, SWATCH_PX, shape, paint.format(entry.colour))


def _scale(right: float, middle: float, view: View, language: Language) -> Iterator[Markup]:
    """Yield a bar of a round length with its words, and an arrow to the north at its right."""
    length_m, bar_px = scale_bar(view)
    end = right - 22
    yield Markup('<path d="M{} {}v5H{}v-5" fill="none" stroke="{}" stroke-width="1.5"/>').format(
        round(end - bar_px, 1), middle, end, INK
    )
    word = Markup('<text x="{}" y="{}" font-size="11" fill="{}" text-anchor="middle">{}</text>')
    unit, count = ("unit.km", length_m // 1000) if length_m >= 1000 else ("unit.m", length_m)
    yield word.format(round(end - bar_px / 2, 1), middle - 2, INK, translate(unit, language, n=count))
    yield Markup('<path d="M{0} {1}l5 13l-5 -3l-5 3z" fill="{2}"/>').format(right, middle - 4, INK)
    yield word.format(right, middle - 6, INK, translate("map.north", language))


def scale_bar(view: View) -> tuple[int, float]:
    """Return the longest round length that a bar has room for: metres, and its pixels at the view's middle."""
    m_per_px = EQUATOR_M * math.cos(math.radians(view.lat)) / (TILE_PX * 2**view.zoom)
    most_m = BAR_PX * m_per_px
    power = 10 ** math.floor(math.log10(most_m))
    length_m = max(step * power for step in (1, 2, 5) if step * power <= most_m)
    return max(1, round(length_m)), round(length_m / m_per_px, 1)
