"""Give each address a fair share of planning: a bucket of tokens that fills again, one token for each new plan."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from flask import Flask, current_app

from ..errors import TooManyPlans
from ..settings import Settings
from .staff.callers import read_caller

MOST_ADDRESSES = 10_000  # remembered at once; of more the one that asked longest ago is forgotten
BURST_MIN = 2  # minutes' worth of plans that may come at once
MINUTE_S = 60.0


class Buckets:
    """Hold a bucket for each address: `per_minute` tokens flow in, twice as many fit."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate_s = per_minute / MINUTE_S
        self._full = float(per_minute * BURST_MIN)
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, and when that was
        self._lock = threading.Lock()

    def take(self, address: str) -> int:
        """Take a token from an address's bucket; return 0, or the whole seconds until there is one again."""
        now_s = self._clock()
        with self._lock:
            tokens, then_s = self._kept.pop(address, (self._full, now_s))
            tokens = min(self._full, tokens + (now_s - then_s) * self._rate_s)
            is_given = tokens >= 1
            self._kept[address] = (tokens - is_given, now_s)
            while len(self._kept) > MOST_ADDRESSES:
                self._kept.popitem(last=False)
        return 0 if is_given else math.ceil((1 - tokens) / self._rate_s)


def init_app(app: Flask) -> None:
    """Give an application its buckets; how many proxies are believed about an address is a setting of its own."""
    settings: Settings = app.config["SETTINGS"]
    app.extensions["cityatlas_buckets"] = Buckets(settings.plans_per_minute)


def take_plan() -> None:
    """Count a plan that has to be made for the present request. Raises TooManyPlans."""
    buckets: Buckets = current_app.extensions["cityatlas_buckets"]
    if wait_s := buckets.take(read_caller().address):
        raise TooManyPlans("Too many new plans from this address.", f"Try again in {wait_s} s.", wait_s=str(wait_s))
