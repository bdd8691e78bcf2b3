"""Run a PostgreSQL of our own for tests: a fresh cluster in a temporary folder, reached by a Unix socket alone."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine, text

FAST = "fsync=off synchronous_commit=off full_page_writes=off"  # a test's cluster ends with it
NOT_ROOT = ("postgres", "nobody")  # PostgreSQL refuses to run as root


def programs() -> Path:
    """Return the folder of PostgreSQL's programs: of the PATH, else the newest that Debian's packages brought."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not folders:
        raise RuntimeError("PostgreSQL is missing; tests/run installs it (apt-get install postgresql)")
    return folders[-1]


@contextmanager
def running_postgres(settings: str = FAST) -> Iterator[URL]:
    """Give the address of an empty cluster that ends with the block; without `settings` it is as durable as any."""
    folder = Path(tempfile.mkdtemp(prefix="cityatlas-pg-"))  # short: a socket's path may have 107 letters
    user = _other_user()
    if user:
        shutil.chown(folder, user)
    try:
        _run(user, folder, "initdb", "-D", "data", "-A", "trust", "-U", "atlas", "-E", "UTF8", "--locale=C", "-N")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} "
        options += " ".join(f"-c {setting}" for setting in settings.split())
        _run(user, folder, "pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")
        try:
            yield URL.create("postgresql+psycopg", "atlas", database="postgres", query={"host": str(folder)})
        finally:
            _run(user, folder, "pg_ctl", "-D", "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def restart_postgres(server: URL, how: str = "fast") -> None:
    """Stop a cluster that `running_postgres` gave and start it again; `immediate` stops it as a crash would."""
    _run(
        _other_user(), Path(str(server.query["host"])), "pg_ctl", "-D", "data", "-w", "-l", "log", "-m", how, "restart"
    )


def new_database(server: URL, name: str) -> URL:
    """Make an empty database and return its address."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return server.set(database=name)


def _other_user() -> str | None:
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in NOT_ROOT if name in known)


def _run(user: str | None, folder: Path, program: str, *arguments: str) -> None:
    with (folder / "said").open("ab") as said:  # a pipe would stay open as long as the server runs
        done = subprocess.run(
            [programs() / program, *arguments], cwd=folder, user=user, stdout=said, stderr=said, check=False
        )
    if done.returncode:
        raise RuntimeError(f"{program} failed: {(folder / 'said').read_text('utf-8', 'replace')}")
