"""Serve from two machines on one PostgreSQL, and kill one of them while people write on it."""

from __future__ import annotations

import shutil
import signal
import time

from cityatlas.store import Order, Store, publish_content
from cityatlas.versioning.content import content_of_row

from ..browser import Browser
from ..scene import Scene
from ..site import Site

EDITS, PLACE = 5, "trust-place"


def one_killed(scene: Scene) -> None:
    """Publish for one host and look on the other; then kill the first, which is started anew at the end."""
    site = scene.site
    other = Site(site.folder / "other", database_url=site.database_url)
    shutil.copytree(site.geodata, other.geodata)
    other.start()
    store = site.store()
    try:
        seen_s = [seen_after_s(store, other, number) for number in range(EDITS)]
        site.kill(signal.SIGKILL)
        store.close()
        time.sleep(2)
        alive = Browser(other.host, other.port).get("/en/about").status
        scene.gone += [] if alive == 200 else ["the other host"]
        site.start()
    finally:
        store.close()
        other.kill(signal.SIGTERM)
    scene.note = f"{EDITS} publications seen on the other host after {max(seen_s):.2f} s at the most"


def seen_after_s(store: Store, other: Site, number: int) -> float:
    """Return the seconds from a publication until the other host shows it."""
    browser, word = Browser(other.host, other.port), f"Seen {number}"
    feature = {"name": {"zh": word, "en": word}, "kind": "museum", "position": POSITION, "sources": [SOURCE]}
    row = {"geometry": {"type": "Point", "coordinates": [121.02, 30.69]}, "properties": feature}
    publish_content(store, f"{PLACE}-{number}", content_of_row("sights", row), 0, Order("ed0"))
    begun_s = time.monotonic()
    while time.monotonic() - begun_s < 15 and browser.get(f"/en/sites/{PLACE}-{number}").status != 200:
        time.sleep(0.02)
    browser.close()
    return time.monotonic() - begun_s


SOURCE = {"title": "Trust", "date": "2026", "url": None}
POSITION = {"class": "schematic", "accuracy_m": None, "located_by": {"zh": "试", "en": "by test"}}
