"""Tell what visitors came to see otherwise, the newest first: what staff published, and what a changed folder brought.

A folder's version is compared with the one before it, row by row; a row that staff's own revision stood over by then
was not seen, and is left out.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise

from cachetools import LRUCache

from ...errors import UnknownRevision
from ...settings import Settings
from ...store import PublicChange, PublicLog, Store, count_since, public_log, stood_over_since
from ...versioning.content import Content, content_of_row
from ..catalogue import Catalogue
from ..folder import Version
from .past import Past

log = logging.getLogger(__name__)
MOST_STEPS = 256  # pairs of versions of which the differing ids are known
Differing = Mapping[str, tuple[str, str]]  # by id the layer that had it, and the one that has it; "" for none


@dataclass(frozen=True)
class _Row:
    """Hold a feature that two versions of the folder have otherwise, with its layer in both."""

    feature_id: str
    was_in: str
    is_in: str
    old: Version
    new: Version

    @property
    def layer(self) -> str:
        """Return the layer that visitors see or saw it in."""
        return self.is_in or self.was_in


class PublicChanges:
    """Read changes from the store and from the versions of the folder that were kept."""

    def __init__(self, settings: Settings, store: Store, past: Past) -> None:
        self._settings, self._store, self._past = settings, store, past
        self._steps: LRUCache[tuple[str, str, frozenset[str]], Differing] = LRUCache(MOST_STEPS)
        self._keeping = threading.Lock()

    @property
    def edition(self) -> int:
        """Return what changes when a version of the folder is kept: that may be after a snapshot shows it."""
        return len(self._versions())

    def newest_at(self, catalogue: Catalogue) -> str:
        """Return since when the newest change is seen, "" without any; the map asks for it, also without a store."""
        by_folder = (new.moment for _, new, step in reversed(self._all_steps(catalogue)) if step)
        return max(catalogue.newest_at, next(by_folder, ""))

    def read(self, catalogue: Catalogue, layer: str = "", feature_id: str = "", *, first: int, limit: int) -> PublicLog:
        """Return changes up to a snapshot from number `first` on, the newest being 0; of a layer or feature if said."""
        state, end = catalogue.revision.state, first + limit
        rows = list(self._rows(catalogue, layer, feature_id))
        starts, told = list[tuple[int, int]](), 0
        for moment, group in groupby(rows, key=lambda row: row.new.moment):
            start = told + count_since(self._store, state, moment, layer=layer, feature_id=feature_id)
            if start >= end:
                break
            starts.append((start, size := sum(1 for _ in group)))
            told += size
        before, until = _among(first, starts), _among(end, starts)
        by_staff = public_log(
            self._store,
            state,
            layer=layer,
            feature_id=feature_id,
            first=first - before,
            limit=limit - until + before,
        )
        by_folder = list(self._told(rows[before:until]))
        changes = sorted([*by_staff.changes, *by_folder], key=lambda change: change.moment, reverse=True)
        return PublicLog(tuple(changes), by_staff.count + len(rows))

    def _rows(self, catalogue: Catalogue, layer: str, feature_id: str) -> Iterator[_Row]:
        """Yield what visitors saw change by the folder, the newest first."""
        steps = self._all_steps(catalogue)
        ids = {key for _, _, step in steps for key in step if feature_id in ("", key)}
        covered = stood_over_since(self._store, ids) if ids else {}
        for old, new, step in reversed(steps):
            for key, (was_in, is_in) in step.items():
                row = _Row(key, was_in, is_in, old, new)
                if key in ids and layer in ("", row.layer) and new.moment < covered.get(key, "9"):
                    yield row

    def _versions(self) -> tuple[Version, ...]:
        try:
            return self._past.versions()
        except (
            UnknownRevision
        ) as error:  # somebody's hand was in what is kept: what staff published is told all the same
            log.error("%s", error)
            return ()

    def _all_steps(self, catalogue: Catalogue) -> list[tuple[Version, Version, Differing]]:
        """Return each version but the first, after the one before it, up to the folder that a snapshot shows."""
        known = self._versions()
        tags = [version.tag for version in known]
        shown = len(tags) - tags[::-1].index(catalogue.revision.folder) if catalogue.revision.folder in tags else None
        return [(old, new, self._differing(old, new, catalogue.layers)) for old, new in pairwise(known[:shown])]

    def _differing(self, old: Version, new: Version, layers: Collection[str]) -> Differing:
        """Return the features that two versions have otherwise, in the order of their ids."""
        key = (old.tag, new.tag, frozenset(layers))
        with self._keeping:
            known = self._steps.get(key)
        if known is None:
            known = self._compared(old, new, layers)
            with self._keeping:
                self._steps[key] = known
        return known

    def _compared(self, old: Version, new: Version, layers: Collection[str]) -> Differing:
        found: dict[str, tuple[str, str]] = {}
        for layer in layers:
            try:
                had, has = (self._past.rows_of(version.files.get(f"{layer}.geojson")) for version in (old, new))
            except (OSError, ValueError, KeyError, TypeError) as error:  # somebody's hand was in what is kept
                log.error("a version of the folder cannot be read: %s", error)
                return {}
            for key in sorted({*had, *has}):
                if had.get(key) != has.get(key):
                    was_in, is_in = found.get(key, ("", ""))
                    found[key] = (layer if key in had else was_in, layer if key in has else is_in)
        return dict(sorted(found.items()))

    def _told(self, rows: Collection[_Row]) -> Iterator[PublicChange]:
        files: dict[tuple[str, str], Mapping[str, Content]] = {}

        def content(version: Version, layer: str, key: str) -> Content | None:
            if not layer:
                return None
            at = (version.moment, layer)
            if at not in files:
                files[at] = self._contents(version.files[f"{layer}.geojson"], layer)
            return files[at][key]

        for row in rows:
            before = content(row.old, row.was_in, row.feature_id)
            after = content(row.new, row.is_in, row.feature_id)
            yield PublicChange(0, row.feature_id, row.layer, row.new.moment, False, 0, before, after)

    def _contents(self, file: str, layer: str) -> Mapping[str, Content]:
        document = json.loads((self._settings.shared_folder / "geodata" / file).read_bytes())
        return {row["id"]: content_of_row(layer, row) for row in document["features"]}


def _among(end: int, starts: Collection[tuple[int, int]]) -> int:
    """Return how many rows of the folder are among the first `end` of all; each group has its start and size."""
    return sum(min(max(end - start, 0), size) for start, size in starts)
