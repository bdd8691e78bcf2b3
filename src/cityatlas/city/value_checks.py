"""Check single values, as texts, dates and sources: each checker yields what is wrong as a sentence's end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from ..geo.geojson import NOT_TEXT, show

Faults = Iterator[str]
DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?")
URL = re.compile(r"https?://[^\s<>\"'`\\]{3,500}")
NO_DATE = 'is not a date (example: "2024-03-05", "2024-03" or "2024")'
MAX_NAME, MAX_TEXT = 200, 20_000  # letters
MAX_ITEMS = 500  # of a list, in a form as in a file: each is held to all sources, and nobody reads more
LINE_BREAK = re.compile("[\n\r\x85\u2028\u2029]")


def check_text(value: Any, *_: Any, longest: int = MAX_TEXT) -> Faults:
    """Yield what is wrong with {"zh": "...", "en": "..."}; one language is enough."""
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        yield f'{show(value)} is not a text; write {{"zh": "...", "en": "..."}}'
        return
    if set(value) - {"zh", "en"}:
        yield f"has the language {show(sorted(set(value) - {'zh', 'en'}))}; only zh and en are known"
    if not any(text.strip() for text in value.values()):
        yield "is empty in every language"
    for text in value.values():
        if len(text) > longest:
            yield f"is {len(text)} letters long, the limit is {longest}"
        yield from control_faults(text)


def control_faults(text: str) -> Faults:
    """Yield a fault when a text holds what no page can show."""
    if NOT_TEXT.search(text):
        yield f"holds a control character: {show(text)}; take it out"


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
            yield f"{show(key)} is not known; there may be {', '.join(sorted(known))}"


def check_source(source: Any) -> Faults:
    """Yield what is wrong with {"title", "date", "url"}, of a feature or of a figure."""
    if not isinstance(source, dict) or not isinstance(source.get("title"), str) or not source["title"].strip():
        yield f"{show(source)} has no title; each source needs one"
        return
    yield from only(source, "title", "date", "url")
    yield from (f"title {fault}" for fault in check_title(source["title"]))
    if source.get("date") is not None and not is_date(source["date"]):
        yield f"date {show(source['date'])} {NO_DATE}"
    url = source.get("url")
    if url is not None and not (isinstance(url, str) and URL.fullmatch(url) and not NOT_TEXT.search(url)):
        yield f"url {show(url)} is not an http or https address"


def check_title(value: Any) -> Faults:
    """Yield what is wrong with a text in one language, as the title of a source."""
    if not isinstance(value, str) or not value.strip():
        yield f"{show(value)} is not a text"
    elif len(value) > MAX_TEXT:
        yield f"is {len(value)} letters long, the limit is {MAX_TEXT}"
    else:
        yield from control_faults(value)


def cites(title: Any, properties: dict[str, Any], where: str = "") -> Faults:
    """Yield a fault when a statement's source is not one of the feature's sources."""
    if title is None:
        yield f"has no source; name the title of one of this feature's sources{where}"
    elif title not in [source.get("title") for source in properties.get("sources") or [] if isinstance(source, dict)]:
        yield f"has the source {show(title)}, which is not the title of one of this feature's sources"
