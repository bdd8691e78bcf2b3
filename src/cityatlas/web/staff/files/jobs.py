"""Do what takes long beside the request that asked for it; the page asks again until it is done."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from ....errors import CityatlasError, InvalidFile
from ....exchange.uploads.sandbox import Progress

log = logging.getLogger(__name__)
Result = TypeVar("Result")
MOST_KEPT = 4  # results in memory, beside what goes on; one that is gone is worked out again from the file


class Job(Generic[Result]):
    """Hold one piece of work: how far it is, what came of it, or why nothing did."""

    def __init__(self, work: Callable[[Progress], Result], progress: Progress) -> None:
        self._work, self.progress = work, progress
        self._result: Result | None = None
        self._error: CityatlasError | None = None
        self._done = threading.Event()
        self._began_s = time.monotonic()
        threading.Thread(target=self._run, name="cityatlas-import", daemon=True).start()

    def is_done(self, wait_s: float) -> bool:
        """Return whether it is over, at once or after a while."""
        return self._done.wait(wait_s)

    @property
    def seconds(self) -> int:
        """Return for how long it has been going on."""
        return round(time.monotonic() - self._began_s)

    @property
    def result(self) -> Result:
        """Return what came of it, when it is done. Raises the error that ended it."""
        if self._error:
            raise self._error
        assert self._result is not None
        return self._result

    def _run(self) -> None:
        try:
            self._result = self._work(self.progress)
        except CityatlasError as error:
            self._error = error
        except Exception:  # the thread's last handler
            log.exception("a file could not be looked at")
            self._error = InvalidFile("The file cannot be read.", reason="files.unreadable")
        finally:
            self._done.set()


class Jobs(Generic[Result]):
    """Hold the newest job of each file in this process. Another process does the work again for itself."""

    def __init__(self) -> None:
        self._jobs: dict[str, tuple[Hashable, Job[Result]]] = {}  # asked for last, last
        self._lock = threading.Lock()

    def get(self, token: str, wanted: Hashable, work: Callable[[Progress], Result], progress: Progress) -> Job[Result]:
        """Return the job of a file, begun anew when there is none or it was for something else than `wanted`."""
        with self._lock:
            known = self._jobs.pop(token, None)
            job = known[1] if known and known[0] == wanted else Job(work, progress)
            self._jobs[token] = (wanted, job)
            done = [other for other, (_, old) in self._jobs.items() if old is not job and old.is_done(0)]
            for other in done[: max(0, len(done) - MOST_KEPT)]:
                del self._jobs[other]
            return job

    def forget(self, token: str) -> None:
        """Let go of what was found in a file that nobody asks about any more."""
        with self._lock:
            self._jobs.pop(token, None)
