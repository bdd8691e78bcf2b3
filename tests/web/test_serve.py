"""Check `cityatlas serve` as a program: its processes, half-sent requests, large bodies, and how it stops."""

from __future__ import annotations

import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from cityatlas.limits import PHOTOS_MB
from cityatlas.web.staff.auth.access import most_bytes
from staff import logged_in, make_desk
from toy import write_city

ROOT = Path(__file__).resolve().parents[2]
SERVE = ["-c", "from cityatlas.cli.main import main; main()", "serve", "--processes", "2", "--port"]
ALONE = ["-c", "import os; del os.fork; from cityatlas.cli.main import main; main()", "serve", "--port"]
GUNICORN = ["-m", "gunicorn", "cityatlas.app:create_app()", "--no-control-socket", "--workers", "2", "--bind"]
WAIT_S = 60
ENDS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP]


@dataclass
class Served:
    """Hold a server that answers, and the processes that belong to it."""

    port: int
    process: subprocess.Popen[str]

    def connect(self) -> socket.socket:
        """Return a new connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=WAIT_S)

    def get(self, path: str = "/zh/") -> int:
        """Return the status of a page; nothing stands between."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.port}{path}", timeout=WAIT_S) as answer:
            answer.read()
            return int(answer.status)

    def ask(self, raw: bytes) -> bytes:
        """Send bytes and return all that comes until the server closes the connection."""
        with self.connect() as own:
            own.sendall(raw)
            return read_all(own)

    def children(self) -> set[int]:
        """Return the processes that answer."""
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
        return {pid for pid, parent in pairs if parent == self.process.pid}

    def end(self) -> str:
        """Wait until the server has ended and return what it printed."""
        printed, _ = self.process.communicate(timeout=WAIT_S)
        return printed


def read_all(own: socket.socket) -> bytes:
    """Return what comes until the other side closes."""
    return b"".join(iter(lambda: own.recv(1 << 16), b""))


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, at most a minute."""
    end_s = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < end_s
        time.sleep(0.05)


def in_background() -> None:
    """Begin as in the background of a script, where Ctrl-C is ignored, whatever these tests were begun with."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def under_nohup() -> None:
    """Begin as under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


@contextmanager
def serving(
    folder: Path, command: list[str] = SERVE, begin: Callable[[], None] = in_background, **more: str
) -> Iterator[Served]:
    """Yield a server of a folder that has answered; its process runs `begin` first."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CITYATLAS_")}
    env = kept | {"PYTHONPATH": str(ROOT / "src"), "CITYATLAS_GEODATA": str(folder), **more}
    env |= {"CITYATLAS_VAR": str(folder.parent / "var")}
    process = subprocess.Popen(
        [sys.executable, *command, f"127.0.0.1:{port}" if command is GUNICORN else str(port)],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        preexec_fn=begin,
    )
    server = Served(port, process)
    try:
        wait_until(lambda: process.poll() is not None or is_open(port))
        assert server.get() == 200
        yield server
    finally:
        process.kill()
        process.communicate()


def is_open(port: int) -> bool:
    """Return whether somebody listens."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a toy city that no test changes."""
    return write_city(tmp_path_factory.mktemp("served") / "toy")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Served]:
    """Return a server that no test stops."""
    with serving(folder) as served:
        yield served


def test_a_page_is_answered_beside_a_thousand_half_sent_requests(server: Served) -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(limits[0], min(2000, limits[1])), limits[1]))
    head = b"GET /zh/ HTTP/1.1\r\nHost: a\r\n"
    body = b"POST /api/plan HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n{"
    with ExitStack() as stack:
        opened = [stack.enter_context(server.connect()) for _ in range(1000)]
        for number, own in enumerate(opened):
            own.sendall(head if number % 2 else body)
        assert [server.get() for _ in range(3)] == [200] * 3
        assert server.get("/zh/sites/mill") == 200


