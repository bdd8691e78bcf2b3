"""Read a query that stands in an address as raw bytes as if they were escaped: old browsers and shells send such."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import Flask, Request

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


SAFE = string.ascii_letters + string.digits + string.punctuation + " "  # no line ends: a redirect repeats the query


class EscapedRequest(Request):
    """Be a request whose query is ASCII: bytes that are no UTF-8 would else fail wherever the query is read."""

    def __init__(self, environ: WSGIEnvironment, *arguments: Any, **options: Any) -> None:  # Any: werkzeug's own
        super().__init__(environ, *arguments, **options)
        self.query_string = quote(self.query_string, safe=SAFE).encode("ascii")


def init_app(app: Flask) -> None:
    """Let the application read its requests so."""
    app.request_class = EscapedRequest
