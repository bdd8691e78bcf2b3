"""Answer repeated requests before Flask is asked: a kept answer costs a look-up, not a routing."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING

from cachetools import LRUCache, TTLCache
from flask import Flask, Response, g, request

from ....catalogue.catalogue import Catalogue
from ....catalogue.live import LiveCatalogue
from .answers import ENTRY_BYTES, Answer, AnswerCache, choose_coding, is_held, make_answer, tag_of
from .ranges import part_headers, wanted_part

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST_BYTES = 2_000_000  # of addresses and headers; the bodies stand in the AnswerCache, and count there
LARGE_BYTES = 64_000  # about what a socket takes at once
LONGEST_ADDRESS = 2_048  # letters with the query; longer ones are answered, not repeated
REPEAT_S = 20.0  # pages that show opening hours and notices change with the day
PINNED = "@"  # in place of an edition: what is pinned counts for every snapshot
MOST_FAMILIES = 500  # of addresses that differ in their last part alone: as many as layers, by hosts
Headers = list[tuple[str, str]]
Write = Callable[[Catalogue, str], bytes | None]  # of the last part of an address; None for what is not there
_Family = tuple[str, Write, Headers]  # edition of the snapshot, what writes each answer, and the headers of all
_Repeat = tuple[str, Hashable, Headers]  # edition of the snapshot, key of the answer, headers of the response
# What differs between two responses of one answer, and is set for each.
OWN = frozenset({"etag", "content-encoding", "content-length", "accept-ranges"})


class ReadyAnswers:
    """Stand before an application and repeat what it has answered from the present snapshot.

    Only answers that depend on snapshot, host and address alone come here: those whose address fixes the
    language. Each counts for the snapshot that it was made from, and for no other; what is pinned always counts.
    What is kept is the way from an address to an answer; an answer that the AnswerCache has let go is asked for anew.
    """

    def __init__(
        self,
        app: WSGIApplication,
        live: LiveCatalogue,
        answers: AnswerCache,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app, self._live, self._answers = app, live, answers
        self._kept: TTLCache[tuple[str, str, str], _Repeat] = TTLCache(MOST_BYTES, REPEAT_S, clock, _size_of)
        self._pinned: LRUCache[tuple[str, str, str], _Repeat] = LRUCache(MOST_BYTES, _size_of)
        self._families: TTLCache[tuple[str, str, str], _Family] = TTLCache(MOST_FAMILIES, REPEAT_S, clock)
        self._lock = threading.Lock()

    def keep(self, key: Hashable, response: Response) -> None:
        """Keep the key of an answer with the headers that its response was given."""
        address = _address(request.environ)
        if sum(map(len, address)) <= LONGEST_ADDRESS:
            headers = [(name, value) for name, value in response.headers if name.lower() not in OWN]
            pinned = g.snapshot.pin
            with self._lock:
                (self._pinned if pinned else self._kept)[address] = (
                    PINNED if pinned else g.snapshot.edition,
                    key,
                    headers,
                )

    def keep_family(self, write: Write, response: Response) -> None:
        """Answer addresses that differ from this one in their last part alone by what writes them, with its headers."""
        headers = [(name, value) for name, value in response.headers if name.lower() not in OWN]
        with self._lock:
            self._families[_family_of(request.environ)[0]] = (g.snapshot.edition, write, headers)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Repeat a kept answer to a GET, or ask the application."""
        if environ["REQUEST_METHOD"] == "GET":
            catalogue = self._live.current()
            if repeat := self._find(_address(environ)):
                of, key, headers = repeat
                if of in (catalogue.edition, PINNED) and (answer := self._answers.find(key)):
                    return _repeat(answer, headers, environ, start_response)
            elif sibling := self._sibling(catalogue, environ):
                return _repeat(*sibling, environ, start_response)
        return self._app(environ, start_response)

    def _sibling(self, catalogue: Catalogue, environ: WSGIEnvironment) -> tuple[Answer, Headers] | None:
        """Return an answer that is written like one before it, and its headers."""
        key, last = _family_of(environ)
        with self._lock:
            family = self._families.get(key)
        if not family or family[0] != catalogue.edition or (body := family[1](catalogue, last)) is None:
            return None
        return make_answer(body, dict(family[2])["Content-Type"], is_lasting=False), family[2]

    def _find(self, address: tuple[str, str, str]) -> _Repeat | None:
        with self._lock:
            return self._kept.get(address) or self._pinned.get(address)


def _address(environ: WSGIEnvironment) -> tuple[str, str, str]:
    return environ.get("HTTP_HOST", ""), environ["PATH_INFO"], environ.get("QUERY_STRING", "")


def _family_of(environ: WSGIEnvironment) -> tuple[tuple[str, str, str], str]:
    """Return what addresses have in common that differ in their last part alone, and that part."""
    host, path, query = _address(environ)
    stem, _, last = path.rpartition("/")
    return (host, stem, query), last


def _size_of(repeat: _Repeat) -> int:
    """Return the bytes of an entry: its address is in its limit, and no longer than that."""
    return ENTRY_BYTES + LONGEST_ADDRESS + sum(len(name) + len(value) for name, value in repeat[2])


def _repeat(
    answer: Answer, headers: Headers, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    coding = choose_coding(answer, environ.get("HTTP_ACCEPT_ENCODING", ""))
    etag = tag_of(answer, coding)
    if is_held(etag, environ.get("HTTP_IF_NONE_MATCH", "")):
        start_response("304 NOT MODIFIED", [*(h for h in headers if h[0] != "Content-Type"), ("ETag", etag)])
        return []
    body = answer.coded(coding)
    part = wanted_part(len(body), coding, etag, environ.get("HTTP_RANGE", ""), environ.get("HTTP_IF_RANGE", ""))
    own = [("ETag", etag), *part_headers(part, len(body), coding)]
    own += [("Content-Encoding", coding)] if coding else []
    body = body if part is None else body[part.start : part.stop]
    status = "200 OK" if part is None else "206 PARTIAL CONTENT" if part else "416 REQUESTED RANGE NOT SATISFIABLE"
    start_response(status, [*headers, *own, ("Content-Length", str(len(body)))])
    wrap = environ.get("wsgi.file_wrapper")
    # A server copies a list's bytes to where they wait, large ones to a file; of a file it takes what it can send.
    return wrap(io.BytesIO(body)) if wrap and len(body) >= LARGE_BYTES else [body]


def init_app(app: Flask, live: LiveCatalogue) -> None:
    """Put the kept answers before the application, and keep each that may be repeated."""
    ready = ReadyAnswers(app.wsgi_app, live, app.extensions["cityatlas_answers"])

    @app.after_request
    def keep(response: Response) -> Response:
        write: Write | None = g.get("write_sibling")
        if write and response.status_code == 200 and request.method == "GET":
            ready.keep_family(write, response)
        key = g.get("answer_key")
        if key is not None and g.is_language_fixed and response.status_code == 200 and request.method == "GET":
            ready.keep(key, response)
        return response

    app.wsgi_app = ready  # type: ignore[method-assign]
