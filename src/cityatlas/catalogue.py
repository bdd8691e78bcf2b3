"""Combine all layers of a city into one frozen snapshot."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import NoneType
from typing import Any

import geopandas as gpd
import pandas as pd

from . import phases
from .city import SLUG, City, read_city
from .combine import NONE, Relations, relate
from .consistency import cross_faults, figure_faults
from .errors import BrokenGeodata, Retired, UnknownLayer, UnknownSite
from .figures import Figure, read_figures
from .geo import Bbox
from .geojson import Unreadable, parse_collection, read_geometry, show
from .i18n import LANGUAGES
from .layers import Feature, Layer, read_layer
from .media import files_of, photo_folders
from .network import Network, read_network
from .overlay import NOTHING, Overlay
from .search import SearchEntry, SearchIndex
from .settings import Settings
from .values import check_text

BASE_FILES = ("land", "water", "streets", "labels")


@dataclass(frozen=True, eq=False)
class BaseShape:
    """Hold one shape of the schematic basemap; `min_zoom` is where it begins to be drawn."""

    group: str
    kind: str
    geometry: Any  # Any: shapely publishes no common base for its typed geometries
    name: Mapping[str, str]
    min_zoom: int


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Hold one snapshot: everything that a page can show. Nothing in it changes after it is made.

    `tag` names its content: two processes that read the same files and revisions get the same one. `hidden` are ids
    that staff took off the map; `is_store_lost` says that staff's changes could not be read and are missing.
    """

    tag: str
    city: City
    layers: Mapping[str, Layer]
    features: Mapping[str, Feature]
    frame: gpd.GeoDataFrame
    relations: Mapping[str, Relations]
    figures: tuple[Figure, ...]
    base: tuple[BaseShape, ...]
    network: Network
    hidden: frozenset[str] = frozenset()
    is_store_lost: bool = False

    def feature(self, feature_id: str) -> Feature:
        """Return a feature. Raises Retired or UnknownSite, with the nearest id as hint."""
        if feature := self.features.get(feature_id):
            return feature
        if feature_id in self.city.retired:
            successor = self.city.retired[feature_id]
            raise Retired(f'"{feature_id}" was withdrawn.', successor and f"See {successor}.", successor=successor)
        near = self.index.nearest(feature_id, 1) if len(feature_id) <= 64 else []
        hint = f'Did you mean "{near[0]}"?' if near else "All sites are listed under /sites/."
        raise UnknownSite(f'There is no site "{feature_id[:64]}".', hint)

    def layer(self, layer_id: str) -> Layer:
        """Return a layer. Raises UnknownLayer, naming those there are."""
        if layer := self.layers.get(layer_id):
            return layer
        raise UnknownLayer(f'There is no layer "{layer_id[:64]}".', f"There are: {', '.join(self.layers)}.")

    def relation(self, feature_id: str) -> Relations:
        """Return how a feature stands to the others."""
        return self.relations.get(feature_id, NONE)

    def of_role(self, role: str) -> list[Feature]:
        """Return the features whose kind plays a role, in the order of the layers."""
        return [f for f in self.features.values() if self.city.kinds[f.kind].role == role]

    @cached_property
    def months(self) -> tuple[str, str] | None:
        """Return the first and last month that a project's phase names."""
        return phases.months_of([f.get("phases") or () for f in self.features.values()])

    @cached_property
    def photos(self) -> frozenset[str]:
        """Return the files of the photos that features show, in all their sizes."""
        shown = (photo["file"] for f in self.features.values() for photo in f.get("photos") or ())
        return frozenset(file for name in shown for file in files_of(name))

    @cached_property
    def index(self) -> SearchIndex:
        """Return the search index; made at first use, then kept."""
        return SearchIndex.build([_entry(feature, self.city) for feature in self.features.values()])


