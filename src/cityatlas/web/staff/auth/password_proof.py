"""Let somebody prove with a password who they are, and slow down whoever guesses."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app, session
from flask_login import login_user

from ....limits import FREE_OFFICE, FREE_TRIES
from ....settings import Settings
from ....store import Store
from ....store.people import accounts, sessions
from ....store.people.accounts import Account
from ....store.people.sessions import Count, begin_attempt, end_attempt
from ...http.clients import Caller
from ...http.desk import desk_store
from ...http.snapshots import snapshot
from .gate import Person
from .known_devices import known_device, remember_device

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LoginVerdict:
    """Say whether a password was right: the account, or None and the seconds before the next attempt may be made."""

    account: Account | None
    wait_s: int = 0


def judge(store: Store, login: str, password: str, caller: Caller) -> LoginVerdict:
    """Return whether a password is right for an active account; an unknown one takes as long and says the same."""
    login = accounts.canonical_login(login)
    by_account, shared = _counts(store, login, caller)
    if wait_s := begin_attempt(store, [by_account, shared]):
        log.warning("login refused for %d s: too many failures from %s", wait_s, caller.network)
        return LoginVerdict(None, wait_s)
    account = accounts.find_account(store, login)
    is_right = accounts.is_right(password, account.password_hash if account else None)
    if account is None or not account.is_active or not is_right:
        log.warning("login failed from %s", caller.network)
        return LoginVerdict(None)
    end_attempt(store, by_account, [shared])
    return LoginVerdict(account)


def _counts(store: Store, login: str, caller: Caller) -> tuple[Count, Count]:
    """Return what an attempt counts for: the account at a place, and all that share the address or the person.

    Somebody else who guesses must lock nobody out of the browser that they have logged in from, be it on the same
    address or not: a phone is elsewhere every day, and a network has many people. So that a stolen name of a browser is
    worth no more guesses, it is a place of its own, and all those of one person share a count.
    """
    if device := known_device(login):
        place, shared = device, Count(f"devices {login}", FREE_OFFICE)
    else:
        place = caller.network if sessions.was_seen_at(store, login, caller.network) else "elsewhere"
        shared = Count(f"address {caller.address}", FREE_OFFICE)
    return Count(f"account {place} {login}", FREE_TRIES), shared  # the place first: a name may hold anything


def enter(account: Account, caller: Caller) -> None:
    """Log somebody in on this browser, with nothing left of the session that was there before."""
    settings: Settings = current_app.config["SETTINGS"]
    store = desk_store()
    word = sessions.begin_session(store, account, caller.network, caller.browser, timedelta(hours=settings.session_h))
    found = sessions.find_session(store, word)
    session.clear()
    session.permanent = True
    remember_device(account.login)
    if found:
        login_user(Person(word, *found))


def check_new_password(account: Account, new: str, again: str) -> str:
    """Return the hash of a new password that was typed twice. Raises InvalidAccount with what is wrong with it."""
    if new != again:
        raise accounts.refused("different", "The two passwords differ.", "Type the same one twice.")
    city = snapshot().city
    accounts.check_password(new, [account.login, account.display_name, city.id, *city.title.values(), "cityatlas"])
    return accounts.hash_password(new)
