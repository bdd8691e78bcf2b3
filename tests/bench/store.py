"""Measure the store: `python -m tests.bench.store` on SQLite, with `--postgres` on a PostgreSQL of its own as well.

A save with merge in a layer of 10,000 features, the look at the newest number, what a rebuild costs, and how soon a
published edit of such a layer is seen by servers that run as processes of their own: with few and with all features
published, at rest and while visitors ask.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from cityatlas.catalogue.live import LiveCatalogue
from cityatlas.geo.geojson import parse_document
from cityatlas.settings import Settings
from cityatlas.store import Edit, Order, Store, newest_public, open_draft, open_store, publish_all, publish_content
from cityatlas.store import save_draft as save
from cityatlas.store.log.desk_lists import read_history
from cityatlas.versioning.content import Content, content_of_row
from postgres import new_database, running_postgres

from .cities import write_city

FEATURES = 10_000
SAVES, LOOKS, EDITS = 200, 2_000, 10
SERVERS = 2
EDITED = SAVES + 1  # its place in the layer: no draft of the saves is of it
VISITS_PER_S = 10
FIRST_PORT = 8571


def percentile_ms(run: Callable[[int], object], times: int) -> tuple[float, float]:
    """Return median and 95th percentile in milliseconds."""
    spent = []
    for number in range(times):
        begin = time.perf_counter()
        run(number)
        spent.append(1000 * (time.perf_counter() - begin))
    return statistics.median(spent), statistics.quantiles(spent, n=20)[-1]


def contents(folder: Path) -> dict[str, Content]:
    """Return the features of a synthetic layer."""
    (path,) = [path for path in folder.glob("*.geojson") if path.name != "paths.geojson"][:1]
    rows = parse_document(path, 1 << 30, FEATURES)["features"]
    return {row["id"]: content_of_row(path.stem, row) for row in rows}


def with_minutes(content: Content, minutes: int) -> Content:
    """Return a content with another length of visit."""
    return Content(content.layer, content.geometry, {**content.properties, "visit_min": minutes})


def with_name(content: Content, name: str) -> Content:
    """Return a content with another English name."""
    names = {**content.properties["name"], "en": name}
    return Content(content.layer, content.geometry, {**content.properties, "name": names})


def measure_saves(store: Store, layer: dict[str, Content], kind: str) -> bool:
    """Time saves of a draft into which another tab's edit of another field has to be merged, all features published."""
    publish_all(store, [(key, content, 0, Order("import")) for key, content in layer.items()])
    keys = list(layer)
    drafts = []
    for number, key in enumerate(keys[:SAVES], 1):
        draft = open_draft(store, Edit(key, layer[key], "ann", number)).revision
        save(store, str(draft.branch), Edit(key, with_minutes(layer[key], 77), "ann", draft.number))
        drafts.append(draft)

    def save_other(number: int) -> None:
        key, draft = keys[number], drafts[number]
        saved = save(store, str(draft.branch), Edit(key, with_name(layer[key], "New"), "bob", draft.number))
        assert saved.revision.content.properties["visit_min"] == 77

    half, most = percentile_ms(save_other, SAVES)
    print(f"| {kind}: save with merge among {FEATURES:,} features, ms | {half:.1f} | {most:.1f} | < 100 |", flush=True)
    look_half, look_most = percentile_ms(lambda _: newest_public(store), LOOKS)
    print(f"| {kind}: look at the newest number, ms | {look_half:.2f} | {look_most:.2f} | |", flush=True)
    return most < 100


def measure_rebuild(store: Store, settings: Settings, base: Content, key: str, kind: str) -> None:
    """Time the processor of one process while it takes in an edit of words, all features published."""
    live = LiveCatalogue(settings)
    spent = []
    for number in range(EDITS):
        publish_now(store, key, with_name(base, f"Rebuild {number}"))
        begin = time.process_time()
        live.look_at_store()
        spent.append(time.process_time() - begin)
    live.close()
    half, most = statistics.median(spent), max(spent)
    print(f"| {kind}: rebuild after an edit, s of CPU of one process | {half:.2f} | {most:.2f} (most) | |", flush=True)


def publish_now(store: Store, key: str, content: Content) -> None:
    """Publish a content after whatever stands."""
    standing = read_history(store, key)[1].current
    publish_content(store, key, content, standing.number if standing else 0, Order("editor", origin=content))


