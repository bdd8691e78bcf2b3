"""Name what a picture shows: the basemap's places, and its streets and rivers along their lines.

static/js/map/base_names.js does the same for the live map.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import shapely
from markupsafe import Markup

from ...catalogue.catalogue import Catalogue
from ...city.basemap import BaseShape
from ...geo.projection import Bbox
from ...i18n import Language, say
from ..basemap import HALO, Frame
from .labels import place_labels
from .name_lines import break_name, text_width_px
from .openings import Openings, find_openings
from .spots import Box, Label, Placed, Spot

# Who comes first; who is seen from further away comes before others of its class.
RANKS = {"town": 8, "sea": 7, "district": 4, "lake": 4, "river": 3, "street": 1}
OTHER_RANK = 2
LINED = ("street", "river")
NEAREST_DEG = 0.0001  # some 10 m: how far a street's name lies from the line that it belongs to
COLOURS = {"lake": "#2b6673", "river": "#2b6673", "sea": "#2b6673", "street": "#6b5f49"}
OTHER_COLOUR = "#5c523f"
SIZES_PX = {"town": 15, "sea": 15}
NAME_PX, MOST_EM, LINE = 11, 8, 1.15  # size of a name, width of its lines, height of a line in sizes
AROUND_PX = {"street": (16, 6), "place": (3, 1)}  # room about a name: beside it, above and below it together
AROUND_OTHER_PX = (8, 6)
REACH_PX, TOWN_REACH_PX = 3, 24  # beside the point that a mark stands on; a town is still itself a little further off
FIRST_SQUARE = "\u2e80"  # letters from here on stand without spaces
FRAME_PX = 3  # of a picture's edge that stays free


@dataclass(frozen=True)
class Named:
    """Hold a name in its lines, its class and how large it is written, and what it asks of the placer."""

    lines: tuple[str, ...]
    style: str
    size_px: int
    label: Label


def name_weight(kind: str, min_zoom: int) -> float:
    """Return how heavy a name of the basemap is."""
    return RANKS.get(kind, OTHER_RANK) + (20 - min_zoom) / 20


def written(text: str, style: str, label: Label) -> Named:
    """Return a name broken into lines, and its label with the room that they take."""
    size_px = SIZES_PX.get(style, NAME_PX)
    lines = (text,) if label.lines else break_name(text, MOST_EM)
    wide, high = AROUND_PX.get(style, AROUND_OTHER_PX)
    size = (max(text_width_px(line, size_px) for line in lines) + wide, len(lines) * size_px * LINE + high)
    return Named(lines, style, size_px, Label(**{**vars(label), "size": size}))


def base_names(catalogue: Catalogue, frame: Frame, language: Language) -> Iterator[Named]:
    """Yield what the basemap names in a picture."""
    zoom = frame.view.zoom
    lines = [s for s in catalogue.base.within(frame.bbox, zoom) if s.geometry.geom_type.endswith("LineString")]
    for shape in catalogue.base.within(_about(frame), zoom):
        if shape.group != "labels":
            continue
        text = say(shape.name, language).text
        at = frame.point(shape.geometry.x, shape.geometry.y)
        own = _lines_of(shape, lines) if shape.kind in LINED else []
        pieces = [piece for line in own for piece in _in_frame(line, frame)]
        if pieces or frame.is_inside(*at):
            label = Label(
                size=(0, 0),
                weight=name_weight(shape.kind, shape.min_zoom),
                at=at,
                reach=TOWN_REACH_PX if shape.kind == "town" else REACH_PX,
                is_centred=True,
                lines=tuple(sorted(pieces, key=len, reverse=True)),
                key=text,
            )
            yield written(text, shape.kind, label)


def _about(frame: Frame) -> Bbox:
    """Return a picture's extent and as much again on each side: a street that crosses it may be named beside it."""
    west, south, east, north = frame.bbox
    wide, high = east - west, north - south
    return west - wide, south - high, east + wide, north + high


def _lines_of(name: BaseShape, lines: Sequence[BaseShape]) -> list[BaseShape]:
    """Return the lines that a name belongs to: those of its name, else the nearest."""
    named = [line for line in lines if line.name == name.name]
    if named or not lines:
        return named
    away_deg = shapely.distance([line.geometry for line in lines], name.geometry)
    nearest = int(away_deg.argmin())
    return [lines[nearest]] if away_deg[nearest] < NEAREST_DEG else []


def _in_frame(line: BaseShape, frame: Frame) -> Iterator[tuple[Spot, ...]]:
    """Yield the pieces of a line that a picture shows, in pixels."""
    left = shapely.clip_by_rect(line.geometry, *frame.bbox)
    for part in getattr(left, "geoms", [left]):
        if part.geom_type == "LineString" and not part.is_empty:
            yield tuple(frame.point(lon, lat) for lon, lat in part.coords)


def open_to_names(named: Sequence[Named], marks: Sequence[Box], frame: Frame) -> Openings:
    """Return where each name may stand in a picture."""
    edges = (FRAME_PX, FRAME_PX, frame.width_px - FRAME_PX, frame.height_px - FRAME_PX)
    return find_openings([one.label for one in named], marks, edges)


def place_names(named: Sequence[Named], openings: Openings) -> list[Placed | None]:
    """Return where each name stands of where it may, or None."""
    return place_labels([one.label for one in named], openings)


def draw_name(named: Named, spot: Placed) -> Markup:
    """Return a name as SVG, a text for each line."""
    size_px, beside = named.size_px, named.label.size[0] / 2 - 1.5
    anchors = {1: ("start", -beside), -1: ("end", beside)}
    anchor, shift = anchors.get(_side(named, spot), ("middle", 0))
    turn = Markup(' transform="matrix({:.4g} {:.4g} {:.4g} {:.4g} {:g} {:g})"').format(
        *(spot.ux, spot.uy, -spot.uy, spot.ux), *(round(spot.x, 1), round(spot.y, 1))
    )
    text = Markup('<text x="{:g}" y="{:g}" font-size="{}" fill="{}" text-anchor="{}"{} {}>{}</text>')
    first = size_px * (0.36 - LINE * (len(named.lines) - 1) / 2)
    colour = "#22303a" if named.style == "place" else COLOURS.get(named.style, OTHER_COLOUR)
    return Markup("").join(
        text.format(round(shift, 1), round(first + n * size_px * LINE, 1), size_px, colour, anchor, turn, HALO, line)
        for n, line in enumerate(_spaced(named.lines))
    )


def _spaced(lines: Sequence[str]) -> Iterator[str]:
    """Yield lines with the space that was between words: who hears them one after another hears the name."""
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        yield f"{line} " if following and max(line[-1:], following[0]) < FIRST_SQUARE else line


def _side(named: Named, spot: Placed) -> int:
    """Return 1 for a name right of its mark, -1 for one left of it, 0 for all others."""
    if spot.side < 0 or named.label.lines:
        return 0
    across = spot.x - named.label.at[0]
    return 0 if abs(across) < 1 else (1 if across > 0 else -1)


def draw_names(catalogue: Catalogue, frame: Frame, language: Language, taken: Sequence[Box]) -> Iterator[Markup]:
    """Yield the basemap's names where nothing else stands."""
    named = list(base_names(catalogue, frame, language))
    for one, spot in zip(named, place_names(named, open_to_names(named, taken, frame)), strict=True):
        if spot:
            yield draw_name(one, spot)
