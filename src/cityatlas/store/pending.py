"""Tell how features stand of which a snapshot may not know yet: from inside the transaction that changes others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, func, or_, select

from .engine import Store
from .revisions import Revision, as_revision, present
from .tables import revisions

ON_LINE = revisions.c.branch.is_(None)


@dataclass(frozen=True)
class Around:
    """Hold features that changed after a snapshot, wait for their moment or have an end ahead, by id.

    `current` is what visitors see of them at `moment`, or that they are archived; `waiting` is what will come.
    """

    moment: str = ""
    current: Mapping[str, Revision] = field(default_factory=dict)
    waiting: Mapping[str, Revision] = field(default_factory=dict)

    def ends_of(self, feature_id: str) -> list[str]:
        """Return the moments ahead at which a feature leaves the map, as it stands and as it will."""
        told = (self.current.get(feature_id), self.waiting.get(feature_id))
        return [r.expires_at for r in told if r and r.expires_at and r.expires_at > self.moment]


def read_around(store: Store, number: int, moment: str) -> Around:
    """Return what there is to know beyond a snapshot of revision `number` at a moment; 0 and "" know nothing."""
    with store.reading() as connection:
        return look_around(store, connection, number, moment)


def look_around(store: Store, connection: Connection, number: int, moment: str) -> Around:
    """Return the same inside a transaction."""
    now = present(store, connection)
    restless = or_(revisions.c.number > number, revisions.c.publish_at > moment, revisions.c.expires_at > moment)
    has_come = func.coalesce(revisions.c.publish_at, revisions.c.made_at) <= now
    current, tips = (_newest(connection, restless, *more) for more in ((has_come,), ()))
    waiting = {key: tip for key, tip in tips.items() if tip.from_moment > now and tip != current.get(key)}
    return Around(now, current, waiting)


def _newest(connection: Connection, restless: ColumnElement[bool], *more: ColumnElement[bool]) -> dict[str, Revision]:
    """Return the newest revision of each restless feature's published line, of those that `more` leaves."""
    wanted = select(revisions.c.feature_id).where(ON_LINE, restless)
    newest = select(func.max(revisions.c.number)).where(ON_LINE, revisions.c.feature_id.in_(wanted), *more)
    rows = select(revisions).where(revisions.c.number.in_(newest.group_by(revisions.c.feature_id)))
    return {row["feature_id"]: as_revision(row) for row in connection.execute(rows).mappings()}
