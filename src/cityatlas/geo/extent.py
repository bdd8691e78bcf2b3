"""Join extents, and find the part of a spread-out lot that a map is fitted to first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from .projection import Bbox

CORE_SHARE = 0.8  # of what is shown, the densest part; where the rest lies far off it alone is brought into view
FAR = 2.5  # times as long a side is far: more than a zoom level


def joined_bbox(bboxes: Sequence[Bbox]) -> Bbox:
    """Return the extent of all of some extents (west, south, east, north in degrees); there is at least one."""
    wests, souths, easts, norths = zip(*bboxes, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def core_bbox(bboxes: Sequence[Bbox]) -> Bbox:
    """Return the extent of all, or of the densest `CORE_SHARE` where all is more than `FAR` times as long.

    The densest are those nearest to the median of the middles. `js/shared/extent.js` does the same
    (tests/data/extents.json).
    """
    middles = [((west + east) / 2, (south + north) / 2) for west, south, east, north in bboxes]
    lon, lat = median(x for x, _ in middles), median(y for _, y in middles)
    narrowing = math.cos(math.radians(lat))

    def distance(n: int) -> float:
        return math.hypot((middles[n][0] - lon) * narrowing, middles[n][1] - lat)

    nearest = sorted(range(len(bboxes)), key=distance)[: math.ceil(len(bboxes) * CORE_SHARE)]
    whole, core = joined_bbox(bboxes), joined_bbox([bboxes[n] for n in nearest])
    return core if _side(core, narrowing) * FAR < _side(whole, narrowing) else whole


def _side(bbox: Bbox, narrowing: float) -> float:
    west, south, east, north = bbox
    return max((east - west) * narrowing, north - south)
