"""Let admins care for accounts: invite, give a role, disable; passwords are only ever chosen by their owners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, current_app, flash, redirect, request
from werkzeug import Response

from ....errors import InvalidAccount, status_of
from ....store import people
from ....store.people.accounts import ROLES, Account, NewAccount, Role
from ....store.people.second_factors import REQUIRED, Required, required, with_factor
from ...http.desk import DeskPage, desk_store
from ...http.languages import localised, page
from ...http.snapshots import snapshot

bp = Blueprint("staff_accounts", __name__)
Answer = Response | str | tuple[str, int]
LINK = "link"  # the category of a flashed message that is an invitation


@dataclass(frozen=True, kw_only=True)
class AccountsPage(DeskPage):
    """Hold all accounts; `fault` ends the key of what was wrong in a form."""

    template = "staff/auth/accounts.html"
    roles = ROLES
    choices = REQUIRED
    accounts: Sequence[Account]
    with_factor: frozenset[int]
    required: Required
    fault: str


@page(bp, "/staff/accounts")
def show() -> str:
    """Show all accounts."""
    return _accounts_page()


@page(bp, "/staff/accounts/add", methods=["POST"])
def add() -> Answer:
    """Add somebody and show, once, the link by which they choose a password."""
    form = request.form
    role, layers = _chosen_role()
    new = NewAccount(form.get("login", ""), role, form.get("display_name", ""), layers)
    account = people.accounts.add_account(desk_store(), new)
    return _invited(account.login)


@page(bp, "/staff/accounts/<login>/role", methods=["POST"])
def role(login: str) -> Answer:
    """Give somebody another role, or an editor other layers."""
    people.accounts.set_role(desk_store(), login, *_chosen_role())
    return _done()


@page(bp, "/staff/accounts/<login>/active", methods=["POST"])
def active(login: str) -> Answer:
    """Disable an account and end its sessions, or enable it again."""
    people.accounts.set_active(desk_store(), login, is_active=request.form.get("active") == "yes")
    return _done()


@page(bp, "/staff/accounts/<login>/sessions", methods=["POST"])
def sessions(login: str) -> Answer:
    """End every session of somebody."""
    people.accounts.end_sessions(desk_store(), login)
    return _done()


@page(bp, "/staff/accounts/<login>/invite", methods=["POST"])
def invite(login: str) -> Answer:
    """Show, once, a new link by which somebody chooses a password; the old password works until they have."""
    return _invited(login)


@bp.errorhandler(InvalidAccount)
def refused(error: InvalidAccount) -> Answer:
    """Give the form back with what was wrong in it."""
    return _accounts_page(error.reason), status_of(error)


def _invited(login: str) -> Response:
    word = people.accounts.invite(desk_store(), login)
    site = current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/")
    flash(site + localised("staff_auth.welcome", word=word), LINK)
    return redirect(localised("staff_accounts.show"), 303)


def _done() -> Response:
    flash("staff.account_changed")
    return redirect(localised("staff_accounts.show"), 303)


def _chosen_role() -> tuple[Role, tuple[str, ...] | None]:
    """Return the role and layers of a form; without any layer ticked it is all. Raises InvalidAccount."""
    chosen = next((role for role in ROLES if role == request.form.get("role")), None)
    if chosen is None:
        raise InvalidAccount("There is no such role.", f"There are {', '.join(ROLES)}.", reason="role")
    known = {spec.id for spec in snapshot().city.layers}
    layers = tuple(layer for layer in request.form.getlist("layers") if layer in known)
    return chosen, layers if chosen == "editor" and layers else None


def _accounts_page(fault: str = "") -> str:
    return AccountsPage(
        accounts=people.accounts.all_accounts(desk_store()),
        with_factor=with_factor(desk_store()),
        required=required(desk_store()),
        fault=fault,
    ).fill()
