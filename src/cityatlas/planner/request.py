"""Read what a visitor asks of a tour, from an address or from JSON, and write it as an address again."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args
from urllib.parse import urlencode

from ..catalogue import Catalogue
from .places import is_boat_trip
from .reading import (
    DAY_S,
    SHOWN,
    read_choice,
    read_clock_s,
    read_day,
    read_flag,
    read_id,
    read_ids,
    read_number,
    read_pairs,
    read_place,
    read_texts,
    refuse,
)

Pace = Literal["slow", "normal", "brisk"]
Fullness = Literal["relaxed", "normal", "full"]
Variant = Literal["", "less", "more", "theme"]
Boat = Literal["no", "yes", "only"]
# Not "from": chat apps put a "from" of their own behind every link that is shared in them.
KEYS = (
    *("date", "start", "end", "minutes", "start_at", "end_at", "theme", "must", "not", "pace", "fullness", "party"),
    *("step_free", "lunch", "unknown_hours", "boat"),
    *("order", "stay", "begin_at", "programme", "walk_max", "route", "variant"),
)
LEAST_S, MOST_S = 20 * 60, 16 * 3600  # of a tour
DEFAULT_S = 4 * 3600
OPENS_S, LATE_S = 9 * 3600, 15 * 3600  # a tour begins at 9 unless asked; after 15:00 one plans for tomorrow
MOST_MUST, MOST_NOT, MOST_PARTY, MOST_WEIGHT = 12, 60, 500, 3
LEAST_STAY_MIN, MOST_STAY_MIN = 5, 480
LEAST_WALK_M, MOST_WALK_M = 100, 40_000


@dataclass(frozen=True)
class TourRequest:
    """Hold a visitor's wish. Times are seconds since midnight of `day`, in the city's zone.

    `start_at` and `end_at` are a feature's id, "lon,lat", or empty for anywhere. Themes weigh 1 to 3; without
    any, all count the same. What is not allowed, as unknown hours, is not planned. Of `order` those visits that
    are taken come in that order. `stays` are minutes instead of the editors', `begins` the second at which a visit
    begins since it was agreed, `programmes` what a group chose of a place's menu; a place of the last two is a
    must, and so stands in `must`. `boat` allows boats beside walking, or ("only") asks for them: a boat is then part of
    the day, and no walk is long. `variant` asks for that alternative to the plan of the rest.
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
            ("theme", ",".join(theme if weight == 1 else f"{theme}:{weight}" for theme, weight in self.themes)),
            ("must", ",".join(must for must in self.must if must not in self._implied)),
            ("not", ",".join(self.avoid)),
            ("pace", "" if self.pace == "normal" else self.pace),
            ("fullness", "" if self.fullness == "normal" else self.fullness),
            ("party", "" if self.party == 1 else str(self.party)),
            ("step_free", "yes" * self.is_step_free),
            ("lunch", "yes" * self.has_lunch),
            ("unknown_hours", "yes" * self.allows_unknown_hours),
            ("boat", "" if self.boat == "no" else self.boat),
            ("order", ",".join(self.order)),
            ("stay", ",".join(f"{feature_id}:{minutes}" for feature_id, minutes in self.stays)),
            ("begin_at", ",".join(f"{feature_id}:{clock(begin_s)}" for feature_id, begin_s in self.begins)),
            ("programme", ",".join(f"{feature_id}:{chosen}" for feature_id, chosen in self.programmes)),
            ("walk_max", "" if self.most_walk_m is None else str(self.most_walk_m)),
            ("route", self.route),
            ("variant", self.variant),
        ]
        return urlencode([(key, value) for key, value in pairs if value], safe=",:")

    def without(self, feature_id: str) -> TourRequest:
        """Return the same wish without one place, and without what was agreed there."""
        avoid = tuple(dict.fromkeys((*self.avoid, feature_id)))
        return replace(self.without_must(feature_id), avoid=avoid)

    def without_must(self, feature_id: str) -> TourRequest:
        """Return the wish in which a place is no must; it may still come where it fits."""
        return replace(
            self,
            must=tuple(must for must in self.must if must != feature_id),
            begins=tuple(pair for pair in self.begins if pair[0] != feature_id),
            programmes=tuple(pair for pair in self.programmes if pair[0] != feature_id),
        )

    def with_must(self, feature_id: str) -> TourRequest:
        """Return the same wish with one place that has to be seen."""
        avoid = tuple(a for a in self.avoid if a != feature_id)
        return replace(self, must=tuple(dict.fromkeys((*self.must, feature_id))), avoid=avoid)


