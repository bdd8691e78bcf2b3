"""Read what a visitor asks of a tour, from an address or from JSON, and write it as an address again."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, NoReturn, get_args
from urllib.parse import urlencode

from ..catalogue import Catalogue
from ..errors import InvalidTour, NotFound, Retired

Pace = Literal["slow", "normal", "brisk"]
Fullness = Literal["relaxed", "normal", "full"]
# Not "from": chat apps put a "from" of their own behind every link that is shared in them.
KEYS = (
    *("date", "start", "end", "minutes", "start_at", "end_at", "theme", "must", "not", "pace", "fullness", "party"),
    *("step_free", "lunch", "unknown_hours", "boat"),
)
DAY_S = 24 * 3600
LEAST_S, MOST_S = 20 * 60, 16 * 3600  # of a tour
DEFAULT_S = 4 * 3600
OPENS_S, LATE_S = 9 * 3600, 15 * 3600  # a tour begins at 9 unless asked; after 15:00 one plans for tomorrow
AHEAD_DAYS = 400  # beyond it neither hours nor holidays are known
MOST_MUST, MOST_NOT, MOST_PARTY, MOST_WEIGHT = 12, 60, 500, 3
YES, NO = ("yes", "1", "true", "on"), ("no", "0", "false", "off", "")


@dataclass(frozen=True)
class TourRequest:
    """Hold a visitor's wish. Times are seconds since midnight of `day`, in the city's zone.

    `start_at` and `end_at` are a feature's id, "lon,lat", or empty for anywhere. Themes weigh 1 to 3; without
    any, all count the same. What is not allowed, as unknown hours, is not planned.
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
    allows_boat: bool = False

    def to_query(self) -> str:
        """Return the query of an address that asks for the same; what is as usual is left out."""
        pairs = [
            ("date", self.day.isoformat()),
            ("start", clock(self.start_s)),
            ("end", clock(self.end_s)),
            ("start_at", self.start_at),
            ("end_at", self.end_at),
            ("theme", ",".join(theme if weight == 1 else f"{theme}:{weight}" for theme, weight in self.themes)),
            ("must", ",".join(self.must)),
            ("not", ",".join(self.avoid)),
            ("pace", "" if self.pace == "normal" else self.pace),
            ("fullness", "" if self.fullness == "normal" else self.fullness),
            ("party", "" if self.party == 1 else str(self.party)),
            ("step_free", "yes" * self.is_step_free),
            ("lunch", "yes" * self.has_lunch),
            ("unknown_hours", "yes" * self.allows_unknown_hours),
            ("boat", "yes" * self.allows_boat),
        ]
        return urlencode([(key, value) for key, value in pairs if value], safe=",:")

    def without(self, feature_id: str) -> TourRequest:
        """Return the same wish without one place."""
        avoid = tuple(dict.fromkeys((*self.avoid, feature_id)))
        return replace(self, must=tuple(m for m in self.must if m != feature_id), avoid=avoid)

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
    given = {key: _texts(args, key) for key in KEYS}
    usual = default_request(now)
    day = _day(_one(given, "date"), now.date()) or usual.day
    # On another day than today there is no reason to begin late.
    start_s = _clock_s(_one(given, "start"), "start")
    start_s = start_s if start_s is not None else (usual.start_s if day == usual.day else OPENS_S)
    end_s = _end_s(given, start_s)
    now_s = now.hour * 3600 + now.minute * 60
    if day == now.date() and end_s <= now_s:
        _refuse("past", f"The tour ends at {clock(end_s)}, which is past.", "Choose a later time or day.")
    request = TourRequest(
        day=day,
        start_s=start_s,
        end_s=end_s,
        start_at=_place(_one(given, "start_at"), "start_at", catalogue),
        end_at=_place(_one(given, "end_at"), "end_at", catalogue),
        themes=_themes(given["theme"], catalogue),
        must=_ids(given["must"], "must", MOST_MUST, catalogue),
        avoid=_ids(given["not"], "not", MOST_NOT, catalogue),
        pace=_choice(_one(given, "pace"), "pace", get_args(Pace)),
        fullness=_choice(_one(given, "fullness"), "fullness", get_args(Fullness)),
        party=_number(_one(given, "party"), "party", 1, MOST_PARTY) or 1,
        is_step_free=_flag(_one(given, "step_free"), "step_free"),
        has_lunch=_flag(_one(given, "lunch"), "lunch"),
        allows_unknown_hours=_flag(_one(given, "unknown_hours"), "unknown_hours"),
        allows_boat=_flag(_one(given, "boat"), "boat"),
    )
    if both := set(request.must) & set(request.avoid):
        name = min(both)
        _refuse("contradiction", f'"{name}" is both in must and in not.', "Take it out of one.", value=name)
    return request


def read_json(document: Any, catalogue: Catalogue, now: datetime) -> TourRequest:  # Any: what JSON holds
    """Return the wish of a JSON object; a key that is not known is refused, since it would do nothing."""
    if not isinstance(document, dict):
        _refuse("no_object", "The body is not a JSON object.", 'Example: {"date": "2026-12-05", "start": "13:30"}')
    names = {"from": "start_at", "to": "end_at"}  # what one would write without chat apps
    document = {names.get(key, key): value for key, value in document.items()}
    for key in document:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, 1)
            hint = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(KEYS)}."
            _refuse("unknown_key", f'"{key[:40]}" is not known.', hint, value=key[:40])
    return read_request(document, catalogue, now)


