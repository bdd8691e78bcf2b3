"""Read how city.toml estimates ways by bicycle, bus and taxi: how fast, how far about, how long one waits.

The minutes of such a way are the straight line between two places times `detour`, at `km_h`, and `wait_min` before one
sets off. They are nobody's timetable: `source` says on what they rest, and whatever tells them says that they are an
estimate. A bus goes between the stops of a line of which a source is known, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from ..i18n import Text
from ..schema.faults import Fault, fault

RideMode = Literal["bicycle", "bus", "taxi"]
RIDE_MODES: tuple[RideMode, ...] = get_args(RideMode)  # of equal ways the first is taken
RANGES = {"km_h": (5, 80), "detour": (1, 3), "wait_min": (0, 60), "seats": (0, 100)}


@dataclass(frozen=True)
class RideEstimate:
    """Hold the estimate of one mode; of `seats` in one vehicle 0 means that nobody needs to know."""

    km_h: float
    detour: float
    wait_min: float
    source: Text
    seats: int = 0


@dataclass(frozen=True)
class BusLine:
    """Hold a line of buses that runs both ways between its stops, ids of features in order."""

    id: str
    title: Text
    stops: tuple[str, ...]
    source: Text


def ride_faults(rides: Mapping[str, RideEstimate], lines: tuple[BusLine, ...]) -> Iterator[Fault]:
    """Yield what is wrong with estimates and lines of buses but for their stops, which the layers hold."""
    for mode, estimate in rides.items():
        if mode not in RIDE_MODES:
            yield fault("not_option", "rides", given=mode, known=", ".join(RIDE_MODES)).of("ride", mode)
        for key, (least, most) in RANGES.items():
            if not _is_number(value := getattr(estimate, key), least, most):
                yield fault("number_range", key, given=repr(value), least=least, most=most).of("ride", mode)
        yield from (found.of("ride", mode) for found in _untold("source", estimate.source))
    for line in lines:
        for key, text in (("title", line.title), ("source", line.source)):
            yield from (found.of("bus_line", line.id) for found in _untold(key, text))


def _is_number(value: Any, least: float, most: float) -> bool:  # Any: what TOML holds is not known yet
    return type(value) in (int, float) and least <= value <= most


def _untold(key: str, text: Any) -> Iterator[Fault]:  # Any: see above
    if not isinstance(text, dict) or not all(isinstance(text.get(tag), str) and text[tag] for tag in ("zh", "en")):
        yield fault("not_both", key, given=repr(text))
