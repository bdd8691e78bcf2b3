"""Say in words why the desk does not open, and keep what only operators may read in the log."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Flask, Response, g, jsonify, make_response, request
from werkzeug.exceptions import RequestEntityTooLarge

from ....errors import NotAllowed, StoreUnavailable, status_of
from ....i18n import translate
from ....limits import FILE_MB
from ...http import errors
from ...http.desk import DeskPage, is_desk
from .resumed_form import ResumedForm, resume_form

log = logging.getLogger(__name__)
# What SQLite, PostgreSQL and the system say, by the sentence that tells it to people who cannot mend it.
CAUSES = {
    "read_only": ("readonly", "read-only", "Read-only"),
    "broken": ("malformed", "not a database", "disk I/O"),
    "full": ("is full", "No space left"),
    "busy": ("is locked", "lock timeout"),
}


@dataclass(frozen=True, kw_only=True)
class RefusedPage(DeskPage):
    """Hold why the desk does not open, and the form that was refused, if any."""

    template = "staff/auth/refused.html"
    most = FILE_MB
    status: int
    reason: str
    form: ResumedForm | None


def init_app(app: Flask) -> None:
    """Answer what the gate and the store refuse with a page of the desk."""
    app.register_error_handler(StoreUnavailable, _closed)
    app.register_error_handler(NotAllowed, _not_allowed)
    app.register_error_handler(RequestEntityTooLarge, _too_large)


def wants_json() -> bool:
    """Return whether a script asks, not a person."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def answer(status: int, reason: str) -> Response:
    """Return a refusal with the sentence of `reason`, as a page or for a script as JSON."""
    if wants_json():
        sentence = translate(f"staff.refused_{reason}", g.language, most=FILE_MB)
        response = jsonify({"error": {"code": reason, "message": sentence, "hint": ""}})
    else:
        page = RefusedPage(status=status, reason=reason, form=resume_form(status, reason))
        response = make_response(page.fill())
    response.status_code = status
    return response


def _too_large(error: RequestEntityTooLarge) -> Response:
    return answer(413, "too_large") if is_desk(request.path) else errors.answer_http(error)


def _closed(error: StoreUnavailable) -> Response:
    if not is_desk(request.path):
        return errors.answer_error(error)
    log.error("the desk is closed: %s %s", error.message, error.hint)
    g.is_desk_open = False  # the page must not ask the store who is logged in
    return answer(status_of(error), _cause(error))


def _cause(error: StoreUnavailable) -> str:
    """Return the key of the sentence that says why: the error's own words name hosts and folders."""
    if "reason" in error.values:
        return error.values["reason"]
    said = str(getattr(error.__cause__, "orig", None) or error.__cause__ or "")
    return next((cause for cause, signs in CAUSES.items() if any(sign in said for sign in signs)), "closed")


def _not_allowed(error: NotAllowed) -> Response:
    return answer(status_of(error), error.values.get("reason", "role"))
