"""Hold the ways of a day: on foot, by boat, and by estimate by bicycle, bus and taxi."""

from __future__ import annotations

from dataclasses import dataclass

from ...city.layers import Feature
from ...city.ride_estimates import RIDE_MODES, BusLine, RideMode
from ...routing.graph import Coords
from .departures import Ride

LONG_M = 3_000  # three quarters of an hour on foot


@dataclass(frozen=True)
class RideOffer:
    """Hold by which mode a walk would be shorter, in how many seconds, and how many metres one would ride."""

    mode: RideMode
    takes_s: int
    rides_m: int


@dataclass(frozen=True, eq=False)
class BusRide:
    """Hold a ride by bus, which has no timetable that we know: its line, and where one boards and alights."""

    line: BusLine
    board: Feature
    alight: Feature


@dataclass(frozen=True, eq=False)
class Leg:
    """Hold the way to a stop: metres on foot along the paths, times at the pace that was asked, its course in lon-lat.

    `works` are the construction sites of the day that it still meets, `avoided` those that it goes round, `detour_m`
    farther than the shortest way. One of mode "boat" has `parts`, the walks at both ends and the `ride` itself, whose
    metres are those on the water; between them one waits at the landing. So has one by bicycle, bus or taxi, of which
    all is an estimate: the line is straight, and the wait before one sets off is in its time. `offer` is what would
    spare a long walk.
    """

    begin_s: int
    end_s: int
    length_m: int
    coords: Coords
    are_steps_unknown: bool
    works: tuple[Feature, ...] = ()
    mode: str = "walk"
    avoided: tuple[Feature, ...] = ()
    detour_m: int = 0
    ride: Ride | None = None
    parts: tuple[Leg, ...] = ()
    bus: BusRide | None = None
    offer: RideOffer | None = None

    @property
    def is_estimate(self) -> bool:
        """Return whether one rides by estimate, with no way and no timetable that anybody has looked at."""
        return self.mode in RIDE_MODES

    @property
    def spans(self) -> tuple[Leg, ...]:
        """Return the parts, or the walk itself."""
        return self.parts or (self,)

    @property
    def is_long(self) -> bool:
        """Return whether most people would rather ride, and no ride can be offered, so that we can only say so."""
        return self.offer is None and any(part.length_m > LONG_M for part in self.spans if part.mode == "walk")
