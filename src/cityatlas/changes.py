"""Check a change of published features: before it is made, and again before it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from .catalogue import Catalogue
from .city import City
from .content import Content, row_of
from .errors import BrokenGeodata
from .layers import Feature, read_feature
from .media import find_photo
from .overlay import Overlay


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


def sound(overlay: Overlay, city: City) -> tuple[Overlay, tuple[str, ...]]:
    """Return an overlay without features that this city refuses (say, of a kind that it no longer has), and why.

    One feature that grew old in the store must not take the whole map down; geodata/ stands in for it.
    """
    rows, faults = {}, []
    for key, (layer, row) in overlay.rows.items():
        spec = city.layer(layer)
        try:
            if spec is None:
                raise BrokenGeodata([f'feature "{key}": "{layer}" is no layer of this city'])
            read_feature(row, 1, spec, city)
        except BrokenGeodata as error:
            faults += [f"published {fault}; it is not shown" for fault in error.faults]
        else:
            rows[key] = (layer, row)
    return replace(overlay, rows=rows), tuple(faults)


def without_lost_photos(overlay: Overlay, folders: Sequence[Path]) -> tuple[Overlay, tuple[str, ...]]:
    """Return an overlay without photos whose files lie in none of the folders, and which those were.

    A folder of uploads that was not copied along must take neither the map nor a feature down.
    """
    rows, faults = {}, []
    for key, (layer, row) in overlay.rows.items():
        photos = row["properties"].get("photos") or []
        there = [photo for photo in photos if find_photo(photo["file"], folders)]
        lost = [photo["file"] for photo in photos if photo not in there]
        faults += [f'published feature "{key}": photo {file} is not there; it is not shown' for file in lost]
        rows[key] = (layer, row | {"properties": row["properties"] | {"photos": there}}) if lost else (layer, row)
    return replace(overlay, rows=rows), tuple(faults)


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
