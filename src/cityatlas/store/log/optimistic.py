"""Merge before the write lock is taken, and write under it when what was merged with still stands.

A merge takes as long as what somebody hands in is large, and the lock stops everybody's writes: nobody else may wait
for it. What moved between the merge and the lock is found by numbers of revisions, and then all is done anew.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from sqlalchemy import Connection

from ...errors import StoreUnavailable
from ..engine import Store

TRIES = 50  # each failure is somebody else's success on the same feature, within some milliseconds
Ground = TypeVar("Ground")
Joined = TypeVar("Joined")
Done = TypeVar("Done")


class Moved(Exception):
    """What was merged with does not stand any more; nothing of the transaction may stay."""


def merge_then_write(
    store: Store,
    read: Callable[[Connection], Ground],
    join: Callable[[Ground], Joined],
    write: Callable[[Connection, Joined], Done],
) -> Done:
    """Read one moment, join it with what is handed in while no transaction is open, and write alone.

    `write` raises Moved, before or after its statements, when what `read` saw does not stand. Raises StoreUnavailable
    when that happens again and again.
    """
    for _ in range(TRIES):
        with store.reading() as connection:
            ground = read(connection)
        joined = join(ground)
        with suppress(Moved), store.writing() as connection:
            return write(connection, joined)
    raise StoreUnavailable("Others change this all the time.", "Nothing was saved; try again.")