def ask(port: int, path: str) -> str:
    """Return a page of a server."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        text: str = answer.read().decode()
        return text


def measure_visibility(store: Store, environ: dict[str, str], layer: dict[str, Content], kind: str) -> bool:
    """Publish edits and ask every server until all show them; the slowest server counts. Without and with visitors."""
    ports = [FIRST_PORT + number for number in range(SERVERS)]
    run = [sys.executable, "-c", "from cityatlas.cli.main import main; main()", "serve", "--processes", "1", "--port"]
    servers = [
        subprocess.Popen([*run, str(port)], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for port in ports
    ]
    is_over = threading.Event()
    try:
        for port in ports:
            wait_until(partial(is_up, port))
        is_met = told(f"{kind}: published edit is seen by {SERVERS} processes, s", edits_seen(store, layer, ports))
        for port in ports:
            threading.Thread(target=visit, args=(port, list(layer), is_over), daemon=True).start()
        asked = f"{kind}: the same while each is asked {VISITS_PER_S} pages a second, s"
        return told(asked, edits_seen(store, layer, ports)) and is_met
    finally:
        is_over.set()
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait()


def edits_seen(store: Store, layer: dict[str, Content], ports: list[int]) -> list[float]:
    """Return the seconds from the answer of the store to each edit until the last server shows it."""
    spent, key = [], list(layer)[EDITED]
    for number in range(EDITS):
        time.sleep(0.37)
        words = f"Edit {number} of {time.time_ns()}"
        publish_now(store, key, with_name(layer[key], words))
        begin = time.perf_counter()
        for port in ports:
            wait_until(partial(shows, port, f"/en/sites/{key}", words))
        spent.append(time.perf_counter() - begin)
    return spent


def told(what: str, spent: list[float]) -> bool:
    """Print a row and return whether its aim was met."""
    half, most = statistics.median(spent), max(spent)
    print(f"| {what} | {half:.2f} | {most:.2f} (most) | < 1 |", flush=True)
    return most < 1


def visit(port: int, keys: list[str], is_over: threading.Event) -> None:
    """Ask a server for pages of places, one after the other."""
    dice = random.Random(port)
    while not is_over.wait(1 / VISITS_PER_S):
        with suppress(OSError):  # the server is ended before the visitor
            ask(port, f"/en/sites/{dice.choice(keys)}")


def shows(port: int, path: str, words: str) -> bool:
    """Return whether a server's page holds these words."""
    return words in ask(port, path)


def is_up(port: int) -> bool:
    """Return whether a server answers."""
    try:
        return bool(json.loads(ask(port, "/ready"))["ready"])
    except OSError:
        return False


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait at most a minute."""
    end_s = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end_s
        time.sleep(0.05)  # more often would take the servers' time to rebuild


def measure(kind: str, urls: tuple[str, str], folder: Path) -> bool:
    """Measure one database; `urls` are those of two empty ones, empty for SQLite."""
    city = write_city(folder / "city", FEATURES, "points")
    layer, is_met = contents(city), True
    for url, all_or_few in zip(urls, ("few", "all"), strict=True):
        var, told_of = folder / all_or_few, f"{kind}, {all_or_few} published"
        store = open_store(url, var, "bench")
        if all_or_few == "all":
            key = list(layer)[EDITED]
            is_met &= measure_saves(store, layer, kind)
            settings = Settings(geodata=city, var=var, database_url=url)
            measure_rebuild(store, settings, layer[key], key, kind)
        environ = {key: value for key, value in os.environ.items() if not key.startswith("CITYATLAS_")}
        environ |= {"CITYATLAS_VAR": str(var), "CITYATLAS_GEODATA": str(city), "CITYATLAS_DATABASE_URL": url}
        is_met &= measure_visibility(store, environ, layer, told_of)
        store.close()
    return is_met


def main() -> int:
    """Print the table; 1 when an aim is missed."""
    print(f"load {os.getloadavg()[0]:.1f}\n\n| what | median | p95 | aim |\n|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="cityatlas-store-") as folder:
        is_met = measure("SQLite", ("", ""), Path(folder) / "a")
        if "--postgres" in sys.argv:
            with running_postgres("") as server:
                few, every = (new_database(server, name).render_as_string(hide_password=False) for name in "ab")
                is_met &= measure("PostgreSQL", (few, every), Path(folder) / "b")
    print(f"\nload {os.getloadavg()[0]:.1f}")
    return int(not is_met)


if __name__ == "__main__":
    sys.exit(main())
