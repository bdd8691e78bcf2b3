"""Put the map on paper: A4 or A3, drawn as lines and letters, with an index of its places by the squares of a grid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from ..catalogue.catalogue import Catalogue
from ..city.layers import Feature
from ..city.spec import View
from ..i18n import TAGS, Language, say, translate
from ..paths import templates_dir
from ..render.basemap import HALO, Frame, base_credit
from .typeset import typeset

# The map's width and height in pixels of 1/96 inch, upright: the paper without margins of 10 mm.
PAPERS_PX = {"a4": (718, 1046), "a3": (1046, 1510)}
SQUARE_PX = 150  # of the grid, about
GRID_COLOUR = "#8a7f68"


@dataclass(frozen=True)
class Grid:
    """Hold the squares of a map: letters from west to east, numbers from north to south."""

    size_px: tuple[int, int]

    @property
    def counts(self) -> tuple[int, int]:
        """Return how many columns and rows there are."""
        width_px, height_px = self.size_px
        return max(2, round(width_px / SQUARE_PX)), max(2, round(height_px / SQUARE_PX))

    def square(self, x: float, y: float) -> str:
        """Return the square of a pixel: A1 is in the north-west."""
        columns, rows = self.counts
        width_px, height_px = self.size_px
        column = min(columns - 1, max(0, int(x * columns / width_px)))
        row = min(rows - 1, max(0, int(y * rows / height_px)))
        return f"{chr(ord('A') + column)}{row + 1}"


def draw_grid(grid: Grid) -> Iterator[Markup]:
    """Yield the lines of a grid, and its letters and numbers along the edges."""
    (columns, rows), (width_px, height_px) = grid.counts, grid.size_px
    xs = [round(width_px * n / columns, 1) for n in range(columns + 1)]
    ys = [round(height_px * n / rows, 1) for n in range(rows + 1)]
    path = "".join(f"M{x} 0V{height_px}" for x in xs[1:-1]) + "".join(f"M0 {y}H{width_px}" for y in ys[1:-1])
    yield Markup('<path d="{}" stroke="{}" stroke-width="0.5" stroke-opacity="0.3"/>').format(path, GRID_COLOUR)
    word = Markup('<text x="{}" y="{}" font-size="11" fill="{}" text-anchor="middle" {}>{}</text>')
    for n in range(columns):
        yield word.format(round((xs[n] + xs[n + 1]) / 2, 1), 13, GRID_COLOUR, HALO, chr(ord("A") + n))
    for n in range(rows):
        yield word.format(9, round((ys[n] + ys[n + 1]) / 2, 1), GRID_COLOUR, HALO, n + 1)


def read_index(
    catalogue: Catalogue, features: Sequence[Feature], view: View, grid: Grid, language: Language
) -> list[dict[str, Any]]:  # Any: what JSON holds
    """Return the places that a map shows by layer, each with its square; routes, which cross many, have none."""
    frame = Frame(view, *grid.size_px)
    groups = []
    for spec in catalogue.city.layers:
        rows = [
            {"name": say(feature.name, language).text, "square": square}
            for feature in features
            if feature.layer == spec.id and (square := _square(catalogue, feature, frame, grid)) is not None
        ]
        if rows:
            rows.sort(key=lambda row: row["name"])
            groups.append({"title": say(spec.title, language).text, "colour": spec.colour, "rows": rows})
    return groups


def _square(catalogue: Catalogue, feature: Feature, frame: Frame, grid: Grid) -> str | None:
    """Return the square of a feature's mark, empty for a route, None where the mark lies outside of the map."""
    x, y = frame.point(feature.lon, feature.lat)
    if not frame.is_inside(x, y):
        return None
    return "" if catalogue.city.kinds[feature.kind].role == "route" else grid.square(x, y)


def map_pdf(
    catalogue: Catalogue,
    svg: Markup,
    index: Sequence[dict[str, Any]],
    words: tuple[str, str],
    paper: tuple[str, bool],
    language: Language,
    made_at: datetime,
) -> bytes:
    """Return a map and its index as PDF; `words` are its title and address, `paper` its format and if it is wide."""
    name, is_wide = paper
    table = {
        "svg": str(svg).replace('font-family="sans-serif"', 'font-family="Noto Serif SC"'),
        "index": list(index),
        "title": words[0],
        "link": words[1],
        "paper": name,
        "is_wide": is_wide,
        "lang": TAGS[language],
        "index_title": translate("sheet.index", language),
        "note": translate("sheet.index_note", language),
        "made": translate("sheet.made", language, date=made_at.date().isoformat()),
        "sources": base_credit(catalogue, language),
    }
    return typeset(templates_dir() / "public" / "map.typ", "map", table, made_at)
