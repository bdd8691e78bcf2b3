"""Check single values, as texts, dates and sources: each checker yields what is wrong, its path begun at the value."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from ..geo.geojson import NOT_TEXT, show
from ..limits import NAME_LETTERS as MAX_NAME
from ..limits import SHORT_EN_LETTERS, SHORT_ZH_LETTERS
from ..limits import TEXT_LETTERS as MAX_TEXT
from ..schema.faults import Fault, fault, under
from ..schema.strict_json import JsonObject

Faults = Iterator[Fault]
DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?")
URL = re.compile(r"https?://[^\s<>\"'`\\]{3,500}")
TAGS = ("zh", "en")
MAX_SHORT = {"zh": SHORT_ZH_LETTERS, "en": SHORT_EN_LETTERS}
ALL_ALIKE: Mapping[str, int] = {}
LINE_BREAK = re.compile("[\n\r\x85\u2028\u2029]")


def check_text(value: object, longest: int = MAX_TEXT, by_tag: Mapping[str, int] = ALL_ALIKE) -> Faults:
    """Yield what is wrong with {"zh": "...", "en": "..."}; one language is enough, `by_tag` may hold one to less."""
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        yield fault("not_text", given=show(value))
        return
    if set(value) - {"zh", "en"}:
        yield fault("language", given=show(sorted(set(value) - {"zh", "en"})))
    if not any(text.strip() for text in value.values()):
        yield fault("empty_text")
    for tag, text in value.items():
        if len(text) > (most := by_tag.get(tag, longest)):
            yield fault("long", tag if tag in TAGS else "", count=len(text), most=most)
        yield from under(tag if tag in TAGS else "", control_faults(text))


def control_faults(text: str) -> Faults:
    """Yield a fault when a text holds what no page can show."""
    if NOT_TEXT.search(text):
        yield fault("control", given=show(text))


def check_name(value: object) -> Faults:
    """Yield what is wrong with a text that is short."""
    yield from check_text(value, longest=MAX_NAME)


def check_short_name(value: object) -> Faults:
    """Yield what is wrong with a name for the map."""
    yield from check_text(value, MAX_NAME, MAX_SHORT)


def matches(pattern: re.Pattern[str], value: object) -> bool:
    """Return whether a value is a text of this form, and nothing more."""
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def is_date(value: object) -> bool:
    """Return whether a value is a year, a month or a day that there is."""
    if not isinstance(value, str) or not DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat((value + "-01-01")[:10])  # a year or a month begins with its first day
    except ValueError:
        return False
    return True


def only(table: JsonObject, *known: str) -> Faults:
    """Yield a fault for each key that would be lost, since nothing reads it."""
    for key in table:
        if key not in known:
            yield fault("unknown_key", given=show(key), known=", ".join(sorted(known)))


def check_source(source: object) -> Faults:
    """Yield what is wrong with {"title", "date", "url"} of a figure or a list of holidays; a feature's go by type."""
    if not isinstance(source, dict):
        yield fault("not_table", given=show(source), parts='"title", "date", "url"')
        return
    yield from only(source, "title", "date", "url")
    yield from under("title", check_title(source.get("title")))
    if source.get("date") is not None and not is_date(source["date"]):
        yield fault("not_date", "date", given=show(source["date"]))
    if source.get("url") is not None:
        yield from under("url", check_address(source["url"]))


def check_address(value: object) -> Faults:
    """Yield that a value is no address on the web."""
    if not (isinstance(value, str) and URL.fullmatch(value) and not NOT_TEXT.search(value)):
        yield fault("not_address", given=show(value))


def check_title(value: object) -> Faults:
    """Yield what is wrong with a text in one language, as the title of a source."""
    if not isinstance(value, str) or not value.strip():
        yield fault("not_string", given=show(value))
    elif len(value) > MAX_TEXT:
        yield fault("long", count=len(value), most=MAX_TEXT)
    else:
        yield from control_faults(value)


def cites(title: object, titles: Collection[str], path: str = "source", missing: str = "no_source") -> Faults:
    """Yield a fault when a statement's source is not one of the feature's sources; `missing` is the rule for none."""
    if title is None:
        yield fault(missing, path)
    elif title not in titles:
        yield fault("unknown_source", path, given=show(title))
