"""Read the parameters of a request below /ogc: what is unknown, given twice or wrong is refused with 400."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from werkzeug.datastructures import MultiDict

from ....errors import InvalidQuery
from ....geo.crs import Crs, read_crs
from ....geo.projection import Bbox
from ....limits import OGC_ITEMS
from .queryables import Queryable, Wanted

FORMATS = ("json", "html")
DEFAULT_LIMIT = 100
ITEM_KEYS = ("f", "crs", "datetime")
ITEMS_KEYS = (*ITEM_KEYS, "bbox", "bbox-crs", "limit", "cursor", "since")
SINCE_KEYS = ("f", "since")  # what changed comes whole
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?", re.IGNORECASE)
OPEN_ENDS = ("", "..")


@dataclass(frozen=True)
class ItemsQuery:
    """Hold what a request for items asks for; `bbox` is None for everywhere, in WGS-84 degrees else."""

    limit: int
    crs: Crs
    bbox: Bbox | None
    filters: tuple[tuple[Queryable, Wanted], ...]


def check_keys(args: MultiDict[str, str], known: Iterable[str]) -> None:
    """Raise InvalidQuery for a parameter that is not known, is given twice, or is `f` with a format we lack."""
    for key, values in args.lists():
        if key not in known:
            raise InvalidQuery(f'There is no parameter "{key[:40]}" here.', f"There are: {', '.join(known)}.")
        if len(values) > 1:
            raise InvalidQuery(f'The parameter "{key}" is given {len(values)} times.', "Give it once.")
    if (wanted := args.get("f")) not in (None, *FORMATS):
        raise InvalidQuery(f'f="{wanted[:40]}" is not known.', f"There are: {', '.join(FORMATS)}.")


def read_items_query(args: Mapping[str, str], known: Mapping[str, Queryable]) -> ItemsQuery:
    """Return what a request for items asks for. Raises InvalidQuery for each value that is wrong."""
    return ItemsQuery(
        limit=read_limit(args.get("limit")),
        crs=read_crs("crs", args.get("crs")),
        bbox=read_bbox(args.get("bbox"), read_crs("bbox-crs", args.get("bbox-crs"))),
        filters=tuple((known[key], known[key].read(text)) for key, text in args.items() if key in known),
    )


def read_limit(text: str | None) -> int:
    """Return how many items a page holds; more than we give at once are as many as we do."""
    if text is None:
        return DEFAULT_LIMIT
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) < 1:
        raise InvalidQuery(f'limit="{text[:40]}" is not a number from 1 on.', f"At most {OGC_ITEMS} come at once.")
    return min(int(text), OGC_ITEMS)


def read_bbox(text: str | None, crs: Crs) -> Bbox | None:
    """Return the box of 4 numbers, or of 6 with heights, which no feature has; west is above east across 180."""
    if text is None:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (4, 6) or not all(map(math.isfinite, numbers)):
        raise InvalidQuery(f'bbox="{text[:80]}" is not 4 or 6 numbers.', "Example: bbox=121.00,30.60,121.10,30.75")
    half = len(numbers) // 2
    west, south, east, north = crs.lon_lat_box((numbers[0], numbers[1]), (numbers[half], numbers[half + 1]))
    if south > north:
        raise InvalidQuery(f'bbox="{text[:80]}" ends south of where it begins.', "The lower corner comes first.")
    return west, south, east, north


def read_datetime(text: str | None) -> datetime | None:
    """Return the moment as of which the city is asked for, in an interval the last one; None for the present.

    Features here are true from when they are published until something else is.
    """
    if text is None:
        return None
    parts = text.split("/")
    moments = [_moment(part, text) for part in parts if len(parts) == 1 or part not in OPEN_ENDS]
    if len(parts) > 2 or moments != sorted(moments):
        raise InvalidQuery(f'datetime="{text[:60]}" is no interval.', "Example: datetime=2026-01-01/..")
    return None if parts[-1] in OPEN_ENDS else moments[-1]


def _moment(part: str, text: str) -> datetime:
    try:
        if not MOMENT.fullmatch(part):
            raise ValueError
        moment = datetime.fromisoformat(part.upper())
    except ValueError:
        raise InvalidQuery(
            f'datetime="{text[:60]}" is not a moment.', "Example: datetime=2026-12-05T13:30:00Z"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
