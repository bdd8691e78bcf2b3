"""Change a wish in one point, in a way that can be made again on top of another change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar, Literal

from ...city.ride_estimates import RIDE_MODES, RideMode
from ..request.request import Fullness, Pace, TourRequest, clock


@dataclass(frozen=True)
class LetGo:
    """Let go of a term: unknown hours allowed, by boat too, also on foot, no lunch, any order, any route."""

    kind: Literal["allow", "boat", "foot", "lunch", "order", "route"]
    value: ClassVar[str] = ""

    def apply(self, request: TourRequest) -> TourRequest:
        """Return the wish without the term."""
        match self.kind:
            case "allow":
                return replace(request, allows_unknown_hours=True)
            case "boat" | "foot":
                return replace(request, boat="yes")
            case "lunch":
                return replace(request, has_lunch=False)
            case "order":
                return replace(request, order=())
            case "route":
                return replace(request, route="")


@dataclass(frozen=True)
class MoreTime:
    """Start earlier or end later."""

    kind: Literal["earlier", "later"]
    minutes: int

    @property
    def value(self) -> str:
        """Return the minutes, as the API writes them."""
        return str(self.minutes)

    def apply(self, request: TourRequest) -> TourRequest:
        """Return the wish with more time; it may begin before midnight."""
        if self.kind == "earlier":
            return replace(request, start_s=request.start_s - 60 * self.minutes)
        return replace(request, end_s=request.end_s + 60 * self.minutes)


@dataclass(frozen=True)
class OtherPace:
    """Walk at another pace."""

    value: Pace
    kind: ClassVar = "pace"

    def apply(self, request: TourRequest) -> TourRequest:
        """Return the wish at that pace."""
        return replace(request, pace=self.value)


@dataclass(frozen=True)
class OtherFullness:
    """Fill the day more."""

    value: Fullness
    kind: ClassVar = "fullness"

    def apply(self, request: TourRequest) -> TourRequest:
        """Return the wish for a day as full as that."""
        return replace(request, fullness=self.value)


@dataclass(frozen=True)
class OtherBegin:
    """Agree on another time for an appointment, in seconds since midnight."""

    place: str
    begin_s: int
    kind: ClassVar = "begin"

    @property
    def value(self) -> str:
        """Return "id,HH:MM", as the API writes it."""
        return f"{self.place},{clock(self.begin_s)}"

    def apply(self, request: TourRequest) -> TourRequest:
        """Return the wish with that appointment."""
        begins = ((i, self.begin_s if i == self.place else begin_s) for i, begin_s in request.begins)
        return replace(request, begins=tuple(begins))


@dataclass(frozen=True)
class AnyBegin:
    """Agree on no time for an appointment."""

    place: str
    kind: ClassVar = "anytime"

    @property
    def value(self) -> str:
        """Return its id."""
        return self.place

    def apply(self, request: TourRequest) -> TourRequest:
        """Return the wish without the appointment."""
        return replace(request, begins=tuple(pair for pair in request.begins if pair[0] != self.place))


@dataclass(frozen=True)
class OtherStay:
    """Stay for another number of minutes."""

    place: str
    minutes: int
    kind: ClassVar = "stay"

    @property
    def value(self) -> str:
        """Return "id,minutes", as the API writes it."""
        return f"{self.place},{self.minutes}"

    def apply(self, request: TourRequest) -> TourRequest:
        """Return the wish with that stay."""
        stays = ((i, self.minutes if i == self.place else stay_min) for i, stay_min in request.stays)
        return replace(request, stays=tuple(stays))


@dataclass(frozen=True)
class MoreWalking:
    """Allow more walking; None for no limit."""

    most_walk_m: int | None
    kind: ClassVar = "walk"

    @property
    def value(self) -> str:
        """Return the metres, empty for no limit, as the API writes them."""
        return "" if self.most_walk_m is None else str(self.most_walk_m)

    def apply(self, request: TourRequest) -> TourRequest:
        """Return the wish with that limit."""
        return replace(request, most_walk_m=self.most_walk_m)


@dataclass(frozen=True)
class MoreModes:
    """Ride as well where that is quicker, by one more mode."""

    value: RideMode
    kind: ClassVar = "ride"

    def apply(self, request: TourRequest) -> TourRequest:
        """Return the wish that allows the mode too, wherever it is quicker."""
        modes = tuple(mode for mode in RIDE_MODES if mode in (*request.modes, self.value))
        return replace(request, modes=modes, ride_from_m=request.ride_from_m if request.modes else None)


@dataclass(frozen=True)
class FewerMusts:
    """Do without some musts."""

    places: tuple[str, ...]
    kind: ClassVar = "without"

    @property
    def value(self) -> str:
        """Return their ids with commas, as the API writes them."""
        return ",".join(self.places)

    def apply(self, request: TourRequest) -> TourRequest:
        """Return the wish without them as musts."""
        for place in self.places:
            request = request.without_must(place)
        return request


@dataclass(frozen=True)
class OtherDay:
    """Go on another day."""

    day: date
    kind: ClassVar = "day"

    @property
    def value(self) -> str:
        """Return its ISO date."""
        return self.day.isoformat()

    def apply(self, request: TourRequest) -> TourRequest:
        """Return the wish for that day."""
        return replace(request, day=self.day)


@dataclass(frozen=True)
class OtherHours:
    """Start and end at other times, in seconds since midnight."""

    start_s: int
    end_s: int
    kind: ClassVar = "hours"

    @property
    def value(self) -> str:
        """Return "HH:MM,HH:MM", as the API writes it."""
        return f"{clock(self.start_s)},{clock(self.end_s)}"

    def apply(self, request: TourRequest) -> TourRequest:
        """Return the wish for those hours."""
        return replace(request, start_s=self.start_s, end_s=self.end_s)


Step = (
    LetGo
    | MoreTime
    | OtherPace
    | OtherFullness
    | OtherBegin
    | AnyBegin
    | OtherStay
    | MoreWalking
    | MoreModes
    | FewerMusts
    | OtherDay
    | OtherHours
)
Steps = tuple[Step, ...]


@dataclass(frozen=True)
class Change:
    """Hold what was tried and works, in one step or several, and the changed wish."""

    steps: Steps
    request: TourRequest

    @property
    def kind(self) -> str:
        """Return the kind of its only step, or "both", as the API writes it."""
        return self.steps[0].kind if len(self.steps) == 1 else "both"

    @property
    def value(self) -> str:
        """Return the value of its only step, as the API writes it; empty for several."""
        return self.steps[0].value if len(self.steps) == 1 else ""


def changed(request: TourRequest, steps: Iterable[Step]) -> TourRequest:
    """Return the wish after some steps; it may ask for what cannot be, as a start before midnight."""
    for step in steps:
        request = step.apply(request)
    return request
