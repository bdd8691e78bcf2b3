"""Estimate ways by bicycle, bus and taxi between the places of a day: minutes, metres, and where a bus is boarded.

What is estimated, and on what it rests, stands in city.toml (`city/ride_estimates.py`). Both ends of a ride are the
places themselves, so that where their positions are schematic the straight line between them is an estimate as well.
Nobody is driven to what no road leads to, and who wants no steps rides no bicycle. Who goes by bus walks to a stop of
a line and from another one of it, at most `REACH_M` each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, permutations
from typing import NamedTuple

import numpy as np

from ...city.ride_estimates import RIDE_MODES, BusLine, RideEstimate, RideMode
from ...city.spec import City
from ...routing.graph import Floats
from ..request.request import TourRequest
from ..solver.model import UNREACHABLE_S, Mode, Seconds

REACH_M = 600  # from a place to a stop of a bus
LONG_WALK_M, LONG_FOR_SOME_M = 1_500, 1_000  # from here on a ride is offered; the second with children, without steps


class Hop(NamedTuple):
    """One way by bus: its line, the halts where one boards and alights, and the seconds on foot before and after."""

    line: BusLine
    board: str
    alight: str
    walks_s: tuple[int, int] = (0, 0)


@dataclass(frozen=True, eq=False)
class EstimatedMode:
    """Hold one mode between the rows of a problem: seconds, those on foot, and the metres that one rides.

    `hops` are the rides by bus by (origin, goal).
    """

    name: RideMode
    table: Mode
    rides_m: Floats
    hops: Mapping[tuple[int, int], Hop]

    def where(self, is_allowed: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> EstimatedMode:
        """Return the mode for some legs alone."""
        takes_s = np.where(is_allowed, self.table.travel_s, UNREACHABLE_S)
        return replace(self, table=Mode(takes_s, self.table.walk_s))


def modes_of(city: City) -> tuple[RideMode, ...]:
    """Return the modes that a city offers: those it has an estimate of, and the bus where a line is known."""
    return tuple(mode for mode in RIDE_MODES if mode in city.rides and (mode != "bus" or city.bus_lines))


def modes_for(city: City, request: TourRequest) -> tuple[RideMode, ...]:
    """Return the modes that a city offers and that go with a wish, whether it allows them or not."""
    return tuple(mode for mode in modes_of(city) if mode != "bicycle" or not request.is_step_free)


def long_walk_m(city: City, request: TourRequest) -> int:
    """Return from how many metres on a walk counts as long."""
    has_children = not {theme for theme, _ in request.themes}.isdisjoint(city.children)
    return LONG_FOR_SOME_M if has_children or request.is_step_free else LONG_WALK_M


def by_road(name: RideMode, estimate: RideEstimate, straight_m: Floats, are_by_road: Sequence[bool]) -> EstimatedMode:
    """Return a mode that goes from door to door; `straight_m` are inf from and to anywhere."""
    rides_m = straight_m * estimate.detour
    takes_s = np.where(np.logical_and.outer(are_by_road, are_by_road), _takes_s(estimate, rides_m), UNREACHABLE_S)
    np.fill_diagonal(takes_s, UNREACHABLE_S)
    return EstimatedMode(name, Mode(takes_s, np.zeros_like(takes_s)), rides_m, {})


def by_bus(
    estimate: RideEstimate,
    lines: Sequence[BusLine],
    halts: Sequence[str],
    halts_m: Floats,
    walks_s: tuple[Seconds, Seconds],
) -> EstimatedMode:
    """Return what buses offer; `halts_m` are straight metres between halts, `walks_s` (n, k) to them and (k, n) on.

    Walks that are too long take `UNREACHABLE_S`. Of two rides that take as long the first one found counts.
    """
    to_s, from_s = walks_s
    takes_s = np.full((len(to_s), len(to_s)), UNREACHABLE_S, dtype=np.int64)
    walk_s, rides_m = np.zeros_like(takes_s), np.zeros(takes_s.shape)
    hops: dict[tuple[int, int], Hop] = {}
    number = {halt: place for place, halt in enumerate(halts)}
    for hop, ridden_m in _hops(lines, number, halts_m * estimate.detour):
        before_s, after_s = to_s[:, number[hop.board]], from_s[number[hop.alight]]
        on_foot_s = before_s[:, None] + after_s[None, :]
        whole_s = on_foot_s + int(_takes_s(estimate, np.array(ridden_m)))
        is_better = whole_s < takes_s
        np.fill_diagonal(is_better, False)
        takes_s, walk_s = np.where(is_better, whole_s, takes_s), np.where(is_better, on_foot_s, walk_s)
        rides_m = np.where(is_better, ridden_m, rides_m)
        for origin, goal in np.argwhere(is_better).tolist():
            hops[origin, goal] = hop._replace(walks_s=(int(before_s[origin]), int(after_s[goal])))
    return EstimatedMode("bus", Mode(takes_s, walk_s), rides_m, hops)


def halts_of(city: City) -> tuple[str, ...]:
    """Return the ids of all stops of buses, each once."""
    return tuple(dict.fromkeys(stop for line in city.bus_lines for stop in line.stops))


def _hops(lines: Sequence[BusLine], number: Mapping[str, int], halts_m: Floats) -> Iterator[tuple[Hop, float]]:
    """Yield the rides of all lines, both ways, with the metres from stop to stop."""
    for line in lines:
        along_m = np.cumsum([0.0, *(halts_m[number[a], number[b]] for a, b in pairwise(line.stops))]).tolist()
        for (board, from_m), (alight, to_m) in permutations(zip(line.stops, along_m, strict=True), 2):
            yield Hop(line, board, alight), abs(to_m - from_m)


def _takes_s(estimate: RideEstimate, rides_m: Floats) -> Seconds:
    """Return seconds for metres that are ridden, with the wait before, in whole minutes as a clock shows them."""
    minutes = np.ceil(estimate.wait_min + rides_m * 0.06 / estimate.km_h)
    takes_s: Seconds = np.where(np.isfinite(minutes), 60 * minutes, UNREACHABLE_S).astype(np.int64)
    return takes_s
