"""Start servers as processes of their own, ask them, load them, and read what they cost from /proc."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_S = 120  # a server that has not answered by then never will
CONNECTIONS = 8
BROWSER = {"Accept-Encoding": "gzip, deflate, br", "Accept-Language": "zh-CN"}


@dataclass
class Server:
    """Hold a running server: its port, its process and the seconds until its first answer."""

    port: int
    pid: int
    start_s: float

    @property
    def address(self) -> str:
        """Return the address without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def cpu_s(self) -> float:
        """Return the seconds of CPU, user and system, that the process and its children have used."""
        ticks = 0
        for pid in self._processes():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    @property
    def peak_mb(self) -> int:
        """Return the most memory that was resident in one of them, in megabytes; a child shares its parent's."""
        found = [re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text()) for pid in self._processes()]
        return max(int(each[1]) >> 10 for each in found if each)

    def _processes(self) -> list[int]:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [self.pid, *map(int, children.split())]

    @property
    def memory_mb(self) -> int:
        """Return the memory that the process and its children have resident, shared pages counted once."""
        rolls = (Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in self._processes())
        return sum(int(found[1]) for roll in rolls if (found := re.search(r"Pss:\s+(\d+)", roll))) >> 10

    def get(self, path: str) -> tuple[int, bytes]:
        """Return status and body (as it was sent) of an address."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=START_S)
        try:
            connection.request("GET", path, headers=BROWSER)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def timed_ms(self, path: str) -> float:
        """Return the milliseconds that one request takes, connection included."""
        begun = time.perf_counter()
        status, _ = self.get(path)
        assert status == 200, f"{path}: {status}"
        return (time.perf_counter() - begun) * 1000


def cityatlas(geodata: Path | None = None, root: Path = ROOT) -> list[str]:
    """Return the command that serves a city (the shipped one unless said) from a checkout with its environment."""
    chosen = ["--geodata", str(geodata)] if geodata else []
    command = root / ".venv" / "bin" / "cityatlas"  # of another checkout, whose modules may have other names
    program = (
        [str(command)] if command.exists() else [sys.executable, "-c", "from cityatlas.cli.main import main; main()"]
    )
    return [*program, "serve", *chosen, "--port"]


def peer(name: str, *arguments: str) -> list[str]:
    """Return the command that serves a peer; the port comes after the name."""
    return [sys.executable, "-m", "tests.bench.peers", name, "{port}", *arguments]


@contextmanager
def running(command: list[str], first: str = "/", root: Path = ROOT, **environ: str) -> Iterator[Server]:
    """Yield a server that has answered `first`; it ends with the block. `{port}`, else the end, gets the port.

    Ours answers in one process, as its peers do, unless CITYATLAS_PROCESSES says more.
    """
    port = free_port()
    full = [part.replace("{port}", str(port)) for part in command]
    full += [] if full != command else [str(port)]
    env = {
        **os.environ,
        "PYTHONPATH": str(root / "src"),
        "CITYATLAS_MAX_FILE_MB": "256",
        "CITYATLAS_PROCESSES": "1",
    } | environ
    begun = time.perf_counter()
    process = subprocess.Popen(full, cwd=root, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server = Server(port, process.pid, 0)
    try:
        _wait(server, process, first, begun)
        server.start_s = time.perf_counter() - begun
        yield server
    finally:
        process.terminate()
        process.wait(20)


def _wait(server: Server, process: subprocess.Popen[bytes], first: str, begun: float) -> None:
    while time.perf_counter() - begun < START_S:
        try:
            assert server.get(first)[0] == 200, f"{first} is not answered with 200"
            return
        except OSError:
            assert process.poll() is None, f"{process.args!r} ended with {process.returncode}"
            time.sleep(0.02)
    raise AssertionError(f"no answer within {START_S} s")


def free_port() -> int:
    """Return a port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def requests_per_s(server: Server, path: str, seconds: int) -> tuple[float, float]:
    """Return requests per second of wrk (or threads of our own), and the server's CPU milliseconds for each."""
    before = server.cpu_s
    begun = time.perf_counter()
    count = _wrk(server, path, seconds) if shutil.which("wrk") else _threads(server, path, seconds)
    took_s = time.perf_counter() - begun
    return count / took_s, (server.cpu_s - before) * 1000 / max(count, 1)


def _wrk(server: Server, path: str, seconds: int) -> int:
    headers = [part for key, value in BROWSER.items() for part in ("-H", f"{key}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", *headers, server.address + path]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    found = re.search(r"(\d+) requests in", said)
    assert found, said
    return int(found[1])


def _threads(server: Server, path: str, seconds: int) -> int:
    counts = [0] * CONNECTIONS
    until = time.perf_counter() + seconds

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        while time.perf_counter() < until:
            connection.request("GET", path, headers=BROWSER)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)
