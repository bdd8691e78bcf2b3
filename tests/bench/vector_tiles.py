"""Measure what a vector tile costs beside mapbox-vector-tile, which writes the same features in the same process.

`cd REPO && .venv/bin/python -m tests.bench.vector_tiles [FEATURES]` puts as many points into one tile, not thinned:
the median and the worst of twenty, each of them cold but for what is prepared once a snapshot; then real tiles by zoom.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mapbox_vector_tile
import numpy as np

import cityatlas
from cityatlas.tiles.vector_layer import EXTENT, told, vector_layer
from cityatlas.tiles.vector_tiles import encode, vector_tile, zooms_of

from .cities import write_city

FEATURES, TRIES = 10_000, 20
ZOOMS = (10, 18)  # of the city's map
WHOLE = 8  # the zoom whose tile holds all of it
Tile = tuple[int, int, int]


def cpu_ms(work: Callable[[], bytes]) -> tuple[float, int]:
    """Return the CPU that work takes, and the bytes that it makes."""
    begun = time.process_time()
    content = work()
    return (time.process_time() - begun) * 1000, len(content)


def main(count: int) -> None:
    """Print the figures for a layer of so many points."""
    with tempfile.TemporaryDirectory() as folder:
        layer = cityatlas.read_city(write_city(Path(folder) / "city", count, "points")).layers["things"]
    begun = time.process_time()
    made = vector_layer(layer, ZOOMS)
    print(f"{count} points, {len(made.tags) // 2 / count:.1f} properties each")
    print(f"prepared once a snapshot: {(time.process_time() - begun) * 1000:.0f} ms CPU")
    tile = (WHOLE, int(made.index.x.mean() * 2**WHOLE), int(made.index.y.mean() * 2**WHOLE))
    rows = np.arange(count)
    _tell("all in one tile, ours", lambda: encode(made, rows, tile), TRIES)
    _tell("all in one tile, mapbox-vector-tile", lambda: _peer(layer, tile), 3)
    for z in range(zooms_of(layer, ZOOMS)[0], zooms_of(layer, ZOOMS)[1] + 1):
        tiles = {(z, int(x * 2**z), int(y * 2**z)) for x, y in zip(made.index.x, made.index.y, strict=True)}
        spent = [cpu_ms(lambda one=one: vector_tile(layer, one, ZOOMS)) for one in sorted(tiles)]  # type: ignore[misc]
        worst_ms, largest = max(ms for ms, _ in spent), max(size for _, size in spent)
        mean_ms = statistics.mean(ms for ms, _ in spent)
        print(f"z{z}: {len(tiles)} tiles, {mean_ms:.2f} ms CPU each, at most {worst_ms:.2f}; largest {largest:,} bytes")


def _tell(what: str, work: Callable[[], bytes], tries: int) -> None:
    spent = [cpu_ms(work) for _ in range(tries)]
    times = sorted(ms for ms, _ in spent)
    print(f"{what}: median {statistics.median(times):.1f} ms CPU, worst {times[-1]:.1f}; {spent[0][1]:,} bytes")


def _peer(layer: Any, tile: Tile) -> bytes:
    """Return the same tile by the library; features and positions are given as it wants them."""
    z, x, y = tile
    made = vector_layer(layer, ZOOMS)
    at = np.column_stack([(made.index.x * 2**z - x) * EXTENT, (made.index.y * 2**z - y) * EXTENT])
    features = [
        {"geometry": {"type": "Point", "coordinates": place}, "properties": told(feature)}
        for place, feature in zip(at.tolist(), layer.features, strict=True)
    ]
    content: bytes = mapbox_vector_tile.encode(
        {"name": layer.spec.id, "features": features}, default_options={"y_coord_down": True}
    )
    return content


if __name__ == "__main__":
    main(*([int(text) for text in sys.argv[1:]] or [FEATURES]))
