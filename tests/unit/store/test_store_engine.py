"""Check what the store promises about its database: order, locks, steps, and sentences for what goes wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from cityatlas.errors import InvalidValue, StoreUnavailable
from cityatlas.store import Edit, Order, Store, newest_public, open_draft, open_store, publish_content, published
from cityatlas.versioning.content import content_of

EMPTY = content_of("sights", None, {"name": {"zh": "空"}})
WRITER = """
import sys
from pathlib import Path
from cityatlas.versioning.content import content_of
from cityatlas.store import Edit, open_draft, open_store
store = open_store(sys.argv[1], Path(sys.argv[2]), "toy")
for number in range(int(sys.argv[3])):
    open_draft(store, Edit(f"{sys.argv[4]}-{number}", content_of("sights", None, {}), sys.argv[4]))
"""


def address_of(store: Store) -> str:
    return "" if store.path else store.url.render_as_string(hide_password=False)


def test_nothing_is_made_until_somebody_writes(tmp_path: Path) -> None:
    store = open_store("", tmp_path / "var", "toy")
    assert not store.exists()
    assert not (tmp_path / "var").exists()
    open_draft(store, Edit("mill", EMPTY, "ann"))
    assert (tmp_path / "var" / "toy.sqlite").is_file()
    store.close()


def test_several_processes_that_begin_and_write_at_once_lose_nothing(store: Store, tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITER, address_of(store), str(tmp_path / "var"), "20"]
    writers = [subprocess.Popen([*command, name], env=dict(os.environ)) for name in ("one", "two", "three")]
    assert [writer.wait(120) for writer in writers] == [0, 0, 0]
    with store.reading() as connection:
        rows = connection.execute(text("SELECT number, author FROM revisions ORDER BY number")).all()
    assert [row.number for row in rows] == list(range(1, 61))
    assert sorted({row.author for row in rows}) == ["one", "three", "two"]


def test_no_reader_sees_a_number_before_a_smaller_one(store: Store) -> None:
    store.prepare()
    seen: list[list[int]] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            with store.reading() as connection:
                seen.append(list(connection.execute(text("SELECT number FROM revisions ORDER BY number")).scalars()))

    def write(name: str) -> None:
        for number in range(15):
            publish_content(store, f"{name}-{number}", EMPTY, 0, Order(name))

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(name,)) for name in ("one", "two")]
    reader.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    is_over.set()
    reader.join()
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in seen)
    assert newest_public(store) == 30


def test_a_read_sees_one_moment_however_long_it_takes(store: Store) -> None:
    publish_content(store, "one", EMPTY, 0, Order("ann"))
    count = text("SELECT count(*) FROM revisions")
    with store.reading() as connection:
        before = connection.execute(count).scalar()
        publish_content(store, "two", EMPTY, 0, Order("ann"))
        assert connection.execute(count).scalar() == before == 1
    assert published(store).number == 2


def test_an_error_in_a_write_leaves_nothing(store: Store) -> None:
    store.prepare()

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        publish_content(store, "one", EMPTY, 0, Order("ann", origin=EMPTY, check=fail))
    with store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM origins")).scalar() == 0


def test_a_database_of_a_newer_program_is_refused_and_not_touched(store: Store) -> None:
    open_draft(store, Edit("mill", EMPTY, "ann"))
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    newer = open_store(address_of(store), store.path.parent if store.path else Path(), "toy")
    with pytest.raises(StoreUnavailable, match="of a newer program"):
        newer.prepare()
    newer.close()


def test_foreign_keys_hold(store: Store) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), store.writing() as connection:
        connection.execute(
            text(
                "INSERT INTO revisions (number, feature_id, layer, properties, author, made_at, comment, state, branch,"
                " based_on, previous) VALUES (1, 'a', 'b', '{}', 'c', 'd', '', 'draft', 'nobody', 0, 0)"
            )
        )


def test_sqlite_is_durable_and_waits_for_others(tmp_path: Path) -> None:
    store = open_store("", tmp_path, "toy")
    with store.reading() as connection:
        said = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "recursive_triggers")
        }
    store.close()
    assert said == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
        "recursive_triggers": 1,
    }


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to be looked at" * 99, b"SQLite format 3\x00" * 99]
)
def test_a_broken_file_is_told_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "toy.sqlite").write_bytes(content)
    store = open_store("", tmp_path, "toy")
    with pytest.raises(StoreUnavailable, match="cannot be used: "):
        open_draft(store, Edit("mill", EMPTY, "ann"))
    store.close()
    assert (tmp_path / "toy.sqlite").read_bytes() == content


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreUnavailable, match="cannot be made"):
        open_draft(open_store("", tmp_path / "file" / "var", "toy"), Edit("mill", EMPTY, "ann"))


def test_a_server_that_does_not_answer_is_told(tmp_path: Path) -> None:
    store = open_store("postgresql://nobody@127.0.0.1:1/none", tmp_path, "toy")
    with pytest.raises(StoreUnavailable, match="cannot be used: "):
        newest_public(store)


@pytest.mark.parametrize("url", ["not an address", "oracle+nothing://x", "postgresql://:::"])
def test_an_address_of_no_database_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(InvalidValue, match="CITYATLAS_DATABASE_URL"):
        open_store(url, tmp_path, "toy")


def test_a_disk_that_takes_writes_again_is_written_to_without_a_new_start(tmp_path: Path) -> None:
    """SQLite opens a file for reading alone while its disk is read-only; such a connection must not be kept."""
    store = open_store("", tmp_path, "toy")
    open_draft(store, Edit("mill", EMPTY, "ann"))
    with store.looking() as kept:
        kept.exec_driver_sql("PRAGMA query_only = ON")  # refuses what is written with the same code
    with pytest.raises(StoreUnavailable, match="readonly"):
        open_draft(store, Edit("quay", EMPTY, "ann"))
    listed = subprocess.run(["ls", "-l", f"/proc/{os.getpid()}/fd"], capture_output=True, text=True, check=True).stdout
    assert str(tmp_path) not in listed  # one that is left open would keep the log's index read-only for all others
    open_draft(store, Edit("quay", EMPTY, "ann"))
    store.close()
