"""Keep finished answers: made once per snapshot, address and language, compressed once, sent with an ETag."""

from __future__ import annotations

import ctypes
import gzip
import hashlib
import threading
from collections.abc import Callable, Container, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import brotli
from cachetools import LRUCache
from flask import Request, Response
from werkzeug.http import parse_etags

from .caching import PUBLIC
from .ranges import part_headers, wanted_part

PAGE_BROTLI = 10  # of 11: a page, made anew with each publication, takes 2 to 3 % more bytes in two fifths of the time
SMALL_BYTES = 256_000  # below this the slowest compression costs less than half a second, once
CODINGS = ("br", "gzip")  # the better one first
LEAST_CODED = 500  # bytes; less is as good as it is
TEXT_TYPES = (
    "text/",
    "application/json",
    "application/geo+json",
    "application/atom+xml",
    "application/feed+json",
    "image/svg",
    "application/xml",
    "application/ld",
    "application/gpx+xml",
    "application/vnd.google-earth.kml+xml",
    "application/geopackage",  # a database, half of it zeros
    "application/schema+json",
    "application/vnd.mapbox-vector-tile",
    "application/vnd.oai.openapi+json",
)
ENTRY_BYTES = 1_000  # what the smallest entry takes besides its texts: tables, digest, links; bounds their number too


@dataclass(frozen=True)
class Answer:
    """Hold a finished body; each compressed form is made when the first visitor asks for it, and kept.

    It is compressed quickly unless `is_hard`. `ready` are the forms of a body that has them already, and no others.
    """

    body: bytes
    mimetype: str
    etag: str
    is_hard: bool = False
    ready: Mapping[str, bytes] | None = None
    _coded: dict[str, bytes] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def codings(self) -> tuple[str, ...]:
        """Return the content codings that it is worth sending in, the better one first."""
        if self.ready is not None:
            return tuple(coding for coding in CODINGS if coding in self.ready)
        return CODINGS if self.mimetype.startswith(TEXT_TYPES) and len(self.body) > LEAST_CODED else ()

    @property
    def size(self) -> int:
        """Return the bytes that it takes in memory, or may take: all codings of a text take less than half of it."""
        if self.ready is not None:
            return len(self.body) + sum(map(len, self.ready.values()))
        return len(self.body) * 3 // 2 if self.codings else len(self.body)

    def coded(self, coding: str) -> bytes:
        """Return the body in one of its codings, or as it is for ""."""
        if not coding:
            return self.body
        if self.ready:
            return self.ready[coding]
        with self._lock:
            if coding not in self._coded:
                self._coded[coding] = self._compressed(coding)
            return self._coded[coding]

    def _compressed(self, coding: str) -> bytes:
        if coding == "gzip":
            return gzip.compress(self.body, 9 if self.is_hard else 5, mtime=0)
        hardest = PAGE_BROTLI if self.mimetype == "text/html" else 11
        packed: bytes = brotli.compress(self.body, quality=hardest if self.is_hard else 5)
        return packed


# mallopt of glibc: option numbers of malloc.h, and values. Threads that each fill an arena of their own with answers,
# pictures and compressors hold twice what is kept, for good; so few arenas, and large blocks straight from the system.
ALLOCATOR = {"M_ARENA_MAX": (-8, 2), "M_MMAP_THRESHOLD": (-3, 64 * 1024), "M_TRIM_THRESHOLD": (-1, 128 * 1024)}

_Entry = tuple[Hashable, Answer]


def make_answer(body: bytes, mimetype: str, *, is_lasting: bool) -> Answer:
    """Return an answer, which is compressed hard when it will last and is small, quickly otherwise."""
    digest = hashlib.sha256(body).hexdigest()[:20]
    return Answer(body, mimetype, digest, is_hard=is_lasting and len(body) < SMALL_BYTES)


def respond(answer: Answer, request: Request, cache_control: str = PUBLIC) -> Response:
    """Return the response to one request: 304 when the visitor has it, else the best coding it accepts, or a part."""
    coding = choose_coding(answer, request.headers.get("Accept-Encoding", ""))
    etag = tag_of(answer, coding)
    if is_held(etag, request.headers.get("If-None-Match", "")):
        response = Response(status=304)
        response.headers.remove("Content-Type")
    else:
        response = _with_body(answer, coding, etag, request)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = cache_control
    response.headers["Vary"] = "Accept-Encoding"
    return response


