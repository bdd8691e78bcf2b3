"""Check that changed files are shown, broken ones keep the last good snapshot, and readers never wait."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from cityatlas.app import create_app
from cityatlas.catalogue import rebuilder
from cityatlas.catalogue.catalogue import Catalogue
from cityatlas.catalogue.live import LiveCatalogue
from cityatlas.catalogue.reconcile import Trouble, build_shown
from cityatlas.settings import Settings
from toy import Json, sights, with_properties


@dataclass
class Clock:
    """Tell a time in seconds that only the test moves."""

    now_s: float = 100.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Watched:
    """Hold a live catalogue of a folder whose files the test changes."""

    folder: Path
    clock: Clock
    live: LiveCatalogue

    def write(self, content: str | Json) -> None:
        """Change the first layer."""
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        (self.folder / "sights.geojson").write_text(text, "utf-8")

    def look(self) -> Catalogue:
        """Let three seconds pass, and return the snapshot after the look that a reader starts."""
        self.clock.now_s += 3
        self.live.current()
        for thread in threading.enumerate():
            if thread.name == "cityatlas-rebuild":
                thread.join(20)
        return self.live.current()


@pytest.fixture
def watched(toy_city: Path) -> Watched:
    """Return a live catalogue with a clock that stands still."""
    clock = Clock()
    return Watched(toy_city, clock, LiveCatalogue(Settings(geodata=toy_city, recheck_s=2.0), clock))


def renamed(name: str) -> Json:
    """Return the first layer with another name for the mill."""
    return with_properties(sights(), "mill", name={"zh": "磨坊", "en": name})


def test_a_changed_file_is_shown(watched: Watched) -> None:
    watched.write(renamed("New mill"))
    assert watched.look().feature("mill").name["en"] == "New mill"


def test_a_large_city_is_shown_with_its_index(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "index" not in vars(watched.live.current())
    monkeypatch.setattr(rebuilder, "MANY", 2)
    watched.write(renamed("New mill"))
    assert "index" in vars(watched.look())


def test_files_are_not_looked_at_before_the_time(watched: Watched) -> None:
    before = watched.live.current()
    watched.write(renamed("New mill"))
    watched.clock.now_s += 1.9
    assert watched.live.current() is before
    assert not [t for t in threading.enumerate() if t.name == "cityatlas-rebuild"]


def test_an_unchanged_folder_keeps_its_snapshot(watched: Watched) -> None:
    before = watched.live.current()
    assert watched.look() is before


def test_a_broken_file_keeps_the_last_good_snapshot_and_says_why(watched: Watched) -> None:
    before = watched.live.current()
    watched.write("{")
    assert watched.look() is before
    (fault,) = watched.live.faults
    assert fault.startswith("sights.geojson: is not JSON: ")


def test_mending_the_file_recovers(watched: Watched) -> None:
    watched.write("{")
    watched.look()
    watched.write(renamed("Mended mill"))
    assert watched.look().feature("mill").name["en"] == "Mended mill"
    assert watched.live.faults == ()


def test_putting_the_good_file_back_clears_the_faults(watched: Watched) -> None:
    tag = watched.live.current().tag
    watched.write("{")
    watched.look()
    watched.write(sights())
    assert watched.look().tag == tag
    assert watched.live.faults == ()


def test_a_deleted_layer_keeps_the_last_good_snapshot(watched: Watched) -> None:
    (watched.folder / "works.geojson").unlink()
    assert "school" in watched.look().features
    assert watched.live.faults == ("works.geojson: not found or not a file; the layer in city.toml needs it",)


def test_a_folder_that_vanishes_and_returns_recovers(watched: Watched) -> None:
    watched.folder.rename(watched.folder.with_name("away"))
    assert len(watched.look().features) == 6
    assert list(watched.live.faults) == ["city.toml: not found. Each city's folder needs a city.toml."]
    watched.folder.with_name("away").rename(watched.folder)
    watched.look()
    assert watched.live.faults == ()


def test_a_file_that_cannot_be_read_is_named_without_its_folder(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Catalogue:
        raise PermissionError(13, "Permission denied", str(watched.folder / "sights.geojson"))

    watched.write(renamed("New mill"))
    monkeypatch.setattr(rebuilder, "build_shown", fail)
    watched.look()
    assert watched.live.faults == ("geodata cannot be read: [Errno 13] Permission denied: 'sights.geojson'",)


@pytest.mark.parametrize("error", [FileNotFoundError("sights.geojson"), ZeroDivisionError()])
def test_an_unforeseen_error_is_told_and_passes(
    watched: Watched, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object) -> Catalogue:
        raise error

    watched.write(renamed("New mill"))
    with monkeypatch.context() as patch:
        patch.setattr(rebuilder, "build_shown", fail)
        assert watched.look().feature("mill").name["en"] == "Old mill"
        assert watched.live.faults[0].startswith("geodata c")
    assert watched.look().feature("mill").name["en"] == "New mill"
    assert watched.live.faults == ()


def test_readers_never_wait_for_a_rebuild(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_end, builds = threading.Event(), threading.Event(), []

    def build_slowly(settings: Settings, *_: object) -> tuple[Catalogue, tuple[Trouble, ...]]:
        builds.append(1)
        begun.set()
        assert may_end.wait(20)
        return build_shown(settings)

    monkeypatch.setattr(rebuilder, "build_shown", build_slowly)
    before = watched.live.current()
    watched.write(renamed("New mill"))
    watched.clock.now_s += 3
    watched.live.current()
    assert begun.wait(20)
    for _ in range(5):  # further looks fall due while the first is still building
        watched.clock.now_s += 3
        assert watched.live.current() is before
    may_end.set()
    assert watched.look().feature("mill").name["en"] == "New mill"
    assert len(builds) == 1


def wait_for(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, at most twenty seconds."""
    pause = threading.Event()
    for _ in range(400):
        if is_so():
            return
        pause.wait(0.05)
    pytest.fail("it did not come to be")


