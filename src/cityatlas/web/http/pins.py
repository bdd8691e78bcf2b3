"""Answer addresses that stay at a state of the map: `@57-3f9a2c81` behind the last part of the path, before `?`.

What they say never changes, so that any cache may keep it for ever. Within such an answer every address that can be
pinned is pinned too: the frame, its data, its map's script. Pages are not; they lead to the latest.
"""

from __future__ import annotations

import threading
from typing import Any

from cachetools import LRUCache
from flask import Flask, current_app, g, request
from werkzeug.routing import BaseConverter

from ...catalogue.catalogue import Catalogue
from ...catalogue.live import LiveCatalogue
from ...catalogue.pins import PATTERN, build_pinned, read_pin
from ...errors import NotFound, PinGone, StoreUnavailable
from .rate_limit import make_in_turn

MOST_KEPT = 4  # snapshots of the past in memory, besides one that is being made
SUFFIX = "@<pin:pin>"  # of a rule whose answers can be pinned


class PinConverter(BaseConverter):
    """Match what stands behind the @ of an address."""

    regex = PATTERN


class PinnedSnapshots:
    """Keep the snapshots of the past that were asked for last, and make them one at a time."""

    def __init__(self, live: LiveCatalogue) -> None:
        self._live = live
        self._kept: LRUCache[str, Catalogue] = LRUCache(MOST_KEPT)
        self._lock, self._making = threading.Lock(), threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, text: str) -> Catalogue:
        """Return the snapshot of a pin.

        Raises what `build_pinned` does, and TooManyPlans or ServerBusy when it has to be made and cannot be now.
        """
        return self._find(text) or make_in_turn(lambda: self._made(text))

    def _find(self, text: str) -> Catalogue | None:
        with self._lock:
            return self._kept.get(text)

    def _made(self, text: str) -> Catalogue:
        with self._making:
            if found := self._find(text):
                return found
            made = self._built(text)
            with self._lock:
                self._kept[text] = made
            return made

    def _built(self, text: str) -> Catalogue:
        pin, settings = read_pin(text), current_app.config["SETTINGS"]
        if pin is None:
            raise NotFound(f"@{text[:40]} is no number of a revision.", "Leave it out for the latest.")
        if self._live.is_store_gone:  # a passing fault is no reason to call a pin gone for good
            raise StoreUnavailable("The database is gone.", "Try again later.")
        try:
            return build_pinned(settings, self._live.store, pin)
        except PinGone:
            if not pin.folder or not self._live.newest.folder.startswith(pin.folder):
                raise
            self._live.keep_folder()  # it is the present one, and nobody has looked after it yet
            return build_pinned(settings, self._live.store, pin)


def init_app(app: Flask) -> None:
    """Let rules end in a pin, and give each request its own."""
    app.url_map.converters["pin"] = PinConverter
    app.extensions["cityatlas_pins"] = PinnedSnapshots(app.extensions["cityatlas_live"])

    @app.url_value_preprocessor
    def pull_pin(_: str | None, values: dict[str, Any] | None) -> None:  # Any: flask's own
        pin = (values or {}).pop("pin", "")
        g.asked_pin = pin if request.method in ("GET", "HEAD") else ""

    @app.before_request
    def find_snapshot() -> None:
        """Find the snapshot before anything is answered: an error must be told from the present one."""
        is_led_on = not g.get("is_language_fixed") and _has_languages(request.endpoint)
        if (pin := g.get("asked_pin")) and not is_led_on:
            stay_at(pin)

    @app.url_defaults
    def stay_pinned(endpoint: str, values: dict[str, Any]) -> None:  # Any: flask's own
        if (pin := g.get("pin")) and current_app.url_map.is_endpoint_expecting(endpoint, "pin"):
            values.setdefault("pin", pin)


def _has_languages(endpoint: str | None) -> bool:
    return endpoint is not None and current_app.url_map.is_endpoint_expecting(endpoint, "lang")


def stay_at(pin: str) -> None:
    """Answer the request from the snapshot of a pin; one that cannot be shown says where the latest is.

    Until it is found, and where it is not, the request is of the present. Raises what `PinnedSnapshots.get` does.
    """
    pins: PinnedSnapshots = current_app.extensions["cityatlas_pins"]
    try:
        g.snapshot = pins.get(pin)
    except PinGone as error:
        raise PinGone(error.message, error.hint, again=latest_address(pin)) from None
    g.pin = pin


def latest_address(pin: str) -> str:
    """Return the present address, with all that it asks for, without its pin."""
    query = request.query_string.decode("ascii")
    return request.path.removesuffix(f"@{pin}") + (f"?{query}" if query else "")
