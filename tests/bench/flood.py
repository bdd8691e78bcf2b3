"""Flood a server with what one visitor may send: `python -m tests.bench.flood [CHECKOUT]`, beside that one as "before".

The memory that is resident (of all its processes, shared pages counted once) before and after: 2,000 addresses of
200,000 letters, 20,000 distinct ones of any length that the server reads, 200 on a city of 10,000 features, and mixed
use of the shipped city. Then how long a kept page takes while
sixteen ask for pictures that must be drawn, and how long lists take to merge.
"""

from __future__ import annotations

import http.client
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from urllib.parse import quote

from .cities import write_city
from .servers import BROWSER, ROOT, Server, cityatlas, running

CACHE_MB = 64
ROOM_MB = 1.5 * CACHE_MB + 100  # above the start
MIXED_MB = 300
SHIPPED = ("/zh/", "/en/", "/zh/sites/", "/zh/figures", "/en/about", "/zh/routes/", "/layers/integrity_sites.geojson")
THEMES = ("integrity", "red_heritage", "canal_town", "sci_tech", "family")
WORDS = ("东湖", "博物馆", "桥", "弘一", "公园", "南河头")


def ask_with(connection: http.client.HTTPConnection, path: str) -> int:
    """Return the status of an address, 0 where the server hangs up; the connection is used again."""
    try:
        connection.request("GET", path, headers=BROWSER)
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        connection.close()
        return 0


def long_addresses(chance: random.Random) -> Iterator[str]:
    """Yield 2,000 addresses of 200,000 letters, none twice."""
    yield from (f"/city.css?q={number}{'x' * 200_000}" for number in range(2_000))


def any_addresses(chance: random.Random) -> Iterator[str]:
    """Yield 20,000 distinct addresses of any length up to what servers read of a line."""
    keys = ("q", "v", "made", "site", "utm_source", "page", "c")
    for number in range(20_000):
        path = chance.choice(
            ("/city.css", "/zh/search", "/zh/about", "/zh/sites/pinghu-museum", "/layers/sights.geojson")
        )
        yield f"{path}?{chance.choice(keys)}={number}{'x' * int(10 ** chance.uniform(0, 4.1))}"


def large_layers(chance: random.Random) -> Iterator[str]:
    """Yield 200 addresses of a layer of 10,000 features that differ in what nobody reads."""
    yield from (f"/layers/things.geojson?v={number}" for number in range(200))


def mixed_use(chance: random.Random) -> Iterator[str]:
    """Yield 10,000 addresses as visitors ask for them: pages, filters, views, searches, plans, pictures."""
    for number in range(10_000):
        lon, lat = round(chance.uniform(120.99, 121.06), 3), round(chance.uniform(30.67, 30.71), 3)
        yield chance.choice(
            (
                chance.choice(SHIPPED),
                f"/zh/?theme={chance.choice(THEMES)}",
                f"/zh/?c={lon},{lat}&z={chance.randint(12, 17)}",
                f"/zh/search?q={quote(chance.choice(WORDS))}",
                f"/zh/search.json?q={number}",
                f"/en/plan?start=09:00&minutes={chance.choice((120, 180, 240))}&theme={chance.choice(THEMES)}",
                f"/zh/map.png?c={lon},{lat}&z=14",
                f"/zh/map.svg?c={lon},{lat}&z=15",
            )
        )


def flooded_mb(server: Server, addresses: Iterator[str], threads: int = 4) -> tuple[int, int, int]:
    """Return the memory before, the most while, and the memory after all addresses were asked for."""
    before, most, lock = server.memory_mb, 0, threading.Lock()

    def work() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        while True:
            with lock:
                address = next(addresses, None)
            if address is None:
                return
            ask_with(connection, address)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers):
        most = max(most, server.memory_mb)
        time.sleep(0.2)
    return before, most, server.memory_mb


