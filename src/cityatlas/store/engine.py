"""Open the store's database, and give transactions that read one moment or write alone.

Locks and isolation, the same on both databases:

- A **write** is alone in the whole store from its first statement to its commit: `BEGIN IMMEDIATE` on SQLite, an
  advisory lock on PostgreSQL. What it reads is therefore what it changes, numbers are given without gaps, and nobody
  sees revision 11 before 10. A write takes milliseconds, so that a queue of them is short; after ten seconds it fails.
- A **read** sees one moment, however long it takes, and neither waits for a write nor makes one wait: a WAL snapshot
  on SQLite, `REPEATABLE READ` on PostgreSQL.

- A **note** is what may be lost, as who has a form open: it waits for a fifth of a second at most, is told to nobody,
  and need not be on the disk. On PostgreSQL notes are alone among themselves and go beside a write; on SQLite, whose
  file has one writer, one that comes during a longer write is dropped.

PostgreSQL writes in `READ COMMITTED`: in a stricter level the moment that is seen would be taken by the very
statement that waits for the lock, before the writer in front has committed.
"""

from __future__ import annotations

import logging
import os
import random
import sqlite3
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import NullPool

from ..errors import InvalidValue, StoreUnavailable

if TYPE_CHECKING:
    import psycopg

log = logging.getLogger(__name__)
LOCK = 0x63697479  # any fixed number: writers of one PostgreSQL database meet at it
NOTE_LOCK = LOCK + 1  # at which those meet who write what may be lost
CHANNEL = "cityatlas"  # on which PostgreSQL tells of each write
WAIT_S = 10
NOTE_S = 0.2  # for so long a note waits
CONNECT_S = 5
# A machine that is cut off says no goodbye: without these PostgreSQL would keep the lock of its last write for two
# hours, and we would wait as long for a PostgreSQL that went. Seconds, of our end as libpq names them, then of its end.
QUIET_S, AGAIN_S, PROBES = 3, 2, 3
GONE_S = QUIET_S + PROBES * AGAIN_S  # below WAIT_S: who waits for that lock still gets it
OUR_END = {
    "keepalives_idle": QUIET_S,
    "keepalives_interval": AGAIN_S,
    "keepalives_count": PROBES,
    "tcp_user_timeout": GONE_S * 1000,
}
ITS_END = (
    f"-c tcp_keepalives_idle={QUIET_S} -c tcp_keepalives_interval={AGAIN_S} -c tcp_keepalives_count={PROBES} "
    f"-c tcp_user_timeout={GONE_S}s"
)
NOTING = "SELECT set_config('lock_timeout', :wait, true), set_config('synchronous_commit', 'off', true)"
PRIMARY_CODE = 0xFF  # of SQLite's extended result codes
PRAGMAS = (
    f"busy_timeout = {WAIT_S * 1000}",  # first: the others may have to wait
    "journal_mode = WAL",
    # FULL, not NORMAL: in WAL mode NORMAL would lose the last acknowledged saves when the power fails. 1 ms a save.
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",  # what is promised to be deleted does not stay in free pages
    "recursive_triggers = ON",  # else REPLACE would delete rows past the trigger that forbids it
)


