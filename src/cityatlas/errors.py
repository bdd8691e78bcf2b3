"""Name what can go wrong, and give each error its HTTP status in one table.

CityatlasError
├── BrokenGeodata      files of the city have faults; holds them all
├── InvalidValue       a value from outside cannot be used
│   ├── InvalidHours   opening hours that are not OSM syntax
│   ├── InvalidView    a view, filter or language of a map address
│   └── InvalidTour    a wish to the tour planner
├── NotFound           nothing has this name
│   ├── UnknownSite
│   └── UnknownLayer
└── Retired            a feature that was withdrawn
"""

from __future__ import annotations


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


class BrokenGeodata(CityatlasError):
    """The geodata folder has faults; `faults` lists every one as a printable sentence."""

    code = "broken_geodata"

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"{len(faults)} faults in geodata", "Run `cityatlas check` after mending each.")
        self.faults = [_printable(fault) for fault in faults]


def _printable(text: str) -> str:
    """Return a text with whatever could break a line, a terminal or an encoding written as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


class InvalidValue(CityatlasError):
    """A value from outside cannot be used."""

    code = "invalid_value"


class InvalidHours(InvalidValue):
    """Opening hours are not OSM syntax."""

    code = "invalid_hours"


class InvalidView(InvalidValue):
    """A view, filter or language in an address cannot be read."""

    code = "invalid_view"


class InvalidTour(InvalidValue):
    """A wish to the tour planner cannot be read or granted; `values["reason"]` is the key of its sentence."""

    code = "invalid_tour"


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


STATUS: dict[type[CityatlasError], int] = {
    InvalidValue: 422,
    NotFound: 404,
    Retired: 410,
    BrokenGeodata: 503,
}


def status_of(error: CityatlasError) -> int:
    """Return the HTTP status of an error: that of its nearest class in `STATUS`, else 500."""
    return next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 500)
