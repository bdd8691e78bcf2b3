"""Give a request the newest snapshot and the present moment."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import current_app, g
from markupsafe import Markup, escape

from ...catalogue.catalogue import Catalogue
from ...catalogue.changes.past import Past, Then
from ...catalogue.changes.public_changes import PublicChanges
from ...catalogue.live import LiveCatalogue
from ...errors import SnapshotGone, UnknownRevision
from .rate_limit import make_in_turn

DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?(?: \d\d:\d\d)?")


def local_time(moment: str) -> str:
    """Return a moment of the store as day and minute in the city, "2026-11-24 10:32"."""
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(snapshot().city.timezone)).strftime("%Y-%m-%d %H:%M")


def unbroken(sentence: str) -> Markup:
    """Return a sentence as HTML whose days and moments no end of a line breaks: browsers do so after a hyphen."""
    marked = DAY.sub(r'<span class="moment">\g<0></span>', str(escape(sentence)))
    return Markup(marked)  # nosec B704 # escaped above


def now(catalogue: Catalogue) -> datetime:
    """Return the present minute in the city; a snapshot of the past is of its own moment."""
    if catalogue.as_of:
        return catalogue.as_of
    return datetime.now(ZoneInfo(catalogue.city.timezone)).replace(second=0, microsecond=0)


def snapshot() -> Catalogue:
    """Return the snapshot that this request is answered from; it stays the same until the answer is out."""
    if "snapshot" not in g:
        live: LiveCatalogue = current_app.extensions["cityatlas_live"]
        g.snapshot = live.current()
    catalogue: Catalogue = g.snapshot
    return catalogue


def look_back(moment: datetime, again: str) -> bool:
    """Answer this request from the city as it was at a moment, and return whether nothing can change of that any more.

    A moment ahead is the present one. Raises SnapshotGone, with an address to ask at instead, for what cannot be shown.
    """
    past, moment = find_past(), min(moment, datetime.now(UTC))
    try:
        if then := past.at(moment, snapshot()):
            turn_to(then)
    except UnknownRevision as error:
        raise SnapshotGone(error.message, f"The present city: {again}", again=again) from None
    return past.is_settled(moment)


def find_past() -> Past:
    """Return what tells of the city's past."""
    past: Past = current_app.extensions["cityatlas_past"]
    return past


def public_changes() -> PublicChanges:
    """Return what tells of what visitors came to see otherwise."""
    found: PublicChanges = current_app.extensions["cityatlas_changes"]
    return found


def turn_to(then: Then) -> None:
    """Answer this request from a past city.

    Raises what `Past.build` does, and TooManyPlans or ServerBusy when it has to be made and cannot be now.
    """
    past = find_past()
    g.snapshot = past.known(then) or make_in_turn(lambda: past.build(then))
