"""Read single values of a wish: days, times, places, pairs; each refuses what cannot be used with one sentence.

Tell what is wrong with a wish in the visitor's language, with places by their names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NoReturn, TypeVar

from ...catalogue.catalogue import Catalogue
from ...errors import InvalidTour, NotFound, Retired
from ...i18n import Language, messages, say
from ...limits import AHEAD_DAYS

DAY_S = 24 * 3600
YES, NO = ("yes", "1", "true", "on"), ("no", "0", "false", "off", "")
SHOWN = 40  # letters of a wrong value that are repeated
Read = TypeVar("Read")


def refuse(reason: str, message: str, hint: str, **values: str) -> NoReturn:
    """Raise InvalidTour; `reason` is the key of its sentence on pages."""
    raise InvalidTour(message, hint, reason=reason, **values)


def read_texts(args: Mapping[str, object], key: str) -> list[str]:
    """Return the values of a key: repeated, in a list, by name in an object, or separated by commas."""
    repeated = getattr(args, "getlist", None)  # a request's values can hold a key more than once
    values = repeated(key) if repeated else args.get(key)
    if isinstance(values, Mapping):
        values = [f"{name}:{_text(value, key)}" for name, value in values.items()]
    values = values if isinstance(values, list) else [] if values is None else [values]
    texts = [_text(value, key) for value in values]
    if key in ("start_at", "end_at"):
        is_point = not repeated and len(values) == 2 and all(type(value) in (int, float) for value in values)
        return [",".join(texts)] if is_point else [text.strip() for text in texts if text.strip()][:1]
    return [part.strip() for text in texts for part in text.split(",") if part.strip()]


def _text(value: object, key: str) -> str:
    """Return a single value as text; a whole number may have been written as 120.0."""
    if isinstance(value, Mapping | list):
        hint = "Give plain values; a point is [lon, lat]." if key in ("start_at", "end_at") else "Give plain values."
        refuse("nested", f"{key} holds a list or an object where one value belongs.", hint, value=key)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def read_day(text: str, today: date) -> date | None:
    """Return a day, be it past, or None when none is given."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        refuse("date", f'date="{text[:SHOWN]}" is not a day.', "Example: 2026-12-05", value=text[:SHOWN])
    if day > today + timedelta(days=AHEAD_DAYS):
        refuse("too_far_ahead", f"The day {day} is too far ahead.", f"Plan at most {AHEAD_DAYS} days ahead.")
    return day


