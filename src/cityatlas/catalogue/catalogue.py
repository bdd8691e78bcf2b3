"""Combine all layers of a city into one frozen snapshot."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from operator import attrgetter

import geopandas as gpd
import pandas as pd

from ..city.basemap import Attribution, Base, once
from ..city.figures import Figure
from ..city.layers import Feature, Layer, Row, make_frame, read_row, sound_features
from ..city.photos import files_of, photo_folders
from ..city.spec import City, LayerSpec
from ..errors import BrokenGeodata, Retired, UnknownLayer, UnknownSite
from ..i18n import LANGUAGES
from ..routing.network import Network
from ..schema import phases
from ..schema.faults import Fault
from ..search.index import Example, SearchEntry, SearchIndex, find_example
from ..settings import Settings
from ..tiles.base_tiles import BaseTiles
from ..versioning.content import Json
from .cross_checks import cross_faults, figure_faults
from .folder import Folder, read_folder
from .overlay import NOTHING, Overlay
from .relations import NONE, Relations, at_work, relate
from .step_cache import Memo, without_collector


@dataclass(frozen=True, eq=False)
class Catalogue:
    """Hold one snapshot: everything that a page can show. Nothing in it changes after it is made.

    `tag` names its content: two processes that read the same files and revisions get the same one. `hidden` are ids
    that staff took off the map; `is_store_lost` says that staff's changes could not be read and are missing. `number`
    and `moment` tell up to where the store was read: 0 and "" for the folder alone.
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

    @property
    def edition(self) -> str:
        """Return what names all that its pages say: they also tell whether staff's changes can be read."""
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
        """Return whose data the basemap and the paths are, which stands wherever they are shown."""
        return once([*self.base.attributions, *self.network.attributions])

    @cached_property
    def months(self) -> tuple[str, str] | None:
        """Return the first and last month that a project's phase names."""
        return phases.months_of([f.phases for f in self.features.values()])

    @cached_property
    def photos(self) -> frozenset[str]:
        """Return the files of the photos that features show, in all their sizes."""
        shown = (photo.file for f in self.features.values() for photo in f.photos)
        return frozenset(file for name in shown for file in files_of(name))

    @cached_property
    def index(self) -> SearchIndex:
        """Return the search index; made at first use, then kept."""
        return SearchIndex.build([_entry(feature, self.city) for feature in self.features.values()])

    @cached_property
    def search_example(self) -> Example | None:
        """Return what a hint for the search may name: letters that find a place of this city."""
        return find_example(feature.name.get("zh", "") for feature in self.features.values())


@without_collector()
def build_catalogue(settings: Settings, overlay: Overlay = NOTHING, memo: Memo | None = None) -> Catalogue:
    """Return a snapshot of a geodata folder with what is published laid over it.

    What a `memo` keeps from the last snapshot is not made again. Raises BrokenGeodata with the faults of all files.
    """
    memo = memo or Memo()
    ground = read_folder(settings, memo)
    city = replace(ground.city, retired=overlay.retired(ground.city.retired))
    layers: dict[str, Layer] = {}
    faults: list[Fault] = []
    for spec in city.layers:
        try:
            features = sound_features(laid_rows(ground, spec.id, overlay, memo), f"{spec.id}.geojson")
            layers[spec.id] = _make_layer(spec, features, ground.city, memo)
        except BrokenGeodata as error:
            faults += error.faults
    faults += ground.faults
    by_id = {f.id: f for layer in layers.values() for f in layer.features}
    if not faults:  # what follows speaks of features; a broken layer would raise faults that are none
        faults = [*cross_faults(photo_folders(settings), city, layers, by_id), *ground.figure_faults]
        faults += figure_faults(by_id, ground.figures) if not ground.figure_faults else ()
    if faults:
        raise BrokenGeodata(faults)
    frames = [layer.frame for layer in layers.values()]
    frame = memo.once("frame", lambda: _combine(frames), of=frames)
    of = (frame, ground.city)
    relations = memo.once("relations", lambda: relate(frame, by_id, ground.city), of=of, key=at_work(by_id))
    tag = hashlib.sha256(f"{ground.tag} {overlay.digest}".encode()).hexdigest()[:12] if overlay.digest else ground.tag
    shown = (tag, city, layers, by_id, frame, relations, ground.figures, ground.base, ground.base_tiles, ground.network)
    return Catalogue(*shown, overlay.hidden, overlay.is_lost, overlay.number, overlay.moment)


def laid_rows(ground: Folder, layer_id: str, overlay: Overlay, memo: Memo) -> list[Row]:
    """Return the rows of a layer with what is published of it in their place or behind them."""
    of = (ground.layers[layer_id], ground.city, overlay.rows, overlay.hidden)
    return memo.once(("laid", layer_id), lambda: _lay(ground, layer_id, overlay, memo), of=of)


def _lay(ground: Folder, layer_id: str, overlay: Overlay, memo: Memo) -> list[Row]:
    rows, spec = ground.layers[layer_id], ground.city.layer(layer_id)
    assert spec
    of_file = memo.once(("by id", layer_id), lambda: {row.id: row for row in rows}, of=(rows,))
    kept = memo.once(("published", layer_id), dict[str, tuple[Json, Row]], of=(ground.city,))
    own = {}
    for key, (layer, row) in overlay.rows.items():
        if layer == layer_id:
            known = kept.get(key)
            if known is None or known[0] is not row:
                known = kept[key] = (row, _read(row, spec, ground.city, known[1] if known else of_file.get(key)))
            own[key] = known[1]
    return overlay.lay(own, rows, attrgetter("id"))


def _read(row: Json, spec: LayerSpec, city: City, before: Row | None) -> Row:
    """Return a published row; one that did not move keeps its shape, so that what is made of shapes alone stays."""
    found = read_row(row, 1, spec, city)
    if found.feature and before and before.feature and found.feature.geometry == before.feature.geometry:
        return Row(found.id, replace(found.feature, geometry=before.feature.geometry))
    return found


def _make_layer(spec: LayerSpec, features: tuple[Feature, ...], city: City, memo: Memo) -> Layer:
    """Return a layer; its frame is the last one unless a feature came, went, moved or is of another kind."""
    kinds = tuple((feature.id, feature.kind) for feature in features)
    shapes = [city, *(feature.geometry for feature in features)]
    frame = memo.once(("frame", spec.id), lambda: make_frame(features, city), of=shapes, key=kinds)
    return memo.once(("layer", spec.id), lambda: Layer(spec, features, frame), of=(spec, frame, *features))


def _combine(frames: list[gpd.GeoDataFrame]) -> gpd.GeoDataFrame:
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    return gpd.GeoDataFrame(pd.concat(filled), crs=filled[0].crs)


def _entry(feature: Feature, city: City) -> SearchEntry:
    texts = [feature.summary, feature.address, city.kinds[feature.kind].title]
    texts += [city.themes[theme] for theme in feature.themes]
    names = [feature.name[tag] for tag in LANGUAGES if feature.name.get(tag)]  # zh first: its length ranks
    names += feature.aliases
    return SearchEntry(feature.id, tuple(names), " ".join(t for text in texts if text for t in text.values()))
