"""Check what visitors see of the store: published changes soon, in every process; and the folder when it fails."""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL
from sqlalchemy import text as sql

from cityatlas.app import create_app
from cityatlas.catalogue import store_watch
from cityatlas.catalogue.catalogue import build_catalogue
from cityatlas.catalogue.live import LiveCatalogue
from cityatlas.catalogue.store_watch import Overlay, PublicSide
from cityatlas.editing.change_checks import change_faults
from cityatlas.errors import Retired
from cityatlas.settings import Settings
from cityatlas.store import Edit, Order, Store, archive, open_draft, open_store, publish_content, read_anew, unarchive
from cityatlas.store.notices import Notices
from cityatlas.versioning.content import Content, content_of
from postgres import new_database
from toy import feature, point, text, works, write_city

NEW = text("新磨坊", "New mill")


def content(name: dict[str, str] = NEW, kind: str = "house", layer: str = "sights", **properties: Any) -> Content:
    """Return what a sound feature says."""
    row = feature("any", kind, name, point(121.0), **properties)
    return content_of(layer, row["geometry"], row["properties"])


@pytest.fixture
def settings(store: Store, database_url: str, toy_city: Path, tmp_path: Path) -> Settings:
    """Return settings that show the toy city with the store, looking at it every few milliseconds."""
    return Settings(
        geodata=toy_city, var=tmp_path / "var", database_url=database_url, store_recheck_s=0.02, recheck_s=0.02
    )


@pytest.fixture
def live(settings: Settings) -> Iterator[LiveCatalogue]:
    watched = LiveCatalogue(settings)
    watched.current()
    yield watched
    watched.close()


def put(store: Store, feature_id: str, said: Content, seen: int = 0, **order: Any) -> int:
    return publish_content(store, feature_id, said, seen, Order("editor", **order)).revision.number


def wait_for(is_so: Callable[[], bool]) -> None:
    """Wait until something is so; at most twenty seconds, on a machine that may be busy."""
    end_s = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end_s, "it did not come to be"
        time.sleep(0.02)


def test_a_published_change_is_shown_in_its_place_and_a_new_feature_behind(live: LiveCatalogue, store: Store) -> None:
    before = live.current()
    put(store, "quay", content(kind="boat_stop"))
    put(store, "brand-new", content())
    wait_for(lambda: "brand-new" in live.current().features)
    now = live.current()
    assert [f.id for f in now.layers["sights"].features] == ["mill", "quay", "hall", "boat-tour", "brand-new"]
    assert now.feature("quay").name == NEW
    assert now.tag != before.tag
    assert live.faults == ()


def test_two_processes_that_saw_the_same_have_the_same_tag(settings: Settings, store: Store) -> None:
    put(store, "mill", content())
    assert LiveCatalogue(settings).current().tag == LiveCatalogue(settings).current().tag


def test_an_archived_feature_leaves_the_map_and_its_address_says_so(live: LiveCatalogue, store: Store) -> None:
    geodata = Order("editor", origin=content(kind="district", layer="works"))
    number = archive(store, "old-town", 0, geodata).revision.number
    wait_for(lambda: "old-town" not in live.current().features)
    with pytest.raises(Retired):
        live.current().feature("old-town")
    unarchive(store, "old-town", number, geodata)
    wait_for(lambda: "old-town" in live.current().features)


def test_a_draft_changes_nothing(live: LiveCatalogue, store: Store) -> None:
    tag = live.current().tag
    open_draft(store, Edit("mill", content(), "ann"))
    put(store, "brand-new", content())
    wait_for(lambda: live.current().tag != tag)
    assert live.current().feature("mill").name["en"] == "Old mill"


def test_what_is_set_for_later_appears_without_a_further_write(live: LiveCatalogue, store: Store) -> None:
    put(store, "later", content(), publish_at=datetime.now(UTC) + timedelta(seconds=1))
    put(store, "now", content())
    wait_for(lambda: "now" in live.current().features)
    wait_for(lambda: "later" in live.current().features)


