"""Take requests from slow and hostile connections: each has a deadline, whatever trickles in, each body a limit.

Waitress reads heads and bodies of all connections in one thread and gives whole requests to others, so that nobody who
sends slowly holds a thread. What it lacks is here: ends that a byte now and then does not put off, and a limit of a
body that depends on its address.
"""

from __future__ import annotations

import math
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MostBytes = Callable[[str, str, str], int]  # of a body, by method, path and the header Cookie
Sockets = dict[int, Any]  # Any: what waitress waits for, by its file number
LINGER_S = 10.0
MOST_SWALLOWED = 64 << 20


@dataclass(frozen=True)
class Deadlines:
    """Say how long a client may take. An answer may take as long to be fetched as a body of its size to be sent."""

    head_s: float = 10.0  # from connecting to the end of the first head
    kept_s: float = 30.0  # from an answer to the end of the next head
    body_s: float = 20.0  # from a head to the end of its body, and a second more for each `slowest_bytes_s` of it
    slowest_bytes_s: int = 8192


class Request(HTTPRequestParser):
    """Read a request, and refuse its body as soon as it is larger than its address takes.

    The application is then asked without a body and with its true length, so that it says in its own words what is too
    large, or that nothing may be sent there at all.
    """

    path: str  # waitress's types do not say what these are
    command: str  # type: ignore[assignment]
    headers: dict[str, str]
    is_refused = False

    def __init__(self, adj: Adjustments, most_bytes: MostBytes) -> None:
        super().__init__(adj)
        self._most_bytes = most_bytes
        self._most = math.inf

    def received(self, data: bytes) -> int:
        """Take what has come and return how much of it belongs to this request."""
        if self.is_refused:
            return len(data)
        consumed = super().received(data)
        if self.body_rcv is None or self.error:
            return consumed
        if self._most == math.inf:
            self._most = self._most_bytes(self.command, self.path, self.headers.get("COOKIE", ""))
        size = max(self.content_length, self.body_bytes_received)
        if size <= self._most:
            return consumed
        self._refuse(size)
        return len(data)

    def _refuse(self, size: int) -> None:
        self.close()  # what came of the body goes
        self.body_rcv = None
        self.headers |= {"CONTENT_LENGTH": str(size), "CONNECTION": "close"}
        self.expect_continue = False
        self.is_refused = self.completed = True


class Channel(HTTPChannel):
    """Hold one connection, and the moment by which its client must have done its part."""

    server: Server

    def __init__(self, server: Server, *arguments: Any, **more: Any) -> None:  # Any: as waitress gives them
        self._deadline_s = time.monotonic() + server.deadlines.head_s
        self._has_unread = self._is_lingering = False
        self._swallowed = 0
        super().__init__(server, *arguments, **more)

    def parser_class(self, adj: Adjustments) -> Request:  # type: ignore[override]
        """Return an empty request; waitress calls what it takes for a class."""
        return Request(adj, self.server.most_bytes)

    def received(self, data: bytes) -> bool:
        """Take what has come; where a body begins, its time does."""
        if self._is_lingering:
            self._swallowed += len(data)
            self.will_close = self._swallowed > MOST_SWALLOWED
            return False
        was_in_body = self.is_in_body
        is_taken = super().received(data)
        if self.is_in_body and not was_in_body:
            self._deadline_s = time.monotonic() + self.server.deadlines.body_s
        return is_taken

    def service(self) -> None:
        """Answer one request; from its end on the client is waited for again."""
        self._deadline_s = math.inf
        self._has_unread = getattr(self.requests[0], "is_refused", False)
        super().service()
        deadlines = self.server.deadlines
        self._deadline_s = time.monotonic() + deadlines.kept_s + self.total_outbufs_len / deadlines.slowest_bytes_s

    def handle_close(self) -> None:
        """Close; but after a refused body swallow what is on its way, else many clients never see the answer."""
        if not self._has_unread or self._is_lingering or not self.connected:
            return super().handle_close()
        self._is_lingering = True
        self.will_close = self.close_when_flushed = False
        self._deadline_s = time.monotonic() + LINGER_S
        with suppress(OSError):
            assert self.socket
            self.socket.shutdown(socket.SHUT_WR)
        return None

    @property
    def is_in_body(self) -> bool:
        """Return whether a head has come and its body not yet."""
        return self.request is not None and self.request.headers_finished

    @property
    def is_idle(self) -> bool:
        """Return whether nothing is asked or answered here; half a head is nothing yet."""
        return not (self.requests or self.total_outbufs_len or self.is_in_body)

    def is_overdue(self, now_s: float) -> bool:
        """Return whether the client has had its time."""
        came = self.request.body_bytes_received if self.request else 0
        return not self.requests and now_s > self._deadline_s + came / self.server.deadlines.slowest_bytes_s


class Server(TcpWSGIServer):
    """Listen on a socket that is bound, and know the connections that came by it."""

    channel_class = Channel

    def __init__(
        self,
        app: WSGIApplication,
        listener: socket.socket,
        sockets: Sockets,
        dispatcher: ThreadedTaskDispatcher,
        adj: Adjustments,
        most_bytes: MostBytes,
        deadlines: Deadlines,
    ) -> None:
        self.most_bytes, self.deadlines = most_bytes, deadlines
        info = (listener.family, listener.type, listener.proto, listener.getsockname())
        super().__init__(app, sockets, _sock=listener, dispatcher=dispatcher, adj=adj, sockinfo=info, bind_socket=False)

    @property
    def channels(self) -> list[Channel]:
        """Return the connections that are open."""
        return list(self.active_channels.values())  # type: ignore[attr-defined]

    def close_overdue(self, now_s: float) -> None:
        """Close the connections whose clients have had their time."""
        for channel in self.channels:
            if channel.is_overdue(now_s):
                channel.will_close = True

    def stop_listening(self) -> None:
        """Accept those that have connected already, and nobody any more."""
        known = -1
        while known < len(self.channels):
            known = len(self.channels)
            self.handle_accept()
        wasyncore.dispatcher.close(self)
