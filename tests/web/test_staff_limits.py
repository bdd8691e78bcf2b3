"""Guess passwords at two servers of one database in turn: both count together, by account and by address."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from staff import PASSWORD, desk_settings, login_status, make_desk

Try = Callable[[str, str, str], int]


@pytest.fixture(scope="module")
def processes() -> Iterator[list[ProcessPoolExecutor]]:
    """Return two processes; each makes a server of its own for each database that it is asked about."""
    pools = [ProcessPoolExecutor(1, get_context("spawn")) for _ in range(2)]
    yield pools
    for pool in pools:
        pool.shutdown()


@pytest.fixture
def attempt(processes: list[ProcessPoolExecutor], tmp_path: Path, database_url: str) -> Try:
    """Return what tries a login at the one process and the other by turns, each with a server of its own."""
    make_desk(tmp_path, database_url)
    settings = desk_settings(tmp_path, database_url)
    turns = itertools.cycle(processes)
    return lambda login, password, address: (
        next(turns).submit(login_status, settings, login, password, address).result(60)
    )


def test_an_account_is_guessed_at_five_times_from_wherever(attempt: Try) -> None:
    assert [attempt("ed", "wrong", f"203.0.113.{n}") for n in range(7)] == [401] * 5 + [429] * 2
    assert attempt("ed", PASSWORD, "198.51.100.7") == 429
    assert attempt("coco", PASSWORD, "198.51.100.7") == 303


def test_a_household_guesses_twenty_times_however_many_addresses_it_has(attempt: Try) -> None:
    addresses = (f"2001:db8:1:2:{n:x}::{n + 1:x}" for n in range(22))
    assert [attempt(f"nobody{n}", "wrong", address) for n, address in enumerate(addresses)] == [401] * 20 + [429] * 2
    assert attempt("ed", PASSWORD, "2001:db8:1:2::9") == 429
    assert attempt("ed", PASSWORD, "2001:db8:1:3::9") == 303
    assert [attempt(f"other{n}", "wrong", "203.0.113.9") for n in range(21)] == [401] * 20 + [429]
    assert attempt("coco", PASSWORD, "203.0.113.10") == 303
