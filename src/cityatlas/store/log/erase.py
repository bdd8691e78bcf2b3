"""Erase what must go: texts of a revision, a whole feature, a photo, a person's name; only that it was erased stays.

What is erased goes from every row that has it: published ones, drafts, what geodata/ said, comments, reports. A row
stays where it was, without the text. Nothing that visitors see is erased: it is changed or taken off the map first.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from ...errors import InvalidValue, UnknownRevision
from ...versioning.content import Content, canonical
from ..engine import Store
from ..people.accounts import set_active
from ..tables import (
    about,
    accounts,
    branches,
    erased_revisions,
    erasures,
    media,
    origins,
    presences,
    recovery_codes,
    report_answers,
    reports,
    revisions,
    second_factors,
    sessions,
    sign_numbers,
    tellings,
)
from . import revisions as log
from .revisions import Revision, moment_text
from .visible import ON_LINE, PublicState, came_at

ErasureKind = Literal["revision", "feature", "photo", "person"]
Goes = Callable[[Any], bool]  # whether a value of JSON goes, with all that is in it
LEAST_WORDS = 2  # letters: one alone would take half the history
AUTHORS: tuple[tuple[Table, str], ...] = (
    (revisions, "author"),
    (branches, "owner"),
    (media, "owner"),
    (report_answers, "author"),
    (sign_numbers, "author"),
    (erasures, "author"),
)


@dataclass(frozen=True)
class Erasure:
    """Say that something was erased, when and by whom, and never what."""

    number: int
    kind: ErasureKind
    subject: str
    author: str
    made_at: str


@dataclass(frozen=True)
class Erased:
    """Hold an erasure, the revisions that lost something, and what of kept files must go like it."""

    erasure: Erasure
    revisions: tuple[int, ...]
    goes: Goes = field(repr=False)


def erase_revision(
    store: Store, feature_id: str, number: int, author: str, *, shown: Content | None, words: str = ""
) -> Erased:
    """Erase what a revision says and visitors no longer see; with `words`, only the texts that hold them.

    `shown` is what visitors see of the feature, None for nothing. Raises UnknownRevision for a number that is not of
    the feature, InvalidValue (`erase_shown`) for what is still seen or waits to be, or where nothing would go.
    """
    with store.writing() as connection:
        revision = log.read(connection, number)
        if revision.feature_id != feature_id:
            raise UnknownRevision(f"Revision {number} is not of {feature_id}.")
        kept = _kept(store, connection, feature_id, shown)
        goes = _with_words(words, kept) if words.strip() else _texts_but({*_texts(revision)} - kept)
        drafts = {revision.branch} - {None}
        drafts |= {log.read(connection, revision.merged).branch} if revision.merged else set()

        def goes_from(row: Revision) -> Goes:  # what was typed on the way is not what was published
            return (lambda value: isinstance(value, str) and value not in kept) if row.branch in drafts else goes

        rows = log.history(connection, feature_id)
        return _erasing(store, connection, "revision", feature_id, author, rows, goes_from, goes, {number}, words)


def erase_feature(store: Store, feature_id: str, author: str, *, shown: Content | None) -> Erased:
    """Erase all that was ever said of a feature. Raises InvalidValue while it is seen, UnknownRevision for none."""
    with store.writing() as connection:
        rows = log.history(connection, feature_id)
        if not rows:
            raise UnknownRevision(f'Nobody ever wrote anything of "{feature_id}".', "The city's own file is yours.")
        if shown is not None or _kept(store, connection, feature_id, None):
            raise _still_shown("Visitors still see it.", "Take it off the map first.")

        numbers = {row.number for row in rows}
        erased = _erasing(
            store, connection, "feature", feature_id, author, rows, lambda _: everything, everything, numbers, ""
        )
        connection.execute(delete(report_answers).where(report_answers.c.report_id.in_(_reports_of(feature_id))))
        connection.execute(delete(reports).where(reports.c.feature_id == feature_id))
        return erased


def erase_photo(store: Store, name: str, author: str, *, shown_by: tuple[str, ...]) -> Erased:
    """Erase an uploaded photo's words and its entries; its files are the caller's. `shown_by` are features on the map.

    Raises InvalidValue while visitors see it, UnknownRevision for a photo that nobody uploaded.
    """
    if shown_by:
        raise _still_shown(f"Visitors see it at {', '.join(shown_by)}.", "Take it out there first.")
    with store.writing() as connection:
        found = connection.execute(select(media.c.name).where(media.c.name == name)).first()
        having = select(revisions).where(revisions.c.properties.contains(name, autoescape=True))
        rows = [log.as_revision(row) for row in connection.execute(having).mappings()]
        if not found and not rows:
            raise UnknownRevision(f'There is no uploaded photo "{name}".')
        connection.execute(delete(media).where(media.c.name == name))

        def goes(value: Any) -> bool:  # Any: of JSON
            return isinstance(value, dict) and value.get("file") == name

        return _erasing(store, connection, "photo", name, author, rows, lambda _: goes, goes, set(), "")


def erase_person(store: Store, login: str, author: str) -> Erased:
    """Take a person's names out of all that they did, and close their account for good. Raises as `set_active` does."""
    account = set_active(store, login, is_active=False)
    nobody = f"erased-{account.id}"
    with store.writing() as connection:
        connection.execute(
            update(accounts)
            .where(accounts.c.id == account.id)
            .values(login=nobody, display_name=nobody, password_hash=None)
        )
        connection.execute(delete(sessions).where(sessions.c.account_id == account.id))
        for table in (tellings, second_factors, recovery_codes, presences):
            connection.execute(delete(table).where(table.c.account_id == account.id))
        with _may_change(connection):
            for table, column in AUTHORS:
                connection.execute(update(table).where(table.c[column] == account.login).values({column: nobody}))
        author = nobody if author == account.login else author
        erasure = _tombstone(store, connection, "person", nobody, author)
        return Erased(erasure, (), lambda _: False)


