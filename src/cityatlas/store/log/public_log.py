"""List what was published, in the order in which visitors came to see it; who did it and why stays with staff."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, FromClause, and_, func, literal, select, union_all

from ...errors import StoreUnavailable
from ...versioning.content import Content
from ..engine import Store
from ..tables import revisions
from .revisions import Revision, as_revision, content_of_origin
from .visible import ON_LINE, UNPUBLISHED, PublicState, came_at

Turn = Literal["added", "changed", "removed"]
MOST_NAMED = 500  # ids in one question to the database


@dataclass(frozen=True)
class PublicChange:
    """Hold one change of what visitors see: since when, and the content of the feature before and after, None for none.

    `number` is the revision that came or, with `is_end`, whose end had come, and 0 where geodata/ changed; `stood`
    is the one before it, 0 for geodata/.
    """

    number: int
    feature_id: str
    layer: str
    moment: str
    is_end: bool
    stood: int
    before: Content | None
    after: Content | None

    @property
    def turn(self) -> Turn:
        """Return what visitors would say of it."""
        if self.after is None:
            return "removed"
        return "changed" if self.before else "added"


@dataclass(frozen=True)
class PublicLog:
    """Hold a part of the changes, the newest first, and how many there are in all."""

    changes: tuple[PublicChange, ...]
    count: int


def public_log(
    store: Store, state: PublicState, *, layer: str = "", feature_id: str = "", first: int = 0, limit: int
) -> PublicLog:
    """Return changes up to a state, beginning with number `first` from the newest; of a layer or feature if said.

    A revision that is damaged is left out, and so is one that changed nothing that was seen.
    """
    if state == UNPUBLISHED:
        return PublicLog((), 0)
    events = _events(state, layer, feature_id)
    wanted = select(events).order_by(events.c.moment.desc(), events.c.number.desc()).limit(limit).offset(first)
    with store.reading() as connection:
        count = connection.execute(select(func.count()).select_from(events)).scalar_one()
        rows = connection.execute(wanted).all()
        known = _revisions(connection, [row.number for row in rows])
        known |= _revisions(connection, [known[row.number].based_on for row in rows])
        made = (_change(connection, known, row.number, row.moment, bool(row.is_end)) for row in rows)
        return PublicLog(tuple(change for change in made if change), count)


def count_since(store: Store, state: PublicState, moment: str, *, layer: str = "", feature_id: str = "") -> int:
    """Return how many of the same changes came at a moment or after it."""
    if state == UNPUBLISHED:
        return 0
    events = _events(state, layer, feature_id)
    with store.reading() as connection:
        newer = select(func.count()).select_from(events).where(events.c.moment >= moment)
        return int(connection.execute(newer).scalar_one())


def stood_over_since(store: Store, feature_ids: Collection[str]) -> dict[str, str]:
    """Return since when what staff published stands over the row of geodata/, by feature, for those where it does."""
    if not store.exists():
        return {}
    first = select(revisions.c.feature_id, func.min(came_at)).where(ON_LINE).group_by(revisions.c.feature_id)
    if len(feature_ids) <= MOST_NAMED:
        first = first.where(revisions.c.feature_id.in_(feature_ids))
    with store.reading() as connection:
        return {key: moment for key, moment in connection.execute(first) if key in feature_ids}


def _events(state: PublicState, layer: str, feature_id: str) -> FromClause:
    """Return what came and what ended, each with its moment."""
    later = revisions.alias()
    later_from = func.coalesce(later.c.publish_at, later.c.made_at)
    follows = and_(
        later.c.branch.is_(None), later.c.feature_id == revisions.c.feature_id, later.c.number > revisions.c.number
    )
    among = [ON_LINE, revisions.c.number <= state.number, came_at <= state.moment]
    among += [revisions.c.layer == layer] if layer else []
    among += [revisions.c.feature_id == feature_id] if feature_id else []
    was_overtaken = select(later.c.number).where(follows, later_from <= came_at).exists()
    was_replaced = select(later.c.number).where(follows, later_from <= revisions.c.expires_at).exists()
    has_ended = [revisions.c.state == "published", revisions.c.expires_at <= state.moment]
    number = revisions.c.number
    came = select(number, came_at.label("moment"), literal(0).label("is_end")).where(*among, ~was_overtaken)
    ended = select(number, revisions.c.expires_at, literal(1)).where(*among, *has_ended, ~was_replaced)
    return union_all(came, ended).subquery()


def _revisions(connection: Connection, numbers: Sequence[int]) -> dict[int, Revision]:
    rows = connection.execute(select(revisions).where(revisions.c.number.in_(numbers))).mappings()
    return {row["number"]: as_revision(row) for row in rows}


def _change(
    connection: Connection, known: Mapping[int, Revision], number: int, moment: str, is_end: bool
) -> PublicChange | None:
    revision = known[number]
    try:
        before = revision.content if is_end else _before(connection, known, revision, moment)
        after = None if is_end else _shown(revision, moment)
    except StoreUnavailable:
        return None
    if before == after:
        return None
    stood = number if is_end else revision.based_on
    return PublicChange(number, revision.feature_id, revision.layer, moment, is_end, stood, before, after)


def _before(connection: Connection, known: Mapping[int, Revision], revision: Revision, moment: str) -> Content | None:
    """Return what visitors saw before a revision came."""
    if revision.based_on:
        return _shown(known[revision.based_on], moment)
    return content_of_origin(connection, revision.origin)


def _shown(revision: Revision, moment: str) -> Content | None:
    return revision.content if revision.is_public_at(moment) else None
