"""Keep who is logged in, and slow down who guesses passwords."""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select, update

from ...limits import FIRST_WAIT_S, LONGEST_WAIT_MIN, SESSIONS_DAYS
from ..engine import Store
from ..log.revisions import moment_text
from ..tables import accounts, attempts, sessions
from .accounts import Account, digest, read_account

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
        now = store.read_clock(connection)
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
            now = moment_text(store.read_clock(connection))
            chosen = update(attempts).where(attempts.c.key == digest(count.name))
            connection.execute(chosen.values(failures=failures, next_at=now))


def forget_old(store: Store) -> None:
    """Delete counts that are a day old, or ahead of the clock. Raises StoreUnavailable when nothing can be written."""
    with store.writing() as connection:
        _forget_old(connection, store.read_clock(connection))


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


@dataclass(frozen=True)
class Session:
    """Hold one login; moments are UTC. `ended_at` is None while it was not ended by hand."""

    id: str
    made_at: str
    seen_at: str
    until: str
    ended_at: str | None
    network: str
    browser: str


def begin_session(store: Store, account: Account, network: str, browser: str, lasts: timedelta) -> str:
    """Log somebody in and return the random word for the cookie; rows that are too old to show go."""
    word = secrets.token_urlsafe(32)
    with store.writing() as connection:
        now = store.read_clock(connection)
        connection.execute(
            delete(sessions).where(sessions.c.made_at < moment_text(now - timedelta(days=SESSIONS_DAYS)))
        )
        connection.execute(
            insert(sessions).values(
                id=digest(word),
                account_id=account.id,
                epoch=account.session_epoch,
                made_at=moment_text(now),
                seen_at=moment_text(now),
                until=moment_text(now + lasts),
                network=network,
                browser=browser,
            )
        )
    return word


def find_session(store: Store, word: str) -> tuple[Account, Session] | None:
    """Return who a cookie's word stands for, or None when that session is over for whatever reason."""
    with store.reading() as connection:
        moment = moment_text(store.read_clock(connection))
        joined = sessions.join(accounts, sessions.c.account_id == accounts.c.id)
        row = connection.execute(
            select(accounts, *_columns()).select_from(joined).where(sessions.c.id == digest(word), _is_open(moment))
        )
        found = row.mappings().first()
    if found is None:
        return None
    return read_account(found), Session(**{name: found[f"session_{name}"] for name in Session.__annotations__})


def sessions_of(store: Store, account: Account) -> tuple[list[Session], list[Session]]:
    """Return the open sessions of somebody and the ended ones of the last month, each newest first."""
    with store.reading() as connection:
        moment = moment_text(store.read_clock(connection))
        joined = sessions.join(accounts, sessions.c.account_id == accounts.c.id)
        chosen = select(*_columns(), _is_open(moment).label("is_open")).select_from(joined)
        rows = connection.execute(
            chosen.where(sessions.c.account_id == account.id).order_by(sessions.c.seen_at.desc())
        ).mappings()
        both: tuple[list[Session], list[Session]] = ([], [])
        for row in rows:
            both[not row["is_open"]].append(
                Session(**{name: row[f"session_{name}"] for name in Session.__annotations__})
            )
    return both


def touch_session(store: Store, session: Session) -> None:
    """Note that somebody was seen just now."""
    with store.writing() as connection:
        moment = moment_text(store.read_clock(connection))
        connection.execute(update(sessions).where(sessions.c.id == session.id).values(seen_at=moment))


def end_session(store: Store, account: Account, session_id: str) -> None:
    """End one session of somebody; those of others stay, whatever id is given."""
    _end(store, and_(sessions.c.account_id == account.id, sessions.c.id == session_id))


def end_other_sessions(store: Store, account: Account, session_id: str) -> None:
    """End all sessions of somebody but one."""
    _end(store, and_(sessions.c.account_id == account.id, sessions.c.id != session_id))


def was_seen_at(store: Store, login: str, network: str) -> bool:
    """Return whether somebody logged in from a network within the last month."""
    with store.reading() as connection:
        joined = sessions.join(accounts, sessions.c.account_id == accounts.c.id)
        found = select(sessions.c.id).select_from(joined)
        found = found.where(accounts.c.login == login, sessions.c.network == network).limit(1)
        return connection.execute(found).first() is not None


def _end(store: Store, which: ColumnElement[bool]) -> None:
    with store.writing() as connection:
        moment = moment_text(store.read_clock(connection))
        connection.execute(update(sessions).where(which, sessions.c.ended_at.is_(None)).values(ended_at=moment))


def _columns() -> list[ColumnElement[str]]:
    return [sessions.c[name].label(f"session_{name}") for name in Session.__annotations__]


def _is_open(moment: str) -> ColumnElement[bool]:
    is_same_epoch = sessions.c.epoch == accounts.c.session_epoch
    return and_(sessions.c.ended_at.is_(None), sessions.c.until > moment, is_same_epoch, accounts.c.is_active)
