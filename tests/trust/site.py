"""Serve a city as operators do, `cityatlas serve` in a process of its own, so that it can be hurt and looked into."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cityatlas.city.spec import read_city
from cityatlas.store import Store, open_store
from staff import add_person

ROOT = Path(__file__).resolve().parents[2]
SERVE = (sys.executable, "-c", "from cityatlas.cli.main import main; main()")
START_S = 60
MANY = "1000000"  # new pictures and plans that one address may have: all our visitors come from one


class Skipped(Exception):
    """Say why a fault cannot be made here."""


@dataclass
class Site:
    """Hold a city's folder, what staff write, and the processes that answer.

    `wrapper` is a command that runs the server, `environ` what it is told beside our own.
    """

    folder: Path
    host: str = "127.0.0.1"
    database_url: str = ""
    wrapper: Sequence[str] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    processes: int = 2
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None

    @property
    def geodata(self) -> Path:
        """Return the folder of the city, which may be changed."""
        return self.folder / "city"

    @property
    def var(self) -> Path:
        """Return the folder that the server writes to."""
        return self.folder / "var"

    @property
    def city(self) -> str:
        """Return the id of the city."""
        return read_city(self.geodata).id

    def store(self) -> Store:
        """Return the store of what staff write, opened here."""
        return open_store(self.database_url, self.var, self.city)

    def start(self) -> None:
        """Start the server and return when it answers."""
        self.port = self.port or free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CITYATLAS_")}
        ours = {
            "PYTHONPATH": str(ROOT / "src"),
            "CITYATLAS_GEODATA": str(self.geodata),
            "CITYATLAS_VAR": str(self.var),
            "CITYATLAS_DATABASE_URL": self.database_url,
            "CITYATLAS_PROCESSES": str(self.processes),
            "CITYATLAS_PLANS_PER_MINUTE": MANY,
            "CITYATLAS_PROXIES": "1",  # so that people may come from addresses of their own
        }
        command = [*self.wrapper, *SERVE, "serve", "--host", self.host, "--port", str(self.port)]
        with (self.folder / "log").open("ab") as log:
            env = kept | ours | dict(self.environ)
            self._process = subprocess.Popen(command, env=env, stdout=log, stderr=log, start_new_session=True)
        end_s = time.monotonic() + START_S
        while not self.is_open():
            if self._process.poll() is not None or time.monotonic() > end_s:
                raise RuntimeError(f"the server does not start: {(self.folder / 'log').read_text('utf-8')[-2000:]}")
            time.sleep(0.02)

    def is_open(self) -> bool:
        """Return whether somebody listens."""
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex((self.host, self.port)) == 0

    @property
    def pid(self) -> int:
        """Return the process that keeps the others."""
        assert self._process
        return self._process.pid

    def workers(self) -> list[int]:
        """Return the processes that answer."""
        told = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
        rows = [line.split(None, 2) for line in told.splitlines()]
        masters = {self.pid} | {int(pid) for pid, parent, _ in rows if self.wrapper and int(parent) == self.pid}
        return [int(pid) for pid, parent, what in rows if int(parent) in masters and "serve" in what][-self.processes :]

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to all processes of the server, and wait until they are gone."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)
        if self._process:
            self._process.wait(30)


@contextmanager
def served(site: Site, editors: Sequence[str]) -> Iterator[Site]:
    """Give a running site of the shipped city with accounts for editors, all admins, until the block ends."""
    if not site.geodata.exists():
        shutil.copytree(ROOT / "geodata", site.geodata)
    store = site.store()
    for login in editors:
        add_person(store, login, "admin")
    store.close()
    site.start()
    try:
        yield site
    finally:
        site.kill(signal.SIGTERM)


def end_with_servers() -> None:
    """Let SIGTERM end this program as Ctrl-C does, so that no server is left behind."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def free_port() -> int:
    """Return a port that nobody uses just now."""
    with socket.create_server(("", 0)) as listener:
        return int(listener.getsockname()[1])


def need(*programs: str, root: bool = False) -> None:
    """Raise Skipped where a program is absent, or where only root may do it."""
    missing = [program for program in programs if not shutil.which(program)]
    if missing:
        raise Skipped(f"not installed: {', '.join(missing)}")
    if root and os.geteuid() != 0:
        raise Skipped("only root may do this")


def run(*command: object) -> None:
    """Run a program of the system. Raises Skipped when it fails, with what it said."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Skipped(f"{command[0]}: {done.stderr.strip()[:200]}")
