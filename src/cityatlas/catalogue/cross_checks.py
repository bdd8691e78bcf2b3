"""Check what single files cannot know: ids, stops and figures between them, and a datum that slipped."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ..city.figures import Figure
from ..city.layers import Feature, Layer
from ..city.photos import find_photo
from ..city.spec import City
from ..geo import datum

TWIN_M = 40.0  # how exactly a wrong datum's offset must fit before a file is called shifted
METRES_PER_DEG = 111_195.0  # of a great circle on a sphere of 6,371 km, as the scripts have it
WRONG: tuple[datum.Datum, ...] = ("GCJ-02", "BD-09")


def cross_faults(
    photos: Sequence[Path], city: City, layers: Mapping[str, Layer], features: Mapping[str, Feature]
) -> Iterator[str]:
    """Yield what is wrong between files: an id in two layers, a stop or photo that is nowhere, a shifted datum.

    `photos` are the folders that photos may lie in, the city's own first.
    """
    seen: dict[str, str] = {}
    for layer in layers.values():
        for feature in layer.features:
            if other := seen.get(feature.id):
                yield f'{layer.spec.id}.geojson: feature "{feature.id}": id is also in {other}.geojson; rename one'
            seen[feature.id] = layer.spec.id
            for stop in feature.get("stops") or ():
                if stop not in features:
                    yield f'{layer.spec.id}.geojson: feature "{feature.id}": stop "{stop}" is in no layer'
            yield from _photo_faults(photos, feature)
    for spec in city.layers:
        if spec.district and spec.district not in features:
            yield f'city.toml: layer "{spec.id}": district "{spec.district}" is in no layer; correct it'
    yield from _retired_faults(city, features)
    yield from _datum_faults(features.values())


def _photo_faults(folders: Sequence[Path], feature: Feature) -> Iterator[str]:
    for photo in feature.get("photos") or ():
        named = f'{feature.layer}.geojson: feature "{feature.id}": photos/{photo["file"]}'
        if (folders[0] / photo["file"]).is_symlink():  # as for layers: a link may lead out of the folder
            yield f"{named} is a symbolic link; put the file itself into the folder"
        elif not find_photo(photo["file"], folders):
            yield f"{named} is not there"


def _retired_faults(city: City, features: Mapping[str, Feature]) -> Iterator[str]:
    for old, successor in city.retired.items():
        if old in features:
            yield f'city.toml: retired "{old}": a feature has this id; take one of the two out'
        if successor and successor not in features:
            cure = f'its successor "{successor}" is in no layer; name another, or "" for none'
            yield f'city.toml: retired "{old}": {cure}'


def _datum_faults(features: Iterable[Feature]) -> Iterator[str]:
    """Yield a fault for each feature that stands off its namesake by just what GCJ-02 or BD-09 shifts."""
    for shifted, right, wrong in datum_twins(features):
        yield (
            f'{shifted.layer}.geojson: feature "{shifted.id}": lies off "{right.id}" of the same name '
            f"by just the shift of {wrong}; convert the file to WGS-84"
        )


def datum_twins(features: Iterable[Feature]) -> Iterator[tuple[Feature, Feature, datum.Datum]]:
    """Yield the features that stand off the first of their name by just a datum's shift: which, off which."""
    named: dict[str, Feature] = {}
    for feature in features:
        twin = named.setdefault(feature.name.get("zh", feature.id), feature)
        if twin is not feature:
            yield from shifted_from(twin, feature)


def shifted_from(one: Feature, other: Feature) -> Iterator[tuple[Feature, Feature, datum.Datum]]:
    """Yield which of two features of one name is shifted, off which, and by which datum; nothing for most."""
    for wrong in WRONG:
        for right, shifted in ((one, other), (other, one)):
            lon, lat = datum.convert(right.lon, right.lat, "WGS-84", wrong)
            if away_m(lon, lat, shifted.lon, shifted.lat) < TWIN_M:
                yield shifted, right, wrong


def away_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the metres between two positions that are near each other (tests/data/distances.csv)."""
    east_m = (lon2 - lon1) * METRES_PER_DEG * math.cos(math.radians((lat1 + lat2) / 2))
    return math.hypot(east_m, (lat2 - lat1) * METRES_PER_DEG)


def figure_faults(features: Mapping[str, Feature], figures: Sequence[Figure]) -> Iterator[str]:
    """Yield the figures that features name and figures.json has not, and the features that figures name in vain."""
    for number, figure in enumerate(figures, 1):
        if figure.feature and figure.feature not in features:
            yield f'figures.json: figure number {number}: feature "{figure.feature}" is in no layer'
    known = {figure.id for figure in figures}
    for feature in features.values():
        for key in feature.get("figures") or ():
            if key not in known:
                yield f'{feature.layer}.geojson: feature "{feature.id}": figure "{key}" is not in figures.json'


def needs(city: City, features: Mapping[str, Feature], figures: Sequence[Figure]) -> Iterator[tuple[str, str, str]]:
    """Yield each feature's id that something else needs, by what (stop, district or figure), and the id of that."""
    for feature in features.values():
        yield from ((stop, "stop", feature.id) for stop in feature.get("stops") or ())
    yield from ((spec.district, "district", spec.id) for spec in city.layers if spec.district)
    yield from ((figure.feature, "figure", figure.id) for figure in figures if figure.feature)
