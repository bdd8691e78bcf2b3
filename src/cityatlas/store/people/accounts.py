"""Keep the accounts of people at the desk, and check their passwords."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Literal, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, RowMapping, func, insert, select, update
from zxcvbn import zxcvbn

from ...errors import InvalidAccount, UnknownAccount
from ...limits import ACCOUNT_LETTERS, INVITATION_H, PASSWORD_LETTERS, PASSWORD_MOST
from ..engine import Store
from ..log.revisions import moment_text
from ..tables import accounts

LEAST_SCORE = 3  # of 4: some 100 million guesses
JUDGED_LETTERS = 72  # zxcvbn's time grows with the square of the length
# 19 MiB and two rounds, the least that OWASP names for argon2id: a login takes 40 ms, eight at once 160 MB.
HASHER = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)


def check_password(password: str, known: Sequence[str]) -> None:
    """Raise InvalidAccount when a new password is too short, too long or easily guessed.

    `known` are words that a guesser would try first for this person and place: names, the city.
    """
    plain = _plain(password)
    if len(plain) < PASSWORD_LETTERS:
        raise refused("too_short", f"The password has {len(plain)} letters.", f"Use {PASSWORD_LETTERS} or more.")
    if len(plain) > PASSWORD_MOST:
        raise refused("too_long", f"The password has {len(plain)} letters.", f"Use at most {PASSWORD_MOST}.")
    words = [part for word in known for part in (word, *word.split(), "".join(word.split())) if len(part) > 1]
    if zxcvbn(plain[:JUDGED_LETTERS], user_inputs=words)["score"] < LEAST_SCORE:
        raise refused("guessable", "The password is easily guessed.", "Use four words that have nothing in common.")


def hash_password(password: str) -> str:
    """Return what is stored of a password: argon2id with its own salt."""
    return HASHER.hash(_plain(password))


def is_right(password: str, password_hash: str | None) -> bool:
    """Return whether a password fits. Without a hash it never does, after the same time as with one."""
    nobody = _nobody()
    try:
        return HASHER.verify(password_hash or nobody, _plain(password)) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return HASHER.hash(secrets.token_urlsafe(32))


def _plain(password: str) -> str:
    """Return a password in one form: a Chinese keyboard may type full-width digits."""
    return unicodedata.normalize("NFKC", password)


def refused(reason: str, message: str, hint: str) -> InvalidAccount:
    """Return the error of a password; `reason` is the key of its sentence."""
    return InvalidAccount(message, hint, reason=reason)


Role = Literal["contributor", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
LOGIN = re.compile(r"[\w][\w.@-]{1,39}")  # letters of any script, so that people can use their own name


@dataclass(frozen=True)
class Account:
    """Hold one account; `layers` are those that an editor publishes, None for all."""

    id: int
    login: str
    display_name: str
    role: Role
    layers: tuple[str, ...] | None
    password_hash: str | None
    session_epoch: int
    is_active: bool
    made_at: str
    invited_until: str | None

    @property
    def is_admin(self) -> bool:
        """Return whether they care for accounts."""
        return self.role == "admin"

    def may_publish(self, layer: str) -> bool:
        """Return whether what they save in a layer may go out without another person's review."""
        return self.is_admin or (self.role == "editor" and (self.layers is None or layer in self.layers))


@dataclass(frozen=True)
class NewAccount:
    """Hold what is said of somebody who gets an account; a password is set later."""

    login: str
    role: Role
    display_name: str = ""
    layers: tuple[str, ...] | None = None


