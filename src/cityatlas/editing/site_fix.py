"""Take a position that somebody's phone measured at the place into what a feature says about itself.

A fix is WGS-84 (EPSG:4326) in degrees, its error the radius in metres within which the phone believes it lies (68 %, as
browsers give it). Phones that were made for China's maps may hand out GCJ-02 instead: some 500 m to the south-east.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ..city.spec import City
from ..errors import InvalidValue
from ..limits import FIX_AGE_DAYS, FIX_MOST_M
from ..versioning.content import Content, Json, content_of

M_PER_DEG = 111_195  # of a great circle, on a sphere of 6,371 km
APART_M = 100  # two fixes of one place further apart are asked about
SHIFTED_M = (400, 600)  # how far, to the south-east, GCJ-02 lies from WGS-84 here
SOURCE = "现场核实"  # the title of the source, in the language of the city's sources
DECIMALS = 7


@dataclass(frozen=True)
class SiteFix:
    """Hold a fix: `lon`, `lat` in WGS-84 degrees, the radius of its error in metres, and the day it was taken on."""

    lon: float
    lat: float
    accuracy_m: int
    taken_on: date


def read_fix(form: Mapping[str, str], city: City, now: datetime) -> SiteFix:
    """Return the fix that a form holds. Raises InvalidValue for one that is too rough, too old, or not in the city."""
    try:
        lon, lat, accuracy_m = (float(form.get(key, "")) for key in ("lon", "lat", "accuracy_m"))
        taken_at = datetime.fromisoformat(form.get("taken_at", ""))
    except ValueError:
        raise InvalidValue("This is no fix.", "Take it anew.", reason="no_fix") from None
    west, south, east, north = city.extent
    if not (west <= lon <= east and south <= lat <= north):  # also false for nan
        raise InvalidValue("The fix lies outside the city.", "Take it at the place.", reason="fix_outside")
    if not 0 <= accuracy_m <= FIX_MOST_M:
        raise InvalidValue(f"The fix may be {accuracy_m:.0f} m off.", "Wait in the open.", reason="fix_rough")
    if taken_at.tzinfo is None or not -timedelta(minutes=10) <= now - taken_at <= timedelta(days=FIX_AGE_DAYS):
        raise InvalidValue("The fix is too old, or of a time to come.", "Take it anew.", reason="fix_old")
    taken_on = taken_at.astimezone(ZoneInfo(city.timezone)).date()
    return SiteFix(round(lon, DECIMALS), round(lat, DECIMALS), max(1, math.ceil(accuracy_m)), taken_on)


def with_fix(content: Content, fix: SiteFix) -> Content:
    """Return what a feature says once it was stood at: its point, how far that can be trusted, and the source of it."""
    properties: Json = copy.deepcopy(content.properties)
    day = fix.taken_on.isoformat()
    properties["position"] = {
        "class": "surveyed",
        "accuracy_m": fix.accuracy_m,
        "located_by": {
            "zh": f"站在现场用手机定位，误差约 {fix.accuracy_m} 米",
            "en": f"Stood at the place with a phone, error about {fix.accuracy_m} m",
        },
        "source": SOURCE,
        "verified_on": day,
    }
    sources = [one for one in properties.get("sources") or [] if not _is_ours(one)]
    properties["sources"] = [*sources, {"title": SOURCE, "date": day}]
    return content_of(content.layer, {"type": "Point", "coordinates": [fix.lon, fix.lat]}, properties)


def holds_fix(content: Content, fix: SiteFix) -> bool:
    """Return whether a content already has the very position of a fix: it was sent twice."""
    return content.geometry == {"type": "Point", "coordinates": [fix.lon, fix.lat]} and is_verified(content)


def is_verified(content: Content) -> bool:
    """Return whether a content's position is one that somebody stood at or surveyed."""
    return content.attributes.position.trust == "surveyed"


def away_m(content: Content, fix: SiteFix) -> int | None:
    """Return how many metres a fix lies from a content's point; None for what is no point."""
    shift = _shift(content, fix)
    return round(math.hypot(*shift)) if shift else None


def is_shifted(content: Content, fix: SiteFix) -> bool:
    """Return whether a fix looks like GCJ-02: as far from the old point, and in the direction, in which that lies."""
    shift = _shift(content, fix)
    if not shift:
        return False
    east_m, north_m = shift
    return SHIFTED_M[0] <= math.hypot(east_m, north_m) <= SHIFTED_M[1] and east_m > 0 > north_m


def _shift(content: Content, fix: SiteFix) -> tuple[float, float] | None:
    """Return metres east and north from a content's point to a fix."""
    geometry = content.geometry
    if not geometry or geometry.get("type") != "Point":
        return None
    lon, lat = geometry["coordinates"][:2]
    stretch = M_PER_DEG * math.cos(math.radians((lat + fix.lat) / 2))
    return (fix.lon - lon) * stretch, (fix.lat - lat) * M_PER_DEG


def _is_ours(source: object) -> bool:
    return isinstance(source, dict) and source.get("title") == SOURCE
