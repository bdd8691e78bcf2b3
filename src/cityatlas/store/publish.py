"""Publish: each way to change what visitors see is one merge into one more revision of the published line.

At most one revision of a feature waits for its moment (`publish_at`). What is published meanwhile is merged into it,
so that it takes nothing back when its moment comes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Literal, TypeVar

from sqlalchemy import Connection

from ..errors import EditConflict, InvalidValue, StaleRevision, UnknownRevision
from ..versioning.content import Content, content_of
from ..versioning.merge import Choice, Clash, Merged, merge, pick
from . import revisions as log
from .desk_lists import Around, look_around
from .drafts import Edit, Saved, begin_draft, check_head, move_draft
from .engine import Store
from .optimistic import Moved, merge_then_write
from .revisions import Note, Revision

Look = Callable[[int, str], Around]  # `look_around` inside the transaction: nobody else publishes meanwhile
Check = Callable[[Content | None, Look], None]  # None: the feature leaves the map
Expiry = datetime | None | Literal["keep"]
Done = TypeVar("Done")


@dataclass(frozen=True)
class Order:
    """Hold who changes what visitors see, and what they know.

    `origin` is what geodata/ says about the feature now, or None. `check` looks at the merged content before it is
    written (None when the feature leaves the map) and at what stands around it then, and raises to stop it. `choices`
    answer a conflict; they count only against the published revision `answered` that the conflict named. `expires_at`
    is kept from the revision before unless it is past or said otherwise.
    """

    author: str
    comment: str = ""
    origin: Content | None = None
    choices: Mapping[str, Choice] = field(default_factory=dict)
    answered: int | None = None
    check: Check | None = None
    publish_at: datetime | None = None
    expires_at: Expiry = "keep"


def publish(store: Store, branch: str, head: int, order: Order) -> Saved:
    """Publish a draft as it was reviewed: revision `head` of it, merged with what was published since it began.

    Raises StaleRevision when the draft moved after `head`, EditConflict when both changed a field, InvalidValue
    for a draft that was put away.
    """

    def plan(connection: Connection) -> _Change:
        draft = check_head(connection, branch, head)
        if draft.state == "archived":
            raise InvalidValue("The draft was put away.", "Save it again to go on with it.", reason="away")
        based_on = log.read(connection, draft.based_on) if draft.based_on else None
        base = based_on.content if based_on else log.content_of_origin(connection, draft.origin)
        was_archived = based_on is not None and based_on.state == "archived"
        return _Change(draft.feature_id, base, draft.content, was_archived, False, merged=head)

    def write(connection: Connection, joined: list[_Joined]) -> Saved:
        check_head(connection, branch, head)  # it may have moved while what visitors see did not
        return _write(store, connection, joined[0])

    return _carry_out(store, lambda connection: [(plan(connection), order)], write)


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
            yield _Change(feature_id, base, mine, was_archived, content is None), order

    return _carry_out(store, plan, partial(_write_all, store))


def take_in(
    store: Store,
    edits: Sequence[tuple[Edit, Content | None]],
    archived: Sequence[tuple[str, int, Order]] = (),
    batch: str = "",
) -> list[Saved]:
    """Begin drafts and take features (id, seen, order) off the map in one transaction, all or none, as an import does.

    Returns the drafts, which know their `batch`. Raises StaleRevision when a feature to be archived has moved.
    """

    def plan(connection: Connection) -> Planned:
        for feature_id, seen, order in archived:
            yield _flip(store, connection, feature_id, seen, order, is_archived=True), order

    def write(connection: Connection, joined: list[_Joined]) -> list[Saved]:
        _write_all(store, connection, joined)
        return [begin_draft(store, connection, edit, origin, batch) for edit, origin in edits]

    return _carry_out(store, plan, write)


def archive(store: Store, feature_id: str, seen: int, order: Order, successor: str = "") -> Saved:
    """Take a feature off the map, and name the one that takes its place, if there is one.

    What waits for its moment never comes; its draft is open again. Raises StaleRevision when the feature has moved.
    """
    flip = partial(_flip, store, feature_id=feature_id, seen=seen, order=order, is_archived=True, successor=successor)
    return _carry_out_one(store, order, flip)


def unarchive(store: Store, feature_id: str, seen: int, order: Order) -> Saved:
    """Put a feature back on the map as it was. Raises StaleRevision when it has moved."""
    return _carry_out_one(
        store, order, partial(_flip, store, feature_id=feature_id, seen=seen, order=order, is_archived=False)
    )


def restore(
    store: Store, feature_id: str, number: int, seen: int, order: Order, fields: frozenset[str] | None = None
) -> Saved:
    """Say again what an earlier revision said: in all, or in some fields (paths as in a merge).

    `number` 0 is geodata/; `seen` is the published revision that the person has before them.
    """

    def plan(connection: Connection) -> _Change:
        base, was_archived = _seen(connection, feature_id, seen, order)
        target = _content_at(connection, feature_id, number, order)
        if target is None:
            raise UnknownRevision(f"{feature_id} is not in geodata/.", "Archive it instead.")
        mine = target if fields is None or base is None else pick(base, target, fields)
        return _Change(feature_id, base, mine, was_archived, False)

    return _carry_out_one(store, order, plan)


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

    def write(connection: Connection, joined: list[_Joined]) -> list[Saved]:
        for branch, head in away:
            move_draft(store, connection, branch, head, "archived", author)
        return _write_all(store, connection, joined)

    return _carry_out(store, lambda connection: [(_undoing(connection, *one), one[2]) for one in undone], write)


def _undoing(connection: Connection, feature_id: str, number: int, order: Order) -> _Change:
    """Return the change that takes back what one published revision changed."""
    undone = log.read(connection, number)
    if undone.feature_id != feature_id or undone.branch is not None:
        raise UnknownRevision(f"Revision {number} is no published one of {feature_id}.")
    # what it stood on, not the one before it on the line: that may wait for a moment that has not come
    before = log.read(connection, undone.based_on) if undone.based_on else None
    origin = log.content_of_origin(connection, undone.origin) or order.origin
    content = before.content if before else origin or undone.content
    is_archived = before.state == "archived" if before else origin is None
    return _Change(feature_id, undone.content, content, undone.state == "archived", is_archived)


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
        saved = _append(store, connection, _Change(feature_id, None, content, False, is_archived), order, current)
        if waiting.merged:
            _open_again(store, connection, waiting.merged, order)
        return Saved(saved, Merged(content, (), (), ()))


@dataclass(frozen=True)
class _Change:
    """Hold an intended change of a feature: from which content, to which, and whether it leaves the map."""

    feature_id: str
    base: Content | None
    mine: Content
    was_archived: bool
    is_archived: bool
    merged: int | None = None


Planned = Iterable[tuple[_Change, Order]]


@dataclass(frozen=True)
class _Joined:
    """Hold a change after its merge, outside the lock, with what stood then; `later` is what waits, with it in."""

    change: _Change
    order: Order
    merged: Merged
    current: Revision | None
    waiting: Revision | None
    later: Merged | None

    def is_still(self, store: Store, connection: Connection) -> bool:
        """Return whether the same stands and waits."""
        now = log.standing(store, connection, self.change.feature_id)
        return [r and r.number for r in now] == [r and r.number for r in (self.current, self.waiting)]


def _carry_out(
    store: Store,
    plan: Callable[[Connection], Planned],
    write: Callable[[Connection, list[_Joined]], Done],
) -> Done:
    """Merge what is planned with what stands, ask, and write it, all or none."""

    def read(connection: Connection) -> list[tuple[_Change, Order, tuple[Revision | None, Revision | None]]]:
        return [
            (change, order, log.standing(store, connection, change.feature_id)) for change, order in plan(connection)
        ]

    return merge_then_write(store, read, lambda planned: [_join(*one) for one in planned], write)


def _carry_out_one(store: Store, order: Order, plan: Callable[[Connection], _Change]) -> Saved:
    """Do so with one change."""
    return _carry_out(store, lambda connection: [(plan(connection), order)], partial(_write_all, store))[0]


def _join(change: _Change, order: Order, stood: tuple[Revision | None, Revision | None]) -> _Joined:
    """Merge a change with what stands, and into what waits. Raises EditConflict."""
    current, waiting = stood
    number = current.number if current else 0
    theirs = current.content if current else order.origin
    choices = order.choices if order.answered == number else {}
    merged = merge(change.base, change.mine, theirs or change.base or change.mine, choices)
    is_archived, clash = _fate(change, current, choices)
    if clashes := (*merged.clashes, *clash):
        raise EditConflict(clashes, number=number)
    change = replace(change, mine=merged.content, is_archived=is_archived)
    later = merge(theirs, waiting.content, merged.content) if waiting and not is_archived else None
    return _Joined(change, order, merged, current, waiting, later)


def _write_all(store: Store, connection: Connection, joined: Sequence[_Joined]) -> list[Saved]:
    return [_write(store, connection, one) for one in joined]


def _write(store: Store, connection: Connection, joined: _Joined) -> Saved:
    """Check a change once nobody else can publish, append it, and carry it into what waits. Raises Moved."""
    change, order, waiting, later = joined.change, joined.order, joined.waiting, joined.later
    if not joined.is_still(store, connection):
        raise Moved
    if order.check:
        order.check(None if change.is_archived else change.mine, partial(look_around, store, connection))
    if waiting and later:
        _check_waiting(order, waiting, later)
    saved = Saved(_append(store, connection, change, order, joined.current), joined.merged)
    if waiting and later:
        _append_waiting(store, connection, waiting, later.content, saved.revision)
    elif waiting and waiting.merged:
        _open_again(store, connection, waiting.merged, order)
    return saved


def _check_waiting(order: Order, waiting: Revision, later: Merged) -> None:
    """Raise StaleRevision for a change that cannot be carried into what waits."""
    if order.publish_at:
        raise StaleRevision("Another change waits for its moment.", "Cancel that first.", number=waiting.number)
    if later.clashes:
        paths = ", ".join(clash.path for clash in later.clashes)
        raise StaleRevision(
            f"What waits until {waiting.publish_at} changes {paths} too.", "Cancel that first.", number=waiting.number
        )


def _fate(change: _Change, current: Revision | None, choices: Mapping[str, Choice]) -> tuple[bool, tuple[Clash, ...]]:
    """Return whether the feature is archived after a change: existence is a field like the others.

    An edit of what somebody archived meanwhile is never published in passing: it asks.
    """
    stands = current is not None and current.state == "archived"
    if stands == change.was_archived or stands == change.is_archived:
        return change.is_archived, ()
    if "archived" in choices:
        return change.is_archived if choices["archived"] == "mine" else stands, ()
    return stands, (Clash("archived", change.was_archived, change.is_archived, stands),)


def _open_again(store: Store, connection: Connection, merged: int, order: Order) -> None:
    """Let a draft that was to be published go on; one in which somebody saved since goes on already."""
    draft = log.read(connection, merged)
    head = log.head_of(connection, draft.branch or "")
    if head == draft:
        note = Note(order.author, order.comment, "draft", draft.branch, draft.based_on, draft.origin)
        log.append(store, connection, draft.feature_id, draft.content, note)


def _flip(
    store: Store,
    connection: Connection,
    feature_id: str,
    seen: int,
    order: Order,
    *,
    is_archived: bool,
    successor: str = "",
) -> _Change:
    """Return the change that takes a feature off the map or puts it back. Raises StaleRevision when it has moved."""
    current, _ = log.standing(store, connection, feature_id)
    number = current.number if current else 0
    if number != seen:
        raise StaleRevision(f"{feature_id} is at revision {number} now.", "Look at it again.", number=number)
    content = current.content if current else order.origin
    if content is None:
        raise UnknownRevision(f'There is no published "{feature_id}".')
    mine = content_of(content.layer, content.geometry, content.properties | {"successor": successor or None})
    return _Change(feature_id, content, mine, not is_archived, is_archived)


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


def _append(store: Store, connection: Connection, change: _Change, order: Order, current: Revision | None) -> Revision:
    origin = log.keep_origin(connection, order.origin) if order.origin and current is None else None
    if order.expires_at == "keep":  # but an end that is past: who publishes again wants it to be seen
        kept = current.expires_at if current else None
        expires_at = kept if kept and kept > log.present(store, connection) else None
    else:
        expires_at = log.moment_text(order.expires_at) if order.expires_at else None
    note = Note(
        order.author,
        order.comment,
        "archived" if change.is_archived else "published",
        based_on=current.number if current else 0,
        origin=origin,
        merged=change.merged,
        publish_at=log.moment_text(order.publish_at) if order.publish_at else None,
        expires_at=expires_at,
    )
    return log.append(store, connection, change.feature_id, change.mine, note)


def _append_waiting(store: Store, connection: Connection, waiting: Revision, content: Content, after: Revision) -> None:
    """Say again what waits, with what was published meanwhile merged into it."""
    note = Note(
        waiting.author,
        waiting.comment,
        "published",
        based_on=after.number,
        merged=waiting.merged,
        publish_at=waiting.publish_at,
        expires_at=waiting.expires_at,
    )
    log.append(store, connection, waiting.feature_id, content, note)
