"""Serve from two machines, each in a network of its own, on one PostgreSQL that both reach by cables alone.

While people write on both, one is killed; then it is cut off in the midst of a write, so that nobody hears that it is
gone. The other is judged: what is published is seen there within a second, and it goes on as if nothing had happened.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, create_engine, text

from postgres import new_database, running_postgres

from ..browser import FORM_TOKEN, Browser
from ..people import People
from ..scene import Scene
from ..site import ROOT, Site, need, run, served
from ..verdict import failed, lost
from .hosts import EDITS, seen_after_s

NET = "10.213.78"
DATABASE, LOST_ONE, OTHER = f"{NET}.1", f"{NET}.2", f"{NET}.6"  # .1 and .2, .5 and .6 are the ends of two cables
SECRET = "one secret for both of them, long enough"
WRITES = 200  # of both machines, until one is killed
CUT_S, PATIENCE_S, SEEN_AIM_S = 30.0, 120.0, 1.0
GUESSES = 5  # that an account may be tried with, wherever
HOLD = (
    "import sys, time\nfrom pathlib import Path\nfrom cityatlas.store import open_store\n"
    "with open_store(sys.argv[1], Path(), sys.argv[2]).writing():\n    print('held', flush=True)\n    time.sleep(600)"
)


@contextmanager
def two_machines(folder: Path, editors: tuple[str, ...]) -> Iterator[Site]:
    """Give a site on the machine that is to stay; its `environ` names both networks, that of the other one first."""
    need("ip", root=True)
    names = tuple(f"atlas{os.getpid() % 10_000}{end}" for end in "xy")
    try:
        for name, outside, inside in zip(names, (DATABASE, f"{NET}.5"), (LOST_ONE, OTHER), strict=True):
            _lay_cable(name, outside, inside)
        with running_postgres(f"max_connections=100 listen_addresses={DATABASE}") as server:
            shared = {"CITYATLAS_SHARED": str(folder / "shared"), "CITYATLAS_SECRET": SECRET}
            environ = shared | {"ATLAS_NETWORKS": " ".join(names)}
            with served(Site(folder, OTHER, _by_cable(server), _inside(names[1]), environ), editors) as site:
                yield site
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


def _lay_cable(name: str, outside: str, inside: str) -> None:
    run("ip", "netns", "add", name)
    run("ip", "link", "add", f"{name}a", "type", "veth", "peer", "name", f"{name}b", "netns", name)
    run("ip", "address", "add", f"{outside}/30", "dev", f"{name}a")
    run("ip", "link", "set", f"{name}a", "up")
    run("ip", "-n", name, "address", "add", f"{inside}/30", "dev", f"{name}b")
    run("ip", "-n", name, "link", "set", f"{name}b", "up")
    run("ip", "-n", name, "link", "set", "lo", "up")
    run("ip", "-n", name, "route", "add", "default", "via", outside)


def _inside(name: str) -> tuple[str, ...]:
    return ("ip", "netns", "exec", name)


def _by_cable(server: URL) -> str:
    """Let both machines in and return the address of a new database as they reach it."""
    with (Path(str(server.query["host"])) / "data" / "pg_hba.conf").open("a") as rules:
        rules.write(f"host all all {NET}.0/24 trust\n")
    engine = create_engine(server)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
    return new_database(server, "trust").set(host=DATABASE, query={}).render_as_string(hide_password=False)


def one_lost(scene: Scene) -> None:
    """Let people write on both machines; kill one, start it anew, and cut it off."""
    site, network = scene.site, scene.site.environ["ATLAS_NETWORKS"].split()[0]
    victim = Site(site.folder / "victim", LOST_ONE, site.database_url, _inside(network), site.environ)
    shutil.copytree(site.geodata, victim.geodata)
    victim.start()
    people = People(victim, ["/en/about", "/zh/"], 2, ("ed0", "ed1"), 0.1)
    try:
        notes = [_seen(scene, victim), _guessed(scene, victim)]
        people.start()
        notes += [_killed(scene, victim, people), _cut_off(scene, network)]
        people.stop()
        store = site.store()
        scene.gone += lost(store, people.diary)
        store.close()
        notes += [f"failed: {', '.join(each.path for each in failed(scene.people.diary.looked)[:4]) or 'none'}"]
    finally:
        people.stop()
        victim.kill(signal.SIGTERM)
    scene.note = "; ".join(notes)


def _seen(scene: Scene, victim: Site) -> str:
    store = victim.store()
    seen_s = [seen_after_s(store, scene.site, number) for number in range(EDITS)]
    store.close()
    times = ", ".join(f"{each:.2f}" for each in seen_s)
    return f"publications seen on the other after {times} s (aim {SEEN_AIM_S:.0f})"


def _guessed(scene: Scene, victim: Site) -> str:
    """Guess a password on both in turns: together they refuse after as many as one would."""
    told = [_guess((scene.site, victim)[number % 2], f"10.9.{number}.9") for number in range(GUESSES + 1)]
    is_counted_once = 429 not in told[:GUESSES] and told[GUESSES] == 429
    scene.gone += [] if is_counted_once else [f"guesses on two machines: {told}"]
    return f"wrong passwords on both in turns: {', '.join(map(str, told))}"


def _guess(site: Site, address: str) -> int:
    browser = Browser(site.host, site.port, address)
    found = FORM_TOKEN.search(browser.get("/en/staff/login").text)
    assert found
    status = browser.post(
        "/en/staff/login", csrf=found[1], login="nobody-here", password="not this one", next=""
    ).status
    browser.close()
    return status


def _killed(scene: Scene, victim: Site, people: People) -> str:
    """Kill a machine after so many writes of both, and start it anew when the other has saved again."""
    diaries = people.diary, scene.people.diary
    begun, end_s = sum(len(each.wrote) for each in diaries), time.monotonic() + PATIENCE_S
    while (count := sum(len(each.wrote) for each in diaries) - begun) < WRITES and time.monotonic() < end_s:
        time.sleep(0.02)
    victim.kill(signal.SIGKILL)
    again_s = _saved_again_s(scene.people)
    time.sleep(2)
    victim.start()
    return f"killed after {count} writes, the other saved again after {again_s:.1f} s"


def _cut_off(scene: Scene, network: str) -> str:
    """Hold the lock of writers on the machine that is to be lost, cut its cable, and wait until the other saves."""
    command = [*_inside(network), sys.executable, "-c", HOLD, scene.site.database_url, scene.site.city]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE) as held:
        assert held.stdout
        assert held.stdout.readline() == b"held\n"
        run("ip", "link", "set", f"{network}a", "down")
        cut_s = time.monotonic()
        again_s = _saved_again_s(scene.people)
        time.sleep(max(0.0, CUT_S - (time.monotonic() - cut_s)))
        held.kill()
        run("ip", "link", "set", f"{network}a", "up")
    scene.gone += [] if again_s < PATIENCE_S else ["the other machine does not save any more"]
    return f"cut off while it held the lock of writers, the other saved again after {again_s:.1f} s"


def _saved_again_s(people: People) -> float:
    begun_s = time.monotonic()
    while time.monotonic() - begun_s < PATIENCE_S and not people.has_saved_since(begun_s):
        time.sleep(0.02)
    return time.monotonic() - begun_s
