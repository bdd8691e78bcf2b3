"""Keep who is logged in where, so that a copied cookie is worth nothing after logout or a new password."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, insert, select, update

from ..limits import SESSIONS_DAYS
from .account_tables import accounts, sessions
from .accounts import Account, digest, read_account
from .engine import Store
from .revisions import moment_text


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
        now = store.now(connection)
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
        moment = moment_text(store.now(connection))
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
        moment = moment_text(store.now(connection))
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
        moment = moment_text(store.now(connection))
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
        moment = moment_text(store.now(connection))
        connection.execute(update(sessions).where(which, sessions.c.ended_at.is_(None)).values(ended_at=moment))


def _columns() -> list[ColumnElement[str]]:
    return [sessions.c[name].label(f"session_{name}") for name in Session.__annotations__]


def _is_open(moment: str) -> ColumnElement[bool]:
    is_same_epoch = sessions.c.epoch == accounts.c.session_epoch
    return and_(sessions.c.ended_at.is_(None), sessions.c.until > moment, is_same_epoch, accounts.c.is_active)
