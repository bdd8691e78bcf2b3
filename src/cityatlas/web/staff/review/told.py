"""Tell people what waits for them: as counts on every page of the desk, as a feed of their own, by mail."""

from __future__ import annotations

import logging
import smtplib
import ssl
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from xml.etree import ElementTree as ET

from flask import Blueprint, Flask, Response, current_app, flash, g, redirect, request, url_for

from ....catalogue.live import LiveCatalogue
from ....editing.waiting import Waiting, WaitingKind, counts_of, waiting_for
from ....errors import CityatlasError, InvalidAccount, NotFound, status_of
from ....i18n import TAGS, Language, say, translate
from ....settings import Settings
from ....store.people.accounts import Account
from ....store.people.tellings import (
    Telling,
    account_of_feed,
    claim_mail,
    due_mails,
    end_claim,
    end_feed,
    renew_feed,
    set_mail,
    telling_of,
)
from ...http.desk import DeskPage, desk_store
from ...http.languages import localised, page
from ...public.change_feeds import ATOM, NEVER, add, atom_name, write_xml
from ..auth.gate import me

log = logging.getLogger(__name__)
bp = Blueprint("staff_told", __name__)
FEED = "feed"  # the category of a flashed message that is the address of a feed
TIMEOUT_S = 20
TLS_PORT = 465
NEAR = ("localhost", "127.0.0.1", "::1")  # a mail server there has, as a rule, a certificate of its own making


@dataclass(frozen=True, kw_only=True)
class ToldPage(DeskPage):
    """Hold what waits for one, and how one is told of it."""

    template = "staff/review/told.html"
    waiting: tuple[Waiting, ...]
    telling: Telling
    sends_mail: bool
    fault: str

    def address(self, one: Waiting) -> str:
        """Return where one goes on with it."""
        return address_of(one, g.language)


@page(bp, "/staff/told")
def show() -> str:
    """Show what waits, the address of a feed once it is made, and where mail goes."""
    return _page()


@page(bp, "/staff/told/feed", methods=["POST"])
def feed() -> Response:
    """Make a feed's address and show it once, or end the one that there is."""
    if request.form.get("what") == "end":
        end_feed(desk_store(), me().account)
    else:
        word = renew_feed(desk_store(), me().account)
        flash(_site() + localised("staff_told.atom", word=word), FEED)
    return redirect(localised("staff_told.show"), 303)  # type: ignore[return-value]


@page(bp, "/staff/told/mail", methods=["POST"])
def mail() -> Response:
    """Set where one's mail goes."""
    set_mail(desk_store(), me().account, request.form.get("mail", "").strip(), g.language)
    flash("waits.mail_set")
    return redirect(localised("staff_told.show"), 303)  # type: ignore[return-value]


@bp.errorhandler(InvalidAccount)
def refused(error: InvalidAccount) -> tuple[str, int]:
    """Give the form back with what was wrong in it."""
    return _page(error.reason), status_of(error)


@page(bp, "/staff/feed/<word>.atom")
def atom(word: str) -> Response:
    """Answer with what waits for whose feed it is, to nobody's cache; who has the address needs no login."""
    account = account_of_feed(desk_store(), word)
    if account is None:
        raise NotFound("There is no such feed.", "Make its address anew at the desk.")
    live: LiveCatalogue = current_app.extensions["cityatlas_live"]
    return Response(_atom(waits(live, account), account, g.language), mimetype=ATOM)


def waits(live: LiveCatalogue, account: Account) -> tuple[Waiting, ...]:
    """Return what waits for somebody, by the newest snapshot."""
    features = live.newest.features
    layers = {key: one.layer for key, one in features.items()} if account.role != "contributor" else {}
    names = {key: one.name for key, one in features.items()} if layers else {}
    return waiting_for(live.store, account, layers, names, live.sentences("en"))


def address_of(one: Waiting, language: Language) -> str:
    """Return the path of the page where one goes on with what waits."""
    if one.kind == "review":
        return url_for("staff_drafts.show", branch=one.branch, lang=language)
    if one.kind == "report":
        return url_for("staff_reports.show", lang=language)
    return url_for("staff_history.show", feature_id=one.feature_id, lang=language)


def init_app(app: Flask) -> None:
    """Count what waits on every page of the desk, and send mail now and then."""
    live: LiveCatalogue = app.extensions["cityatlas_live"]

    @app.context_processor
    def badge() -> dict[str, object]:
        return {"waits_now": _counts}

    if _sends(app.config["SETTINGS"]):
        live.when_tidied.append(lambda: threading.Thread(target=send_mails, args=(app,), daemon=True).start())


