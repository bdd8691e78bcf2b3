"""Measure what a question for changes costs: the CPU of the application for `since`, beside that for the whole layer.

`cd REPO && .venv/bin/python -m tests.bench.changes [FEATURES [ROUNDS]]` publishes a change in each round and then asks
through WSGI, without a server, by the revision of 1 to 100 rounds ago: answers that nobody has asked for before.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
from pathlib import Path

from cityatlas.app import create_app
from cityatlas.catalogue.folder_export import content_of_feature
from cityatlas.catalogue.live import LiveCatalogue
from cityatlas.settings import Settings
from cityatlas.store import Order, publish_all, publish_content
from cityatlas.versioning.content import Content

from .cities import write_city
from .ogc import cpu_ms

FEATURES, ROUNDS = 10_000, 300
AGO = 100  # rounds at most
LAYER = "/layers/things.geojson"
ITEMS = "/ogc/collections/things/items?f=json&"


def main(count: int, rounds: int) -> None:
    """Print the figures for a layer of so many points."""
    with tempfile.TemporaryDirectory() as folder:
        city = write_city(Path(folder) / "city", count, "points")
        app = create_app(Settings(geodata=city, var=Path(folder) / "var", max_file_mb=256, store_recheck_s=1e6))
        client, live, chance = app.test_client(), app.extensions["cityatlas_live"], random.Random(1)
        tokens, spent = list[str](), dict[str, list[float]]()
        _publish_all(live)
        for number in range(rounds):
            _publish(live, number, chance)
            tokens.append(str(live.newest.revision))
            since = chance.choice(tokens[-AGO:])
            for what, address in (
                ("changes of a layer, identity", f"{LAYER}?since={since}"),
                ("changes of items, identity", f"{ITEMS}since={since}"),
                ("nothing new, identity", f"{LAYER}?since={tokens[-1]}"),
            ):
                spent.setdefault(what, []).append(cpu_ms(client, address))
            spent.setdefault("changes of a layer, br", []).append(cpu_ms(client, f"{LAYER}?since={since}&br", "br"))
            if number % 10 == 0:
                spent.setdefault("beside them: the whole layer, identity", []).append(cpu_ms(client, LAYER))
        live.close()
    for what, each in spent.items():
        each.sort()
        print(f"{what}: median {statistics.median(each):.2f} ms CPU, p95 {each[int(0.95 * len(each))]:.2f} ms")


def _publish(live: LiveCatalogue, number: int, chance: random.Random) -> None:
    """Publish another name of a random feature, and show it."""
    feature = chance.choice(list(live.newest.features.values()))
    said = content_of_feature(feature)
    publish_content(live.store, feature.id, _named(said, number), 0, Order("bench", origin=said, choices={}))
    live.refresh()


def _publish_all(live: LiveCatalogue) -> None:
    """Publish every feature once, as after an import: then all of them are rows of the store."""
    said = {key: content_of_feature(feature) for key, feature in live.newest.features.items()}
    publish_all(live.store, [(key, _named(one, -1), 0, Order("bench", origin=one)) for key, one in said.items()])
    live.refresh()


def _named(said: Content, number: int) -> Content:
    name = {"zh": f"名{number}", "en": f"Name {number}"}
    return Content(said.layer, said.geometry, said.properties | {"name": name})


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(*(given + [FEATURES, ROUNDS][len(given) :]))
