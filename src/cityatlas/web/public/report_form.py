"""Let visitors tell in words what is wrong with a feature; only staff ever read it."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from flask import Blueprint, current_app, g, make_response, redirect, render_template, request
from itsdangerous import BadSignature, TimestampSigner
from werkzeug import Response

from ...city.layers import Feature
from ...errors import StoreUnavailable
from ...limits import CONTACT_LETTERS, FREE_REPORTS, REPORT_LETTERS
from ...settings import Settings
from ...store.attempts import Count, begin_attempt
from ...store.reports import KINDS, NewReport, ReportKind, add_report
from ..http.caching import PRIVATE
from ..http.clients import is_from_own_page, read_caller
from ..http.desk import desk_store, read_secret
from ..http.languages import localised, page
from ..http.pages import send_page
from ..http.snapshots import snapshot

bp = Blueprint("visitor_reports", __name__)
LEAST_S = 3  # nobody reads the form and writes a sentence faster
LONGEST_S = 24 * 3600
STATUS = {"foreign": 403, "wait": 429, "full": 429, "closed": 503}  # of what is not taken; 422 for all others


@page(bp, "/sites/<site_id>/report", methods=["GET", "POST"])
def report(site_id: str) -> Response:
    """Show the form, or take what was written in it."""
    feature = snapshot().feature(site_id)
    try:
        if request.method == "GET":
            return _form_page(feature)
        fault, minutes = _take(feature)
        return _form_page(feature, fault, minutes) if fault else _thanked(feature)
    except StoreUnavailable:
        return _form_page(feature, "closed")


@page(bp, "/sites/<site_id>/report/thanks")
def thanks(site_id: str) -> Response:
    """Say that a report has arrived, and what becomes of it."""
    snapshot().feature(site_id)
    return send_page("public/report_thanks.html", lambda c: {"feature": c.feature(site_id), "days": _days()})


def _thanked(feature: Feature) -> Response:
    return redirect(localised("visitor_reports.thanks", site_id=feature.id), 303)


def _take(feature: Feature) -> tuple[str, int]:
    """Keep a report; return the key of what forbids it ("" when nothing does) and the minutes to wait.

    What fills the field that people do not see is thanked for and thrown away.
    """
    if not is_from_own_page():
        return "foreign", 0
    if request.form.get("website"):
        return "", 0
    new = _read(feature)
    if fault := _stamp_fault(feature) or _word_fault(new):
        return fault, 0
    store = desk_store()
    if wait_s := begin_attempt(store, [Count(f"report {read_caller().address}", FREE_REPORTS)]):
        return "wait", -(-wait_s // 60)
    return ("" if add_report(store, new) else "full"), 0


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


def _form_page(feature: Feature, fault: str = "", minutes: int = 0) -> Response:
    """Return the form with what was typed in it; without a store it says so, and whom to tell instead."""
    is_open = fault != "closed" and _is_open()
    fault = fault if is_open else "closed"
    opened = _signer().sign(feature.id).decode() if is_open else ""
    typed = {name: request.form.get(name, "") for name in ("kind", "words", "contact")}
    most = {"words": REPORT_LETTERS, "contact": CONTACT_LETTERS}
    values = {"feature": feature, "fault": fault, "minutes": minutes, "opened": opened, "typed": typed, "most": most}
    response = make_response(render_template("public/report.html", kinds=KINDS, days=_days(), **values))
    response.status_code = STATUS.get(fault, 422) if fault else 200
    response.headers["Cache-Control"] = PRIVATE
    return response


def _is_open() -> bool:
    """Return whether there is a store to keep a report in; a first visitor does not make one."""
    store = desk_store()
    if store.exists():
        store.prepare()
        return True
    return False


def _days() -> int:
    settings: Settings = current_app.config["SETTINGS"]
    return settings.report_days
