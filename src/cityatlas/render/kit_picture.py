"""Draw the map for an article: below a title, above a legend, a scale, whose it is and whether it was approved."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ..catalogue.catalogue import Catalogue
from ..city.layers import Feature
from ..city.spec import City, LayerSpec, View
from ..geo.projection import metres_per_px
from ..i18n import Language, length_words, say, translate
from .marks import INK, MARK_SHAPES, PAPER
from .naming.name_lines import text_width_px
from .sheet import map_between

EDGE_PX, TITLE_PX, LEAST_TITLE_PX = 14, 20, 9
BOLDER = 1.1  # times as wide are bold letters as the usual ones
HEAD_PX = 40
LEGEND_PX, LEGEND_ROW_PX, SIGN_PX, GAP_PX = 11, 16, 14, 14
FOOT_PX, NOTE_PX = 22, 10  # of the last line, and its letters
MOST_SCALE_PX = 110
SOFT = "#51606b"


@dataclass(frozen=True)
class Sheet:
    """Hold a picture's size, and how many lines its legend may have; what more there is is not told."""

    width_px: int
    height_px: float
    most_rows: int


def draw_sheet(
    catalogue: Catalogue,
    features: Sequence[Feature],
    draw: Callable[[tuple[int, int]], tuple[View, str]],
    sheet: Sheet,
    language: Language,
    title: str,
    source: str,
) -> Markup:
    """Return an SVG document; `draw` gives what a map of some size shows, and that as SVG, `source` whose it is."""
    used = {feature.layer for feature in features}
    rows = _rows([spec for spec in catalogue.city.layers if spec.id in used], sheet, language)
    map_px = sheet.width_px, math.floor(sheet.height_px - HEAD_PX - FOOT_PX - LEGEND_ROW_PX * len(rows) - 6)
    view, drawn = draw(map_px)
    foot_px = sheet.height_px - HEAD_PX - map_px[1]
    body = [
        *map_between(Markup(drawn), HEAD_PX, foot_px, (sheet.width_px, sheet.height_px), PAPER),  # nosec B704 # drawn by us
        _title(title, sheet),
        *_legend(rows, HEAD_PX + map_px[1] + 6, language),
        *_foot(catalogue.city, view, sheet, language, source),
    ]
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" '
        'font-family="sans-serif">'
    )
    return head.format(w=sheet.width_px, h=sheet.height_px) + Markup("").join(body) + Markup("</svg>")


def _title(title: str, sheet: Sheet) -> Markup:
    room_px = (sheet.width_px - 2 * EDGE_PX) / BOLDER
    size_px = max(LEAST_TITLE_PX, min(TITLE_PX, TITLE_PX * room_px / max(1, text_width_px(title, TITLE_PX))))
    drawn = Markup('<text x="{}" y="{}" font-size="{}" font-weight="bold" fill="{}">{}</text>')
    return drawn.format(EDGE_PX, 27, round(size_px, 1), INK, title)


def _rows(layers: Sequence[LayerSpec], sheet: Sheet, language: Language) -> list[list[tuple[float, LayerSpec]]]:
    """Return the legend's lines: each layer with where it begins."""
    rows: list[list[tuple[float, LayerSpec]]] = []
    x = math.inf
    for spec in layers:
        wide_px = SIGN_PX + 4 + text_width_px(say(spec.title, language).text, LEGEND_PX)
        if x + wide_px > sheet.width_px - EDGE_PX:
            rows.append([])
            x = EDGE_PX
        rows[-1].append((x, spec))
        x += wide_px + GAP_PX
    return rows[: sheet.most_rows]


def _legend(rows: Sequence[Sequence[tuple[float, LayerSpec]]], top_px: float, language: Language) -> Iterator[Markup]:
    sign = Markup('<path transform="translate({} {}) scale({})" d="{}" fill="{}"/>')
    words = Markup('<text x="{}" y="{}" font-size="{}" fill="{}">{}</text>')
    for number, row in enumerate(rows):
        y = top_px + number * LEGEND_ROW_PX
        for x, spec in row:
            shape = Markup(MARK_SHAPES[spec.shape])  # nosec B704 # of a table
            yield sign.format(round(x, 1), y, SIGN_PX / 32, shape, spec.colour)
            yield words.format(round(x + SIGN_PX + 4, 1), y + 11, LEGEND_PX, INK, say(spec.title, language).text)


def _foot(city: City, view: View, sheet: Sheet, language: Language, source: str) -> Iterator[Markup]:
    """Yield the last line: approval number or that there is none, the source, and the scale at its end."""
    number, y = city.organiser.map_approval, sheet.height_px - 8
    approval = (
        translate("map.approval", language, number=number) if number else translate("builder.no_approval", language)
    )
    words = Markup('<text x="{}" y="{}" font-size="{}" fill="{}">{}</text>')
    yield words.format(EDGE_PX, y, NOTE_PX, SOFT, f"{approval} · {source}")
    length_m, wide_px = scale_bar(view)
    right = sheet.width_px - EDGE_PX
    bar = Markup('<path d="M{} {}v4H{}v-4" fill="none" stroke="{}"/>')
    yield bar.format(round(right - wide_px, 1), y - 3, right, INK)
    label = Markup('<text x="{}" y="{}" font-size="{}" fill="{}" text-anchor="end">{}</text>')
    yield label.format(round(right - wide_px - 5, 1), y, NOTE_PX, INK, length_words(length_m, language))


def scale_bar(view: View) -> tuple[int, float]:
    """Return a round length in metres (1, 2 or 5 and zeros), and how wide it is drawn in a view."""
    pixel_m = metres_per_px(view.lat, view.zoom)
    most_m = MOST_SCALE_PX * pixel_m
    power = 10 ** math.floor(math.log10(most_m))
    length_m = max(1, round(max(step * power for step in (1, 2, 5) if step * power <= most_m)))
    return length_m, length_m / pixel_m
