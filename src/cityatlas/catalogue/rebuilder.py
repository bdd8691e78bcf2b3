"""Make the next snapshot from changed files and published rows, one at a time, and keep the last good one."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import BrokenGeodata
from ..schema.faults import Fault, fault
from ..settings import Settings
from .catalogue import Catalogue
from .folder import geodata_files
from .reconcile import Trouble, build_shown
from .step_cache import StepCache, without_collector
from .store_watch import LOST, NOTHING, Overlay, PublicSide

log = logging.getLogger(__name__)
Stamp = tuple[tuple[str, int, int], ...]
MANY = 2_000  # features whose search index takes longer to make than a visitor likes to wait


@dataclass(frozen=True)
class Shown:
    """Hold what is shown, and what was seen when it was last looked for: files by their stamp, the store's rows.

    `troubles` are published rows that do not fit; `faults` say why files that have changed are not shown.
    """

    catalogue: Catalogue
    stamp: Stamp
    overlay: Overlay
    troubles: tuple[Trouble, ...] = ()
    faults: tuple[Fault, ...] = ()


class Rebuilder:
    """Rebuild the snapshot when files or what is published have changed; `shown` is replaced whole.

    A folder that breaks keeps the last good snapshot. A store that cannot be read keeps what was last read of it; at
    the start the folder is then shown alone. Raises BrokenGeodata when there is no snapshot to begin with.
    """

    def __init__(self, settings: Settings, public: PublicSide) -> None:
        self._settings = settings
        self._public = public
        self._cache = StepCache()
        self._lock = threading.Lock()
        self.shown = self._first()

    @property
    def is_busy(self) -> bool:
        """Return whether a snapshot is being made."""
        return self._lock.locked()

    def rebuild(self, *, reads_store: bool, waits: bool) -> None:
        """Take in what has changed since; what cannot be shown leaves the last good snapshot, and never raises.

        Who does not wait leaves it to whoever is at it, if somebody is.
        """
        if not self._lock.acquire(blocking=waits):
            return
        try:
            self.shown = self._marked(self._next(reads_store))
        finally:
            self._lock.release()

    def _first(self) -> Shown:
        """Return the first snapshot. Whatever is published, it must not stop the folder's map."""
        stamp, read = _stamp_of(self._settings.geodata), self._public.read()
        overlay = LOST if read is None else read
        try:
            return self._built(stamp, overlay)
        except BrokenGeodata as error:
            if overlay in (NOTHING, LOST):
                raise
            catalogue, _ = build_shown(self._settings, LOST, self._cache)
            log.error("the map is shown without what is published: %s", _lines(error.faults))
            troubles = tuple(Trouble("unbuilt", faults=(found,)) for found in error.faults)
            return Shown(catalogue, stamp, overlay, troubles)

    @without_collector()
    def _next(self, reads_store: bool) -> Shown:
        """Return what is to be shown from now on; a failure is noted, and tried again when something has changed."""
        seen = self.shown
        try:
            seen = replace(seen, stamp=_stamp_of(self._settings.geodata), overlay=self._overlay(reads_store))
            if (seen.stamp, seen.overlay.digest) == (self.shown.stamp, self.shown.overlay.digest):
                return self.shown
            built = self._built(seen.stamp, seen.overlay)
        except BrokenGeodata as error:
            log.error("geodata is broken, the last good snapshot stays: %s", _lines(error.faults))
            return replace(seen, faults=tuple(self._without_folder(found) for found in error.faults))
        except OSError as error:  # a file that vanished between the look and the read: the next look decides
            log.error("geodata cannot be read, the last good snapshot stays: %s", error)
            return replace(seen, stamp=(), faults=(self._without_folder(fault("geodata_lost", cause=error)),))
        except Exception:  # the thread's last handler: a fault of ours must not look like good health
            log.exception("the rebuild failed, the last good snapshot stays")
            return replace(seen, stamp=(), faults=(fault("geodata_unread"),))
        log.info("snapshot %s: %d features", built.catalogue.tag, len(built.catalogue.features))
        return built

    def _overlay(self, reads_store: bool) -> Overlay:
        """Return what is published, as it was read last unless it is read now."""
        read = self._public.read() if reads_store else None
        return self.shown.overlay if read is None else read

    def _built(self, stamp: Stamp, overlay: Overlay) -> Shown:
        catalogue, troubles = build_shown(self._settings, overlay, self._cache)
        if len(catalogue.features) > MANY:
            _ = catalogue.index  # before visitors see it, who would wait, and before processes part
        if troubles:
            log.error("not all that is published is shown: %s", _lines(troubles))
        return Shown(catalogue, stamp, overlay, troubles)

    def _marked(self, shown: Shown) -> Shown:
        """Let pages say that changes may be missing, from when the store is lost until it is back."""
        is_lost = self._public.state == "lost" or shown.overlay.is_lost
        if is_lost == shown.catalogue.is_store_lost:
            return shown
        return replace(shown, catalogue=replace(shown.catalogue, is_store_lost=is_lost))

    def _without_folder(self, found: Fault) -> Fault:
        """Return a fault that names files only: everybody may read /health, and where they lie is nobody's business."""
        folder = self._settings.geodata

        def short(text: str) -> str:
            return text.replace(f"{folder}{os.sep}", "").replace(str(folder), folder.name)

        values = tuple((name, short(value)) for name, value in found.values)
        return replace(found, file=short(found.file), values=values)


def _stamp_of(folder: Path) -> Stamp:
    """Return what changes with the files of a folder."""
    stats = [(path, path.lstat()) for path in geodata_files(folder)]
    return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats)


def _lines(faults: Iterable[Fault | Trouble]) -> str:
    return "; ".join(map(str, faults))
