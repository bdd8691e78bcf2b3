"""Read figures.json: numbers that a source states about a feature or a programme."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import BrokenGeodata
from ..geo.geojson import Unreadable, parse_json, show
from ..i18n import Text
from .spec import SLUG
from .value_checks import check_source, check_text

MAX_VALUE = 1e15
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
    source: dict[str, str | None]


def read_figures(path: Path, max_bytes: int) -> tuple[Figure, ...]:
    """Return the figures of a file in its order; a city without the file has none. Whose they are is not asked.

    Raises BrokenGeodata with every fault.
    """
    if not path.exists() and not path.is_symlink():
        return ()
    try:
        document = parse_json(path, max_bytes)
    except Unreadable as error:
        raise BrokenGeodata([f"{path.name}: {error}"]) from None
    rows = document.get("figures") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise BrokenGeodata([f'{path.name}: has no list "figures"'])
    faults: list[str] = []
    figures: dict[str, Figure] = {}
    for number, row in enumerate(rows, 1):
        found = list(_faults(row, figures))
        faults += [f"{path.name}: figure number {number}: {fault}" for fault in found]
        if not found:
            figures[row["id"]] = _figure(row)
    if faults:
        raise BrokenGeodata(faults)
    return tuple(figures.values())


def _faults(row: Any, seen: Collection[str]) -> Iterator[str]:
    if not isinstance(row, dict):
        yield "is not an object"
        return
    missing = [key for key in KEYS if row.get(key) in (None, "", {})]
    yield from (f"{key} is missing" for key in missing)
    if missing:
        return
    for key in ("id", "group"):
        if not isinstance(row[key], str) or not SLUG.fullmatch(row[key]):
            yield f"{key} {show(row[key])} is not a slug (a-z, 0-9 and -)"
        elif key == "id" and row["id"] in seen:
            yield f'id "{row["id"]}" is used twice; each figure needs its own'
    for key in ("value", "value_max"):
        if row.get(key) is not None and (type(row[key]) not in (int, float) or not abs(row[key]) < MAX_VALUE):
            yield f"{key} {show(row[key])} is not a number below {MAX_VALUE:.0e}"
    if row["bound"] not in BOUNDS:
        yield f"bound {show(row['bound'])} is not one of {', '.join(BOUNDS)}"
    for key in ("label", "unit", "sentence"):
        yield from (f"{key} {fault}" for fault in check_text(row[key]))
    period = row["period"].get("text") if isinstance(row["period"], dict) else row["period"]
    yield from (f"period {fault}" for fault in check_text(period))
    yield from (f"source {fault}" for fault in check_source(row["source"]))
    if not isinstance(row.get("feature"), str | None):
        yield f"feature {show(row['feature'])} is in no layer"
    if not isinstance(row.get("programme"), str | None):
        yield f"programme {show(row['programme'])} is not the id of a programme"


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
        source=row["source"],
    )
