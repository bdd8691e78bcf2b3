"""Draw the marks of places in a picture, each with its name beside it, or with a number that a key explains."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache, cached
from markupsafe import Markup

from ..city.layers import Feature
from ..city.spec import City
from ..i18n import Language, say
from .basemap import Frame
from .naming.crowd import MARK_PX, Settled, settle_marks
from .naming.name_lines import break_name, text_width_px
from .naming.names import Named, draw_name, written
from .naming.spots import Box, Label, Placed, Spot, leader

# The shape of each layer's marks in a box of 32 by 32; the icon stands in the middle.
MARK_SHAPES = {
    "circle": "M16 3a13 13 0 1 1 0 26a13 13 0 1 1 0-26z",
    "square": "M7 4h18a3 3 0 0 1 3 3v18a3 3 0 0 1-3 3H7a3 3 0 0 1-3-3V7a3 3 0 0 1 3-3z",
    "diamond": "M16 1.5L30.5 16L16 30.5L1.5 16z",
    "hexagon": "M9 3.5h14L30 16l-7 12.5H9L2 16z",
    "shield": "M16 2.5l12 3.5v10c0 7-5 11.500-12 14C9 27.500 4 23 4 16V6z",
    "pentagon": "M16 2l14 10.500-5.300 16.500H7.300L2 12.500z",
}
KEPT_MARKS = 40_000  # that found room; some hundred bytes each
EDGE_PX = 2  # of a mark's room that stays free, and between a mark and its name
PLACE_RANK = 6  # of a place among the basemap's names: after towns, before streets
MOST_NAMED = 150  # names are placed among this many marks; beyond, a picture is full anyway
KEY_PX, KEY_ROW_PX, KEY_NUMBER_PX, KEY_EDGE_PX = 11, 14, 22, 6
# How wide a line of a key may be, and in how many columns its names stand, the first that finds room.
KEY_SHAPES = ((18, 1), (12, 1), (9, 1), (18, 2), (12, 2), (9, 2), (18, 3), (12, 3), (9, 3), (12, 4), (9, 4), (9, 5))
KEY_GAP_PX = 4  # between its columns
KEY_SLACK_PX = (10, 42)  # beside and below: for names that find no room because of the key
KEY_STEP_PX = 24  # from one try to place a key to the next
NOTES_PX = 20  # at the lower edge, where it says whose the picture is
INK, PAPER = "#22303a", "#fffdf8"


@dataclass(frozen=True)
class Mark:
    """Hold a feature in a picture: where its mark is drawn, its name, and what is written of it."""

    feature: Feature
    at: Settled
    name: str
    written: str

    @property
    def spoken(self) -> str:
        """Return what the mark is called by who hears it: what is written, then its name (WCAG 2.2, 2.5.3)."""
        return self.name if self.name.startswith(self.written) else f"{self.written}, {self.name}"

    @property
    def box(self) -> Box:
        half = self.at.side_px / 2
        return self.at.x - half, self.at.y - half, self.at.x + half, self.at.y + half


@dataclass(frozen=True)
class Key:
    """Hold the names that the numbers 1, 2, 3 stand for, the key's box, and its shape as in KEY_SHAPES."""

    names: Sequence[str]
    box: Box
    shape: tuple[int, int]

    @property
    def columns(self) -> list[list[tuple[int, tuple[str, ...]]]]:
        """Return numbers and names in their lines, by column."""
        return _columns(self.names, self.shape)

    def of(self, names: Sequence[str], frame: Frame) -> Key | None:
        """Return a key to other names in the box, as large as they need; None where they have no room."""
        wide, high = _key_size(names, self.shape)
        left, top, right, bottom = self.box
        if wide > right - left or high > bottom - top:
            return None
        x = left if left < frame.width_px - right else right - wide
        y = top if top < frame.height_px - bottom else bottom - high
        return Key(names, (x, y, x + wide, y + high), self.shape)


def settle(features: Sequence[Feature], frame: Frame, language: Language) -> list[Mark]:
    """Return the marks that a picture shows, from north to south."""
    spots = [(feature, frame.point(feature.lon, feature.lat)) for feature in features]
    shown = sorted(((f, at) for f, at in spots if frame.is_inside(*at)), key=lambda one: one[1][1])
    settled = _settled(tuple(at for _, at in shown))
    return [
        Mark(
            feature,
            Settled(round(at.x, 1), round(at.y, 1), at.side_px),
            say(feature.name, language).text,
            feature.map_name(language),
        )
        for (feature, _), at in zip(shown, settled, strict=True)
    ]


