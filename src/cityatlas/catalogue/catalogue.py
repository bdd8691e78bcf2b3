"""Combine all layers of a city into one frozen snapshot."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from pathlib import Path
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd

from ..city.basemap import Base, distinct
from ..city.figures import Figure
from ..city.layers import Feature, Layer, Row, make_frame, read_row, sound_features
from ..city.photos import files_of, photo_folders
from ..city.spec import City, LayerSpec
from ..errors import BrokenGeodata, Retired, UnknownLayer, UnknownSite
from ..routing.network import Network
from ..schema import phases
from ..schema.faults import Fault
from ..schema.items import Attribution
from ..search.index import Example, SearchIndex, find_example
from ..settings import Settings
from ..tiles.base_tiles import BaseTiles
from ..versioning.content import Json
from .changes.public_revision import NOTHING_SHOWN, PublicRevision
from .cross_checks import cross_faults, figure_faults
from .folder import Folder, read_folder
from .last_index import LastIndex
from .relations import NONE, Relations, at_work, relate
from .step_cache import StepCache, without_collector
from .store_watch import NOTHING, Overlay


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Hold one snapshot: everything that a page can show. Nothing in it changes after it is made.

    `tag` names its content: two processes that read the same files and revisions get the same one. `hidden` are ids
    that staff took off the map; `is_store_lost` says that staff's changes could not be read and are missing. `number`
    and `moment` tell up to where the store was read: 0 and "" for the folder alone. `revision` names all of it for the
    world; `newest_at` is since when the newest of what staff published is shown, or "".
    `pin` is what its addresses end in that stay at it, and `moment` is then that of store and folder together.
    `last_index` is shared by the snapshots of a process.
    """

    tag: str
    city: City
    layers: Mapping[str, Layer]
    features: Mapping[str, Feature]
    frame: gpd.GeoDataFrame
    relations: Mapping[str, Relations]
    figures: tuple[Figure, ...]
    base: Base
    base_tiles: BaseTiles
    network: Network
    hidden: frozenset[str] = frozenset()
    is_store_lost: bool = False
    number: int = 0
    moment: str = ""
    revision: PublicRevision = NOTHING_SHOWN
    newest_at: str = ""
    pin: str = ""
    last_index: LastIndex = field(default_factory=LastIndex)

    @cached_property
    def as_of(self) -> datetime | None:
        """Return the moment that a pinned snapshot tells of, in the city; None for others."""
        moment = datetime.fromisoformat(self.moment) if self.pin else None
        return moment.astimezone(ZoneInfo(self.city.timezone)) if moment else None

    @property
    def edition(self) -> str:
        """Return what names all that its pages say: they also tell whether staff's changes can be read."""
        if self.pin:
            return f"@{self.pin}"
        return f"{self.tag}-lost" if self.is_store_lost else self.tag

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
    def attributions(self) -> tuple[Attribution, ...]:
        """Return whose data the basemap, the paths and the layers are, which stands wherever they are shown."""
        of_layers = (one for layer in self.layers.values() for one in layer.credits)
        return distinct([*self.base.attributions, *self.network.attributions, *of_layers])

    @cached_property
    def months(self) -> tuple[str, ...]:
        """Return the months in which a phase of a project or a tour route began, in order."""
        begun = phases.months_of([f.phases for f in self.features.values()])
        return tuple(sorted({*begun, *(f.valid_from for f in self.features.values() if f.valid_from)}))

    @cached_property
    def photos(self) -> frozenset[str]:
        """Return the files of the photos that features show, in all their sizes."""
        shown = (photo.file for f in self.features.values() for photo in f.photos)
        return frozenset(file for name in shown for file in files_of(name))

    @cached_property
    def index(self) -> SearchIndex:
        """Return the search index; made at first use, then kept."""
        return self.last_index.of(self.features, self.city)

    @cached_property
    def search_example(self) -> Example | None:
        """Return what a hint for the search may name: letters that find a place of this city."""
        return find_example(feature.name.get("zh", "") for feature in self.features.values())


@without_collector()
def build_catalogue(settings: Settings, overlay: Overlay = NOTHING, cache: StepCache | None = None) -> Catalogue:
    """Return a snapshot of a geodata folder with what is published laid over it.

    What a `cache` holds of the last snapshot is not made again. Raises BrokenGeodata with the faults of all files.
    """
    cache = cache or StepCache()
    folder = read_folder(settings, cache)
    layers, faults = _laid_layers(folder, overlay, cache)
    faults += folder.faults
    laid = _Laid(folder, overlay, layers, {f.id: f for layer in layers.values() for f in layer.features})
    # what is between files speaks of features; a broken layer would raise faults that are none
    if faults := faults or _faults_between(laid, photo_folders(settings)):
        raise BrokenGeodata(faults)
    return _combine(laid, cache)


