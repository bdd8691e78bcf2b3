"""Show what is kept of visitors and staff, where, and for how long, as the settings and limits of this server say."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, current_app

from ...limits import FIX_AGE_DAYS, PHOTOS_WAIT_DAYS, PRESENT_S, SESSIONS_DAYS, UPLOAD_H, VAIN_LETTERS, VAIN_MINUTES
from ...settings import Settings
from ..http.desk import SEEN, SEEN_DAYS
from ..http.html_page import HtmlPage
from ..http.languages import COOKIE, page
from ..http.pages import send_page
from .handbook import COPY_DAYS, blocks

bp = Blueprint("privacy_help", __name__)
PARTS = ("never", "server", "cookies", "browser", "ask")
# What is kept: in which part it is told, the end of the keys of its words, and its name in a browser, "" on the server.
# Of the scripts, in which a test looks for more; `{desk}` is the name of the desk's cookie here.
KEPT = (
    ("server", "log", ""),
    ("server", "rates", ""),
    ("server", "reports", ""),
    ("server", "embeds", ""),
    ("server", "searches", ""),
    ("server", "failures", ""),
    ("server", "sessions", ""),
    ("server", "presence", ""),
    ("server", "accounts", ""),
    ("server", "factors", ""),
    ("server", "tellings", ""),
    ("server", "changes", ""),
    ("server", "uploads", ""),
    ("server", "backups", ""),
    ("cookies", "lang", COOKIE),
    ("cookies", "desk", "{desk}"),
    ("cookies", "known", "{desk}-known"),
    ("cookies", "seen", SEEN),
    ("browser", "tour", "cityatlas.tour"),
    ("browser", "plans", "cityatlas.plans"),
    ("browser", "stamps", "cityatlas.stamps"),
    ("browser", "look", "look"),
    ("browser", "type", "type"),
    ("browser", "city", "cityatlas.offline"),
    ("browser", "copies", "cityatlas.edit:"),
    ("browser", "sent", "cityatlas.sent"),
    ("browser", "fixes", "cityatlas-fixes"),
)


@dataclass(frozen=True, kw_only=True)
class PrivacyPage(HtmlPage):
    """Hold the parts of the page; `kept` are (key, name in the browser) by part."""

    template = "help/privacy.html"
    parts = PARTS
    kept: dict[str, list[tuple[str, str]]]
    numbers: dict[str, str]
    counts_embeds: bool
    counts_searches: bool
    logs_requests: bool

    def blocks(self, text: str) -> list[tuple[str, list[Any]]]:  # Any: as `blocks` has them
        """Return a text in its blocks."""
        return blocks(text)


@page(bp, "/help/privacy")
def show() -> Response:
    """Show the page."""
    settings: Settings = current_app.config["SETTINGS"]
    desk = str(current_app.config["SESSION_COOKIE_NAME"])
    kept = {
        part: [(key, name.format(desk=desk)) for _, key, name in rows]
        for part, rows in groupby(KEPT, key=lambda row: row[0])
    }
    told = PrivacyPage(
        kept=kept,
        numbers=_numbers(settings),
        counts_embeds=settings.embed_days > 0,
        counts_searches=settings.search_weeks > 0,
        logs_requests=settings.request_log > 0,
    )
    return send_page(lambda _: told)


def _numbers(settings: Settings) -> dict[str, str]:
    """Return how long things are kept, by place in the sentences of the page."""
    told = {
        "report_days": settings.report_days,
        "embed_days": settings.embed_days,
        "search_weeks": settings.search_weeks,
        "vain_letters": VAIN_LETTERS,
        "vain_minutes": VAIN_MINUTES,
        "session_h": settings.session_h,
        "sessions_days": SESSIONS_DAYS,
        "present_s": PRESENT_S,
        "seen_days": SEEN_DAYS,
        "upload_h": UPLOAD_H,
        "photos_days": PHOTOS_WAIT_DAYS,
        "copy_days": COPY_DAYS,
        "fix_age_days": FIX_AGE_DAYS,
    }
    return {name: f"{number:,}" for name, number in told.items()}
