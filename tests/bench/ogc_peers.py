"""Measure OGC API - Features beside tipg and pygeoapi, in the same run, on the same points in PostGIS.

`cd REPO && .venv/bin/python -m tests.bench.ogc_peers [FEATURES ...]` asks each server over 8 connections for boxes that
nobody asked for before (as `ogc.py` draws them) and for single features, then lets GDAL read the whole layer. A row has
the CPU of the server alone and, behind `+`, that of the database that it asks; ours has none, and aims go by both. The
peers' rows in the table have four columns, ours all of the city's properties.
"""

from __future__ import annotations

import http.client
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .cities import EXTENT, write_city
from .ogc import BOX_DEG
from .peer_places import Database, environment, postgis
from .servers import CONNECTIONS, ROOT, Server, cityatlas, running

COUNTS = (10_000, 100_000)
ASKED = {"cityatlas": 2_000, "tipg": 400, "pygeoapi": 160}
SHARE = {"tipg": (6, 5), "pygeoapi": (20, None)}  # what ours may cost of theirs: a part for boxes, one for a feature
READ = "import pyogrio, sys; print(len(pyogrio.raw.read('OAPIF:' + sys.argv[1], layer=sys.argv[2])[2]))"
READ_S = 900
Address = Callable[[random.Random], str]


@dataclass(frozen=True)
class Rival:
    """Hold a server that answers, and how its addresses are written."""

    name: str
    server: Server
    root: str
    layer: str
    database: Database | None = None
    form: str = "json"  # what it calls GeoJSON
    has_links: bool = True  # that GDAL can follow: those of pygeoapi name the address of its settings

    @property
    def items(self) -> str:
        """Return the address of the items."""
        return f"{self.root}/collections/{self.layer}/items"

    def cpu_s(self) -> tuple[float, float]:
        """Return the seconds of CPU that server and database have used."""
        return self.server.cpu_s, self.database.cpu_s if self.database else 0.0


@dataclass(frozen=True)
class Cost:
    """Hold what a request costs: CPU of server and database in ms, and how long the slowest hundredth waits."""

    own_ms: float
    database_ms: float
    p99_ms: float

    @property
    def whole_ms(self) -> float:
        """Return the CPU of both: a server that has its data in memory does the work of a database too."""
        return self.own_ms + self.database_ms

    def __str__(self) -> str:
        beside = f" + {self.database_ms:.1f}" if self.database_ms else ""
        return f"{self.own_ms:.2f}{beside} ms, p99 {self.p99_ms:.0f} ms"


def main(counts: list[int]) -> int:
    """Print a table for each number of points; 1 when an aim is missed."""
    is_missed = False
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            city = write_city(Path(folder) / "city", count, "points")
            with postgis(city / "things.geojson") as database:
                is_missed |= _compare(count, city, database, Path(folder))
    return int(is_missed)


def _compare(count: int, city: Path, database: Database | None, folder: Path) -> bool:
    print(
        f"\n| {count} points | 100 items by bbox | one feature | GDAL reads all | aims |\n|---|---|---|---|---|",
        flush=True,
    )
    with running(cityatlas(city), "/ogc/collections/things/items?limit=1&f=json") as server:
        ours = _measured(Rival("cityatlas", server, "/ogc", "things"), count)
    is_missed = False
    for serve in (_tipg, _pygeoapi):
        with serve(database, folder) as rival:
            if rival:
                theirs = _measured(rival, count)
                is_missed |= _told_aims(rival.name, ours, theirs)
    return is_missed


Measured = tuple[Cost, Cost, float]


def _measured(rival: Rival, count: int) -> Measured:
    box = _asked(rival, _box(rival), lambda body: len(body["features"]) == 100)
    one = _asked(
        rival,
        lambda chance: f"{rival.items}/thing-{chance.randrange(count)}?f={rival.form}",
        lambda body: bool(body["geometry"]),
    )
    read_s = _read_whole(rival, count) if rival.has_links else 0.0
    print(f"| {rival.name} | {box} | {one} | {f'{read_s:.1f} s' if read_s else '-'} | | ", flush=True)
    return box, one, read_s


def _read_whole(rival: Rival, count: int) -> float:
    """Return how many seconds GDAL takes for all features."""
    begun = time.perf_counter()
    command = [sys.executable, "-c", READ, rival.server.address + rival.root, rival.layer]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=READ_S)
    assert done.stdout.strip() == str(count), f"{rival.name}: {done.stdout} {done.stderr[-500:]}"
    return time.perf_counter() - begun


def _told_aims(name: str, ours: Measured, theirs: Measured) -> bool:
    """Print how many times a peer costs what ours does, and return whether an aim is missed."""
    boxes, single = SHARE[name]
    times = [
        ("bbox", theirs[0].whole_ms / ours[0].whole_ms, boxes),
        ("one", theirs[1].whole_ms / ours[1].whole_ms, single),
    ]
    times += [("whole", theirs[2] / ours[2], 3)] if theirs[2] else []
    words = [
        f"{what} {found:.1f} times" + (f" (aim {aim}{'' if found >= aim else ', **missed**'})" if aim else "")
        for what, found, aim in times
    ]
    print(f"| {name} against ours | | | | {', '.join(words)} |", flush=True)
    return any(aim and found < aim for _, found, aim in times)


