"""Read the bulk changes: what was begun as drafts or taken off the map together, how each stands, what can go back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Select, func, insert, select, union_all

from ..engine import Store
from ..tables import batch_revisions, branches, revisions
from . import revisions as log
from .revisions import Revision, as_revision, present

BatchState = Literal["open", "review", "public", "waiting", "away", "undone", "changed"]
OF_DRAFT: dict[str, BatchState] = {"archived": "away", "in_review": "review"}


@dataclass(frozen=True)
class BatchMember:
    """Hold one draft of a bulk change: its first and newest revision, and what it was published as.

    Of a feature that it took off the map these three are that one revision. `state` is open (a draft), review or public
    where nobody changed the feature since: those can be taken back. Away and undone are taken back already; waiting
    comes public at its moment; changed is what somebody went on with.
    """

    first: Revision
    head: Revision
    became: Revision | None
    state: BatchState

    @property
    def branch(self) -> str:
        """Return the id of the draft, "" of what was taken off the map without one."""
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


_WORDS = (revisions.c.author, revisions.c.comment, revisions.c.layer)
_DRAFTED = (
    select(branches.c.batch, *_WORDS, branches.c.opened_at.label("made_at"))
    .join(revisions, (revisions.c.branch == branches.c.id) & (revisions.c.previous == 0))
    .where(branches.c.batch.is_not(None))
)
_TAKEN_OFF = select(batch_revisions.c.batch, *_WORDS, revisions.c.made_at).join(
    revisions, revisions.c.number == batch_revisions.c.revision
)
_BEGUN = union_all(_DRAFTED, _TAKEN_OFF).subquery()


def note_taken_off(connection: Connection, batch: str, done: Iterable[Revision]) -> None:
    """Note the revisions by which a bulk change took features off the map."""
    rows = [{"revision": revision.number, "batch": batch} for revision in done]
    if batch and rows:
        connection.execute(insert(batch_revisions), rows)


def is_there(connection: Connection, batch: str) -> bool:
    """Return whether a bulk change was made; without an id none was."""
    held = [select(table.c.batch).where(table.c.batch == batch) for table in (branches, batch_revisions)]
    return bool(batch) and connection.execute(union_all(*held).limit(1)).first() is not None


def batches(store: Store, first: int, limit: int) -> tuple[list[Batch], int]:
    """Return bulk changes, the newest first, from number `first` on; and how many there are in all."""
    said, made_at = _BEGUN.c, func.min(_BEGUN.c.made_at)
    one = (said.batch, said.author, said.comment, said.layer)
    query = select(*one, made_at, func.count()).group_by(*one).order_by(made_at.desc())
    with store.reading() as connection:
        in_all = select(func.count(_BEGUN.c.batch.distinct()))
        rows = connection.execute(query.offset(first).limit(limit))
        found = [Batch(key, author, made, comment, layer, of) for key, author, comment, layer, made, of in rows]
        return found, connection.execute(in_all).scalar_one()


def batch_members(store: Store, batch: str) -> list[BatchMember]:
    """Return the drafts of a bulk change in the order they were begun, then what it took off the map.

    There are none of one that there is not.
    """
    with store.reading() as connection:
        now = present(store, connection)
        own = select(branches.c.id).where(branches.c.batch == batch)
        told: dict[str, list[Revision]] = {}
        for revision in _found(connection, select(revisions).where(revisions.c.branch.in_(own))):
            told.setdefault(revision.branch or "", []).append(revision)
        heads = select(func.max(revisions.c.number)).where(revisions.c.branch.in_(own)).group_by(revisions.c.branch)
        published = _found(connection, select(revisions).where(revisions.c.merged.in_(heads)))
        became = {revision.merged: revision for revision in published}
        numbers = select(batch_revisions.c.revision).where(batch_revisions.c.batch == batch)
        gone = _found(connection, select(revisions).where(revisions.c.number.in_(numbers)))
        tip = _tips(connection, batch)
        return [
            _member(connection, steps, became.get(steps[-1].number), tip.get(steps[0].feature_id), now)
            for steps in told.values()
        ] + [_member(connection, [one], one, tip.get(one.feature_id), now) for one in gone]


def _tips(connection: Connection, batch: str) -> dict[str, Revision]:
    """Return the newest revision on the published line of each feature of a bulk change, by its id."""
    numbers = select(batch_revisions.c.revision).where(batch_revisions.c.batch == batch)
    drafted = select(branches.c.feature_id).where(branches.c.batch == batch)
    gone = select(revisions.c.feature_id).where(revisions.c.number.in_(numbers))
    on_line = revisions.c.branch.is_(None) & revisions.c.feature_id.in_(drafted.union(gone))
    newest = select(func.max(revisions.c.number)).where(on_line).group_by(revisions.c.feature_id)
    return {one.feature_id: one for one in _found(connection, select(revisions).where(revisions.c.number.in_(newest)))}


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
        state = OF_DRAFT.get(head.state, "open")
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
    return tip.state == "archived" if origin is None else (tip.content, tip.state) == (origin, "published")
