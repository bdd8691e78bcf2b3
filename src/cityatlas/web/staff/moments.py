"""Show the store's moments by the clock of the city."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from ..snapshots import snapshot


def local_time(moment: str) -> str:
    """Return a moment of the store as day and minute in the city, "2026-11-24 10:32"."""
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(snapshot().city.timezone)).strftime("%Y-%m-%d %H:%M")
