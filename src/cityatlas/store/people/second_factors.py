"""Keep second factors: codes of six digits from a phone (TOTP), and codes to get in without it, each used once."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Collection
from hmac import compare_digest
from typing import Literal, get_args

from pyotp import TOTP, random_base32
from sqlalchemy import Connection, delete, func, insert, select, update

from ...limits import RECOVERY_CODES
from ..engine import Store
from ..log.revisions import moment_text
from ..tables import desk_choices, recovery_codes, second_factors
from .accounts import Account, digest

Required = Literal["none", "admins", "all"]
REQUIRED: tuple[Required, ...] = get_args(Required)
KEY = "second_factor"
WINDOW = 1  # steps that a phone's clock may be off, either way
CODE_BYTES = 10  # of a recovery code: 80 bits, which no digest of a stolen database gives back


def new_secret() -> str:
    """Return a secret for a phone, in base32: 160 bits, as RFC 4226 wants."""
    return str(random_base32())


def address_of(secret: str, login: str, issuer: str) -> str:
    """Return what a QR code says to an app."""
    return str(TOTP(secret).provisioning_uri(name=login, issuer_name=issuer))


def step_of(secret: str, code: str, moment_s: float) -> int | None:
    """Return the step of 30 s that a code is of, at a moment (seconds since 1970); None for a wrong one."""
    plain, totp = _plain(code), TOTP(secret)
    found = [n for n in range(-WINDOW, WINDOW + 1) if compare_digest(totp.at(int(moment_s), counter_offset=n), plain)]
    return int(moment_s) // totp.interval + found[-1] if found else None


def turn_on(store: Store, account: Account, secret: str, code: str) -> list[str] | None:
    """Give an account a second factor that its owner holds; return new recovery codes, None for a wrong code.

    None too without a secret, and where there is a factor already: that one goes by `turn_off` alone.
    """
    with store.writing() as connection:
        now = store.read_clock(connection)
        known = select(second_factors.c.account_id).where(second_factors.c.account_id == account.id)
        step = step_of(secret, code, now.timestamp()) if secret else None
        if step is None or connection.execute(known).first():
            return None
        row = {"account_id": account.id, "secret": secret, "last_step": step, "made_at": moment_text(now)}
        connection.execute(insert(second_factors).values(row))
        return _new_codes(connection, account)


def turn_off(store: Store, account: Account) -> None:
    """Take the second factor and its recovery codes from an account."""
    with store.writing() as connection:
        _forget(connection, account)


def renew_codes(store: Store, account: Account) -> list[str]:
    """Return new recovery codes; those before are worth nothing."""
    with store.writing() as connection:
        return _new_codes(connection, account)


def is_right_code(store: Store, account: Account, code: str) -> bool:
    """Return whether a code of the phone or a recovery code is right, and use it up: each lets in once."""
    with store.writing() as connection:
        mine = second_factors.c.account_id == account.id
        row = connection.execute(select(second_factors).where(mine)).mappings().first()
        if row is None:
            return False
        step = step_of(row["secret"], code, store.read_clock(connection).timestamp())
        if step is not None and step > row["last_step"]:
            connection.execute(update(second_factors).where(mine).values(last_step=step))
            return True
        known = (recovery_codes.c.account_id == account.id) & (recovery_codes.c.digest == digest(_plain(code)))
        return bool(connection.execute(delete(recovery_codes).where(known)).rowcount)


def has_factor(store: Store, account: Account) -> bool:
    """Return whether an account asks for a second factor."""
    return account.id in with_factor(store, [account.id])


def with_factor(store: Store, ids: Collection[int] | None = None) -> frozenset[int]:
    """Return the accounts that have a second factor, of some or of all."""
    wanted = select(second_factors.c.account_id)
    wanted = wanted if ids is None else wanted.where(second_factors.c.account_id.in_(ids))
    with store.reading() as connection:
        return frozenset(connection.execute(wanted).scalars())


def codes_left(store: Store, account: Account) -> int:
    """Return how many recovery codes somebody has left."""
    wanted = select(func.count()).select_from(recovery_codes).where(recovery_codes.c.account_id == account.id)
    with store.reading() as connection:
        return connection.execute(wanted).scalar_one()


def required(store: Store) -> Required:
    """Return of whom a second factor is required."""
    with store.reading() as connection:
        said = connection.execute(select(desk_choices.c.value).where(desk_choices.c.key == KEY)).scalar()
    return next((one for one in REQUIRED if one == said), "none")


def require(store: Store, of_whom: Required) -> None:
    """Require a second factor; who has none yet is led to make one before anything else."""
    with store.writing() as connection:
        connection.execute(delete(desk_choices).where(desk_choices.c.key == KEY))
        connection.execute(insert(desk_choices).values(key=KEY, value=of_whom))


def lacks_factor(store: Store, account: Account) -> bool:
    """Return whether somebody has to make a second factor before they may go on."""
    of_whom = required(store)
    is_meant = of_whom == "all" or (of_whom == "admins" and account.is_admin)
    return is_meant and not has_factor(store, account)


def _new_codes(connection: Connection, account: Account) -> list[str]:
    connection.execute(delete(recovery_codes).where(recovery_codes.c.account_id == account.id))
    raw = [base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower() for _ in range(RECOVERY_CODES)]
    connection.execute(insert(recovery_codes), [{"digest": digest(one), "account_id": account.id} for one in raw])
    return ["-".join(one[start : start + 4] for start in range(0, len(one), 4)) for one in raw]


def _forget(connection: Connection, account: Account) -> None:
    for table in (second_factors, recovery_codes):
        connection.execute(delete(table).where(table.c.account_id == account.id))


def _plain(code: str) -> str:
    """Return a code as it is compared: people type spaces, dashes, capitals; a non-ASCII letter is never right."""
    return "".join(sign for sign in code.casefold() if sign.isascii() and sign.isalnum())
