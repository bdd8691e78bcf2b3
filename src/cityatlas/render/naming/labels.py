"""Place names on a map: none on a mark, on another name or over the edge; by weight, improved by moving others.

static/js/map/labels.js does the same, step for step; tests/data/labels.json holds both to the same answers. So there
are only sums, products, quotients and square roots here, which every machine rounds alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, sqrt
from typing import NamedTuple

Box = tuple[float, float, float, float]  # left, top, right, bottom in pixels
Spot = tuple[float, float]  # x, y in pixels
Cell = tuple[int, int]  # column, row of the grid in which neighbours are found

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
FAR_PX = (
    10,
    20,
    30,
    45,
    60,
    80,
    100,
)  # further from the mark, with a line to it: for what finds no room beside its mark
LEADER_PX = 2  # room about such a line
TOUCH_PX = 0.01  # by which two may overlap: what rounding makes of an edge that both share
CELL_PX = 64  # of the grid
STEP_PX = 12  # from one try along a street to the next
STRAIGHT = 0.98  # of a name's length: how far apart its ends must be on a street that bends
MOST_BENT = 0.3  # of a name's height: how far a street may leave it
MOST_MOVED, DEEPEST, MANY = 2, 2, 300  # names that give way at once, and one after another; of more names only one


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


class _Rect(NamedTuple):
    """Hold the room of a name: its middle, half its width and height, and its direction."""

    x: float
    y: float
    half_w: float
    half_h: float
    ux: float
    uy: float


_Part = tuple[_Rect, Box, list[Cell]]  # of a name's room: itself, the upright box about it, and where in the grid


def place_labels(labels: Sequence[Label], marks: Iterable[Box], frame: Box) -> list[Placed | None]:
    """Return where each label stands in a frame, or None; the same question has the same answer everywhere."""
    return _Placement(labels, marks, frame).run()


class _Placement:
    """Hold what stands where while names are placed."""

    def __init__(self, labels: Sequence[Label], marks: Iterable[Box], frame: Box) -> None:
        self.labels = labels
        self.grid: dict[Cell, list[tuple[int, _Rect, Box]]] = {}
        for mark in marks:
            self._enter(-1, [_part_of(_rect_of(mark))])
        self.free = [
            [(spot, parts) for spot in _positions(label) if self._is_open(parts := _room(label, spot), frame)]
            for label in labels
        ]
        self.grid = {}  # a free spot is clear of all marks: from now on names alone stand in its way
        self.placed: list[Placed | None] = [None] * len(labels)
        self.most_far_px = 0
        self.trail: list[tuple[int, Placed | None]] = []
        self.keys: set[str] = set()

    def run(self) -> list[Placed | None]:
        numbers = range(len(self.labels))
        order = sorted(numbers, key=lambda i: (-self.labels[i].weight, _area(self.labels[i]), i))  # more short ones fit
        deepest = DEEPEST if len(self.labels) <= MANY else 1
        for most_far_px, depth in ((0, 0), (0, deepest), (FAR_PX[-1], 1), (FAR_PX[-1], deepest)):
            self.most_far_px = most_far_px
            for i in order:
                if self.placed[i] is None and self.labels[i].key not in self.keys and self._settle(i, depth, ()):
                    self.keys |= {self.labels[i].key} - {""}
        return self.placed

    def _settle(self, i: int, depth: int, fixed: tuple[int, ...]) -> bool:
        """Place a label, if need be by moving others that are not `fixed`; leave all as it was where none can."""
        most = MOST_MOVED if depth else 0
        tries = []
        for spot, room in self.free[i]:
            if spot.far_px > self.most_far_px:
                continue
            hit = self._hit(room, most)
            if not hit:
                self._move(i, spot)
                return True
            if len(hit) <= most and not any(other in fixed for other in hit):
                tries.append((spot, hit))
        return any(self._displace(i, spot, hit, depth, fixed) for spot, hit in tries)

    def _displace(self, i: int, spot: Placed, others: list[int], depth: int, fixed: tuple[int, ...]) -> bool:
        begun = len(self.trail)
        for other in others:
            self._move(other, None)
        self._move(i, spot)
        if all(self._settle(other, depth - 1, (*fixed, i)) for other in others):
            return True
        while len(self.trail) > begun:
            self._set(*self.trail.pop())
        return False

    def _move(self, i: int, spot: Placed | None) -> None:
        self.trail.append((i, self.placed[i]))
        self._set(i, spot)

    def _set(self, i: int, spot: Placed | None) -> None:
        was, self.placed[i] = self.placed[i], spot
        if was:
            for _, _, cells in _room(self.labels[i], was):
                for cell in cells:
                    self.grid[cell] = [entry for entry in self.grid[cell] if entry[0] != i]
        if spot:
            self._enter(i, _room(self.labels[i], spot))

    def _enter(self, i: int, parts: Sequence[_Part]) -> None:
        for rect, box, cells in parts:
            for cell in cells:
                self.grid.setdefault(cell, []).append((i, rect, box))

    def _hit(self, parts: Sequence[_Part], most: int) -> list[int]:
        """Return which names stand where one would, each once in the order of their numbers; some when over `most`."""
        found = set[int]()
        for rect, (left, top, right, bottom), cells in parts:
            for cell in cells:
                for i, other, (west, north, east, south) in self.grid.get(cell, ()):
                    if west > right or east < left or north > bottom or south < top:
                        continue  # as `_overlap` would say, but sooner
                    if i not in found and _overlap(rect, other):
                        found.add(i)
                        if len(found) > most:
                            return [*found]
        return sorted(found)

    def _is_open(self, parts: Sequence[_Part], frame: Box) -> bool:
        left, top, right, bottom = parts[0][1]
        is_inside = left >= frame[0] and top >= frame[1] and right <= frame[2] and bottom <= frame[3]
        return is_inside and not self._hit(parts, 0)


def _positions(label: Label) -> Iterator[Placed]:
    """Yield where a label may stand, the best first."""
    if label.lines:
        for line in label.lines:
            yield from _along(line, *label.size)
        return
    (x, y), (width, height) = label.at, label.size
    if label.is_centred:
        yield Placed(x, y)
    for far_px in (0,) if label.near_only else (0, *FAR_PX):
        reach = label.reach + far_px
        for side, (w, h, rx, ry) in enumerate(ALL_SIDES if far_px else SIDES):
            yield Placed(x + w * width / 2 + rx * reach, y + h * height / 2 + ry * reach, 1, 0, side, far_px)


def _along(line: Sequence[Spot], width: float, height: float) -> Iterator[Placed]:
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


def _area(label: Label) -> float:
    return label.size[0] * label.size[1]


def _room(label: Label, spot: Placed) -> list[_Part]:
    """Return the room of a name, and of the line to its mark if it has one."""
    return [_part_of(rect) for rect in _rects(label, spot)]


def _part_of(rect: _Rect) -> _Part:
    return rect, (box := _bounds(rect)), _cells(box)


def _rects(label: Label, spot: Placed) -> list[_Rect]:
    name = _Rect(spot.x, spot.y, label.size[0] / 2, label.size[1] / 2, spot.ux, spot.uy)
    if not spot.far_px:
        return [name]
    (ax, ay), (bx, by) = leader(label, spot)
    dx, dy = bx - ax, by - ay
    length = sqrt(dx * dx + dy * dy)
    return [name, _Rect((ax + bx) / 2, (ay + by) / 2, length / 2, LEADER_PX / 2, dx / length, dy / length)]


def leader(label: Label, spot: Placed) -> tuple[Spot, Spot]:
    """Return the ends of the line from a mark to a name that stands apart; it runs along an axis or aslant."""
    _, _, rx, ry = ALL_SIDES[spot.side]
    x, y = label.at
    near, far = label.reach, label.reach + spot.far_px
    return (x + rx * near, y + ry * near), (x + rx * far, y + ry * far)


def _rect_of(box: Box) -> _Rect:
    left, top, right, bottom = box
    return _Rect((left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2, 1, 0)


def _bounds(rect: _Rect) -> Box:
    wide = rect.half_w * abs(rect.ux) + rect.half_h * abs(rect.uy)
    high = rect.half_w * abs(rect.uy) + rect.half_h * abs(rect.ux)
    return rect.x - wide, rect.y - high, rect.x + wide, rect.y + high


def _cells(box: Box) -> list[Cell]:
    left, top, right, bottom = (floor(side / CELL_PX) for side in box)
    return [(column, row) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def _overlap(a: _Rect, b: _Rect) -> bool:
    """Tell whether two rectangles overlap: they do where no side of either parts them."""
    if not a.uy and not b.uy:  # as the axes would say, but sooner
        is_over = abs(b.y - a.y) < a.half_h + b.half_h - TOUCH_PX
        return is_over and abs(b.x - a.x) < a.half_w + b.half_w - TOUCH_PX
    axes = ((a.ux, a.uy), (-a.uy, a.ux), (b.ux, b.uy), (-b.uy, b.ux))
    return all(
        abs((b.x - a.x) * ux + (b.y - a.y) * uy) < _extent(a, ux, uy) + _extent(b, ux, uy) - TOUCH_PX for ux, uy in axes
    )


def _extent(rect: _Rect, ux: float, uy: float) -> float:
    """Return how far a rectangle reaches from its middle in a direction."""
    along, across = abs(rect.ux * ux + rect.uy * uy), abs(rect.ux * uy - rect.uy * ux)
    return rect.half_w * along + rect.half_h * across
