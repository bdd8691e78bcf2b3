"""Measure the store: `python -m tests.bench.store` on SQLite, with `--postgres` on a PostgreSQL of its own as well.

A save with merge in a layer of 10,000 features, the look at the newest number, and how soon a published edit is seen
by servers that run as processes of their own.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from cityatlas.content import Content, content_of_row
from cityatlas.geojson import parse_collection
from cityatlas.paths import geodata_dir
from cityatlas.store import Edit, Order, Store, newest_public, open_draft, open_store, publish_all, publish_content
from cityatlas.store import save_draft as save
from postgres import new_database, running_postgres

from .cities import write_city

FEATURES = 10_000
SAVES, LOOKS, EDITS = 200, 2_000, 10
SERVERS = 2
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
    rows = parse_collection(path, 1 << 30, FEATURES)
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


def ask(port: int, path: str) -> str:
    """Return a page of a server."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        text: str = answer.read().decode()
        return text


def measure_visibility(store: Store, environ: dict[str, str], feature_id: str, base: Content, kind: str) -> bool:
    """Publish edits and ask every server until all show them; the slowest server counts."""
    ports = [FIRST_PORT + number for number in range(SERVERS)]
    run = [sys.executable, "-c", "from cityatlas.cli import main; main()", "serve", "--port"]
    servers = [
        subprocess.Popen([*run, str(port)], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for port in ports
    ]
    try:
        for port in ports:
            wait_until(partial(is_up, port))
        spent, seen = [], 0
        for number in range(EDITS):
            time.sleep(0.37)
            words = f"Edit {number} of the bench"
            order = Order("editor", origin=base)
            seen = publish_content(store, feature_id, with_name(base, words), seen, order).revision.number
            begin = time.perf_counter()
            for port in ports:
                wait_until(partial(shows, port, f"/en/sites/{feature_id}", words))
            spent.append(time.perf_counter() - begin)
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait()
    half, most = statistics.median(spent), max(spent)
    print(
        f"| {kind}: published edit is seen by {SERVERS} processes, s | {half:.2f} | {most:.2f} (most) | < 1 |",
        flush=True,
    )
    return most < 1


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
        time.sleep(0.1)  # more often would take the servers' time to rebuild


def measure(kind: str, url: str, folder: Path) -> bool:
    """Measure one database."""
    large, var = write_city(folder / "city", FEATURES, "points"), folder / kind
    store = open_store(url, var, "bench")
    is_met = measure_saves(store, contents(large), kind)
    store.close()
    shipped = parse_collection(geodata_dir() / "sights.geojson", 1 << 30, FEATURES)[0]
    environ = {key: value for key, value in os.environ.items() if not key.startswith("CITYATLAS_")}
    environ["CITYATLAS_VAR"] = str(var)
    if url:
        environ["CITYATLAS_DATABASE_URL"] = url.replace("/bench?", "/pinghu?")
    store = open_store(environ.get("CITYATLAS_DATABASE_URL", ""), var, "pinghu")
    is_met &= measure_visibility(store, environ, shipped["id"], content_of_row("sights", shipped), kind)
    store.close()
    return is_met


def main() -> int:
    """Print the table; 1 when an aim is missed."""
    print(f"load {os.getloadavg()[0]:.1f}\n\n| what | median | p95 | aim |\n|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="cityatlas-store-") as folder:
        is_met = measure("SQLite", "", Path(folder) / "a")
        if "--postgres" in sys.argv:
            with running_postgres("") as server:
                url = new_database(server, "bench").render_as_string(hide_password=False)
                new_database(server, "pinghu")
                is_met &= measure("PostgreSQL", url, Path(folder) / "b")
    return int(not is_met)


if __name__ == "__main__":
    sys.exit(main())
