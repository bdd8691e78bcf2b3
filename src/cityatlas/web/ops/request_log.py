"""Write a line of JSON for each answer, where a setting asks for it: what was asked for by its rule, never by whom.

No address of a visitor, no browser, no query, no id is in it: a rule is `/sites/<site_id>`, whichever place was seen.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOGGER = logging.getLogger("cityatlas.requests")
NO_RULE = "-"  # of what no rule answers
METHODS = frozenset(["GET", "HEAD", "POST", "OPTIONS"])  # by name; any other is told as OTHER
OTHER = "OTHER"


class RequestLog:
    """Stand around an application and write a line once each answer begins."""

    def __init__(self, app: Flask, inner: WSGIApplication) -> None:
        self._app = inner
        self._rules = app.url_map.bind("localhost")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as the application does."""
        begun_s = time.perf_counter()

        def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:  # Any: as WSGI has it
            size = next((int(value) for name, value in headers if name.lower() == "content-length"), None)
            line = {
                "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "method": environ["REQUEST_METHOD"] if environ["REQUEST_METHOD"] in METHODS else OTHER,
                "rule": self._rule(environ["PATH_INFO"], environ["REQUEST_METHOD"]),
                "status": int(status[:3]),
                "ms": round((time.perf_counter() - begun_s) * 1_000, 1),
                "bytes": size,
            }
            LOGGER.info(json.dumps(line))
            return start_response(status, headers, *rest)

        return self._app(environ, started)

    def _rule(self, path: str, method: str) -> str:
        try:
            text = path.encode("latin-1").decode("utf-8", "replace")  # as WSGI hands paths on
            return self._rules.match(text, method, return_rule=True)[0].rule
        except (HTTPException, RequestRedirect):
            return NO_RULE


def init_app(app: Flask) -> None:
    """Write the lines to standard output, where CITYATLAS_REQUEST_LOG asks for them."""
    if not app.config["SETTINGS"].request_log:
        return
    if not LOGGER.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(logging.Formatter("%(message)s"))
        LOGGER.addHandler(handler)
        LOGGER.setLevel(logging.INFO)
        LOGGER.propagate = False
    app.wsgi_app = RequestLog(app, app.wsgi_app)  # type: ignore[method-assign]
