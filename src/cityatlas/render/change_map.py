"""Draw where a feature was and where it would be: two geometries in two colours on the schematic basemap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import geopandas as gpd
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from ..catalogue.catalogue import Catalogue
from ..city.spec import City, View
from ..geo import projection
from ..geo.geojson import Unreadable, read_geometry
from ..i18n import TAGS, Language, translate
from .basemap import HALO, OUTSIDE, Frame, base_credit, draw_base
from .naming.names import draw_names
from .naming.spots import Box

Geometry = Mapping[str, object] | None
BEFORE, AFTER = "#a8321f", "#00695c"
MARGIN_PX = 60
LEGEND_PX = 22  # height of a line


def draw_difference(
    catalogue: Catalogue, before: Geometry, after: Geometry, size_px: tuple[int, int], language: Language
) -> Markup:
    """Return an SVG picture of two geometries with a legend; empty when neither can be drawn.

    The old one is dashed and hollow, the new one is filled, so that nobody needs to tell the colours apart.
    """
    shapes = [_shape(geometry, catalogue.city) for geometry in (before, after)]
    there = [shape for shape in shapes if shape is not None]
    if not there:
        return Markup("")
    frame = Frame(_view(catalogue.city, there, size_px), *size_px)
    drawn = [
        _drawn(frame, shape, colour, is_dashed)
        for shape, colour, is_dashed in zip(shapes, (BEFORE, AFTER), (True, False), strict=True)
        if shape is not None
    ]
    taken: list[Box] = [(0, 0, 130, LEGEND_PX * 2 + 10)]
    body = [*draw_base(catalogue, frame), *draw_names(catalogue, frame, language, taken), *drawn]
    body += _legend(shapes, language)
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 {w} {h}" width="{w}" height="{h}" '
        'role="img" aria-label="{title}" lang="{tag}" font-family="sans-serif"><title>{title}</title>'
        '<rect width="{w}" height="{h}" fill="{ground}"/>'
    ).format(
        w=size_px[0], h=size_px[1], title=translate("office.map_title", language), tag=TAGS[language], ground=OUTSIDE
    )
    note = Markup('<text x="{}" y="{}" font-size="10" fill="#51606b" text-anchor="end" {}>{}</text>').format(
        size_px[0] - 6, size_px[1] - 6, HALO, base_credit(catalogue, language)
    )
    return head + Markup("").join(body) + note + Markup("</svg>")


def moved_m(city: City, before: Geometry, after: Geometry) -> int | None:
    """Return how many metres lie between two points; None unless both are points that can be read."""
    shapes = [_shape(geometry, city) for geometry in (before, after)]
    if any(shape is None or shape.geom_type != "Point" for shape in shapes):
        return None
    metric = projection.to_metres(gpd.GeoSeries(shapes, crs=projection.WGS84), city.view.lon, city.view.lat)
    return round(float(metric.iloc[0].distance(metric.iloc[1])))


def _shape(geometry: Geometry, city: City) -> BaseGeometry | None:
    """Return a geometry, or None for one that is missing or that no file may hold."""
    try:
        return read_geometry(geometry, city.extent) if geometry else None
    except Unreadable:
        return None


def _view(city: City, shapes: list[BaseGeometry], size_px: tuple[int, int]) -> View:
    bounds = [shape.bounds for shape in shapes]
    west, south = (min(bound[side] for bound in bounds) for side in (0, 1))
    east, north = (max(bound[side] for bound in bounds) for side in (2, 3))
    inner = (size_px[0] - 2 * MARGIN_PX, size_px[1] - 2 * MARGIN_PX)
    zoom = projection.fitting_zoom((west, south, east, north), *inner, min(16, city.max_zoom))
    return View((west + east) / 2, (south + north) / 2, zoom)


def _drawn(frame: Frame, shape: BaseGeometry, colour: str, is_dashed: bool) -> Markup:
    dash = Markup(' stroke-dasharray="6 4"') if is_dashed else Markup("")
    if shape.geom_type == "Point":
        x, y = frame.point(*projection.representative_lon_lat(shape))
        return Markup('<circle cx="{}" cy="{}" r="9" fill="{}" stroke="{}" stroke-width="2.5"{}/>').format(
            x, y, "#fffdf8" if is_dashed else colour, colour if is_dashed else "#fff", dash
        )
    fill = "none" if shape.geom_type.endswith("LineString") or is_dashed else colour
    return Markup(
        '<path d="{}" fill="{}" fill-opacity="0.18" stroke="{}" stroke-width="3" stroke-linejoin="round"{}/>'
    ).format(frame.path(shape), fill, colour, dash)


def _legend(shapes: list[BaseGeometry | None], language: Language) -> Iterator[Markup]:
    """Yield a line of words for each geometry that is there, upper left."""
    words = (translate("office.map_before", language), translate("office.map_after", language))
    rows = [row for row in zip(shapes, (BEFORE, AFTER), words, (True, False), strict=True) if row[0] is not None]
    yield Markup('<rect x="6" y="6" width="124" height="{}" rx="4" fill="#fffdf8" fill-opacity="0.92"/>').format(
        len(rows) * LEGEND_PX + 6
    )
    for number, (_, colour, text, is_dashed) in enumerate(rows):
        y = 9 + LEGEND_PX * number + LEGEND_PX / 2
        dash = Markup(' stroke-dasharray="4 3"') if is_dashed else Markup("")
        yield Markup(
            '<circle cx="20" cy="{}" r="6" fill="{}" stroke="{}" stroke-width="2"{}/>'
            '<text x="33" y="{}" font-size="12" fill="#22303a">{}</text>'
        ).format(y, "#fffdf8" if is_dashed else colour, colour, dash, y + 4, text)
