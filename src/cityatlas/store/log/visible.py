"""Read what visitors may see, now or at any past moment or number: the only reader of the public side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from ...versioning.content import Json, canonical, digest_of
from ..engine import Store
from ..tables import revisions
from .revisions import Revision, moment_text, present, read

ON_LINE = revisions.c.branch.is_(None)
came_at = func.coalesce(revisions.c.publish_at, revisions.c.made_at)


@dataclass(frozen=True)
class PublicState:
    """Name what visitors saw: the newest revision that had come, and the last moment at which anything changed.

    Two who saw the same name it the same, whenever they looked; 0 and "" is nothing published yet (`UNPUBLISHED`).
    """

    number: int
    moment: str


UNPUBLISHED = PublicState(0, "")


@dataclass(frozen=True)
class Published:
    """Hold the newest revision of each feature whose moment has come, in the order in which features appeared.

    `number` is the newest revision of the published line that was looked at; `due` the moment at which something
    begins or ends without a further revision, or None. `firsts` are the numbers at which the features appeared.
    """

    number: int
    moment: str
    revisions: tuple[Revision, ...]
    due: str | None
    firsts: tuple[int, ...]

    @property
    def shown(self) -> tuple[Revision, ...]:
        """Return the revisions that visitors see."""
        return tuple(revision for revision in self.revisions if revision.is_public_at(self.moment))

    @property
    def hidden(self) -> tuple[str, ...]:
        """Return the ids of features that were archived or are over."""
        return tuple(revision.feature_id for revision in self.revisions if not revision.is_public_at(self.moment))

    @property
    def state(self) -> PublicState:
        """Return what names what is seen."""
        ends = (r.expires_at for r in self.revisions if r.expires_at and r.expires_at <= self.moment)
        came = (r.from_moment for r in self.revisions)
        return PublicState(max((r.number for r in self.revisions), default=0), max((*came, *ends), default=""))

    @property
    def newest_at(self) -> str:
        """Return the moment since which the newest of what is shown is seen, or ""."""
        return max((revision.from_moment for revision in self.shown), default="")

    @property
    def text(self) -> str:
        """Return the snapshot as canonical JSON; the same number or past moment gives the same bytes every time."""
        shown: list[Json] = [
            {"layer": revision.layer, "number": revision.number, **revision.row} for revision in self.shown
        ]
        return canonical({"features": shown, "hidden": self.hidden})

    @property
    def digest(self) -> str:
        """Return what names the snapshot's content."""
        return digest_of(" ".join(f"{r.mark} {r.is_public_at(self.moment)}" for r in self.revisions))


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
        return _published(moment, number, seen_at(connection, moment, number), _due(connection, moment, number))


def renewed(store: Store, seen: Published) -> Published:
    """Return what visitors see now; of what they saw before, only what has changed since is read."""
    with store.reading() as connection:
        moment = present(store, connection)
        number = _newest(connection, moment, None)
        came = and_(revisions.c.publish_at > seen.moment, revisions.c.publish_at <= moment)
        changed = select(revisions.c.feature_id).where(ON_LINE, or_(revisions.c.number > seen.number, came))
        kept = dict(zip(seen.firsts, seen.revisions, strict=True))
        fresh = seen_at(connection, moment, number, revisions.c.feature_id.in_(changed))
        gone = {revision.feature_id for revision in fresh.values()}
        rows = {first: row for first, row in kept.items() if row.feature_id not in gone} | fresh
        is_past = seen.due is not None and seen.due <= moment
        dues = (_due(connection, moment, number, 0 if is_past else seen.number), None if is_past else seen.due)
        return _published(moment, number, dict(sorted(rows.items())), min((due for due in dues if due), default=None))


def newest_public(store: Store) -> int:
    """Return the number of the newest revision of the published line, or 0: one look into an index."""
    with store.reading() as connection:
        return connection.execute(select(func.max(revisions.c.number)).where(ON_LINE)).scalar() or 0


def read_anew(store: Store) -> None:
    """Read the newest revision of the published line as the database has it now. Raises StoreUnavailable."""
    newest = select(revisions).where(ON_LINE).order_by(revisions.c.number.desc()).limit(1)
    with store.looking(is_anew=True) as connection:
        connection.execute(newest).all()


def moment_now(store: Store) -> str:
    """Return the present moment by the clock that all writers share, never before the newest revision."""
    with store.reading() as connection:
        return present(store, connection)


def _newest(connection: Connection, moment: str, most: int | None) -> int:
    until = [revisions.c.number <= most] if most is not None else [revisions.c.made_at <= moment]
    return connection.execute(select(func.max(revisions.c.number)).where(ON_LINE, *until)).scalar() or 0


def _published(moment: str, number: int, rows: Mapping[int, Revision], due: str | None) -> Published:
    return Published(number, moment, tuple(rows.values()), due, tuple(rows))


def seen_at(connection: Connection, moment: str, number: int, *more: ColumnElement[bool]) -> dict[int, Revision]:
    """Return the newest revision of each feature among those whose moment has come, by the number of its first."""
    newest = (
        select(func.max(revisions.c.number).label("number"), func.min(revisions.c.number).label("first"))
        .where(ON_LINE, revisions.c.number <= number, came_at <= moment, *more)
        .group_by(revisions.c.feature_id)
        .subquery()
    )
    rows = select(newest.c.first, revisions).join(newest, newest.c.number == revisions.c.number)
    found = connection.execute(rows.order_by(newest.c.first))
    return {first: Revision(*columns) for first, *columns in found}  # fields stand in the order of columns


def _due(connection: Connection, moment: str, number: int, after: int = 0) -> str | None:
    """Return the next moment at which a revision begins or ends by itself, of those that came after a number."""
    among = [ON_LINE, revisions.c.number > after, revisions.c.number <= number]
    dues = [
        connection.execute(select(func.min(column)).where(*among, column > moment)).scalar()
        for column in (revisions.c.publish_at, revisions.c.expires_at)
    ]
    return min((due for due in dues if due), default=None)
