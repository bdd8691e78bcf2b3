"""Copy a store that is in use into one file, and fill an empty store from it, on either database.

The file is gzipped JSON lines: a head, a line for each row, and at the end the counts and a digest of all rows. It
holds every table but sessions and attempts to log in, so that a copy revives nobody's login, who has what open just
then, and visitors' reports, which are promised to be deleted; whoever adds a table keeps it to texts, numbers, booleans
and null. Uploaded photos are files of their own, in CITYATLAS_VAR/media.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, MetaData, Table, func, insert, select, text
from sqlalchemy.exc import DataError, IntegrityError

from ..errors import InvalidValue, StoreUnavailable
from ..versioning.content import Json, canonical
from . import migrate
from .engine import Store
from .log.revisions import moment_text

FORMAT = 1
UNREADABLE = (OSError, EOFError, ValueError, RecursionError, zlib.error)
CHUNK = 500  # rows that are inserted at once
NOT_COPIED = frozenset({"alembic_version", "about", "sessions", "attempts", "presences", "reports", "report_answers"})


@dataclass
class Tally:
    """Count rows and digest them, in whatever order: databases sort texts differently."""

    counts: Counter[str] = field(default_factory=Counter)
    total: int = 0  # of the rows' SHA-256

    def add(self, table: str, line: str) -> None:
        """Count one row's line."""
        self.counts[table] += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(line.encode()).digest(), "big")) % 2**256

    @property
    def end(self) -> Json:
        """Return what the file's last line says."""
        return {"counts": dict(self.counts), "sha256_sum": f"{self.total:064x}"}


def back_up(store: Store, path: Path) -> dict[str, int]:
    """Write all rows as of one moment to a file and return their counts; readers and writers go on meanwhile.

    The file is written beside, synced, read again and only then given its name: what has the name is whole.
    Raises StoreUnavailable, also when there is nothing to copy, and InvalidValue when the file cannot be written.
    """
    _check_goal(store, path)
    aside = path.with_name(f".{path.name}.part")
    try:
        with store.looking() as connection, _writing(aside) as file:
            end = _dump(store, connection, file)
        _check_file(aside)
        aside.replace(path)
    except OSError as error:
        raise InvalidValue(f"{path} cannot be written: {error.strerror}", "Name another file.") from None
    finally:
        aside.unlink(missing_ok=True)
    return dict(end.counts)


def restore(store: Store, path: Path) -> dict[str, int]:
    """Fill an empty store from a file and return the counts of rows, all in one transaction that is checked at its end.

    Raises InvalidValue when the file is no whole backup of this city, StoreUnavailable when the store is not empty.
    """
    head, end = _check_file(path)
    if head["city"] != store.city:
        raise InvalidValue(f'{path.name} is of the city "{head["city"]}", not of "{store.city}"')
    store.make_file()
    with store.alone() as connection:
        migrate.begin_at(connection, head["step"], store.city)
        tables = _tables(connection)
        for table in tables.values():
            if connection.execute(select(func.count()).select_from(table)).scalar():
                raise StoreUnavailable("The store is not empty.", "Restore into a new CITYATLAS_VAR or database.")
        _fill(connection, tables, path)
        restored = Tally()
        for name, line in _lines(connection, tables):
            restored.add(name, line)
        if restored.end != end:
            raise StoreUnavailable("What was restored is not what the file holds; nothing was kept.")
        if store.path and (said := connection.execute(text("PRAGMA integrity_check")).scalar()) != "ok":
            raise StoreUnavailable(f"The restored database is not sound: {said}.")
        migrate.finish(connection, store.city)
    return dict(restored.counts)


def _check_goal(store: Store, path: Path) -> None:
    """Raise InvalidValue for a file that a copy must not be written over: the database itself, or a foreign one."""
    own = (
        [store.path.with_name(f"{store.path.name}{end}") for end in ("", "-wal", "-shm", "-journal")]
        if store.path
        else []
    )
    if any(
        path.resolve() == file.resolve() or (path.exists() and file.exists() and path.samefile(file)) for file in own
    ):
        raise InvalidValue(f"{path} is the database itself.", "Name another file.")
    if path.exists() and not _is_backup(path):
        raise InvalidValue(f"{path} is there and is no backup of cityatlas.", "Name another file.")


