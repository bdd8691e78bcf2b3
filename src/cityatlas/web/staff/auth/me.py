"""Show somebody their own account: where they are logged in, and a form for another password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request
from werkzeug import Response

from ....errors import InvalidAccount, TooManyAttempts, status_of
from ....store.people import accounts, sessions
from ...http.clients import read_caller
from ...http.desk import DeskPage, desk_store
from ...http.languages import localised, page
from .gate import me
from .password_proof import LoginVerdict, check_new_password, enter, judge

bp = Blueprint("staff_me", __name__)
Answer = Response | str | tuple[str, int]


@dataclass(frozen=True, kw_only=True)
class OwnPage(DeskPage):
    """Hold where somebody is logged in, and was; `fault` ends the key of what was wrong in a form."""

    template = "staff/auth/me.html"
    own: sessions.Session
    still_open: Sequence[sessions.Session]
    ended: Sequence[sessions.Session]
    fault: str


@page(bp, "/staff/me")
def show() -> str:
    """Show the account and its sessions."""
    return _own_page()


@page(bp, "/staff/me/sessions", methods=["POST"])
def end() -> Answer:
    """End one other session of one's own, or all others."""
    if chosen := request.form.get("session"):
        sessions.end_session(desk_store(), me().account, chosen)
    else:
        sessions.end_other_sessions(desk_store(), me().account, me().session.id)
    flash("staff.sessions_ended")
    return redirect(localised("staff_me.show"), 303)


@page(bp, "/staff/me/password", methods=["POST"])
def password() -> Answer:
    """Change the password; every other session is over, this one begins anew."""
    caller = read_caller()
    verdict = judge(desk_store(), me().account.login, request.form.get("current", ""), caller)
    if verdict.account is None:
        raise _not_proven(verdict)
    hashed = check_new_password(verdict.account, request.form.get("new", ""), request.form.get("again", ""))
    enter(accounts.set_password(desk_store(), verdict.account.login, hashed), caller)
    flash("staff.password_changed")
    return redirect(localised("staff_me.show"), 303)


@bp.errorhandler(InvalidAccount)
@bp.errorhandler(TooManyAttempts)
def refused(error: InvalidAccount | TooManyAttempts) -> Answer:
    """Give the form back with what was wrong in it."""
    return _own_page(error.reason), status_of(error)


def _not_proven(verdict: LoginVerdict) -> InvalidAccount | TooManyAttempts:
    if verdict.wait_s:
        return TooManyAttempts("Too many wrong passwords.", "Wait a while.", reason="wait_long")
    return InvalidAccount("The present password is another one.", "Type it as it is now.", reason="wrong_password")


def _own_page(fault: str = "") -> str:
    still_open, ended = sessions.sessions_of(desk_store(), me().account)
    return OwnPage(own=me().session, still_open=still_open, ended=ended, fault=fault).fill()
