"""Keep the newest good snapshot: look for changed files and published revisions, rebuild aside, swap whole."""

from __future__ import annotations

import logging
import math
import os
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass

from ..city.spec import read_city
from ..errors import StoreUnavailable
from ..i18n import Language
from ..schema.faults import Fault, fault
from ..settings import Settings
from ..store import moment_now, open_store
from ..store.notices import Notices
from ..store.reports import forget_old
from .catalogue import Catalogue
from .folder import keep_folder
from .rebuilder import Rebuilder, Shown, Stamp
from .store_watch import PublicSide

log = logging.getLogger(__name__)
TIDY_S = 3600.0


@dataclass
class _Process:
    """Hold what belongs to one process: a fork has its parent's, but neither its threads nor its connections."""

    connected: int  # the process that the store's connections belong to
    watched: int = 0  # the one whose thread watches the store


class LiveCatalogue:
    """Answer with the current snapshot; a change is built in the background, once at a time.

    Readers never wait. A folder that breaks keeps the last good snapshot, and `faults` says why. A store that cannot
    be read keeps the last that was read from it; at start the folder is then shown alone.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self.store = open_store(settings.database_url, settings.var, read_city(settings.geodata).id)
        self._public = PublicSide(self.store, settings.var, clock)
        self._rebuilder = Rebuilder(settings, self._public)
        self._process = _Process(connected=os.getpid())
        self._looked_at_s = clock()
        self._tidy_at_s = -math.inf
        self._kept: Stamp = ()  # the folder that was kept last
        self._watch_faults: tuple[Fault, ...] = ()
        self.when_tidied: list[Callable[[], None]] = []  # what is to be done once an hour; it must not take long
        self.when_erased: list[Callable[[], None]] = []  # what lets go of what it holds
        self._public.has_erased()
        self._is_over = threading.Event()
        self._watcher: threading.Thread | None = None

    @property
    def faults(self) -> tuple[str, ...]:
        """Return in English, for operators, what is wrong with files or the store since the snapshot was made."""
        return tuple(map(str, (*self._shown.faults, *self._shown.troubles, *self._store_faults)))

    def sentences(self, language: Language) -> tuple[tuple[str, str], ...]:
        """Return each fault for staff, with the id of the feature that it is about or ""."""
        known = [(trouble.sentence(language), trouble.feature) for trouble in self._shown.troubles]
        others = [(found.line(language), "") for found in (*self._shown.faults, *self._store_faults)]
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
        return self._shown.catalogue

    @property
    def _shown(self) -> Shown:
        return self._rebuilder.shown

    def resume(self) -> None:
        """Go on in a fork: with connections and a thread of its own, and first with what has changed since."""
        self._let_go()
        self.refresh()
        self._begin_to_watch()

    def refresh(self) -> None:
        """Take in what files and store say now, and return when it is shown."""
        self._rebuilder.rebuild(reads_store=True, waits=True)

    @property
    def is_store_gone(self) -> bool:
        """Return whether there is no store where there was one, also before anybody has looked again."""
        return self._public.is_gone

    def current(self) -> Catalogue:
        """Return the newest good snapshot, and start a rebuild when files have changed since."""
        if self._process.watched != os.getpid():
            self._begin_to_watch()
        now_s = self._clock()
        if now_s - self._looked_at_s >= self._settings.recheck_s and not self._rebuilder.is_busy:
            self._looked_at_s = now_s
            threading.Thread(target=self._look_at_files, name="cityatlas-rebuild", daemon=True).start()
        return self.newest

    def _look_at_files(self) -> None:
        self._rebuilder.rebuild(reads_store=False, waits=False)

    def watch(self) -> None:
        """Look at the store and tidy it; whatever happens, the next look is taken. The watching thread calls it."""
        try:
            self.look_at_store()
            self.tidy()
            self.keep_folder()
        except Exception:  # the thread's last handler: a map that is never looked after again must not look healthy
            if not self._watch_faults:
                log.exception("the store could not be looked at; the last good snapshot stays")
            self._watch_faults = (fault("store_unwatched"),)
        else:
            self._watch_faults = ()
            self._tell_visitors()

    def look_at_store(self) -> None:
        """Rebuild when something was published, archived, begun or ended since; let go of all that was erased from."""
        if self._public.has_erased():
            self.newest.last_index.forget()
            self.refresh()
            for forget in self.when_erased:
                forget()
        if self._public.has_changed():
            self.refresh()

    def _tell_visitors(self) -> None:
        """Let pages say that changes may be missing, from when the store is lost until it is back."""
        is_lost = self._public.state == "lost" or self._shown.overlay.is_lost
        if is_lost != self.newest.is_store_lost:
            self._look_at_files()

    def keep_folder(self) -> None:
        """Keep the folder as it is shown, once staff write, so that what was published on a day can be rebuilt."""
        shown = self._shown
        if self._kept == shown.stamp or shown.faults or self._public.state != "ok":
            return
        try:
            keep_folder(self._settings.shared_folder, self._settings.geodata, moment_now(self.store))
        except (OSError, ValueError, TypeError) as error:  # no room, or somebody's hand was in what is kept
            log.error("the folder's version cannot be kept: %s", error)
        self._kept = shown.stamp

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
            for act in self.when_tidied:
                act()

    def close(self) -> None:
        """Stop watching and give the store's connections back."""
        self._is_over.set()
        if self._watcher:
            self._watcher.join()
        self.store.close()

    def _begin_to_watch(self) -> None:
        """Start the thread that looks at the store, so that not even the first visitor in hours meets an old map."""
        self._let_go()
        self._process.watched = os.getpid()
        notices = Notices(self.store, self._is_over)
        arguments = (weakref.ref(self), self._is_over, notices, self._settings.store_recheck_s)
        self._watcher = threading.Thread(target=_watch, args=arguments, name="cityatlas-watch", daemon=True)
        self._watcher.start()

    def _let_go(self) -> None:
        """Forget connections that are a parent's: a fork must not share them."""
        if self._process.connected != os.getpid():
            self.store.forget()
            self._process.connected = os.getpid()


def _watch(live_of: weakref.ref[LiveCatalogue], is_over: threading.Event, notices: Notices, pause_s: float) -> None:
    """Look at the store again and again, until it is over or nobody holds the catalogue any more."""
    while not is_over.is_set() and (live := live_of()):
        live.watch()
        del live
        notices.wait(pause_s)
    notices.close()
