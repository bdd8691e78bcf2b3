"""Ask for a second factor after the password, and let people make, renew and end theirs."""

from __future__ import annotations

import time
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, request, session
from markupsafe import Markup
from werkzeug import Response

from ....errors import InvalidAccount, TooManyAttempts, status_of
from ....handouts.handout import draw_qr
from ....i18n import say
from ....limits import FREE_TRIES, HALF_LOGIN_MIN
from ....store.people import accounts, second_factors
from ....store.people.accounts import Account
from ....store.people.second_factors import Required
from ....store.people.sessions import Count, begin_attempt, end_attempt, end_other_sessions
from ...http.clients import read_caller
from ...http.desk import DeskPage, desk_store
from ...http.languages import localised, page
from ...http.snapshots import snapshot
from .gate import me
from .password_proof import enter, judge
from .resumed_form import destination

bp = Blueprint("staff_factor", __name__)
Answer = Response | str | tuple[str, int]
HALF, SECRET = "half", "factor"  # in the session: who has given the password; a secret that is not confirmed yet


@dataclass(frozen=True, kw_only=True)
class CodePage(DeskPage):
    """Ask for a code; `minutes` are those to wait, 0 for none."""

    template = "staff/auth/code.html"
    here = "staff_factor.code"
    wanted: str
    is_wrong: bool
    minutes: int


@dataclass(frozen=True, kw_only=True)
class FactorPage(DeskPage):
    """Show how one's second factor stands; `codes` are new recovery codes, shown this once."""

    template = "staff/auth/second_factor.html"
    has_factor: bool
    is_required: bool
    left: int
    qr: Markup
    secret: str
    codes: list[str]
    fault: str


def let_in(account: Account, wanted: str) -> Response:
    """Log in who has given the password, or ask for their second factor first."""
    if not second_factors.has_factor(desk_store(), account):
        enter(account, read_caller())
        return redirect(wanted, 303)
    session.clear()
    session[HALF] = [account.login, account.session_epoch, int(time.time())]
    return redirect(localised("staff_factor.code", next=request.values.get("next", "")), 303)


@page(bp, "/staff/login/code", methods=["GET", "POST"])
def code() -> Answer:
    """Ask who has given the password for a code, and let them in."""
    wanted = request.values.get("next", "")
    account = _half()
    if account is None:
        return redirect(localised("staff_auth.login", next=wanted), 303)
    if request.method == "GET":
        return CodePage(wanted=wanted, is_wrong=False, minutes=0).fill()
    wait_s = _try_code(account, request.form.get("code", ""))
    if wait_s is not None:
        page = CodePage(wanted=wanted, is_wrong=True, minutes=-(-wait_s // 60))
        return page.fill(), 429 if wait_s else 401
    enter(account, read_caller())
    return redirect(destination(wanted), 303)


@page(bp, "/staff/me/factor")
def show() -> str:
    """Show how one's second factor stands, or how one makes it."""
    return _page()


@page(bp, "/staff/me/factor", methods=["POST"])
def turn_on() -> Answer:
    """Make a second factor for who gives the password and a code of it; other sessions are over."""
    account = _proven()
    made = second_factors.turn_on(desk_store(), account, session.get(SECRET, ""), request.form.get("code", ""))
    if made is None:
        raise InvalidAccount("The code is another one.", "Look at the clock of the phone.", reason="code")
    session.pop(SECRET, None)
    end_other_sessions(desk_store(), account, me().session.id)
    return _page(codes=made)


@page(bp, "/staff/me/factor/codes", methods=["POST"])
def codes() -> Answer:
    """Show new recovery codes, once, for the password and a code; those before are worth nothing."""
    account = _proven()
    _use_code(account)
    return _page(codes=second_factors.renew_codes(desk_store(), account))


@page(bp, "/staff/me/factor/off", methods=["POST"])
def turn_off() -> Answer:
    """End one's second factor, with the password and a code; not where it is required."""
    account = _proven()
    if _is_required(account):
        raise InvalidAccount("A second factor is required here.", "Ask an admin.", reason="required")
    _use_code(account)
    second_factors.turn_off(desk_store(), account)
    flash("factor.off_done")
    return redirect(localised("staff_factor.show"), 303)


@page(bp, "/staff/accounts/<login>/factor", methods=["POST"])
def reset(login: str) -> Response:
    """Take a lost second factor from somebody, and end their sessions: the next login makes another."""
    second_factors.turn_off(desk_store(), accounts.end_sessions(desk_store(), login))
    flash("factor.reset_done")
    return redirect(localised("staff_accounts.show"), 303)


@page(bp, "/staff/accounts/factor", methods=["POST"])
def require() -> Response:
    """Say of whom a second factor is required."""
    of_whom: Required = next((one for one in second_factors.REQUIRED if one == request.form.get("required")), "none")
    second_factors.require(desk_store(), of_whom)
    flash("factor.require_done")
    return redirect(localised("staff_accounts.show"), 303)


@bp.errorhandler(InvalidAccount)
@bp.errorhandler(TooManyAttempts)
def refused(error: InvalidAccount | TooManyAttempts) -> Answer:
    """Give the form back with what was wrong in it."""
    return _page(error.reason), status_of(error)


def _half() -> Account | None:
    """Return who has given the password a moment ago, and nothing of whom has changed since."""
    login, epoch, at_s = session.get(HALF) or ("", 0, 0)
    account = accounts.find_account(desk_store(), login) if time.time() - at_s < HALF_LOGIN_MIN * 60 else None
    return account if account and account.is_active and account.session_epoch == epoch else None


def _try_code(account: Account, typed: str) -> int | None:
    """Return None for a right code, which is used up by that; for a wrong one the seconds to wait, 0 for none."""
    count = Count(f"code {account.login}", FREE_TRIES)
    if wait_s := begin_attempt(desk_store(), [count]):
        return wait_s
    if not second_factors.is_right_code(desk_store(), account, typed):
        return 0
    end_attempt(desk_store(), count, [])
    return None


def _use_code(account: Account) -> None:
    """Use up the code that came with a form. Raises InvalidAccount for a wrong one, or while one has to wait."""
    if _try_code(account, request.form.get("code", "")) is not None:
        raise InvalidAccount("The code is another one.", "Wait for the next one.", reason="code")


def _proven() -> Account:
    """Return one's own account once the password was right. Raises InvalidAccount, TooManyAttempts."""
    verdict = judge(desk_store(), me().account.login, request.form.get("current", ""), read_caller())
    if verdict.wait_s:
        raise TooManyAttempts("Too many wrong passwords.", "Wait a while.", reason="wait_long")
    if verdict.account is None:
        raise InvalidAccount("The password is another one.", "Type it as it is now.", reason="wrong_password")
    return verdict.account


def _is_required(account: Account) -> bool:
    of_whom = second_factors.required(desk_store())
    return of_whom == "all" or (of_whom == "admins" and account.is_admin)


def _page(fault: str = "", codes: list[str] | None = None) -> str:
    account, store = me().account, desk_store()
    has_factor = second_factors.has_factor(store, account)
    secret = ""
    if not has_factor:
        secret = session.setdefault(SECRET, second_factors.new_secret())
    issuer = say(snapshot().city.title, "en").text
    return FactorPage(
        has_factor=has_factor,
        is_required=_is_required(account),
        left=second_factors.codes_left(store, account),
        qr=draw_qr(second_factors.address_of(secret, account.login, issuer)) if secret else Markup(),
        secret=secret,
        codes=codes or [],
        fault=fault,
    ).fill()
