"""Keep how often the word on a stop's sign was renewed: a number for each stop, never the word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select

from .engine import Store
from .log.revisions import moment_text
from .tables import sign_numbers

FIRST = 0  # of a sign that nobody has renewed


@dataclass(frozen=True)
class SignNumber:
    """Hold the number of a stop's sign, and who renewed it last and when (ISO)."""

    number: int
    author: str
    made_at: str


def sign_number(store: Store, feature_id: str) -> int:
    """Return the number of a stop's sign."""
    with store.reading() as connection:
        found = connection.execute(select(sign_numbers.c.number).filter_by(feature_id=feature_id)).scalar()
    return FIRST if found is None else int(found)


def renewed_signs(store: Store) -> dict[str, SignNumber]:
    """Return the signs that somebody has renewed, by the stop's id."""
    table = sign_numbers.c
    with store.reading() as connection:
        rows = connection.execute(select(table.feature_id, table.number, table.author, table.made_at))
        return {feature_id: SignNumber(*rest) for feature_id, *rest in rows}


def renew_sign(store: Store, feature_id: str, author: str) -> int:
    """Count a stop's sign one further and return its number: what hangs there holds no more."""
    with store.writing() as connection:
        found = connection.execute(select(sign_numbers.c.number).filter_by(feature_id=feature_id)).scalar()
        number = (FIRST if found is None else int(found)) + 1
        connection.execute(delete(sign_numbers).filter_by(feature_id=feature_id))
        row = {"number": number, "author": author, "made_at": moment_text(datetime.now(UTC))}
        connection.execute(insert(sign_numbers).values(feature_id=feature_id, **row))
    return number
