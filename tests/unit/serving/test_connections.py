"""Check what a server does with connections: deadlines that trickles do not put off, limits of bodies, its end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from cityatlas.serving.answering import Answering, Site, listen
from cityatlas.serving.connections import Deadlines

SHORT = Deadlines(head_s=0.6, kept_s=0.6, body_s=0.6)
POST = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"


@dataclass
class Echo:
    """Answer with what was asked for, and remember it; `/wait` is answered when `may_go` is set."""

    asked: list[dict[str, Any]] = field(default_factory=list)
    may_go: threading.Event = field(default_factory=threading.Event)
    has_begun: threading.Event = field(default_factory=threading.Event)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read()
        self.asked.append(environ | {"body": body})
        if environ["PATH_INFO"] == "/wait":
            self.has_begun.set()
            self.may_go.wait(20)
        answer = f"{environ['PATH_INFO']} {len(body)} of {environ.get('CONTENT_LENGTH') or 0}".encode()
        start_response("200 OK", [("Content-Length", str(len(answer)))])
        return [answer]


@dataclass
class Running:
    """Hold a server of this process; `stop` begins its end, `thread` is done when it has ended."""

    app: Echo
    port: int
    stop: Callable[[], None]
    thread: threading.Thread

    def connect(self) -> socket.socket:
        """Return a new connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def ask(self, raw: bytes) -> bytes:
        """Send bytes on a connection of its own and return all that comes until the server closes it."""
        with self.connect() as own:
            own.sendall(raw)
            return read_all(own)


def read_all(own: socket.socket) -> bytes:
    """Return what comes until the other side closes."""
    return b"".join(iter(lambda: own.recv(1 << 16), b""))


def read_until(own: socket.socket, end: bytes) -> bytes:
    """Return what comes until something does; fail when the other side closes before."""
    came = b""
    while end not in came:
        more = own.recv(1 << 16)
        assert more, came
        came += more
    return came


@contextmanager
def running(deadlines: Deadlines = SHORT, most: int = 1000, **more: Any) -> Iterator[Running]:
    """Yield a server that takes bodies of `most` bytes, ten times as many at /large, and of who has a cookie."""
    app = Echo()

    def most_bytes(_: str, path: str, cookie: str) -> int:
        return most * (10 if path == "/large" or cookie == "desk=1" else 1)

    site = Site(app, most_bytes, lambda: None, 4, **more, deadlines=deadlines)
    (listener,) = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    answering, is_over = Answering(site, [listener]), threading.Event()

    def run() -> None:
        while not is_over.is_set():
            answering.turn(0.05)
        answering.finish()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield Running(app, port, is_over.set, thread)
    finally:
        app.may_go.set()
        is_over.set()
        thread.join()


def drip(own: socket.socket, byte: bytes, most: int = 200) -> int:
    """Send a byte ten times a second and return after how many the server closed the connection."""
    own.settimeout(0.1)
    for count in range(most):
        try:
            own.sendall(byte)
            if own.recv(1000) == b"":
                return count
        except TimeoutError:
            continue
        except OSError:
            return count
    pytest.fail(f"the connection is open after {most} bytes")


@pytest.mark.parametrize(
    ("begun", "byte"),
    [(b"", b"\r\n"), (b"", b"\r\n\r\n"), (b"GET / HTTP/1.1\r\nX: ", b"x"), (POST, b"x")],
    ids=["no head", "empty heads", "half a head", "half a body"],
)
def test_what_trickles_puts_no_deadline_off(begun: bytes, byte: bytes) -> None:
    with running() as server, server.connect() as own:
        own.sendall(begun)
        assert drip(own, byte) < 100
        assert server.app.asked == []


