"""Damage the database, or take tables away: the public map is served and says so, the desk says why it is shut."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import URL, create_engine
from sqlalchemy import text as sql

from cityatlas.app import create_app
from cityatlas.catalogue.live import LiveCatalogue
from cityatlas.settings import Settings
from cityatlas.store import Order, moment_text, publish_content, published, renewed
from cityatlas.store.engine import Store
from postgres import new_database
from staff import desk_settings, logged_in, make_desk, store_of
from staff_desk import content, put, words
from toy import text

NEW = text("新", "New words")


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """Return a desk at which the mill and the hall were changed."""
    made = make_desk(tmp_path)
    put(made, "mill", summary=NEW)
    put(made, "hall", summary=NEW)
    return made


def live_of(app: Flask) -> LiveCatalogue:
    live: LiveCatalogue = app.extensions["cityatlas_live"]
    return live


def spoil(folder: Path, *statements: tuple[Any, ...]) -> None:
    """Change rows past the triggers that forbid it, and leave one file."""
    connection = sqlite3.connect(folder / "var" / "toy.sqlite")
    connection.execute("DROP TRIGGER IF EXISTS revisions_no_UPDATE")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    for statement in statements:
        connection.execute(*statement)
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def wait_for(is_so: Callable[[], bool]) -> None:
    end_s = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end_s, "it did not come to be"
        time.sleep(0.02)


@pytest.mark.parametrize(
    "value",
    ['{"broken', b'{"name": "\xff\xfe"}', "[]", None, 7, '"' * 9],
    ids=["cut", "bytes", "list", "7", "null", "q"],
)
def test_a_damaged_row_is_left_out_alone_and_told(app: Flask, tmp_path: Path, value: object) -> None:
    live_of(app).close()
    if value is None:
        spoil(tmp_path, ("UPDATE revisions SET state = X'ff' WHERE number = 1",))
    elif isinstance(value, bytes):
        spoil(tmp_path, ("UPDATE revisions SET properties = CAST(? AS TEXT) WHERE number = 1", (value,)))
    else:
        spoil(tmp_path, ("UPDATE revisions SET properties = ? WHERE number = 1", (value,)))
    anew = create_app(desk_settings(tmp_path))
    features = live_of(anew).current().features
    assert features["mill"].summary["en"] == "A mill by the water."
    assert features["hall"].summary == NEW
    assert "revision 1 is damaged in the database" in live_of(anew).faults[0]
    client = anew.test_client()
    assert words(client.get("/en/sites/mill"), ".store-lost") != ""
    assert "revision 1 is damaged" in client.get("/ready").get_json()["faults"][0]


def test_the_desk_tells_of_a_damaged_row_in_words(app: Flask, tmp_path: Path) -> None:
    client = logged_in(app, "ann")
    spoil(tmp_path, ("UPDATE revisions SET properties = '{' WHERE number = 1",))
    answer = client.get("/en/staff/features/mill/history")
    assert (answer.status_code, "damaged" in words(answer)) == (503, True)
    assert client.get("/en/staff/features/hall/history").status_code == 200


def test_whatever_is_damaged_the_map_is_served_and_the_desk_opens_or_says_why(app: Flask, tmp_path: Path) -> None:
    number = 2
    for turn in range(30):
        words_now = text(str(turn), "w" * 300)
        order = Order("ed", origin=content(app, "quay"))
        number = publish_content(
            store_of(app), "quay", content(app, "quay", summary=words_now), number if turn else 0, order
        ).revision.number
    live_of(app).close()
    spoil(tmp_path)
    file, dice = tmp_path / "var" / "toy.sqlite", random.Random(11)
    sound = file.read_bytes()
    for turn in range(40):
        damaged = bytearray(sound)
        at, length = dice.randrange(100, len(sound) - 3000), dice.choice((1, 4, 64, 1024))
        damaged[at : at + length] = dice.randbytes(length)
        for beside in ("-wal", "-shm"):
            file.with_name(f"{file.name}{beside}").unlink(missing_ok=True)
        file.write_bytes(damaged)
        anew = create_app(desk_settings(tmp_path))
        client = anew.test_client()
        assert client.get("/en/").status_code == 200, turn
        assert client.get("/en/sites/mill").status_code == 200, turn
        assert client.get("/en/staff/").status_code in (303, 503), turn
        live_of(anew).close()


def test_a_file_that_is_spoilt_while_people_are_logged_in_shuts_the_desk_in_words(app: Flask, tmp_path: Path) -> None:
    client, file = logged_in(app, "ann"), tmp_path / "var" / "toy.sqlite"
    store_of(app).close()
    spoil(tmp_path)
    with file.open("r+b") as opened:
        opened.seek(100)
        opened.write(os.urandom(8192))
    store_of(app).close()
    for address in ("/en/staff/", "/en/staff/me", "/en/staff/nothing", "/en/staff/features/mill"):
        answer = client.get(address)
        assert answer.status_code in (503, 404), address
        assert words(answer, "h1") != "", address


@pytest.fixture
def server_app(postgres: URL, tmp_path: Path) -> Flask:
    url = new_database(postgres, f"damage{time.monotonic_ns()}").render_as_string(hide_password=False)
    app = make_desk(tmp_path, url, store_recheck_s=0.05)
    put(app, "mill", summary=NEW)
    return app


def rename(app: Flask, table: str, name: str) -> None:
    settings: Settings = app.config["SETTINGS"]
    engine = create_engine(settings.database_url)
    with engine.begin() as connection:
        connection.execute(sql(f"ALTER TABLE {table} RENAME TO {name}"))
    engine.dispose()


def test_a_table_that_is_away_for_a_while_stops_neither_watching_nor_starting(server_app: Flask) -> None:
    live = live_of(server_app)
    live.current()
    rename(server_app, "revisions", "gone")
    wait_for(lambda: bool(live.faults))
    anew = create_app(server_app.config["SETTINGS"])
    assert anew.test_client().get("/ready").get_json()["store"] == "lost"
    rename(server_app, "gone", "revisions")
    wait_for(lambda: not live.faults)
    said = content(server_app, "mill", summary=text("后", "Afterwards"))
    publish_content(store_of(server_app), "mill", said, 1, Order("ed"))
    wait_for(lambda: live.current().features["mill"].summary["en"] == "Afterwards")
    live_of(anew).close()


def test_the_desk_without_a_table_is_shut_in_words(server_app: Flask) -> None:
    client = logged_in(server_app, "ann")
    rename(server_app, "sessions", "gone")
    for address in ("/en/staff/", "/en/staff/me", "/en/staff/nothing"):
        assert client.get(address).status_code in (503, 404), address
    assert client.get("/en/sites/mill").status_code == 200


def test_whatever_a_look_meets_the_next_one_is_taken(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    live = live_of(app)

    def fail(*_: object) -> datetime:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(live, "look_at_store", fail)
        live.watch()
        assert list(live.faults) == ["the store could not be looked at; the server's log says why"]
    live.watch()
    assert list(live.faults) == []


def test_a_clock_that_fails_at_the_first_look_leaves_the_folders_map(
    tmp_path: Path, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> datetime:
        raise OverflowError

    live_of(app).close()
    monkeypatch.setattr(Store, "read_clock", fail)
    live = LiveCatalogue(desk_settings(tmp_path))
    assert live.current().is_store_lost
    assert "mill" in live.current().features
    live.close()


def test_what_is_read_anew_is_what_was_read_from_the_start(app: Flask) -> None:
    before = published(store_of(app))
    later = datetime.now(UTC) + timedelta(hours=1)
    put(app, "quay", summary=NEW, order={"publish_at": later + timedelta(hours=1), "expires_at": None})
    put(app, "school", summary=NEW, order={"expires_at": later})
    put(app, "mill", 1, summary=text("又", "Again"))
    whole, anew = published(store_of(app)), renewed(store_of(app), before)
    assert (whole.revisions, whole.firsts, whole.digest) == (anew.revisions, anew.firsts, anew.digest)
    assert (whole.number, whole.text, whole.due) == (anew.number, anew.text, anew.due)
    assert renewed(store_of(app), anew).due == moment_text(later)
    kept = {r.feature_id: r for r in before.revisions}
    assert next(r for r in anew.revisions if r.feature_id == "hall") is kept["hall"]
