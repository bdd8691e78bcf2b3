"""Count on which pages of other sites frames are shown, as far as this server sees it, and nothing about visitors.

A view is a frame's page that was answered, its address and that of the page around it; a browser names that where the
host's own policy lets it, and often its host alone. What a cache between answers is not seen here. Counts gather in
memory and are written once a minute; a process that is killed loses the last minute.
"""

from __future__ import annotations

import logging
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask

from ...catalogue.changes.public_revision import PIN_PATTERN
from ...errors import CityatlasError
from ...limits import EMBED_PAGES_A_DAY
from ...settings import Settings
from ...store import Store
from ...store.embed_uses import OTHERS, Use, add_uses

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)
FRAME = re.compile(rf"/(?:zh|en)/embed/((?:(?:layers|sites|routes)/[^/@]+|list|plan)?)(?:@{PIN_PATTERN})?")
FRAMED = ("", "iframe", "frame", "embed", "object")  # Sec-Fetch-Dest of what stands in a page; old browsers send none
WRITE_S = 60.0
PAGE_LETTERS = 200


def utc_day() -> date:
    """Return today's date in UTC."""
    return datetime.now(UTC).date()


class UseCounter:
    """Stand before an application and count its frames that were answered."""

    def __init__(self, app: WSGIApplication, store: Store, kept_days: int, today: Callable[[], date] = utc_day) -> None:
        self._app, self._store, self._kept_days, self._today = app, store, kept_days, today
        self._lock = threading.Lock()
        self._counts: Counter[tuple[date, Use]] = Counter()
        self._timer: threading.Timer | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does."""
        use = use_of(environ)
        if use is None:
            return self._app(environ, start_response)

        def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:  # Any: as WSGI has it
            if status.startswith(("200", "304")):
                self._count(use)
            return start_response(status, headers, *rest)

        return self._app(environ, started)

    def _count(self, use: Use) -> None:
        with self._lock:
            key = (self._today(), use)
            if key not in self._counts and len(self._counts) >= EMBED_PAGES_A_DAY:
                key = (key[0], Use(use.embed, OTHERS))
            self._counts[key] += 1
            if self._timer is None:
                self._timer = threading.Timer(WRITE_S, self.write)
                self._timer.daemon = True
                self._timer.start()

    def write(self) -> None:
        """Write what was counted; what cannot be written is lost, and the log says so."""
        with self._lock:
            counts, self._counts, self._timer = self._counts, Counter(), None
        if not self._store.exists():  # no desk yet, and so nobody to be told: a view makes no database
            return
        try:
            for day in sorted({day for day, _ in counts}):
                add_uses(self._store, day, {use: n for (of, use), n in counts.items() if of == day}, self._kept_days)
        except CityatlasError as error:
            log.warning("%d views of embeds could not be written: %s", counts.total(), error)


def use_of(environ: WSGIEnvironment) -> Use | None:
    """Return which frame a request asks for, and on which page; None for all else, and for our own pages."""
    found = FRAME.fullmatch(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] == "GET" else None
    if not found or environ.get("HTTP_SEC_FETCH_DEST", "") not in FRAMED:
        return None
    page = page_of(environ.get("HTTP_REFERER", ""))
    return None if page.partition("/")[0] == environ.get("HTTP_HOST", "").lower() else Use(found[1], page)


def page_of(referrer: str) -> str:
    """Return host and path of an address, without what may tell of a person: user, query and fragment."""
    try:
        parts = urlsplit(referrer)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host.isascii():
        return ""
    page = host + (f":{port}" if port else "") + parts.path.rstrip("/")
    return "".join(sign for sign in page if sign.isprintable())[:PAGE_LETTERS]


def init_app(app: Flask) -> None:
    """Count frames, unless the operator wants none counted."""
    settings: Settings = app.config["SETTINGS"]
    if settings.embed_days:
        counter = UseCounter(app.wsgi_app, app.extensions["cityatlas_store"], settings.embed_days)
        app.extensions["cityatlas_embed_uses"] = counter
        app.wsgi_app = counter  # type: ignore[method-assign]
