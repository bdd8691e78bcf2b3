"""Measure what OGC API - Features costs: the CPU of the application for 100 items by bbox, and for one feature.

`cd REPO && .venv/bin/python -m tests.bench.ogc [FEATURES [REQUESTS]]` asks through WSGI, without a server: boxes that
nobody asked for before, so that nothing is kept, and the median of as many requests.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.settings import Settings

from .cities import EXTENT, write_city

FEATURES, REQUESTS = 10_000, 1_000
BOX_DEG = 0.06  # a side; holds some 240 of 10,000 features
ITEMS = "/ogc/collections/things/items"
CODINGS = ("identity", "gzip", "br")


def main(count: int, asked: int) -> None:
    """Print the figures for a layer of so many points."""
    with tempfile.TemporaryDirectory() as folder:
        city = write_city(Path(folder) / "city", count, "points")
        client = create_app(Settings(geodata=city, var=Path(folder) / "var", max_file_mb=256)).test_client()
        print(f"{count} points; first request, which writes all rows: {cpu_ms(client, f'{ITEMS}?limit=1'):.0f} ms CPU")
        for coding in CODINGS:
            _tell(f"100 items by bbox, {coding}", client, asked, _box, coding)
        _tell("one feature", client, asked, lambda chance: f"{ITEMS}/thing-{chance.randrange(count)}?f=json")
        _tell("100 items by bbox and kind", client, asked, lambda chance: f"{_box(chance)}&kind=museum")


def _tell(
    what: str, client: FlaskClient, asked: int, address: Callable[[random.Random], str], coding: str = "identity"
) -> None:
    chance = random.Random(what)
    spent_ms = sorted(cpu_ms(client, address(chance), coding) for _ in range(asked))
    worst_ms = spent_ms[int(0.99 * asked)]
    print(f"{what}: median {statistics.median(spent_ms):.2f} ms CPU, p99 {worst_ms:.2f} ms")


def _box(chance: random.Random) -> str:
    west, south, east, north = EXTENT
    lon, lat = chance.uniform(west, east - BOX_DEG), chance.uniform(south, north - BOX_DEG)
    return f"{ITEMS}?f=json&bbox={lon:.6f},{lat:.6f},{lon + BOX_DEG:.6f},{lat + BOX_DEG:.6f}"


def cpu_ms(client: FlaskClient, address: str, coding: str = "identity") -> float:
    """Return the CPU that a request takes, in milliseconds."""
    begun = time.process_time()
    answer = client.get(address, headers={"Accept-Encoding": coding})
    spent_ms = (time.process_time() - begun) * 1000
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return spent_ms


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(*(given + [FEATURES, REQUESTS][len(given) :]))
