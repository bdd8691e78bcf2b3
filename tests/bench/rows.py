"""Measure each row of the table; a peer is measured in the same row, right beside us."""

from __future__ import annotations

import gc
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.settings import Settings

from . import chrome, lighthouse
from .cities import Shape, write_city
from .servers import Server, cityatlas, peer, requests_per_s, running

MARK, TILE = ".mark-pin, .cluster", "canvas.leaflet-tile-loaded"
TUTORIAL_MARK = ".leaflet-marker-icon"
ROUNDS, ROUND_S = 5, 2
QUERIES = (
    "平湖",
    "nanhetou",
    "nht",
    "Place 12",
    "南河头",
    "书院",
    "mt",
    "廉洁",
    "place 9999",
    "pinghu",
    "qlkc",
    "新安",
)


class Row:
    """Hold one line of the table: what is measured, ours, the peer's, the aim and whether it is met."""

    def __init__(self, what: str, ours: str, peer: str = "", aim: str = "", is_met: bool | None = None) -> None:
        self.cells = (what, ours, peer, aim, {True: "yes", False: "**no**", None: ""}[is_met])


Rows = Iterator[Row]


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="cityatlas-bench-")  # ends with the program


@cache
def city(count: int, shape: Shape) -> Path:
    """Return the folder of a synthetic city, written at first use."""
    return write_city(Path(_folder().name) / f"{shape}-{count}", count, shape)


def first_view() -> Rows:
    """Visit the shipped city's map with a cold cache on a slow phone."""
    with running(cityatlas(), "/zh/") as server, chrome.browser() as chromium:
        seen = chrome.visit(chromium, f"{server.address}/zh/", MARK, is_phone=True)
    kilobytes = seen.bytes / 1000
    yield Row("first view on a phone: compressed KB", f"{kilobytes:.0f}", "", "<= 150", kilobytes <= 150)
    yield Row("first view on a phone: requests", f"{seen.requests}", "", "<= 20", seen.requests <= 20)
    yield Row("first view on a phone: interactive, s", f"{seen.interactive_ms / 1000:.1f}")


def throughput() -> Rows:
    """Load three addresses and the bare Flask answer in turns; medians."""
    paths = {"map page": "/zh/", "layer": "/zh/layers/sights.map.json"}
    with running(cityatlas(), "/zh/") as ours, running(peer("hello")) as hello:
        sights = json.loads(_plain(ours, "/layers/sights.geojson"))
        paths["card"] = f"/zh/sites/{sights['features'][0]['id']}/card"
        for path in paths.values():
            assert ours.get(path)[0] == 200, path
        asked: dict[str, list[tuple[float, float]]] = {name: [] for name in (*paths, "hello")}
        for _ in range(ROUNDS):
            for name, path in paths.items():
                asked[name].append(requests_per_s(ours, path, ROUND_S))
            asked["hello"].append(requests_per_s(hello, "/", ROUND_S))
    base, base_ms = _medians(asked["hello"])
    for name in paths:
        rate, cpu_ms = _medians(asked[name])
        share = rate / base
        beside = f"{base:.0f}/s, {base_ms:.2f} ms CPU (hello)"
        yield Row(
            f"{name}, warm", f"{rate:.0f}/s, {cpu_ms:.2f} ms CPU: {share:.2f} of it", beside, ">= 0.7", share >= 0.7
        )


def _plain(server: Server, path: str) -> bytes:
    """Return an address's body without compression."""
    with urlopen(server.address + path) as answer:
        return bytes(answer.read())