def everything(_: object) -> bool:
    """Return that a value goes, whatever it is."""
    return True


def erased_steps(store: Store, feature_id: str) -> Mapping[int, Erasure]:
    """Return the revisions of a feature that something was erased from, each with the last time."""
    joined = erased_revisions.join(erasures, erasures.c.number == erased_revisions.c.erasure)
    joined = joined.join(revisions, revisions.c.number == erased_revisions.c.revision)
    wanted = select(erased_revisions.c.revision, erasures).select_from(joined)
    with store.reading() as connection:
        rows = connection.execute(wanted.where(revisions.c.feature_id == feature_id)).all()
        return {number: Erasure(*row) for number, *row in rows}


def all_erasures(store: Store) -> list[Erasure]:
    """Return all erasures, the newest first."""
    with store.reading() as connection:
        return [Erasure(*row) for row in connection.execute(select(erasures).order_by(erasures.c.number.desc()))]


def newest_erasure(store: Store) -> int:
    """Return the number of the newest erasure, 0 for none."""
    with store.reading() as connection:
        return connection.execute(select(func.max(erasures.c.number))).scalar() or 0


def shows_erased(store: Store, state: PublicState) -> bool:
    """Return whether visitors saw, in a state, a revision that something was erased from."""
    newest = (
        select(func.max(revisions.c.number).label("number"))
        .where(ON_LINE, revisions.c.number <= state.number, came_at <= state.moment)
        .group_by(revisions.c.feature_id)
        .subquery()
    )
    joined = erased_revisions.join(newest, newest.c.number == erased_revisions.c.revision)
    joined = joined.join(revisions, revisions.c.number == newest.c.number)
    is_over = revisions.c.expires_at.is_not(None) & (revisions.c.expires_at <= state.moment)
    found = select(newest.c.number).select_from(joined).where(erased_revisions.c.was_public, ~is_over).limit(1)
    with store.reading() as connection:
        return connection.execute(found).first() is not None


def without(value: Any, goes: Goes) -> Any:  # Any: of JSON
    """Return a value of JSON without all in it that goes; what is left empty by that goes too."""
    if isinstance(value, dict):
        kept = {key: without(one, goes) for key, one in value.items() if not goes(one)}
        return {key: one for key, one in kept.items() if one not in ({}, []) or value[key] in ({}, [])}
    if isinstance(value, list):
        parts = [(one, without(one, goes)) for one in value if not goes(one)]
        return [made for one, made in parts if made not in ({}, []) or one in ({}, [])]
    return value


def overwrite(store: Store) -> None:
    """Leave no byte of what was erased in the database's files. Raises StoreUnavailable while others are in them."""
    store.overwrite_erased(
        [table.name for table in (*dict(AUTHORS), origins, accounts, sessions, presences, reports, tellings)]
    )


def _erasing(
    store: Store,
    connection: Connection,
    kind: ErasureKind,
    subject: str,
    author: str,
    rows: list[Revision],
    goes_from: Callable[[Revision], Goes],
    goes: Goes,
    always: set[int],
    words: str,
) -> Erased:
    """Take what goes out of rows and of what geodata/ said, and note it. Raises InvalidValue where nothing would go."""
    with _may_change(connection):
        made = {row.number: _changed(row, goes_from(row), always, goes is everything, words) for row in rows}
        changed = {number: values for number, values in made.items() if values}
        if not changed and kind != "photo":  # which may be in no revision: its words and files go all the same
            raise InvalidValue("Nothing of it is kept.", "Look at the words again.", reason="erase_nothing")
        erasure = _tombstone(store, connection, kind, subject, author)
        for row in (row for row in rows if row.number in changed):
            connection.execute(update(revisions).where(revisions.c.number == row.number).values(changed[row.number]))
            _note(connection, row, erasure)
        for digest in {row.origin for row in rows if row.origin}:
            _erase_origin(connection, digest, goes)
        if words.strip():
            _erase_reports(connection, subject, words)
    return Erased(erasure, tuple(changed), goes)