def _box(rival: Rival) -> Address:
    def address(chance: random.Random) -> str:
        west, south, east, north = EXTENT
        lon, lat = chance.uniform(west, east - BOX_DEG), chance.uniform(south, north - BOX_DEG)
        box = f"{lon:.6f},{lat:.6f},{lon + BOX_DEG:.6f},{lat + BOX_DEG:.6f}"
        return f"{rival.items}?f={rival.form}&limit=100&bbox={box}"

    return address


def _asked(rival: Rival, address: Address, is_right: Callable[[dict[str, list[object]]], bool]) -> Cost:
    """Ask over all connections, each with its own seed, and check what each gets first."""
    each, waited_ms = ASKED[rival.name] // CONNECTIONS, list[float]()

    def ask(number: int) -> None:
        chance = random.Random(f"{address(random.Random(0))} {number}")
        connection = http.client.HTTPConnection("127.0.0.1", rival.server.port, timeout=60)
        for turn in range(each):
            path, begun = address(chance), time.perf_counter()
            connection.request("GET", path, headers={"Accept": "application/geo+json"})
            answer = connection.getresponse()
            body = answer.read()
            waited_ms.append((time.perf_counter() - begun) * 1000)
            assert answer.status == 200, f"{path}: {answer.status} {body[:200]!r}"
            assert turn or is_right(json.loads(body)), path
        connection.close()

    own, beside = rival.cpu_s()
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    asked = each * CONNECTIONS
    assert len(waited_ms) == asked, f"{rival.name} did not answer all"
    now, beside_now = rival.cpu_s()
    p99_ms = sorted(waited_ms)[int(0.99 * asked)]
    return Cost((now - own) * 1000 / asked, (beside_now - beside) * 1000 / asked, p99_ms)


@contextmanager
def _tipg(database: Database | None, folder: Path) -> Iterator[Rival | None]:
    programs = environment("tipg") if database else None
    if not database or not programs:
        yield None
        return
    command = [str(programs / "uvicorn"), "tipg.main:app", "--log-level", "error", "--port", "{port}"]
    with running(command, "/collections", DATABASE_URL=database.dsn, TIPG_DB_SCHEMAS='["public"]') as server:
        yield Rival("tipg", server, "", "public.things", database, "geojson")


@contextmanager
def _pygeoapi(database: Database | None, folder: Path) -> Iterator[Rival | None]:
    programs = environment("pygeoapi") if database else None
    if not database or not programs:
        yield None
        return
    settings, described = folder / "pygeoapi.yml", folder / "pygeoapi-openapi.yml"
    settings.write_text(json.dumps(_settings(database)), "utf-8")  # JSON is YAML
    environ = {"PYGEOAPI_CONFIG": str(settings), "PYGEOAPI_OPENAPI": str(described)}
    make = [str(programs / "pygeoapi"), "openapi", "generate", str(settings), "--output-file", str(described)]
    subprocess.run(make, check=True, capture_output=True)
    command = [
        str(programs / "waitress-serve"),
        "--listen",
        "127.0.0.1:{port}",
        "--threads",
        "8",
        "pygeoapi.flask_app:APP",
    ]
    with running(command, "/collections/things?f=json", ROOT, **environ) as server:
        yield Rival("pygeoapi", server, "", "things", database, has_links=False)


def _settings(database: Database) -> dict[str, object]:
    """Return the least that pygeoapi wants to be told."""
    words = {"title": "things", "description": "things", "keywords": ["things"]}
    provider = {
        "type": "feature",
        "name": "PostgreSQL",
        "data": {
            "host": "127.0.0.1",
            "port": database.port,
            "dbname": "postgres",
            "user": "atlas",
            "password": "atlas",
            "search_path": ["public"],
        },
        "id_field": "id",
        "table": "things",
        "geom_field": "geom",
    }
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": 0},
            "url": "http://127.0.0.1",
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "language": "en-US",
            "limits": {"default_items": 100, "max_items": 10_000},
            "map": {"url": "http://127.0.0.1/{z}/{x}/{y}.png", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": words | {"keywords_type": "theme", "terms_of_service": "none", "url": "http://127.0.0.1"},
            "license": {"name": "none", "url": "http://127.0.0.1"},
            "provider": {"name": "none", "url": "http://127.0.0.1"},
            "contact": {"name": "none", "email": "none@localhost"},
        },
        "resources": {
            "things": words
            | {
                "type": "collection",
                "links": [],
                "extents": {"spatial": {"bbox": list(EXTENT), "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
                "providers": [provider],
            }
        },
    }


if __name__ == "__main__":
    sys.exit(main([int(text) for text in sys.argv[1:]] or list(COUNTS)))
