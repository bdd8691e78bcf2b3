"""Slow down guessing: count failed logins by account and by address, in the database that all processes share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from ..limits import FIRST_WAIT_S, LONGEST_WAIT_MIN
from .account_tables import attempts
from .accounts import digest
from .engine import Store
from .revisions import moment_text

LONGEST_WAIT_S = LONGEST_WAIT_MIN * 60
KEPT = timedelta(days=1)  # after a day without a failure all are free again
AHEAD = timedelta(minutes=1)  # a failure that is further ahead was noted by a clock that has been put right since


@dataclass(frozen=True)
class Count:
    """Name what is counted, and how many failures pass without a wait."""

    name: str
    free: int


def begin_attempt(store: Store, counts: Sequence[Count]) -> int:
    """Return the seconds to wait before this attempt, 0 when it may go on: then it counts as failed at once.

    It counts before the password is looked at, so that attempts side by side cannot slip through together.
    One that has to wait counts for nothing, and its password must not be looked at.
    """
    with store.writing() as connection:
        now = store.now(connection)
        _forget_old(connection, now)
        wait_s = max(_wait_s(connection, count, now) for count in counts)
        if wait_s == 0:
            for count in counts:
                _add_failure(connection, count, now)
    return wait_s


def end_attempt(store: Store, succeeded: Count, shared: Sequence[Count]) -> None:
    """Forget the failures of whom the password let in; of what others share, take only this attempt back."""
    with store.writing() as connection:
        connection.execute(delete(attempts).where(attempts.c.key == digest(succeeded.name)))
        for count in shared:
            failures = max(_failures(connection, count) - 1, 0)
            now = moment_text(store.now(connection))
            chosen = update(attempts).where(attempts.c.key == digest(count.name))
            connection.execute(chosen.values(failures=failures, next_at=now))


def forget_old(store: Store) -> None:
    """Delete counts that are a day old, or ahead of the clock. Raises StoreUnavailable when nothing can be written."""
    with store.writing() as connection:
        _forget_old(connection, store.now(connection))


def _forget_old(connection: Connection, now: datetime) -> None:
    """Delete counts of old, and of a wrong clock's future: nobody waits for a moment that is hours ahead."""
    is_old = attempts.c.last_at < moment_text(now - KEPT)
    connection.execute(delete(attempts).where(is_old | (attempts.c.last_at > moment_text(now + AHEAD))))


def _wait_s(connection: Connection, count: Count, now: datetime) -> int:
    """Return the seconds, rounded up, until the next attempt; whatever the clock did, not more than the longest."""
    chosen = select(attempts.c.next_at).where(attempts.c.key == digest(count.name))
    next_at: str | None = connection.execute(chosen).scalar()
    if next_at is None or next_at <= moment_text(now):
        return 0
    return min(math.ceil((datetime.fromisoformat(next_at) - now).total_seconds()), LONGEST_WAIT_S)


def _add_failure(connection: Connection, count: Count, now: datetime) -> None:
    failures = _failures(connection, count) + 1
    over = failures - count.free
    wait_s = min(FIRST_WAIT_S * 2 ** min(over, 10), LONGEST_WAIT_S) if over >= 0 else 0
    moments = {"next_at": moment_text(now + timedelta(seconds=wait_s)), "last_at": moment_text(now)}
    key = digest(count.name)
    chosen = update(attempts).where(attempts.c.key == key).values(failures=failures, **moments)
    if not connection.execute(chosen).rowcount:
        connection.execute(insert(attempts).values(key=key, failures=failures, **moments))


def _failures(connection: Connection, count: Count) -> int:
    chosen = select(attempts.c.failures).where(attempts.c.key == digest(count.name))
    return int(connection.execute(chosen).scalar() or 0)