def clock(seconds: int) -> str:
    """Return seconds since midnight as HH:MM; the end of the day is 24:00."""
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"


def default_request(now: datetime) -> TourRequest:
    """Return the wish of somebody who said nothing: four hours from nine, today or, late in the day, tomorrow."""
    now_s = now.hour * 3600 + now.minute * 60
    if now_s > LATE_S:
        return TourRequest(now.date() + timedelta(days=1), OPENS_S, OPENS_S + DEFAULT_S)
    start_s = max(OPENS_S, -(-now_s // 900) * 900)
    return TourRequest(now.date(), start_s, start_s + DEFAULT_S)


def read_request(args: Mapping[str, Any], catalogue: Catalogue, now: datetime) -> TourRequest:
    """Return the wish of a query (a key may be repeated) or of a JSON object; see `KEYS`.

    `now` is the city's time. Raises InvalidTour for the first value that cannot be used.
    """
    given = {key: read_texts(args, key) for key in KEYS}
    usual = default_request(now)
    day = read_day(_one(given, "date"), now.date()) or usual.day
    # On another day than today there is no reason to begin late.
    start_s = read_clock_s(_one(given, "start"), "start")
    start_s = start_s if start_s is not None else (usual.start_s if day == usual.day else OPENS_S)
    end_s = _end_s(given, start_s)
    now_s = now.hour * 3600 + now.minute * 60
    if day == now.date() and end_s <= now_s:
        refuse("past", f"The tour ends at {clock(end_s)}, which is past.", "Choose a later time or day.")
    request = TourRequest(
        day=day,
        start_s=start_s,
        end_s=end_s,
        start_at=read_place(_one(given, "start_at"), "start_at", catalogue),
        end_at=read_place(_one(given, "end_at"), "end_at", catalogue),
        themes=_themes(given["theme"], catalogue),
        must=read_ids(given["must"], "must", MOST_MUST, catalogue),
        avoid=read_ids(given["not"], "not", MOST_NOT, catalogue),
        pace=read_choice(_one(given, "pace"), "pace", get_args(Pace), "normal"),
        fullness=read_choice(_one(given, "fullness"), "fullness", get_args(Fullness), "normal"),
        party=read_number(_one(given, "party"), "party", 1, MOST_PARTY) or 1,
        is_step_free=read_flag(_one(given, "step_free"), "step_free"),
        has_lunch=read_flag(_one(given, "lunch"), "lunch"),
        allows_unknown_hours=read_flag(_one(given, "unknown_hours"), "unknown_hours"),
        boat=_boat(_one(given, "boat")),
        order=read_ids(given["order"], "order", MOST_NOT, catalogue),
        stays=read_pairs(given["stay"], "stay", MOST_NOT, catalogue, _stay_min),
        begins=read_pairs(given["begin_at"], "begin_at", MOST_MUST, catalogue, _begin_s),
        programmes=_programmes(given["programme"], catalogue),
        most_walk_m=read_number(_one(given, "walk_max"), "walk_max", LEAST_WALK_M, MOST_WALK_M),
        route=_route(_one(given, "route"), catalogue),
        variant=read_choice(_one(given, "variant"), "variant", get_args(Variant)[1:], ""),
    )
    if request.route and is_boat_trip(catalogue.features[request.route]) and request.route not in request.avoid:
        request = request.with_must(request.route)  # a line by boat without the boat is not that line any more
    if len(request.must) > MOST_MUST:
        refuse(
            "too_many",
            f"{len(request.must)} places are musts, the most is {MOST_MUST}.",
            "Name fewer.",
            value=str(MOST_MUST),
        )
    if both := set(request.must) & set(request.avoid):
        name = min(both)
        refuse("contradiction", f'"{name}" is both in must and in not.', "Take it out of one.", value=name)
    return request


def read_json(document: Any, catalogue: Catalogue, now: datetime) -> TourRequest:  # Any: what JSON holds
    """Return the wish of a JSON object; a key that is not known is refused, since it would do nothing."""
    if not isinstance(document, dict):
        refuse("no_object", "The body is not a JSON object.", 'Example: {"date": "2026-12-05", "start": "13:30"}')
    names = {"from": "start_at", "to": "end_at"}  # what one would write without chat apps
    document = {names.get(key, key): value for key, value in document.items()}
    for key in document:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, 1)
            hint = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(KEYS)}."
            refuse("unknown_key", f'"{key[:SHOWN]}" is not known.', hint, value=key[:SHOWN])
    return read_request(document, catalogue, now)