def _refuse(reason: str, message: str, hint: str, **values: str) -> NoReturn:
    raise InvalidTour(message, hint, reason=reason, **values)


def _texts(args: Mapping[str, Any], key: str) -> list[str]:
    """Return the values of a key: repeated, in a list, or separated by commas."""
    repeated = getattr(args, "getlist", None)  # a request's values can hold a key more than once
    values = repeated(key) if repeated else args.get(key)
    values = values if isinstance(values, list) else [] if values is None else [values]
    texts = [str(v).lower() if isinstance(v, bool) else str(v) for v in values]
    if key in ("start_at", "end_at"):
        return [text.strip() for text in texts if text.strip()][:1]
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]


def _one(given: Mapping[str, Sequence[str]], key: str) -> str:
    return given[key][-1] if given[key] else ""


def _day(text: str, today: date) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        _refuse("date", f'date="{text[:40]}" is not a day.', "Example: 2026-12-05", value=text[:40])
    if day < today:
        _refuse("past", f"The day {day} is past.", f"Choose {today} or later.", value=text[:40])
    if day > today + timedelta(days=AHEAD_DAYS):
        _refuse("too_far_ahead", f"The day {day} is too far ahead.", f"Plan at most {AHEAD_DAYS} days ahead.")
    return day


def _clock_s(text: str, key: str) -> int | None:
    if not text:
        return None
    hours, _, minutes = text.partition(":")
    if not (hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit() and len(text) <= 5):
        _refuse("time", f'{key}="{text[:40]}" is not a time.', "Example: 13:30", value=text[:40])
    seconds = int(hours) * 3600 + int(minutes) * 60
    if int(minutes) > 59 or seconds > DAY_S:
        _refuse("time", f'{key}="{text[:40]}" is not a time.', "Example: 13:30", value=text[:40])
    return seconds


def _end_s(given: Mapping[str, Sequence[str]], start_s: int) -> int:
    """Return when the tour ends: said, or as many minutes after its start, or four hours."""
    end_s = _clock_s(_one(given, "end"), "end")
    if end_s is None:
        minutes = _number(_one(given, "minutes"), "minutes", LEAST_S // 60, MOST_S // 60)
        end_s = start_s + minutes * 60 if minutes else min(DAY_S, start_s + DEFAULT_S)
    if end_s <= start_s:
        _refuse("end_first", f"The end {clock(end_s)} is before the start {clock(start_s)}.", "Swap the two.")
    if end_s > DAY_S:
        _refuse("midnight", "The tour would go past midnight.", "Plan one day at a time.")
    if not LEAST_S <= end_s - start_s <= MOST_S:
        _refuse("length", "A tour takes from 20 minutes to 16 hours.", "Change start or end.")
    return end_s


def _place(text: str, key: str, catalogue: Catalogue) -> str:
    if not text:
        return ""
    if "," not in text:
        return _id(text, key, catalogue)
    try:
        lon, lat = (float(number) for number in text.split(","))
    except ValueError:
        _refuse("point", f'{key}="{text[:40]}" is not "lon,lat".', "Example: 121.0165,30.6905", value=text[:40])
    west, south, east, north = catalogue.city.extent
    if not (west <= lon <= east and south <= lat <= north):  # also false for nan
        _refuse("outside", f"{key}: {lon}, {lat} lies outside the city.", "Longitude comes first.", value=text[:40])
    return f"{lon:.6f},{lat:.6f}"


def _id(text: str, key: str, catalogue: Catalogue) -> str:
    try:
        return catalogue.feature(text).id
    except (NotFound, Retired) as error:
        _refuse("unknown_site", f"{key}: {error.message}", error.hint, value=text[:64])


def _ids(texts: Sequence[str], key: str, most: int, catalogue: Catalogue) -> tuple[str, ...]:
    if len(texts) > most:
        _refuse("too_many", f"{key} holds {len(texts)} places, the most is {most}.", "Name fewer.", value=str(most))
    return tuple(dict.fromkeys(_id(text, key, catalogue) for text in texts))


def _themes(texts: Sequence[str], catalogue: Catalogue) -> tuple[tuple[str, int], ...]:
    themes = {}
    for text in texts:
        theme, _, weight = text.partition(":")
        if theme not in catalogue.city.themes:
            known = ", ".join(catalogue.city.themes)
            _refuse("theme", f'theme="{theme[:40]}" is not known.', f"There are: {known}.", value=theme[:40])
        themes[theme] = _number(weight, "theme", 1, MOST_WEIGHT) or 1
    return tuple(themes.items())


def _choice(text: str, key: str, known: tuple[str, ...]) -> Any:  # Any: one of the words of a Literal
    if text and text not in known:
        _refuse("choice", f'{key}="{text[:40]}" is not known.', f"There are: {', '.join(known)}.", value=text[:40])
    return text or "normal"


def _number(text: str, key: str, least: int, most: int) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        _refuse("number", f'{key}="{text[:40]}" is not a whole number from {least} to {most}.', "", value=text[:40])
    return int(text)


def _flag(text: str, key: str) -> bool:
    if text.lower() not in (*YES, *NO):
        _refuse("choice", f'{key}="{text[:40]}" is not yes or no.', "Write yes or no.", value=text[:40])
    return text.lower() in YES