def test_health_says_that_a_file_broke_and_that_it_was_mended(toy_city: Path) -> None:
    client = create_app(Settings(geodata=toy_city, recheck_s=0.01)).test_client()
    assert client.get("/health").get_json()["status"] == "ok"
    (toy_city / "sights.geojson").write_text("{")
    wait_for(lambda: bool(client.get("/health").get_json()["faults"]))
    answer = client.get("/health")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "stale")
    assert client.get("/zh/sites/mill").status_code == 200
    (toy_city / "sights.geojson").write_text(json.dumps(renamed("Mended mill")))
    wait_for(lambda: not client.get("/health").get_json()["faults"])
    assert "Mended mill" in client.get("/en/sites/mill").text


def test_basemap_turned_on_while_serving_is_let_through_by_the_policy(toy_city: Path) -> None:
    app = create_app(Settings(geodata=toy_city, recheck_s=0.01))
    client = app.test_client()
    assert "tiles.example" not in client.get("/zh/").headers["Content-Security-Policy"]
    toml = toy_city / "city.toml"
    basemap = '[[basemaps]]\nid = "t"\ntitle = { zh = "甲", en = "A" }\ndatum = "WGS-84"\nenabled = true\n'
    basemap += 'tiles = ["https://tiles.example/{z}/{x}/{y}.png"]\nsubdomains = ""\n'
    basemap += 'attribution = { zh = "甲", en = "A" }\nmax_zoom = 18\n'
    toml.write_text(toml.read_text("utf-8") + "\n" + basemap, "utf-8")
    end_s = time.monotonic() + 20  # the rebuild runs beside, on a machine that may be busy
    while time.monotonic() < end_s:
        time.sleep(0.02)
        if "https://tiles.example" in client.get("/zh/").headers["Content-Security-Policy"]:
            return
    raise AssertionError("the policy never followed the file")


def test_making_an_application_starts_no_thread_that_a_fork_would_lose(toy_city: Path) -> None:
    before = threading.enumerate()
    live: LiveCatalogue = create_app(Settings(geodata=toy_city)).extensions["cityatlas_live"]
    assert live.newest.features
    assert set(threading.enumerate()) <= set(before)  # one of another test may end meanwhile


def test_a_process_that_comes_later_begins_with_what_has_changed(watched: Watched) -> None:
    watched.write(with_properties(sights(), "mill", name={"zh": "新磨坊"}))
    watched.live.resume()
    assert watched.live.newest.features["mill"].name["zh"] == "新磨坊"
    watched.write("broken")
    watched.live.resume()
    assert watched.live.newest.features["mill"].name["zh"] == "新磨坊"
    watched.live.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork on this system")
def test_a_fork_lets_go_of_its_parents_connections(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    let_go: list[int] = []
    monkeypatch.setattr(watched.live.store, "forget", lambda: let_go.append(1))
    watched.live.resume()
    assert let_go == []
    monkeypatch.setattr(os, "getpid", lambda: -1)  # as in a fork
    watched.live.resume()
    watched.live.current()
    assert let_go == [1]
    watched.live.close()
