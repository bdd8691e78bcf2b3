"""Show the staff handbook: its words are messages, its numbers those that the program goes by, its pictures made."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar

from flask import Blueprint, Response, current_app, g, request
from markupsafe import Markup

from ... import limits
from ...editing.worklist import task
from ...errors import NotFound
from ...exchange.uploads.photos import read_size_px
from ...i18n import LANGUAGES, Language
from ...paths import PACKAGE
from ...settings import Settings
from ..http.html_page import HtmlPage
from ..http.languages import page
from ..http.pages import send_page
from ..http.sending.answers import Answer, AnswerCache, respond
from ..http.sending.caching import IMMUTABLE

bp = Blueprint("staff_help", __name__)
# Each part and the pictures in it; tests/browser/handbook_pictures.py makes them.
PARTS: dict[str, tuple[str, ...]] = {
    "login": ("factor",),
    "roles": (),
    "desk": ("desk", "told", "searches"),
    "edit": ("edit",),
    "new": (),
    "place": ("verify",),
    "hours": ("hours",),
    "visit": (),
    "photos": ("photos", "many"),
    "routes": ("route",),
    "conflict": ("conflict",),
    "review": ("review", "scheduled"),
    "history": ("history", "changes"),
    "table": ("table", "batch"),
    "sheet": ("sheet",),
    "import": (),
    "reports": (),
    "admin": ("erasures",),
    "limits": (),
}
# The settings that staff or their administrator meet, in the order in which they are told.
STAFF_SETTINGS = (
    "session_h",
    "report_days",
    "embed_days",
    "search_weeks",
    "var",
    "shared",
    "database_url",
    "secret",
    "public_url",
    "proxies",
    "smtp_host",
    "smtp_port",
    "smtp_user",
    "smtp_password",
    "smtp_from",
    "store_recheck_s",
    "geodata",
    "max_file_mb",
    "max_features",
)
PICTURES = PACKAGE / "static" / "help"
# Of the scripts desk/autosave.js and desk/local_copy.js; a test compares them.
AUTOSAVE_S = 2
COPY_DAYS = 60
MARKS = {"1. ": "steps", "- ": "items", "$ ": "commands"}


@dataclass(frozen=True)
class Picture:
    """Hold a picture's address, which changes with its content, and its size."""

    name: str
    address: str
    width_px: int
    height_px: int


@dataclass(frozen=True, kw_only=True)
class HandbookPage(HtmlPage):
    """Hold what the handbook is made of; settings are (variable, name, what holds where it is not set)."""

    template = "help/staff.html"
    parts: ClassVar = PARTS
    kinds = tuple(task.SEVERITY)
    numbers: dict[str, str]
    settings: list[tuple[str, str, str]]

    def blocks(self, text: str) -> list[tuple[str, list[Any]]]:
        """Return a text in its blocks."""
        return blocks(text)

    def picture(self, name: str) -> Picture:
        """Return a picture in the language of the page."""
        return find_picture(g.language, name)


@page(bp, "/help/staff")
def show() -> Response:
    """Show the handbook."""
    return send_page(lambda _: _handbook_page())


@bp.get("/static/help/<language>/<file>")
def picture(language: str, file: str) -> Response:
    """Answer with a picture; its name holds a hash of its content, so it is kept for ever."""
    name, _, digest = file.removesuffix(".webp").rpartition(".")
    known = {picture for part in PARTS.values() for picture in part}
    if language not in LANGUAGES or name not in known or digest != _digest(language, name):
        raise NotFound(f'There is no picture "{file[:80]}".', "The handbook names its pictures.")
    answers: AnswerCache = current_app.extensions["cityatlas_answers"]
    answer = answers.get(("help", language, file), lambda: Answer(_read(language, name), "image/webp", digest))
    return respond(answer, request, IMMUTABLE)


def _handbook_page() -> HandbookPage:
    settings = [(f"CITYATLAS_{name.upper()}", name, _defaults().get(name, "")) for name in STAFF_SETTINGS]
    return HandbookPage(numbers=numbers(), settings=settings)


def _defaults() -> dict[str, str]:
    """Return the numbers that hold where a setting is not set."""
    return {f.name: f"{f.default:,}" for f in fields(Settings) if isinstance(f.default, int | float)}


def blocks(text: str) -> list[tuple[str, list[object]]]:
    """Return a text's lines as neighbours of one kind: words, steps, items, commands, or rows of two cells."""
    lines = [_block(line) for line in text.strip().split("\n")]
    return [(kind, [line for _, line in same]) for kind, same in groupby(lines, key=lambda line: line[0])]


def _block(line: str) -> tuple[str, object]:
    for mark, kind in MARKS.items():
        if line.startswith(mark):
            return kind, marked(line.removeprefix(mark)) if kind != "commands" else line.removeprefix(mark)
    if " | " in line:
        return "rows", tuple(map(marked, line.split(" | ")))
    return "words", marked(line)


def marked(text: str) -> Markup:
    """Return a text with what stands between `` ` `` as code."""
    parts = [Markup("<code>{}</code>").format(part) if n % 2 else part for n, part in enumerate(text.split("`"))]
    return Markup("").join(parts)


@cache
def find_picture(language: Language, name: str) -> Picture:
    """Return a picture of the handbook in a language."""
    address = f"/static/help/{language}/{name}.{_digest(language, name)}.webp"
    return Picture(name, address, *read_size_px(_file(language, name)))


@cache
def _digest(language: str, name: str) -> str:
    return hashlib.sha256(_read(language, name)).hexdigest()[:8]


def _read(language: str, name: str) -> bytes:
    return _file(language, name).read_bytes()


def _file(language: str, name: str) -> Path:
    return PICTURES / language / f"{name}.webp"


def numbers() -> dict[str, str]:
    """Return what the handbook names of settings and limits, by place in its sentences."""
    set_now: Settings = current_app.config["SETTINGS"]
    told = {name.lower(): value for name, value in limits.all_limits().items() if name not in limits.SENTENCES}
    told |= {"autosave_s": AUTOSAVE_S, "copy_days": COPY_DAYS}
    told |= {"session_h": set_now.session_h, "report_days": set_now.report_days}
    return {name: f"{number:,}" for name, number in told.items()}
