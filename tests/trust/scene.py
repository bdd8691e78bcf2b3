"""Live through one fault: people look and write, something is broken and mended, and all that was said is checked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from .browser import Browser
from .people import WRITE_PAUSE_S, People
from .site import Site, served
from .story import addresses, shipped, story
from .verdict import Row, judge, lost

CALM_S = 5.0  # before and after
PATIENCE_S = 40.0  # for the first save after the fault
VISITORS = 6
LOOKS = 40  # different requests of visitors


@dataclass
class Scene:
    """Hold what a fault may touch, and what it has to say: `gone` acknowledged writes of its own, and a `note`."""

    site: Site
    people: People
    gone: list[object] = field(default_factory=list)
    note: str = ""


@contextmanager
def plain_site(folder: Path, editors: tuple[str, ...]) -> Iterator[Site]:
    """Give the shipped city on SQLite in two processes."""
    with served(Site(folder), editors) as site:
        yield site


@dataclass(frozen=True)
class Fault:
    """Name a fault, what makes it, and where it happens."""

    name: str
    make: Callable[[Scene], None]
    site: Callable[[Path, tuple[str, ...]], AbstractContextManager[Site]] = plain_site
    editors: int = 4
    is_whole: bool = True  # whether a part of the server goes on meanwhile, so that few requests may fail
    pause_s: float = WRITE_PAUSE_S


def live_through(fault: Fault) -> Row:
    """Return what people saw of a fault. Raises Skipped where it cannot be made."""
    logins = tuple(f"ed{number}" for number in range(fault.editors))
    with TemporaryDirectory(prefix="cityatlas-trust-") as name, fault.site(Path(name), logins) as site:
        people = People(site, _warm(site), VISITORS, logins, fault.pause_s)
        scene = Scene(site, people)
        people.start()
        time.sleep(CALM_S)
        fault.make(scene)
        recover_s = _recover_s(people)
        time.sleep(CALM_S)
        people.stop()
        store = site.store()
        try:
            gone = len(lost(store, people.diary)) + len(scene.gone)
        finally:
            store.close()
        return judge(fault.name, people.diary, gone, recover_s, is_whole=fault.is_whole, note=scene.note)


def _warm(site: Site) -> list[str]:
    """Return what visitors ask for, as often as they do; a tile on which there is nothing is not asked for again."""
    browser = Browser(site.host, site.port)
    found = {path: browser.get(path).status for path in story(LOOKS, addresses(shipped()))}
    browser.close()
    return [path for path in story(LOOKS, addresses(shipped())) if found[path] == 200]


def _recover_s(people: People) -> float:
    """Return the seconds from now until a save that begins after now is acknowledged."""
    begun_s = time.monotonic()
    while time.monotonic() - begun_s < PATIENCE_S and not people.has_saved_since(begun_s):
        time.sleep(0.02)
    return time.monotonic() - begun_s
