"""Copy a store in use and fill an empty one, within and between databases; refuse what is not whole."""

from __future__ import annotations

import gzip
import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from cityatlas.errors import InvalidValue, StoreUnavailable
from cityatlas.store import Edit, Order, Store, back_up, open_draft, open_store, publish, published, restore_backup
from cityatlas.store.backup import Tally
from cityatlas.versioning.content import canonical, content_of
from postgres import new_database
from toy import point


@pytest.fixture
def filled(store: Store) -> Store:
    """Return a store with a draft, a published revision and a kept origin."""
    geodata = content_of("sights", point(121.0), {"name": {"zh": "老磨坊"}})
    edited = content_of("sights", point(121.0), {"name": {"zh": "新磨坊"}})
    draft = open_draft(store, Edit("mill", edited, "ann"), geodata).revision
    publish(store, str(draft.branch), draft.number, Order("editor", origin=geodata))
    open_draft(store, Edit("hall", edited, "bob"), geodata)
    return store


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Return a second store, of both kinds, for each kind of the first."""
    url = ""
    if request.param == "postgresql":
        server: URL = request.getfixturevalue("postgres")
        url = new_database(server, f"empty-{tmp_path.name[-40:]}").render_as_string(hide_password=False)
    opened = open_store(url, tmp_path / "second", "toy")
    yield opened
    opened.close()


def test_a_copy_restores_into_either_database(filled: Store, empty: Store, tmp_path: Path) -> None:
    counts = back_up(filled, tmp_path / "copy.gz")
    assert (counts["revisions"], counts["branches"], counts["origins"]) == (3, 2, 1)
    assert restore_backup(empty, tmp_path / "copy.gz") == counts
    assert published(empty).text == published(filled).text
    again = back_up(empty, tmp_path / "again.gz")
    assert again == counts
    assert end_of(tmp_path / "again.gz") == end_of(tmp_path / "copy.gz")


def test_a_restored_store_goes_on_and_still_forbids_changes(filled: Store, empty: Store, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "copy.gz")
    restore_backup(empty, tmp_path / "copy.gz")
    added = open_draft(empty, Edit("quay", content_of("sights", None, {"name": {"zh": "渡口"}}), "ann"))
    assert added.revision.number == 4
    with pytest.raises(Exception, match="never changed"), empty.writing() as connection:
        connection.execute(text("DELETE FROM revisions"))


def test_only_its_owner_may_read_a_copy(filled: Store, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "copy.gz")
    assert stat.S_IMODE((tmp_path / "copy.gz").stat().st_mode) == 0o600
    if filled.path:
        assert stat.S_IMODE(filled.path.stat().st_mode) == 0o600


def test_a_store_that_holds_something_is_not_restored_into(filled: Store, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "copy.gz")
    with pytest.raises(StoreUnavailable, match="not empty"):
        restore_backup(filled, tmp_path / "copy.gz")
    assert published(filled).number == 2


def end_of(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode().splitlines()[-1]


def rewrite(path: Path, old: str, new: str) -> None:
    """Change what a copy says, and zip it again."""
    content = gzip.decompress(path.read_bytes()).decode()
    assert old in content
    path.write_bytes(gzip.compress(content.replace(old, new).encode()))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("新磨坊", "假磨坊", "not whole"),
        ('"cityatlas_backup":1', '"cityatlas_backup":9', "no backup"),
        ('"city":"toy"', '"city":"other"', 'of the city "other"'),
        ('"counts"', '"sums"', "not whole"),
    ],
)
def test_a_copy_that_was_changed_is_refused(filled: Store, tmp_path: Path, old: str, new: str, told: str) -> None:
    back_up(filled, tmp_path / "copy.gz")
    rewrite(tmp_path / "copy.gz", old, new)
    empty = open_store("", tmp_path / "second", "toy")
    with pytest.raises(InvalidValue, match=told):
        restore_backup(empty, tmp_path / "copy.gz")
    assert not empty.exists()


@pytest.mark.parametrize("cut", [0, 20, -9])
def test_half_a_copy_is_refused(filled: Store, tmp_path: Path, cut: int) -> None:
    back_up(filled, tmp_path / "copy.gz")
    whole = (tmp_path / "copy.gz").read_bytes()
    (tmp_path / "copy.gz").write_bytes(whole[:cut])
    with pytest.raises(InvalidValue):
        restore_backup(open_store("", tmp_path / "second", "toy"), tmp_path / "copy.gz")


def test_a_copy_of_a_newer_program_is_refused(filled: Store, tmp_path: Path) -> None:
    back_up(filled, tmp_path / "copy.gz")
    rewrite(tmp_path / "copy.gz", '"step":"', '"step":"9')
    with pytest.raises(StoreUnavailable, match="newer program"):
        restore_backup(open_store("", tmp_path / "second", "toy"), tmp_path / "copy.gz")


def test_a_copy_that_cannot_be_written_leaves_nothing(filled: Store, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="cannot be written"):
        back_up(filled, tmp_path / "nowhere" / "copy.gz")
    assert not (tmp_path / "nowhere").exists()


def test_nothing_to_copy_is_told(store: Store, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable):
        back_up(store, tmp_path / "copy.gz")
    assert not (tmp_path / "copy.gz").exists()


def test_a_copy_is_written_over_neither_the_database_nor_a_foreign_file(filled: Store, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("mine")
    goals = [tmp_path / "letter"]
    if filled.path:
        (tmp_path / "link").symlink_to(filled.path)
        (tmp_path / "hard").hardlink_to(filled.path)
        beside = [filled.path.with_name(f"{filled.path.name}{end}") for end in ("-wal", "-shm")]
        goals += [filled.path, tmp_path / "link", tmp_path / "hard", *beside]
    for goal in goals:
        before = goal.read_bytes() if goal.exists() else b""
        with pytest.raises(InvalidValue):
            back_up(filled, goal)
        assert (goal.read_bytes() if goal.exists() else b"") == before, goal
    assert len(published(filled).revisions) == 1
    back_up(filled, tmp_path / "copy.gz")
    back_up(filled, tmp_path / "copy.gz")  # a backup may take the place of an older one


ROW = '{"table":"branches","row":%s}'


@pytest.mark.parametrize(
    "lines",
    [
        ["[]"],
        ["3"],
        ['{"cityatlas_backup":1}'],
        ['{"cityatlas_backup":1,"city":7,"step":"0001"}'],
        [ROW % "{}"],
        [ROW % "[]"],
        [ROW % '"x"'],
        [ROW % '{"id":"x","feature_id":null,"owner":"o","opened_at":"t"}'],
        [ROW % '{"nothing":1}'],
        ["[" * 100_000],
    ],
)
def test_a_malformed_copy_is_refused_in_words_and_leaves_nothing(
    empty: Store, tmp_path: Path, lines: list[str]
) -> None:
    tally = Tally()
    if "table" in lines[0]:
        tally.add("branches", canonical(json.loads(lines[0])))
        lines = ['{"cityatlas_backup":1,"city":"toy","step":"0001"}', *lines]
    lines.append(canonical(tally.end))
    with gzip.open(tmp_path / "copy.gz", "wt") as file:
        file.write("\n".join(lines) + "\n")
    with pytest.raises(InvalidValue):
        restore_backup(empty, tmp_path / "copy.gz")
