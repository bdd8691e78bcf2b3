"""Read holidays.json: the days off and the make-up workdays of each year, as the government published them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from ...errors import BrokenGeodata
from ...geo.geojson import Unreadable, show
from ...limits import HOLIDAY_DAYS, HOLIDAYS_BYTES
from ...schema.faults import Fault, fault, under
from ..value_checks import check_source

FILE = "holidays.json"
MAX_YEARS = 50
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
    except Unreadable as error:
        raise BrokenGeodata([replace(error.fault, file=FILE)]) from None
    except (OSError, ValueError, RecursionError) as error:
        cause = (isinstance(error, OSError) and error.strerror) or str(error)  # its text would say where the folder is
        raise BrokenGeodata([replace(fault("unreadable", cause=cause), file=FILE)]) from None
    if faults := [replace(one, file=FILE) for one in _faults(years)]:
        raise BrokenGeodata(faults)
    return Holidays(
        off=frozenset(date.fromisoformat(day) for year in years for day in year["off"]),
        workdays=frozenset(date.fromisoformat(day) for year in years for day in year["workdays"]),
        years=frozenset(year["year"] for year in years),
    )


def _years(path: Path) -> list[Any]:  # Any: what JSON holds is not known yet
    if path.is_symlink():  # as for layers: a link may lead out of the folder
        raise Unreadable(fault("holidays_link"))
    if path.stat().st_size > HOLIDAYS_BYTES:
        raise Unreadable(fault("holidays_large", most=HOLIDAYS_BYTES))
    table = json.loads(path.read_text("utf-8"))
    years = table.get("years") if isinstance(table, dict) else None
    if not isinstance(years, list) or len(years) > MAX_YEARS:
        raise Unreadable(fault("no_years"))
    return years


def _faults(years: list[Any]) -> Iterator[Fault]:  # Any: see above
    seen: set[int] = set()
    for number, year in enumerate(years, 1):
        if not isinstance(year, dict) or set(year) != KEYS or type(year["year"]) is not int:
            yield replace(fault("not_year"), item=str(number))
            continue
        if year["year"] in seen:
            yield fault("year_twice").of("year", str(year["year"]))
        seen.add(year["year"])
        yield from (one.of("year", str(year["year"])) for one in _year_faults(year))


def _year_faults(year: dict[str, Any]) -> Iterator[Fault]:  # Any: see above
    yield from under("source", check_source(year["source"]))
    found = [one.under(key) for key in ("off", "workdays") for one in _day_faults(year[key], year["year"])]
    yield from found or _sense_faults(year)


def _day_faults(days: Any, year: int) -> Iterator[Fault]:  # Any: see above
    if not isinstance(days, list) or len(days) > HOLIDAY_DAYS:
        yield fault("many_days", most=HOLIDAY_DAYS)
        return
    for number, day in enumerate(days):
        try:
            is_of_year = isinstance(day, str) and len(day) == 10 and date.fromisoformat(day).year == year
        except ValueError:
            is_of_year = False
        if not is_of_year:
            yield fault("not_day", f"[{number}]", given=show(day), year=year)


def _sense_faults(year: dict[str, Any]) -> Iterator[Fault]:  # Any: see above
    """Yield what contradicts itself: a day twice, both off and worked, or a make-up day that is a weekday anyway."""
    for key in ("off", "workdays"):
        if len(set(year[key])) < len(year[key]):
            yield fault("day_twice", key)
    for day in sorted(set(year["off"]) & set(year["workdays"])):
        yield fault("day_both", day=day)
    for day in year["workdays"]:
        if date.fromisoformat(day).weekday() < 5:
            yield fault("day_weekday", "workdays", day=day)
