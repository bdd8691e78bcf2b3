"""Give each address a fair share of costly work, and do little of it at once: plans, pictures, booklets."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from cachetools import LRUCache
from flask import Flask, current_app, request
from werkzeug.exceptions import RequestURITooLarge

from ...errors import ServerBusy, TooManyPlans
from ...limits import ADDRESS_LETTERS
from ...settings import Settings
from .clients import read_caller

MOST_ADDRESSES = 10_000  # remembered at once; of more the one that asked longest ago is forgotten
BURST_MIN = 2  # minutes' worth of plans that may come at once
MINUTE_S = 60.0
MOST_AT_ONCE = 2  # threads that do costly work; of 8 as many are left for pages that are kept
MOST_WAITING = 3  # threads that wait for them
BUSY_S = 2  # after so many seconds a refused one may ask again: about what those before it take
Made = TypeVar("Made")


class Buckets:
    """Hold a bucket for each address: `per_minute` tokens flow in, twice as many fit."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate_s = per_minute / MINUTE_S
        self._full = float(per_minute * BURST_MIN)
        self._clock = clock
        self._kept: LRUCache[str, tuple[float, float]] = LRUCache(MOST_ADDRESSES)  # tokens, and when that was
        self._lock = threading.Lock()

    def take(self, address: str) -> int:
        """Take a token from an address's bucket; return 0, or the whole seconds until there is one again."""
        now_s = self._clock()
        with self._lock:
            tokens, then_s = self._kept.get(address, (self._full, now_s))
            tokens = min(self._full, tokens + (now_s - then_s) * self._rate_s)
            is_given = tokens >= 1
            self._kept[address] = (tokens - is_given, now_s)
        return 0 if is_given else math.ceil((1 - tokens) / self._rate_s)


class Turns:
    """Let few threads do costly work at once and few wait for it, so that the others are free for what is kept."""

    def __init__(self, most_at_once: int = MOST_AT_ONCE, most_waiting: int = MOST_WAITING) -> None:
        self._places = threading.BoundedSemaphore(most_at_once + most_waiting)
        self._turns = threading.BoundedSemaphore(most_at_once)
        self.refused = 0  # for operators, who may see one less where two are refused at the same moment

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and hold it for the block. Raises ServerBusy when as many wait as may."""
        if not self._places.acquire(blocking=False):
            self.refused += 1
            raise ServerBusy("Too much is being drawn and planned just now.", "Try again soon.", wait_s=str(BUSY_S))
        try:
            with self._turns:
                yield
        finally:
            self._places.release()


def init_app(app: Flask) -> None:
    """Give an application its buckets and turns, and refuse addresses that nobody of ours has written.

    How many proxies are believed about a visitor's address is a setting of its own.
    """
    settings: Settings = app.config["SETTINGS"]
    app.extensions["cityatlas_buckets"] = Buckets(settings.plans_per_minute)
    app.extensions["cityatlas_turns"] = Turns()
    app.before_request(_refuse_long_address)


def make_in_turn(make: Callable[[], Made]) -> Made:
    """Return what is costly to make, counted for the present request's address and made in turn.

    Raises TooManyPlans when the address has had its share, ServerBusy when too many wait.
    """
    buckets: Buckets = current_app.extensions["cityatlas_buckets"]
    turns: Turns = current_app.extensions["cityatlas_turns"]
    if wait_s := buckets.take(read_caller().address):
        message = "Too many new plans, pictures or booklets from this address."
        raise TooManyPlans(message, f"Try again in {wait_s} s.", wait_s=str(wait_s))
    with turns.turn():
        return make()


def _refuse_long_address() -> None:
    if len(request.path) + len(request.query_string) > ADDRESS_LETTERS:
        raise RequestURITooLarge(f"The address has more than {ADDRESS_LETTERS} letters.")
