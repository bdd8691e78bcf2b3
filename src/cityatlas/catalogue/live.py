"""Keep the newest good snapshot: look for changed files and published revisions, rebuild aside, swap whole."""

from __future__ import annotations

import logging
import math
import os
import threading
import time
import weakref
from collections.abc import Callable, Iterable
from dataclasses import replace

from ..city.spec import read_city
from ..errors import BrokenGeodata, StoreUnavailable
from ..i18n import Language
from ..schema.faults import Fault, fault
from ..settings import Settings
from ..store import moment_now, open_store
from ..store.reports import forget_old
from .catalogue import Catalogue
from .folder import geodata_files
from .folder_versions import keep_folder
from .overlay import LOST, NOTHING, Overlay
from .reconcile import Trouble, build_shown
from .step_cache import StepCache, without_collector
from .store_watch import PublicSide

log = logging.getLogger(__name__)
TIDY_S = 3600.0
Stamp = tuple[tuple[str, int, int], ...]


class LiveCatalogue:
    """Answer with the current snapshot; a change is built in the background, once at a time.

    Readers never wait. A folder that breaks keeps the last good snapshot, and `faults` says why. A store that cannot
    be read keeps the last that was read from it; at start the folder is then shown alone.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._stamp = self._look()
        city = read_city(settings.geodata).id
        self.store = open_store(settings.database_url, settings.var, city)
        self._public = PublicSide(self.store, settings.var, clock)
        self._cache = StepCache()
        self._kept: Stamp = ()  # the folder that was kept last
        self.troubles: tuple[Trouble, ...] = ()
        self._file_faults: tuple[Fault, ...] = ()
        self._watch_faults: tuple[Fault, ...] = ()
        overlay = self._public.read()
        self._overlay = LOST if overlay is None else overlay
        self._catalogue = self._begin()
        self._looked_at_s = clock()
        self._rebuilding = threading.Lock()
        self._watched_by = 0  # the process whose thread watches the store: a fork has none
        self._connected_by = os.getpid()  # the process that the store's connections belong to
        self._is_over = threading.Event()
        self._tidy_at_s = -math.inf
        self._watcher: threading.Thread | None = None

    @property
    def faults(self) -> tuple[str, ...]:
        """Return in English, for operators, what is wrong with files or the store since the snapshot was made."""
        return tuple(map(str, (*self._file_faults, *self.troubles, *self._store_faults)))

    def sentences(self, language: Language) -> tuple[tuple[str, str], ...]:
        """Return each fault for staff, with the id of the feature that it is about or ""."""
        known = [(trouble.sentence(language), trouble.feature) for trouble in self.troubles]
        others = [(found.line(language), "") for found in (*self._file_faults, *self._store_faults)]
        return (*known, *others)

    @property
    def _store_faults(self) -> tuple[Fault, ...]:
        lost = (self._public.fault,) if self._public.fault else ()
        return self._watch_faults + lost

    @property
    def store_state(self) -> str:
        """Return "ok", "none" while nothing was ever written, or "lost"."""
        return self._public.state

    @property
    def newest(self) -> Catalogue:
        """Return the snapshot that there is, and start no thread."""
        return self._catalogue

    def resume(self) -> None:
        """Go on in a fork: with connections and a thread of its own, and first with what has changed since."""
        self._let_go()
        self._rebuilding.acquire()
        self._refresh(is_published_anew=True)
        self._begin_to_watch()

    @property
    def is_store_gone(self) -> bool:
        """Return whether there is no store where there was one, also before anybody has looked again."""
        return self._public.is_gone

    def current(self) -> Catalogue:
        """Return the newest good snapshot, and start a rebuild when files have changed since."""
        if self._watched_by != os.getpid():
            self._begin_to_watch()
        now_s = self._clock()
        if now_s - self._looked_at_s >= self._settings.recheck_s and self._rebuilding.acquire(blocking=False):
            self._looked_at_s = now_s
            threading.Thread(target=self._refresh, name="cityatlas-rebuild", daemon=True).start()
        return self._catalogue

    def watch(self) -> None:
        """Look at the store and tidy it; whatever happens, the next look is taken. The watching thread calls it."""
        try:
            self.look_at_store()
            self.tidy()
            self._keep_folder()
        except Exception:  # the thread's last handler: a map that is never looked after again must not look healthy
            if not self._watch_faults:
                log.exception("the store could not be looked at; the last good snapshot stays")
            self._watch_faults = (fault("store_unwatched"),)
        else:
            self._watch_faults = ()
            self._tell_visitors()

    def look_at_store(self) -> None:
        """Rebuild when something was published, archived, begun or ended since."""
        if self._public.has_changed():
            self._rebuilding.acquire()
            self._refresh(is_published_anew=True)

    def _tell_visitors(self) -> None:
        """Let pages say that changes may be missing, from when the store is lost until it is back."""
        is_lost = self._public.state == "lost" or self._overlay.is_lost
        if is_lost != self._catalogue.is_store_lost and self._rebuilding.acquire(blocking=False):
            self._catalogue = replace(self._catalogue, is_store_lost=is_lost)
            self._rebuilding.release()

    def _keep_folder(self) -> None:
        """Keep the folder as it is shown, once staff write, so that what was published on a day can be rebuilt."""
        if self._kept == self._stamp or self._file_faults or self._public.state != "ok":
            return
        stamp = self._stamp
        try:
            keep_folder(self._settings.var, self._settings.geodata, moment_now(self.store))
        except (OSError, ValueError, TypeError) as error:  # no room, or somebody's hand was in what is kept
            log.error("the folder's version cannot be kept: %s", error)
        self._kept = stamp

    def tidy(self) -> None:
        """Delete visitors' reports after the time that they were promised."""
        now_s = self._clock()
        if now_s >= self._tidy_at_s:
            self._tidy_at_s = now_s + TIDY_S
            try:
                if self.store.exists():
                    forget_old(self.store, self._settings.report_days)
            except StoreUnavailable:  # the public side tells of it
                pass

    def close(self) -> None:
        """Stop watching and give the store's connections back."""
        self._is_over.set()
        if self._watcher:
            self._watcher.join()
        self.store.close()

    def _begin(self) -> Catalogue:
        """Return the first snapshot. Whatever is published, it must not stop the folder's map."""
        try:
            return self._build(self._overlay)
        except BrokenGeodata as error:
            if self._overlay in (NOTHING, LOST):
                raise
            catalogue, _ = build_shown(self._settings, LOST, self._cache)
            self.troubles = tuple(Trouble("unbuilt", faults=(found,)) for found in error.faults)
            log.error("the map is shown without what is published: %s", _lines(error.faults))
            return catalogue

    def _build(self, overlay: Overlay) -> Catalogue:
        catalogue, troubles = build_shown(self._settings, overlay, self._cache)
        self.troubles = troubles
        if troubles:
            log.error("not all that is published is shown: %s", _lines(troubles))
        return catalogue

    @without_collector()
    def _refresh(self, is_published_anew: bool = False) -> None:
        """Build a snapshot of what is there now, if it is another; `_rebuilding` is held, and let go at the end."""
        try:
            stamp, overlay = self._look(), self._overlay
            if is_published_anew:
                read = self._public.read()
                overlay = overlay if read is None else read
            if stamp != self._stamp or overlay.digest != self._overlay.digest:
                self._overlay = overlay
                self._catalogue = self._build(overlay)
                log.info("snapshot %s: %d features", self._catalogue.tag, len(self._catalogue.features))
                self._stamp, self._file_faults = stamp, ()
        except BrokenGeodata as error:
            self._stamp, self._file_faults = stamp, tuple(map(self._without_folder, error.faults))
            log.error("geodata is broken, the last good snapshot stays: %s", _lines(error.faults))
        except OSError as error:  # a file that vanished between the look and the read: the next look decides
            self._stamp, self._file_faults = (), (self._without_folder(fault("geodata_lost", cause=error)),)
            log.error("geodata cannot be read, the last good snapshot stays: %s", error)
        except Exception:  # the thread's last handler: a fault of ours must not look like good health
            self._stamp, self._file_faults = (), (fault("geodata_unread"),)
            log.exception("the rebuild failed, the last good snapshot stays")
        finally:
            self._rebuilding.release()

    def _without_folder(self, found: Fault) -> Fault:
        """Return a fault that names files only: everybody may read /health, and where they lie is nobody's business."""
        folder = self._settings.geodata

        def short(text: str) -> str:
            return text.replace(f"{folder}{os.sep}", "").replace(str(folder), folder.name)

        values = tuple((name, short(value)) for name, value in found.values)
        return replace(found, file=short(found.file), values=values)

    def _look(self) -> Stamp:
        stats = [(path, path.lstat()) for path in geodata_files(self._settings.geodata)]
        return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats)

    def _begin_to_watch(self) -> None:
        """Start the thread that looks at the store, so that not even the first visitor in hours meets an old map."""
        self._let_go()
        self._watched_by = os.getpid()
        arguments = (weakref.ref(self), self._is_over, self._settings.store_recheck_s)
        self._watcher = threading.Thread(target=_watch, args=arguments, name="cityatlas-watch", daemon=True)
        self._watcher.start()

    def _let_go(self) -> None:
        """Forget connections that are a parent's: a fork must not share them."""
        if self._connected_by != os.getpid():
            self.store.forget()
            self._connected_by = os.getpid()


def _lines(faults: Iterable[Fault | Trouble]) -> str:
    return "; ".join(map(str, faults))


def _watch(live_of: weakref.ref[LiveCatalogue], is_over: threading.Event, pause_s: float) -> None:
    """Look at the store again and again, until it is over or nobody holds the catalogue any more."""
    while not is_over.is_set() and (live := live_of()):
        live.watch()
        del live
        is_over.wait(pause_s)