def _medians(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(rate for rate, _ in pairs), statistics.median(cpu for _, cpu in pairs)


def tutorial() -> Rows:
    """Ask for a map page of 1,000 features, ours and the tutorial's."""
    folder = city(1000, "points")
    command = peer("tutorial", str(folder / "things.geojson"))
    with running(cityatlas(folder), "/zh/") as ours, running(command) as other:
        ours_ms, other_ms = (
            [_cpu_ms(server, path) for _ in range(5)] for server, path in ((ours, "/zh/"), (other, "/"))
        )
    mine, theirs = statistics.median(ours_ms), statistics.median(other_ms)
    yield Row("map page of 1,000 features: server CPU, ms", f"{mine:.1f}", f"{theirs:.0f} (folium tutorial)")


def _cpu_ms(server: Server, path: str, times: int = 5) -> float:
    before = server.cpu_s
    for _ in range(times):
        assert server.get(path)[0] == 200
    return (server.cpu_s - before) * 1000 / times


def interactive() -> Rows:
    """Open maps of 10,000 and 100,000 features in desktop Chromium, from a warm server."""
    for shape in ("points", "polygons"):
        yield from _opened(10_000, shape, 1.5, has_peer=True)
        yield from _opened(100_000, shape, 2.5, has_peer=False)


def _opened(count: int, shape: Shape, aim_s: float, *, has_peer: bool) -> Rows:
    folder = city(count, shape)
    painted = MARK if count <= 10_000 and shape == "points" else TILE
    with running(cityatlas(folder), "/zh/") as server:
        with chrome.browser() as chromium:
            chrome.visit(chromium, f"{server.address}/zh/", painted)  # warms the server
        seen = []
        for _ in range(3):
            with chrome.browser() as chromium:
                seen.append(chrome.visit(chromium, f"{server.address}/zh/", painted, pans=True))
    beside = _tutorial_s(folder) if has_peer else ""
    middle = sorted(seen, key=lambda one: one.interactive_ms)[1]
    took_s = middle.interactive_ms / 1000
    pan = f"pan p95 {middle.pan_ms:.0f} ms/frame"
    ours = f"{took_s:.2f} (heap {middle.heap_mb:.0f} MB, {middle.bytes / 1000:.0f} KB, {pan})"
    yield Row(f"{count:,} {shape}: interactive, s", ours, beside, f"< {aim_s}", took_s < aim_s)


def _tutorial_s(folder: Path) -> str:
    with running(peer("tutorial", str(folder / "things.geojson"))) as server, chrome.browser() as chromium:
        seen = chrome.visit(chromium, server.address, TUTORIAL_MARK)
    return f"{seen.interactive_ms / 1000:.1f} (folium tutorial, heap {seen.heap_mb:.0f} MB)"


def start() -> Rows:
    """Start the server and wait for its first map page; the memory is the peak by then."""
    cases: list[tuple[str, Path | None, float, int]] = [("shipped city", None, 3, 400)]
    cases.append(("100,000 points", city(100_000, "points"), 15, 1536))
    cases.append(("100,000 polygons", city(100_000, "polygons"), 15, 1536))
    for name, folder, aim_s, aim_mb in cases:
        with running(cityatlas(folder), "/zh/") as server:
            took_s, peak_mb = server.start_s, server.peak_mb
        yield Row(f"{name}: start to first answer, s", f"{took_s:.1f}", "", f"< {aim_s:g}", took_s < aim_s)
        yield Row(f"{name}: peak memory, MB", f"{peak_mb}", "", f"< {aim_mb}", peak_mb < aim_mb)


def search() -> Rows:
    """Search 10,000 features, in process and over HTTP; every prefix of every query, as one types."""
    folder = city(10_000, "points")
    typed = [query[:end] for query in QUERIES for end in range(1, len(query) + 1)]
    index = build_catalogue(Settings(geodata=folder)).index
    gc.collect()
    inside = [_timed_ms(partial(index.find, query, 8)) for query in typed * 3]
    with running(cityatlas(folder), "/zh/") as server:
        server.timed_ms("/zh/search.json?q=a")  # makes the index
        outside = [server.timed_ms(f"/zh/search.json?q={quote(query)}") for query in typed * 3]
    for name, times in (("in process", inside), ("over HTTP", outside)):
        p50, p95 = statistics.median(times), sorted(times)[int(len(times) * 0.95)]
        yield Row(f"search of 10,000, {name}: p50 / p95, ms", f"{p50:.1f} / {p95:.1f}", "", "p95 < 20", p95 < 20)


def _timed_ms(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


def scores() -> Rows:
    """Let Lighthouse judge four pages of the shipped city."""
    with running(cityatlas(), "/zh/") as server:
        site = json.loads(_plain(server, "/layers/sights.geojson"))["features"][0]["id"]
        route = json.loads(_plain(server, "/layers/tour_routes.geojson"))["features"][0]["id"]
        pages = {"map": "/zh/", "feature": f"/zh/sites/{site}", "list": "/zh/sites/", "tour": f"/zh/routes/{route}"}
        for name, path in pages.items():
            server.get(path)
            found = lighthouse.scores(server.address + path)
            is_met = found[0] >= 95 and min(found[1:]) == 100
            yield Row(
                f"Lighthouse, {name}: performance, a11y, practices, SEO",
                ", ".join(map(str, found)),
                "",
                ">= 95, 100 x 3",
                is_met,
            )


ROWS: dict[str, Callable[[], Rows]] = {
    "first-view": first_view,
    "throughput": throughput,
    "tutorial": tutorial,
    "interactive": interactive,
    "start": start,
    "search": search,
    "lighthouse": scores,
}
