"""Read the bulk changes: drafts that were begun together, how each stands, and which can be taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Select, func, select

from ..engine import Store
from ..tables import branches, revisions
from . import revisions as log
from .revisions import Revision, as_revision, present

BatchState = Literal["open", "public", "waiting", "away", "undone", "changed"]


@dataclass(frozen=True)
class BatchMember:
    """Hold one draft of a bulk change: its first and newest revision, and what it was published as.

    `state` is open or public where nobody changed the feature since: those can be taken back. Away and undone are taken
    back already; waiting comes public at its moment; changed is what somebody went on with.
    """

    first: Revision
    head: Revision
    became: Revision | None
    state: BatchState

    @property
    def branch(self) -> str:
        """Return the id of the draft."""
        return self.head.branch or ""


@dataclass(frozen=True)
class Batch:
    """Hold who made a bulk change, when (UTC), in which words and layer, and how many features it is of."""

    id: str
    author: str
    made_at: str
    comment: str
    layer: str
    count: int


def batches(store: Store, first: int, limit: int) -> tuple[list[Batch], int]:
    """Return bulk changes, the newest first, from number `first` on; and how many there are in all."""
    began = revisions.c.branch == branches.c.id
    said = (branches.c.batch, revisions.c.author, revisions.c.comment, revisions.c.layer)
    made_at, count = func.min(branches.c.opened_at), func.count()
    query = (
        select(*said, made_at, count)
        .join(revisions, began & (revisions.c.previous == 0))
        .where(branches.c.batch.is_not(None))
        .group_by(*said)
        .order_by(made_at.desc())
    )
    with store.reading() as connection:
        in_all = select(func.count(branches.c.batch.distinct()))
        rows = connection.execute(query.offset(first).limit(limit))
        found = [Batch(key, author, made, comment, layer, of) for key, author, comment, layer, made, of in rows]
        return found, connection.execute(in_all).scalar_one()


def batch_members(store: Store, batch: str) -> list[BatchMember]:
    """Return the drafts of a bulk change in the order they were begun; none for one that there is not."""
    with store.reading() as connection:
        now = present(store, connection)
        own = select(branches.c.id).where(branches.c.batch == batch)
        told: dict[str, list[Revision]] = {}
        for revision in _found(connection, select(revisions).where(revisions.c.branch.in_(own))):
            told.setdefault(revision.branch or "", []).append(revision)
        heads = select(func.max(revisions.c.number)).where(revisions.c.branch.in_(own)).group_by(revisions.c.branch)
        published = _found(connection, select(revisions).where(revisions.c.merged.in_(heads)))
        became = {revision.merged: revision for revision in published}
        features = select(branches.c.feature_id).where(branches.c.batch == batch)
        on_line = revisions.c.branch.is_(None) & revisions.c.feature_id.in_(features)
        newest = select(func.max(revisions.c.number)).where(on_line).group_by(revisions.c.feature_id)
        tips = _found(connection, select(revisions).where(revisions.c.number.in_(newest)))
        tip = {revision.feature_id: revision for revision in tips}
        return [
            _member(connection, steps, became.get(steps[-1].number), tip.get(steps[0].feature_id), now)
            for steps in told.values()
        ]


def _found(connection: Connection, query: Select[Any]) -> list[Revision]:  # Any: whatever columns
    return [as_revision(row) for row in connection.execute(query.order_by(revisions.c.number)).mappings()]


def _member(
    connection: Connection, steps: list[Revision], became: Revision | None, tip: Revision | None, now: str
) -> BatchMember:
    """Return how a draft of a bulk change stands at a moment, from all its revisions, oldest first."""
    first, head = steps[0], steps[-1]
    state: BatchState = "open"
    if head.content != first.content:
        state = "changed"
    elif became is None:
        state = "away" if head.state == "archived" else "open"
    elif tip and tip.number != became.number:
        state = "undone" if _is_undone(connection, became, tip) else "changed"
    elif became.from_moment > now:
        state = "waiting"
    else:
        state = "public"
    return BatchMember(first, head, became, state)


def _is_undone(connection: Connection, became: Revision, tip: Revision) -> bool:
    """Return whether what stands now is what stood before a publication."""
    if became.based_on:
        before = log.read(connection, became.based_on)
        return (before.content, before.state) == (tip.content, tip.state)
    origin = log.content_of_origin(connection, became.origin)
    return tip.state == "archived" if origin is None else tip.content == origin