@pytest.mark.parametrize("number", ENDS)
def test_a_signal_lets_all_be_finished_that_is_asked_for(folder: Path, number: signal.Signals) -> None:
    """Twelve pictures, each a work of its own, are asked for at once: some are begun and some wait at the signal."""
    with serving(ROOT / "geodata", CITYATLAS_VAR=str(folder.parent / "var")) as server, ExitStack() as stack:
        asking = [stack.enter_context(server.connect()) for _ in range(12)]
        for place, own in enumerate(asking):
            own.sendall(f"GET /zh/map.svg?c=121.0{place:02d}7,30.69&z=14 HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        server.process.send_signal(number)
        answers: list[bytes] = []
        threads = [threading.Thread(target=lambda own=own: answers.append(read_all(own))) for own in asking]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        printed = server.end()
    assert [(raw[:15], raw.rstrip()[-6:]) for raw in answers] == [(b"HTTP/1.1 200 OK", b"</svg>")] * 12
    assert server.process.returncode == 0
    assert printed.count("Stopped.") == printed.count("Ready at") == 1
    assert re.search(r"Ready at http://127\.0\.0\.1:\d+ in 2 processes", printed)


def test_a_killed_process_is_replaced_and_all_end_with_their_master(folder: Path) -> None:
    with serving(folder) as server:
        wait_until(lambda: len(server.children()) == 2)
        before = server.children()
        os.kill(min(before), signal.SIGKILL)
        wait_until(lambda: len(server.children() - {min(before)}) == 2)
        assert [server.get() for _ in range(10)] == [200] * 10
        server.process.kill()
        wait_until(lambda: not is_open(server.port))


def test_under_nohup_a_closed_terminal_ends_nothing(folder: Path) -> None:
    with serving(folder, begin=under_nohup) as server:
        wait_until(lambda: len(server.children()) == 2)
        before = server.children()
        for pid in (server.process.pid, *before):
            os.kill(pid, signal.SIGHUP)
        assert [server.get() for _ in range(10)] == [200] * 10
        assert server.children() == before
        server.process.send_signal(signal.SIGTERM)
        assert server.end().endswith("Stopped.\n")


def test_without_fork_one_process_serves_and_stops(folder: Path) -> None:
    with serving(folder, ALONE) as server:
        assert server.children() == set()
        server.process.send_signal(signal.SIGINT)
        printed = server.end()
    assert server.process.returncode == 0
    assert "in 1 process (" in printed
    assert printed.endswith("Stopped.\n")


def test_gunicorn_serves_the_application_by_itself(folder: Path) -> None:
    with serving(folder, GUNICORN) as server:
        assert server.get("/ready") == 200
        server.process.send_signal(signal.SIGTERM)
        server.end()
    assert server.process.returncode == 0


@pytest.mark.parametrize(
    ("path", "status"), [("/zh/", 405), ("/api/plan", 422), ("/staff/media/add", 503)], ids=["page", "plan", "photo"]
)
@pytest.mark.parametrize("is_chunked", [False, True], ids=["announced", "chunked"])
def test_a_large_body_is_answered_when_its_limit_has_come(
    server: Served, toy_app: Flask, path: str, status: int, is_chunked: bool
) -> None:
    """Not a byte of what is announced is sent, and of what is chunked no more than the limit and one."""
    head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n".encode()
    size = most_bytes(toy_app, "POST", path) + 1
    if is_chunked:
        raw = head + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n" % (300 << 20) + bytes(size)
    else:
        raw = head + b"Content-Length: %d\r\n\r\n" % (300 << 20)
    assert f"HTTP/1.1 {status}".encode() in server.ask(raw)[:20]


def test_no_address_takes_more_than_12_mb_and_most_take_64_kb(toy_app: Flask) -> None:
    sizes = {most_bytes(toy_app, "POST", str(rule)) for rule in toy_app.url_map.iter_rules()}
    assert max(sizes) == 11 << 20
    assert most_bytes(toy_app, "POST", "/staff/media/add") == 11 << 20
    assert most_bytes(toy_app, "POST", "/en/staff/layers/sights/import") == 11 << 20
    assert most_bytes(toy_app, "GET", "/staff/media/add") == 64 << 10
    assert most_bytes(toy_app, "POST", "/no/such/page") == 64 << 10


def test_many_photos_at_once_are_taken_of_who_has_logged_in_and_of_nobody_else(tmp_path: Path) -> None:
    app = make_desk(tmp_path)
    coco, guest = logged_in(app, "coco"), app.test_client()
    guest.get("/en/staff/login")  # has a session, in which nobody has logged in
    cookies = [client.get_cookie("desk") for client in (coco, guest)]
    headers = [f"theme=dark; desk={cookie.value}" for cookie in cookies if cookie]
    forged = f"{headers[0][:-4]}AAAA"
    sizes = [most_bytes(app, "POST", "/zh/staff/photos/add", cookie) >> 20 for cookie in (*headers, forged, "")]
    assert sizes == [PHOTOS_MB + 1, 11, 11, 11]
    assert most_bytes(app, "POST", "/staff/media/add", headers[0]) == 11 << 20
    app.secret_key = None  # as in a process that nobody has come to yet
    assert most_bytes(app, "POST", "/zh/staff/photos/add", headers[0]) >> 20 == PHOTOS_MB + 1
