"""Measure what servers bear: half-sent requests, a killed process, signals.

`python -m tests.bench.servers_under_attack`; names of candidates may follow. One that is not installed is left out. All
serve the shipped city with 2 processes of 8 threads where they can, set as well as their own options allow, without
root and without sysctl.
"""

from __future__ import annotations

import importlib.util
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from .servers import ROOT, Server, _wait, cityatlas, free_port, requests_per_s

APP = "cityatlas.app:create_app"
HALF_OPEN = 500
PATIENCE_S = 45.0  # a half-sent request that is still open then has no deadline
IN_FLIGHT = 12
PAGE = "/zh/"
HEAD = b"GET /zh/ HTTP/1.1\r\nHost: a\r\nX-A: "
BODY = b"POST /api/plan HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 50000\r\n\r\n"


def _module(line: str) -> list[str]:
    return [sys.executable, "-m", *line.split()]


CANDIDATES = {  # by the module that has to be there; `{port}` gets the port
    "cityatlas": [*cityatlas(), "{port}", "--processes", "2"],  # the last one counts
    "waitress": _module(
        "waitress --listen=127.0.0.1:{port} --threads=8 --connection-limit=2000 --asyncore-use-poll "
        f"--channel-timeout=30 --max-request-body-size=12582912 --call {APP}"
    ),
    "gunicorn": _module(
        "gunicorn -b 127.0.0.1:{port} -k gthread -w 2 --threads 8 --preload --graceful-timeout 10 "
        f"--worker-connections 2000 {APP}()"
    ),
    "granian": _module(
        "granian --port {port} --interface wsgi --workers 2 --blocking-threads 8 --respawn-failed-workers "
        f"--respawn-interval 0.5 --http1-header-read-timeout 10000 --workers-kill-timeout 10 --factory {APP}"
    ),
    "hypercorn": _module(f"hypercorn -b 127.0.0.1:{{port}} -w 2 --graceful-timeout 10 wsgi:{APP}()"),
}


@contextmanager
def serving(name: str) -> Iterator[tuple[Server, subprocess.Popen[bytes]]]:
    """Yield a candidate that has answered, with two processes where it has them; whatever is left is killed."""
    port = free_port()
    command = [part.replace("{port}", str(port)) for part in CANDIDATES[name]]
    log = None if "-v" in sys.argv else subprocess.DEVNULL
    with tempfile.TemporaryDirectory() as var:
        paths = [str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "CITYATLAS_VAR": var}
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)
        server = Server(port, process.pid, 0)
        try:
            _wait(server, process, PAGE, begun)
            server.start_s = time.perf_counter() - begun
            time.sleep(1)  # until the second process is there too
            yield server, process
        finally:
            with suppress(ProcessLookupError):  # it has stopped by itself, with all its processes
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class Dripping:
    """Hold many half-sent requests open, each sent one more byte a second, until the server closes them."""

    def __init__(self, port: int, begin: bytes, count: int = HALF_OPEN) -> None:
        self._sockets = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(count)]
        self._is_over = threading.Event()
        self.begun_s, self.closed_s = time.perf_counter(), 0.0
        for each in self._sockets:
            each.setblocking(False)
            each.send(begin)
        self._thread = threading.Thread(target=self._drip, daemon=True)
        self._thread.start()

    @property
    def open(self) -> int:
        """Return how many the server has not closed yet."""
        return len(self._sockets)

    def _drip(self) -> None:
        while self._sockets and not self._is_over.wait(1):
            self._sockets = [each for each in self._sockets if self._is_open(each)]
        if not self._sockets:
            self.closed_s = time.perf_counter() - self.begun_s

    def _is_open(self, each: socket.socket) -> bool:
        try:
            each.send(b"x")
            if each.recv(4096):
                return True
        except BlockingIOError:
            return True
        except OSError:
            pass
        each.close()
        return False

    def wait(self, patience_s: float) -> str:
        """Return after how many seconds the last was closed, or how many never were."""
        self._thread.join(max(0.0, patience_s - (time.perf_counter() - self.begun_s)))
        self._is_over.set()
        self._thread.join()
        told = f"{self.closed_s:.0f} s" if not self._sockets else f"never ({self.open} open)"
        for each in self._sockets:
            each.close()
        return told


