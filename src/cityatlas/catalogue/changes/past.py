"""Tell what visitors saw before: what has changed since a revision, and the city as of a moment or of a pin.

A city of the past is made of revisions, which stay in the store, and of a version of the folder, which is kept
beside it; none of both is ever changed.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import shutil
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cachetools import LRUCache

from ...city.layers import Feature
from ...errors import BrokenGeodata, StoreUnavailable, UnknownRevision
from ...settings import Settings
from ...store import UNPUBLISHED, Store, changed_between, moment_text, published, state_after, state_at, steps_of
from ...store.log.erase import shows_erased
from ...versioning.content import canonical, digest_of
from ..catalogue import Catalogue
from ..folder import Version, lay_out, version_among, versions
from ..reconcile import build_shown
from ..step_cache import StepCache, without_collector
from ..store_watch import NOTHING, Overlay, overlay_of
from .public_revision import PIN_LETTERS, Pin, PublicRevision

log = logging.getLogger(__name__)
MOST_KEPT = 4  # cities of past moments; they share what did not change between them
MOST_FILES = 16  # versions of layers' files of which the rows are known
SETTLED = timedelta(minutes=1)  # longer than a save takes, and until a changed folder is seen and kept
Rows = Mapping[str, str]  # of each feature, what names its row


@dataclass(frozen=True)
class Delta:
    """Hold what has changed in layers: features as they are now, and the ids of those that are gone from them."""

    changed: tuple[Feature, ...]
    deleted: tuple[str, ...]


@dataclass(frozen=True)
class Then:
    """Name a past city by what it was made of: the same for all moments between two changes.

    One that stays at its addresses has a `pin`, and `as_of` is since when store and folder were so.
    """

    revision: PublicRevision
    pin: str = ""
    as_of: str = ""


class Past:
    """Read the past of a city from its store and from the versions of its folder that were kept."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings, self._store = settings, store
        self._names: tuple[str, ...] = ()
        self._versions: tuple[Version, ...] = ()
        self._by_tag: Mapping[str, Version] = {}
        self._rows: LRUCache[str, Rows] = LRUCache(MOST_FILES)
        self._cities: LRUCache[Then, Catalogue] = LRUCache(MOST_KEPT)
        self._cache = StepCache()
        self._making, self._keeping = threading.Lock(), threading.Lock()
        self._mark = secrets.token_hex(4)  # other machines may write beside us

    def since(self, catalogue: Catalogue, layers: Collection[str], then: PublicRevision) -> Delta:
        """Return what of layers visitors may see otherwise than when `then` was the revision, each feature once.

        What was published without a difference counts too. Raises UnknownRevision where it cannot be told.
        """
        layers_then = self._published(then, catalogue.revision)
        in_files_then, in_files = self._in_files(layers, then.folder, catalogue.revision.folder)
        gone = in_files_then | {key for key, shown in layers_then.items() if not shown.isdisjoint(layers)}
        found = {key: catalogue.features.get(key) for key in sorted({*layers_then, *in_files})}
        changed = {key: feature for key, feature in found.items() if feature and feature.layer in layers}
        return Delta(tuple(changed.values()), tuple(sorted(gone - set(changed))))

    def _published(self, then: PublicRevision, now: PublicRevision) -> Mapping[str, frozenset[str]]:
        """Return the features that staff changed between two revisions, with their layers then."""
        is_all = then != now and not (then.is_whole and now.is_whole)  # it may have been shown otherwise than published
        if then.state == now.state and not is_all:
            return {}
        return changed_between(self._store, then.state, now.state, is_all=is_all)

    def _in_files(self, layers: Collection[str], then: str, now: str) -> tuple[set[str], set[str]]:
        """Return the features of layers that two folders have otherwise: those that the first one had, and all."""
        had, differing = set[str](), set[str]()
        for layer_id in layers if then != now else ():
            old, new = (self.rows_of(self._version(tag).files.get(f"{layer_id}.geojson")) for tag in (then, now))
            differ = {key for key in {*old, *new} if old.get(key) != new.get(key)}
            had, differing = had | differ & set(old), differing | differ
        return had, differing

    def rows_of(self, file: str | None) -> Rows:
        """Return what names each row of a layer's file that was kept."""
        if file is None:
            return {}
        with self._keeping:
            known = self._rows.get(file)
        if known is None:
            document = json.loads((self._settings.shared_folder / "geodata" / file).read_bytes())
            known = {row["id"]: digest_of(canonical(row)) for row in document["features"]}
            with self._keeping:
                self._rows[file] = known
        return known

    def versions(self) -> tuple[Version, ...]:
        """Return the versions of the folder that were kept, oldest first. Raises UnknownRevision."""
        self._look()
        return self._versions

    def _version(self, tag: str) -> Version:
        """Return the version of the folder with a tag. Raises UnknownRevision."""
        self._look()
        if found := self._by_tag.get(tag):
            return found
        raise UnknownRevision("That version of the city's files was not kept.")

    def _look(self) -> None:
        """Read which versions there are, if there is one more."""
        try:
            names = tuple(sorted(path.name for path in (self._settings.shared_folder / "geodata").glob("*.json")))
            if names == self._names:
                return
            self._versions = tuple(versions(self._settings.shared_folder))
        except (OSError, ValueError, TypeError):  # the disk, or somebody's hand in what is kept
            raise UnknownRevision("What is kept of the city's files cannot be read.") from None
        self._by_tag = {version.tag: version for version in self._versions}
        self._names = names

    def is_settled(self, moment: datetime) -> bool:
        """Return whether a moment lies so far back, and still in what was kept, that nothing more can be told of it."""
        self._look()
        is_over = datetime.now(UTC) - moment > SETTLED
        return is_over and bool(self._versions) and self._versions[0].moment <= moment_text(moment)

    def at(self, moment: datetime, present: Catalogue) -> Then | None:
        """Return what names the city of a moment, None for the present one; before its past is known, as it was first.

        A moment ahead is the present one.
        """
        if present.moment and moment_text(moment) >= present.moment:
            return None
        self._look()
        version = version_among(self._versions, moment_text(moment))
        folder = version.tag if version else present.revision.folder
        state = state_at(self._store, moment) if self._store.exists() else UNPUBLISHED
        is_same = (state, folder) == (present.revision.state, present.revision.folder)
        return None if is_same else Then(PublicRevision(state, folder))

    def pin_of(self, present: Catalogue) -> Pin | None:
        """Return the pin of the present snapshot; None where nothing is kept that it could be rebuilt from."""
        if present.is_store_lost or not self._store.exists():
            return None
        state = present.revision.state
        try:
            return Pin(state.number, steps_of(self._store, state), present.revision.folder[:PIN_LETTERS])
        except (StoreUnavailable, UnknownRevision):
            return None

    def at_pin(self, pin: Pin) -> Then | None:
        """Return what names the city of a pin, None where its folder was not kept; what is kept later changes nothing.

        Raises UnknownRevision for what never was or has not come yet, StoreUnavailable while that cannot be read.
        """
        if not self._store.exists():
            return None
        state = state_after(self._store, pin.number, pin.steps)
        if (version := self._pinned_version(pin, state.moment)) is None:
            return None
        return Then(PublicRevision(state, version.tag), str(pin), max(state.moment, version.moment))

    def _pinned_version(self, pin: Pin, moment: str) -> Version | None:
        """Return the folder of a pin; without one the first is meant only if it was kept soon enough to be the same."""
        self._look()
        found = version_among([one for one in self._versions if one.tag.startswith(pin.folder)], moment)
        if not found or pin.folder or not moment or found.moment <= moment:
            return found
        is_soon = datetime.fromisoformat(found.moment) - datetime.fromisoformat(moment) <= SETTLED
        return found if is_soon else None

    def shows_erased(self, then: Then) -> bool:
        """Return whether something was erased since of what visitors saw then: a pin cannot keep its word any more."""
        return shows_erased(self._store, then.revision.state)

    def forget(self) -> None:
        """Let go of what is held of past cities, after something was erased of one."""
        with self._making, self._keeping:
            self._cities.clear()
            self._rows.clear()
            self._names, self._versions, self._by_tag = (), (), {}
            self._cache = StepCache()

    def known(self, then: Then) -> Catalogue | None:
        """Return a past city where nothing has to be built for it."""
        with self._keeping:
            return self._cities.get(then)

    @without_collector()
    def build(self, then: Then) -> Catalogue:
        """Return a past city as visitors saw it; the same files and revisions give the same one every time.

        Raises UnknownRevision for what this program cannot show any more, StoreUnavailable where it has no room to.
        """
        with self._making:  # what is read is shared between two cities
            if found := self.known(then):
                return found
            made = self._built(then)
            with self._keeping:
                self._cities[then] = made
            return made

    def _built(self, then: Then) -> Catalogue:
        moment = then.revision.state.moment
        overlay = overlay_of(published(self._store, at_moment=datetime.fromisoformat(moment))) if moment else NOTHING
        if then.pin and overlay.is_lost:
            raise UnknownRevision("A revision of that time is damaged.")
        catalogue = self._laid_out(self._by_tag.get(then.revision.folder), overlay)
        return replace(catalogue, pin=then.pin, moment=then.as_of) if then.pin else catalogue

    def _laid_out(self, version: Version | None, overlay: Overlay) -> Catalogue:
        if version is None:  # no version was kept, ever: the folder that there is stands for all
            return self._shown(self._settings.geodata, overlay)
        # The same each time: what is read is known by its name.
        aside = self._settings.var / f"past-{self._mark}-{os.getpid()}"
        try:
            lay_out(self._settings.shared_folder, version, aside)
            return self._shown(aside, overlay)
        except OSError as error:
            log.error("a past city cannot be laid out: %s", error)
            if isinstance(error, FileNotFoundError):
                raise UnknownRevision("The city's files of that time are lost.") from None
            raise StoreUnavailable("A past city cannot be laid out.", "Make room on the disk.") from None
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def _shown(self, folder: Path, overlay: Overlay) -> Catalogue:
        try:
            return build_shown(replace(self._settings, geodata=folder), overlay, self._cache)[0]
        except BrokenGeodata as error:
            log.error("a past city cannot be shown: %s", "; ".join(map(str, error.faults)))
            raise UnknownRevision("The city's files of that time cannot be shown any more.") from None
