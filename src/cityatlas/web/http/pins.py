"""Answer addresses that stay at a state of the map: `@57-3f9a2c81` behind the last part of the path, before `?`.

What they say never changes, so that any cache may keep it for ever. Within such an answer every address that can be
pinned is pinned too: the frame, its data, its map's script. Pages are not; they lead to the latest.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g, request
from werkzeug.routing import BaseConverter

from ...catalogue.changes.public_revision import PIN_PATTERN, read_pin
from ...catalogue.live import LiveCatalogue
from ...errors import NotFound, PinGone, StoreUnavailable, UnknownRevision
from .snapshots import find_past, turn_to

SUFFIX = "@<pin:pin>"  # of a rule whose answers can be pinned
LED_ON: set[str] = set()  # endpoints whose bare address leads to one in a language; `page` fills it


class PinConverter(BaseConverter):
    """Match what stands behind the @ of an address."""

    regex = PIN_PATTERN


def init_app(app: Flask) -> None:
    """Let rules end in a pin, and give each request its own."""
    app.url_map.converters["pin"] = PinConverter

    @app.url_value_preprocessor
    def pull_pin(_: str | None, values: dict[str, Any] | None) -> None:  # Any: flask's own
        pin = (values or {}).pop("pin", "")
        g.asked_pin = pin if request.method in ("GET", "HEAD") else ""

    @app.before_request
    def find_snapshot() -> None:
        """Find the snapshot before anything is answered: an error must be told from the present one."""
        is_led_on = not g.get("is_language_fixed") and request.endpoint in LED_ON
        if (pin := g.get("asked_pin")) and not is_led_on:
            stay_at(pin)

    @app.url_defaults
    def stay_pinned(endpoint: str, values: dict[str, Any]) -> None:  # Any: flask's own
        if (pin := g.get("pin")) and current_app.url_map.is_endpoint_expecting(endpoint, "pin"):
            values.setdefault("pin", pin)


def stay_at(text: str) -> None:
    """Answer the request from the snapshot of a pin; one that cannot be shown says where the latest is.

    Until it is found, and where it is not, the request is of the present. Raises what `turn_to` does, NotFound for what
    is no pin or never was, and PinGone for what can no longer be shown.
    """
    pin = read_pin(text)
    if pin is None:
        raise NotFound(f"@{text[:40]} is no number of a revision.", "Leave it out for the latest.")
    live: LiveCatalogue = current_app.extensions["cityatlas_live"]
    if live.is_store_gone:  # a passing fault is no reason to call a pin gone for good
        raise StoreUnavailable("The database is gone.", "Try again later.")
    try:
        then = find_past().at_pin(pin)
    except UnknownRevision as error:
        raise UnknownRevision(error.message, "Look at the latest.", again=latest_address(text)) from None
    if not then and pin.folder and live.newest.revision.folder.startswith(pin.folder):
        live.keep_folder()  # it is the present one, and nobody has looked after it yet
        then = find_past().at_pin(pin)
    try:
        if not then:
            raise UnknownRevision("The city's folder of that time was not kept.")
        if find_past().shows_erased(then):
            told = f"Something in the map as of @{pin} was erased."
            raise PinGone(told, "Look at the latest.", again=latest_address(text), reason="erased")
        turn_to(then)
    except UnknownRevision:
        gone = f"The map as of @{pin} is not kept."
        raise PinGone(gone, "Look at the latest.", again=latest_address(text)) from None
    g.pin = text


def latest_address(pin: str) -> str:
    """Return the present address, with all that it asks for, without its pin."""
    query = request.query_string.decode("ascii")
    return request.path.removesuffix(f"@{pin}") + (f"?{query}" if query else "")
