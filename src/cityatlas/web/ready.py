"""Answer repeated requests before Flask is asked: a kept answer costs a look-up, not a routing."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request

from ..live import LiveCatalogue
from .answers import Answer, choose_coding, tag_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST = 500  # addresses; more begin anew
REPEAT_S = 20.0  # pages that show opening hours change with the week
Headers = list[tuple[str, str]]
# What differs between two responses of one answer, and is set for each.
OWN = frozenset({"etag", "content-encoding", "content-length"})


class ReadyAnswers:
    """Stand before an application and repeat what it has answered from the present snapshot.

    Only answers that depend on snapshot, host and address alone come here: those whose address fixes the
    language. Each counts for the snapshot that it was made from, and for no other.
    """

    def __init__(self, app: WSGIApplication, live: LiveCatalogue) -> None:
        self._app, self._live = app, live
        self._kept: dict[tuple[str, str, str], tuple[str, float, Answer, Headers]] = {}

    def keep(self, answer: Answer, response: Response) -> None:
        """Keep an answer with the headers that its response was given."""
        if len(self._kept) >= MOST:
            self._kept = {}
        headers = [(name, value) for name, value in response.headers if name.lower() not in OWN]
        until_s = time.monotonic() + REPEAT_S
        self._kept[_address(request.environ)] = (g.snapshot.edition, until_s, answer, headers)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Repeat a kept answer to a GET, or ask the application."""
        edition = self._live.current().edition
        if environ["REQUEST_METHOD"] == "GET" and (kept := self._kept.get(_address(environ))):
            of, until_s, answer, headers = kept
            if of == edition and time.monotonic() < until_s:
                return _repeat(answer, headers, environ, start_response)
        return self._app(environ, start_response)


def _address(environ: WSGIEnvironment) -> tuple[str, str, str]:
    return environ.get("HTTP_HOST", ""), environ["PATH_INFO"], environ.get("QUERY_STRING", "")


def _repeat(
    answer: Answer, headers: Headers, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    coding = choose_coding(answer, environ.get("HTTP_ACCEPT_ENCODING", ""))
    etag = tag_of(answer, coding)
    if etag in environ.get("HTTP_IF_NONE_MATCH", ""):
        start_response("304 NOT MODIFIED", [*(h for h in headers if h[0] != "Content-Type"), ("ETag", etag)])
        return []
    body = answer.bodies[coding]
    own = [("ETag", etag), ("Content-Length", str(len(body)))]
    own += [("Content-Encoding", coding)] if coding else []
    start_response("200 OK", headers + own)
    return [body]


def init_app(app: Flask, live: LiveCatalogue) -> None:
    """Put the kept answers before the application, and keep each that may be repeated."""
    ready = ReadyAnswers(app.wsgi_app, live)

    @app.after_request
    def keep(response: Response) -> Response:
        if g.get("answer") and g.is_language_fixed and response.status_code == 200 and request.method == "GET":
            ready.keep(g.answer, response)
        return response

    app.wsgi_app = ready  # type: ignore[method-assign]
