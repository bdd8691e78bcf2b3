"""Read holidays.json: the days off and the make-up workdays of each year, as the government published them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from ..errors import BrokenGeodata
from ..geo.geojson import show
from .value_checks import check_source

FILE = "holidays.json"
MAX_BYTES = 200_000
MAX_YEARS, MAX_DAYS = 50, 100  # days of one list of one year
KEYS = {"year", "off", "workdays", "source"}
DayKind = Literal["off", "workday", "usual", "unknown"]


@dataclass(frozen=True)
class Holidays:
    """Hold the days off, the weekend days that are worked instead, and the years whose calendar is known."""

    off: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def kind_of(self, day: date) -> DayKind:
        """Return what a day is; in a year whose calendar is not known every day is unknown."""
        if day.year not in self.years:
            return "unknown"
        return "off" if day in self.off else "workday" if day in self.workdays else "usual"


NO_HOLIDAYS = Holidays()


def read_holidays(folder: Path) -> Holidays:
    """Return the holidays of a geodata folder; without the file no year is known.

    Raises BrokenGeodata with every fault of the file.
    """
    path = folder / FILE
    if not path.exists() and not path.is_symlink():
        return NO_HOLIDAYS
    try:
        years = _years(path)
    except (OSError, ValueError, RecursionError) as error:
        raise BrokenGeodata([f"{FILE}: cannot be read: {error}"]) from None
    faults = [f"{FILE}: {fault}" for fault in _faults(years)]
    if faults:
        raise BrokenGeodata(faults)
    return Holidays(
        off=frozenset(date.fromisoformat(day) for year in years for day in year["off"]),
        workdays=frozenset(date.fromisoformat(day) for year in years for day in year["workdays"]),
        years=frozenset(year["year"] for year in years),
    )


def _years(path: Path) -> list[Any]:  # Any: what JSON holds is not known yet
    if path.is_symlink():  # as for layers: a link may lead out of the folder
        raise ValueError("it is a symbolic link; put the file itself into the folder")
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"it is larger than {MAX_BYTES} bytes")
    table = json.loads(path.read_text("utf-8"))
    years = table.get("years") if isinstance(table, dict) else None
    if not isinstance(years, list) or len(years) > MAX_YEARS:
        raise ValueError('it is not {"years": [{"year", "off", "workdays", "source"}]}')
    return years


def _faults(years: list[Any]) -> Iterator[str]:  # Any: see above
    seen: set[int] = set()
    for number, year in enumerate(years, 1):
        if not isinstance(year, dict) or set(year) != KEYS or type(year["year"]) is not int:
            yield f"entry number {number} is not {{year, off, workdays, source}} with a whole number as year"
            continue
        named = f"year {year['year']}"
        if year["year"] in seen:
            yield f"{named} is there twice; join the two"
        seen.add(year["year"])
        yield from (f"{named}: source {fault}" for fault in check_source(year["source"]))
        found = {key: list(_day_faults(year[key], year["year"])) for key in ("off", "workdays")}
        yield from (f"{named}: {key} {fault}" for key, faults in found.items() for fault in faults)
        if not any(found.values()):
            yield from _sense_faults(named, year)


def _day_faults(days: Any, year: int) -> Iterator[str]:  # Any: see above
    if not isinstance(days, list) or len(days) > MAX_DAYS:
        yield f"is not a list of at most {MAX_DAYS} days"
        return
    for day in days:
        try:
            is_of_year = isinstance(day, str) and len(day) == 10 and date.fromisoformat(day).year == year
        except ValueError:
            is_of_year = False
        if not is_of_year:
            yield f"{show(day)} is not a day of that year (example: {year}-10-01)"


def _sense_faults(named: str, year: dict[str, Any]) -> Iterator[str]:  # Any: see above
    """Yield what contradicts itself: a day twice, both off and worked, or a make-up day that is a weekday anyway."""
    for key in ("off", "workdays"):
        if len(set(year[key])) < len(year[key]):
            yield f"{named}: {key} names a day twice"
    for day in sorted(set(year["off"]) & set(year["workdays"])):
        yield f"{named}: {day} is both off and worked"
    for day in year["workdays"]:
        if date.fromisoformat(day).weekday() < 5:
            yield f"{named}: workdays {day} is from Monday to Friday; only a worked Saturday or Sunday stands here"
