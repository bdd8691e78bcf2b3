"""Append revisions and read them back; nothing here changes or deletes a row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, insert, select

from ...errors import InvalidValue, StoreUnavailable, UnknownRevision
from ...geo.geojson import NOT_TEXT
from ...limits import COMMENT_LETTERS
from ...versioning.content import Content, Json, canonical, digest_of, row_of
from ..engine import Store
from ..tables import branches, origins, revisions

State = Literal["draft", "in_review", "published", "archived"]

MOST_NUMBER = 2**63 - 1  # that a database can be asked for


def _those(*conditions: ColumnElement[bool]) -> Select[Any]:  # Any: the columns of a whole row
    """Return the query for all revisions that fit, oldest first."""
    return select(revisions).where(*conditions).order_by(revisions.c.number)


def _newest(*conditions: ColumnElement[bool]) -> Select[Any]:
    """Return the query for the newest revision that fits."""
    return _those(revisions.c.number == select(func.max(revisions.c.number)).where(*conditions).scalar_subquery())


# Queries are made once: to put one together takes as long as to answer it. Each value has the name of its column.
_LINE = (revisions.c.feature_id == bindparam("feature_id"), revisions.c.branch.is_(None))
_HAS_COME = func.coalesce(revisions.c.publish_at, revisions.c.made_at) <= bindparam("moment")
_OF_NUMBER = _those(revisions.c.number == bindparam("number"))
_OF_FEATURE = _those(revisions.c.feature_id == bindparam("feature_id"))
_OF_BRANCH = _those(revisions.c.branch == bindparam("branch"))
_MADE_OF = _those(revisions.c.merged == bindparam("merged"))
_LAST = _newest()
_HEAD = _newest(revisions.c.branch == bindparam("branch"))
_TIP = _newest(*_LINE)
_VISIBLE = _newest(*_LINE, _HAS_COME)
_ORIGIN = select(origins).where(origins.c.digest == bindparam("digest"))
_OWNER = select(branches.c.owner).where(branches.c.id == bindparam("branch"))
_ADD, _ADD_ORIGIN = insert(revisions), insert(origins)


@dataclass(frozen=True)
class Revision:
    """Hold one revision as its row says; `branch` is None on the published line, moments are UTC."""

    number: int
    feature_id: str
    layer: str
    geometry: str | None
    properties: str
    author: str
    made_at: str
    comment: str
    state: State
    branch: str | None
    based_on: int
    origin: str | None
    previous: int
    merged: int | None
    publish_at: str | None
    expires_at: str | None

    @cached_property
    def content(self) -> Content:
        """Return what the feature says in this revision. Raises StoreUnavailable when its row is damaged."""
        try:
            (self.properties + (self.geometry or "")).encode()
            content = _content(self.layer, self.geometry, self.properties)
        except (ValueError, TypeError, RecursionError):  # bytes that are no text, a text that is no JSON
            raise damaged(self.number) from None
        if not isinstance(content.properties, dict) or not isinstance(content.geometry, dict | None):
            raise damaged(self.number)
        return content

    @cached_property
    def row(self) -> Json:
        """Return it as GeoJSON feature, the very same each time. Raises StoreUnavailable as `content` does."""
        if self.state not in get_args(State):
            raise damaged(self.number)
        return row_of(self.feature_id, self.content)

    @cached_property
    def mark(self) -> str:
        """Return what names its content, whether that can be read or not."""
        return digest_of(f"{self.number} {self.feature_id} {self.layer} {self.geometry} {self.properties}")

    @property
    def from_moment(self) -> str:
        """Return the moment from which it is public, if it is on the published line."""
        return max(self.publish_at or "", self.made_at)

    def is_public_at(self, moment: str) -> bool:
        """Return whether visitors see it at a moment, while no later one takes its place."""
        is_over = self.expires_at is not None and self.expires_at <= moment
        return self.state == "published" and self.from_moment <= moment and not is_over


@dataclass(frozen=True)
class Note:
    """Hold what a revision says beside its content: who made it, in which state and on which line."""

    author: str
    comment: str
    state: State
    branch: str | None = None
    based_on: int = 0
    origin: str | None = None
    merged: int | None = None
    publish_at: str | None = None
    expires_at: str | None = None


def moment_text(moment: datetime) -> str:
    """Return a moment as the store writes it: UTC, microseconds, sorting as moments do. Refuses one without a zone."""
    if moment.tzinfo is None:
        raise InvalidValue("A moment needs a time zone.", "Give it as 2026-12-05T08:00:00+08:00.")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def append(store: Store, connection: Connection, feature_id: str, content: Content, note: Note) -> Revision:
    """Add one revision in a writing transaction, and return it with its number."""
    last = _last(connection)
    made_at = moment_text(store.read_clock(connection))
    if last and made_at <= last.made_at:  # a clock that was put back must not turn the order of history
        made_at = moment_text(datetime.fromisoformat(last.made_at) + timedelta(microseconds=1))
    before = head_of(connection, note.branch) if note.branch else tip_of(connection, feature_id)
    revision = Revision(
        number=(last.number if last else 0) + 1,
        feature_id=feature_id,
        layer=content.layer,
        geometry=None if content.geometry is None else canonical(content.geometry),
        properties=canonical(content.properties),
        made_at=made_at,
        previous=before.number if before else 0,
        **vars(note),
    )
    _check(revision)
    connection.execute(_ADD, _columns(revision))
    return revision


def present(store: Store, connection: Connection) -> str:
    """Return the present moment, which is never before the newest revision, whatever the clock says."""
    last = _last(connection)
    return max(moment_text(store.read_clock(connection)), last.made_at if last else "")


def keep_origin(connection: Connection, content: Content) -> str:
    """Keep a content of geodata/ and return its digest; one that is known is not kept twice."""
    digest = digest_of(content.text)
    if not connection.execute(_ORIGIN, {"digest": digest}).first():
        geometry = None if content.geometry is None else canonical(content.geometry)
        row = {"digest": digest, "layer": content.layer, "geometry": geometry}
        connection.execute(_ADD_ORIGIN, row | {"properties": canonical(content.properties)})
    return digest


def content_of_origin(connection: Connection, digest: str | None) -> Content | None:
    """Return what geodata/ said, or None for a feature that is not from there."""
    row = connection.execute(_ORIGIN, {"digest": digest}).first() if digest else None
    return _content(row.layer, row.geometry, row.properties) if row else None


def read(connection: Connection, number: int) -> Revision:
    """Return the revision of a number. Raises UnknownRevision."""
    found = _many(connection, _OF_NUMBER, number=number) if 0 < number <= MOST_NUMBER else []
    if not found:
        raise UnknownRevision(f"There is no revision {number}.", "The history of a feature lists its revisions.")
    return found[0]


def history(connection: Connection, feature_id: str) -> list[Revision]:
    """Return all revisions of a feature, oldest first: drafts and published ones."""
    return _many(connection, _OF_FEATURE, feature_id=feature_id)


def branch_history(connection: Connection, branch: str) -> list[Revision]:
    """Return all revisions of a draft, oldest first."""
    return _many(connection, _OF_BRANCH, branch=branch)


def head_of(connection: Connection, branch: str) -> Revision | None:
    """Return the newest revision of a draft."""
    return next(iter(_many(connection, _HEAD, branch=branch)), None)


def tip_of(connection: Connection, feature_id: str) -> Revision | None:
    """Return the newest revision of a feature's published line; it may wait for its moment."""
    return next(iter(_many(connection, _TIP, feature_id=feature_id)), None)