def answered_ms(server: Server, path: str = PAGE, wait_s: float = 5) -> str:
    """Return the worst milliseconds of five page views, or "no" when one of them is not answered."""
    worst = 0.0
    for _ in range(5):
        begun = time.perf_counter()
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=wait_s) as own:
                own.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
                if b" 200 " not in own.recv(4096):
                    return "no"
        except OSError:
            return "no"
        worst = max(worst, time.perf_counter() - begun)
    return f"{worst * 1000:.0f} ms"


def half_open(server: Server, begin: bytes) -> tuple[str, str]:
    """Return whether a page is answered beside half-sent requests, and when the last of them was closed."""
    try:
        dripping = Dripping(server.port, begin)
    except OSError as error:
        return "no", f"cannot connect: {error}"
    time.sleep(2)
    return answered_ms(server), dripping.wait(PATIENCE_S)


def _workers(pid: int) -> list[int]:
    """Return the children of a process that have had something to do, newest last."""
    told = subprocess.run(["ps", "--ppid", str(pid), "-o", "pid=,args="], capture_output=True, text=True, check=False)
    return [int(line.split()[0]) for line in told.stdout.splitlines() if "resource_tracker" not in line]


def replaced(server: Server) -> str:
    """Return how long a killed process is missing, and of pages asked meanwhile how many were not answered."""
    before = _workers(server.pid)
    if len(before) < 2:
        return "one process"
    os.kill(before[-1], signal.SIGKILL)
    begun = time.perf_counter()
    failed = asked = 0
    while time.perf_counter() - begun < 20:
        asked += 1
        failed += answered_ms(server, wait_s=2) == "no"
        now = _workers(server.pid)
        if len(now) >= len(before) and set(now) != set(before):
            return f"{time.perf_counter() - begun:.1f} s, {failed} of {asked} failed"
    return f"never, {failed} of {asked} failed"


def stopped_by(name: str, number: signal.Signals) -> str:
    """Return how many of the pictures in flight are finished when a signal comes, the exit code, and the seconds."""
    with serving(name) as (server, process):
        finished: list[bool] = []
        threads = [threading.Thread(target=_draw, args=(server.port, finished)) for _ in range(IN_FLIGHT)]
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        begun = time.perf_counter()
        process.send_signal(number)
        for thread in threads:
            thread.join()
        try:
            code: object = process.wait(20)
        except subprocess.TimeoutExpired:
            code = "none"
        return f"{sum(finished)} of {IN_FLIGHT}, exit {code}, {time.perf_counter() - begun:.1f} s"


def _draw(port: int, finished: list[bool]) -> None:
    path = f"/zh/map.svg?c={121 + random.random() / 10:.6f},30.69&z=14"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as own:
            own.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
            raw = b"".join(iter(lambda: own.recv(1 << 16), b""))
        finished.append(raw.startswith(b"HTTP/1.1 200") and b"</svg>" in raw[-20:])
    except OSError:
        finished.append(False)


def measure(name: str) -> None:
    """Print what one candidate does."""
    rows: dict[str, Callable[[Server], str]] = {
        "pages a second": lambda server: f"{requests_per_s(server, PAGE, 3)[0]:.0f}",
        f"{HALF_OPEN} half heads: page, closed after": lambda server: ", ".join(half_open(server, HEAD)),
        f"{HALF_OPEN} half bodies: page, closed after": lambda server: ", ".join(half_open(server, BODY)),
        "killed process replaced after": replaced,
    }
    print(f"\n{name}")
    for row, ask in rows.items():
        with serving(name) as (server, _):
            print(f"  {row:<42} {ask(server)}" + (f" (start {server.start_s:.1f} s)" if "pages" in row else ""))
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        print(f"  {number.name + ': pictures finished':<42} {stopped_by(name, number)}")


def main() -> None:
    """Measure all candidates that are installed, or those that are named."""
    chosen = [name for name in sys.argv[1:] if name in CANDIDATES] or list(CANDIDATES)
    for name in chosen:
        if importlib.util.find_spec(name):
            measure(name)
        else:
            print(f"\n{name}: not installed")


if __name__ == "__main__":
    main()
