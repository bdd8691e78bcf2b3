"""Bring a database up to this program, under the lock of writers, and refuse one that is newer."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, inspect, select, text

from ..errors import StoreUnavailable
from .tables import about

if TYPE_CHECKING:
    from .engine import Store

log = logging.getLogger(__name__)
FOLDER = Path(__file__).with_name("migrations")


def upgrade(store: Store) -> None:
    """Make what is missing. A database that is up to date is not written to, so that a reader's folder may be locked.

    Raises StoreUnavailable when it is newer than the program, or belongs to another city.
    """
    with store.looking() as connection:
        is_due = step_of(connection) != _script().get_current_head()
        if not is_due:
            _check_city(connection, store.city)
    if is_due:
        with store.alone() as connection:  # another process may have done it while we waited: the steps know
            finish(connection, store.city)


def begin_at(connection: Connection, step: str, city: str) -> None:
    """Make the tables of an empty database as they were at a step, to be filled from a backup of then."""
    now = step_of(connection)
    if now is None:
        _run(connection, step)
        connection.execute(insert(about).values(key="city", value=city))
    elif now != step:
        raise StoreUnavailable(
            f"The database is at step {now}, the backup at {step}.", "Restore into a database that is not there yet."
        )


def finish(connection: Connection, city: str) -> None:
    """Carry out all steps that are missing, in a transaction that is alone."""
    step = step_of(connection)
    _run(connection, "head")
    if step is None:
        connection.execute(insert(about).values(key="city", value=city))
    _check_city(connection, city)


def step_of(connection: Connection) -> str | None:
    """Return the newest step that was done, or None in an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    step: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return step


def _run(connection: Connection, target: str) -> None:
    """Carry out the steps up to one. Raises StoreUnavailable when the database or the target is of a newer program."""
    script, now = _script(), step_of(connection)
    known = {step.revision for step in script.walk_revisions()}
    for step in (now, target):
        if step not in (None, "head", *known):
            raise StoreUnavailable(
                f"The database is of a newer program (step {step}, this one knows {script.get_current_head()}).",
                "Install the newer cityatlas; this one changes nothing in it.",
                reason="newer",
            )
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)
    if step_of(connection) != now:
        log.info("the database went from step %s to %s", now, step_of(connection))


def _script() -> ScriptDirectory:
    return ScriptDirectory(str(FOLDER))


def _check_city(connection: Connection, city: str) -> None:
    owner = connection.execute(select(about.c.value).where(about.c.key == "city")).scalar()
    if owner != city:
        raise StoreUnavailable(
            f'The database is of the city "{owner}", not of "{city}".',
            "Name another in CITYATLAS_DATABASE_URL.",
            reason="other_city",
        )