def visible_of(connection: Connection, feature_id: str, moment: str) -> Revision | None:
    """Return the revision of the published line whose time has come last by number; it may be archived."""
    return next(iter(_many(connection, _VISIBLE, feature_id=feature_id, moment=moment)), None)


def standing(store: Store, connection: Connection, feature_id: str) -> tuple[Revision | None, Revision | None]:
    """Return what visitors see now and what waits for its moment, each None where there is nothing."""
    now = present(store, connection)
    current, tip = visible_of(connection, feature_id, now), tip_of(connection, feature_id)
    waits = tip is not None and tip.from_moment > now and (current is None or tip.number > current.number)
    return current, tip if waits else None


def published_from(connection: Connection, draft: int) -> Revision | None:
    """Return the published revision that a draft's revision became, or None."""
    found = _many(connection, _MADE_OF, merged=draft)
    return found[-1] if found else None


def origins_of(connection: Connection, feature_id: str) -> list[Content]:
    """Return what geodata/ said of a feature whenever somebody began from it, newest first."""
    digests = {revision.origin: None for revision in reversed(history(connection, feature_id)) if revision.origin}
    return [content for digest in digests if (content := content_of_origin(connection, digest))]


def owner_of(connection: Connection, branch: str) -> str | None:
    """Return who opened a draft."""
    owner: str | None = connection.execute(_OWNER, {"branch": branch}).scalar()
    return owner


def as_revision(row: Mapping[Any, Any]) -> Revision:
    """Return a row as revision. Raises StoreUnavailable when it holds a name or word that is no text."""
    revision = Revision(**row)
    try:
        f"{revision.feature_id}{revision.layer}{revision.author}{revision.comment}{revision.state}".encode()
    except UnicodeEncodeError:
        raise damaged(revision.number) from None
    return revision


def damaged(number: int) -> StoreUnavailable:
    """Return the error that a row is not as it was written: the file was damaged, or somebody's hand was in it."""
    return StoreUnavailable(f"Revision {number} is malformed in the database.", "Restore a backup.", reason="broken")


def _last(connection: Connection) -> Revision | None:
    return next(iter(_many(connection, _LAST)), None)


def _many(connection: Connection, query: Select[Any], **values: str | int) -> list[Revision]:
    return [as_revision(row) for row in connection.execute(query, values).mappings()]


def _content(layer: str, geometry: str | None, properties: str) -> Content:
    shape: Json | None = json.loads(geometry) if geometry is not None else None
    return Content(layer, shape, json.loads(properties))


def _columns(revision: Revision) -> dict[str, Any]:
    return {column.name: getattr(revision, column.name) for column in revisions.c}


def _check(revision: Revision) -> None:
    """Raise InvalidValue for a text that no database or page can hold."""
    texts: Sequence[str] = (revision.author, revision.comment, revision.feature_id, revision.layer)
    is_text = not any(NOT_TEXT.search(text) for text in texts)
    try:
        (revision.properties + (revision.geometry or "")).encode()
    except UnicodeEncodeError:
        is_text = False
    if not is_text or not revision.author or len(revision.comment) > COMMENT_LETTERS:
        raise InvalidValue(
            "A name, comment or text is empty, too long or holds a control character.",
            f"A comment has {COMMENT_LETTERS} letters at most.",
            reason="comment",
        )