def test_a_kept_connection_has_a_deadline_for_its_next_head() -> None:
    with running() as server, server.connect() as own:
        own.sendall(b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
        assert read_until(own, b"/a 0 of 0")
        assert drip(own, b"x") < 100


def test_a_body_that_comes_fast_enough_may_take_longer_than_its_first_seconds() -> None:
    with running(Deadlines(body_s=0.5, slowest_bytes_s=10)) as server, server.connect() as own:
        own.sendall(POST)
        for _ in range(20):
            time.sleep(0.15)
            own.sendall(bytes(5))
        assert read_until(own, b"/ 100 of 100")


def test_an_answer_that_takes_longer_than_any_deadline_comes() -> None:
    with running() as server, server.connect() as own:
        own.sendall(b"GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        time.sleep(2.5)
        server.app.may_go.set()
        assert read_until(own, b"/wait 0 of 0")


@pytest.mark.parametrize(
    "sent",
    [
        b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 300000000\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" + bytes(1000),
        b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 167,
        b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1" * 1001,
        b"POST /large HTTP/1.1\r\nHost: a\r\nContent-Length: 10001\r\n\r\n",
    ],
    ids=["announced", "expected", "one chunk", "many chunks", "endless size", "large"],
)
def test_a_body_is_refused_at_its_limit_and_not_read_on(sent: bytes) -> None:
    """None of these is whole: what is answered was not waited for."""
    with running(Deadlines()) as server:
        with server.connect() as own:
            own.sendall(sent)
            answer = read_all(own)
        (asked,) = server.app.asked
    assert b"100 Continue" not in answer
    assert b"Connection: close" in answer
    assert asked["body"] == b""
    assert int(asked["CONTENT_LENGTH"]) > (10_000 if asked["PATH_INFO"] == "/large" else 1000)


def test_a_body_of_the_largest_size_is_read_whole() -> None:
    head = b"Host: a\r\nConnection: close\r\n"
    with running(Deadlines()) as server:
        whole = server.ask(b"POST /large HTTP/1.1\r\n" + head + b"Content-Length: 10000\r\n\r\n" + bytes(10_000))
        chunked = server.ask(
            b"POST /x HTTP/1.1\r\n"
            + head
            + b"Transfer-Encoding: chunked\r\n\r\n384\r\n"
            + bytes(900)
            + b"\r\n0\r\n\r\n"
        )
    assert whole.endswith(b"/large 10000 of 10000")
    assert chunked.endswith(b"/x 900 of 900")


def test_what_follows_a_refused_body_is_no_request() -> None:
    with running(Deadlines()) as server:
        raw = b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n" + b"GET /smuggled HTTP/1.1\r\n\r\n" * 100
        assert server.ask(raw).count(b"HTTP/1.1 200") == 1
        assert [asked["PATH_INFO"] for asked in server.app.asked] == ["/x"]


def test_who_sends_a_body_to_its_end_before_reading_sees_why_it_was_refused() -> None:
    size = 20 << 20  # more than all buffers between hold
    with running(Deadlines()) as server:
        answer = server.ask(b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % size + bytes(size))
    assert answer.endswith(f"/x 0 of {size}".encode())


def test_a_client_that_expects_to_be_asked_for_its_body_is() -> None:
    with running(Deadlines()) as server, server.connect() as own:
        own.sendall(POST.replace(b"Host: a", b"Host: a\r\nExpect: 100-continue"))
        assert own.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        own.sendall(bytes(100))
        assert read_until(own, b"/ 100 of 100")


def test_requests_that_come_at_once_are_answered_in_their_order() -> None:
    with running(Deadlines()) as server, server.connect() as own:
        own.sendall(b"".join(b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % number for number in range(3)))
        own.sendall(b"HEAD /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        answer = read_all(own)
    assert answer.count(b"HTTP/1.1 200") == 4
    assert answer.index(b"/0 0 of 0") < answer.index(b"/1 0 of 0") < answer.index(b"/2 0 of 0")
    assert b"Server:" not in answer


@pytest.mark.parametrize(("are_believed", "seen"), [(False, None), (True, "1.2.3.4")])
def test_forged_addresses_are_believed_only_behind_proxies(are_believed: bool, seen: str | None) -> None:
    with running(Deadlines(), are_proxies_believed=are_believed) as server:
        server.ask(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n")
        assert server.app.asked[0].get("HTTP_X_FORWARDED_FOR") == seen


def test_an_address_of_16_kb_is_the_applications_matter_and_heads_have_an_end() -> None:
    with running(Deadlines()) as server:
        ends = b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        assert b" 200 " in server.ask(b"GET /" + b"a" * (16 << 10) + ends + b"\r\n")
        assert b" 431 " in server.ask(b"GET /" + ends + b"X: " + b"a" * (32 << 10) + b"\r\n\r\n")
        assert len(server.app.asked) == 1


def test_the_end_answers_what_is_begun_and_takes_nothing_new() -> None:
    with running(Deadlines()) as server:
        waiting = [server.connect() for _ in range(6)]  # more than there are threads
        idle, half = server.connect(), server.connect()
        half.sendall(b"GET /half HTTP/1.1\r\n")
        for own in waiting:
            own.sendall(b"GET /wait HTTP/1.1\r\nHost: a\r\n\r\n")
        assert server.app.has_begun.wait(10)
        server.stop()
        assert read_all(idle) == read_all(half) == b""
        with pytest.raises(ConnectionRefusedError):
            server.connect()
        assert server.thread.is_alive()
        server.app.may_go.set()
        assert [read_all(own).endswith(b"/wait 0 of 0") for own in waiting] == [True] * 6
        server.thread.join(10)
        assert not server.thread.is_alive()
        for own in (*waiting, idle, half):
            own.close()


def test_the_end_waits_for_a_body_that_is_on_its_way() -> None:
    with running(Deadlines()) as server, server.connect() as own:
        own.sendall(POST)
        time.sleep(0.2)
        server.stop()
        time.sleep(1)
        own.sendall(bytes(100))
        assert read_all(own).endswith(b"/ 100 of 100")
