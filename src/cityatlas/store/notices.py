"""Wait for what others write: PostgreSQL tells of each commit, on SQLite somebody has to look."""

from __future__ import annotations

import logging
import time
from threading import Event
from typing import TYPE_CHECKING

from .engine import Store

if TYPE_CHECKING:
    import psycopg

log = logging.getLogger(__name__)
LISTENED_S = 1.0  # without news: what begins or ends at a moment is nobody's write
SLICE_S = 0.1  # between looks at whether all is over


class Notices:
    """Hold the connection of one watching thread that listens; it makes it, uses it and closes it."""

    def __init__(self, store: Store, is_over: Event) -> None:
        self._store, self._is_over = store, is_over
        self._listening: psycopg.Connection | None = None

    def wait(self, pause_s: float) -> bool:
        """Wait until it is time to look again, and return whether that is because PostgreSQL told of a write.

        Without one it is time after a second, and when all is over.

        Where nobody tells of writes (on SQLite, or while the server is away) that is after `pause_s`; so it is where
        less often than once a second is looked.
        """
        if self._store.path or pause_s >= LISTENED_S:
            self._is_over.wait(pause_s)
            return False
        import psycopg  # here: only who uses PostgreSQL has it

        try:
            if self._listening:
                return self._listen(self._listening, min(pause_s, SLICE_S))
            self._is_over.wait(pause_s)
            self._listening = self._store.listen()  # what was written before is looked for at once
        except psycopg.Error:
            log.info("PostgreSQL does not tell of writes just now; they are looked for every %s s", pause_s)
            self.close()
        return False

    def close(self) -> None:
        """Give the connection back."""
        if self._listening:
            self._listening.close()
        self._listening = None

    def _listen(self, connection: psycopg.Connection, slice_s: float) -> bool:
        end_s = time.monotonic() + LISTENED_S
        while not self._is_over.is_set() and time.monotonic() < end_s:
            if any(True for _ in connection.notifies(timeout=slice_s, stop_after=1)):
                return True
        return False
