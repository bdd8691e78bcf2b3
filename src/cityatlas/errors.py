"""Name what can go wrong, and give each error its HTTP status in one table.

CityatlasError
├── BrokenGeodata      files of the city have faults; holds them all
├── InvalidValue       a value from outside cannot be used
│   ├── InvalidHours   opening hours that are not OSM syntax
│   ├── InvalidView    a view, filter or language of a map address
│   ├── InvalidQuery   a parameter below /ogc that is unknown or wrong
│   ├── InvalidTour    a wish to the tour planner
│   ├── InvalidFile    a file that somebody hands in
│   ├── InvalidAccount a login name, role or password that cannot be used
│   └── Unpublishable  a change that visitors may not be shown
├── FileTooLarge       a file that somebody hands in is larger than allowed
├── NotFound           nothing has this name
│   ├── UnknownSite
│   ├── UnknownLayer
│   ├── UnknownRevision
│   └── UnknownAccount
├── Retired            a feature that was withdrawn
├── SnapshotGone       a cursor goes on in a snapshot that is no more
├── PinGone            a pinned address stands for a state of the map that can no longer be told
├── NotAllowed         somebody's role does not reach so far, or a form was not ours
├── TooManyPlans       one address asked for more new tours, pictures or booklets than its share
├── TooManyAttempts    somebody tried a password, or sent reports, more often than they may
├── ServerBusy         as many wait for costly work as may
├── StaleRevision      somebody else was faster
│   └── EditConflict   both changed the same field; holds each
└── StoreUnavailable   the database is missing, broken, full or of another program

Who refuses something raises one of these, and says nothing of HTTP: the status is that of `STATUS`. What came from a
form of ours goes back on the page that it came from, with its fault and all that was typed: the blueprint of that form
has an error handler for it. All else is answered by `web/http/errors.py`: a page for people, JSON for programs.

Three things are no errors: what is wrong with single fields of a form, of which the others are saved
(`schema/faults.py`), what is said while somebody types (hours, the line of a route), and whether a password is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .schema.faults import Fault


class CityatlasError(Exception):
    """Base of all errors that a person can do something about.

    `message` says what was wrong with which value, `hint` what to do; both are English.
    Pages translate by `code`, with `values` filled in.
    """

    code = "error"

    def __init__(self, message: str, hint: str = "", **values: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.values = values

    @property
    def reason(self) -> str:
        """Return the end of the key of its sentence on a page: why, where there are several reasons, else what."""
        return self.values.get("reason", self.code)


class BrokenGeodata(CityatlasError):
    """The geodata folder has faults; `faults` lists every one."""

    code = "broken_geodata"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__(f"{len(self.faults)} faults in geodata", "Run `cityatlas check` after mending each.")


class InvalidValue(CityatlasError):
    """A value from outside cannot be used."""

    code = "invalid_value"


class InvalidHours(InvalidValue):
    """Opening hours are not OSM syntax; `fault` says why."""

    code = "invalid_hours"

    def __init__(self, fault: Fault, **values: str) -> None:
        super().__init__(fault.sentence("en"), **values)
        self.fault = fault


class InvalidView(InvalidValue):
    """A view, filter or language in an address cannot be read."""

    code = "invalid_view"


class InvalidQuery(InvalidValue):
    """A parameter below /ogc is unknown or wrong; its standard wants another status than our other addresses give."""

    code = "invalid_query"


class InvalidTour(InvalidValue):
    """A wish to the tour planner cannot be read or granted; `values["reason"]` is the key of its sentence."""

    code = "invalid_tour"


class InvalidFile(InvalidValue):
    """A file that somebody hands in cannot be used; `values["reason"]` is the key of its sentence."""

    code = "invalid_file"


class InvalidAccount(InvalidValue):
    """A login name, role or password cannot be used; `values["reason"]` is the key of its sentence."""

    code = "invalid_account"


class Unpublishable(InvalidValue):
    """A change that visitors may not be shown: it lacks what the guard asks for, or breaks what other features need."""

    code = "unpublishable"


class FileTooLarge(CityatlasError):
    """A file that somebody hands in is larger than allowed; `values["reason"]` is the key of its sentence."""

    code = "file_too_large"


class NotFound(CityatlasError):
    """Nothing has this name."""

    code = "not_found"


class UnknownSite(NotFound):
    """There is no feature with this id."""

    code = "unknown_site"


class UnknownLayer(NotFound):
    """There is no layer with this id."""

    code = "unknown_layer"


class Retired(CityatlasError):
    """A feature was withdrawn; `values["successor"]` is the id that stands for it now, or empty."""

    code = "retired"


class SnapshotGone(CityatlasError):
    """A cursor goes on in a snapshot that is no more; `values["again"]` is the address to begin at anew."""

    code = "snapshot_gone"


class PinGone(CityatlasError):
    """A pinned address stands for a state that cannot be told; `values["again"]` is the address of the latest one."""

    code = "pin_gone"


class UnknownRevision(NotFound):
    """There is no revision, branch or draft with this number or name."""

    code = "unknown_revision"


class UnknownAccount(NotFound):
    """There is no account with this login name."""

    code = "unknown_account"


class NotAllowed(CityatlasError):
    """Somebody may not do this; `values["reason"]` is the key of its sentence."""

    code = "not_allowed"


class TooManyPlans(CityatlasError):
    """An address asked for more costly work than its share; `values["wait_s"]` is when to come again."""

    code = "too_many_plans"


class TooManyAttempts(CityatlasError):
    """Somebody tried something more often than they may; `values["reason"]` is the key of its sentence."""

    code = "too_many_attempts"


class ServerBusy(CityatlasError):
    """As many wait for costly work as may; `values["wait_s"]` is when to come again."""

    code = "server_busy"


class StaleRevision(CityatlasError):
    """What a person acts on has moved since they saw it; `number` is the revision that stands now, 0 for geodata."""

    code = "stale_revision"

    def __init__(self, message: str, hint: str = "", *, number: int) -> None:
        super().__init__(message, hint, number=str(number))
        self.number = number


class EditConflict(StaleRevision):
    """Two people changed the same fields; `clashes` has base, mine and theirs of each (merge.Clash)."""

    code = "edit_conflict"

    def __init__(self, clashes: Sequence[Any], *, number: int) -> None:  # Any: merge.Clash stands above this module
        paths = ", ".join(clash.path for clash in clashes)
        super().__init__(f"Somebody else changed {paths} too.", "Choose a value for each.", number=number)
        self.clashes = tuple(clashes)


class StoreUnavailable(CityatlasError):
    """The store cannot be read or written; nothing was saved. Its message may be shown to operators only."""

    code = "store_unavailable"


STATUS: dict[type[CityatlasError], int] = {
    InvalidValue: 422,
    InvalidQuery: 400,
    FileTooLarge: 413,
    NotAllowed: 403,
    NotFound: 404,
    Retired: 410,
    SnapshotGone: 410,
    PinGone: 410,
    StaleRevision: 409,
    TooManyPlans: 429,
    TooManyAttempts: 429,
    ServerBusy: 503,
    BrokenGeodata: 503,
    StoreUnavailable: 503,
}


def status_of(error: CityatlasError) -> int:
    """Return the HTTP status of an error: that of its nearest class in `STATUS`, else 500."""
    return next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 500)
