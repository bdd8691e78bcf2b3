"""Draw the map as SVG, without a browser: what a page shows before, or in place of, the interactive one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import resvg_py
import shapely
from markupsafe import Markup

from .catalogue import Catalogue
from .city import City, View
from .geo import view_bbox, web_mercator_px
from .i18n import TAGS, Language, say, translate
from .icons import read_icons
from .layers import Feature

# The schematic basemap by class: fill, line colour, and line width in pixels at zoom 14. The interactive
# map gets the same table. A width grows by WIDTH_GROWTH with each zoom.
BASE_STYLES: dict[str, dict[str, Any]] = {
    "sea": {"fill": "#c3dade"},
    "land": {"fill": "#f6f1e6", "stroke": "#cdbf9f", "width": 1.2, "dash": "6 5"},
    "town_area": {"fill": "#eee5d2"},
    "green": {"fill": "#dde6cd"},
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
LABEL_COLOURS = {"lake": "#2b6673", "river": "#2b6673", "sea": "#2b6673", "street": "#6b5f49"}

# The shape of each layer's marks in a box of 32 by 32; the icon stands in the middle.
MARK_SHAPES = {
    "circle": "M16 3a13 13 0 1 1 0 26a13 13 0 1 1 0-26z",
    "square": "M7 4h18a3 3 0 0 1 3 3v18a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3z",
    "diamond": "M16 1.5L30.5 16L16 30.5L1.5 16z",
    "hexagon": "M9 3.5h14L30 16l-7 12.5H9L2 16z",
    "shield": "M16 2.5l12 3.5v10c0 7-5 11.500-12 14C9 27.500 4 23 4 16V6z",
    "pentagon": "M16 2l14 10.500-5.300 16.500H7.300L2 12.500z",
}
MARK_PX = 26
NAMED = 300  # names are placed among this many marks; beyond, a picture is full anyway
NAME_PX = 12
Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels


def line_width_px(width: float, zoom: float) -> float:
    """Return the drawn width of a line that is `width` pixels wide at zoom 14."""
    return round(max(0.4, min(26.0, width * math.pow(WIDTH_GROWTH, zoom - 14))), 1)


@dataclass(frozen=True)
class _Frame:
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


def draw_map(
    catalogue: Catalogue,
    features: Sequence[Feature],
    view: View,
    size_px: tuple[int, int],
    language: Language,
    address: Callable[[Feature], str],
    stops: Sequence[str] = (),
) -> Markup:
    """Return an SVG document of the basemap and some features, each linked by `address`.

    `stops` are ids that get the number of their place in the row. All colours are attributes, so that the
    picture looks right without any style sheet.
    """
    width_px, height_px = size_px
    frame = _Frame(view, width_px, height_px)
    title = f"{say(catalogue.city.title, language).text}（{translate('position.schematic', language)}）"
    marked = [f for f in features if catalogue.city.kinds[f.kind].role != "route"]
    marks, taken = _marks(catalogue.city, marked, frame, language, address)
    body = [
        *_base(catalogue, frame),
        *_shapes(catalogue.city, features, frame, language, address),
        *_labels(catalogue, frame, language, taken),
        *marks,
        *_numbers(catalogue, stops, frame),
        *_notes(catalogue.city, frame, language),
    ]
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 {w} {h}" width="{w}" height="{h}" '
        'role="group" aria-label="{title}" lang="{tag}" font-family="sans-serif" '
        'preserveAspectRatio="xMidYMid slice"><title>{title}</title><rect width="{w}" height="{h}" fill="{ground}"/>'
    ).format(w=width_px, h=height_px, title=title, tag=TAGS[language], ground=OUTSIDE)
    return head + _symbols(catalogue.city, marked) + Markup("").join(body) + Markup("</svg>")


def to_png(svg: str) -> bytes:
    """Return an SVG document as PNG; names need a Chinese font on this machine, and are left out without one."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg))


def _base(catalogue: Catalogue, frame: _Frame) -> Iterator[Markup]:
    """Yield the basemap class by class; casings of streets lie under all streets."""
    drawn = [
        (s, frame.path(s.geometry)) for s in catalogue.base if s.group != "labels" and s.min_zoom <= frame.view.zoom
    ]
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


def _shapes(
    city: City, features: Sequence[Feature], frame: _Frame, language: Language, address: Callable[[Feature], str]
) -> Iterator[Markup]:
    """Yield the features' areas and lines; schematic areas are dashed, and a route is a link by its line."""
    for feature in features:
        is_line = feature.geometry.geom_type.endswith("LineString")
        path = "" if feature.geometry.geom_type == "Point" else frame.path(feature.geometry)
        if not path:
            continue
        spec, is_route = city.layer(feature.layer), city.kinds[feature.kind].role == "route"
        colour = spec.colour if spec else "#22303a"
        is_dashed = feature.position_class == "schematic" and not is_route
        drawn = Markup(
            '<path d="{}" fill="{}" fill-opacity="0.08" stroke="{}" stroke-width="{}" stroke-linejoin="round"{}/>'
        ).format(
            path,
            "none" if is_line else colour,
            colour,
            3.5 if is_line else 1.6,
            Markup(' stroke-dasharray="7 5"' if is_dashed else ""),
        )
        name = say(feature.name, language)
        link = Markup('<a href="{}" aria-label="{}"><title>{}</title>{}</a>')
        yield link.format(address(feature), name, name, drawn) if is_route else drawn


