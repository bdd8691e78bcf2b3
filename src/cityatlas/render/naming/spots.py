"""Say where a name may stand about its mark or along its line, the room that it takes, and what overlaps.

static/js/map/labels.js does the same, step for step; tests/data/labels.json holds both to the same answers. So there
are only sums, products, quotients and square roots here, which every machine rounds alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, sqrt
from typing import NamedTuple

Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels
Spot = tuple[float, float]  # x, y in pixels

# Eight positions about a mark, the best first: where the name's middle lies, in halves of its size and times `reach`.
SIDES: tuple[tuple[float, float, float, float], ...] = (
    (1, 0, 1, 0),  # right
    (1, -1, 1, 0),  # right, above
    (1, 1, 1, 0),
    (0, 1, 0, 1),  # below
    (0, -1, 0, -1),
    (-1, 0, -1, 0),  # left
    (-1, -1, -1, 0),
    (-1, 1, -1, 0),
)
# Further from the mark also aslant, from the corner of its box: the name stands at the end of the line.
ALL_SIDES = (*SIDES, (1, 0, 1, -1), (1, 0, 1, 1), (-1, 0, -1, -1), (-1, 0, -1, 1))
# Further from the mark, with a line to it: for what finds no room beside its mark.
FAR_PX = (10, 20, 30, 45, 60, 80, 100)
LEADER_PX = 2  # room about such a line
TOUCH_PX = 0.01  # by which two may overlap: what rounding makes of an edge that both share
STEP_PX = 12  # from one try along a street to the next
STRAIGHT = 0.98  # of a name's length: how far apart its ends must be on a street that bends
MOST_BENT = 0.3  # of a name's height: how far a street may leave it


@dataclass(frozen=True)
class Label:
    """Hold what is to be named: a mark that reaches `reach` pixels from `at`, a place `at` itself, or `lines`.

    Of labels with the same `key` one is placed. One that is not `near_only` may stand apart from its mark.
    """

    size: tuple[float, float]  # width, height in pixels
    weight: float
    at: Spot = (0, 0)
    reach: float = 0
    is_centred: bool = False  # the name may stand on the place itself
    lines: Sequence[Sequence[Spot]] = ()
    near_only: bool = True
    key: str = ""


class Placed(NamedTuple):
    """Hold where a name stands: its middle, its direction of length 1, and on which of ALL_SIDES; -1 is on the place.

    A name that is `far_px` away needs a line to its mark.
    """

    x: float
    y: float
    ux: float = 1
    uy: float = 0
    side: int = -1
    far_px: int = 0


class Rect(NamedTuple):
    """Hold the room of a name: its middle, half its width and height, and its direction."""

    x: float
    y: float
    half_w: float
    half_h: float
    ux: float
    uy: float


def along(line: Sequence[Spot], width: float, height: float) -> Iterator[Placed]:
    """Yield where a name fits on a line, from its middle outwards, read from left to right."""
    ends = [0.0]
    for (ax, ay), (bx, by) in pairwise(line):
        ends.append(ends[-1] + sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay)))
    room = ends[-1] - width
    for n in range(floor(room / STEP_PX) + 1 if room >= 0 else 0):
        shift = (n + 1) // 2 * STEP_PX
        begin = room / 2 + (shift if n % 2 else -shift)
        if 0 <= begin <= room and (found := _straight(line, ends, begin, width, height)):
            yield found


def _straight(line: Sequence[Spot], ends: Sequence[float], begin: float, width: float, height: float) -> Placed | None:
    """Return a name's place on the part of a line from `begin`, or None where the line bends under it."""
    (ax, ay), (bx, by) = _at(line, ends, begin), _at(line, ends, begin + width)
    dx, dy = bx - ax, by - ay
    length = sqrt(dx * dx + dy * dy)
    if length < width * STRAIGHT:
        return None
    sign = -1 if dx < 0 else 1
    ux, uy = sign * dx / length, sign * dy / length
    within = (spot for spot, at in zip(line, ends, strict=True) if begin < at < begin + width)
    if any(abs((y - ay) * ux - (x - ax) * uy) > height * MOST_BENT for x, y in within):
        return None
    return Placed((ax + bx) / 2, (ay + by) / 2, ux, uy)


def _at(line: Sequence[Spot], ends: Sequence[float], at: float) -> Spot:
    """Return the point of a line so many pixels from its beginning."""
    n = next((n for n in range(1, len(ends) - 1) if ends[n] >= at), len(ends) - 1)
    (ax, ay), (bx, by), long = line[n - 1], line[n], ends[n] - ends[n - 1]
    share = (at - ends[n - 1]) / long if long else 0
    return ax + (bx - ax) * share, ay + (by - ay) * share


def room_of(label: Label, spot: Placed) -> list[Rect]:
    """Return the room of a name, and of the line to its mark if it has one."""
    name = Rect(spot.x, spot.y, label.size[0] / 2, label.size[1] / 2, spot.ux, spot.uy)
    if not spot.far_px:
        return [name]
    (ax, ay), (bx, by) = leader(label, spot)
    dx, dy = bx - ax, by - ay
    length = sqrt(dx * dx + dy * dy)
    return [name, Rect((ax + bx) / 2, (ay + by) / 2, length / 2, LEADER_PX / 2, dx / length, dy / length)]


def leader(label: Label, spot: Placed) -> tuple[Spot, Spot]:
    """Return the ends of the line from a mark to a name that stands apart; it runs along an axis or aslant."""
    _, _, rx, ry = ALL_SIDES[spot.side]
    x, y = label.at
    near, far = label.reach, label.reach + spot.far_px
    return (x + rx * near, y + ry * near), (x + rx * far, y + ry * far)


def bounds(rect: Rect) -> Box:
    wide = rect.half_w * abs(rect.ux) + rect.half_h * abs(rect.uy)
    high = rect.half_w * abs(rect.uy) + rect.half_h * abs(rect.ux)
    return rect.x - wide, rect.y - high, rect.x + wide, rect.y + high


def overlap(a: Rect, b: Rect) -> bool:
    """Tell whether two rectangles overlap: they do where no side of either parts them."""
    if not a.uy and not b.uy:  # as the axes would say, but sooner
        is_over = abs(b.y - a.y) < a.half_h + b.half_h - TOUCH_PX
        return is_over and abs(b.x - a.x) < a.half_w + b.half_w - TOUCH_PX
    axes = ((a.ux, a.uy), (-a.uy, a.ux), (b.ux, b.uy), (-b.uy, b.ux))
    return all(
        abs((b.x - a.x) * ux + (b.y - a.y) * uy) < _extent(a, ux, uy) + _extent(b, ux, uy) - TOUCH_PX for ux, uy in axes
    )


def _extent(rect: Rect, ux: float, uy: float) -> float:
    """Return how far a rectangle reaches from its middle in a direction."""
    along, across = abs(rect.ux * ux + rect.uy * uy), abs(rect.ux * uy - rect.uy * ux)
    return rect.half_w * along + rect.half_h * across
