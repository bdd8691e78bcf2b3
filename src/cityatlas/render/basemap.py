"""Draw the basemap as SVG: areas, waters, streets with casings, and whose it is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from markupsafe import Markup

from ..catalogue.catalogue import Catalogue
from ..city.spec import View
from ..geo.projection import view_bbox, web_mercator_px
from ..i18n import Language, say, translate

# The basemap by class: fill, line colour, and line width in pixels at zoom 14. The interactive
# map gets the same table. A width grows by WIDTH_GROWTH with each zoom.
BASE_STYLES: dict[str, dict[str, Any]] = {
    "sea": {"fill": "#c3dade"},
    "land": {"fill": "#f6f1e6", "stroke": "#cdbf9f", "width": 1.2, "dash": "6 5"},
    "town_area": {"fill": "#eee5d2"},
    "green": {"fill": "#dde6cd"},
    "building": {"fill": "#e3d7be", "stroke": "#d3c5a6", "width": 0.5},
    "lake": {"fill": "#bcd5d9", "stroke": "#93b9c0", "width": 0.8},
    "moat": {"stroke": "#bcd5d9", "width": 3.2},
    "river": {"stroke": "#bcd5d9", "width": 6},
    "canal": {"stroke": "#bcd5d9", "width": 3.2},
    "main": {"stroke": "#fffdf8", "width": 4.6, "casing": "#d8ccb2"},
    "street": {"stroke": "#fffdf8", "width": 2.8, "casing": "#ddd3bd"},
    "lane": {"stroke": "#fffdf8", "width": 1.5, "casing": "#e2d9c6"},
}
OUTSIDE = "#ebe4d5"  # what lies beyond the city
WIDTH_GROWTH = 1.45

HALO = Markup('paint-order="stroke" stroke="#f6f1e6" stroke-width="3" stroke-linejoin="round"')


def line_width_px(width: float, zoom: float) -> float:
    """Return the drawn width of a line that is `width` pixels wide at zoom 14."""
    return round(max(0.4, min(26.0, width * math.pow(WIDTH_GROWTH, zoom - 14))), 1)


@dataclass(frozen=True)
class Frame:
    """Turn degrees into pixels of one picture, whose centre is a view's."""

    view: View
    width_px: int
    height_px: int

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        return view_bbox(self.view.lon, self.view.lat, self.view.zoom, self.width_px + 80, self.height_px + 80)

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        x, y = web_mercator_px(lon, lat, self.view.zoom)
        middle_x, middle_y = web_mercator_px(self.view.lon, self.view.lat, self.view.zoom)
        return round(x - middle_x + self.width_px / 2, 1), round(y - middle_y + self.height_px / 2, 1)

    def is_inside(self, x: float, y: float, margin_px: float = 0) -> bool:
        return -margin_px <= x <= self.width_px + margin_px and -margin_px <= y <= self.height_px + margin_px

    def path(self, geometry: Any) -> str:
        """Return SVG path data of lines and areas, cut to the picture; empty when nothing is left."""
        left = shapely.clip_by_rect(geometry, *self.bbox)
        return "".join(self._part(part) for part in getattr(left, "geoms", [left]) if not part.is_empty)

    def _part(self, part: Any) -> str:
        if part.geom_type == "Polygon":
            return "".join(self._line(ring.coords) + "z" for ring in (part.exterior, *part.interiors))
        return self._line(part.coords) if part.geom_type in ("LineString", "LinearRing") else ""

    def _line(self, coords: Iterable[Sequence[float]]) -> str:
        points = dict.fromkeys(self.point(lon, lat) for lon, lat in coords)
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def draw_base(catalogue: Catalogue, frame: Frame) -> Iterator[Markup]:
    """Yield the basemap class by class; casings of streets lie under all streets."""
    shown = catalogue.base.within(frame.bbox, frame.view.zoom)
    drawn = [(s, frame.path(s.geometry)) for s in shown if s.group != "labels"]
    for group in ("land", "water"):
        for kind in dict.fromkeys(s.kind for s, path in drawn if s.group == group and path):
            style, path = (
                BASE_STYLES.get(kind, {}),
                "".join(p for s, p in drawn if s.group == group and s.kind == kind),
            )
            yield _path(path, style, frame.view.zoom)
    streets = [(s.kind, path) for s, path in drawn if s.group == "streets"]
    yield from _strokes(streets, frame.view.zoom, is_casing=True)
    yield from _strokes(streets, frame.view.zoom, is_casing=False)


def _strokes(paths: list[tuple[str, str]], zoom: float, *, is_casing: bool) -> Iterator[Markup]:
    for kind in ("lane", "street", "main"):
        joined = "".join(path for k, path in paths if k == kind)
        style = BASE_STYLES[kind]
        if joined and is_casing:
            yield _path(joined, {"stroke": style["casing"], "width": style["width"] + 1.4}, zoom)
        elif joined:
            yield _path(joined, {"stroke": style["stroke"], "width": style["width"]}, zoom)


def _path(data: str, style: dict[str, Any], zoom: float) -> Markup:
    width = line_width_px(style["width"], zoom) if "width" in style else 0
    stroke = Markup(' stroke="{}" stroke-width="{}" stroke-linejoin="round" stroke-linecap="round"').format(
        style.get("stroke", ""), width
    )
    dash = Markup(' stroke-dasharray="{}"').format(style["dash"]) if "dash" in style else Markup("")
    fill = style.get("fill", "none")
    return Markup('<path d="{}" fill="{}" fill-rule="evenodd"{}{}/>').format(
        data, fill, stroke if width else Markup(""), dash
    )


def base_credit(catalogue: Catalogue, language: Language) -> str:
    """Return what must stand on every picture of the basemap: whose it is, or that it was drawn by hand."""
    told = [say(one.text, language).text for one in catalogue.attributions]
    note = [translate("js.schematic_credit", language)] if catalogue.base.is_schematic else []
    return " · ".join((*note, *told))