def _with_body(answer: Answer, coding: str, etag: str, request: Request) -> Response:
    """Return the whole of a body, the part of it that is wanted (206), or none of it (416)."""
    body = answer.coded(coding)
    wanted = request.headers.get("Range", "") if request.method == "GET" else ""
    part = wanted_part(len(body), coding, etag, wanted, request.headers.get("If-Range", ""))
    status = 200 if part is None else 206 if part else 416
    sent = body if part is None else body[part.start : part.stop]
    response = Response(sent, status, mimetype=answer.mimetype)
    response.headers.extend(part_headers(part, len(body), coding))
    if coding:
        response.headers["Content-Encoding"] = coding
    return response


def tag_of(answer: Answer, coding: str) -> str:
    """Return the ETag of an answer in a coding: other bytes have another one."""
    return f'"{answer.etag}{"-" if coding else ""}{coding}"'


def is_held(etag: str, if_none_match: str) -> bool:
    """Return whether a visitor says to hold what has an ETag; a proxy may have made it weak, and `*` is any."""
    return parse_etags(if_none_match).contains_weak(etag.strip('"'))


def choose_coding(answer: Answer, accepted: str) -> str:
    """Return br, gzip or nothing: the best that the visitor accepts of those that an answer is worth."""
    return best_coding(accepted, answer.codings)


def best_coding(accepted: str, known: Container[str] = CODINGS) -> str:
    """Return br, gzip or nothing; a coding that the visitor marks with q=0 is not sent."""
    offered = {}
    for part in accepted.lower().split(","):
        name, _, quality = part.strip().partition(";")
        offered[name.strip()] = quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in CODINGS if name in known and offered.get(name)), "")


class AnswerCache:
    """Keep answers up to a number of bytes, names included; the longest unused goes first. Safe for threads.

    An answer that would take more than all of it is given, but not kept.
    """

    def __init__(self, max_bytes: int) -> None:
        self._kept: LRUCache[Hashable, _Entry] = LRUCache(max_bytes, getsizeof=_size_of)
        self._lock = threading.Lock()
        # By key, its lock once for each who holds or awaits it.
        self._making: dict[Hashable, list[threading.RLock]] = {}

    @property
    def bytes_kept(self) -> int:
        """Return what all that is kept takes."""
        return int(self._kept.currsize)

    def __len__(self) -> int:
        return len(self._kept)

    def clear(self) -> None:
        """Let go of all that is kept."""
        with self._lock:
            self._kept.clear()

    def find(self, key: Hashable) -> Answer | None:
        """Return the answer that is kept under a key."""
        with self._lock:
            entry = self._kept.get(key)
        return entry[1] if entry else None

    def get(self, key: Hashable, make: Callable[[], Answer]) -> Answer:
        """Return a kept answer, or make and keep it; who asks for it meanwhile waits for that one."""
        if answer := self.find(key):
            return answer
        with self._alone(key):
            if answer := self.find(key):
                return answer
            answer = make()
            entry = (key, answer)
            if _size_of(entry) <= self._kept.maxsize:
                with self._lock:
                    self._kept[key] = entry
        return answer

    @contextmanager
    def _alone(self, key: Hashable) -> Iterator[None]:
        """Hold the lock of a key for the block; the last who leaves it takes it away."""
        with self._lock:
            held = self._making.setdefault(key, [])
            lock = held[0] if held else threading.RLock()
            held.append(lock)
        try:
            with lock:
                yield
        finally:
            with self._lock:
                held.pop()
                if not held:
                    del self._making[key]


def bound_allocator() -> None:
    """Let the process give memory back that answers have freed, where its C library is glibc; else do nothing."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # musl and macOS have no such function, Windows no such library
        return
    for option, value in ALLOCATOR.values():
        mallopt(option, value)


def _size_of(entry: _Entry) -> int:
    """Return the bytes of an answer with its key: what people write into addresses stands in the key."""
    key, answer = entry
    return ENTRY_BYTES + len(repr(key)) + answer.size
