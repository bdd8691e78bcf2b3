"""Read what is published as an overlay of the city's folder, and notice when it has changed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from ..errors import StoreUnavailable
from ..schema.faults import Fault, fault
from ..store import UNPUBLISHED, PublicState, Published, Store, moment_now, newest_public, published, read_anew, renewed
from ..store.log.erase import newest_erasure
from ..versioning.content import Json

T = TypeVar("T")


@dataclass(frozen=True)
class Overlay:
    """Hold what lies over geodata/: features by id with their layer, and the ids that are hidden.

    `digest` names its content, empty for none. `last` holds what hidden features said last. `is_lost` says
    that there may be more, which could not be read. `number` and `moment` tell up to where the store was read.
    `damaged` are ids and numbers of revisions that could not be. `state` names what is published, `newest_at` is since
    when the newest of it is shown, and `is_whole` says that nothing had to be left out or mended.
    """

    digest: str = ""
    rows: Mapping[str, tuple[str, Json]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    last: Mapping[str, tuple[str, Json]] = field(default_factory=dict)
    is_lost: bool = False
    number: int = 0
    moment: str = ""
    damaged: tuple[tuple[str, int], ...] = ()
    state: PublicState = UNPUBLISHED
    newest_at: str = ""
    is_whole: bool = True

    def laid_over(self, layer: str, rows: Iterable[Any]) -> list[Any]:  # Any: rows of a file are not checked yet
        """Return a layer's rows with what is published: geodata's order first, then new ones as they appeared."""
        own = {key: row for key, (of, row) in self.rows.items() if of == layer}
        return self.lay(own, rows, lambda row: row.get("id") if isinstance(row, dict) else None)

    def lay(self, own: Mapping[str, T], rows: Iterable[T], id_of: Callable[[T], object]) -> list[T]:
        """Return rows of a layer with its `own` published ones laid over them, in whatever form rows are held."""
        rest, laid = dict(own), []
        for row in rows:
            key = id_of(row)
            if not isinstance(key, str) or (key not in self.rows and key not in self.hidden):
                laid.append(row)
            elif key in rest:
                laid.append(rest.pop(key))
        return laid + list(rest.values())

    def retired(self, retired: Mapping[str, str], shown: Collection[str] = ()) -> dict[str, str]:
        """Return withdrawn ids and their successors, given those of the folder and the features that are shown.

        Hidden features are withdrawn too. One that was to succeed and is hidden itself leads on to its own successor.
        """
        named = {key: self.successor(key) for key in sorted(self.hidden) if key not in retired}
        known = {**retired, **{key: new if new in shown or new in self.hidden else "" for key, new in named.items()}}
        return {old: self._led_on(known, new) for old, new in known.items()}

    def successor(self, feature_id: str) -> str:
        """Return which feature staff named for one that is hidden, or nothing."""
        _, row = self.last.get(feature_id, ("", {}))
        return str((row.get("properties") or {}).get("successor") or "")

    def _led_on(self, known: Mapping[str, str], successor: str) -> str:
        """Return the first that is not hidden of those that followed each other, or nothing."""
        passed = set()
        while successor in self.hidden and successor not in passed:
            passed.add(successor)
            successor = known.get(successor, "")
        return "" if successor in self.hidden else successor


NOTHING = Overlay()
LOST = Overlay(digest="lost", is_lost=True)


log = logging.getLogger(__name__)
READ_ANEW_S = 5.0  # a kept connection does not see that its file was overwritten
RESTORE = "Put it back, or fill an empty one with cityatlas restore FILE: empty, it takes what it held off the map."
UNREAD = fault("store_unread")


class PublicSide:
    """Watch a store for visitors. It reads only what is published, and a store that fails is only a fault to tell."""

    def __init__(self, store: Store, var: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._var, self._clock = store, var, clock
        self._read_anew_at_s = clock() + READ_ANEW_S
        self._seen: Published | None = None
        self._file: tuple[int, int] | None = None
        self.fault: Fault | None = None
        self._erasure: int | None = None

    @property
    def state(self) -> str:
        """Return "ok", "none" while nothing was ever written, or "lost"."""
        if self.fault:
            return "lost"
        return "ok" if self._store.exists() else "none"

    @property
    def is_gone(self) -> bool:
        """Return whether there is no database where there was one."""
        return not self._store.exists() and (self._seen is not None or self._was_there())

    def read(self) -> Overlay | None:
        """Return what is published now, or None when the store cannot be read; one that was never there is empty."""
        try:
            if self.is_gone:  # an empty one in its place would take what it held off the map
                raise StoreUnavailable(f"The database {self._store.path} is gone.")
            if not self._store.exists():
                self._settle(None)
                return NOTHING
            self._store.prepare()
            self._settle(self._read())
        except StoreUnavailable as error:
            self._tell(error.message)
            return None
        except Exception:  # the last handler: whatever a damaged database makes of its rows, the folder's map is shown
            log.exception("the database holds what cannot be read")
            self._tell("The database holds what cannot be read.")
            return None
        return overlay_of(self._seen) if self._seen else NOTHING

    def _read(self) -> Published:
        """Return what is published: only what is new of it, unless the store may be another than before."""
        if self._seen is None or self.fault or self._identity() != self._file:
            return published(self._store)
        if newest_public(self._store) < self._seen.number or self._is_set_back(self._seen):
            return published(self._store)
        return renewed(self._store, self._seen)

    def has_changed(self) -> bool:
        """Return whether what visitors see may be another than at the last `read`: one look into an index.

        Every few seconds a row is read too, on a new connection.
        """
        try:
            if self._is_other_file() or not self._seen:
                return self._seen is not None or self._store.exists()
            self._read_anew()
            is_due = self._seen.due is not None and moment_now(self._store) >= self._seen.due
            has_changed = is_due or self._is_set_back(self._seen) or newest_public(self._store) != self._seen.number
        except StoreUnavailable as error:
            self._tell(error.message)
            return False
        if self.fault:  # it is back
            return True
        return has_changed

    def has_erased(self) -> bool:
        """Return whether something was erased since this was asked last; what was read before is then forgotten."""
        try:
            newest = newest_erasure(self._store) if self._store.exists() else 0
        except StoreUnavailable:  # `has_changed` tells of it
            return False
        known, self._erasure = self._erasure, newest
        if known in (None, newest):
            return False
        self._seen = None
        return True

    def _is_set_back(self, seen: Published) -> bool:
        """Return whether the clock was put back since: what had begun or ended by a wrong one has not."""
        return moment_now(self._store) < seen.moment

    def close(self) -> None:
        """Give connections back."""
        self._store.close()

    def _read_anew(self) -> None:
        """Read a row of the database as it lies there now, if that is due. Raises StoreUnavailable."""
        now_s = self._clock()
        if now_s < self._read_anew_at_s:
            return
        self._read_anew_at_s = now_s + READ_ANEW_S
        try:
            read_anew(self._store)
        except StoreUnavailable:
            self._store.close()  # else what kept connections know of it would pass for the database
            raise

    def _was_there(self) -> bool:
        """Return whether staff have left traces beside where the file should be, and no other city's file."""
        traces = (self._var / "secret", *(self._var / "media").glob("*"))
        return any(trace.exists() for trace in traces) and not any(self._var.glob("*.sqlite"))

    def _settle(self, seen: Published | None) -> None:
        self._seen, self.fault, self._file = seen, None, self._identity()

    def _tell(self, message: str) -> None:
        if not self.fault:
            is_known = self._seen is not None or self.is_gone
            log.error("%s The public map goes on without it.%s", message, f" {RESTORE}" if is_known else "")
        self.fault = UNREAD

    def _identity(self) -> tuple[int, int] | None:
        """Return what tells a file from another in its place; None without one."""
        path = self._store.path
        try:
            stat = path.stat() if path else None
        except OSError:  # it is not there, or its folder cannot be looked into
            return None
        return (stat.st_dev, stat.st_ino) if stat else None

    def _is_other_file(self) -> bool:
        """Return whether the file was taken away or another laid in its place; then the old one is let go."""
        if self._identity() == self._file:
            return False
        self._store.close()
        self._store.is_prepared = False
        return True


def overlay_of(seen: Published) -> Overlay:
    """Return what is published as data to lay over a folder; a store that says nothing leaves no trace.

    A revision that was damaged is left out and named.
    """
    said, damaged = {}, []
    for revision in seen.revisions:
        try:
            said[revision.feature_id] = (revision.layer, revision.row)
        except StoreUnavailable:
            damaged.append((revision.feature_id, revision.number))
    hidden = frozenset(r.feature_id for r in seen.revisions if r.state == "archived") | set(seen.hidden) & set(said)
    rows = {key: row for key, row in said.items() if key not in hidden}
    last = {key: row for key, row in said.items() if key in hidden}
    told = Overlay(
        digest=seen.digest,
        rows=rows,
        hidden=hidden,
        last=last,
        is_lost=bool(damaged),
        number=seen.number,
        moment=seen.moment,
        damaged=tuple(damaged),
        state=seen.state,
        newest_at=seen.newest_at,
        is_whole=not damaged,
    )
    return told if seen.revisions else NOTHING
