"""Count what visitors seek in vain, and nothing about visitors.

A term counts once a minute, however often it is sent, and is written once it was asked for in several minutes of a
week: what somebody typed once, be it a name, is forgotten. What looks like a number to call or a mail address, and what
is long, is never counted. What a list of suggestions is asked for while somebody types is not counted where a longer
term was asked for in the same minute. Counts gather in memory; a process that ends forgets what was not written.
"""

from __future__ import annotations

import logging
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise

from flask import Flask, current_app

from ...catalogue.catalogue import Catalogue
from ...errors import CityatlasError
from ...limits import VAIN_LETTERS, VAIN_MINUTES
from ...settings import Settings
from ...store import Store, moment_now
from ...store.vain_searches import add_terms

log = logging.getLogger(__name__)
WRITE_S = 60.0
LEAST_LETTERS = 2
MOST_DIGITS = 4  # five or more may be a number of a person: a telephone, a card, a day of birth
MOST_TERMS = 2_000  # held in memory
KEY = "cityatlas_vain_searches"


class VainTerms:
    """Gather terms for a minute, and write those of the week that were asked for in several."""

    def __init__(self, store: Store, kept_weeks: int, today: Callable[[], date] | None = None) -> None:
        self._store, self._kept_weeks = store, kept_weeks
        self._today = today or (lambda: date.fromisoformat(moment_now(store)[:10]))
        self._lock = threading.Lock()
        self._minute: set[str] = set()
        self._week: date | None = None
        self._asked: Counter[str] = Counter()  # minutes of this week that are not written yet
        self._written: set[str] = set()
        self._timer: threading.Timer | None = None

    def add(self, query: str) -> None:
        """Count a term that found nothing."""
        term = term_of(query)
        with self._lock:
            if not term or len(self._minute) >= MOST_TERMS:
                return
            self._minute.add(term)
            if self._timer is None:
                self._timer = threading.Timer(WRITE_S, self.write)
                self._timer.daemon = True
                self._timer.start()

    def write(self) -> None:
        """Close the minute; write what was asked for often enough. What cannot be written waits for the next minute."""
        with self._lock:
            minute, self._minute, self._timer = self._minute, set(), None
        if not self._store.exists():  # no desk yet, and so nobody to be told: a search makes no database
            return
        try:
            today = self._today()
            monday = today - timedelta(days=today.weekday())
            if monday != self._week:
                self._week, self._asked, self._written = monday, Counter(), set()
            for term in whole(minute):
                if term in self._asked or len(self._asked) < MOST_TERMS:
                    self._asked[term] += 1
            ready = {term: n for term, n in self._asked.items() if n and (n >= VAIN_MINUTES or term in self._written)}
            if ready:
                add_terms(self._store, monday, ready, self._kept_weeks)
                self._written |= set(ready)
                self._asked -= Counter(ready)
        except CityatlasError as error:
            log.warning("what was sought in vain could not be written: %s", error)


def term_of(query: str) -> str:
    """Return a term in the one form in which it is counted; "" for what is not."""
    term = " ".join(unicodedata.normalize("NFKC", query).casefold().split())
    is_kept = LEAST_LETTERS <= len(term) <= VAIN_LETTERS and term.isprintable() and "@" not in term
    has_letter = any(sign.isalpha() for sign in term)
    return term if is_kept and has_letter and sum(sign.isdigit() for sign in term) <= MOST_DIGITS else ""


def whole(terms: set[str]) -> set[str]:
    """Return terms without those that another begins with: they were typed on the way to it."""
    ordered = sorted(terms)
    typed = {term for term, after in pairwise(ordered) if after.startswith(term)}
    return terms - typed


def note_search(catalogue: Catalogue, query: str, *, is_found: bool) -> None:
    """Count a search of the present city that has found nothing."""
    vain: VainTerms | None = current_app.extensions.get(KEY)
    if vain and query and not catalogue.pin and not is_found:
        vain.add(query)


def init_app(app: Flask) -> None:
    """Count searches, unless the operator wants none counted."""
    settings: Settings = app.config["SETTINGS"]
    if settings.search_weeks:
        app.extensions[KEY] = VainTerms(app.extensions["cityatlas_store"], settings.search_weeks)