@cached(LRUCache(KEPT_MARKS, getsizeof=lambda settled: len(settled) + 1), lock=threading.Lock())
def _settled(spots: tuple[Spot, ...]) -> Sequence[Settled]:
    """Return marks for spots; they are kept, since few publications move one in a picture that many ask for."""
    return settle_marks(spots)


def mark_names(marks: Sequence[Mark]) -> list[Named]:
    """Return what is to be written beside marks."""
    return [
        written(
            mark.written,
            "place",
            Label(
                (0, 0),
                PLACE_RANK,
                (mark.at.x, mark.at.y),
                mark.at.side_px / 2 + EDGE_PX,
                near_only=False,
                key=mark.written,
            ),
        )
        for mark in marks[:MOST_NAMED]
    ]


def find_key(names: Sequence[str], marks: Sequence[Box], frame: Frame) -> Key | None:
    """Return a key to about so many names where no mark stands, best in a corner; None where there is no such place."""
    marked = np.array([*marks], float).reshape(-1, 4).T
    for shape in KEY_SHAPES if names else ():
        if len(names) * KEY_ROW_PX > shape[1] * frame.height_px:
            continue  # not even if each took one line
        wide, high = _key_size(names, shape)
        wide, high = wide + KEY_SLACK_PX[0], high + KEY_SLACK_PX[1]
        left, right = KEY_EDGE_PX, frame.width_px - KEY_EDGE_PX - wide
        top, bottom = KEY_EDGE_PX, frame.height_px - NOTES_PX - high
        if right < left or bottom < top:
            continue
        others = range(left, int(right), KEY_STEP_PX), range(int(bottom), top, -KEY_STEP_PX)
        tries: tuple[tuple[Sequence[float], Sequence[float]], ...]
        tries = (((left, right), (bottom,)), ((left, right), (top,)), others)
        for x, y in filter(None, (_first_free(xs, ys, (wide, high), marked) for xs, ys in tries)):
            return Key(names, (x, y, x + wide, y + high), shape)
    return None


def _first_free(
    xs: Sequence[float], ys: Sequence[float], size: tuple[float, float], marked: npt.NDArray[np.float64]
) -> Spot | None:
    """Return the first left and top of a box that lies over none of others, whose sides are the rows of a table (4, N).

    The tops are tried for each left in turn.
    """
    left, top, right, bottom = marked
    x, y = np.array(xs, float)[:, None], np.array(ys, float)[:, None]
    is_beside, is_level = (x < right) & (left < x + size[0]), (y < bottom) & (top < y + size[1])
    free = np.argwhere(~(is_beside @ is_level.T))  # (X, N) and (N, Y): whether one of them is both
    return (float(xs[free[0, 0]]), float(ys[free[0, 1]])) if len(free) else None


def _key_size(names: Sequence[str], shape: tuple[int, int]) -> tuple[float, float]:
    columns = _columns(names, shape)
    high = max((sum(len(lines) for _, lines in column) for column in columns), default=0) * KEY_ROW_PX
    wide = sum(map(_column_px, columns)) + KEY_GAP_PX * (len(columns) - 1)
    return wide + 2 * KEY_EDGE_PX, high + 2 * KEY_EDGE_PX


def _columns(names: Sequence[str], shape: tuple[int, int]) -> list[list[tuple[int, tuple[str, ...]]]]:
    """Return numbers and names in their lines, in columns of about one height."""
    most_em, count = shape
    rows = [(number, break_name(name, most_em)) for number, name in enumerate(names, 1)]
    most_lines = math.ceil(sum(len(lines) for _, lines in rows) / count)
    columns: list[list[tuple[int, tuple[str, ...]]]] = []
    room = 0
    for row in rows:
        if not columns or (room < len(row[1]) and len(columns) < count):
            columns.append([row])
            room = most_lines - len(row[1])
        else:
            columns[-1].append(row)
            room -= len(row[1])
    return columns


def _column_px(column: Sequence[tuple[int, Sequence[str]]]) -> float:
    return KEY_NUMBER_PX + max(text_width_px(line, KEY_PX) for _, lines in column for line in lines)


