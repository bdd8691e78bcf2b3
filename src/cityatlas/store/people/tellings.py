"""Keep how each person wants to be told what waits: a feed at an address of their own, mail once a day at most."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, func, insert, select, update

from ...errors import InvalidAccount
from ...i18n import Language
from ...limits import MAIL_HOURS
from ..engine import Store
from ..log.revisions import moment_text
from ..tables import accounts, tellings
from .accounts import Account, digest, read_account

LEASE = timedelta(minutes=10)  # far longer than a mail takes, the timeouts of its server among it
MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+", re.ASCII)


@dataclass(frozen=True)
class Telling:
    """Hold how somebody is told: whether they have a feed, and where mail goes, "" for nowhere."""

    has_feed: bool
    mail: str
    language: Language
    mailed_at: str


NOT_TOLD = Telling(False, "", "zh", "")


def telling_of(store: Store, account: Account) -> Telling:
    """Return how somebody is told."""
    with store.reading() as connection:
        row = connection.execute(select(tellings).where(tellings.c.account_id == account.id)).mappings().first()
    if row is None:
        return NOT_TOLD
    has_feed = row["feed"] is not None and row["epoch"] == account.session_epoch
    return Telling(has_feed, row["mail"], row["language"], row["mailed_at"])


def renew_feed(store: Store, account: Account) -> str:
    """Return the word of a new feed of somebody; the one before no longer answers."""
    word = secrets.token_urlsafe(32)
    with store.writing() as connection:
        _set(connection, account, feed=digest(word), epoch=account.session_epoch)
    return word


def end_feed(store: Store, account: Account) -> None:
    """Let somebody's feed answer no more."""
    with store.writing() as connection:
        _set(connection, account, feed=None)


def account_of_feed(store: Store, word: str) -> Account | None:
    """Return whose feed a word opens; None once it was renewed, ended, or its owner's password or account changed."""
    joined = accounts.join(tellings, tellings.c.account_id == accounts.c.id)
    is_open = (tellings.c.epoch == accounts.c.session_epoch) & accounts.c.is_active
    chosen = select(accounts).select_from(joined).where(tellings.c.feed == digest(word), is_open)
    with store.reading() as connection:
        row = connection.execute(chosen).mappings().first()
    return read_account(row) if row else None


def set_mail(store: Store, account: Account, mail: str, language: Language) -> None:
    """Set where somebody's mail goes, "" for nowhere. Raises InvalidAccount for what is no one address."""
    if mail and not MAIL.fullmatch(mail):
        raise InvalidAccount("That is no mail address.", "Write one, as name@example.org.", reason="mail")
    with store.writing() as connection:
        _set(connection, account, mail=mail, language=language)


def due_mails(store: Store) -> list[tuple[Account, Telling]]:
    """Return who wants mail, is active, and has had none for a day."""
    joined = accounts.join(tellings, tellings.c.account_id == accounts.c.id)
    with store.reading() as connection:
        before = moment_text(store.read_clock(connection) - timedelta(hours=MAIL_HOURS))
        wanted = [tellings.c.mail != "", tellings.c.mailed_at < before, accounts.c.is_active]
        chosen = select(accounts, tellings.c.mail, tellings.c.language, tellings.c.mailed_at).select_from(joined)
        rows = connection.execute(chosen.where(*wanted).order_by(accounts.c.id)).mappings().all()
    return [(read_account(row), Telling(False, row["mail"], row["language"], row["mailed_at"])) for row in rows]


def claim_mail(store: Store, account: Account, telling: Telling) -> str:
    """Take somebody's mail in hand and return the moment, "" where another process has it or was faster.

    The claim is a lease: who neither sends it nor dies in ten minutes is thought dead, and another may claim it.
    """
    with store.writing() as connection:
        now = store.read_clock(connection)
        claimed = tellings.c.claimed_until.between(moment_text(now), moment_text(now + LEASE))  # by no wrong clock
        free = func.coalesce(~claimed, True) & (tellings.c.mailed_at == telling.mailed_at)
        chosen = update(tellings).where(tellings.c.account_id == account.id, free)
        is_ours = connection.execute(chosen.values(claimed_until=moment_text(now + LEASE))).rowcount
        return moment_text(now) if is_ours else ""


def end_claim(store: Store, account: Account, claimed_at: str) -> None:
    """Note that the mail which was claimed at a moment was sent, or refused: the next comes in a day or later."""
    with store.writing() as connection:
        _set(connection, account, mailed_at=claimed_at, claimed_until=None)


def _set(connection: Connection, account: Account, **values: object) -> None:
    mine = tellings.c.account_id == account.id
    if not connection.execute(update(tellings).where(mine).values(values)).rowcount:
        row = {"feed": None, "epoch": account.session_epoch, "mail": "", "language": "zh", "mailed_at": ""}
        connection.execute(insert(tellings).values(row | values | {"account_id": account.id}))
