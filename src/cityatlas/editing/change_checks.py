"""Check a change of published features before it is made; `settle` copes with what does not fit all the same."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from ..catalogue.catalogue import Catalogue
from ..catalogue.cross_checks import needs, shifted_from
from ..city.layers import Feature, read_feature
from ..city.value_checks import LINE_BREAK, MAX_ITEMS
from ..errors import BrokenGeodata
from ..store.pending import Around
from ..versioning.content import Content, row_of

NEEDED = {
    "stop": 'is a stop of route "{by}"; take it out there first',
    "figure": 'figure "{by}" in figures.json is about it',
    "district": 'is the district of layer "{by}" in city.toml; name another there first',
}
QUIET = Around()


def change_faults(
    catalogue: Catalogue,
    feature_id: str,
    content: Content | None,
    around: Around = QUIET,
    ends_at: str | None = None,
) -> list[str]:
    """Return what forbids that a feature says this from now on; a content of None takes it off the map.

    All that a folder's file would be refused for, and what other features need of it. Empty when it may be published.
    `around` is what the snapshot does not know of the others; `ends_at` is when the feature would leave the map again.
    """
    city, features = catalogue.city, _ahead(catalogue, around)
    if content is None:
        return _needed_faults(catalogue, features, around, feature_id, "")
    spec = city.layer(content.layer)
    if spec is None:
        return [f'"{content.layer}" is no layer; there are {", ".join(catalogue.layers)}']
    try:
        feature = read_feature(row_of(feature_id, content), 1, spec, city)
    except BrokenGeodata as error:
        return error.faults
    faults = _size_faults(content) + _linked_faults(catalogue, features, feature) + _twin_faults(features, feature)
    faults += _ending_faults(around, feature, ends_at)
    return faults + (_needed_faults(catalogue, features, around, feature_id, ends_at) if ends_at else [])


def _size_faults(content: Content) -> list[str]:
    """Return what is too much of a new change, though a published one that has it goes on being shown."""
    many = [key for key, value in content.properties.items() if isinstance(value, list) and len(value) > MAX_ITEMS]
    faults = [f"{key} has {len(content.properties[key])} items, the limit is {MAX_ITEMS}" for key in many]
    name = content.properties["name"]
    return faults + [
        "name holds a line break; write it on one line" for text in name.values() if LINE_BREAK.search(text)
    ]


def end_faults(catalogue: Catalogue, feature_id: str, around: Around, ends_at: str) -> list[str]:
    """Return who would miss a feature that leaves the map at a moment; routes that end by then do not."""
    return _needed_faults(catalogue, _ahead(catalogue, around), around, feature_id, ends_at)


def _ahead(catalogue: Catalogue, around: Around) -> dict[str, Feature]:
    """Return the features as they stand now, where others published since the snapshot."""
    features = dict(catalogue.features)
    for key, revision in around.current.items():
        spec = catalogue.city.layer(revision.layer)
        if revision.number <= catalogue.number and revision.from_moment <= catalogue.moment:
            continue  # the snapshot has it
        features.pop(key, None)
        if spec and revision.is_public_at(around.moment):
            with suppress(BrokenGeodata):  # it is not shown either
                features[key] = read_feature(row_of(key, revision.content), 1, spec, catalogue.city)
    return features


def _needed_faults(
    catalogue: Catalogue, features: Mapping[str, Feature], around: Around, feature_id: str, ends_at: str
) -> list[str]:
    """Return who would miss a feature that leaves the map at a moment; "" is at once."""
    faults = []
    for key, kind, by in needs(catalogue.city, features, catalogue.figures):
        is_over = bool(ends_at) and any(end <= ends_at for end in around.ends_of(by))
        if key == feature_id != by and not is_over:
            faults.append(NEEDED[kind].format(by=by))
    for by, revision in around.waiting.items():
        is_over = bool(ends_at and revision.expires_at and revision.expires_at <= ends_at)
        if by != feature_id and feature_id in (revision.content.properties.get("stops") or ()) and not is_over:
            faults.append(f'is a stop of route "{by}", which waits for its moment; take it out there first')
    return faults


def _ending_faults(around: Around, feature: Feature, ends_at: str | None) -> list[str]:
    """Return the stops of a route that leave the map before it does."""
    ends = [(stop, end) for stop in feature.get("stops") or () for end in around.ends_of(stop)]
    sooner = [(stop, end) for stop, end in ends if ends_at is None or end < ends_at]
    return [
        f'stop "{stop}" leaves the map on {end[:10]}; take it out, or end the route by then' for stop, end in sooner
    ]


def _twin_faults(features: Mapping[str, Feature], feature: Feature) -> list[str]:
    """Return the features of the same name off which this one stands by just the shift of a wrong datum."""
    name = feature.name.get("zh", feature.id)
    twins = [f for f in features.values() if f.id != feature.id and f.name.get("zh", f.id) == name]
    pairs = [(twin, wrong) for twin in twins for _, _, wrong in shifted_from(twin, feature)]
    cure = "convert it to WGS-84"
    return [
        f'position lies off "{twin.id}" of the same name by just the shift of {wrong}; {cure}' for twin, wrong in pairs
    ]


def _linked_faults(catalogue: Catalogue, features: Mapping[str, Feature], feature: Feature) -> list[str]:
    """Return what a feature names and nobody has."""
    missing = [stop for stop in feature.get("stops") or () if stop not in features and stop != feature.id]
    faults = [f'stop "{stop}" is in no layer' for stop in missing]
    figures = {figure.id for figure in catalogue.figures}
    faults += [f'figure "{key}" is not in figures.json' for key in feature.get("figures") or () if key not in figures]
    if feature.id in catalogue.city.retired and feature.id not in catalogue.hidden:
        faults.append(f'id "{feature.id}" was withdrawn in city.toml; choose another')
    return faults
