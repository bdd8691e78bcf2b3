"""Remember who has a feature open, for a minute and no longer, on every host of one database, and at nobody's cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from cityatlas.limits import PRESENT_S
from cityatlas.store import Store, open_store
from cityatlas.store.people.accounts import Account, NewAccount, add_account
from cityatlas.store.people.presence import present_at, tell_presence

NINE = datetime(2026, 12, 5, 1, tzinfo=UTC)
OpenHost = Callable[[], Store]


@pytest.fixture
def host(database_url: str, tmp_path: Path) -> Iterator[OpenHost]:
    """Open the one database as a host of its own does."""
    opened: list[Store] = []

    def open_host() -> Store:
        opened.append(open_store(database_url, tmp_path / "var", "toy"))
        return opened[-1]

    yield open_host
    for store in opened:
        store.close()


@pytest.fixture
def people(host: OpenHost) -> dict[str, Account]:
    return {login: add_account(host(), NewAccount(login, "editor")) for login in ("ann", "coco", "ed")}


@contextmanager
def at(moment: datetime, *stores: Store) -> Iterator[None]:
    """Let stores tell a moment."""
    for store in stores:
        store._clock = lambda: moment
    yield
    for store in stores:
        store._clock = None


def rows(store: Store) -> list[str]:
    with store.reading() as connection:
        return list(connection.execute(text("SELECT feature_id FROM presences ORDER BY feature_id")).scalars())


def test_who_tells_one_host_is_seen_on_the_other_once(host: OpenHost, people: dict[str, Account]) -> None:
    one, other = host(), host()
    for store, login in ((one, "ed"), (one, "ed"), (other, "ann"), (one, "ed")):
        tell_presence(store, "mill", people[login])
    tell_presence(one, "hall", people["coco"])
    assert [present_at(store, "mill") for store in (one, other)] == [["ann", "ed"]] * 2
    assert rows(other) == ["hall", "mill", "mill"]


@pytest.mark.parametrize("later_s", [PRESENT_S + 1, -PRESENT_S - 1], ids=["a minute on", "by a clock put back"])
def test_whoever_left_is_seen_no_more_and_goes_when_anybody_tells(
    host: OpenHost, people: dict[str, Account], later_s: int
) -> None:
    one, other = host(), host()
    with at(NINE, one):
        tell_presence(one, "mill", people["coco"])
    with at(NINE + timedelta(seconds=later_s), one, other):
        assert present_at(other, "mill") == []
        tell_presence(other, "hall", people["ann"])
        assert (present_at(one, "hall"), rows(one)) == (["ann"], ["hall"])


def test_one_that_cannot_be_told_is_dropped_while_others_write(host: OpenHost, people: dict[str, Account]) -> None:
    busy, one = host(), host()
    with busy.writing() if busy.path else busy.noting():
        tell_presence(one, "mill", people["ed"])
        assert present_at(one, "mill") == []
    tell_presence(one, "mill", people["ed"])
    assert present_at(busy, "mill") == ["ed"]


def test_one_that_cannot_be_told_is_dropped_where_nothing_can_be_written(
    host: OpenHost, people: dict[str, Account]
) -> None:
    one = host()
    name = one.url.database
    with one.writing() as connection:
        if not one.path:
            connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
    one.close()
    if one.path:
        with one.looking() as kept:
            kept.exec_driver_sql("PRAGMA query_only = ON")
    tell_presence(one, "mill", people["ed"])
    assert present_at(one, "mill") == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_on_postgresql_it_goes_beside_a_write_and_wakes_no_server(host: OpenHost, people: dict[str, Account]) -> None:
    one, other = host(), host()
    with other.listen() as hearing:
        with other.writing():
            tell_presence(one, "mill", people["ed"])
            assert present_at(one, "mill") == ["ed"]
        assert len(list(hearing.notifies(timeout=0.2))) == 1  # of the write
