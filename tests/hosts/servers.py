"""Start programs of Debian's packages for as long as a test needs them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

START_S = 30
PHP_WORKERS = "4"


def free_port() -> int:
    """Return a port that nobody uses just now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_for(port: int) -> None:
    """Wait until somebody answers on a port."""
    for _ in range(START_S * 10):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise TimeoutError(f"Nothing answers on port {port}.")


def wait_for_file(path: Path) -> None:
    """Wait until a program has made a file."""
    for _ in range(START_S * 10):
        if path.exists():
            return
        time.sleep(0.1)
    raise TimeoutError(f"There is no {path}.")


@contextmanager
def started(command: list[str], environment: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until the block ends, with the processes that it starts."""
    quiet = subprocess.DEVNULL
    program = subprocess.Popen(
        command, env=os.environ | dict(environment or {}), stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        yield program
    finally:
        os.killpg(program.pid, signal.SIGTERM)  # with its workers
        try:
            program.wait(timeout=START_S)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)


@contextmanager
def served_php(root: Path) -> Iterator[str]:
    """Serve a folder by PHP's own server; it has workers, since a host may ask itself."""
    port = free_port()
    with started(["php", "-S", f"127.0.0.1:{port}", "-t", str(root)], {"PHP_CLI_SERVER_WORKERS": PHP_WORKERS}):
        wait_for(port)
        yield f"http://127.0.0.1:{port}"


def need(*paths: str, programs: tuple[str, ...] = ()) -> None:
    """Skip where a package is absent, and name what is missing."""
    missing = [path for path in paths if not Path(path).exists()]
    missing += [program for program in programs if not shutil.which(program)]
    if missing:
        pytest.skip(f"not installed here: {', '.join(missing)}; tests/hosts/run says which packages")
