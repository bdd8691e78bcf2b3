"""Find the spots where a name lies over no mark and within the frame: of all names at once, with numpy.

Sums and products come in the order in which `spots.py` has them, so that both round alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from .spots import (
    ALL_SIDES,
    FAR_PX,
    LEADER_PX,
    SIDES,
    TOUCH_PX,
    Box,
    Label,
    Placed,
    Rect,
    along,
    bounds,
    overlap,
    room_of,
)

CELL_PX = 64  # of a grid in which neighbours are found
Cell = tuple[int, int]  # its column and row
# Of a name, and of the line to it: itself, the upright box about it, and the cells that this touches.
Room = Sequence[tuple[Rect, Box, Sequence[Cell]]]
Reals = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


class Opening(NamedTuple):
    """Hold a spot where a name may stand, and the room that it takes there."""

    spot: Placed
    room: Room


Openings = Sequence[Sequence[Opening]]  # of each label, the best first

# Where a middle lies as in SIDES, the number of its side, and how far it is: 6 rows, a column for each spot.
_NEAR = np.array([(*side, n, 0) for n, side in enumerate(SIDES)], float).T
_FAR = np.array([(*side, n, far_px) for far_px in FAR_PX for n, side in enumerate(ALL_SIDES)], float).T
_CENTRE = np.array([(0, 0, 0, 0, -1, 0)], float).T


def find_openings(labels: Sequence[Label], marks: Iterable[Box], frame: Box) -> Openings:
    """Return where each label may stand in a frame as long as no other does."""
    openings: list[list[Opening]] = [[] for _ in labels]
    if not labels:
        return openings
    tables = [_on_lines(label) if label.lines else _about(label) for label in labels]
    spots, of = np.hstack(tables), np.repeat(np.arange(len(labels)), [table.shape[1] for table in tables])
    is_open = _are_open(labels, spots, of, marks, frame)
    for number, (x, y, ux, uy, side, far_px) in zip(of[is_open].tolist(), spots[:, is_open].T.tolist(), strict=True):
        label = labels[number]
        spot = Placed(x, y, ux, uy) if label.lines else Placed(x, y, side=int(side), far_px=int(far_px))
        openings[number].append(Opening(spot, [_part_of(rect) for rect in room_of(label, spot)]))
    return openings


def without(openings: Openings, box: Box) -> Openings:
    """Return what stays open where one more box is taken."""
    left, top, right, bottom = box
    taken = Rect((left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2, 1, 0)
    return [
        [opening for opening in of_label if not any(overlap(rect, taken) for rect, _, _ in opening.room)]
        for of_label in openings
    ]


def _part_of(rect: Rect) -> tuple[Rect, Box, Sequence[Cell]]:
    box = bounds(rect)
    left, top, right, bottom = (floor(side / CELL_PX) for side in box)
    return rect, box, [(column, row) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def _about(label: Label) -> Reals:
    """Return the spots about a mark, the best first: rows x, y, direction, side, far_px."""
    ways = [*([_CENTRE] if label.is_centred else []), _NEAR, *([] if label.near_only else [_FAR])]
    w, h, rx, ry, side, far_px = np.hstack(ways)
    (x, y), (width, height), reach = label.at, label.size, label.reach + far_px
    ones = np.ones_like(side)
    return np.array([x + w * width / 2 + rx * reach, y + h * height / 2 + ry * reach, ones, ones * 0, side, far_px])


def _on_lines(label: Label) -> Reals:
    """Return the spots along lines, with the rows of `_about`."""
    return np.array([spot for line in label.lines for spot in along(line, *label.size)], float).reshape(-1, 6).T


def _are_open(
    labels: Sequence[Label], spots: Reals, of: npt.NDArray[np.int64], marks: Iterable[Box], frame: Box
) -> Truths:
    """Return which spots are in the frame and clear of all marks, and the lines to them too."""
    left, top, right, bottom = np.array([*marks], float).reshape(-1, 4).T
    taken = np.array([(left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2])
    tree = shapely.STRtree(shapely.box(left, top, right, bottom))
    half_w, half_h = np.array([label.size for label in labels], float).T[:, of] / 2
    names = np.array([spots[0], spots[1], half_w, half_h, spots[2], spots[3]])
    left, top, right, bottom = _bounds(names)
    is_open = (left >= frame[0]) & (top >= frame[1]) & (right <= frame[2]) & (bottom <= frame[3])
    is_open[is_open] = ~_meet(names[:, is_open], taken, tree)
    is_led = is_open & (spots[5] > 0)
    is_open[is_led] = ~_meet(_lines(labels, spots[:, is_led], of[is_led]), taken, tree)
    return is_open


def _lines(labels: Sequence[Label], spots: Reals, of: npt.NDArray[np.int64]) -> Reals:
    """Return the room of the lines from marks to spots, as rectangles."""
    x, y, reach = np.array([(*label.at, label.reach) for label in labels], float).T[:, of]
    _, _, rx, ry = np.array(ALL_SIDES, float).T[:, spots[4].astype(int)]
    far = reach + spots[5]
    ax, ay, bx, by = x + rx * reach, y + ry * reach, x + rx * far, y + ry * far
    dx, dy = bx - ax, by - ay
    length = np.sqrt(dx * dx + dy * dy)
    return np.array(
        [(ax + bx) / 2, (ay + by) / 2, length / 2, np.full_like(x, LEADER_PX / 2), dx / length, dy / length]
    )


def _meet(rects: Reals, taken: Reals, tree: shapely.STRtree) -> Truths:
    """Return which rectangles overlap an upright one of those that are taken; the tree holds the same."""
    n, m = tree.query(shapely.box(*_bounds(rects)))
    x, y, half_w, half_h, ux, uy = rects[:, n]
    other_x, other_y, other_w, other_h = taken[:, m]
    dx, dy = other_x - x, other_y - y
    wide, high = half_w * abs(ux) + half_h * abs(uy), half_w * abs(uy) + half_h * abs(ux)
    is_over = (abs(dx) < wide + other_w - TOUCH_PX) & (abs(dy) < high + other_h - TOUCH_PX)
    one = ux * ux + uy * uy  # but for rounding
    is_over &= abs(dx * ux + dy * uy) < half_w * one + (other_w * abs(ux) + other_h * abs(uy)) - TOUCH_PX
    is_over &= abs(dx * -uy + dy * ux) < half_h * one + (other_w * abs(uy) + other_h * abs(ux)) - TOUCH_PX
    met = np.zeros(rects.shape[1], bool)
    met[n[is_over]] = True
    return met


def _bounds(rects: Reals) -> tuple[Reals, Reals, Reals, Reals]:
    x, y, half_w, half_h, ux, uy = rects
    wide, high = half_w * abs(ux) + half_h * abs(uy), half_w * abs(uy) + half_h * abs(ux)
    return x - wide, y - high, x + wide, y + high