class Store:
    """Hold a database of revisions. Nothing is opened or made until somebody reads or writes.

    `city` is the id of the city that it belongs to. `clock` tells the time of writes; without one it is this
    machine's for SQLite and the database's for PostgreSQL, so that several machines agree.
    """

    def __init__(self, url: URL, city: str, clock: Callable[[], datetime] | None = None) -> None:
        self.url, self.city = url, city
        self.path = Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
        self.is_prepared = False
        self._clock = clock
        self._engine = _make_engine(url)
        self._engine_anew = _make_engine(url, is_pooled=False) if self.path else self._engine
        weakref.finalize(self, self._engine.dispose).atexit = False  # at exit the system does it

    def exists(self) -> bool:
        """Return whether there may be something to read: a file on SQLite; a server is only known by asking."""
        try:
            return self.path is None or self.path.exists()
        except OSError:  # its folder cannot be looked into; opening the file says so in words
            return True

    def read_clock(self, connection: Connection) -> datetime:
        """Return the present moment by the clock that all writers share."""
        if self._clock:
            return self._clock()
        if self.path:
            return datetime.now(UTC)
        moment: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        return moment.astimezone(UTC)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a transaction that sees one moment; a store that is not there is made. Raises StoreUnavailable."""
        self.prepare()
        with self.looking() as connection:
            yield connection

    @contextmanager
    def looking(self, *, is_anew: bool = False) -> Iterator[Connection]:
        """Give a transaction that sees one moment of whatever is there. Raises StoreUnavailable; makes no file.

        `is_anew` opens SQLite's file again: a connection that is kept goes on answering from what it has read of it.
        """
        if not self.exists():
            hint = "It is made by the first save."
            raise StoreUnavailable(f"There is no database {self.path}.", hint, reason="no_database")
        options: dict[str, Any] = {} if self.path else {"isolation_level": "REPEATABLE READ"}
        engine = self._engine_anew if is_anew else self._engine
        with _told(), engine.connect().execution_options(**options) as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that is alone; it is committed, durably, when the block ends. Raises StoreUnavailable."""
        self.prepare()
        with self.alone() as connection:
            yield connection

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """Give a writing transaction of a store that may not be prepared yet, as for its migration."""
        with _told(), self._engine.connect().execution_options(wait_s=WAIT_S) as connection, connection.begin():
            if not self.path:
                alone_and_told = text(
                    "SELECT pg_advisory_xact_lock(:lock), pg_notify(:channel, '')"
                )  # told at the commit
                connection.execute(alone_and_told, {"lock": LOCK, "channel": CHANNEL})
            yield connection

    @contextmanager
    def noting(self) -> Iterator[Connection]:
        """Give a transaction for what may be lost. Raises StoreUnavailable, also where others take too long."""
        self.prepare()
        with _told(), self._engine.connect().execution_options(wait_s=NOTE_S) as connection, connection.begin():
            if not self.path:
                connection.execute(text(NOTING), {"wait": f"{NOTE_S}s"})
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": NOTE_LOCK})
            yield connection

    def prepare(self) -> None:
        """Make the database or bring it up to this program, once. Raises StoreUnavailable when it is newer."""
        if not self.is_prepared:
            from .migrate import upgrade  # here: Alembic takes a third of a second to import, and most starts need none

            self.make_file()
            upgrade(self)
            self.is_prepared = True

    def make_file(self) -> None:
        """Make an empty file where one is needed and none is. Raises StoreUnavailable."""
        if self.path and not self.exists():
            _make_file(self.path)

    def empty_log(self) -> None:
        """Write SQLite's log into its file and empty it: it still holds what was deleted. Raises StoreUnavailable."""
        if self.path:
            with _told(), closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def overwrite_erased(self, tables: Sequence[str]) -> None:
        """Leave no byte of what was erased from tables in the database's files. Raises StoreUnavailable.

        PostgreSQL's own log (WAL) and copies of it are its operator's.
        """
        if self.path:
            with _told(), closing(self._engine.raw_connection()) as raw:
                raw.cursor().execute("VACUUM")
            self.empty_log()
            return
        with _told(), self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"VACUUM FULL {', '.join(tables)}")  # nosemgrep: sql-from-text (names of tables)

    def listen(self) -> psycopg.Connection:
        """Return a connection to PostgreSQL that is told of each write, the caller's own. Raises psycopg.Error."""
        import psycopg

        url = self.url.set(drivername="postgresql").update_query_dict(
            {key: str(value) for key, value in OUR_END.items()}
        )
        address = url.render_as_string(hide_password=False)
        connection = psycopg.connect(address, autocommit=True, connect_timeout=CONNECT_S)
        connection.execute(f"LISTEN {CHANNEL}")  # nosemgrep: sql-from-text (ours)
        return connection

    def forget(self) -> None:
        """Let go of connections that belong to a parent process, without closing them."""
        self._engine.dispose(close=False)

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()


