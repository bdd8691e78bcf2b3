"""Save drafts: each tab says what it began from, so that two of them merge instead of overwriting."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select

from ...errors import EditConflict, InvalidValue, StaleRevision, UnknownRevision
from ...versioning.content import Content
from ...versioning.merge import Choice, Merged, merge
from ..engine import Store
from ..tables import branches
from . import revisions as log
from .optimistic import Moved, merge_then_write
from .revisions import Note, Revision, State


@dataclass(frozen=True)
class Edit:
    """Hold what a person hands in.

    `seen` is the revision they began from: of the draft, or for a new draft the published one (0 for geodata/).
    `choices` answer a conflict, path by path; they count only against the revision `answered` that the conflict named.
    """

    feature_id: str
    content: Content
    author: str
    seen: int = 0
    comment: str = ""
    choices: Mapping[str, Choice] = field(default_factory=dict)
    answered: int | None = None


@dataclass(frozen=True)
class Saved:
    """Hold the revision that stands now, and what was merged into it."""

    revision: Revision
    merged: Merged


def open_draft(store: Store, edit: Edit, origin: Content | None = None) -> Saved:
    """Begin a draft of a feature and save an edit as its first revision.

    `origin` is what geodata/ says about the feature, or None when it is new; it is kept with the draft.
    Raises UnknownRevision when `seen` is not of the feature's published line.
    """
    with store.writing() as connection:
        return begin_draft(store, connection, edit, origin)


def begin_draft(store: Store, connection: Connection, edit: Edit, origin: Content | None, batch: str = "") -> Saved:
    """Begin a draft inside a writing transaction; see `open_draft`. `batch` is the bulk change it is part of."""
    if edit.seen:
        base = log.read(connection, edit.seen)
        if base.feature_id != edit.feature_id or base.branch is not None:
            raise UnknownRevision(f"Revision {edit.seen} is no published one of {edit.feature_id}.")
    branch = _open(store, connection, edit.feature_id, edit.author, batch)
    digest = log.keep_origin(connection, origin) if origin and not edit.seen else None
    note = Note(edit.author, edit.comment, "draft", branch, based_on=edit.seen, origin=digest)
    revision = log.append(store, connection, edit.feature_id, edit.content, note)
    return Saved(revision, Merged(edit.content, (), (), ()))


def drafted_ids(store: Store) -> frozenset[str]:
    """Return the ids of all features that a draft was ever begun of: nobody else may be given one of them."""
    with store.reading() as connection:
        return frozenset(connection.execute(select(branches.c.feature_id).distinct()).scalars())


def save_draft(store: Store, branch: str, edit: Edit) -> Saved:
    """Merge an edit into a draft. Saving what stands already adds nothing, so a save may be tried again.

    A draft that was published meanwhile goes on from there; one that was sent for review is a draft again.
    Raises EditConflict, naming the revision that the choices must be made against, and UnknownRevision.
    """

    def write(connection: Connection, joined: tuple[_Stand, Merged]) -> Saved:
        stood, merged = joined
        if not stood.is_still(connection, branch):
            raise Moved
        if merged.content == stood.standing.content and (stood.public or stood.head.state == "draft"):
            return Saved(stood.standing, merged)
        note = _note_of(store, connection, stood.head, stood.public, edit.author, edit.comment, "draft")
        return Saved(log.append(store, connection, stood.head.feature_id, merged.content, note), merged)

    return merge_then_write(
        store,
        lambda connection: _stand(connection, branch, edit.seen),
        lambda stood: (stood, _join(stood, edit)),
        write,
    )


@dataclass(frozen=True)
class _Stand:
    """Hold how a draft stands: the revision that an edit began from, the newest one, and what that was published as."""

    seen: Revision
    head: Revision
    public: Revision | None

    @property
    def standing(self) -> Revision:
        """Return the revision that an edit is merged with."""
        return self.public or self.head

    def is_still(self, connection: Connection, branch: str) -> bool:
        """Return whether nobody saved or published the draft since."""
        head = _head(connection, branch)
        public = log.published_from(connection, head.number)
        return (public or head).number == self.standing.number


def _stand(connection: Connection, branch: str, seen: int) -> _Stand:
    """Return how a draft stands. Raises UnknownRevision, also when `seen` is of another one."""
    head, began = _head(connection, branch), log.read(connection, seen)
    if not _is_of(connection, began, branch):
        raise UnknownRevision(f"Revision {seen} is not of this draft.", "Load the draft again.")
    return _Stand(began, head, log.published_from(connection, head.number))


def _join(stood: _Stand, edit: Edit) -> Merged:
    """Merge an edit with what stands. Raises EditConflict."""
    choices = edit.choices if edit.answered == stood.standing.number else {}
    merged = merge(stood.seen.content, edit.content, stood.standing.content, choices)
    if merged.clashes:
        raise EditConflict(merged.clashes, number=stood.standing.number)
    return merged


def content_at(store: Store, feature_id: str, number: int) -> Content:
    """Return what a revision of a feature says: what a form was filled with. Raises UnknownRevision."""
    with store.reading() as connection:
        revision = log.read(connection, number)
    if revision.feature_id != feature_id:
        raise UnknownRevision(f"Revision {number} is not of {feature_id}.", "Load the form again.")
    return revision.content


def change_state(store: Store, branch: str, head: int, state: State, author: str, comment: str = "") -> Revision:
    """Send a draft for review (`in_review`), return it with words (`draft`) or put it away (`archived`).

    `head` is the revision that the person has before them. Raises StaleRevision when the draft has moved since, and
    InvalidValue for one that was put away: only saving it brings it back.
    """
    if state == "published":
        raise InvalidValue("A draft is published by `publish`.")
    with store.writing() as connection:
        return move_draft(store, connection, branch, head, state, author, comment)


def move_draft(
    store: Store, connection: Connection, branch: str, head: int, state: State, author: str, comment: str = ""
) -> Revision:
    """Do so inside a writing transaction; see `change_state`."""
    now = check_head(connection, branch, head)
    if now.state == "archived":
        raise InvalidValue("The draft was put away.", "Save it again to go on with it.", reason="away")
    note = _note_of(store, connection, now, None, author, comment, state)
    return log.append(store, connection, now.feature_id, now.content, note)


def check_head(connection: Connection, branch: str, number: int) -> Revision:
    """Return a draft's newest revision. Raises StaleRevision unless it has this number and waits to be published."""
    head = _head(connection, branch)
    if head.number != number:
        raise StaleRevision(f"The draft has moved to revision {head.number}.", "Read it again.", number=head.number)
    if public := log.published_from(connection, head.number):
        raise StaleRevision(f"The draft was published as {public.number}.", "Begin another.", number=public.number)
    return head


