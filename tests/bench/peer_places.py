"""Make environments of their own for servers that ours is compared with, and the PostGIS that they read.

They are made where they are missing, in `.cache/peers`, with the package installer as this machine has it set up;
CITYATLAS_PEER_PYTHON names a Python of 3.12 or newer that is not in the PATH. What cannot be had is told, and its rows
are left out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from .servers import ROOT, free_port

sys.path.insert(0, str(Path(__file__).parents[1]))

from postgres import FAST, running_postgres

PLACE = ROOT / ".cache" / "peers"
PYTHONS = (os.environ.get("CITYATLAS_PEER_PYTHON", ""), "python3.14", "python3.13", "python3.12")  # pygeoapi wants 3.12
WANTS = {
    "tipg": ("tipg>=1.6", "uvicorn>=0.30"),
    "pygeoapi": ("pygeoapi>=0.24", "psycopg2-binary>=2.9", "geoalchemy2>=0.15", "waitress>=3.0"),
}
TABLE = "CREATE TABLE things (id text PRIMARY KEY, name_zh text, name_en text, kind text, geom geometry(Point, 4326))"


@dataclass(frozen=True)
class Database:
    """Hold where a PostGIS with the table `things` is reached."""

    port: int
    pid: int

    @property
    def dsn(self) -> str:
        """Return its address."""
        return f"postgresql://atlas:atlas@127.0.0.1:{self.port}/postgres"

    @property
    def cpu_s(self) -> float:
        """Return the seconds of CPU that it and the processes of its connections have used, those that ended too."""
        ticks = 0
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        for pid, fields in ((self.pid, (11, 12, 13, 14)), *((int(child), (11, 12)) for child in children)):
            row = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
            ticks += sum(int(row[field]) for field in fields)
        return ticks / os.sysconf("SC_CLK_TCK")


def environment(name: str) -> Path | None:
    """Return the folder of a peer's programs, None where it cannot be made."""
    programs = PLACE / name / "bin"
    if not (PLACE / name / "made").exists():
        python = next((found for one in PYTHONS if (found := _working(one))), sys.executable)
        shutil.rmtree(PLACE / name, ignore_errors=True)
        for command in ([python, "-m", "venv", PLACE / name], [programs / "pip", "install", "--quiet", *WANTS[name]]):
            done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{name} is left out: {done.stderr.strip().splitlines()[-1]}", flush=True)
                return None
        (PLACE / name / "made").touch()
    return programs


def _working(name: str) -> str | None:
    found = shutil.which(name) if name else None
    if not found or subprocess.run([found, "-V"], capture_output=True, check=False).returncode:
        return None  # a shim of a version that is not chosen
    return found


@contextmanager
def postgis(layer: Path) -> Iterator[Database | None]:
    """Give a PostGIS with the points of a layer's file in an indexed table; None where Debian's package is absent."""
    port = free_port()
    with running_postgres(f"{FAST} listen_addresses=127.0.0.1 port={port}") as url:
        folder = Path(str(url.query["host"]))
        pid = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        made = Database(port, pid)
        with psycopg.connect(made.dsn, autocommit=True) as connection:
            try:
                connection.execute("CREATE EXTENSION postgis")
            except psycopg.Error:
                print("tipg and pygeoapi are left out: postgresql-*-postgis-3 is not installed", flush=True)
                yield None
                return
            _fill(connection, layer)
        yield made


def _fill(connection: psycopg.Connection[tuple[object, ...]], layer: Path) -> None:
    connection.execute(TABLE)
    rows = json.loads(layer.read_text("utf-8"))["features"]
    with connection.cursor() as cursor, cursor.copy("COPY things FROM STDIN") as copy:
        for row in rows:
            said, (lon, lat) = row["properties"], row["geometry"]["coordinates"]
            point = f"SRID=4326;POINT({lon} {lat})"
            copy.write_row((row["id"], said["name"]["zh"], said["name"].get("en"), said["kind"], point))
    connection.execute("CREATE INDEX ON things USING gist (geom)")
    connection.execute("ANALYZE things")
