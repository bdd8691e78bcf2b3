"""Turn what the store keeps into the plain values that the worklist is made from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from ..store import Published
from .task import Expiry


def expiries_of(seen: Published, zone: ZoneInfo) -> Iterator[Expiry]:
    """Yield each published feature that has an end, with the day of it in the city's time zone."""
    for revision in seen.revisions:
        if revision.state == "published" and revision.expires_at:
            ends_on = datetime.fromisoformat(revision.expires_at).astimezone(zone).date()
            is_over = not revision.is_public_at(seen.moment)
            yield Expiry(revision.feature_id, revision.content.properties["name"], ends_on, is_over)
