"""Find what changed of what visitors see between two states, and name the state of a moment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select, union

from ..errors import UnknownRevision
from .engine import Store
from .revisions import moment_text, present
from .tables import origins, revisions
from .visible import ON_LINE, UNPUBLISHED, PublicState, came_at, seen_at

PART = 500  # ids in one question: SQLite takes 32,766 values, older ones 999


def changed_between(
    store: Store, then: PublicState, now: PublicState, *, is_all: bool = False
) -> dict[str, frozenset[str]]:
    """Return the features that visitors may see otherwise `now` than `then`, each with its layers then: one or none.

    What is published without a difference counts too. With `is_all` they are all that ever were published, with each
    layer in which they may have been shown. Either state may be the later one. Raises UnknownRevision for a `then`
    that this store never had.
    """
    with store.reading() as connection:
        _check_known(store, connection, then)
        first, last = sorted((then.number, now.number))
        begin, end = sorted((then.moment, now.moment))
        ids = _came(connection, *((0, last, "", end) if is_all else (first, last, begin, end)))
        found: dict[str, frozenset[str]] = {}
        for part in (ids[start : start + PART] for start in range(0, len(ids), PART)):
            among = revisions.c.feature_id.in_(part)
            past = {r.feature_id: r for r in seen_at(connection, then.moment, then.number, among).values()}
            begun = _origin_layers(connection, among)
            for key in part:
                seen = past.get(key)
                shown = frozenset([seen.layer]) if seen and (is_all or seen.is_public_at(then.moment)) else frozenset()
                found[key] = shown if seen and not is_all else shown | begun.get(key, frozenset())
        return found


def _came(connection: Connection, first: int, last: int, begin: str, end: str) -> list[str]:
    """Return the features of which something came or ended between two numbers and moments."""
    on_line = func.coalesce(revisions.c.branch, "") == ""  # ON_LINE would have SQLite look through the whole line
    wanted = (
        and_(ON_LINE, revisions.c.number > first, revisions.c.number <= last, came_at <= end),
        and_(on_line, revisions.c.publish_at > begin, revisions.c.publish_at <= end),
        and_(on_line, revisions.c.expires_at > begin, revisions.c.expires_at <= end),
    )
    query = union(*(select(revisions.c.feature_id).where(one) for one in wanted))
    return sorted(connection.execute(query).scalars())


def _origin_layers(connection: Connection, among: ColumnElement[bool]) -> dict[str, frozenset[str]]:
    """Return the layers in which features were in geodata/ when somebody first changed them."""
    query = select(revisions.c.feature_id, origins.c.layer).join(origins, origins.c.digest == revisions.c.origin)
    found: dict[str, frozenset[str]] = {}
    for key, layer in connection.execute(query.where(ON_LINE, among)):
        found[key] = found.get(key, frozenset()) | {layer}
    return found


def _check_known(store: Store, connection: Connection, state: PublicState) -> None:
    """Raise UnknownRevision for a state that cannot have been: a backup may have been restored since."""
    if state == UNPUBLISHED:
        return
    query = select(revisions.c.made_at).where(ON_LINE, revisions.c.number == state.number)
    made_at = connection.execute(query).scalar()
    if made_at is None or not made_at <= state.moment <= present(store, connection):
        raise UnknownRevision(f"There is no revision {state.number} of that moment.")


def state_at(store: Store, moment: datetime) -> PublicState:
    """Return what names what visitors saw at a moment: the same for all moments between two changes."""
    text = moment_text(moment)
    with store.reading() as connection:
        come = [ON_LINE, revisions.c.made_at <= text, came_at <= text]
        number, began = connection.execute(select(func.max(revisions.c.number), func.max(came_at)).where(*come)).one()
        ended = select(func.max(revisions.c.expires_at)).where(ON_LINE, revisions.c.made_at <= text)
        over = connection.execute(ended.where(revisions.c.expires_at <= text)).scalar()
    return PublicState(number or 0, max(began or "", over or ""))
