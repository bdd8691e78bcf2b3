"""Hold what a visitor asks of a tour, and write it as an address; `read.py` reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

from ...city.ride_estimates import RideMode
from ...limits import TOUR_LEAST_MIN

Pace = Literal["slow", "normal", "brisk"]
Fullness = Literal["relaxed", "normal", "full"]
Variant = Literal["", "less", "more", "theme"]
Boat = Literal["no", "yes", "only"]
# Not "from": chat apps put a "from" of their own behind every link that is shared in them.
KEYS = (
    *("date", "start", "end", "minutes", "start_at", "end_at", "theme", "must", "not", "pace", "fullness", "party"),
    *("step_free", "lunch", "unknown_hours", "boat", "modes", "ride_from", "audience"),
    *("keep", "order", "stay", "begin_at", "programme", "walk_max", "route", "variant"),
)
DEFAULT_S, QUARTER_S = 4 * 3600, 900
OPENS_S, LATE_S = 9 * 3600, 15 * 3600  # a tour begins at 9 unless asked; after 15:00 one plans for tomorrow
FIRM = 2  # the weight of a kept stop that comes before the others


@dataclass(frozen=True)
class TourRequest:
    """Hold a visitor's wish. Times are seconds since midnight of `day`, in the city's zone.

    `start_at` and `end_at` are a feature's id, "lon,lat", or empty for anywhere. Themes weigh 1 to 3; without
    any, all count the same. What is not allowed, as unknown hours, is not planned. `keeps` are the stops of a day
    that was changed by hand, in its order: they stay if they can (`problem.py`), those of weight 2 first. Of
    `order` those visits that are taken come in that order. `stays` are minutes instead of the editors', `begins`
    the second at which a visit begins since it was agreed, `programmes` what a group chose of a place's menu; a
    place of the last two is a must, and so stands in `must`. `boat` allows boats beside walking, or ("only") asks for
    them: a boat is then part of the day, and no walk is long. `modes` are what may be ridden by estimate where that is
    quicker than walking, on walks of more than `ride_from_m` metres. `is_visitor` leaves out what is
    mainly for officials and residents, but for musts and places of a theme that was chosen. `variant` asks for that
    alternative to the plan.
    """

    day: date
    start_s: int
    end_s: int
    start_at: str = ""
    end_at: str = ""
    themes: tuple[tuple[str, int], ...] = ()
    must: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    pace: Pace = "normal"
    fullness: Fullness = "normal"
    party: int = 1
    is_step_free: bool = False
    has_lunch: bool = False
    allows_unknown_hours: bool = False
    boat: Boat = "no"
    modes: tuple[RideMode, ...] = ()
    ride_from_m: int | None = None
    is_visitor: bool = False
    keeps: tuple[tuple[str, int], ...] = ()
    order: tuple[str, ...] = ()
    stays: tuple[tuple[str, int], ...] = ()
    begins: tuple[tuple[str, int], ...] = ()
    programmes: tuple[tuple[str, str], ...] = ()
    most_walk_m: int | None = None
    route: str = ""
    variant: Variant = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "must", tuple(dict.fromkeys((*self.must, *self._implied))))

    @property
    def allows_boat(self) -> bool:
        """Return whether boats may be taken."""
        return self.boat != "no"

    @property
    def _implied(self) -> tuple[str, ...]:
        """Return the places that are musts because something was agreed or chosen there."""
        return tuple(feature_id for feature_id, _ in (*self.begins, *self.programmes))

    def to_query(self) -> str:
        """Return the query of an address that asks for the same; what is as usual is left out."""
        pairs = [
            ("date", self.day.isoformat()),
            ("start", clock(self.start_s)),
            ("end", clock(self.end_s)),
            ("start_at", self.start_at),
            ("end_at", self.end_at),
            ("theme", _weighed(self.themes)),
            ("must", ",".join(must for must in self.must if must not in self._implied)),
            ("not", ",".join(self.avoid)),
            ("pace", "" if self.pace == "normal" else self.pace),
            ("fullness", "" if self.fullness == "normal" else self.fullness),
            ("party", "" if self.party == 1 else str(self.party)),
            ("step_free", "yes" * self.is_step_free),
            ("lunch", "yes" * self.has_lunch),
            ("unknown_hours", "yes" * self.allows_unknown_hours),
            ("boat", "" if self.boat == "no" else self.boat),
            ("modes", ",".join(("walk", *self.modes)) if self.modes else ""),
            ("ride_from", "" if self.ride_from_m is None else str(self.ride_from_m)),
            ("audience", "visitors" * self.is_visitor),
            ("keep", _weighed(self.keeps)),
            ("order", ",".join(self.order)),
            ("stay", ",".join(f"{feature_id}:{minutes}" for feature_id, minutes in self.stays)),
            ("begin_at", ",".join(f"{feature_id}:{clock(begin_s)}" for feature_id, begin_s in self.begins)),
            ("programme", ",".join(f"{feature_id}:{chosen}" for feature_id, chosen in self.programmes)),
            ("walk_max", "" if self.most_walk_m is None else str(self.most_walk_m)),
            ("route", self.route),
            ("variant", self.variant),
        ]
        return urlencode([(key, value) for key, value in pairs if value], safe=",:")

    def canonical(self) -> TourRequest:
        """Return the wish that all have who ask for the same, in whatever order they said it."""
        return replace(
            self,
            themes=tuple(sorted(self.themes)),
            must=tuple(sorted(self.must)),
            avoid=tuple(sorted(self.avoid)),
            stays=tuple(sorted(self.stays)),
            begins=tuple(sorted(self.begins)),
            programmes=tuple(sorted(self.programmes)),
        )

    def without(self, feature_id: str) -> TourRequest:
        """Return the same wish without one place, and without what was agreed there."""
        avoid = tuple(dict.fromkeys((*self.avoid, feature_id)))
        return replace(self.without_must(feature_id), avoid=avoid)

    def without_must(self, feature_id: str) -> TourRequest:
        """Return the wish in which a place is no must; it may still come where it fits."""
        return replace(
            self,
            route="" if feature_id == self.route else self.route,  # a route by boat is a must of its own
            must=tuple(must for must in self.must if must != feature_id),
            begins=tuple(pair for pair in self.begins if pair[0] != feature_id),
            programmes=tuple(pair for pair in self.programmes if pair[0] != feature_id),
        )

    def with_must(self, feature_id: str) -> TourRequest:
        """Return the same wish with one place that has to be seen."""
        avoid = tuple(a for a in self.avoid if a != feature_id)
        return replace(self, must=tuple(dict.fromkeys((*self.must, feature_id))), avoid=avoid)


def _weighed(pairs: tuple[tuple[str, int], ...]) -> str:
    return ",".join(name if weight == 1 else f"{name}:{weight}" for name, weight in pairs)


def clock(seconds: int) -> str:
    """Return seconds since midnight as HH:MM; the end of the day is 24:00."""
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def rest_of_today(wish: TourRequest, now: datetime) -> TourRequest | None:
    """Return what is left of a wish for today that has begun, from the next quarter of an hour on; None otherwise."""
    now_s = now.hour * 3600 + now.minute * 60
    start_s = -(-now_s // QUARTER_S) * QUARTER_S
    has_begun = wish.day == now.date() and wish.start_s <= now_s - QUARTER_S
    return replace(wish, start_s=start_s) if has_begun and wish.end_s - start_s >= TOUR_LEAST_MIN * 60 else None


def default_request(now: datetime) -> TourRequest:
    """Return the wish of somebody who said nothing: four hours from nine, today or, late in the day, tomorrow."""
    now_s = now.hour * 3600 + now.minute * 60
    if now_s > LATE_S:
        return TourRequest(now.date() + timedelta(days=1), OPENS_S, OPENS_S + DEFAULT_S)
    start_s = max(OPENS_S, -(-now_s // QUARTER_S) * QUARTER_S)
    return TourRequest(now.date(), start_s, start_s + DEFAULT_S)
