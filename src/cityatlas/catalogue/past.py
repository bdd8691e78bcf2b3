"""Tell what visitors saw before: what has changed since a revision, and the city as it was at a moment."""

from __future__ import annotations

import json
import logging
import os
import shutil
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cachetools import LRUCache

from ..city.layers import Feature
from ..errors import BrokenGeodata, UnknownRevision
from ..settings import Settings
from ..store import UNPUBLISHED, PublicState, Store, changed_between, moment_text, published, state_at
from ..versioning.content import canonical, digest_of
from .catalogue import Catalogue
from .folder import Version, lay_out, version_among, versions
from .public_revision import PublicRevision
from .reconcile import build_shown
from .step_cache import StepCache
from .store_watch import NOTHING, Overlay, overlay_of

log = logging.getLogger(__name__)
MOST_KEPT = 4  # cities of past moments; they share what did not change between them
MOST_FILES = 16  # versions of layers' files of which the rows are known
SETTLED = timedelta(minutes=1)  # longer than a save takes, and until a changed folder is seen and kept
Rows = Mapping[str, str]  # of each feature, what names its row


@dataclass(frozen=True)
class Delta:
    """Hold what has changed in a layer: features as they are now, and the ids of those that are gone from it."""

    changed: tuple[Feature, ...]
    deleted: tuple[str, ...]


class Past:
    """Read the past of a city from its store and from the versions of its folder that were kept."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self._names: tuple[str, ...] = ()
        self._versions: tuple[Version, ...] = ()
        self._by_tag: Mapping[str, Version] = {}
        self._rows: LRUCache[str, Rows] = LRUCache(MOST_FILES)
        self._cities: LRUCache[tuple[PublicState, str], Catalogue] = LRUCache(MOST_KEPT)
        self._cache = StepCache()
        self._lock = threading.Lock()

    def since(self, catalogue: Catalogue, layer_id: str, then: PublicRevision) -> Delta:
        """Return what of a layer visitors may see otherwise than when `then` was the revision, each feature once.

        What was published without a difference counts too. Raises UnknownRevision where it cannot be told.
        """
        layers_then = self._published(then, catalogue.revision)
        in_file_then, in_files = self._in_files(layer_id, then.folder, catalogue.revision.folder)
        gone = in_file_then | {key for key, layers in layers_then.items() if layer_id in layers}
        found = {key: catalogue.features.get(key) for key in sorted({*layers_then, *in_files})}
        changed = {key: feature for key, feature in found.items() if feature and feature.layer == layer_id}
        return Delta(tuple(changed.values()), tuple(sorted(gone - set(changed))))

    def _published(self, then: PublicRevision, now: PublicRevision) -> Mapping[str, frozenset[str]]:
        """Return the features that staff changed between two revisions, with their layers then."""
        is_all = then != now and not (then.is_whole and now.is_whole)  # it may have been shown otherwise than published
        if then.state == now.state and not is_all:
            return {}
        return changed_between(self._store, then.state, now.state, is_all=is_all)

    def _in_files(self, layer_id: str, then: str, now: str) -> tuple[set[str], set[str]]:
        """Return the features of a layer that two folders have otherwise: those that the first one had, and all."""
        if then == now:
            return set(), set()
        old, new = (self._rows_of(self._version(tag).files.get(f"{layer_id}.geojson")) for tag in (then, now))
        differing = {key for key in {*old, *new} if old.get(key) != new.get(key)}
        return differing & set(old), differing

    def _rows_of(self, file: str | None) -> Rows:
        """Return what names each row of a layer's file that was kept."""
        if file is None:
            return {}
        if (known := self._rows.get(file)) is None:
            document = json.loads((self._settings.var / "geodata" / file).read_bytes())
            known = self._rows[file] = {row["id"]: digest_of(canonical(row)) for row in document["features"]}
        return known

    def _version(self, tag: str) -> Version:
        """Return the version of the folder with a tag. Raises UnknownRevision."""
        self._look()
        if found := self._by_tag.get(tag):
            return found
        raise UnknownRevision("That version of the city's files was not kept.")

    def _look(self) -> None:
        """Read which versions there are, if there is one more."""
        names = tuple(sorted(path.name for path in (self._settings.var / "geodata").glob("*.json")))
        if names != self._names:
            self._versions = tuple(versions(self._settings.var))
            self._by_tag = {version.tag: version for version in self._versions}
            self._names = names

    def is_settled(self, moment: datetime) -> bool:
        """Return whether a moment lies so far back, and still in what was kept, that nothing more can be told of it."""
        self._look()
        is_over = datetime.now(UTC) - moment > SETTLED
        return is_over and bool(self._versions) and self._versions[0].moment <= moment_text(moment)

    def known(self, moment: datetime, present: Catalogue) -> Catalogue | None:
        """Return the city as visitors saw it at a moment, where nothing has to be built for it."""
        key = self._key(moment, present)
        if key == (present.revision.state, present.revision.folder):
            return present
        return self._cities.get(key)

    def build(self, moment: datetime, present: Catalogue) -> Catalogue:
        """Return the city as visitors saw it at a moment; before its past is known, as it was first known.

        Raises UnknownRevision for a folder that this program cannot show any more.
        """
        key = self._key(moment, present)
        with self._lock:  # what is read is shared between the cities of two moments
            if not (found := self._cities.get(key)):
                found = self._cities[key] = self._built(moment, key[1])
        return found

    def _key(self, moment: datetime, present: Catalogue) -> tuple[PublicState, str]:
        """Return what is the same for all moments between two changes: the store's state, and the folder's tag."""
        if present.moment and moment_text(moment) >= present.moment:
            return present.revision.state, present.revision.folder
        self._look()
        version = version_among(self._versions, moment_text(moment))
        tag = version.tag if version else present.revision.folder
        return state_at(self._store, moment) if self._store.exists() else UNPUBLISHED, tag

    def _built(self, moment: datetime, tag: str) -> Catalogue:
        overlay = overlay_of(published(self._store, at_moment=moment)) if self._store.exists() else NOTHING
        version = self._by_tag.get(tag)
        if version is None:  # no version was kept, ever: the folder that there is stands for all
            return self._shown(self._settings.geodata, overlay)
        aside = self._settings.var / f"past-{os.getpid()}"  # the same each time: what is read is known by its name
        try:
            lay_out(self._settings.var, version, aside)
            return self._shown(aside, overlay)
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _shown(self, folder: Path, overlay: Overlay) -> Catalogue:
        try:
            return build_shown(replace(self._settings, geodata=folder), overlay, self._cache)[0]
        except BrokenGeodata as error:
            log.error("a past city cannot be shown: %s", "; ".join(map(str, error.faults)))
            raise UnknownRevision("The city's files of that time cannot be shown any more.") from None
