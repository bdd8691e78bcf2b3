"""Send the story of visitors through nginx as `cityatlas print-config nginx` sets it, and print what its cache did.

`cd tests && ../.venv/bin/python -m trust.nginx [REQUESTS]` takes five minutes for 20,000: visitors of three browsers
over TLS, staff with cookies, drafts and private feeds among them, and a publication every 20 seconds, three times as
often as the one a minute that it stands for. Then the cache's files are searched for what is private, a place is
withdrawn, the origin is killed, and what ten million frames a day cost is computed (`trust.cost`). It is 1 when an aim
is missed.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.servers import Server
from cityatlas.handouts.tile_archive import tiles_around
from cityatlas.store import Order, Store, archive, publish_content
from cityatlas.versioning.content import Content, content_of_row
from proxy import NGINX, Proxy, running_nginx, trusting

from .browser import Browser
from .cache_folder import read_cache
from .cost import cost_table
from .private import PRIVATE_WORDS, Staff
from .site import Site, end_with_servers, need, served
from .story import addresses, shipped, story

REQUESTS, RATE, CONNECTIONS, PATIENCE_S = 20_000, 110.0, 40, 20.0
PUBLICATION_S, LOOK_S = 20.0, 0.25
# What visitors' browsers say of codings: of twenty, so many say this.
BROWSERS = ("gzip, deflate, br, zstd",) * 14 + ("gzip, deflate, br",) * 5 + ("gzip",)
FROM_CACHE = ("HIT", "STALE", "UPDATING")  # nobody waited for the origin
MOST_STALE_S = 70.0  # s-maxage and stale-while-revalidate
AFTER_DEATH = 2_000
HITS_AIM = 0.98
PUBLISHED, WITHDRAWN = "east-lake", "mo-manor"


@dataclass(frozen=True)
class Told:
    """Hold what came for a request: its status (0 is none), how the cache had it, bytes of the body, milliseconds."""

    path: str
    status: int
    cache: str
    bytes: int
    ms: float


async def _send(port: int, requests: Sequence[str], rate: float) -> list[Told]:
    """Send requests when they are due, over kept connections; the time of each counts from then."""
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter] | None] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(None)
    begun_s, told, tls = time.monotonic(), list[Told](), trusting()

    async def one(number: int, path: str) -> None:
        due_s = begun_s + number / rate
        await asyncio.sleep(max(0.0, due_s - time.monotonic()))
        connection, found = await free.get(), (0, "", 0)
        try:
            connection = connection or await asyncio.open_connection("127.0.0.1", port, ssl=tls)
            found = await asyncio.wait_for(_ask(*connection, path, BROWSERS[number % len(BROWSERS)]), PATIENCE_S)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            if connection:
                connection[1].close()
            connection = None
        free.put_nowait(connection)
        told.append(Told(path, *found, (time.monotonic() - due_s) * 1000))

    await asyncio.gather(*(one(number, path) for number, path in enumerate(requests)))
    return told


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, codings: str
) -> tuple[int, str, int]:
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: {codings}\r\n\r\n".encode())
    lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    size, status = int(headers.get("content-length", 0)), int(lines[0].split()[1])
    await reader.readexactly(size)
    return status, headers.get("x-cache", ""), size


class Publisher(threading.Thread):
    """Publish a place again and again, and note after how many seconds its page through nginx says so."""

    def __init__(self, site: Site, see: Callable[[str], str]) -> None:
        super().__init__(daemon=True)
        self.seen_s: list[float] = []
        self.is_over = threading.Event()
        self._site, self._see, self._number = site, see, 0

    def run(self) -> None:
        """Publish until it is over."""
        store = self._site.store()
        while not self.is_over.is_set():
            begun_s, word = time.monotonic(), f"Told anew {time.monotonic():.3f}"
            content = content_of(self._site, PUBLISHED, word)
            self._number = publish_content(store, PUBLISHED, content, self._number, Order("ed0")).revision.number
            while word not in self._see(f"/en/sites/{PUBLISHED}") and not self.is_over.wait(LOOK_S):
                pass
            self.seen_s.append(time.monotonic() - begun_s)
            self.is_over.wait(max(0.0, PUBLICATION_S - (time.monotonic() - begun_s)))
        store.close()


def content_of(site: Site, feature_id: str, word: str = "") -> Content:
    """Return the content of a feature of the folder, with a summary that says a word."""
    for file in sorted(site.geodata.glob("*.geojson")):
        for row in json.loads(file.read_text("utf-8"))["features"]:
            if row.get("id") == feature_id:
                row["properties"] |= {"summary": {"zh": word, "en": word}} if word else {}
                return content_of_row(file.stem, row)
    raise LookupError(feature_id)


def origin_log(site: Site) -> list[dict[str, object]]:
    """Return what the origin logged of each request (CITYATLAS_REQUEST_LOG)."""
    return [json.loads(line) for line in (site.folder / "log").read_text("utf-8").splitlines() if line[:1] == "{"]


def public_addresses() -> Mapping[str, list[str]]:
    """Return what visitors may ask for, without tiles beside a layer: clients know from its TileJSON where it ends."""
    city = shipped()
    there = {
        f"/tiles/{layer.spec.id}/{z}/{x}/{y}.mvt"
        for layer in city.layers.values()
        if layer.features
        for z, x, y in tiles_around(city, [layer])
    }
    kinds = addresses(city)
    return {**kinds, "tiles": [path for path in kinds["tiles"] if path in there or not path.endswith(".mvt")]}


def withdrawn_after_s(site: Site, see: Callable[[str], int]) -> float:
    """Withdraw a place and return the seconds until nginx does not show its page any more."""
    see(f"/en/sites/{WITHDRAWN}")
    store: Store = site.store()
    order = Order("ed0", origin=content_of(site, WITHDRAWN))
    archive(store, WITHDRAWN, 0, order)
    store.close()
    begun_s, origin = time.monotonic(), Browser(site.host, site.port)
    while (took_s := time.monotonic() - begun_s) < 2 * MOST_STALE_S and see(f"/en/sites/{WITHDRAWN}") == 200:
        time.sleep(1)
    assert origin.get(f"/en/sites/{WITHDRAWN}").status == 410, "the place was not withdrawn"
    return took_s


def told_of(told: Sequence[Told]) -> str:
    """Return the cells of a row: requests, from the cache, not answered well, milliseconds."""
    times = sorted(each.ms for each in told)
    share = sum(each.cache in FROM_CACHE for each in told) / len(told)
    bad = sum(each.status not in (200, 204, 404, 410) for each in told)
    return f"{len(told)} | {share:.1%} | {bad} | {times[len(times) // 2]:.0f}, {times[int(len(times) * 0.99)]:.0f}"


def live_through(site: Site, proxy: Proxy, count: int) -> int:
    """Print what happened and return how many aims were missed."""
    tls, missed = trusting(), 0
    staff = Staff(proxy.port, tls)
    publisher = Publisher(site, lambda path: staff.public(path).text)
    servers = Server(site.port, site.pid, 0), Server(proxy.port, proxy.pid, 0)
    before = [server.cpu_s for server in servers]
    for thread in (staff, publisher):
        thread.start()
    told = asyncio.run(_send(proxy.port, story(count, public_addresses()), RATE))
    for thread in (staff, publisher):
        thread.is_over.set()
        thread.join(60)
    cpu_s = [server.cpu_s - was for server, was in zip(servers, before, strict=True)]
    log = origin_log(site)
    half = len(told) // 2
    print("| the story | requests | from the cache | not answered | median, p99, ms |\n|---|---|---|---|---|")
    for what, part in (("all, from an empty cache", told), ("first half", told[:half]), ("second half", told[half:])):
        print(f"| {what} | {told_of(part)} |")
    print(f"\nOf {len({each.path for each in told})} addresses; " + ", ".join(_counts(each.cache for each in told)))
    sizes = sum(int(str(row["bytes"] or 0)) for row in log), sum(each.bytes for each in told)
    print(f"Origin asked: {len(log)} ({', '.join(_counts(str(row['status']) for row in log))}), ", end="")
    print(f"{sizes[0] / 1e6:.0f} MB of {sizes[1] / 1e6:.0f}")
    print(f"CPU: origin {cpu_s[0]:.0f} s, nginx {cpu_s[1]:.1f} s")
    seen = sorted(publisher.seen_s)
    print(f"{len(seen)} publications, seen through nginx after {seen[len(seen) // 2]:.1f} s, at most {seen[-1]:.1f} s")
    cached = sum(each.cache in FROM_CACHE for each in told) / len(told)
    missed += cached < HITS_AIM
    missed += private_kept(proxy, staff)
    took_s = withdrawn_after_s(site, lambda path: staff.public(path).status)
    print(f"A withdrawn place is gone after {took_s:.0f} s")
    missed += took_s > MOST_STALE_S
    cost_table(proxy, told, log, cpu_s)
    site.kill(signal.SIGKILL)
    after = asyncio.run(_send(proxy.port, story(AFTER_DEATH, public_addresses(), 8), RATE))
    good = sum(each.status in (200, 204, 410) for each in after)
    print(
        f"\nOrigin killed: {good} of {len(after)} requests answered from the cache ({good / len(after):.1%}), ", end=""
    )
    print(f"the others {', '.join(_counts(str(each.status) for each in after if each.status not in (200, 204, 410)))}")
    return missed


def private_kept(proxy: Proxy, staff: Staff) -> int:
    """Print what of the desk's is in the cache's files, and return how many of them hold some."""
    files = read_cache(proxy.cache)
    guilty = [file for file in files if file.holds(staff.words) or file.is_private]
    readable = sum(file.holds(("平湖",)) for file in files)
    print(
        f"Cache: {len(files)} files, {sum(file.bytes for file in files) / 1e6:.0f} MB, {readable} with the city's name"
    )
    print(f"Staff: {staff.count} requests ({', '.join(_counts(staff.caches))}), {len(staff.words)} words of theirs")
    print(f"Private in the cache: {len(guilty)} files, {sum(file.bytes for file in guilty)} bytes")
    for file in guilty[:5]:
        print(f"  {file.key}")
    assert readable, "the cache's files cannot be read"
    return len(guilty)


def _counts(found: Iterable[str]) -> list[str]:
    return [f"{count} {what or '-'}" for what, count in Counter(found).most_common()]


def main(arguments: list[str]) -> int:
    """Live through the story."""
    need(NGINX or "nginx", "openssl")
    end_with_servers()
    environ = {"CITYATLAS_PUBLIC_URL": "https://localhost", "CITYATLAS_REQUEST_LOG": "1"}
    with (
        tempfile.TemporaryDirectory(prefix="cityatlas-nginx-") as name,
        served(Site(Path(name), environ=environ), PRIVATE_WORDS[:1]) as site,
        running_nginx(Path(name), site.port) as proxy,
    ):
        missed = live_through(site, proxy, int(arguments[0]) if arguments else REQUESTS)
    print(f"Load of the machine at the end: {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores.")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
