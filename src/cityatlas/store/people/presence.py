"""Remember for a minute who has a feature open at the desk: for all servers of one database, and at nobody's cost.

Such a note may be lost, so it is dropped where it would make somebody wait. Who left is here no more, whether their row
is gone or not: a row goes when anybody tells of themselves.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Insert, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from ...errors import StoreUnavailable
from ...limits import PRESENT_S
from ..engine import Store
from ..log.revisions import moment_text
from ..tables import accounts, presences
from .accounts import Account

log = logging.getLogger(__name__)
HERE = timedelta(seconds=PRESENT_S)


def tell_presence(store: Store, feature_id: str, account: Account) -> None:
    """Note that somebody has a feature open now, and forget those who have left any; who cannot be noted now is not.

    `feature_id` is the slug of one that there is.
    """
    try:
        with store.noting() as connection:
            now = store.read_clock(connection)
            connection.execute(_upsert(store, feature_id, account.id, moment_text(now)))
            connection.execute(delete(presences).where(~_is_here(now)))
    except StoreUnavailable as error:
        log.info("who has a place open could not be noted: %s", error)


def present_at(store: Store, feature_id: str) -> list[str]:
    """Return the logins of those who have a feature open, in order."""
    joined = presences.join(accounts, accounts.c.id == presences.c.account_id)
    here = select(accounts.c.login).select_from(joined).where(presences.c.feature_id == feature_id)
    with store.reading() as connection:
        rows = connection.execute(here.where(_is_here(store.read_clock(connection))).order_by(accounts.c.login))
        return list(rows.scalars())


def _is_here(now: datetime) -> ColumnElement[bool]:
    """Return whether a row was told of late; a clock that was put back makes nobody stay."""
    return presences.c.seen_at.between(moment_text(now - HERE), moment_text(now + HERE))


def _upsert(store: Store, feature_id: str, account_id: int, seen_at: str) -> Insert:
    insert = sqlite.insert if store.path else postgresql.insert
    row = insert(presences).values(feature_id=feature_id, account_id=account_id, seen_at=seen_at)
    return row.on_conflict_do_update(index_elements=["feature_id", "account_id"], set_={"seen_at": seen_at})