def _labels(catalogue: Catalogue, frame: _Frame, language: Language, taken: list[Box]) -> Iterator[Markup]:
    """Yield the basemap's names where no mark or name of a feature stands."""
    for shape in catalogue.base:
        if shape.group == "labels" and shape.min_zoom <= frame.view.zoom:
            name, (x, y) = say(shape.name, language), frame.point(shape.geometry.x, shape.geometry.y)
            size_px = 15 if shape.kind in ("town", "sea") else 11
            half_px = _text_width_px(name.text, size_px) / 2
            box = (x - half_px, y - size_px, x + half_px, y + 3)
            if frame.is_inside(x, y) and not any(_overlap(box, other) for other in taken):
                yield Markup('<text x="{}" y="{}" font-size="{}" fill="{}" text-anchor="middle" {}>{}</text>').format(
                    x, y, size_px, LABEL_COLOURS.get(shape.kind, "#5c523f"), HALO, name
                )


HALO = Markup('paint-order="stroke" stroke="#f6f1e6" stroke-width="3" stroke-linejoin="round"')


def _numbers(catalogue: Catalogue, stops: Sequence[str], frame: _Frame) -> Iterator[Markup]:
    """Yield the number of each stop beside its mark; a loop's last stop is its first."""
    for number, stop in enumerate(dict.fromkeys(stops), 1):
        feature = catalogue.features[stop]
        x, y = frame.point(feature.lon, feature.lat)
        yield Markup(
            '<circle cx="{0}" cy="{1}" r="9" fill="#a8321f" stroke="#fff" stroke-width="2"/>'
            '<text x="{0}" y="{2}" font-size="11" font-weight="bold" fill="#fff" text-anchor="middle">{3}</text>'
        ).format(x - MARK_PX / 2 - 4, y - MARK_PX / 2, y - MARK_PX / 2 + 4, number)


def _notes(city: City, frame: _Frame, language: Language) -> Iterator[Markup]:
    """Yield what a picture says about itself wherever it is taken: approval number left, schematic right."""
    approval = city.organiser.map_approval
    notes = [(frame.width_px - 6, "end", translate("js.schematic_credit", language))]
    notes += [(6, "start", translate("map.approval", language, number=approval))] if approval else []
    for x, anchor, text in notes:
        yield Markup('<text x="{}" y="{}" font-size="10" fill="#51606b" text-anchor="{}" {}>{}</text>').format(
            x, frame.height_px - 6, anchor, HALO, text
        )


def _symbols(city: City, features: Sequence[Feature]) -> Markup:
    """Return the icons that the marks need, once each."""
    names = sorted({city.kinds[feature.kind].icon for feature in features})
    known = {name: read_icons().get(name, read_icons()["marker"]) for name in names}
    symbol = Markup('<symbol id="picture-{}" viewBox="{}">{}</symbol>')
    drawn = (symbol.format(name, icon["viewBox"], Markup(icon["body"])) for name, icon in known.items())
    return Markup("<defs>") + Markup("").join(drawn) + Markup("</defs>")


def _marks(
    city: City, features: Sequence[Feature], frame: _Frame, language: Language, address: Callable[[Feature], str]
) -> tuple[list[Markup], list[Box]]:
    """Return the marks from north to south as links, and the room they take; a name stands where it hits none."""
    placed = [(feature, *frame.point(feature.lon, feature.lat)) for feature in features]
    placed = sorted((p for p in placed if frame.is_inside(p[1], p[2])), key=lambda p: p[2])
    taken: list[Box] = [
        (x - MARK_PX / 2, y - MARK_PX / 2, x + MARK_PX / 2, y + MARK_PX / 2) for _, x, y in placed[:NAMED]
    ]
    drawn = []
    for number, (feature, x, y) in enumerate(placed):
        name, text = say(feature.name, language), Markup("")
        left = x + MARK_PX / 2 + 2
        box = (left, y - NAME_PX * 0.8, left + _text_width_px(name.text, NAME_PX) + 6, y + NAME_PX * 0.6)
        if number < NAMED and box[2] < frame.width_px and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            text = Markup('<text x="{}" y="{}" font-size="{}" fill="#22303a" {}>{}</text>').format(
                round(left + 2, 1), round(y + 4, 1), NAME_PX, HALO, name
            )
        link = Markup('<a href="{}" aria-label="{}"><title>{}</title>{}{}</a>')
        drawn.append(link.format(address(feature), name, name, _mark(city, feature, x, y), text))
    return drawn, taken


def _mark(city: City, feature: Feature, x: float, y: float) -> Markup:
    spec = city.layer(feature.layer)
    colour, shape = (spec.colour, spec.shape) if spec else ("#22303a", "circle")
    is_schematic = feature.position_class == "schematic"
    paint = Markup(
        'fill="#fffdf8" stroke="{0}" stroke-width="2.4" stroke-dasharray="4 2.500"'
        if is_schematic
        else 'fill="{0}" stroke="#fff" stroke-width="2"'
    )
    return Markup(
        '<svg x="{}" y="{}" width="{}" height="{}" viewBox="0 0 32 32" color="{}"><path d="{}" {}/>'
        '<use href="#picture-{}" x="8.500" y="8.500" width="15" height="15" fill="currentColor"/></svg>'
    ).format(
        round(x - MARK_PX / 2, 1),
        round(y - MARK_PX / 2, 1),
        MARK_PX,
        MARK_PX,
        colour if is_schematic else "#fff",
        MARK_SHAPES[shape],
        paint.format(colour),
        city.kinds[feature.kind].icon,
    )


def _text_width_px(text: str, size_px: float) -> float:
    """Return about how wide a text is drawn: Chinese letters are square, others half as wide."""
    return sum(size_px if ord(letter) > 0x2E7F else size_px * 0.56 for letter in text)


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
