"""Let visitors tell in words what is wrong with a feature; only staff ever read it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from flask import Blueprint, Response, current_app, g, redirect, request
from itsdangerous import BadSignature, TimestampSigner
from werkzeug import Response as Redirect

from ...city.layers import Feature
from ...errors import CityatlasError, InvalidValue, NotAllowed, StoreUnavailable, TooManyAttempts, status_of
from ...limits import CONTACT_LETTERS, FREE_REPORTS, REPORT_LETTERS
from ...settings import Settings
from ...store.people.sessions import Count, begin_attempt
from ...store.reports import KINDS, NewReport, ReportKind, add_report
from ..http.clients import is_from_own_page, read_caller
from ..http.desk import desk_store, read_secret
from ..http.html_page import HtmlPage
from ..http.languages import localised, page
from ..http.pages import send_page
from ..http.sending.caching import PRIVATE
from ..http.snapshots import snapshot

bp = Blueprint("visitor_reports", __name__)
LEAST_S = 3  # nobody reads the form and writes a sentence faster
LONGEST_S = 24 * 3600


@dataclass(frozen=True, kw_only=True)
class ReportPage(HtmlPage):
    """Hold the form with what was typed in it; `fault` ends the key of the sentence why it was not taken."""

    template = "public/report.html"
    kinds = KINDS
    most: ClassVar = {"words": REPORT_LETTERS, "contact": CONTACT_LETTERS}
    feature: Feature
    fault: str
    minutes: str
    opened: str
    typed: Mapping[str, str]
    days: int


@dataclass(frozen=True, kw_only=True)
class ThanksPage(HtmlPage):
    """Hold which feature a report was about, and how long it is kept."""

    template = "public/report_thanks.html"
    feature: Feature
    days: int


@page(bp, "/sites/<site_id>/report", methods=["GET", "POST"])
def report(site_id: str) -> Response | Redirect:
    """Show the form, or take what was written in it."""
    feature = snapshot().feature(site_id)
    if request.method == "GET":
        return _form_page(feature)
    _take(feature)
    return redirect(localised("visitor_reports.thanks", site_id=feature.id), 303)


@bp.errorhandler(InvalidValue)
@bp.errorhandler(NotAllowed)
@bp.errorhandler(TooManyAttempts)
def refused(error: InvalidValue | NotAllowed | TooManyAttempts) -> Response:
    """Give the form back with what was typed in it, and why it was not taken."""
    return _form_page(_asked_for(), error)


@bp.errorhandler(StoreUnavailable)
def closed(_: StoreUnavailable) -> Response:
    """Say that no report can be kept now; why is for the log of operators alone."""
    return _form_page(_asked_for(), _no_store())


@page(bp, "/sites/<site_id>/report/thanks")
def thanks(site_id: str) -> Response:
    """Say that a report has arrived, and what becomes of it."""
    snapshot().feature(site_id)
    return send_page(lambda c: ThanksPage(feature=c.feature(site_id), days=_days()))


def _take(feature: Feature) -> None:
    """Keep a report. Raises NotAllowed, InvalidValue or TooManyAttempts with the reason why it is not taken.

    What fills the field that people do not see is thanked for and thrown away.
    """
    if not is_from_own_page():
        raise NotAllowed("This did not come from a page of this site.", "Send it again here.", reason="foreign")
    if request.form.get("website"):
        return
    new = _read(feature)
    if reason := _stamp_fault(feature) or _word_fault(new):
        raise InvalidValue("The report is not taken like this.", "The form says why.", reason=reason)
    store = desk_store()
    if wait_s := begin_attempt(store, [Count(f"report {read_caller().address}", FREE_REPORTS)]):
        minutes = str(-(-wait_s // 60))
        raise TooManyAttempts("Several reports came from here.", "Wait a while.", reason="wait", minutes=minutes)
    if not add_report(store, new):
        raise TooManyAttempts("Too many reports are waiting.", "Tell us in another way.", reason="full")


def _read(feature: Feature) -> NewReport:
    kind: ReportKind = next((kind for kind in KINDS if kind == request.form.get("kind")), "other")
    return NewReport(feature.id, kind, _field("words"), _field("contact"), g.language)


def _field(name: str) -> str:
    """Return what was typed, line breaks kept, without signs that cannot be seen."""
    typed = request.form.get(name, "").replace("\r\n", "\n")
    return "".join(sign for sign in typed if sign.isprintable() or sign == "\n").strip()


def _word_fault(new: NewReport) -> str:
    if not new.words:
        return "no_words"
    return "long" if len(new.words) > REPORT_LETTERS or len(new.contact) > CONTACT_LETTERS else ""


def _stamp_fault(feature: Feature) -> str:
    """Return what is wrong with when the form was opened: a program fills it in at once, or keeps it for days."""
    try:
        about, opened_at = _signer().unsign(request.form.get("opened", ""), LONGEST_S, return_timestamp=True)
    except BadSignature:
        return "old"
    if about.decode() != feature.id:
        return "old"
    return "fast" if (datetime.now(UTC) - opened_at).total_seconds() < LEAST_S else ""


def _signer() -> TimestampSigner:
    secret = read_secret(current_app.config["SETTINGS"])
    return TimestampSigner(secret, salt="cityatlas report", digest_method=hashlib.sha256)


def _asked_for() -> Feature:
    return snapshot().feature(str((request.view_args or {})["site_id"]))


def _no_store() -> StoreUnavailable:
    return StoreUnavailable("Reports cannot be taken now.", "Tell the organiser.", reason="closed")


def _form_page(feature: Feature, error: CityatlasError | None = None) -> Response:
    """Return the form with what was typed in it; without a store it says so, and whom to tell instead."""
    if not isinstance(error, StoreUnavailable) and not _is_open():
        error = _no_store()
    is_open = not isinstance(error, StoreUnavailable)
    page = ReportPage(
        feature=feature,
        fault=error.reason if error else "",
        minutes=error.values.get("minutes", "") if error else "",
        opened=_signer().sign(feature.id).decode() if is_open else "",
        typed={name: request.form.get(name, "") for name in ("kind", "words", "contact")},
        days=_days(),
    )
    response = Response(page.fill(), mimetype="text/html", status=status_of(error) if error else 200)
    response.headers["Cache-Control"] = PRIVATE
    return response


def _is_open() -> bool:
    """Return whether there is a store to keep a report in; a first visitor does not make one."""
    store = desk_store()
    try:
        if store.exists():
            store.prepare()
            return True
    except StoreUnavailable:
        return False
    return False


def _days() -> int:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.report_days
