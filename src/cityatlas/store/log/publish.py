"""Publish: each way to change what visitors see is one merge into one more revision of the published line.

At most one revision of a feature waits for its moment (`publish_at`). What is published meanwhile is merged into it,
so that it takes nothing back when its moment comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sqlalchemy import Connection

from ...errors import InvalidValue, StaleRevision, UnknownRevision
from ...versioning.content import Content, content_of
from ...versioning.merge import Merged, pick
from ..engine import Store
from . import revisions as log
from .batches import is_there, note_taken_off
from .drafts import Edit, Saved, begin_draft, check_head, move_draft
from .publication import (
    Change,
    Joined,
    Order,
    Planned,
    append_change,
    carry_out,
    carry_out_one,
    open_again,
    write_all,
    write_one,
)


def publish(store: Store, branch: str, head: int, order: Order) -> Saved:
    """Publish a draft as it was reviewed: revision `head` of it, merged with what was published since it began.

    Raises StaleRevision when the draft moved after `head`, EditConflict when both changed a field, InvalidValue
    for a draft that was put away.
    """

    def plan(connection: Connection) -> Change:
        draft = check_head(connection, branch, head)
        if draft.state == "archived":
            raise InvalidValue("The draft was put away.", "Save it again to go on with it.", reason="away")
        based_on = log.read(connection, draft.based_on) if draft.based_on else None
        base = based_on.content if based_on else log.content_of_origin(connection, draft.origin)
        was_archived = based_on is not None and based_on.state == "archived"
        return Change(draft.feature_id, base, draft.content, was_archived, False, merged=head)

    def write(connection: Connection, joined: list[Joined]) -> Saved:
        check_head(connection, branch, head)  # it may have moved while what visitors see did not
        return write_one(store, connection, joined[0])

    return carry_out(store, lambda connection: [(plan(connection), order)], write)


def publish_content(store: Store, feature_id: str, content: Content, seen: int, order: Order) -> Saved:
    """Publish a content without a draft, as an import does; `seen` is the published revision that it began from."""
    return publish_all(store, [(feature_id, content, seen, order)])[0]


def publish_all(store: Store, changes: Sequence[tuple[str, Content | None, int, Order]]) -> list[Saved]:
    """Publish many contents (id, content, seen, order) in one transaction, all or none; None archives a feature.

    Each feature is named once.
    """

    def plan(connection: Connection) -> Planned:
        for feature_id, content, seen, order in changes:
            base, was_archived = _seen(connection, feature_id, seen, order)
            mine = content or base
            if mine is None:
                raise UnknownRevision(f'There is no published "{feature_id}".')
            yield Change(feature_id, base, mine, was_archived, content is None), order

    return carry_out(store, plan, partial(write_all, store))


def take_in(
    store: Store,
    edits: Sequence[tuple[Edit, Content | None]],
    archived: Sequence[tuple[str, int, Order]] = (),
    batch: str = "",
) -> list[Saved] | None:
    """Begin drafts and take features (id, seen, order) off the map in one transaction, all or none, as an import does.

    Returns the drafts; they and what was taken off know their `batch`. None for a batch that there is already: whoever
    takes a file in twice, at once or on two hosts, gets it once. Raises StaleRevision when a feature to be archived has
    moved.
    """

    def plan(connection: Connection) -> Planned:
        for feature_id, seen, order in () if is_there(connection, batch) else archived:
            yield _flip(store, connection, feature_id, seen, order, is_archived=True), order

    def write(connection: Connection, joined: list[Joined]) -> list[Saved] | None:
        if is_there(connection, batch):  # none of what was joined is written
            return None
        gone = write_all(store, connection, joined)
        note_taken_off(connection, batch, (saved.revision for saved in gone))
        return [begin_draft(store, connection, edit, origin, batch) for edit, origin in edits]

    return carry_out(store, plan, write)


def archive(store: Store, feature_id: str, seen: int, order: Order, successor: str = "") -> Saved:
    """Take a feature off the map, and name the one that takes its place, if there is one.

    What waits for its moment never comes; its draft is open again. Raises StaleRevision when the feature has moved.
    """
    flip = partial(_flip, store, feature_id=feature_id, seen=seen, order=order, is_archived=True, successor=successor)
    return carry_out_one(store, order, flip)


def unarchive(store: Store, feature_id: str, seen: int, order: Order) -> Saved:
    """Put a feature back on the map as it was. Raises StaleRevision when it has moved."""
    return carry_out_one(
        store, order, partial(_flip, store, feature_id=feature_id, seen=seen, order=order, is_archived=False)
    )


def restore(
    store: Store, feature_id: str, number: int, seen: int, order: Order, fields: frozenset[str] | None = None
) -> Saved:
    """Say again what an earlier revision said: in all, or in some fields (paths as in a merge).

    `number` 0 is geodata/; `seen` is the published revision that the person has before them.
    """

    def plan(connection: Connection) -> Change:
        base, was_archived = _seen(connection, feature_id, seen, order)
        target = _content_at(connection, feature_id, number, order)
        if target is None:
            raise UnknownRevision(f"{feature_id} is not in geodata/.", "Archive it instead.")
        mine = target if fields is None or base is None else pick(base, target, fields)
        return Change(feature_id, base, mine, was_archived, False)

    return carry_out_one(store, order, plan)


def undo(store: Store, feature_id: str, number: int, order: Order) -> Saved:
    """Take back what one published revision changed, and nothing that came after it.

    Undoing the first revision of a feature that is not in geodata/ archives it.
    """

    return undo_all(store, [(feature_id, number, order)])[0]


def undo_all(
    store: Store,
    undone: Sequence[tuple[str, int, Order]],
    away: Sequence[tuple[str, int]] = (),
    author: str = "",
) -> list[Saved]:
    """Take back published revisions (id, number, order) in one transaction, all or none; each feature is named once.

    With them, `author` puts drafts (id, head) away.
    """

    def write(connection: Connection, joined: list[Joined]) -> list[Saved]:
        for branch, head in away:
            move_draft(store, connection, branch, head, "archived", author)
        return write_all(store, connection, joined)

    return carry_out(store, lambda connection: [(_undoing(connection, *one), one[2]) for one in undone], write)


def _undoing(connection: Connection, feature_id: str, number: int, order: Order) -> Change:
    """Return the change that takes back what one published revision changed."""
    undone = log.read(connection, number)
    if undone.feature_id != feature_id or undone.branch is not None:
        raise UnknownRevision(f"Revision {number} is no published one of {feature_id}.")
    # what it stood on, not the one before it on the line: that may wait for a moment that has not come
    before = log.read(connection, undone.based_on) if undone.based_on else None
    origin = log.content_of_origin(connection, undone.origin) or order.origin
    content = before.content if before else origin or undone.content
    is_archived = before.state == "archived" if before else origin is None
    return Change(feature_id, undone.content, content, undone.state == "archived", is_archived)


def cancel(store: Store, feature_id: str, number: int, order: Order) -> Saved:
    """Let what waits for its moment never come: what visitors see now stands, as one more revision.

    The draft that it came from is open again, with whatever was saved in it since. Raises StaleRevision when
    revision `number` does not wait.
    """
    with store.writing() as connection:
        current, waiting = log.standing(store, connection, feature_id)
        if waiting is None or waiting.number != number:
            now = current.number if current else 0
            raise StaleRevision(f"Revision {number} does not wait for its moment.", "Look again.", number=now)
        content = current.content if current else order.origin or waiting.content
        is_archived = current.state == "archived" if current else order.origin is None
        saved = append_change(store, connection, Change(feature_id, None, content, False, is_archived), order, current)
        if waiting.merged:
            open_again(store, connection, waiting.merged, order)
        return Saved(saved, Merged(content, (), (), ()))


def _flip(
    store: Store,
    connection: Connection,
    feature_id: str,
    seen: int,
    order: Order,
    *,
    is_archived: bool,
    successor: str = "",
) -> Change:
    """Return the change that takes a feature off the map or puts it back. Raises StaleRevision when it has moved."""
    current, _ = log.standing(store, connection, feature_id)
    number = current.number if current else 0
    if number != seen:
        raise StaleRevision(f"{feature_id} is at revision {number} now.", "Look at it again.", number=number)
    content = current.content if current else order.origin
    if content is None:
        raise UnknownRevision(f'There is no published "{feature_id}".')
    mine = content_of(content.layer, content.geometry, content.properties | {"successor": successor or None})
    return Change(feature_id, content, mine, not is_archived, is_archived)


def _seen(connection: Connection, feature_id: str, seen: int, order: Order) -> tuple[Content | None, bool]:
    """Return the content that a person saw, and whether it was archived."""
    if seen == 0:
        return order.origin, False
    revision = log.read(connection, seen)
    if revision.feature_id != feature_id or revision.branch is not None:
        raise UnknownRevision(f"Revision {seen} is no published one of {feature_id}.")
    return revision.content, revision.state == "archived"


def _content_at(connection: Connection, feature_id: str, number: int, order: Order) -> Content | None:
    if number == 0:
        return order.origin
    revision = log.read(connection, number)
    if revision.feature_id != feature_id:
        raise UnknownRevision(f"Revision {number} is not of {feature_id}.")
    return revision.content
