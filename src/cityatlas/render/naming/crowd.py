"""Find room for marks and numbers that would lie on each other: nearby places, and small marks in a crowd.

static/js/shared/spread.js and static/js/map/crowd.js do the same (tests/data/numbers.json and labels.json).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

Spot = tuple[float, float]  # x, y in pixels

# Where one may stand, in units of how far two are apart: on its spot, else on rings round it.
TURNS, RINGS = 24, (1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4)
PLACES = [
    (0.0, 0.0),
    *(
        (ring * math.cos(math.tau * turn / TURNS), ring * math.sin(math.tau * turn / TURNS))
        for ring in RINGS
        for turn in range(TURNS)
    ),
]
MARK_PX, SMALL_PX, APART_PX = 28, 14, 15.0  # a mark, one in a crowd, and how far the middles of two of those are apart


class Settled(NamedTuple):
    """Hold where a mark is drawn, and how wide it is."""

    x: float
    y: float
    side_px: int


def settle_marks(spots: Sequence[Spot]) -> list[Settled]:
    """Return marks for spots: one whose box meets another's is small, and the small ones part from each other."""
    crowded = [
        any(n != m and abs(x - other[0]) < MARK_PX and abs(y - other[1]) < MARK_PX for m, other in enumerate(spots))
        for n, (x, y) in enumerate(spots)
    ]
    kept = [spot for spot, is_crowded in zip(spots, crowded, strict=True) if not is_crowded]
    small = [spot for spot, is_crowded in zip(spots, crowded, strict=True) if is_crowded]
    parted: Iterator[Spot] = iter(spread(small, APART_PX, kept))
    return [
        Settled(*next(parted), SMALL_PX) if is_crowded else Settled(*spot, MARK_PX)
        for spot, is_crowded in zip(spots, crowded, strict=True)
    ]


def spread(spots: Sequence[Spot], apart_px: float, kept: Sequence[Spot] = ()) -> list[Spot]:
    """Return for each spot the nearest place where it lies on no other one, nor on one that is `kept`.

    Who stands alone stays; the others follow in order. In a crowd that is too dense some overlap a little.
    """
    alone = [
        all(math.dist(spot, other) >= apart_px for other in (*kept, *spots[:n], *spots[n + 1 :]))
        for n, spot in enumerate(spots)
    ]
    taken = [*kept, *(spot for spot, is_alone in zip(spots, alone, strict=True) if is_alone)]
    placed = []
    for spot, is_alone in zip(spots, alone, strict=True):
        place = spot if is_alone else _nearest_free(spot, taken, apart_px)
        taken.append(place)
        placed.append(place)
    return placed


def _nearest_free(spot: Spot, taken: Sequence[Spot], apart_px: float) -> Spot:
    """Return the first place with room, or the roomiest; who is further than any place reaches takes no room."""
    near = [other for other in taken if math.dist(spot, other) <= apart_px * (RINGS[-1] + 1)]
    least_px = apart_px - 0.01  # places on one ring lie just as far apart, but for rounding
    best, most_px = spot, -math.inf
    for x, y in PLACES:
        place = (spot[0] + x * apart_px, spot[1] + y * apart_px)
        room_px = min((math.dist(place, other) for other in near), default=math.inf)
        if room_px >= least_px:
            return place
        if room_px > most_px:
            best, most_px = place, room_px
    return best
