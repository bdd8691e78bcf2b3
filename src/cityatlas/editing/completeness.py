"""Find what a feature's properties lack: a language, a source, a description of a photo; each is told by its path.

A path names a property and what is in it, as `facts.0.label.en`; list items count from 0. Properties may be those
of a draft that nobody has checked yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..i18n import LANGUAGES
from ..schema.properties import Derived

Properties = Mapping[str, Any]  # Any: what JSON holds
PARTS = re.compile("[·,，;；/()（）]")  # of a credit: "Li · CC BY 4.0"
STATEMENTS = Derived(lambda table: {p.key: p for p in table if p.is_list_of_statements})
# Statements that are no list, each with the key of the title of its source.
SINGLE = Derived(lambda table: {p.key: p.cited_in for p in table if p.is_sourced})


def is_blank(value: object) -> bool:
    """Return whether a value is no text, or one in which nothing can be read."""
    return not isinstance(value, str) or not value.strip()


def items(properties: Properties, key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the path and the content of each table in a list of tables."""
    rows = properties.get(key)
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict):
            yield f"{key}.{number}", row


def untranslated(properties: Properties) -> Iterator[str]:
    """Yield the path of each text that is there in one language only, ending with the language that is missing."""
    for key, value in properties.items():
        yield from _untranslated(value, key)


def _untranslated(value: object, path: str) -> Iterator[str]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _untranslated(item, f"{path}.{number}")
    elif isinstance(value, dict) and value and set(value) <= set(LANGUAGES):
        missing = [tag for tag in LANGUAGES if is_blank(value.get(tag))]
        if len(missing) == 1:
            yield f"{path}.{missing[0]}"
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from _untranslated(member, f"{path}.{key}")


def unsourced(properties: Properties) -> Iterator[str]:
    """Yield the path at which a statement's source is missing, or is not the title of one of the feature's sources."""
    titles = [row["title"] for _, row in items(properties, "sources") if not is_blank(row.get("title"))]
    if not titles:
        yield "sources"
        return
    for key in STATEMENTS:
        yield from (f"{path}.source" for path, row in items(properties, key) if row.get("source") not in titles)
    yield from (cited for key, cited in SINGLE.items() if properties.get(key) and properties.get(cited) not in titles)
    position = properties.get("position")
    if isinstance(position, dict) and position.get("source") not in titles:
        is_own_choice = not position.get("source") and position.get("class") in (None, "schematic")
        yield from () if is_own_choice else ("position.source",)


def undescribed(properties: Properties) -> Iterator[str]:
    """Yield the path of each photo's alt text that says nothing in any language."""
    for path, photo in items(properties, "photos"):
        alt = photo.get("alt")
        if not isinstance(alt, dict) or all(is_blank(text) for text in alt.values()):
            yield f"{path}.alt"


def uncredited(properties: Properties) -> Iterator[str]:
    """Yield the path of each photo's credit (who made it, under which licence) that is missing."""
    yield from (f"{path}.credit" for path, photo in items(properties, "photos") if is_blank(photo.get("credit")))


def unlicensed(properties: Properties) -> Iterator[str]:
    """Yield the path of each photo's credit that says one thing only: who made it, or a licence, but not both."""
    for path, photo in items(properties, "photos"):
        credit = photo.get("credit")
        if not is_blank(credit) and sum(not is_blank(part) for part in PARTS.split(str(credit))) < 2:
            yield f"{path}.credit"
