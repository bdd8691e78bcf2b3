"""Let people in and out: login, logout, and the first password by an invitation."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, request, session
from flask_login import current_user
from werkzeug import Response

from ....errors import InvalidAccount, UnknownAccount, status_of
from ....store.people import accounts, sessions
from ...http.clients import read_caller
from ...http.desk import DeskPage, desk_store
from ...http.languages import localised, page
from .gate import me
from .password_proof import check_new_password, judge
from .resumed_form import destination
from .second_factor import let_in

bp = Blueprint("staff_auth", __name__)
Answer = Response | str | tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class LoginPage(DeskPage):
    """Ask for name and password; `minutes` are those to wait, 0 for none."""

    template = "staff/auth/login.html"
    wanted: str
    name: str
    is_wrong: bool
    minutes: int
    has_left: bool


@dataclass(frozen=True, kw_only=True)
class WelcomePage(DeskPage):
    """Ask who was invited for a password; None for a link that is used or too old."""

    template = "staff/auth/welcome.html"
    invited: accounts.Account | None
    fault: str


@page(bp, "/staff/login", methods=["GET", "POST"])
def login() -> Answer:
    """Ask for name and password, and go on to the page that was wanted."""
    wanted = destination(request.values.get("next", ""))
    if request.method == "GET":
        return redirect(wanted, 303) if current_user.is_authenticated else _login_page(wanted)
    name, caller = request.form.get("login", ""), read_caller()
    verdict = judge(desk_store(), name, request.form.get("password", ""), caller)
    if verdict.account is None:
        return _login_page(wanted, name, is_wrong=True, wait_s=verdict.wait_s), 429 if verdict.wait_s else 401
    return let_in(verdict.account, wanted)


@page(bp, "/staff/logout", methods=["POST"])
def logout() -> Answer:
    """End this session in the store, so that no copy of its cookie works any more."""
    sessions.end_session(desk_store(), me().account, me().session.id)
    session.clear()
    return redirect(localised("staff_auth.login", bye=1), 303)


@page(bp, "/staff/welcome/<word>", methods=["GET", "POST"])
def welcome(word: str) -> Answer:
    """Let somebody who was invited choose a password; only sending the form uses the link up."""
    account = _invited(word)
    if request.method == "GET":
        return _welcome_page(account)
    hashed = check_new_password(account, request.form.get("new", ""), request.form.get("again", ""))
    entered = accounts.accept_invitation(desk_store(), word, hashed)
    if entered is None:
        raise _no_invitation()
    return let_in(entered, localised("desk.show"))


@bp.errorhandler(InvalidAccount)
def refused(error: InvalidAccount) -> Answer:
    """Ask for the password again, and say what was wrong with this one."""
    return _welcome_page(_invited(str((request.view_args or {})["word"])), error.reason), status_of(error)


@bp.errorhandler(UnknownAccount)
def gone(error: UnknownAccount) -> Answer:
    """Say that a link was used, is too old or was never sent."""
    return _welcome_page(None), status_of(error)


def _invited(word: str) -> accounts.Account:
    """Return who was invited by a link. Raises UnknownAccount."""
    account = accounts.invited(desk_store(), word)
    if account is None:
        raise _no_invitation()
    return account


def _no_invitation() -> UnknownAccount:  # also where somebody else was faster with the same link
    return UnknownAccount("Nobody is invited by this link.", "Ask an admin for another.")


def _welcome_page(account: accounts.Account | None, fault: str = "") -> str:
    return WelcomePage(invited=account, fault=fault).fill()


def _login_page(wanted: str, name: str = "", *, is_wrong: bool = False, wait_s: int = 0) -> str:
    minutes = -(-wait_s // 60)
    has_left = "bye" in request.args and not is_wrong
    page = LoginPage(wanted=wanted, name=name[:60], is_wrong=is_wrong, minutes=minutes, has_left=has_left)
    return page.fill()