@contextmanager
def _without_collector() -> Iterator[None]:
    """Pause Python's garbage collector: it would look for seconds through millions of new objects, for nothing."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_without_collector()
def build_catalogue(settings: Settings, overlay: Overlay = NOTHING) -> Catalogue:
    """Return a snapshot of a geodata folder with what is published laid over it.

    Raises BrokenGeodata with the faults of all its files.
    """
    folder = settings.geodata
    limits = {"max_bytes": settings.max_file_mb << 20, "max_features": settings.max_features}
    tag = folder_tag(folder, limits["max_bytes"])  # before anything is read: a file that changes meanwhile gets another
    tag = hashlib.sha256(f"{tag} {overlay.digest}".encode()).hexdigest()[:12] if overlay.digest else tag
    city = read_city(folder)
    city = replace(city, retired=overlay.retired(city.retired))
    faults: list[str] = []
    layers: dict[str, Layer] = {}
    for spec in city.layers:
        try:
            layers[spec.id] = read_layer(folder / f"{spec.id}.geojson", spec, city, **limits, overlay=overlay)
        except BrokenGeodata as error:
            faults += error.faults
    features = {f.id: f for layer in layers.values() for f in layer.features}
    base: list[BaseShape] = []
    figures: tuple[Figure, ...] = ()
    network = Network((), city.view.lon, city.view.lat)
    try:
        base = _read_base(folder, city.extent, limits)
    except BrokenGeodata as error:
        faults += error.faults
    try:
        network = read_network(folder, city, **limits)
    except BrokenGeodata as error:
        faults += error.faults
    if not faults:  # what follows speaks of features; a broken layer would raise faults that are none
        faults = list(cross_faults(photo_folders(settings), city, layers, features))
        try:
            figures = read_figures(folder / "figures.json", features.keys(), limits["max_bytes"])
            faults += list(figure_faults(features, {figure.id for figure in figures}))
        except BrokenGeodata as error:
            faults += error.faults
    if faults:
        raise BrokenGeodata(faults)
    frame = _combine([layer.frame for layer in layers.values()])
    relations = relate(frame, features, city)
    shown = (tag, city, layers, features, frame, relations, figures, tuple(base), network)
    return Catalogue(*shown, overlay.hidden, overlay.is_lost)


def folder_tag(folder: Path, max_bytes: int) -> str:
    """Return 12 letters that name the content of a geodata folder; what is too large to be read is left out."""
    digest = hashlib.sha256()
    for path in geodata_files(folder):
        if path.is_file() and path.stat().st_size <= max_bytes:
            digest.update(f"{path.relative_to(folder)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def geodata_files(folder: Path) -> list[Path]:
    """Return the files that a snapshot is made of, in a fixed order."""
    patterns = ("*.toml", "*.json", "*.geojson", "base/*.geojson", "photos/*")
    return sorted(p for pattern in patterns for p in folder.glob(pattern) if p.is_symlink() or p.is_file())


def _combine(frames: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    return gpd.GeoDataFrame(pd.concat(filled), crs=filled[0].crs)


def _read_base(folder: Path, extent: Bbox, limits: Mapping[str, int]) -> list[BaseShape]:
    """Return the basemap's shapes; a file that is not there has none. Raises BrokenGeodata with all faults."""
    shapes: list[BaseShape] = []
    faults: list[str] = []
    for group in BASE_FILES:
        path = folder / "base" / f"{group}.geojson"
        if not path.exists() and not path.is_symlink():
            continue
        try:
            rows = parse_collection(path, **limits)
        except Unreadable as error:
            faults.append(f"base/{path.name}: {error}")
            continue
        for number, row in enumerate(rows, 1):
            try:
                shapes.append(_base_shape(row, group, extent))
            except Unreadable as error:
                faults.append(f"base/{path.name}: feature number {number}: {error}")
    if faults:
        raise BrokenGeodata(faults)
    return shapes


def _base_shape(row: Any, group: str, extent: Bbox) -> BaseShape:
    """Return one shape of the basemap. Raises Unreadable."""
    properties = row.get("properties") if isinstance(row, dict) else None
    if not isinstance(properties, dict):
        raise Unreadable('is not {"type": "Feature", "properties": {...}, "geometry": {...}}')
    kind, name, min_zoom = (properties.get(key) for key in ("class", "name", "min_zoom"))
    if not isinstance(kind, str) or not SLUG.fullmatch(kind):
        raise Unreadable(f"class {show(kind)} is not a plain word (a-z, 0-9 and -)")
    if type(min_zoom) not in (int, NoneType):
        raise Unreadable(f"min_zoom {show(min_zoom)} is not a whole number")
    for fault in check_text(name) if name is not None else ():
        raise Unreadable(f"name {fault}")
    geometry = read_geometry(row.get("geometry"), extent)
    if group == "labels" and (geometry.geom_type != "Point" or not name):
        raise Unreadable("is a label; it needs a Point and a name")
    return BaseShape(group, kind, geometry, name or {}, min_zoom or 0)


def _entry(feature: Feature, city: City) -> SearchEntry:
    texts = [feature.get("summary"), feature.get("address"), city.kinds[feature.kind].title]
    texts += [city.themes[theme] for theme in feature.get("themes") or ()]
    names = [feature.name[tag] for tag in LANGUAGES if feature.name.get(tag)]  # zh first: its length ranks
    names += feature.get("aliases") or ()
    return SearchEntry(feature.id, tuple(names), " ".join(t for text in texts if text for t in text.values()))
