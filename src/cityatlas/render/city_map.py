"""Draw the map as SVG, without a browser: what a page shows before, or in place of, the interactive one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, repeat, zip_longest

import resvg_py
from cachetools import LRUCache, cached
from markupsafe import Markup

from ..catalogue.catalogue import Catalogue
from ..city.layers import Feature
from ..city.spec import City, View
from ..i18n import TAGS, Language, say, translate
from ..paths import static_dir
from .basemap import HALO, OUTSIDE, Frame, base_credit, draw_base
from .icons import read_icons
from .marks import MOST_NAMED, Key, Mark, draw_key, draw_leader, draw_mark, find_key, mark_names, settle
from .naming.crowd import MARK_PX
from .naming.name_lines import text_width_px
from .naming.names import Named, base_names, draw_name, open_to_names, place_names
from .naming.openings import Openings, without
from .naming.spots import Box, Placed

NUMBER_PX, NOTE_PX = 10, 10  # half of a stop's number; letters of a note
KEPT_NAMES = 8_000  # that were placed; some kilobyte each, with all that they keep out of
KEY_TRIES = 5  # a key takes room, and more names may find none
KEY_SHARES = 4  # where one to all finds no room, one to three quarters of them may, to half or to a quarter
Marked = tuple[Box, str]  # of a mark, and what is written of it


def draw_map(
    catalogue: Catalogue,
    features: Sequence[Feature],
    view: View,
    size_px: tuple[int, int],
    language: Language,
    address: Callable[[Feature], str],
    stops: Sequence[str] = (),
    taken: Sequence[Box] = (),
    *,
    is_whole: bool = False,
) -> Markup:
    """Return an SVG document of the basemap and some features, each linked by `address`.

    `stops` are ids that get the number of their place in the row; names keep out of what is `taken`. In a frame of
    another shape the picture fills it and is cut, unless it `is_whole`. All colours are attributes, so that it looks
    right without any style sheet.
    """
    width_px, height_px = size_px
    frame = Frame(view, width_px, height_px)
    kind = "position.schematic" if catalogue.base.is_schematic else "nav.map"
    title = f"{say(catalogue.city.title, language).text}（{translate(kind, language)}）"
    marked = [f for f in features if catalogue.city.kinds[f.kind].role != "route"]
    marks = settle(marked, frame, language)
    notes = list(_notes(catalogue, frame, language))
    reserved = [*taken, *(box for box, _ in notes), *(box for box, _ in _numbers(catalogue, stops, frame))]
    body = [
        *draw_base(catalogue, frame),
        *_shapes(catalogue.city, features, frame, language, address),
        *_names_and_marks(catalogue, marks, frame, language, reserved, address),
        *(drawn for _, drawn in _numbers(catalogue, stops, frame)),
        *(drawn for _, drawn in notes),
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

    Its words are set in the font that the build made, so that they look the same on every machine; a rare sign that
    this lacks is taken from the machine's own fonts, where one has it.
    """
    font = static_dir() / "fonts" / "NotoSerifSC.ttf"
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg, width=width_px, font_files=[str(font)], sans_serif_family="Noto Serif SC"
    )
    return bytes(drawn)


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
            Markup(' stroke-dasharray="7 5"') if is_dashed else "",
        )
        name = say(feature.name, language)
        link = Markup('<a href="{}" aria-label="{}"><title>{}</title>{}</a>')
        yield link.format(address(feature), name, name, drawn) if is_route else drawn


def _numbers(catalogue: Catalogue, stops: Sequence[str], frame: Frame) -> Iterator[tuple[Box, Markup]]:
    """Yield the number of each stop beside its mark, and its box; a loop's last stop is its first."""
    for number, stop in enumerate(dict.fromkeys(stops), 1):
        feature = catalogue.features[stop]
        x, y = frame.point(feature.lon, feature.lat)
        x, y = x - MARK_PX / 2 - 3, y - MARK_PX / 2 + 1
        yield (
            (x - NUMBER_PX, y - NUMBER_PX, x + NUMBER_PX, y + NUMBER_PX),
            Markup(
                '<circle cx="{0}" cy="{1}" r="9" fill="#a8321f" stroke="#fff" stroke-width="2"/>'
                '<text x="{0}" y="{2}" font-size="11" font-weight="bold" fill="#fff" text-anchor="middle">{3}</text>'
            ).format(x, y, y + 4, number),
        )