def test_pages_change_with_what_is_published(settings: Settings, store: Store) -> None:
    client = create_app(settings).test_client()
    assert "Old mill" in client.get("/en/sites/mill").text
    put(store, "mill", content())
    wait_for(lambda: "New mill" in client.get("/en/sites/mill").text)
    assert client.get("/ready").get_json()["store"] == "ok"


def test_a_visitor_after_a_long_silence_meets_no_old_map(live: LiveCatalogue, store: Store) -> None:
    put(store, "brand-new", content())
    wait_for(lambda: "brand-new" in live.newest.features)  # nobody asked meanwhile


def test_a_feature_that_this_city_refuses_is_left_out_and_told(
    settings: Settings, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    put(store, "mill", content(kind="castle"))
    put(store, "nowhere", content(layer="gone"))
    put(store, "brand-new", content())
    live = LiveCatalogue(settings)
    assert live.current().feature("mill").name["en"] == "Old mill"
    assert "brand-new" in live.current().features
    assert sorted(fault.split(": ")[0] for fault in live.faults) == [
        'published feature "mill"',
        'published feature "nowhere"',
    ]


@pytest.mark.parametrize("prefix", ["", "/zh"])
def test_a_broken_database_leaves_the_folders_map_and_says_so(
    toy_city: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, prefix: str
) -> None:
    (tmp_path / "toy.sqlite").write_bytes(b"broken" * 999)
    client = create_app(Settings(geodata=toy_city, var=tmp_path)).test_client()
    page = client.get(f"{prefix}/sites/mill", follow_redirects=True)
    assert "老磨坊" in page.text
    assert "store-lost" in page.text
    assert client.get("/ready").get_json()["store"] == "lost"
    assert "the database cannot be read" in client.get("/health").get_json()["faults"][0]
    assert "file is not a database" in caplog.text
    assert str(tmp_path) not in client.get("/health").text


def test_a_missing_database_is_no_fault_and_none_is_made(toy_city: Path, tmp_path: Path) -> None:
    client = create_app(Settings(geodata=toy_city, var=tmp_path / "var")).test_client()
    assert client.get("/ready").get_json() == {
        "ready": True,
        "snapshot": build_catalogue(Settings(geodata=toy_city)).tag,
        "store": "none",
        "faults": [],
    }
    assert "store-lost" not in client.get("/zh/").text
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("trace", ["secret", "media/a.webp"])
def test_a_missing_database_beside_which_staff_left_something_is_lost(
    toy_city: Path, tmp_path: Path, trace: str
) -> None:
    var = tmp_path / "var"
    (var / trace).parent.mkdir(parents=True)
    (var / trace).write_bytes(b"x")
    client = create_app(Settings(geodata=toy_city, var=var)).test_client()
    assert client.get("/ready").get_json()["store"] == "lost"
    assert "store-lost" in client.get("/zh/").text
    (var / "other.sqlite").write_bytes(b"")  # of another city, which the traces may be of
    assert create_app(Settings(geodata=toy_city, var=var)).test_client().get("/ready").get_json()["store"] == "none"


def test_pages_say_so_from_when_the_database_is_lost_until_it_is_back(toy_city: Path, tmp_path: Path) -> None:
    store = open_store("", tmp_path, "toy")
    put(store, "mill", content())
    store.close()
    client = create_app(sqlite_settings(toy_city, tmp_path)).test_client()
    pages = ("/en/sites/mill", "/zh/", "/en/embed/")
    assert not any("store-lost" in client.get(page).text for page in pages)
    (tmp_path / "toy.sqlite").rename(tmp_path / "away")
    wait_for(lambda: all("store-lost" in client.get(page).text for page in pages))
    (tmp_path / "away").rename(tmp_path / "toy.sqlite")
    wait_for(lambda: not any("store-lost" in client.get(page).text for page in pages))


def sqlite_settings(toy_city: Path, tmp_path: Path) -> Settings:
    return Settings(geodata=toy_city, var=tmp_path, store_recheck_s=0.02)


def test_a_database_that_vanishes_keeps_what_was_shown_and_returns(toy_city: Path, tmp_path: Path) -> None:
    settings = sqlite_settings(toy_city, tmp_path)
    store = open_store("", tmp_path, "toy")
    put(store, "mill", content())
    store.close()
    live = LiveCatalogue(settings)
    live.current()
    tag, file = live.current().tag, tmp_path / "toy.sqlite"
    file.rename(tmp_path / "away")
    wait_for(lambda: live.current().is_store_lost)
    assert live.faults != ()
    assert live.current().feature("mill").name == NEW
    assert (live.current().tag, live.current().edition) == (tag, f"{tag}-lost")
    (tmp_path / "away").rename(file)
    wait_for(lambda: not live.current().is_store_lost)
    assert live.faults == ()
    assert live.current().feature("mill").name == NEW


def overwrite(file: Path, content: bytes) -> None:
    """Write into a file where it lies: it stays the same file."""
    with file.open("r+b") as opened:
        opened.write(content)


def test_a_database_that_turns_to_garbage_while_serving_is_lost_until_it_is_right_again(
    toy_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(store_watch, "READ_ANEW_S", 0.05)
    store, file = open_store("", tmp_path, "toy"), tmp_path / "toy.sqlite"
    put(store, "mill", content())
    store.close()
    client, right = create_app(sqlite_settings(toy_city, tmp_path)).test_client(), file.read_bytes()
    assert client.get("/ready").get_json()["store"] == "ok"
    overwrite(file, b"garbage" * (len(right) // 7))
    wait_for(lambda: client.get("/ready").get_json()["store"] == "lost")
    time.sleep(0.2)  # it stays lost, although what was read of it is known by heart
    assert client.get("/ready").get_json()["store"] == "lost"
    assert "New mill" in client.get("/en/sites/mill").text
    assert client.get("/en/staff/login").status_code == 503
    assert "cityatlas restore FILE" in caplog.text
    overwrite(file, right)
    wait_for(lambda: client.get("/ready").get_json()["store"] == "ok")
    assert "New mill" in client.get("/en/sites/mill").text


def test_a_row_is_read_every_few_seconds_and_not_at_each_look(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "mill", content())
    now, reads = [100.0], [0]

    def counted(of: Store) -> None:
        reads[0] += of is store  # applications of other tests may still look at theirs
        read_anew(of)

    monkeypatch.setattr(store_watch, "read_anew", counted)
    side = PublicSide(store, tmp_path, lambda: now[0])
    side.read()
    for _ in range(100):  # ten seconds of looks
        assert not side.has_changed()
        now[0] += 0.1
    assert reads == [1]
    now[0] += 10
    assert not side.has_changed()
    assert reads == [2]


def test_a_database_laid_in_its_place_is_read(toy_city: Path, tmp_path: Path) -> None:
    store = open_store("", tmp_path / "other", "toy")
    put(store, "mill", content())
    store.close()
    live = LiveCatalogue(sqlite_settings(toy_city, tmp_path))
    live.current()
    (tmp_path / "other" / "toy.sqlite").rename(tmp_path / "toy.sqlite")
    wait_for(lambda: live.current().feature("mill").name == NEW)


def test_nobody_watches_for_a_catalogue_that_is_gone(toy_city: Path, tmp_path: Path) -> None:
    before = {thread for thread in threading.enumerate() if thread.name == "cityatlas-watch"}
    live = LiveCatalogue(sqlite_settings(toy_city, tmp_path))
    live.current()
    (own,) = {thread for thread in threading.enumerate() if thread.name == "cityatlas-watch"} - before
    del live
    gc.collect()
    own.join(20)
    assert not own.is_alive()


def test_a_locked_folder_does_not_stop_the_map(toy_city: Path, tmp_path: Path) -> None:
    store = open_store("", tmp_path / "var", "toy")
    put(store, "mill", content())
    store.close()
    (tmp_path / "var").chmod(0o500)
    try:
        live = LiveCatalogue(sqlite_settings(toy_city, tmp_path / "var"))
        assert "mill" in live.current().features
        assert live.current().feature("mill").name == NEW or os.getuid() != 0  # root may read what is locked
    finally:
        (tmp_path / "var").chmod(0o700)


def test_an_overlay_moves_a_feature_to_another_layer(toy_city: Path) -> None:
    row = feature("mill", "project", NEW, point(121.0))
    catalogue = build_catalogue(Settings(geodata=toy_city), Overlay("x", {"mill": ("works", row)}))
    assert [f.id for f in catalogue.layers["works"].features] == ["old-town", "school", "mill"]
    assert "mill" not in [f.id for f in catalogue.layers["sights"].features]


def test_a_hidden_successor_is_succeeded_by_nobody(tmp_path: Path) -> None:
    rows = works()
    folder = write_city(tmp_path / "city", works=rows)
    toml = folder / "city.toml"
    toml.write_text(toml.read_text("utf-8").replace('old-mill = "mill"', 'old-school = "school"'), "utf-8")
    (folder / "figures.json").write_text('{"figures": []}', "utf-8")
    sights = (folder / "sights.geojson").read_text("utf-8").replace('"figures": ["visits"]', '"figures": []')
    (folder / "sights.geojson").write_text(sights, "utf-8")
    catalogue = build_catalogue(Settings(geodata=folder), Overlay("x", {}, frozenset({"school"})))
    assert catalogue.city.retired == {"old-school": "", "school": ""}


def test_a_change_is_checked_as_a_file_is_and_against_the_others(toy_city: Path) -> None:
    catalogue = build_catalogue(Settings(geodata=toy_city))
    assert [str(fault) for fault in change_faults(catalogue, "mill", content())] == []
    assert [str(fault) for fault in change_faults(catalogue, "old-mill", content())] == [
        'id "old-mill" was withdrawn in city.toml; choose another'
    ]
    assert [str(fault) for fault in change_faults(catalogue, "mill", content(layer="gone"))] == [
        '"gone" is no layer; there are sights, works'
    ]
    assert "is not a kind" in str(change_faults(catalogue, "mill", content(kind="castle"))[0])
    assert [str(fault) for fault in change_faults(catalogue, "mill", content(figures=["none"]))] == [
        'figure "none" is not in figures.json'
    ]
    assert [str(fault) for fault in change_faults(catalogue, "mill", content(stops=["mill", "none"]))] == [
        'stop "none" is in no layer'
    ]
    assert [str(fault) for fault in change_faults(catalogue, "mill", None)] == [
        'is a stop of route "boat-tour"; take it out there first',
        'figure "talks" in figures.json is about it',
    ]
    assert [str(fault) for fault in change_faults(catalogue, "old-town", None)] == []


def test_postgresql_tells_of_a_write_at_once_and_again_after_it_was_away(postgres: URL, tmp_path: Path) -> None:
    url = new_database(postgres, "notices").render_as_string(hide_password=False)
    one, other = (open_store(url, tmp_path / name, "toy") for name in ("one", "other"))
    notices = Notices(one, threading.Event())
    one.prepare()
    assert not notices.wait(0.01)  # it begins to listen
    put(other, "mill", content())
    assert notices.wait(0.9)
    with one.looking() as connection:
        away = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN cityatlas'"
        assert connection.execute(sql(away)).scalars().all() == [True]
    assert not notices.wait(0.01)  # it was cut off
    assert not notices.wait(0.01)  # and listens again
    put(other, "quay", content(kind="boat_stop"))
    assert notices.wait(0.9)
    notices.close()
    one.close()
    other.close()
