"""List what people at the desk have before them: open drafts, what was published lately, what waits for its moment."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from .engine import Store
from .revisions import Revision, State, as_revision, present
from .tables import branches, revisions

ON_LINE = revisions.c.branch.is_(None)


@dataclass(frozen=True)
class OpenDraft:
    """Hold a draft that is neither published nor put away: its newest revision, and who opened it."""

    head: Revision
    owner: str

    @property
    def branch(self) -> str:
        """Return the id of the draft."""
        return self.head.branch or ""


def open_drafts(
    store: Store, *, owner: str | None = None, state: State | None = None, feature_id: str | None = None
) -> list[OpenDraft]:
    """Return the drafts that somebody can go on with, lately touched first; of a person, state or feature if said."""
    newest = select(func.max(revisions.c.number)).where(revisions.c.branch.is_not(None)).group_by(revisions.c.branch)
    became = revisions.alias()
    wanted = [
        revisions.c.number.in_(newest),
        revisions.c.state.in_(("draft", "in_review") if state is None else (state,)),
        ~select(became.c.number).where(became.c.merged == revisions.c.number).exists(),
    ]
    wanted += [branches.c.owner == owner] if owner is not None else []
    wanted += [revisions.c.feature_id == feature_id] if feature_id is not None else []
    query = select(revisions, branches.c.owner).join(branches, branches.c.id == revisions.c.branch).where(*wanted)
    with store.reading() as connection:
        rows = list(connection.execute(query.order_by(revisions.c.number.desc())).mappings())
    return [OpenDraft(as_revision({key: row[key] for key in row if key != "owner"}), row["owner"]) for row in rows]


def lately_published(store: Store, limit: int) -> list[Revision]:
    """Return the newest revisions of the published line, newest first; some of them may wait for their moment.

    What something else took the place of before its moment was never seen, and is left out.
    """
    later = revisions.alias()
    follows = [later.c.branch.is_(None), later.c.feature_id == revisions.c.feature_id]
    overtakes = [later.c.number > revisions.c.number, later.c.made_at < revisions.c.publish_at]
    was_overtaken = select(later.c.number).where(*follows, *overtakes).exists()
    query = select(revisions).where(ON_LINE, ~was_overtaken).order_by(revisions.c.number.desc()).limit(limit)
    with store.reading() as connection:
        return [as_revision(row) for row in connection.execute(query).mappings()]


def waiting(store: Store) -> list[Revision]:
    """Return what waits for its moment, the next one first."""
    newest = select(func.max(revisions.c.number)).where(ON_LINE).group_by(revisions.c.feature_id)
    with store.reading() as connection:
        has_not_come = revisions.c.publish_at > present(store, connection)
        query = select(revisions).where(revisions.c.number.in_(newest), has_not_come)
        return [as_revision(row) for row in connection.execute(query.order_by(revisions.c.publish_at)).mappings()]