@dataclass(frozen=True)
class _Laid:
    """Hold a folder with what is published laid over it: what a snapshot is made of."""

    folder: Folder
    overlay: Overlay
    layers: Mapping[str, Layer]
    features: Mapping[str, Feature]

    @cached_property
    def city(self) -> City:
        """Return the city; what is hidden counts as withdrawn."""
        return replace(self.folder.city, retired=self.overlay.retired(self.folder.city.retired, self.features))

    @property
    def tag(self) -> str:
        """Return what names its content."""
        both = f"{self.folder.tag} {self.overlay.digest}"
        return hashlib.sha256(both.encode()).hexdigest()[:12] if self.overlay.digest else self.folder.tag


def _laid_layers(folder: Folder, overlay: Overlay, cache: StepCache) -> tuple[dict[str, Layer], list[Fault]]:
    """Return the layers that are sound, and the faults of those that are not."""
    layers, faults = dict[str, Layer](), list[Fault]()
    for spec in folder.city.layers:
        try:
            features = sound_features(laid_rows(folder, spec.id, overlay, cache), f"{spec.id}.geojson")
            layers[spec.id] = _make_layer(spec, features, folder, cache)
        except BrokenGeodata as error:
            faults += error.faults
    return layers, faults


def _faults_between(laid: _Laid, photos: Sequence[Path]) -> list[Fault]:
    """Return what is wrong between files that are sound each by itself."""
    faults = [*cross_faults(photos, laid.city, laid.layers, laid.features), *laid.folder.figure_faults]
    if laid.folder.figure_faults:
        return faults
    return [*faults, *figure_faults(laid.features, laid.folder.figures)]


def _combine(laid: _Laid, cache: StepCache) -> Catalogue:
    """Return the snapshot: all layers in one frame, and how their features stand to each other."""
    folder, overlay, features = laid.folder, laid.overlay, laid.features
    frames = [layer.frame for layer in laid.layers.values()]
    frame = cache.once("frame", lambda: _joined(frames), of=frames)
    of = (frame, folder.city)
    relations = cache.once("relations", lambda: relate(frame, features, folder.city), of=of, key=at_work(features))
    return Catalogue(
        tag=laid.tag,
        city=laid.city,
        layers=laid.layers,
        features=features,
        frame=frame,
        relations=relations,
        figures=folder.figures,
        base=folder.base,
        base_tiles=folder.base_tiles,
        network=folder.network,
        hidden=overlay.hidden,
        is_store_lost=overlay.is_lost,
        number=overlay.number,
        moment=overlay.moment,
        revision=PublicRevision(overlay.state, folder.tag, overlay.is_whole),
        newest_at=overlay.newest_at,
        last_index=cache.once("last index", LastIndex),
    )


def laid_rows(folder: Folder, layer_id: str, overlay: Overlay, cache: StepCache) -> list[Row]:
    """Return the rows of a layer with what is published of it in their place or behind them."""
    of = (folder.layers[layer_id], folder.city, overlay.rows, overlay.hidden)
    return cache.once(("laid", layer_id), lambda: _lay(folder, layer_id, overlay, cache), of=of)


def _lay(folder: Folder, layer_id: str, overlay: Overlay, cache: StepCache) -> list[Row]:
    rows = folder.layers[layer_id]
    of_file = cache.once(("by id", layer_id), lambda: {row.id: row for row in rows}, of=(rows,))
    published = {
        key: _published_row(row, (layer_id, key), folder.city, of_file.get(key), cache)
        for key, (layer, row) in overlay.rows.items()
        if layer == layer_id
    }
    return overlay.lay(published, rows, attrgetter("id"))


def _published_row(row: Json, key: tuple[str, str], city: City, of_file: Row | None, cache: StepCache) -> Row:
    """Return a published row, read once as long as neither it nor the city is another; `key` is its layer and id."""
    spec, step = city.layer(key[0]), ("published", *key)
    assert spec
    before = cache.last(step, Row) or of_file
    return cache.once(step, lambda: _read(row, spec, city, before), of=(row, city))


def _read(row: Json, spec: LayerSpec, city: City, before: Row | None) -> Row:
    """Return a published row; one that did not move keeps its shape, so that what is made of shapes alone stays."""
    found = read_row(row, 1, spec, city)
    if found.feature and before and before.feature and found.feature.geometry == before.feature.geometry:
        return Row(found.id, replace(found.feature, geometry=before.feature.geometry))
    return found


def _make_layer(spec: LayerSpec, features: tuple[Feature, ...], folder: Folder, cache: StepCache) -> Layer:
    """Return a layer; its frame is the last one unless a feature came, went, moved or is of another kind."""
    city, told = folder.city, folder.attributions[spec.id]
    kinds = tuple((feature.id, feature.kind) for feature in features)
    shapes = [city, *(feature.geometry for feature in features)]
    frame = cache.once(("frame", spec.id), lambda: make_frame(features, city), of=shapes, key=kinds)
    return cache.once(
        ("layer", spec.id), lambda: Layer(spec, features, frame, told), of=(spec, frame, *features), key=told
    )


def _joined(frames: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    return gpd.GeoDataFrame(pd.concat(filled), crs=filled[0].crs)
