"""Check a change of published features before it is made; `settle` copes with what does not fit all the same."""

from __future__ import annotations

from .catalogue import Catalogue
from .content import Content, row_of
from .errors import BrokenGeodata
from .layers import Feature, read_feature


def change_faults(catalogue: Catalogue, feature_id: str, content: Content | None) -> list[str]:
    """Return what forbids that a feature says this from now on; a content of None takes it off the map.

    All that a folder's file would be refused for, and what other features need of it. Empty when it may be published.
    """
    city = catalogue.city
    if content is None:
        return _needed_faults(catalogue, feature_id)
    spec = city.layer(content.layer)
    if spec is None:
        return [f'"{content.layer}" is no layer; there are {", ".join(catalogue.layers)}']
    try:
        feature = read_feature(row_of(feature_id, content), 1, spec, city)
    except BrokenGeodata as error:
        return error.faults
    return _linked_faults(catalogue, feature)


def _needed_faults(catalogue: Catalogue, feature_id: str) -> list[str]:
    """Return who would miss a feature that leaves the map."""
    routes = [f.id for f in catalogue.features.values() if feature_id in (f.get("stops") or ()) and f.id != feature_id]
    figures = [figure.id for figure in catalogue.figures if figure.feature == feature_id]
    faults = [f'is a stop of route "{route}"; take it out there first' for route in routes]
    return faults + [f'figure "{figure}" in figures.json is about it' for figure in figures]


def _linked_faults(catalogue: Catalogue, feature: Feature) -> list[str]:
    """Return what a feature names and nobody has."""
    missing = [stop for stop in feature.get("stops") or () if stop not in catalogue.features and stop != feature.id]
    faults = [f'stop "{stop}" is in no layer' for stop in missing]
    figures = {figure.id for figure in catalogue.figures}
    faults += [f'figure "{key}" is not in figures.json' for key in feature.get("figures") or () if key not in figures]
    if feature.id in catalogue.city.retired and feature.id not in catalogue.hidden:
        faults.append(f'id "{feature.id}" was withdrawn in city.toml; choose another')
    return faults
