"""Let the clock jump ahead and be put right again: what came of the wrong hour does not outlive it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cityatlas.catalogue.store_watch import Overlay, PublicSide
from cityatlas.store import Order, Store, open_store, publish_content
from cityatlas.store.people.sessions import LONGEST_WAIT_S, Count, begin_attempt, forget_old
from cityatlas.versioning.content import Content, content_of
from toy import point

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ED = Count("account ed", free=3)


class Clock:
    """Tell a moment that only the test moves."""

    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(database_url: str, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """Return an empty store, on both databases, whose clock a test moves."""
    opened = open_store(database_url, tmp_path / "var", "toy", clock)
    yield opened
    opened.close()


@pytest.fixture
def public(store: Store, tmp_path: Path) -> PublicSide:
    return PublicSide(store, tmp_path / "var")


def mill(name: str) -> Content:
    return content_of("sights", point(121.0), {"name": {"zh": name}})


def looked(public: PublicSide) -> Overlay | None:
    """Return what visitors see after the watching thread looked once, or None when it saw no need to read."""
    return public.read() if public.has_changed() else None


def name_in(overlay: Overlay | None) -> str | None:
    """Return the name that the mill has; "" when it is not shown."""
    if overlay is None:
        return None
    return str(overlay.rows["mill"][1]["properties"]["name"]["zh"]) if "mill" in overlay.rows else ""


def test_a_place_that_was_over_by_a_wrong_clock_is_back_at_the_next_look(
    store: Store, public: PublicSide, clock: Clock
) -> None:
    order = Order("ed", expires_at=NOON + timedelta(hours=2))
    publish_content(store, "mill", mill("soon over"), 0, order)
    clock.now = NOON + timedelta(seconds=1)
    assert name_in(looked(public)) == "soon over"
    clock.now = NOON + timedelta(hours=5)
    assert name_in(looked(public)) == ""
    clock.now = NOON + timedelta(minutes=1)
    assert name_in(looked(public)) == "soon over"
    assert looked(public) is None  # once is enough
    clock.now = NOON + timedelta(hours=2)
    assert name_in(looked(public)) == ""


def test_what_began_and_ended_by_a_wrong_clock_gives_way_to_what_stood_before(
    store: Store, public: PublicSide, clock: Clock
) -> None:
    first = publish_content(store, "mill", mill("now"), 0, Order("ed")).revision.number
    later = Order("ed", publish_at=NOON + timedelta(hours=1), expires_at=NOON + timedelta(hours=2))
    publish_content(store, "mill", mill("a fair"), first, later)
    assert name_in(looked(public)) == "now"
    clock.now = NOON + timedelta(hours=5)
    assert name_in(looked(public)) == ""
    clock.now = NOON + timedelta(minutes=1)
    assert name_in(looked(public)) == "now"
    clock.now = NOON + timedelta(hours=1)
    assert name_in(looked(public)) == "a fair"


def locked_out(store: Store) -> None:
    """Fail until somebody has to wait for as long as there is."""
    for _ in range(12):
        begin_attempt(store, [ED])
        store._clock.now += timedelta(seconds=begin_attempt(store, [ED]))  # type: ignore[union-attr]
    begin_attempt(store, [ED])
    assert begin_attempt(store, [ED]) > LONGEST_WAIT_S - 2


def test_a_lock_out_by_a_wrong_clock_is_over_when_it_was_put_right(store: Store, clock: Clock) -> None:
    clock.now = NOON + timedelta(hours=20)
    locked_out(store)
    clock.now = NOON
    assert begin_attempt(store, [ED]) == 0
    assert [begin_attempt(store, [ED]) for _ in range(3)] == [0, 0, 30]  # and counting goes on as ever


def test_a_step_of_a_minute_lets_no_guesser_off_and_makes_nobody_wait_longer(store: Store, clock: Clock) -> None:
    locked_out(store)
    clock.now -= timedelta(seconds=60)
    assert begin_attempt(store, [ED]) == LONGEST_WAIT_S
    clock.now -= timedelta(seconds=1)
    forget_old(store)
    assert begin_attempt(store, [ED]) == 0
