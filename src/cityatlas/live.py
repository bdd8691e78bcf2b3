"""Keep the newest good snapshot: look for changed files, rebuild aside, swap whole."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from .catalogue import Catalogue, build_catalogue, geodata_files
from .errors import BrokenGeodata
from .settings import Settings

log = logging.getLogger(__name__)
Stamp = tuple[tuple[str, int, int], ...]


class LiveCatalogue:
    """Answer with the current snapshot; a changed folder is rebuilt in the background, once at a time.

    Readers never wait. A folder that breaks keeps the last good snapshot, and `faults` says why.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._stamp = self._look()
        self._catalogue = build_catalogue(settings)
        self._looked_at_s = clock()
        self._rebuilding = threading.Lock()
        self.faults: tuple[str, ...] = ()

    def current(self) -> Catalogue:
        """Return the newest good snapshot, and start a rebuild when files have changed since."""
        now_s = self._clock()
        if now_s - self._looked_at_s >= self._settings.recheck_s and self._rebuilding.acquire(blocking=False):
            self._looked_at_s = now_s
            threading.Thread(target=self._refresh, name="cityatlas-rebuild", daemon=True).start()
        return self._catalogue

    def _refresh(self) -> None:
        try:
            stamp = self._look()
            if stamp != self._stamp:
                self._catalogue = build_catalogue(self._settings)
                self._stamp, self.faults = stamp, ()
                log.info("snapshot %s: %d features", self._catalogue.tag, len(self._catalogue.features))
        except BrokenGeodata as error:
            self._stamp, self.faults = stamp, tuple(error.faults)
            log.error("geodata is broken, the last good snapshot stays: %s", "; ".join(error.faults))
        except OSError as error:  # a file that vanished between the look and the read: the next look decides
            self._stamp, self.faults = (), (f"geodata cannot be read: {error}",)
            log.error("geodata cannot be read, the last good snapshot stays: %s", error)
        except Exception:  # the thread's last handler: a fault of ours must not look like good health
            self._stamp, self.faults = (), ("geodata could not be read; the server's log says why",)
            log.exception("the rebuild failed, the last good snapshot stays")
        finally:
            self._rebuilding.release()

    def _look(self) -> Stamp:
        stats = [(path, path.lstat()) for path in geodata_files(self._settings.geodata)]
        return tuple((str(path), stat.st_mtime_ns, stat.st_size) for path, stat in stats)
