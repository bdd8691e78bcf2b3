"""Measure `cityatlas import-osm` on an extract of about 100 MB: `python -m tests.bench.osm [MB] [FOLDER]`.

The extract is made from a seed: towns of 40 by 40 blocks, a quarter of them within the shipped city's extent. Streets
share nodes where they meet; buildings, parks, lakes with islets (multipolygons) and places with names lie between.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import osmium
from osmium.osm.mutable import Node, Relation, Way

from cityatlas.paths import geodata_dir

MB = 100
TOWNS_PER_MB = 1.48
SIDE = 40  # blocks of a town
BLOCK_DEG = 0.001  # about 100 m
BENDS = 5  # nodes of a street between two crossings
HOUSES, CORNERS = 3, 7  # in a block, and nodes of each
PLACES = 2  # nodes with tags in a block
LAKES, SHORE = 12, 16  # of a town, and nodes of each ring
PER_BLOCK = 1 + 2 * BENDS + HOUSES * CORNERS + PLACES
PER_TOWN = (SIDE + 1) ** 2 * PER_BLOCK + LAKES * 2 * SHORE
WITHIN = 4  # one town in so many lies in the city
CITY, AROUND = (120.88, 30.54, 121.28, 30.84), (119.2, 29.4, 122.4, 31.8)
FIRST_EDIT = datetime(2008, 1, 1, tzinfo=UTC)
AIM_S, AIM_MB = 300, 2_000


def write_extract(path: Path, towns: int) -> None:
    """Write an extract: nodes first, then ways, then relations, as all extracts are."""
    origins = list(_origins(towns))
    with osmium.SimpleWriter(path, overwrite=True) as writer:
        for number, (lon, lat) in enumerate(origins):
            _write_nodes(writer, number * PER_TOWN + 1, lon, lat, random.Random(number))
        way = 1
        for number in range(towns):
            for nodes, tags in _ways(number * PER_TOWN + 1, random.Random(number)):
                writer.add_way(Way(id=way, nodes=nodes, tags=tags))
                way += 1
            way += 2 * LAKES  # their rings, written below: ids must grow
        _write_lakes(writer, towns, way)


def _origins(towns: int) -> Iterator[tuple[float, float]]:
    choose = random.Random(0)
    size = SIDE * BLOCK_DEG
    for number in range(towns):
        west, south, east, north = CITY if number % WITHIN == 0 else AROUND
        yield choose.uniform(west, east - size), choose.uniform(south, north - size)


def _write_nodes(writer: osmium.SimpleWriter, first: int, lon: float, lat: float, choose: random.Random) -> None:
    """Write a town's nodes, block by block, then those of its lakes."""
    node = first
    for row in range(SIDE + 1):
        for column in range(SIDE + 1):
            x, y = lon + column * BLOCK_DEG, lat + row * BLOCK_DEG
            for dx, dy in _places(choose):
                tags = {"name": f"店{node}", "shop": "yes"} if (node - first) % PER_BLOCK >= PER_BLOCK - PLACES else {}
                at = (x + dx * BLOCK_DEG, y + dy * BLOCK_DEG)
                edit = choose.getrandbits(26)  # real extracts say of each node when it was drawn, and in which edit
                drawn: dict[str, Any] = {
                    "version": 1 + edit % 4,
                    "changeset": edit,
                    "timestamp": FIRST_EDIT + timedelta(seconds=edit),
                }
                writer.add_node(Node(id=node, location=at, tags=tags, **drawn))
                node += 1
    for _ in range(LAKES):
        x, y = lon + choose.random() * SIDE * BLOCK_DEG, lat + choose.random() * SIDE * BLOCK_DEG
        for radius in (0.45, 0.15):
            for dx, dy in _ring(SHORE, radius):
                writer.add_node(Node(id=node, location=(x + dx * BLOCK_DEG, y + dy * BLOCK_DEG)))
                node += 1


def _places(choose: random.Random) -> Iterator[tuple[float, float]]:
    """Yield where a block's nodes lie, in blocks from its corner: the corner, two streets, houses, places."""
    yield 0, 0
    for bend in range(1, BENDS + 1):
        yield bend / (BENDS + 1), choose.uniform(-0.04, 0.04)
    for bend in range(1, BENDS + 1):
        yield choose.uniform(-0.04, 0.04), bend / (BENDS + 1)
    for house in range(HOUSES):
        for dx, dy in _ring(CORNERS, choose.uniform(0.08, 0.13)):
            yield 0.2 + 0.3 * house + dx, 0.5 + dy
    for _ in range(PLACES):
        yield choose.random(), choose.random()


def _ring(corners: int, radius: float) -> list[tuple[float, float]]:
    """Return corners on a square's outline, which is what most houses are."""
    sides = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    found = []
    for corner in range(corners):
        at = corner * 4 / corners
        (x, y), (u, v) = sides[int(at)], sides[(int(at) + 1) % 4]
        found.append((radius * (x + (u - x) * (at % 1)), radius * (y + (v - y) * (at % 1))))
    return found


