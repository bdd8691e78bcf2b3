"""Let nobody past who may not: every address below /staff asks for a login, a role and, to write, our own form."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import TypeVar

from flask import Flask, Response, current_app, g, redirect, request, session
from flask_login import LoginManager, current_user

from ....catalogue.live import LiveCatalogue
from ....catalogue.store_watch import RESTORE
from ....errors import NotAllowed, StoreUnavailable
from ....store import Store
from ....store.people import accounts, second_factors, sessions
from ...http.clients import is_from_own_page
from ...http.desk import desk_store, is_desk, read_secret
from ...http.languages import localised
from ...http.sending.caching import PRIVATE
from . import refusals
from .access import ACCESS
from .resumed_form import here

READS = frozenset({"GET", "HEAD", "OPTIONS"})
BEFORE_FACTOR = ("staff_factor.", "staff_auth.", "staff_me.")  # where one may be without the second factor
TOUCH = timedelta(minutes=5)
CHECK_S = 5.0
CHECKED = "cityatlas_desk_checked_s"
View = TypeVar("View", bound=Callable[..., object])


class Person:
    """Stand for somebody who is logged in; templates know them as `me`."""

    is_authenticated = is_active = True
    is_anonymous = False

    def __init__(self, word: str, account: accounts.Account, login: sessions.Session) -> None:
        self._word, self.account, self.session = word, account, login

    def get_id(self) -> str:
        """Return what the cookie holds of them: the word of this one session."""
        return self._word


def me() -> Person:
    """Return who asks; only where the gate has let somebody in."""
    person: Person = current_user._get_current_object()
    return person


def csrf_token() -> str:
    """Return the random text that a form of ours carries in its field `csrf`, one for each session."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    token: str = session["csrf"]
    return token


def init_app(app: Flask) -> None:
    """Ask before each view of the desk, and keep its answers out of every cache."""
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)
    manager.session_protection = None  # a phone changes its address all day; the row in the store is the protection
    manager.user_loader(_find_person)
    app.before_request(_admit)
    app.after_request(_keep_private)
    refusals.init_app(app)

    @app.context_processor
    def people() -> dict[str, object]:
        if not g.get("is_desk_open"):
            return {"me": None}
        person = current_user._get_current_object()
        return {"me": person.account if person.is_authenticated else None, "csrf_token": csrf_token}


def _find_person(word: str) -> Person | None:
    found = sessions.find_session(desk_store(), word)
    return Person(word, *found) if found else None


def _admit() -> Response | None:
    """Answer for the view when somebody may not go on. Raises StoreUnavailable while the desk is closed."""
    if request.url_rule is None or not is_desk(request.path):
        return None
    _open_desk()
    if request.method not in READS:
        _check_origin()  # before anything is said to who is not logged in
    access = ACCESS.get(request.url_rule.endpoint)
    if access is None:
        raise NotAllowed("Nobody has said who may come to this page.", "Give it a row in access.py.", reason="role")
    if access.role is None:
        if request.method not in READS:
            _check_token()
        return None
    if not current_user.is_authenticated:
        return _ask_for_login()
    if not access.lets_in(me().account.role):
        raise NotAllowed("Your role does not reach so far.", "Ask an admin.", reason="role")
    if not request.url_rule.endpoint.startswith(BEFORE_FACTOR) and second_factors.lacks_factor(
        desk_store(), me().account
    ):
        return _ask_for_factor()
    if access.most_mb:
        request.max_content_length = max(access.most_mb, access.member_mb) << 20  # before the form is read
    if request.method not in READS:
        _check_token()
    _touch(me())
    return None


def _open_desk() -> None:
    """Make sure that there is a database to ask and a secret to sign with."""
    store = desk_store()
    if not store.exists():
        raise _no_database()
    store.prepare()
    if not current_app.secret_key:
        read_secret(current_app.config["SETTINGS"])
        raise StoreUnavailable("The secret was not there a moment ago.", "Try again.")
    _check_writable(store)
    g.is_desk_open = True


def _no_database() -> StoreUnavailable:
    """Return what to say and do where there is no database: another one after it is lost than before the first."""
    live: LiveCatalogue = current_app.extensions["cityatlas_live"]
    if live.is_store_gone:
        return StoreUnavailable("The database is gone.", RESTORE, reason="gone")
    return StoreUnavailable(
        "There is no database yet.", "Run cityatlas user add NAME --role admin", reason="no_database"
    )


def _check_writable(store: Store) -> None:
    """Find out before somebody has typed a page that it could not be saved; old rows go on the way."""
    now_s = time.monotonic()
    if now_s - current_app.extensions.get(CHECKED, -CHECK_S) >= CHECK_S:
        sessions.forget_old(store)
        current_app.extensions[CHECKED] = now_s


def _ask_for_login() -> Response:
    if request.method in ("GET", "HEAD") and not refusals.wants_json():
        return redirect(localised("staff_auth.login", next=here()), 303)  # type: ignore[return-value]
    return refusals.answer(401, "login")


def _ask_for_factor() -> Response:
    """Lead who has no second factor, where it is required, to make one."""
    if request.method in ("GET", "HEAD") and not refusals.wants_json():
        return redirect(localised("staff_factor.show"), 303)  # type: ignore[return-value]
    return refusals.answer(403, "factor")


def _check_origin() -> None:
    """Raise NotAllowed unless a write comes from a page of ours, by what the browser says of it."""
    if not is_from_own_page():
        raise NotAllowed(
            "This form was sent from another site.", "Open the page here and send it again.", reason="foreign"
        )


def _check_token() -> None:
    """Raise NotAllowed unless a write comes from a form of this session."""
    token = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
    if not compare_digest(token.encode(), session.get("csrf", "").encode()) or not token:
        raise NotAllowed("This form is too old.", "Open the page again and send it once more.", reason="old_form")


def _touch(person: Person) -> None:
    """Note now and then that somebody is here; reading the desk does not write each time."""
    seen_at = datetime.fromisoformat(person.session.seen_at)
    if datetime.now(UTC) - seen_at > TOUCH:
        sessions.touch_session(desk_store(), person.session)


def _keep_private(response: Response) -> Response:
    if is_desk(request.path):
        response.headers["Cache-Control"] = PRIVATE
        response.headers["Referrer-Policy"] = "same-origin"  # an invitation's address is told to nobody
    return response
