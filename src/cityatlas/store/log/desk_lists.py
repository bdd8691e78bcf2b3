"""List what people at the desk have before them, and read one draft or one feature's past beside what visitors see."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, func, or_, select

from ...errors import UnknownRevision
from ...versioning.content import Content
from ..engine import Store
from ..tables import branches, revisions
from . import revisions as log
from .revisions import Revision, State, as_revision, present

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


def in_review(store: Store) -> list[Revision]:
    """Return the newest revision of each draft that waits for a review, the longest waiting first."""
    later = revisions.alias()
    follows = select(later.c.number).where(later.c.branch == revisions.c.branch, later.c.number > revisions.c.number)
    became = select(later.c.number).where(later.c.merged == revisions.c.number)
    wanted = select(revisions).where(revisions.c.state == "in_review", ~follows.exists(), ~became.exists())
    with store.reading() as connection:
        rows = connection.execute(wanted.order_by(revisions.c.number)).mappings()
        return [as_revision(row) for row in rows]


def ending_until(store: Store, moment: str) -> list[Revision]:
    """Return what visitors see and will not after a moment, the next end first."""
    with store.reading() as connection:
        now = present(store, connection)
        soon = [
            ON_LINE,
            revisions.c.expires_at > now,
            revisions.c.expires_at <= moment,
            revisions.c.state == "published",
        ]
        rows = connection.execute(select(revisions).where(*soon).order_by(revisions.c.expires_at)).mappings()
        found = [as_revision(row) for row in rows]
        return [one for one in found if log.visible_of(connection, one.feature_id, now) == one]


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


@dataclass(frozen=True)
class PublishedStep:
    """Hold a revision of the published line, what it stands on (None for a new feature), and who drafted it."""

    revision: Revision
    before: Content | None
    drafted_by: str


@dataclass(frozen=True)
class Which:
    """Say which published revisions are asked for: of a person, a layer, made from a moment on and before another."""

    author: str = ""
    layer: str = ""
    since: str = ""
    until: str = ""


def published_steps(store: Store, which: Which, first: int, limit: int) -> tuple[list[PublishedStep], int]:
    """Return published revisions, newest first, from number `first` on, and how many there are in all."""
    wanted: list[ColumnElement[bool]] = [ON_LINE]
    wanted += [revisions.c.author == which.author] if which.author else []
    wanted += [revisions.c.layer == which.layer] if which.layer else []
    wanted += [revisions.c.made_at >= which.since] if which.since else []
    wanted += [revisions.c.made_at < which.until] if which.until else []
    with store.reading() as connection:
        count = connection.execute(select(func.count()).select_from(revisions).where(*wanted)).scalar_one()
        rows = select(revisions).where(*wanted).order_by(revisions.c.number.desc()).limit(limit).offset(first)
        found = [as_revision(row) for row in connection.execute(rows).mappings()]
        return [_published_step(connection, revision) for revision in found], count


def _published_step(connection: Connection, revision: Revision) -> PublishedStep:
    before = log.read(connection, revision.based_on).content if revision.based_on else None
    before = before or log.content_of_origin(connection, revision.origin)
    drafted = log.read(connection, revision.merged) if revision.merged else None
    return PublishedStep(revision, before, drafted.author if drafted else "")


def hidden_tips(store: Store, shown: Collection[str]) -> list[Revision]:
    """Return the newest revision of each feature that is not `shown`: its draft's, else that of its published line."""
    newest = select(func.max(revisions.c.number)).where(ON_LINE).group_by(revisions.c.feature_id)
    with store.reading() as connection:
        rows = connection.execute(select(revisions).where(revisions.c.number.in_(newest))).mappings()
        lines = [as_revision(row) for row in rows]
    drafts = [draft.head for draft in reversed(open_drafts(store))]
    tips = {revision.feature_id: revision for revision in (*lines, *drafts)}
    return [revision for feature_id, revision in tips.items() if feature_id not in shown]


def waiting(store: Store) -> list[Revision]:
    """Return what waits for its moment, the next one first."""
    newest = select(func.max(revisions.c.number)).where(ON_LINE).group_by(revisions.c.feature_id)
    with store.reading() as connection:
        has_not_come = revisions.c.publish_at > present(store, connection)
        query = select(revisions).where(revisions.c.number.in_(newest), has_not_come)
        return [as_revision(row) for row in connection.execute(query.order_by(revisions.c.publish_at)).mappings()]


@dataclass(frozen=True)
class Around:
    """Hold features that changed after a snapshot, wait for their moment or have an end ahead, by id.

    `current` is what visitors see of them at `moment`, or that they are archived; `waiting` is what will come.
    """

    moment: str = ""
    current: Mapping[str, Revision] = field(default_factory=dict)
    waiting: Mapping[str, Revision] = field(default_factory=dict)

    def ends_of(self, feature_id: str) -> list[str]:
        """Return the moments ahead at which a feature leaves the map, as it stands and as it will."""
        told = (self.current.get(feature_id), self.waiting.get(feature_id))
        return [r.expires_at for r in told if r and r.expires_at and r.expires_at > self.moment]


def read_around(store: Store, number: int, moment: str) -> Around:
    """Return what there is to know beyond a snapshot of revision `number` at a moment; 0 and "" know nothing."""
    with store.reading() as connection:
        return look_around(store, connection, number, moment)


def look_around(store: Store, connection: Connection, number: int, moment: str) -> Around:
    """Return the same inside a transaction."""
    now = present(store, connection)
    restless = or_(revisions.c.number > number, revisions.c.publish_at > moment, revisions.c.expires_at > moment)
    has_come = func.coalesce(revisions.c.publish_at, revisions.c.made_at) <= now
    current, tips = (_newest(connection, restless, *more) for more in ((has_come,), ()))
    waiting = {key: tip for key, tip in tips.items() if tip.from_moment > now and tip != current.get(key)}
    return Around(now, current, waiting)


def _newest(connection: Connection, restless: ColumnElement[bool], *more: ColumnElement[bool]) -> dict[str, Revision]:
    """Return the newest revision of each restless feature's published line, of those that `more` leaves."""
    wanted = select(revisions.c.feature_id).where(ON_LINE, restless)
    newest = select(func.max(revisions.c.number)).where(ON_LINE, revisions.c.feature_id.in_(wanted), *more)
    rows = select(revisions).where(revisions.c.number.in_(newest.group_by(revisions.c.feature_id)))
    return {row["feature_id"]: as_revision(row) for row in connection.execute(rows).mappings()}


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
