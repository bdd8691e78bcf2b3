"""Read figures.json: numbers that a source states about a feature or a programme."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import BrokenGeodata
from .geojson import Unreadable, parse_json
from .i18n import Text

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


def read_figures(path: Path, feature_ids: Collection[str], max_bytes: int) -> tuple[Figure, ...]:
    """Return the figures of a file in its order; a city without the file has none.

    Raises BrokenGeodata with every fault.
    """
    if not path.exists():
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
        found = list(_faults(row, feature_ids, figures))
        faults += [f"{path.name}: figure number {number}: {fault}" for fault in found]
        if not found:
            figures[row["id"]] = _figure(row)
    if faults:
        raise BrokenGeodata(faults)
    return tuple(figures.values())


def _faults(row: Any, feature_ids: Collection[str], seen: Collection[str]) -> list[str]:
    if not isinstance(row, dict):
        return ["is not an object"]
    missing = [f"{key} is missing" for key in KEYS if row.get(key) in (None, "", {})]
    if missing:
        return missing
    faults = []
    if type(row["value"]) not in (int, float):
        faults.append(f'value "{row["value"]}" is not a number')
    if row["bound"] not in BOUNDS:
        faults.append(f'bound "{row["bound"]}" is not one of {", ".join(BOUNDS)}')
    if row.get("feature") and row["feature"] not in feature_ids:
        faults.append(f'feature "{row["feature"]}" is in no layer')
    if row["id"] in seen:
        faults.append(f'id "{row["id"]}" is used twice')
    return faults


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
