"""Keep what visitors sought in vain, by week; nothing about who sought it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, insert, select, update

from ..limits import VAIN_TERMS_A_WEEK
from .engine import Store
from .tables import vain_searches


@dataclass(frozen=True)
class VainSearch:
    """Hold in how many minutes of a week (its Monday, ISO) a term was asked for in vain."""

    week: str
    term: str
    minutes: int


def add_terms(store: Store, week: date, terms: Mapping[str, int], kept_weeks: int) -> None:
    """Add minutes of terms to a week, and delete older weeks; of a week at most so many terms are kept."""
    monday = week.isoformat()
    with store.writing() as connection:
        oldest = (week - timedelta(weeks=kept_weeks)).isoformat()
        connection.execute(delete(vain_searches).where(vain_searches.c.week < oldest))
        rows = connection.execute(select(vain_searches.c.term).where(vain_searches.c.week == monday))
        known = set(rows.scalars())
        for term, minutes in terms.items():
            same = (vain_searches.c.week == monday) & (vain_searches.c.term == term)
            if term in known:
                more = vain_searches.c.minutes + minutes
                connection.execute(update(vain_searches).where(same).values(minutes=more))
            elif len(known) < VAIN_TERMS_A_WEEK:
                connection.execute(insert(vain_searches).values(week=monday, term=term, minutes=minutes))
                known.add(term)


def vain_terms(store: Store) -> list[VainSearch]:
    """Return all that is kept, the newest week first, in it what was asked for most."""
    order = (vain_searches.c.week.desc(), vain_searches.c.minutes.desc(), vain_searches.c.term)
    with store.reading() as connection:
        return [VainSearch(*row) for row in connection.execute(select(vain_searches).order_by(*order))]


def forget_term(store: Store, term: str) -> None:
    """Delete a term of all weeks."""
    with store.writing() as connection:
        connection.execute(delete(vain_searches).where(vain_searches.c.term == term))
    store.empty_log()