def refuse_past(day: date, earliest: date) -> NoReturn:
    """Refuse a day that is past, with the next one like it in the week, which is `earliest` or later."""
    again = day + timedelta(days=-((day - earliest).days // 7) * 7)
    hint = f"Choose {earliest} or later; the same weekday is {again}."
    refuse("past", f"The day {day} is past.", hint, value=day.isoformat(), again=again.isoformat())


def read_clock_s(text: str, key: str) -> int | None:
    """Return seconds since midnight of HH:MM, or None when nothing is given."""
    if not text:
        return None
    hours, _, minutes = text.partition(":")
    is_clock = hours.isascii() and hours.isdigit() and minutes.isascii() and minutes.isdigit() and len(text) <= 5
    seconds = int(hours) * 3600 + int(minutes) * 60 if is_clock else DAY_S + 1
    if not is_clock or int(minutes) > 59 or seconds > DAY_S:
        refuse("time", f'{key}="{text[:SHOWN]}" is not a time.', "Example: 13:30", value=text[:SHOWN])
    return seconds


def read_place(text: str, key: str, catalogue: Catalogue) -> str:
    """Return a feature's id, "lon,lat" within the city with six decimals, or an empty text for anywhere."""
    if not text:
        return ""
    if "," not in text:
        return read_id(text, key, catalogue)
    try:
        lon, lat = (float(number) for number in text.split(","))
    except ValueError:
        refuse("point", f'{key}="{text[:SHOWN]}" is not "lon,lat".', "Example: 121.0165,30.6905", value=text[:SHOWN])
    west, south, east, north = catalogue.city.extent
    if not (west <= lon <= east and south <= lat <= north):  # also false for nan
        refuse("outside", f"{key}: {lon}, {lat} lies outside the city.", "Longitude comes first.", value=text[:SHOWN])
    return f"{lon:.6f},{lat:.6f}"


def read_id(text: str, key: str, catalogue: Catalogue) -> str:
    """Return the id of a feature that there is."""
    try:
        return catalogue.feature(text).id
    except Retired as error:
        near = error.values.get("successor", "")
        refuse("retired", f"{key}: {error.message}", error.hint, value=text[:64], near=near)
    except NotFound as error:
        near = "".join(catalogue.index.nearest(text, 1)) if len(text) <= SHOWN else ""
        refuse("unknown_site", f"{key}: {error.message}", error.hint, value=text[:SHOWN], near=near)


def read_ids(texts: Sequence[str], key: str, most: int, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the ids of features that there are, each once."""
    _refuse_many(texts, key, most)
    return tuple(dict.fromkeys(read_id(text, key, catalogue) for text in texts))


def read_pairs(
    texts: Sequence[str], key: str, most: int, catalogue: Catalogue, read: Callable[[str, str], Read]
) -> tuple[tuple[str, Read], ...]:
    """Return what `read` makes of each `id:value`, called with the feature's id and the text of its value."""
    _refuse_many(texts, key, most)
    pairs: dict[str, Read] = {}
    for text in texts:
        name, _, value = text.partition(":")
        feature_id = read_id(name, key, catalogue)
        if not value:
            hint = f"Write {key}={feature_id}:VALUE, for example stay=hall:45 or begin_at=hall:14:30."
            refuse("pair", f'{key}="{text[:SHOWN]}" says nothing behind the place.', hint, place=feature_id)
        pairs[feature_id] = read(feature_id, value)
    return tuple(pairs.items())


def _refuse_many(texts: Sequence[str], key: str, most: int) -> None:
    if len(texts) > most:
        refuse("too_many", f"{key} holds {len(texts)} places, the most is {most}.", "Name fewer.", value=str(most))


def read_choice(text: str, key: str, known: tuple[str, ...], usual: str) -> Any:  # Any: one of the words of a Literal
    """Return one of the known words, or the usual one when none is given."""
    if text and text not in known:
        refuse(
            "choice",
            f'{key}="{text[:SHOWN]}" is not known.',
            f"There are: {', '.join(known)}.",
            value=text[:SHOWN],
            known=", ".join(known),
        )
    return text or usual


def read_number(text: str, key: str, least: int, most: int) -> int | None:
    """Return a whole number within limits, or None when none is given."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        message = f'{key}="{text[:SHOWN]}" is not a whole number from {least} to {most}.'
        limits = {"least": str(least), "most": str(most)}
        refuse("number", message, f"Write a number from {least} to {most}.", value=text[:SHOWN], **limits)
    return int(text)


def read_flag(text: str, key: str) -> bool:
    """Return whether a text says yes; nothing means no."""
    if text.lower() not in (*YES, *NO):
        refuse(
            "choice",
            f'{key}="{text[:SHOWN]}" is not yes or no.',
            "Write yes or no.",
            value=text[:SHOWN],
            known="yes, no",
        )
    return text.lower() in YES


PLACES = ("place", "near")  # values that are ids of features


def fault_words(error: InvalidTour, catalogue: Catalogue, language: Language) -> str:
    """Return the sentence of a fault, or an empty text where there is none in the visitor's words."""
    reason, values = error.values.get("reason", ""), {"value": ""} | error.values
    reason = f"{reason}_near" if values.get("near") else reason
    told = messages(language).get(f"planner.wrong_{reason}")
    values |= {key: say(catalogue.features[values[key]].name, language).text for key in PLACES if values.get(key)}
    return told.format_map(values) if told else ""
