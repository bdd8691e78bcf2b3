"""Find what a feature's properties lack: a language, a source, a description of a photo; each is told by its path.

A path names a property and what is in it, as `facts.0.label.en`; list items count from 0. Properties may be those
of a draft that nobody has checked yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..i18n import LANGUAGES
from ..schema.items import Attributes
from ..schema.properties import Derived
from ..schema.property_types import BilingualText
from ..schema.strict_json import JsonObject

PARTS = re.compile("[·,，;；/()（）]")  # of a credit: "Li · CC BY 4.0"
STATEMENTS = Derived(lambda table: {p.key: p for p in table if p.is_list_of_statements})
# Statements that are no list, each with the key of the title of its source.
SINGLE = Derived(lambda table: {p.key: p.cited_in for p in table if p.is_sourced})

# Texts that each language has where it needs one.
BY_NEED = Derived(lambda table: {p.key: p for p in table if p.type == BilingualText("short")})


def is_blank(value: object) -> bool:
    """Return whether a value is no text, or one in which nothing can be read."""
    return not isinstance(value, str) or not value.strip()


def items(properties: JsonObject, key: str) -> Iterator[tuple[str, JsonObject]]:
    """Yield the path and the content of each table in a list of tables."""
    rows = properties.get(key)
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        if isinstance(row, dict):
            yield f"{key}.{number}", row


def untranslated(properties: JsonObject) -> Iterator[str]:
    """Yield the path of each text that is there in one language only, ending with the language that is missing."""
    for key, value in properties.items():
        if key not in BY_NEED:
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


def unsourced(properties: JsonObject) -> Iterator[str]:
    """Yield the path at which a statement's source is missing, or is not the title of one of the feature's sources."""
    held = Attributes.of(properties)
    titles = [source.title for source in held.sources if not is_blank(source.title)]
    if not titles:
        yield "sources"
        return
    for key in STATEMENTS:
        yield from (f"{path}.source" for path, row in items(properties, key) if row.get("source") not in titles)
    lacking = (cited for key, cited in SINGLE.items() if properties.get(key) and properties.get(cited) not in titles)
    yield from dict.fromkeys(lacking)  # several statements may share a source
    is_own_choice = not held.position.source and held.position.trust in ("", "schematic")
    if held.position.source not in titles and not is_own_choice:
        yield "position.source"


def undescribed(properties: JsonObject) -> Iterator[str]:
    """Yield the path of each photo's alt text that says nothing in any language."""
    for number, photo in enumerate(Attributes.of(properties).photos):
        if all(is_blank(text) for text in photo.alt.values()):
            yield f"photos.{number}.alt"


def uncredited(properties: JsonObject) -> Iterator[str]:
    """Yield the path of each photo's credit (who made it, under which licence) that is missing."""
    photos = enumerate(Attributes.of(properties).photos)
    yield from (f"photos.{number}.credit" for number, photo in photos if is_blank(photo.credit))


def unlicensed(properties: JsonObject) -> Iterator[str]:
    """Yield the path of each photo's credit that says one thing only: who made it, or a licence, but not both."""
    for number, photo in enumerate(Attributes.of(properties).photos):
        if not is_blank(photo.credit) and sum(not is_blank(part) for part in PARTS.split(photo.credit)) < 2:
            yield f"photos.{number}.credit"
