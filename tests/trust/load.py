"""Load a server with the story of visitors, at a rising rate until one in a hundred waits for more than 250 ms.

`cd tests && ../.venv/bin/python -m trust.load` prints the table of rates, with one process and with two;
`-m trust.load memory 200000` asks so many and prints what is resident on the way; `-m trust.load rebuild 10000` what a
publication costs visitors of a city of so many features; `-m trust.load large 100000` its start, memory, answers.
Requests are sent when they are due, whether or not those before are answered, by a process of its own (asyncio, plain
sockets); the time of each counts from when it was due.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.cities import write_city
from bench.servers import Server
from cityatlas.store import Order, publish_content
from cityatlas.versioning.content import content_of_row

from .site import Site, end_with_servers, served
from .story import addresses, shipped, story

MOST_MS, SHARE = 250.0, 0.99
RATES = (25, 50, 100, 200, 400, 800, 1600)
EACH_S, CONNECTIONS = 8.0, 64
PUBLISH_S = 10
WARMING = 600  # requests before the first that is timed
PATIENCE_S = 15.0


async def _send(port: int, requests: Sequence[str], rate: float) -> list[tuple[float, int]]:
    """Return for each request the milliseconds from when it was due, and its status; 0 is no answer."""
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter] | None] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(None)
    begun_s, told = time.monotonic(), list[tuple[float, int]]()

    async def one(number: int, path: str) -> None:
        due_s = begun_s + number / rate
        await asyncio.sleep(max(0.0, due_s - time.monotonic()))
        connection = await free.get()
        status, is_kept = 0, False
        try:
            connection = connection or await asyncio.open_connection("127.0.0.1", port)
            status, is_kept = await asyncio.wait_for(_ask(*connection, path), PATIENCE_S)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            pass  # told as no answer
        if connection and not is_kept:
            connection[1].close()
        free.put_nowait(connection if is_kept else None)
        told.append(((time.monotonic() - due_s) * 1000, status))

    await asyncio.gather(*(one(number, path) for number, path in enumerate(requests)))
    return told


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> tuple[int, bool]:
    """Ask on a kept connection; return the status and whether the connection stays, which it does not after a 204.

    All our answers tell their length.
    """
    writer.write(f"GET {path} HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nAccept-Language: zh-CN\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    status = int(head.split(None, 2)[1])
    if status not in (204, 304):
        await reader.readexactly(int(head.partition(b"content-length:")[2].split(None, 1)[0]))
    return status, b"connection: close" not in head


def send(port: int, requests: Sequence[str], rate: float) -> list[tuple[float, int]]:
    """Send requests from a process of its own, at so many a second."""
    command = [sys.executable, "-m", "trust.load", "client", str(port), str(rate)]
    done = subprocess.run(command, input="\n".join(requests), capture_output=True, text=True, check=True)
    return [(float(ms), int(status)) for ms, status in json.loads(done.stdout)]


def percentile(told: Sequence[tuple[float, int]], share: float) -> float:
    """Return the milliseconds within which this share was answered."""
    return sorted(ms for ms, _ in told)[int(share * (len(told) - 1))]


def failed(told: Sequence[tuple[float, int]]) -> int:
    """Return how many were not answered as they should be."""
    return sum(status not in (200, 204, 404) for _, status in told)  # 404: a tile beside the layer


def rising(folder: Path) -> None:
    """Print what visitors wait at each rate, until it is too long."""
    kinds = addresses(shipped())
    print(
        "| processes | requests a second | median, ms | p99, ms | CPU, ms a request | failed | load |\n"
        + "|---" * 7
        + "|"
    )
    for processes in (1, 2):
        with served(Site(folder / str(processes), processes=processes), ()) as site:
            _warm(site, times=processes)
            server = Server(site.port, site.pid, 0)
            for rate in RATES:
                before_s = server.cpu_s
                told = send(site.port, story(int(rate * EACH_S), kinds, rate), rate)
                p99 = percentile(told, SHARE)
                cpu_ms = (server.cpu_s - before_s) * 1000 / len(told)
                times = f"{percentile(told, 0.5):.1f} | {p99:.0f} | {cpu_ms:.1f}"
                print(f"| {processes} | {rate} | {times} | {failed(told)} | {_load()} |", flush=True)
                if p99 > MOST_MS:
                    break


def memory(folder: Path, count: int) -> None:
    """Print what is resident while so many requests are answered."""
    kinds = addresses(shipped())
    print("| requests | resident (PSS), MB |\n|---|---|")
    with served(Site(folder / "memory"), ()) as site:
        server, step = Server(site.port, site.pid, 0), max(count // 10, 1)
        for number in range(10):
            told = send(site.port, story(step, kinds, number), 1e6)
            print(f"| {(number + 1) * step} ({failed(told)} failed) | {server.memory_mb} |", flush=True)


def rebuild(folder: Path, count: int) -> None:
    """Print what visitors of a large city wait while somebody publishes every ten seconds."""
    site = _large(folder, count)
    row = json.loads((site.geodata / "things.geojson").read_text("utf-8"))["features"][0]
    requests = ["/zh/", "/zh/sites/thing-5", "/zh/about", "/layers/things.geojson", "/zh/search.json?q=1"] * 600
    with served(site, ()) as running:
        _warm(running, requests[:200])  # in both processes
        calm = send(running.port, requests, 50)
        command = [sys.executable, "-m", "trust.load", "publisher", str(running.folder), row["id"]]
        publisher = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert publisher.stdout
        publisher.stdout.readline()  # its start, which takes a core of the machine for seconds, is over
        busy = send(running.port, requests, 50)
        publisher.kill()
        publisher.wait()
    print("| city of | | median, ms | p99, ms | worst, ms | failed | load |\n|---|---|---|---|---|---|---|")
    for what, told in (("calm", calm), (f"a publication every {PUBLISH_S} s", busy)):
        times = " | ".join(f"{percentile(told, share):.0f}" for share in (0.5, SHARE, 1))
        print(f"| {count} | {what} | {times} | {failed(told)} | {_load()} |")


def publish(folder: Path, feature_id: str) -> None:
    """Say that it is ready, and publish a feature again and again until killed."""
    site = Site(folder)
    rows = json.loads((site.geodata / "things.geojson").read_text("utf-8"))["features"]
    row = next(row for row in rows if row["id"] == feature_id)
    store, seen = site.store(), 0
    print("ready", flush=True)
    while True:
        time.sleep(PUBLISH_S)
        row["properties"]["summary"] = {"en": f"at {time.time()}"}
        seen = publish_content(store, feature_id, content_of_row("things", row), seen, Order("ed")).revision.number


def large(folder: Path, count: int) -> None:
    """Print how a large city starts, what it takes, and its first answers."""
    site = _large(folder, count)
    begun_s = time.monotonic()
    with served(site, ()) as running:
        start_s = time.monotonic() - begun_s
        server = Server(running.port, running.pid, 0)
        print(f"| {count} features | |\n|---|---|\n| start, s | {start_s:.1f} |")
        print(f"| memory at the start (PSS of 2 processes), MB | {server.memory_mb} |")
        for what, path in (
            ("first view: page", "/zh/"),
            ("first view: tile of the layer", "/zh/map-tiles/things/12/3424/1680.json"),
            ("vector tile", "/tiles/things/12/3424/1680.mvt"),
            ("100 items by bbox", "/ogc/collections/things/items?bbox=121.0,30.6,121.1,30.8&limit=100"),
            ("search", "/zh/search.json?q=1"),
        ):
            times = []
            for _ in range(3):
                begun_s = time.monotonic()
                status, body = server.get(path)
                times.append((time.monotonic() - begun_s) * 1000)
            print(f"| {what}, ms: first, again ({status}, {len(body) >> 10} KB) | {times[0]:.0f}, {times[2]:.0f} |")
        print(f"| memory then, MB | {server.memory_mb} |\n| load | {_load()} |")


def _large(folder: Path, count: int) -> Site:
    site = Site(folder / "large", environ={"CITYATLAS_MAX_FILE_MB": "512"})
    write_city(site.geodata, count, "points")
    return site


def _warm(site: Site, paths: Sequence[str] = (), times: int = 1) -> None:
    """Let what is asked most be made before it is timed; each process keeps its own answers, hence `times`."""
    send(site.port, list(paths or story(WARMING, addresses(shipped()))) * times, 1e6)


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def main(arguments: list[str]) -> None:
    """Run what is named."""
    if arguments[:1] == ["client"]:
        requests = sys.stdin.read().split()
        print(json.dumps(asyncio.run(_send(int(arguments[1]), requests, float(arguments[2])))))
        return
    if arguments[:1] == ["publisher"]:
        publish(Path(arguments[1]), arguments[2])
    what = {"memory": memory, "rebuild": rebuild, "large": large}
    end_with_servers()
    with tempfile.TemporaryDirectory(prefix="cityatlas-load-") as name:
        if arguments:
            what[arguments[0]](Path(name), int(arguments[1]))
        else:
            rising(Path(name))


if __name__ == "__main__":
    main(sys.argv[1:])
