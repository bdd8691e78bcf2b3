"""Answer errors: a page in the visitor's language, or one JSON shape for programs."""

from __future__ import annotations

import logging
from http import HTTPStatus

from flask import Flask, Response, g, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from ..errors import CityatlasError, status_of
from .languages import negotiated

log = logging.getLogger(__name__)
SERVER_ERROR = 500


def init_app(app: Flask) -> None:
    """Register the last handlers; no visitor ever sees a traceback, the log always has it."""
    app.register_error_handler(CityatlasError, _ours)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _unforeseen)


def _ours(error: CityatlasError) -> tuple[Response | str, int]:
    return _answer(status_of(error), error.code, error.message, error.hint, error.values)


def _of_http(error: HTTPException) -> tuple[Response | str, int] | Response:
    status = error.code or SERVER_ERROR
    if 300 <= status < 400:
        return Response(error.get_response().response, status, dict(error.get_response().headers))
    return _answer(status, HTTPStatus(status).name.lower(), error.description or "", "", {})


def _unforeseen(error: Exception) -> tuple[Response | str, int]:
    log.exception("no answer for %s", request.path)
    return _answer(SERVER_ERROR, "internal_error", "Something went wrong on our side.", "Try again later.", {})


def _answer(status: int, code: str, message: str, hint: str, values: dict[str, str]) -> tuple[Response | str, int]:
    if _wants_json():
        return jsonify({"error": {"code": code, "message": message, "hint": hint}}), status
    if "language" not in g:  # the address matched nothing, so no view has set it
        g.language, g.is_language_fixed = negotiated(), request.path[1:3] in ("zh", "en")
    kind = status if status in (404, 410, 422) else (500 if status >= SERVER_ERROR else 422)
    page = render_template("error.html", status=status, kind=kind, message=message, hint=hint, values=values)
    return page, status


def _wants_json() -> bool:
    path = request.path
    if path.endswith((".json", ".geojson")) or path.startswith("/api/"):
        return True
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


