"""Read what visitors may see, now or at any past moment or number: the only reader of the public side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from ..content import Json, canonical, digest_of, row_of
from .engine import Store
from .revisions import Revision, as_revision, moment_text, present, read
from .tables import revisions

ON_LINE = revisions.c.branch.is_(None)


@dataclass(frozen=True)
class Published:
    """Hold the newest revision of each feature whose moment has come, in the order in which features appeared.

    `number` is the newest revision of the published line that was looked at; `due` the moment at which something
    begins or ends without a further revision, or None.
    """

    number: int
    moment: str
    revisions: tuple[Revision, ...]
    due: str | None

    @property
    def shown(self) -> tuple[Revision, ...]:
        """Return the revisions that visitors see."""
        return tuple(revision for revision in self.revisions if revision.is_public_at(self.moment))

    @property
    def hidden(self) -> tuple[str, ...]:
        """Return the ids of features that were archived or are over."""
        return tuple(revision.feature_id for revision in self.revisions if not revision.is_public_at(self.moment))

    @property
    def text(self) -> str:
        """Return the snapshot as canonical JSON; the same number or past moment gives the same bytes every time."""
        shown: list[Json] = [
            {"layer": revision.layer, "number": revision.number, **row_of(revision.feature_id, revision.content)}
            for revision in self.shown
        ]
        return canonical({"features": shown, "hidden": self.hidden})

    @property
    def digest(self) -> str:
        """Return what names the snapshot's content."""
        return digest_of(self.text)


def published(store: Store, *, at_number: int | None = None, at_moment: datetime | None = None) -> Published:
    """Return what visitors saw when revision `at_number` was the newest, or at a moment; without either, what they see.

    A moment that has not come yet shows what would be seen then, if nothing more were published.
    """
    with store.reading() as connection:
        if at_number is not None:
            moment = read(connection, at_number).made_at
        else:
            moment = moment_text(at_moment) if at_moment else present(store, connection)
        number = _newest(connection, moment, at_number)
        return Published(number, moment, _seen_at(connection, moment, number), _due(connection, moment, number))


def newest_public(store: Store) -> int:
    """Return the number of the newest revision of the published line, or 0: one look into an index."""
    with store.reading() as connection:
        return connection.execute(select(func.max(revisions.c.number)).where(ON_LINE)).scalar() or 0


def _newest(connection: Connection, moment: str, most: int | None) -> int:
    until = [revisions.c.number <= most] if most is not None else [revisions.c.made_at <= moment]
    return connection.execute(select(func.max(revisions.c.number)).where(ON_LINE, *until)).scalar() or 0


def _seen_at(connection: Connection, moment: str, number: int) -> tuple[Revision, ...]:
    """Return the revision of each feature that has the greatest number among those whose moment has come."""
    from_moment = func.coalesce(revisions.c.publish_at, revisions.c.made_at)
    newest = (
        select(func.max(revisions.c.number).label("number"), func.min(revisions.c.number).label("first"))
        .where(ON_LINE, revisions.c.number <= number, from_moment <= moment)
        .group_by(revisions.c.feature_id)
        .subquery()
    )
    rows = select(revisions).join(newest, newest.c.number == revisions.c.number).order_by(newest.c.first)
    return tuple(as_revision(row) for row in connection.execute(rows).mappings())


def _due(connection: Connection, moment: str, number: int) -> str | None:
    """Return the next moment at which a revision begins or ends by itself."""
    dues = [
        connection.execute(
            select(func.min(column)).where(ON_LINE, revisions.c.number <= number, column > moment)
        ).scalar()
        for column in (revisions.c.publish_at, revisions.c.expires_at)
    ]
    return min((due for due in dues if due), default=None)
