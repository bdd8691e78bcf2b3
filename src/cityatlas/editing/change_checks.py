"""Check a change of published features before it is made; `settle` copes with what does not fit all the same."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from ..catalogue.catalogue import Catalogue
from ..catalogue.cross_checks import needs, shifted_from
from ..city.layers import Feature, read_feature
from ..city.spec import SLUG
from ..city.value_checks import LINE_BREAK, matches
from ..errors import BrokenGeodata
from ..limits import ITEMS as MAX_ITEMS
from ..schema.faults import Fault, fault
from ..store.log.desk_lists import Around
from ..versioning.content import Content, row_of

QUIET = Around()


def change_faults(
    catalogue: Catalogue,
    feature_id: str,
    content: Content | None,
    around: Around = QUIET,
    ends_at: str | None = None,
) -> list[Fault]:
    """Return what forbids that a feature says this from now on; a content of None takes it off the map.

    All that a folder's file would be refused for, and what other features need of it. Empty when it may be published.
    `around` is what the snapshot does not know of the others; `ends_at` is when the feature would leave the map again.
    """
    city, features = catalogue.city, _ahead(catalogue, around)
    if content is None:
        return _needed_faults(catalogue, features, around, feature_id, "")
    spec = city.layer(content.layer)
    if spec is None:
        return [fault("no_layer", given=content.layer, known=", ".join(catalogue.layers))]
    of_content = _size_faults(content) + _linked_faults(catalogue, features, feature_id, content)
    try:
        feature = read_feature(row_of(feature_id, content), 1, spec, city)
    except BrokenGeodata as error:
        return [found.of("") for found in error.faults] + of_content
    faults = of_content + _twin_faults(features, feature) + _ending_faults(around, feature, ends_at)
    return faults + (_needed_faults(catalogue, features, around, feature_id, ends_at) if ends_at else [])


def _size_faults(content: Content) -> list[Fault]:
    """Return what is too much of a new change, though a published one that has it goes on being shown."""
    lists = [(key, len(value)) for key, value in content.properties.items() if isinstance(value, list)]
    faults = [fault("many_items", key, count=count, most=MAX_ITEMS) for key, count in lists if count > MAX_ITEMS]
    texts = content.attributes.name.items()
    return faults + [fault("line_break", f"name.{tag}") for tag, text in texts if LINE_BREAK.search(text)]


def end_faults(catalogue: Catalogue, feature_id: str, around: Around, ends_at: str) -> list[Fault]:
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
) -> list[Fault]:
    """Return who would miss a feature that leaves the map at a moment; "" is at once."""
    faults = []
    for key, kind, by in needs(catalogue.city, features, catalogue.figures):
        is_over = bool(ends_at) and any(end <= ends_at for end in around.ends_of(by))
        if key == feature_id != by and not is_over:
            faults.append(fault(f"needed_{kind}", by=by))
    for by, revision in around.waiting.items():
        is_over = bool(ends_at and revision.expires_at and revision.expires_at <= ends_at)
        if by != feature_id and feature_id in revision.content.attributes.stops and not is_over:
            faults.append(fault("needed_waiting", by=by))
    return faults


def _ending_faults(around: Around, feature: Feature, ends_at: str | None) -> list[Fault]:
    """Return the stops of a route that leave the map before it does."""
    stops = enumerate(feature.stops)
    ends = [(number, stop, end) for number, stop in stops for end in around.ends_of(stop)]
    sooner = [place for place in ends if ends_at is None or place[2] < ends_at]
    return [fault("stop_leaves", f"stops[{number}]", given=stop, day=end[:10]) for number, stop, end in sooner]


def _twin_faults(features: Mapping[str, Feature], feature: Feature) -> list[Fault]:
    """Return the features of the same name off which this one stands by just the shift of a wrong datum."""
    name = feature.name.get("zh", feature.id)
    twins = [f for f in features.values() if f.id != feature.id and f.name.get("zh", f.id) == name]
    pairs = [(twin, wrong) for twin in twins for _, _, wrong in shifted_from(twin, feature)]
    return [fault("shifted", "geometry", other=twin.id, datum=wrong) for twin, wrong in pairs]


def _linked_faults(
    catalogue: Catalogue, features: Mapping[str, Feature], feature_id: str, content: Content
) -> list[Fault]:
    """Return what a feature names and nobody has."""
    missing = [(at, stop) for at, stop in _ids(content, "stops") if stop not in features and stop != feature_id]
    faults = [fault("no_stop", f"stops[{number}]", given=stop) for number, stop in missing]
    figures = {figure.id for figure in catalogue.figures}
    strange = [(at, key) for at, key in _ids(content, "figures") if key not in figures]
    faults += [fault("no_figure", f"figures[{number}]", given=key) for number, key in strange]
    if feature_id in catalogue.city.retired and feature_id not in catalogue.hidden:
        faults.append(fault("withdrawn", given=feature_id))
    return faults


def _ids(content: Content, key: str) -> list[tuple[int, str]]:
    """Return the ids in a list, each with its place; what is none is told by the checks of properties."""
    value = content.properties.get(key)
    return [(at, one) for at, one in enumerate(value) if matches(SLUG, one)] if isinstance(value, list) else []