def draw_key(key: Key) -> Iterator[Markup]:
    """Yield a key as SVG: on paper, a number and a name a row, in columns."""
    left, top, right, bottom = (round(side, 1) for side in key.box)
    yield Markup('<rect x="{:g}" y="{:g}" width="{:g}" height="{:g}" rx="4" fill="{}" fill-opacity="0.92"/>').format(
        left, top, right - left, bottom - top, PAPER
    )
    text = Markup('<text x="{:g}" y="{:g}" font-size="{}" fill="{}" text-anchor="{}"{}>{}</text>')
    x = left + KEY_EDGE_PX
    for column in key.columns:
        y = top + KEY_EDGE_PX
        for number, lines in column:
            yield text.format(round(x + 14, 1), y + 11, KEY_PX, INK, "end", Markup(' font-weight="bold"'), number)
            for line in lines:
                yield text.format(round(x + KEY_NUMBER_PX, 1), y + 11, KEY_PX, INK, "start", "", line)
                y += KEY_ROW_PX
        x += _column_px(column) + KEY_GAP_PX


def draw_mark(
    city: City,
    mark: Mark,
    beside: tuple[Named, Placed] | None,
    number: int,
    address: Callable[[Feature], str],
) -> Markup:
    """Return a mark as a link, with its name, or its number in the key; 0 is none."""
    text = draw_name(*beside) if beside else Markup("")
    shape = _shape(city, mark, is_numbered=number > 0)
    link = Markup('<a href="{}" aria-label="{}"><title>{}</title>{}{}</a>').format(
        address(mark.feature), mark.spoken if beside else mark.name, mark.name, shape, text
    )
    return link + _number(city, mark, number) if number else link


def draw_leader(named: Named, spot: Placed) -> Markup:
    """Return the line from a mark to a name that stands apart; empty where it stands beside."""
    if not spot.far_px:
        return Markup("")
    begin, end = leader(named.label, spot)
    return Markup('<path d="M{:g} {:g}L{:g} {:g}" stroke="{}" stroke-width="0.8"/>').format(*begin, *end, INK)


def _shape(city: City, mark: Mark, *, is_numbered: bool) -> Markup:
    spec = city.layer(mark.feature.layer)
    colour, shape = (spec.colour, spec.shape) if spec else (INK, "circle")
    is_schematic = mark.feature.position_class == "schematic"
    is_small = mark.at.side_px < MARK_PX
    side_px = mark.at.side_px if is_small else mark.at.side_px - EDGE_PX
    paint = Markup(  # nosec B704 # both are ours
        'fill="#fffdf8" stroke="{}" stroke-width="{}"{}'
        if is_schematic
        else 'fill="{}" stroke="#fff" stroke-width="{}"'
    ).format(colour, 3.4 if is_small else 2.4 if is_schematic else 2, *([_dash(is_small)] if is_schematic else []))
    ink = colour if is_schematic else "#fff"
    inner = Markup("") if is_small or is_numbered else _icon(city, mark)
    return Markup(
        '<svg x="{}" y="{}" width="{}" height="{}" viewBox="0 0 32 32" color="{}"><path d="{}" {}/>{}</svg>'
    ).format(
        round(mark.at.x - side_px / 2, 1),
        round(mark.at.y - side_px / 2, 1),
        side_px,
        side_px,
        ink,
        MARK_SHAPES[shape],
        paint,
        inner,
    )


def _dash(is_small: bool) -> Markup:
    return Markup("") if is_small else Markup(' stroke-dasharray="4 2.500"')


def _icon(city: City, mark: Mark) -> Markup:
    return Markup('<use href="#picture-{}" x="8.500" y="8.500" width="15" height="15" fill="currentColor"/>').format(
        city.kinds[mark.feature.kind].icon
    )


def _number(city: City, mark: Mark, number: int) -> Markup:
    """Return a mark's number in the key; beside the link, whose only words are the name."""
    spec = city.layer(mark.feature.layer)
    ink = (spec.colour if spec else INK) if mark.feature.position_class == "schematic" else "#fff"
    size_px = 9 if mark.at.side_px < MARK_PX else 11
    return Markup(
        '<g pointer-events="none"><text x="{:g}" y="{:g}" font-size="{}" font-weight="bold" text-anchor="middle" '
        'fill="{}">{}</text></g>'
    ).format(mark.at.x, round(mark.at.y + size_px * 0.36, 1), size_px, ink, number)