def _changed(row: Revision, goes: Goes, always: set[int], is_all: bool, words: str) -> dict[str, Any]:
    """Return what a row's columns become, nothing where nothing of it goes."""
    if is_all:
        return {"properties": "{}", "geometry": None, "comment": ""}
    properties = canonical(without(json.loads(row.properties), goes))
    is_told = (bool(words.strip()) and _folded(words) in _folded(row.comment)) or goes(row.comment)
    if properties == row.properties and row.number not in always and not is_told:
        return {}
    return {"properties": properties, "comment": ""}  # a comment on what goes may say it in other words


def _note(connection: Connection, row: Revision, erasure: Erasure) -> None:
    which = erased_revisions.c.revision == row.number
    was_public = connection.execute(select(erased_revisions.c.was_public).where(which)).scalar()
    connection.execute(delete(erased_revisions).where(which))
    is_public = bool(was_public) or (row.branch is None and row.state == "published")
    connection.execute(
        insert(erased_revisions).values(revision=row.number, erasure=erasure.number, was_public=is_public)
    )


def _erase_origin(connection: Connection, digest: str, goes: Goes) -> None:
    """Put what is left of a content of geodata/ in its place, under the name that it has then."""
    content = log.content_of_origin(connection, digest)
    if content is None:
        return
    left = Content(content.layer, content.geometry, without(content.properties, goes))
    if goes is everything:
        left = Content(content.layer, None, {})
    if left == content:
        return
    renewed = log.keep_origin(connection, left)
    if renewed != digest:
        connection.execute(update(revisions).where(revisions.c.origin == digest).values(origin=renewed))
        connection.execute(delete(origins).where(origins.c.digest == digest))


def _erase_reports(connection: Connection, feature_id: str, words: str) -> None:
    """Delete what visitors wrote of a feature, and what was answered, where it holds the words."""
    joined = reports.outerjoin(report_answers, report_answers.c.report_id == reports.c.id)
    said = select(reports.c.id, reports.c.words, reports.c.contact, report_answers.c.note).select_from(joined)
    rows = connection.execute(said.where(reports.c.feature_id == feature_id)).all()
    found = [number for number, *texts in rows if any(_folded(words) in _folded(text or "") for text in texts)]
    connection.execute(delete(report_answers).where(report_answers.c.report_id.in_(found)))
    connection.execute(delete(reports).where(reports.c.id.in_(found)))


def _reports_of(feature_id: str) -> Any:  # Any: a select
    return select(reports.c.id).where(reports.c.feature_id == feature_id)


def _tombstone(store: Store, connection: Connection, kind: ErasureKind, subject: str, author: str) -> Erasure:
    number = (connection.execute(select(func.max(erasures.c.number))).scalar() or 0) + 1
    made = Erasure(number, kind, subject, author, moment_text(store.read_clock(connection)))
    connection.execute(insert(erasures).values(vars(made)))
    return made


def _kept(store: Store, connection: Connection, feature_id: str, shown: Content | None) -> set[str]:
    """Return the texts that visitors see of a feature. Raises InvalidValue while something waits for its moment."""
    current, waiting = log.standing(store, connection, feature_id)
    if waiting is not None and waiting.state == "published":
        raise _still_shown("A publication waits for its moment.", "Cancel it first, or let it come.")
    now = log.present(store, connection)
    seen = {*_strings(json.loads(current.properties))} if current and current.is_public_at(now) else set()
    return seen | ({*_strings(shown.properties)} if shown else set())


def _with_words(words: str, kept: set[str]) -> Goes:
    """Return what says whether a text holds words. Raises InvalidValue where visitors still see them."""
    wanted = _folded(words)
    if len(wanted) < LEAST_WORDS:
        raise InvalidValue("One letter is too little.", f"Give {LEAST_WORDS} or more.", reason="erase_short")
    if any(wanted in _folded(text) for text in kept):
        raise _still_shown("Visitors still see these words.", "Publish the place without them first.")
    return lambda value: isinstance(value, str) and wanted in _folded(value)


def _folded(text: str) -> str:
    """Return a text as words are looked for in it: without case, width, ways to write accents, and what nobody sees."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(sign for sign in plain if unicodedata.category(sign) != "Cf").split())


def _texts_but(texts: set[str]) -> Goes:
    if not texts:
        raise _still_shown("Visitors still see all that it says.", "Publish the place without it first.")
    return lambda value: isinstance(value, str) and value in texts


def _texts(revision: Revision) -> Iterator[str]:
    yield from _strings(json.loads(revision.properties))
    if revision.comment:
        yield revision.comment


def _strings(value: Any) -> Iterator[str]:  # Any: of JSON
    """Yield all texts in a value of JSON."""
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(one)


def _still_shown(message: str, hint: str) -> InvalidValue:
    return InvalidValue(message, hint, reason="erase_shown")


@contextmanager
def _may_change(connection: Connection) -> Iterator[None]:
    """Let rows be changed that never are, until the block ends; what raises in it undoes all."""
    connection.execute(insert(about).values(key="erasing", value="yes"))
    yield
    connection.execute(delete(about).where(about.c.key == "erasing"))