def _notes(catalogue: Catalogue, frame: Frame, language: Language) -> Iterator[tuple[Box, Markup]]:
    """Yield what a picture says about itself wherever it is taken: approval number left, whose basemap right."""
    approval = catalogue.city.organiser.map_approval
    notes = [(frame.width_px - 6, "end", base_credit(catalogue, language))]
    notes += [(6, "start", translate("map.approval", language, number=approval))] if approval else []
    for x, anchor, text in notes:
        wide, y = text_width_px(text, NOTE_PX), frame.height_px - 6
        left = x - wide if anchor == "end" else x
        drawn = Markup('<text x="{}" y="{}" font-size="{}" fill="#51606b" text-anchor="{}" {}>{}</text>')
        yield (left, y - NOTE_PX, left + wide, y + 4), drawn.format(x, y, NOTE_PX, anchor, HALO, text)


def _symbols(city: City, features: Sequence[Feature]) -> Markup:
    """Return the icons that the marks need, once each."""
    names = sorted({city.kinds[feature.kind].icon for feature in features})
    known = {name: read_icons().get(name, read_icons()["marker"]) for name in names}
    symbol = Markup('<symbol id="picture-{}" viewBox="{}">{}</symbol>')
    bodies = {name: Markup(icon["body"]) for name, icon in known.items()}  # nosec B704 # pictures of ours
    drawn = (symbol.format(name, icon["viewBox"], bodies[name]) for name, icon in known.items())
    return Markup("<defs>") + Markup("").join(drawn) + Markup("</defs>")


def _names_and_marks(
    catalogue: Catalogue,
    marks: Sequence[Mark],
    frame: Frame,
    language: Language,
    taken: Sequence[Box],
    address: Callable[[Feature], str],
) -> Iterator[Markup]:
    """Yield the basemap's names, the marks with theirs or a number, and the key to the numbers."""
    places, base = mark_names(marks), list(base_names(catalogue, frame, language))
    marked = tuple((mark.box, mark.written) for mark in marks)
    spots, key = _placed((*places, *base), marked, frame, tuple(taken))
    for one, spot in zip(base, spots[len(places) :], strict=True):
        if spot:
            yield draw_name(one, spot)
    beside = {n: (one, spot) for n, (one, spot) in enumerate(zip(places, spots, strict=False)) if spot}
    yield from (draw_leader(*named) for named in beside.values())
    numbers = chain(range(1, len(key.names) + 1) if key else (), repeat(0))
    for n, mark in enumerate(marks):
        yield draw_mark(catalogue.city, mark, beside.get(n), 0 if n in beside else next(numbers), address)
    yield from draw_key(key) if key else ()


@cached(LRUCache(KEPT_NAMES, getsizeof=lambda placed: len(placed[0]) + 1), lock=threading.Lock())
def _placed(
    named: tuple[Named, ...], marks: tuple[Marked, ...], frame: Frame, taken: tuple[Box, ...]
) -> tuple[Sequence[Placed | None], Key | None]:
    """Return where names stand, and a key to the marks without one, which takes room from names in its turn.

    What was placed is kept: few publications move a mark, or change a name, in a picture that many ask for.
    """
    openings = open_to_names(named, [*(box for box, _ in marks), *taken], frame)
    bare = place_names(named, openings)
    count = len(_unnamed(marks, bare))
    for most in (len(marks), *(count * share // KEY_SHARES for share in range(KEY_SHARES - 1, 0, -1))):
        if found := _with_key(named, marks, frame, openings, bare, most):
            return found
    return bare, None


def _with_key(
    named: Sequence[Named],
    marks: Sequence[Marked],
    frame: Frame,
    openings: Openings,
    bare: Sequence[Placed | None],
    most: int,
) -> tuple[Sequence[Placed | None], Key | None] | None:
    """Return names and a key to at most so many of the marks without one; None where there is no place for it."""
    spots, key = bare, None
    for _ in range(KEY_TRIES):
        unnamed = _unnamed(marks, spots)[:most]
        if not unnamed:
            return spots, None
        if key and (found := key.of(unnamed, frame)):
            return spots, found
        if not (key := find_key(unnamed, [box for box, _ in marks], frame)):
            return None
        spots = place_names(named, without(openings, key.box))
    return None


def _unnamed(marks: Sequence[Marked], spots: Sequence[Placed | None]) -> list[str]:
    return [written for (_, written), spot in zip_longest(marks, spots[: min(len(marks), MOST_NAMED)]) if not spot]