def _is_backup(path: Path) -> bool:
    """Return whether a file begins as a backup does, of whatever form or city."""
    try:
        return "cityatlas_backup" in next(_entries(path))
    except (*UNREADABLE, StopIteration):
        return False


def _dump(store: Store, connection: Connection, file: IO[str]) -> Tally:
    step = migrate.step_of(connection)
    if step is None:
        raise StoreUnavailable("There is nothing to copy.", "The store is made by the first save.")
    head = {"cityatlas_backup": FORMAT, "city": store.city, "step": step}
    head["made_at"] = moment_text(store.read_clock(connection))
    file.write(canonical(head) + "\n")
    tally = Tally()
    for name, line in _lines(connection, _tables(connection)):
        tally.add(name, line)
        file.write(line + "\n")
    file.write(canonical(tally.end) + "\n")
    return tally


def _tables(connection: Connection) -> dict[str, Table]:
    """Return the tables as the database has them, those that others refer to first."""
    there = MetaData()
    there.reflect(connection, only=lambda name, _: name not in NOT_COPIED)
    return {table.name: table for table in there.sorted_tables}


def _lines(connection: Connection, tables: dict[str, Table]) -> Iterator[tuple[str, str]]:
    """Yield table and line of each row, in the order of primary keys."""
    for name in tables:
        rows = connection.execution_options(yield_per=CHUNK).execute(
            select(tables[name]).order_by(*tables[name].primary_key.columns)
        )
        for row in rows.mappings():
            yield name, canonical({"table": name, "row": dict(row)})


def _fill(connection: Connection, tables: dict[str, Table], path: Path) -> None:
    waiting: list[Json] = []
    current = ""
    for table, row in _rows_of(path):
        if table != current or len(waiting) == CHUNK:
            _insert(connection, tables, current, waiting)
            waiting, current = [], table
        waiting.append(row)
    _insert(connection, tables, current, waiting)
    if connection.dialect.name == "postgresql":
        for name, column in ((name, column) for name, table in tables.items() for column in table.primary_key):
            if "nextval" in str(getattr(column.server_default, "arg", "")):  # ids were given: count on from them
                sequence = func.pg_get_serial_sequence(name, column.name)
                newest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
                connection.execute(select(func.setval(sequence, newest, False)))


def _insert(connection: Connection, tables: dict[str, Table], name: str, rows: list[Json]) -> None:
    if not rows:
        return
    if name not in tables:
        raise InvalidValue(f'The backup has a table "{name}", which this program does not know.')
    if not all(isinstance(row, dict) and row.keys() == {*tables[name].columns.keys()} for row in rows):
        raise InvalidValue(f'A row of table "{name}" has other columns than the table.')
    try:
        connection.execute(insert(tables[name]), rows)
    except (IntegrityError, DataError) as error:
        raise InvalidValue(f'A row of table "{name}" does not fit: {error.orig}.') from None


def _rows_of(path: Path) -> Iterator[tuple[str, Json]]:
    for entry in _entries(path):
        if "table" in entry:
            yield entry["table"], entry["row"]


def _entries(path: Path) -> Iterator[Json]:
    """Yield what each line of a backup says. Raises one of `UNREADABLE`."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            if not isinstance(entry, dict):
                raise ValueError("a line of it is no object")
            yield entry


def _check_file(path: Path) -> tuple[Json, Json]:
    """Return head and end of a backup whose rows are all there. Raises InvalidValue."""
    tally, head, end = Tally(), None, None
    try:
        for entry in _entries(path):
            if head is None:
                head = entry
            elif "table" in entry:
                tally.add(str(entry["table"]), canonical(entry))
            else:
                end = entry
    except UNREADABLE as error:
        raise InvalidValue(f"{path} cannot be read as a backup: {error}") from None
    if head is None or head.get("cityatlas_backup") != FORMAT:
        raise InvalidValue(f"{path} is no backup of cityatlas of form {FORMAT}.")
    if not all(isinstance(head.get(key), str) for key in ("city", "step")) or end != tally.end:
        raise InvalidValue(f"{path} is not whole: its rows are not those that its end counts.")
    return head, end


@contextmanager
def _writing(path: Path) -> Iterator[IO[str]]:
    """Give a gzipped text file that only its owner may read, on the disk when the block has ended."""
    handle = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "wb") as raw:
        with gzip.open(raw, "wt", encoding="utf-8", newline="\n") as file:
            yield file
        raw.flush()
        os.fsync(raw.fileno())