def _head(connection: Connection, branch: str) -> Revision:
    head = log.head_of(connection, branch)
    if head is None:
        raise UnknownRevision("There is no such draft.", "My drafts lists those there are.")
    return head


def _is_of(connection: Connection, seen: Revision, branch: str) -> bool:
    """Return whether a revision is of a draft, or is what one of the draft's revisions was published as."""
    return seen.branch == branch or (seen.merged is not None and log.read(connection, seen.merged).branch == branch)


def _open(store: Store, connection: Connection, feature_id: str, owner: str, batch: str) -> str:
    branch = secrets.token_hex(8)
    opened_at = log.moment_text(store.read_clock(connection))
    row = {"id": branch, "feature_id": feature_id, "owner": owner, "opened_at": opened_at, "batch": batch or None}
    connection.execute(insert(branches).values(row))
    return branch


def _note_of(
    store: Store,
    connection: Connection,
    head: Revision,
    public: Revision | None,
    author: str,
    comment: str,
    state: State,
) -> Note:
    """Return the note of a draft's next revision: on what it stands moves only with what visitors see.

    A draft whose publication still waits for its moment goes on standing where it stood: were it to stand on what
    nobody sees yet, a merge would take the visible version for a change that undoes it.
    """
    now = log.present(store, connection)
    if public and public.from_moment <= now:
        return Note(author, comment, state, head.branch, based_on=public.number)
    return Note(author, comment, state, head.branch, based_on=head.based_on, origin=head.origin)
