"""Read one draft, or one feature's past, beside what visitors see now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from ..errors import UnknownRevision
from ..versioning.content import Content
from . import revisions as log
from .engine import Store
from .revisions import Revision


@dataclass(frozen=True)
class Standing:
    """Hold how a feature stands: what visitors see and what waits for its moment, each None where there is nothing.

    `origin` is what geodata/ said when the first change was published; None when nothing was, or for a new feature.
    """

    current: Revision | None
    waiting: Revision | None
    origin: Content | None


@dataclass(frozen=True)
class Proposal:
    """Hold a draft, oldest revision first, who opened it, and the feature that it would change.

    `base` is what it began from, None for a new feature. `became` is what its newest revision was published as.
    """

    revisions: tuple[Revision, ...]
    owner: str
    base: Content | None
    was_archived: bool
    became: Revision | None
    standing: Standing

    @property
    def head(self) -> Revision:
        """Return the draft's newest revision."""
        return self.revisions[-1]

    @property
    def is_open(self) -> bool:
        """Return whether somebody can go on with it."""
        return self.became is None and self.head.state != "archived"


def read_proposal(store: Store, branch: str) -> Proposal:
    """Return a draft with all that a reviewer needs, as of one moment. Raises UnknownRevision."""
    with store.reading() as connection:
        told = log.branch_history(connection, branch)
        if not told:
            raise UnknownRevision("There is no such draft.", "My drafts lists those there are.")
        head = told[-1]
        based_on = log.read(connection, head.based_on) if head.based_on else None
        base = based_on.content if based_on else log.content_of_origin(connection, head.origin)
        owner = log.owner_of(connection, branch) or head.author
        was_archived = based_on is not None and based_on.state == "archived"
        became = log.published_from(connection, head.number)
        feature = _history(store, connection, head.feature_id)[1]
        return Proposal(tuple(told), owner, base, was_archived, became, feature)


def read_history(store: Store, feature_id: str) -> tuple[list[Revision], Standing]:
    """Return all revisions of a feature, oldest first, drafts among them; and how it stands, as of one moment."""
    with store.reading() as connection:
        return _history(store, connection, feature_id)


def _history(store: Store, connection: Connection, feature_id: str) -> tuple[list[Revision], Standing]:
    told = log.history(connection, feature_id)
    first = next((revision.origin for revision in told if revision.branch is None and revision.origin), None)
    current, waiting = log.standing(store, connection, feature_id)
    return told, Standing(current, waiting, log.content_of_origin(connection, first))
