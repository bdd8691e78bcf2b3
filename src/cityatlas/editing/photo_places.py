"""Find the place that a photo is of: by where it was taken, or by the name of its file."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ..catalogue.catalogue import Catalogue
from ..city.layers import Feature
from ..search.folding import fold
from ..search.pinyin import make_slug
from .site_fix import M_PER_DEG

REACH_M = 50  # from which people take a photo of a place, beyond the errors of its position and of the camera's
LEAST_SIGNS, LEAST_LETTERS = 2, 5  # of a name inside a longer file name: Chinese signs, Latin letters
_BREAKS = re.compile(r"[\W_]+")
_LATIN = re.compile(r"[\x00-\u024f]+")


@dataclass(frozen=True)
class PhotoPlace:
    """Hold a place that a photo seems to be of, by what, and how many metres from it the photo was taken."""

    feature_id: str
    by: Literal["position", "name"]
    away_m: int = 0


def place_of_photo(catalogue: Catalogue, taken_at: tuple[float, float, float] | None, file: str) -> PhotoPlace | None:
    """Return the place that a photo is of, None where that is not known; what its file is called goes first.

    `taken_at` is lon and lat in degrees (WGS-84) and the error in metres.
    """
    if feature_id := _named(catalogue, file):
        return PhotoPlace(feature_id, "name")
    return _nearest(catalogue, *taken_at) if taken_at else None


def _nearest(catalogue: Catalogue, lon: float, lat: float, error_m: float) -> PhotoPlace | None:
    """Return the nearest of the places whose own error, the photo's and `REACH_M` together hold it."""
    near = []
    for feature in catalogue.features.values():
        away_m = _away_m(feature, lon, lat)
        if away_m <= (feature.position.accuracy_m or 0) + error_m + REACH_M:
            near.append((away_m, feature.id))
    return PhotoPlace(min(near)[1], "position", round(min(near)[0])) if near else None


def _away_m(feature: Feature, lon: float, lat: float) -> float:
    """Return how many metres a position lies from a feature's mark, on a plane that touches the earth there."""
    stretch = M_PER_DEG * math.cos(math.radians(lat))
    return math.hypot((lon - feature.lon) * stretch, (lat - feature.lat) * M_PER_DEG)


def _named(catalogue: Catalogue, file: str) -> str:
    """Return the one feature whose name, alias, id or pinyin a file's name is or holds, the longest first; else ""."""
    stem = _plain(file.rpartition(".")[0] or file)
    found: dict[str, set[str]] = {}
    for feature in catalogue.features.values():
        for key in _keys(feature):
            if key and (key == stem or (_is_long(key) and key in stem)):
                found.setdefault(key, set()).add(feature.id)
    longest = max(found, key=len, default="")
    return next(iter(found[longest])) if longest and len(found[longest]) == 1 else ""


def _keys(feature: Feature) -> Iterator[str]:
    yield _plain(feature.id)
    for name in (*feature.name.values(), *feature.aliases):
        if name:
            yield _plain(name)
    yield _plain(make_slug({"zh": feature.name.get("zh", "")}, lambda _: False))


def _plain(text: str) -> str:
    """Return a text in lower case and simplified signs, without space, bars and points."""
    return _BREAKS.sub("", fold(text))


def _is_long(key: str) -> bool:
    return len(key) >= (LEAST_LETTERS if _LATIN.fullmatch(key) else LEAST_SIGNS)
