"""Answer errors: a page in the visitor's language, or one JSON shape for programs."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import BadHost, HTTPException

from ...errors import CityatlasError, InvalidTour, PinGone, ServerBusy, SnapshotGone, status_of
from ...planner.request.values import fault_words
from .desk import is_desk
from .html_page import HtmlPage
from .languages import negotiated
from .sending.caching import REDIRECT
from .snapshots import snapshot

log = logging.getLogger(__name__)
SERVER_ERROR = 500
PAGES = (404, 410, 414, 422, 429)  # statuses with words of their own


@dataclass(frozen=True, kw_only=True)
class ErrorPage(HtmlPage):
    """Hold what went wrong; `kind` ends the keys of its words, `successor` stands for a feature that was withdrawn."""

    template = "error.html"
    status: int
    kind: str
    message: str
    hint: str
    successor: str
    again: str = ""


def init_app(app: Flask) -> None:
    """Register the last handlers; no visitor ever sees a traceback, the log always has it."""
    app.register_error_handler(CityatlasError, answer_error)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(BadHost, _answer_no_host)
    app.register_error_handler(Exception, _unforeseen)
    app.after_request(_redirect_within)


def answer_error(error: CityatlasError) -> Response:
    """Return the answer to one of our errors, with its status."""
    told = fault_words(error, snapshot(), negotiated()) if isinstance(error, InvalidTour) else ""
    response = _answer(status_of(error), error.code, error.message, error.hint, error.values, told)
    if wait_s := error.values.get("wait_s"):
        response.headers["Retry-After"] = wait_s
        if isinstance(error, ServerBusy) and request.method == "GET" and response.mimetype == "text/html":
            response.headers["Refresh"] = wait_s  # thirty phones that open one new link at once all get there
    return response


def answer_http(error: HTTPException) -> Response:
    """Return the answer to what the framework refuses."""
    status = error.code or SERVER_ERROR
    response = _answer(status, HTTPStatus(status).name.lower(), error.description or "", "", {})
    response.headers.extend((key, value) for key, value in error.get_headers() if key in ("Allow", "Retry-After"))
    return response


def _answer_no_host(_: BadHost) -> Response:
    """Return the answer to a request whose Host is no host: not as a page, since nothing can be linked from it."""
    hint = "Ask by the address that the site is known by."
    return _as_json(HTTPStatus.BAD_REQUEST, "bad_host", "The header Host is no name of a host.", hint)


def _redirect_within(response: Response) -> Response:
    """Leave the host out of a redirect, and the page that repeats it: werkzeug names the one that was asked for."""
    if address := response.headers.get("Location"):
        parts = urlsplit(address)
        response.headers["Location"] = urlunsplit(("", "", "/" + parts.path.lstrip("/"), parts.query, ""))
        response.set_data(b"")
    return response


def _unforeseen(error: Exception) -> Response:
    log.exception("no answer for %s", _told_path())
    return _answer(SERVER_ERROR, "internal_error", "Something went wrong on our side.", "Try again later.", {})


def _told_path() -> str:
    """Return the path for the log; of an address whose word opens something (a feed, an invitation) its rule alone."""
    has_word = "word" in (request.view_args or {}) and is_desk(request.path)
    return request.url_rule.rule if has_word and request.url_rule else request.path


def _answer(status: int, code: str, message: str, hint: str, values: dict[str, str], told: str = "") -> Response:
    """Return an error; a program gets what is `told` to visitors, in the language that it accepts, beside it."""
    if isinstance(request.routing_exception, BadHost):  # whatever else is wrong: nothing can be linked from there
        return _answer_no_host(request.routing_exception)
    if _wants_json():
        sentence = {"reason": values["reason"], "sentence": told} if told else {}
        sentence |= {"again": values["again"]} if "again" in values else {}
        return _as_json(status, code, message, hint, sentence)
    if status >= SERVER_ERROR:
        g.is_desk_open = False  # the page must not ask the store, which may be what failed, who is logged in
    if "language" not in g:  # the address matched nothing, so no view has set it
        g.language, g.is_language_fixed = negotiated(), request.path[1:3] in ("zh", "en")
    kind = str(status if status in PAGES else (SERVER_ERROR if status >= SERVER_ERROR else 422))
    kind = {ServerBusy.code: "busy", SnapshotGone.code: "changed", PinGone.code: "pinned"}.get(code, kind)
    kind = "erased" if kind == "pinned" and values.get("reason") == "erased" else kind
    page = ErrorPage(
        status=status,
        kind=kind,
        message=message,
        hint=hint,
        successor=values.get("successor", ""),
        again=values.get("again", "") if kind in ("changed", "pinned", "erased") else "",
    )
    return _finished(Response(page.fill(), mimetype="text/html"), status)


def _as_json(status: int, code: str, message: str, hint: str, more: dict[str, str] | None = None) -> Response:
    table = {"code": code, "message": message, "hint": hint} | (more or {})
    return _finished(jsonify({"error": table}), status)


def _finished(response: Response, status: int) -> Response:
    """Give an error its status; no cache keeps it, since it speaks one visitor's language and may pass."""
    response.status_code = status
    response.headers["Cache-Control"] = REDIRECT
    return response


def always_json(path: str) -> bool:
    """Return whether an address tells its errors as JSON whatever the Accept of who asks."""
    return path.endswith((".json", ".geojson")) or path.startswith(("/api/", "/ogc/")) or path == "/ogc"


def _wants_json() -> bool:
    if always_json(request.path):
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