def _one(given: Mapping[str, Sequence[str]], key: str) -> str:
    return given[key][-1] if given[key] else ""


def _end_s(given: Mapping[str, Sequence[str]], start_s: int) -> int:
    """Return when the tour ends: said, or as many minutes after its start, or four hours."""
    end_s = read_clock_s(_one(given, "end"), "end")
    if end_s is None:
        minutes = read_number(_one(given, "minutes"), "minutes", LEAST_S // 60, MOST_S // 60)
        end_s = start_s + minutes * 60 if minutes else min(DAY_S, start_s + DEFAULT_S)
    if end_s <= start_s:
        refuse("end_first", f"The end {clock(end_s)} is before the start {clock(start_s)}.", "Swap the two.")
    if end_s > DAY_S:
        refuse("midnight", "The tour would go past midnight.", "Plan one day at a time.")
    if not LEAST_S <= end_s - start_s <= MOST_S:
        refuse("length", "A tour takes from 20 minutes to 16 hours.", "Change start or end.")
    return end_s


def _boat(text: str) -> Boat:
    if text.lower() == "only":
        return "only"
    return "yes" if read_flag(text, "boat") else "no"


def _themes(texts: Sequence[str], catalogue: Catalogue) -> tuple[tuple[str, int], ...]:
    themes = {}
    for text in texts:
        theme, _, weight = text.partition(":")
        if theme not in catalogue.city.themes:
            known = ", ".join(catalogue.city.themes)
            refuse("theme", f'theme="{theme[:SHOWN]}" is not known.', f"There are: {known}.", value=theme[:SHOWN])
        themes[theme] = read_number(weight, "theme", 1, MOST_WEIGHT) or 1
    return tuple(themes.items())


def _stay_min(feature_id: str, text: str) -> int:
    return read_number(text, f"stay={feature_id}", LEAST_STAY_MIN, MOST_STAY_MIN) or LEAST_STAY_MIN


def _begin_s(feature_id: str, text: str) -> int:
    return read_clock_s(text, f"begin_at={feature_id}") or 0


def _programmes(texts: Sequence[str], catalogue: Catalogue) -> tuple[tuple[str, str], ...]:
    def read(feature_id: str, text: str) -> str:
        known = [programme["id"] for programme in catalogue.features[feature_id].get("programmes") or ()]
        if text not in known:
            hint = f"There are: {', '.join(known)}." if known else "This place has no programmes."
            message = f'programme: "{feature_id}" has no programme "{text[:SHOWN]}".'
            refuse("programme", message, hint, value=text[:SHOWN])
        return text

    return read_pairs(texts, "programme", MOST_MUST, catalogue, read)


def _route(text: str, catalogue: Catalogue) -> str:
    route = read_id(text, "route", catalogue) if text else ""
    if route and catalogue.city.kinds[catalogue.features[route].kind].role != "route":
        known = ", ".join(feature.id for feature in catalogue.of_role("route"))
        refuse("route", f'route: "{route}" is not a tour route.', f"There are: {known}.", value=route)
    return route