def _ways(first: int, choose: random.Random) -> Iterator[tuple[list[int], dict[str, str]]]:
    """Yield a town's ways: streets of ten blocks in both directions, houses, built-up areas and parks."""

    def block(row: int, column: int) -> int:
        return first + (row * (SIDE + 1) + column) * PER_BLOCK

    for line in range(SIDE + 1):
        for begin in range(0, SIDE, 10):
            along = [(line, begin + step) for step in range(11)]
            for is_row in (True, False):
                corners = [block(*at) if is_row else block(*at[::-1]) for at in along]
                first_bend = 1 if is_row else 1 + BENDS
                nodes = [
                    corner + step for corner in corners[:-1] for step in (0, *range(first_bend, first_bend + BENDS))
                ]
                yield [*nodes, corners[-1]], _street(line, choose)
    for row in range(SIDE):
        for column in range(SIDE):
            corner = block(row, column)
            for house in range(HOUSES):
                at = corner + 1 + 2 * BENDS + house * CORNERS
                nodes = list(range(at, at + CORNERS))
                yield [*nodes, nodes[0]], {"building": "yes", "building:levels": str(choose.randint(1, 18))}
            if (row * SIDE + column) % 50 == 0:
                east, north = block(row, column + 1), block(row + 1, column)
                yield [corner, east, block(row + 1, column + 1), north, corner], {"leisure": "park"}
    edge = [block(0, 0), block(0, SIDE), block(SIDE, SIDE), block(SIDE, 0), block(0, 0)]
    yield edge, {"landuse": "residential"}


def _street(line: int, choose: random.Random) -> dict[str, str]:
    if line % 8 == 0:
        return {"highway": "primary", "name": f"{line}号大道", "name:en": f"Avenue {line}"}
    if line % 4 == 0:
        return {"highway": "tertiary", "name": f"{line}号路"}
    return {"highway": choose.choice(("residential", "residential", "service", "footway"))}


def _write_lakes(writer: osmium.SimpleWriter, towns: int, way: int) -> None:
    """Write the lakes' rings, then the multipolygons that they make."""
    rings = []
    for town in range(towns):
        first = town * PER_TOWN + 1 + (SIDE + 1) ** 2 * PER_BLOCK
        for ring in range(2 * LAKES):
            nodes = list(range(first + ring * SHORE, first + (ring + 1) * SHORE))
            writer.add_way(Way(id=way, nodes=[*nodes, nodes[0]]))
            rings.append(way)
            way += 1
    for number in range(0, len(rings), 2):
        members = [("w", rings[number], "outer"), ("w", rings[number + 1], "inner")]
        writer.add_relation(Relation(id=number + 1, members=members, tags={"type": "multipolygon", "natural": "water"}))


def run(command: list[str]) -> tuple[float, float, str]:
    """Run a command; return its seconds, its peak of memory in MB (VmHWM), and what it said."""
    begun, peak_mb = time.monotonic(), 0.0
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, text=True)
        while process.poll() is None:
            try:
                status = Path(f"/proc/{process.pid}/status").read_text()
            except OSError:
                status = ""
            if found := re.search(r"VmHWM:\s+(\d+)", status):
                peak_mb = max(peak_mb, int(found[1]) / 1024)
            time.sleep(0.05)
        output.seek(0)
        said = output.read()
    if process.returncode:
        sys.exit(said)
    return time.monotonic() - begun, peak_mb, said


def main(mb: int = MB, folder: str = "") -> int:
    """Make the extract (kept in FOLDER when one is given), take it in, check what came of it, print a row."""
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(folder or scratch)
        extract = work / f"bench-{mb}.osm.pbf"
        if not extract.exists():
            write_extract(extract, round(mb * TOWNS_PER_MB))
        size_mb = extract.stat().st_size / 1e6
        geodata = work / "geodata"
        shutil.rmtree(geodata, ignore_errors=True)
        shutil.copytree(geodata_dir(), geodata)
        program = [sys.executable, "-c", "from cityatlas.cli.main import main; main()"]
        taken_s, peak_mb, said = run([*program, "import-osm", str(extract), "--geodata", str(geodata), "--replace"])
        checked_s, check_mb, _ = run([*program, "check", "--geodata", str(geodata)])
        print(said.replace("\r", "\n"))
    is_met = taken_s < AIM_S and peak_mb < AIM_MB
    cells = (f"import-osm of {size_mb:.0f} MB", f"{taken_s:.0f} s, {peak_mb:.0f} MB", "-", f"{AIM_S} s, {AIM_MB} MB")
    print(f"| {' | '.join(cells)} | {'yes' if is_met else '**no**'} | {os.getloadavg()[0]:.1f} |")
    print(f"`cityatlas check` of what came of it: {checked_s:.0f} s, {check_mb:.0f} MB")
    return int(not is_met)


if __name__ == "__main__":
    sys.exit(main(*(int(a) if a.isdecimal() else a for a in sys.argv[1:])))  # type: ignore[arg-type]
