"""Check what single files cannot know: ids, stops and figures between them, and a datum that slipped."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ..city.figures import Figure
from ..city.layers import Feature, Layer
from ..city.photos import find_photo
from ..city.spec import City
from ..geo import datum
from ..geo.geojson import show
from ..schema.faults import Fault, fault

TWIN_M = 40.0  # how exactly a wrong datum's offset must fit before a file is called shifted
METRES_PER_DEG = 111_195.0  # of a great circle on a sphere of 6,371 km, as the scripts have it
WRONG: tuple[datum.Datum, ...] = ("GCJ-02", "BD-09")


def cross_faults(
    photos: Sequence[Path], city: City, layers: Mapping[str, Layer], features: Mapping[str, Feature]
) -> Iterator[Fault]:
    """Yield what is wrong between files: an id in two layers, a stop or photo that is nowhere, a shifted datum.

    `photos` are the folders that photos may lie in, the city's own first.
    """
    seen: dict[str, str] = {}
    for layer in layers.values():
        for feature in layer.features:
            if other := seen.get(feature.id):
                yield _of(feature, fault("id_elsewhere", "id", other=other))
            seen[feature.id] = layer.spec.id
            for number, stop in enumerate(feature.stops):
                if stop not in features:
                    yield _of(feature, fault("no_stop", f"stops[{number}]", given=stop))
            yield from _photo_faults(photos, feature)
    for spec in city.layers:
        if spec.district and spec.district not in features:
            found = fault("no_district", "district", given=spec.district)
            yield replace(found, file="city.toml").of("layer", spec.id)
    for line in city.bus_lines:
        for number, stop in enumerate(line.stops):
            if stop not in features:
                found = fault("no_stop", f"stops[{number}]", given=stop)
                yield replace(found, file="city.toml").of("bus_line", line.id)
    yield from _retired_faults(city, features)
    yield from _datum_faults(features.values())


def _of(feature: Feature, found: Fault) -> Fault:
    """Return a fault with the file and the feature that it is in."""
    return replace(found, file=f"{feature.layer}.geojson").of("feature", feature.id)


def _photo_faults(folders: Sequence[Path], feature: Feature) -> Iterator[Fault]:
    for number, photo in enumerate(feature.photos):
        path = f"photos[{number}].file"
        if (folders[0] / photo.file).is_symlink():  # as for layers: a link may lead out of the folder
            yield _of(feature, fault("photo_link", path, file=photo.file))
        elif not find_photo(photo.file, folders):
            yield _of(feature, fault("no_photo", path, file=photo.file))


def _retired_faults(city: City, features: Mapping[str, Feature]) -> Iterator[Fault]:
    for old, successor in city.retired.items():
        at = replace(fault("retired_in_use"), file="city.toml").of("retired", old)
        if old in features:
            yield at
        if successor and successor not in features:
            yield replace(at, rule="no_successor", values=(("given", successor),))


def _datum_faults(features: Iterable[Feature]) -> Iterator[Fault]:
    """Yield a fault for each feature that stands off its namesake by just what GCJ-02 or BD-09 shifts."""
    for shifted, right, wrong in datum_twins(features):
        yield _of(shifted, fault("shifted_file", "geometry", other=right.id, datum=wrong))


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


def figure_faults(features: Mapping[str, Feature], figures: Sequence[Figure]) -> Iterator[Fault]:
    """Yield the figures that features name and figures.json has not, and the features that figures name in vain."""
    for number, figure in enumerate(figures, 1):
        if figure.feature and figure.feature not in features:
            found = fault("feature_nowhere", "feature", given=show(figure.feature))
            yield replace(found, file="figures.json").of("figure_number", str(number))
    known = {figure.id for figure in figures}
    for feature in features.values():
        for number, key in enumerate(feature.figures):
            if key not in known:
                yield _of(feature, fault("no_figure", f"figures[{number}]", given=key))


def needs(city: City, features: Mapping[str, Feature], figures: Sequence[Figure]) -> Iterator[tuple[str, str, str]]:
    """Yield each feature's id that something else needs, by what (stop, district or figure), and the id of that."""
    for feature in features.values():
        yield from ((stop, "stop", feature.id) for stop in feature.stops)
    yield from ((spec.district, "district", spec.id) for spec in city.layers if spec.district)
    yield from ((figure.feature, "figure", figure.id) for figure in figures if figure.feature)