def canonical_login(text: str) -> str:
    """Return a login name in the one form that is stored: full-width and capital letters make no difference."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def add_account(store: Store, new: NewAccount) -> Account:
    """Add somebody without a password. Raises InvalidAccount when the names cannot be used or are taken."""
    login = canonical_login(new.login)
    name = unicodedata.normalize("NFC", new.display_name).strip() or login
    if not LOGIN.fullmatch(login):
        raise _refused("login", f'"{new.login}" cannot be a login name.', "Use 2 to 40 letters, digits and . _ - @")
    if len(name) > ACCOUNT_LETTERS or not name.isprintable():
        raise _refused(
            "display_name", "That name cannot be shown.", f"Use at most {ACCOUNT_LETTERS} letters, no line breaks."
        )
    row = {"login": login, "display_name": name, "role": new.role, "layers": _layers_text(new.layers)}
    with store.writing() as connection:
        if _row(connection, login):
            raise _refused("taken", f'There is an account "{login}" already.', "Choose another login name.")
        moment = moment_text(store.read_clock(connection))
        number = connection.execute(select(func.coalesce(func.max(accounts.c.id), 0))).scalar_one() + 1
        connection.execute(insert(accounts).values(id=number, **row, session_epoch=0, is_active=True, made_at=moment))
        return _account(connection, login)


def find_account(store: Store, login: str) -> Account | None:
    """Return the account of a login name, active or not."""
    with store.reading() as connection:
        row = _row(connection, canonical_login(login))
    return read_account(row) if row else None


def all_accounts(store: Store) -> list[Account]:
    """Return all accounts, by login name."""
    with store.reading() as connection:
        return [read_account(row) for row in connection.execute(select(accounts).order_by(accounts.c.login)).mappings()]


def set_role(store: Store, login: str, role: Role, layers: Sequence[str] | None = None) -> Account:
    """Give an account another role, at once for sessions that are open. Raises InvalidAccount for the last admin."""
    return _change(store, login, role=role, layers=_layers_text(layers))


def set_active(store: Store, login: str, *, is_active: bool) -> Account:
    """Let somebody in again, or keep them out and end their sessions. Raises InvalidAccount for the last admin."""
    return _change(store, login, is_active=is_active, **_sessions_over(), **_no_invitation())


def end_sessions(store: Store, login: str) -> Account:
    """End every session of somebody, wherever it is."""
    return _change(store, login, **_sessions_over())


def set_password(store: Store, login: str, password_hash: str) -> Account:
    """Replace a password; every session and invitation that there was is over."""
    return _change(store, login, password_hash=password_hash, **_sessions_over(), **_no_invitation())


def invite(store: Store, login: str) -> str:
    """Return the word for a link by which somebody sets their password once; an earlier link no longer works."""
    word = secrets.token_urlsafe(32)
    with store.writing() as connection:
        account = _account(connection, canonical_login(login))
        if not account.is_active:
            raise _refused("inactive", f'The account "{account.login}" is disabled.', "Enable it first.")
        until = moment_text(store.read_clock(connection) + timedelta(hours=INVITATION_H))
        chosen = update(accounts).where(accounts.c.id == account.id)
        connection.execute(chosen.values(invitation=digest(word), invited_until=until))
    return word


def invited(store: Store, word: str) -> Account | None:
    """Return whom a link invites, or None when it was used, replaced or is too old."""
    with store.reading() as connection:
        return _invited(store, connection, word)


def accept_invitation(store: Store, word: str, password_hash: str) -> Account | None:
    """Set the password of whom a link invites, and end the link; None when it no longer works."""
    with store.writing() as connection:
        account = _invited(store, connection, word)
        if account is None:
            return None
        values = {"password_hash": password_hash, **_sessions_over(), **_no_invitation()}
        connection.execute(update(accounts).where(accounts.c.id == account.id).values(**values))
        return _account(connection, account.login)


def digest(word: str) -> str:
    """Return what is stored of a random word, so that the database alone opens no door."""
    return hashlib.sha256(word.encode()).hexdigest()


def read_account(row: RowMapping) -> Account:
    """Return the account of a row that has the table's columns, among others."""
    layers = None if row["layers"] is None else tuple(json.loads(row["layers"]))
    names = ("id", "login", "display_name", "role", "password_hash", "session_epoch", "is_active")
    return Account(
        layers=layers,
        made_at=row["made_at"],
        invited_until=row["invited_until"],
        **{name: row[name] for name in names},
    )


def _change(store: Store, login: str, **values: object) -> Account:
    with store.writing() as connection:
        account = _account(connection, canonical_login(login))
        connection.execute(update(accounts).where(accounts.c.id == account.id).values(**values))
        if account.is_admin and account.is_active and not _has_admin(connection):
            raise _refused("last_admin", f'"{account.login}" is the last admin.', "Make somebody else an admin first.")
        return _account(connection, account.login)


def _has_admin(connection: Connection) -> bool:
    admins = select(func.count()).where(accounts.c.role == "admin", accounts.c.is_active)
    return bool(connection.execute(admins).scalar())


def _invited(store: Store, connection: Connection, word: str) -> Account | None:
    chosen = select(accounts).where(accounts.c.invitation == digest(word), accounts.c.is_active)
    row = connection.execute(chosen).mappings().first()
    if row is None or row["invited_until"] <= moment_text(store.read_clock(connection)):
        return None
    return read_account(row)


def _row(connection: Connection, login: str) -> RowMapping | None:
    return connection.execute(select(accounts).where(accounts.c.login == login)).mappings().first()


def _account(connection: Connection, login: str) -> Account:
    row = _row(connection, login)
    if row is None:
        raise UnknownAccount(f'There is no account "{login}".', "See `cityatlas user list`.")
    return read_account(row)


def _sessions_over() -> dict[str, object]:
    return {"session_epoch": accounts.c.session_epoch + 1}


def _no_invitation() -> dict[str, None]:
    return {"invitation": None, "invited_until": None}


def _layers_text(layers: Sequence[str] | None) -> str | None:
    return None if layers is None else json.dumps(sorted(set(layers)))


def _refused(reason: str, message: str, hint: str) -> InvalidAccount:
    return InvalidAccount(message, hint, reason=reason)
