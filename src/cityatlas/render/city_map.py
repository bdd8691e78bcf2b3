"""Draw the map as SVG, without a browser: what a page shows before, or in place of, the interactive one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import resvg_py
from markupsafe import Markup

from ..catalogue.catalogue import Catalogue
from ..city.layers import Feature
from ..city.spec import City, View
from ..i18n import TAGS, Language, say, translate
from .basemap import HALO, OUTSIDE, Box, Frame, base_credit, draw_base, draw_names, overlap
from .icons import read_icons
from .name_lines import text_width_px

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


def draw_map(
    catalogue: Catalogue,
    features: Sequence[Feature],
    view: View,
    size_px: tuple[int, int],
    language: Language,
    address: Callable[[Feature], str],
    stops: Sequence[str] = (),
    *,
    is_whole: bool = False,
) -> Markup:
    """Return an SVG document of the basemap and some features, each linked by `address`.

    `stops` are ids that get the number of their place in the row. In a frame of another shape the picture fills it
    and is cut, unless it `is_whole`. All colours are attributes, so that it looks right without any style sheet.
    """
    width_px, height_px = size_px
    frame = Frame(view, width_px, height_px)
    kind = "position.schematic" if catalogue.base.is_schematic else "nav.map"
    title = f"{say(catalogue.city.title, language).text}（{translate(kind, language)}）"
    marked = [f for f in features if catalogue.city.kinds[f.kind].role != "route"]
    marks, taken = _marks(catalogue.city, marked, frame, language, address)
    body = [
        *draw_base(catalogue, frame),
        *_shapes(catalogue.city, features, frame, language, address),
        *draw_names(catalogue, frame, language, taken),
        *marks,
        *_numbers(catalogue, stops, frame),
        *_notes(catalogue, frame, language),
    ]
    fit = "meet" if is_whole else "slice"
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 {w} {h}" width="{w}" height="{h}" '
        'role="group" aria-label="{title}" lang="{tag}" font-family="sans-serif" '
        'preserveAspectRatio="xMidYMid {fit}"><title>{title}</title><rect width="{w}" height="{h}" fill="{ground}"/>'
    ).format(w=width_px, h=height_px, title=title, tag=TAGS[language], ground=OUTSIDE, fit=fit)
    return head + _symbols(catalogue.city, marked) + Markup("").join(body) + Markup("</svg>")


def to_png(svg: str, width_px: int | None = None) -> bytes:
    """Return an SVG document as PNG, in its own size unless said otherwise.

    Names need a Chinese font on this machine, and are left out without one.
    """
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width_px))


def _shapes(
    city: City, features: Sequence[Feature], frame: Frame, language: Language, address: Callable[[Feature], str]
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


def _numbers(catalogue: Catalogue, stops: Sequence[str], frame: Frame) -> Iterator[Markup]:
    """Yield the number of each stop beside its mark; a loop's last stop is its first."""
    for number, stop in enumerate(dict.fromkeys(stops), 1):
        feature = catalogue.features[stop]
        x, y = frame.point(feature.lon, feature.lat)
        yield Markup(
            '<circle cx="{0}" cy="{1}" r="9" fill="#a8321f" stroke="#fff" stroke-width="2"/>'
            '<text x="{0}" y="{2}" font-size="11" font-weight="bold" fill="#fff" text-anchor="middle">{3}</text>'
        ).format(x - MARK_PX / 2 - 4, y - MARK_PX / 2, y - MARK_PX / 2 + 4, number)


def _notes(catalogue: Catalogue, frame: Frame, language: Language) -> Iterator[Markup]:
    """Yield what a picture says about itself wherever it is taken: approval number left, whose basemap right."""
    approval = catalogue.city.organiser.map_approval
    notes = [(frame.width_px - 6, "end", base_credit(catalogue, language))]
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
    city: City, features: Sequence[Feature], frame: Frame, language: Language, address: Callable[[Feature], str]
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
        box = (left, y - NAME_PX * 0.8, left + text_width_px(name.text, NAME_PX) + 6, y + NAME_PX * 0.6)
        if number < NAMED and box[2] < frame.width_px and not any(overlap(box, other) for other in taken):
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
