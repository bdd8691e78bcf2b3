"""Answer requests in this process until it is told to stop; then finish what is begun.

Serve in this one process, where there is no fork: on Windows.
"""

from __future__ import annotations

import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.task import ThreadedTaskDispatcher

from .connections import Deadlines, MostBytes, Server, Sockets

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

FINISH_S = 10.0  # for answers that are begun, and bodies that are on their way
LOOK_S = 0.5  # between looks at deadlines
LAST_HEADS_S = 0.3  # for heads that are on their way
MOST_CONNECTIONS = 1500  # of one process
OTHER_FILES = 256  # that are open beside connections
HEAD_BYTES = 32 << 10  # of a request line and all headers; our own pages refuse long addresses before that
BACKLOG = 1024


@dataclass(frozen=True)
class Site:
    """Say what is served: `begin` is called in each process before it takes its first request."""

    app: WSGIApplication
    most_bytes: MostBytes
    begin: Callable[[], object]
    threads: int
    are_proxies_believed: bool = False
    deadlines: Deadlines = field(default_factory=Deadlines)


def listen(host: str, port: int) -> list[socket.socket]:
    """Return sockets that listen on all addresses of a host. Raises OSError when a port is taken."""
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    listeners: list[socket.socket] = []
    for family, _, _, _, address in dict.fromkeys(infos):
        try:
            listeners.append(socket.create_server(address[:2], family=family, backlog=BACKLOG))
        except OSError:
            if not listeners or len(infos) == 1:
                raise
    return listeners


class Answering:
    """Answer on listening sockets; `turn` is called again and again, then `finish` once."""

    def __init__(self, site: Site, listeners: list[socket.socket]) -> None:
        self._sockets: Sockets = {}
        self._dispatcher = ThreadedTaskDispatcher()
        self._dispatcher.set_thread_count(site.threads)
        made = (self._sockets, self._dispatcher, _adjustments(site), site.most_bytes, site.deadlines)
        self._next_look_s = 0.0
        self._servers = [Server(site.app, listener, *made) for listener in listeners]

    def turn(self, wait_s: float = 1.0) -> None:
        """Wait for something to happen, and do what it asks for."""
        wasyncore.loop(timeout=wait_s, use_poll=True, map=self._sockets, count=1)
        now_s = time.monotonic()
        if now_s >= self._next_look_s:
            self._next_look_s = now_s + LOOK_S
            for server in self._servers:
                server.close_overdue(now_s)

    def wake(self) -> None:
        """End the waiting of `turn`; a signal's handler may call it."""
        self._servers[0].pull_trigger()

    def finish(self) -> None:
        """Take nothing new, and close each connection once it is answered; at most ten seconds."""
        for server in self._servers:
            server.stop_listening()
        begun_s = time.monotonic()
        while (took_s := time.monotonic() - begun_s) < FINISH_S:
            channels = [channel for server in self._servers for channel in server.channels]
            if not channels:
                return self._close()
            for channel in channels:
                if took_s > LAST_HEADS_S and channel.is_idle:
                    channel.will_close = True
            self.turn(0.05)
        return None

    def _close(self) -> None:
        self._dispatcher.shutdown()
        wasyncore.close_all(self._sockets)


def _adjustments(site: Site) -> Adjustments:
    return Adjustments(
        threads=site.threads,
        ident=None,
        clear_untrusted_proxy_headers=not site.are_proxies_believed,
        connection_limit=_allow_connections(),
        channel_timeout=60,
        max_request_header_size=HEAD_BYTES,
        max_request_body_size=sys.maxsize,  # each address has a limit of its own
        recv_bytes=64 << 10,
        asyncore_use_poll=True,
    )


def _allow_connections() -> int:
    """Ask the system for as many open files as connections need; return how many connections there may be."""
    if sys.platform == "win32":
        return 450  # select() takes 512 of all
    import resource

    wanted = MOST_CONNECTIONS + OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(
                resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
            )
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else max(100, min(MOST_CONNECTIONS, soft - OTHER_FILES))


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
