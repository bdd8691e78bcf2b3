"""Ask for tours of the toy city in tests."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cityatlas.catalogue.catalogue import Catalogue
from cityatlas.planner.request.read import read_request
from cityatlas.planner.request.request import TourRequest
from toy import with_properties
from toy_plan import walkable, walkable_sights

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 1, 10, 7, tzinfo=ZONE)  # a Tuesday
FRIDAY = {"date": "2026-12-04"}


def read(city: Catalogue, **values: Any) -> TourRequest:
    """Return the wish of values; `at` and `to` stand for start_at and end_at."""
    names = {"at": "start_at", "to": "end_at"}
    return read_request({names.get(key, key): value for key, value in values.items()}, city, NOW)


def boat_city(folder: Path, **properties: Any) -> Catalogue:
    """Return a city whose tour is all by boat, from the mill."""
    legs = {"legs": [{"mode": "boat"}, {"mode": "boat"}]}
    return walkable(folder, sights=with_properties(walkable_sights(), "boat-tour", **legs | properties))