def kept_page_ms(server: Server, costly: Callable[[int], str], seconds: float = 8) -> tuple[float, float, int]:
    """Return median and worst milliseconds of a kept page while 16 ask for costly ones; how many these were given."""
    server.get("/zh/about")
    until, given = time.perf_counter() + seconds, [0] * 16

    def work(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        turn = 0
        while time.perf_counter() < until:
            given[number] += ask_with(connection, costly(16 * turn + number)) == 200
            turn += 1

    workers = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for worker in workers:
        worker.start()
    spent = []
    time.sleep(1)
    while time.perf_counter() < until - 0.5:
        with suppress(OSError):
            spent.append(server.timed_ms("/zh/about"))
        time.sleep(0.05)
    for worker in workers:
        worker.join()
    return statistics.median(spent), max(spent), sum(given)


MERGE = """
import sys, time
try:
    from cityatlas.versioning.content import content_of
    from cityatlas.versioning.merge import merge
except ImportError:  # a checkout from before the modules had rooms
    from cityatlas.content import content_of
    from cityatlas.merge import merge
count = int(sys.argv[1])
mine, theirs = ([f"{side}{number}" for number in range(count)] for side in "ab")
contents = [content_of("sights", None, {"aliases": names}) for names in ([], mine, theirs)]
begun = time.perf_counter()
merge(*contents)
print(f"{1000 * (time.perf_counter() - begun):.1f}")
"""
FLOODS = (
    ("2,000 addresses of 200,000 letters", long_addresses, False, ROOM_MB),
    ("20,000 distinct addresses of 10 to 12,600 letters", any_addresses, False, ROOM_MB),
    ("200 addresses of a layer of 10,000 features", large_layers, True, ROOM_MB),
    ("10,000 requests of mixed use, shipped city", mixed_use, False, None),
)
COSTLY = (("pictures", "/zh/map.png?c={:.4f},30.6900&z=15"), ("searches with v", "/zh/search?q=a&v={}"))


def measure_memory(roots: tuple[Path, ...], large: Path) -> bool:
    """Print a row for each flood and checkout; return whether this one keeps within its aims."""
    print("| flood | checkout | start, MB | most, MB | after, MB | aim | met |\n|---|---|---|---|---|---|---|")
    is_met = True
    for what, addresses, is_large, room_mb in FLOODS:
        for root in roots:
            command = cityatlas(large if is_large else None, root)
            with running(command, "/zh/about", root, CITYATLAS_PLANS_PER_MINUTE="1000000") as server:
                start, most, after = flooded_mb(server, addresses(random.Random(1)))
            aim = MIXED_MB if room_mb is None else start + room_mb
            is_met &= root != ROOT or most <= aim
            print(f"| {what} | {_name(root)} | {start} | {most} | {after} | {aim:.0f} | {most <= aim} |", flush=True)
    return is_met


def measure_waiting(roots: tuple[Path, ...]) -> None:
    """Print how long a kept page takes while costly ones are asked for, and how many of these were given."""
    print("\n| a kept page while 16 ask for | checkout | median, ms | worst, ms | given |\n|---|---|---|---|---|")
    for what, costly in COSTLY:
        for root in roots:
            with running(cityatlas(root=root), "/zh/about", root) as server:
                median, worst, given = kept_page_ms(server, partial(_numbered, costly))
            print(f"| {what} | {_name(root)} | {median:.1f} | {worst:.0f} | {given} |", flush=True)


def measure_merging(roots: tuple[Path, ...]) -> None:
    """Print how long two long lists of aliases take to be merged, which a save does."""
    print("\n| merge of aliases, each side with its own | checkout | ms |\n|---|---|---|")
    for count in (200, 400, 800):
        for root in roots:
            python = root / ".venv" / "bin" / "python"
            program = [str(python) if python.exists() else sys.executable, "-c", MERGE, str(count)]
            took = subprocess.run(program, cwd=root, capture_output=True, text=True, check=True).stdout.strip()
            print(f"| {count} | {_name(root)} | {took} |", flush=True)


def _numbered(address: str, number: int) -> str:
    return address.format(121 + number / 10_000)


def _name(root: Path) -> str:
    return "this" if root == ROOT else "before"


def main(arguments: list[str]) -> int:
    """Measure this checkout, and another one before it; 1 when an aim is missed by this one."""
    roots = (*(Path(name).resolve() for name in arguments), ROOT)
    with tempfile.TemporaryDirectory(prefix="cityatlas-flood-") as name:
        is_met = measure_memory(roots, write_city(Path(name) / "large", 10_000, "points"))
    measure_waiting(roots)
    measure_merging(roots)
    return int(not is_met)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