def open_store(database_url: str, var: Path, city: str, clock: Callable[[], datetime] | None = None) -> Store:
    """Return the store of a city: at the URL, or without one a file named for the city in the folder `var`.

    Raises InvalidValue when the URL is of no database that is known here.
    """
    try:
        url = make_url(database_url) if database_url else URL.create("sqlite", database=str(var / f"{city}.sqlite"))
        if url.drivername in ("postgresql", "postgres"):
            url = url.set(drivername="postgresql+psycopg")
        return Store(url, city, clock)
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise InvalidValue(
            "CITYATLAS_DATABASE_URL is not the address of a database",
            "Write postgresql://user:password@host/name, or unset it for a file.",
        ) from None
    except ModuleNotFoundError:
        raise InvalidValue(
            "CITYATLAS_DATABASE_URL names PostgreSQL, whose driver is not installed",
            'Run pip install "cityatlas[postgres]".',
        ) from None


def _make_engine(url: URL, *, is_pooled: bool = True) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, pool_timeout=WAIT_S) if is_pooled else create_engine(url, poolclass=NullPool)
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
        event.listen(engine, "handle_error", _let_go_of_read_only)
        return engine
    options = f"-c lock_timeout={WAIT_S}s -c client_encoding=utf8 {ITS_END}"
    arguments = {"connect_timeout": CONNECT_S, "options": options, **OUR_END}
    return create_engine(url, connect_args=arguments, pool_pre_ping=True, pool_timeout=WAIT_S)


def _set_up(connection: Any, _: object) -> None:  # Any: sqlite3.Connection, behind the driver's adapter
    connection.text_factory = _as_text
    connection.isolation_level = None  # Python's driver must not begin transactions of its own
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")  # nosemgrep: sql-from-text (ours)


def _let_go_of_read_only(context: ExceptionContext) -> None:
    """Open the file anew after a write was refused: a connection stays read-only that was opened while the disk was."""
    code = getattr(context.original_exception, "sqlite_errorcode", 0)
    if code & PRIMARY_CODE == sqlite3.SQLITE_READONLY:
        context.is_disconnect = True
        if context.execution_context and context.execution_context.cursor:
            context.execution_context.cursor.close()  # its statement would keep the file open
        if context.engine:
            context.engine.dispose()  # all that are kept: those of a process share the index of the log, read-only too


def _as_text(raw: bytes) -> str:
    """Return a text; bytes that are none stay in it as half characters, so that one damaged row hides no other."""
    return raw.decode("utf-8", "surrogateescape")


def _begin(connection: Connection) -> None:
    if wait_s := connection.get_execution_options().get("wait_s"):
        _begin_alone(connection, wait_s)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_alone(connection: Connection, wait_s: float) -> None:
    """Begin to write, waiting at most so many seconds for others.

    SQLite's own waiting looks ten times a second, which starves a process beside one that writes without a pause: it
    was seen to wait in vain. Looking every few milliseconds it takes its turn.
    """
    driver: Any = connection.connection.driver_connection  # Any: sqlite3.Connection, behind the driver's adapter
    end_s = time.monotonic() + wait_s
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while time.monotonic() < end_s:
            try:
                driver.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    break
            time.sleep(random.uniform(0.001, 0.005))
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # tells the error as all others are told
    finally:
        with suppress(sqlite3.ProgrammingError):  # a connection that was let go of is closed
            driver.execute(f"PRAGMA {PRAGMAS[0]}")  # nosemgrep: sql-from-text (ours)


def _make_file(path: Path) -> None:
    """Make an empty file that only its owner may read, since drafts and accounts are nobody else's."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreUnavailable(
            f"The database {path} cannot be made: {error.strerror}.", "Name another folder in CITYATLAS_VAR."
        ) from error


@contextmanager
def _told() -> Iterator[None]:
    """Turn what the database says about itself into one of our errors; what we did wrong stays as it is."""
    try:
        yield
    except IntegrityError:
        raise
    except ProgrammingError as error:  # a table or a right that is not there any more, or a slip of ours
        log.exception("the database refused a statement")
        raise StoreUnavailable("The database refused a statement.", "The server's log says why.") from error
    except (DBAPIError, PoolTimeout) as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise StoreUnavailable(f"The database cannot be used: {cause}.", "Nothing was saved; try again.") from error
