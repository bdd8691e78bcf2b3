"""Carry out a change of what visitors see: merged while no lock is held, asked about, written if nothing moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Literal, TypeVar

from sqlalchemy import Connection

from ...errors import EditConflict, StaleRevision
from ...versioning.content import Content
from ...versioning.merge import Choice, Clash, Merged, merge
from ..engine import Store
from . import revisions as log
from .desk_lists import Around, look_around
from .drafts import Saved
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


@dataclass(frozen=True)
class Change:
    """Hold an intended change of a feature: from which content, to which, and whether it leaves the map."""

    feature_id: str
    base: Content | None
    mine: Content
    was_archived: bool
    is_archived: bool
    merged: int | None = None


Planned = Iterable[tuple[Change, Order]]


@dataclass(frozen=True)
class Joined:
    """Hold a change after its merge, outside the lock, with what stood then; `later` is what waits, with it in."""

    change: Change
    order: Order
    merged: Merged
    current: Revision | None
    waiting: Revision | None
    later: Merged | None

    def is_still(self, store: Store, connection: Connection) -> bool:
        """Return whether the same stands and waits."""
        now = log.standing(store, connection, self.change.feature_id)
        return [r and r.number for r in now] == [r and r.number for r in (self.current, self.waiting)]


def carry_out(
    store: Store,
    plan: Callable[[Connection], Planned],
    write: Callable[[Connection, list[Joined]], Done],
) -> Done:
    """Merge what is planned with what stands, ask, and write it, all or none."""

    def read(connection: Connection) -> list[tuple[Change, Order, tuple[Revision | None, Revision | None]]]:
        return [
            (change, order, log.standing(store, connection, change.feature_id)) for change, order in plan(connection)
        ]

    return merge_then_write(store, read, lambda planned: [_join(*one) for one in planned], write)


def carry_out_one(store: Store, order: Order, plan: Callable[[Connection], Change]) -> Saved:
    """Do so with one change."""
    return carry_out(store, lambda connection: [(plan(connection), order)], partial(write_all, store))[0]


def _join(change: Change, order: Order, stood: tuple[Revision | None, Revision | None]) -> Joined:
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
    return Joined(change, order, merged, current, waiting, later)


def write_all(store: Store, connection: Connection, joined: Sequence[Joined]) -> list[Saved]:
    return [write_one(store, connection, one) for one in joined]


def write_one(store: Store, connection: Connection, joined: Joined) -> Saved:
    """Check a change once nobody else can publish, append it, and carry it into what waits. Raises Moved."""
    change, order, waiting, later = joined.change, joined.order, joined.waiting, joined.later
    if not joined.is_still(store, connection):
        raise Moved
    if order.check:
        order.check(None if change.is_archived else change.mine, partial(look_around, store, connection))
    if waiting and later:
        _check_waiting(order, waiting, later)
    saved = Saved(append_change(store, connection, change, order, joined.current), joined.merged)
    if waiting and later:
        _append_waiting(store, connection, waiting, later.content, saved.revision)
    elif waiting and waiting.merged:
        open_again(store, connection, waiting.merged, order)
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


def _fate(change: Change, current: Revision | None, choices: Mapping[str, Choice]) -> tuple[bool, tuple[Clash, ...]]:
    """Return whether the feature is archived after a change: existence is a field like the others.

    An edit of what somebody archived meanwhile is never published in passing: it asks.
    """
    stands = current is not None and current.state == "archived"
    if stands == change.was_archived or stands == change.is_archived:
        return change.is_archived, ()
    if "archived" in choices:
        return change.is_archived if choices["archived"] == "mine" else stands, ()
    return stands, (Clash("archived", change.was_archived, change.is_archived, stands),)


def open_again(store: Store, connection: Connection, merged: int, order: Order) -> None:
    """Let a draft that was to be published go on; one in which somebody saved since goes on already."""
    draft = log.read(connection, merged)
    head = log.head_of(connection, draft.branch or "")
    if head == draft:
        note = Note(order.author, order.comment, "draft", draft.branch, draft.based_on, draft.origin)
        log.append(store, connection, draft.feature_id, draft.content, note)


def append_change(
    store: Store, connection: Connection, change: Change, order: Order, current: Revision | None
) -> Revision:
    """Add a change that is merged to the published line."""
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
