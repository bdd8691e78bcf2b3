"""Show staff what visitors sought in vain, by week, and whether it is found by now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, current_app, flash, redirect, request
from werkzeug import Response

from ....limits import VAIN_MINUTES
from ....store.vain_searches import VainSearch, forget_term, vain_terms
from ...http.desk import DeskPage, desk_store
from ...http.languages import localised, page
from ...http.snapshots import snapshot

bp = Blueprint("staff_searches", __name__)


@dataclass(frozen=True, kw_only=True)
class SearchesPage(DeskPage):
    """Hold what was sought in vain, by week; `found` are terms that find something now."""

    template = "staff/review/searches.html"
    least = VAIN_MINUTES
    weeks: Sequence[tuple[str, list[VainSearch]]]
    found: frozenset[str]
    kept_weeks: int


@page(bp, "/staff/searches")
def show() -> str:
    """Show the terms of each week, what was asked for most first."""
    terms = vain_terms(desk_store())
    weeks = [(week, list(rows)) for week, rows in groupby(terms, key=lambda one: one.week)]
    found = frozenset(term for term in {one.term for one in terms} if snapshot().index.find(term, 1))
    return SearchesPage(weeks=weeks, found=found, kept_weeks=current_app.config["SETTINGS"].search_weeks).fill()


@page(bp, "/staff/searches/forget", methods=["POST"])
def forget() -> Response:
    """Delete a term, as when it names a person."""
    forget_term(desk_store(), request.form.get("term", ""))
    flash("vain.forgotten")
    return redirect(localised("staff_searches.show"), 303)
