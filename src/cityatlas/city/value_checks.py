"""Check single values, as texts, dates and sources: each checker yields what is wrong, its path begun at the value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from ..geo.geojson import NOT_TEXT, show
from ..limits import NAME_LETTERS as MAX_NAME
from ..limits import TEXT_LETTERS as MAX_TEXT
from ..schema.faults import Fault, fault, under

Faults = Iterator[Fault]
DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?")
URL = re.compile(r"https?://[^\s<>\"'`\\]{3,500}")
TAGS = ("zh", "en")
LINE_BREAK = re.compile("[\n\r\x85\u2028\u2029]")


def check_text(value: Any, *_: Any, longest: int = MAX_TEXT) -> Faults:
    """Yield what is wrong with {"zh": "...", "en": "..."}; one language is enough."""
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        yield fault("not_text", given=show(value))
        return
    if set(value) - {"zh", "en"}:
        yield fault("language", given=show(sorted(set(value) - {"zh", "en"})))
    if not any(text.strip() for text in value.values()):
        yield fault("empty_text")
    for tag, text in value.items():
        if len(text) > longest:
            yield fault("long", tag if tag in TAGS else "", count=len(text), most=longest)
        yield from under(tag if tag in TAGS else "", control_faults(text))


def control_faults(text: str) -> Faults:
    """Yield a fault when a text holds what no page can show."""
    if NOT_TEXT.search(text):
        yield fault("control", given=show(text))


def check_name(value: Any, *_: Any) -> Faults:
    """Yield what is wrong with a text that is short."""
    yield from check_text(value, longest=MAX_NAME)


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


def only(table: dict[str, Any], *known: str) -> Faults:
    """Yield a fault for each key that would be lost, since nothing reads it."""
    for key in table:
        if key not in known:
            yield fault("unknown_key", given=show(key), known=", ".join(sorted(known)))


def check_source(source: Any) -> Faults:
    """Yield what is wrong with {"title", "date", "url"}, of a feature or of a figure."""
    if not isinstance(source, dict) or not isinstance(source.get("title"), str) or not source["title"].strip():
        yield fault("no_title", "title", given=show(source))
        return
    yield from only(source, "title", "date", "url")
    yield from under("title", check_title(source["title"]))
    if source.get("date") is not None and not is_date(source["date"]):
        yield fault("not_date", "date", given=show(source["date"]))
    url = source.get("url")
    if url is not None and not (isinstance(url, str) and URL.fullmatch(url) and not NOT_TEXT.search(url)):
        yield fault("not_address", "url", given=show(url))


def check_title(value: Any) -> Faults:
    """Yield what is wrong with a text in one language, as the title of a source."""
    if not isinstance(value, str) or not value.strip():
        yield fault("not_string", given=show(value))
    elif len(value) > MAX_TEXT:
        yield fault("long", count=len(value), most=MAX_TEXT)
    else:
        yield from control_faults(value)


def cites(title: Any, properties: dict[str, Any], path: str = "source", missing: str = "no_source") -> Faults:
    """Yield a fault when a statement's source is not one of the feature's sources; `missing` is the rule for none."""
    if title is None:
        yield fault(missing, path)
    elif title not in [source.get("title") for source in properties.get("sources") or [] if isinstance(source, dict)]:
        yield fault("unknown_source", path, given=show(title))
