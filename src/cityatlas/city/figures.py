"""Read figures.json: numbers that a source states about a feature or a programme."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..errors import BrokenGeodata
from ..geo.geojson import Unreadable, parse_json, show
from ..i18n import Text
from ..limits import FIGURE_VALUE
from ..schema.faults import Fault, fault, under
from ..schema.items import Source
from .spec import SLUG
from .value_checks import check_source, check_text

BOUNDS = ("exact", "about", "more_than")
KEYS = ("id", "group", "label", "value", "unit", "bound", "period", "sentence", "source")


@dataclass(frozen=True, slots=True)
class Figure:
    """Hold one number with its unit, period, sentence and source; `value_max` makes it a range."""

    id: str
    group: str
    label: Text
    value: float
    value_max: float | None
    unit: Text
    bound: str
    period: Text
    sentence: Text
    feature: str
    programme: str
    source: Source


def read_figures(path: Path, max_bytes: int) -> tuple[Figure, ...]:
    """Return the figures of a file in its order; a city without the file has none. Whose they are is not asked.

    Raises BrokenGeodata with every fault.
    """
    if not path.exists() and not path.is_symlink():
        return ()
    try:
        document = parse_json(path, max_bytes)
    except Unreadable as error:
        raise BrokenGeodata([replace(error.fault, file=path.name)]) from None
    rows = document.get("figures") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise BrokenGeodata([replace(fault("no_figures"), file=path.name)])
    faults: list[Fault] = []
    figures: dict[str, Figure] = {}
    for number, row in enumerate(rows, 1):
        found = list(_faults(row, figures))
        faults += [replace(one, file=path.name).of("figure_number", str(number)) for one in found]
        if not found:
            figures[row["id"]] = _figure(row)
    if faults:
        raise BrokenGeodata(faults)
    return tuple(figures.values())


def _faults(row: object, seen: Collection[str]) -> Iterator[Fault]:
    if not isinstance(row, dict):
        yield fault("not_object")
        return
    missing = [key for key in KEYS if row.get(key) in (None, "", {})]
    yield from (fault("missing", key) for key in missing)
    if missing:
        return
    for key in ("id", "group"):
        if not isinstance(row[key], str) or not SLUG.fullmatch(row[key]):
            yield fault("not_slug", key, given=show(row[key]))
        elif key == "id" and row["id"] in seen:
            yield fault("figure_twice", "id", given=row["id"])
    for key in ("value", "value_max"):
        if row.get(key) is not None and (type(row[key]) not in (int, float) or not abs(row[key]) < FIGURE_VALUE):
            yield fault("not_number", key, given=show(row[key]), most=f"{FIGURE_VALUE:.0e}")
    if row["bound"] not in BOUNDS:
        yield fault("not_choice", "bound", given=show(row["bound"]), known=", ".join(BOUNDS))
    for key in ("label", "unit", "sentence"):
        yield from under(key, check_text(row[key]))
    period = row["period"].get("text") if isinstance(row["period"], dict) else row["period"]
    yield from under("period", check_text(period))
    yield from under("source", check_source(row["source"]))
    if not isinstance(row.get("feature"), str | None):
        yield fault("feature_nowhere", "feature", given=show(row["feature"]))
    if not isinstance(row.get("programme"), str | None):
        yield fault("not_programme", "programme", given=show(row["programme"]))


def _figure(row: dict[str, Any]) -> Figure:
    return Figure(
        id=row["id"],
        group=row["group"],
        label=row["label"],
        value=row["value"],
        value_max=row.get("value_max"),
        unit=row["unit"],
        bound=row["bound"],
        period=row["period"]["text"],
        sentence=row["sentence"],
        feature=row.get("feature") or "",
        programme=row.get("programme") or "",
        source=Source.of(row["source"]),
    )
