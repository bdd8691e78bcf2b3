"""Serve in this one process, where there is no fork: on Windows."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from .answering import Answering, Site

SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)]


def serve_alone(
    site: Site, listeners: list[socket.socket], tell_ready: Callable[[], None], tell_stopped: Callable[[], None]
) -> None:
    """Serve until a signal comes, and finish what is begun."""
    answering = Answering(site, listeners)
    stops: list[int] = []

    def stop(number: int, _: object) -> None:
        stops.append(number)
        answering.wake()

    for number in SIGNALS:
        signal.signal(number, stop)
    site.begin()
    tell_ready()
    while not stops:
        answering.turn()
    answering.finish()
    tell_stopped()