def _counts() -> dict[WaitingKind, int]:
    """Return how many things of each kind wait for who asks."""
    live: LiveCatalogue = current_app.extensions["cityatlas_live"]
    if "waits_now" not in g:
        g.waits_now = counts_of(waits(live, me().account))
    counted: dict[WaitingKind, int] = g.waits_now
    return counted


def send_mails(app: Flask) -> int:
    """Send each person who wants it what waits, where something has come since the last time; return how many."""
    live: LiveCatalogue = app.extensions["cityatlas_live"]
    settings: Settings = app.config["SETTINGS"]
    if not live.store.exists():
        return 0
    sent = 0
    try:
        with app.test_request_context("/", base_url=settings.public_url or None):
            for account, telling in due_mails(live.store):
                found = waits(live, account)
                is_new = any(one.since > telling.mailed_at for one in found)
                if is_new and (claimed_at := claim_mail(live.store, account, telling)):
                    sent += _sent(settings, account, telling, _text(live, settings, found, telling.language))
                    end_claim(live.store, account, claimed_at)
    except CityatlasError as error:
        log.warning("what waits could not be told: %s", error)
    return sent


def _sent(settings: Settings, account: Account, telling: Telling, text: str) -> bool:
    message = EmailMessage()
    message["From"], message["To"] = settings.smtp_from, telling.mail
    message["Subject"] = translate("waits.subject", telling.language)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    try:
        _post(settings, message)
    except (OSError, smtplib.SMTPException) as error:  # it is tried again in a day: mail never comes more often
        log.warning("mail to account %d was not taken: %s", account.id, type(error).__name__)
        return False
    return True


def _post(settings: Settings, message: EmailMessage) -> None:
    proof = None if settings.smtp_host in NEAR else ssl.create_default_context()
    with _connected(settings, proof) as server:
        if settings.smtp_port != TLS_PORT and server.has_extn("starttls"):
            server.starttls(context=proof)
        elif settings.smtp_port != TLS_PORT and proof and settings.smtp_user:
            raise smtplib.SMTPNotSupportedError("a password is sent over TLS alone")
        if settings.smtp_user:
            server.login(settings.smtp_user, settings.smtp_password)
        server.send_message(message)


def _connected(settings: Settings, proof: ssl.SSLContext | None) -> smtplib.SMTP:
    host, port = settings.smtp_host, settings.smtp_port
    if port == TLS_PORT:
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=proof)
    return smtplib.SMTP(host, port, timeout=TIMEOUT_S)


def _text(live: LiveCatalogue, settings: Settings, found: tuple[Waiting, ...], language: Language) -> str:
    """Return a mail: counts, then each thing with its address where ours is known."""
    counted = [translate(f"waits.count_{kind}", language, n=n) for kind, n in counts_of(found).items()]
    lines = [
        f"- {one.sentence(language)}"
        + (f"\n  {settings.public_url}{address_of(one, language)}" if settings.public_url else "")
        for one in found
    ]
    title = say(live.newest.city.title, language).text
    return "\n".join([title, *counted, "", *lines, "", translate("waits.mail_foot", language)])


def _atom(found: tuple[Waiting, ...], account: Account, language: Language) -> bytes:
    root = ET.Element(atom_name("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": TAGS[language]})
    page_address = _site() + localised("staff_told.show")
    add(root, "id", f"{page_address}#{account.id}")
    add(root, "title", translate("waits.title", language))
    add(root, "updated", max((one.since for one in found if one.since), default=NEVER))
    add(ET.SubElement(root, atom_name("author")), "name", translate("staff.brand", language))
    add(root, "link", rel="alternate", type="text/html", href=page_address)
    for one in found:
        entry = ET.SubElement(root, atom_name("entry"))
        add(entry, "id", f"{page_address}#{one.kind}-{one.key}")
        add(entry, "title", one.sentence(language))
        add(entry, "updated", one.since or NEVER)
        add(entry, "link", rel="alternate", type="text/html", href=_site() + address_of(one, language))
        add(entry, "content", one.sentence(language))
    return write_xml(root)


def _site() -> str:
    return str(current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/"))


def _page(fault: str = "") -> str:
    live: LiveCatalogue = current_app.extensions["cityatlas_live"]
    return ToldPage(
        waiting=waits(live, me().account),
        telling=telling_of(desk_store(), me().account),
        sends_mail=_sends(current_app.config["SETTINGS"]),
        fault=fault,
    ).fill()


def _sends(settings: Settings) -> bool:
    return bool(settings.smtp_host and settings.smtp_from)
