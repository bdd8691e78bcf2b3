"""Find what changed of what visitors see between two states, and name the state of a moment or of a revision."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, select, union

from ...errors import UnknownRevision
from ..engine import Store
from ..tables import origins, revisions
from .revisions import moment_text, present
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
    with store.reading() as connection:
        return _state(connection, moment_text(moment))


def _state(connection: Connection, moment: str) -> PublicState:
    come = [ON_LINE, revisions.c.made_at <= moment, came_at <= moment]
    number, *began = connection.execute(
        select(func.max(revisions.c.number), func.max(came_at), func.max(revisions.c.made_at)).where(*come)
    ).one()
    ended = select(func.max(revisions.c.expires_at)).where(ON_LINE, revisions.c.made_at <= moment)
    over = connection.execute(ended.where(revisions.c.expires_at <= moment)).scalar()
    return PublicState(number or 0, max(one or "" for one in (*began, over)))


def steps_of(store: Store, state: PublicState) -> int:
    """Return how many moments since its newest revision came have changed something, up to a state.

    Raises UnknownRevision for a revision that this store does not have.
    """
    if state == UNPUBLISHED:
        return 0
    with store.reading() as connection:
        came = _came_at(connection, state.number)
        return sum(turn <= state.moment for turn in _turns(connection, state.number, came))


def state_after(store: Store, number: int, steps: int = 0) -> PublicState:
    """Return the state when a revision came or, with steps, when as many more moments had changed something.

    The same numbers name the same for ever; 0 is nothing published. Raises UnknownRevision for what never was: a draft,
    what has not come yet, and steps after the next revision came.
    """
    if not number and not steps:
        return UNPUBLISHED
    with store.reading() as connection:
        came, until = _came_at(connection, number), present(store, connection)
        moments = [came]
        if steps:
            later = select(func.min(came_at)).where(ON_LINE, revisions.c.number > number)
            overtaken = connection.execute(later).scalar() or "9"
            moments += (turn for turn in _turns(connection, number, came) if turn < overtaken)
        if steps >= len(moments) or moments[steps] > until:
            raise UnknownRevision(f"There is no revision {number} after which something changed {steps} times.")
        return _state(connection, moments[steps])


def _came_at(connection: Connection, number: int) -> str:
    """Return when a revision came or will come. Raises UnknownRevision."""
    query = select(revisions.c.made_at, came_at).where(ON_LINE, revisions.c.number == number)
    if found := connection.execute(query).first():
        made_at, came = found
        return max(str(made_at), str(came))
    raise UnknownRevision(f"There is no revision {number}.")


def _turns(connection: Connection, number: int, after: str) -> list[str]:
    """Return the moments after one at which a revision up to a number begins or ends by itself, in order."""
    columns, among = (revisions.c.publish_at, revisions.c.expires_at), (ON_LINE, revisions.c.number <= number)
    found = (connection.execute(select(column).where(*among, column > after)).scalars() for column in columns)
    return sorted({moment for moments in found for moment in moments})
