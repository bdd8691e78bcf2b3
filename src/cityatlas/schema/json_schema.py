"""Write properties as JSON Schema (2020-12), for programs that want to know the columns before they ask for rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..i18n import LANGUAGES, Text
from .property_types import (
    BilingualList,
    BilingualText,
    Choice,
    Date,
    Described,
    ItemList,
    Listed,
    Member,
    Month,
    Number,
    PlainText,
    Property,
    Stops,
    Table,
    Type,
    YesNo,
)
from .strict_json import JsonTable

Choices = Mapping[str, Sequence[str]]  # the ids that a city or a layer has, by the name of the list
STRING: JsonTable = {"type": "string"}
TEXT: JsonTable = {"type": "object", "properties": {key: {"type": ["string", "null"]} for key in LANGUAGES}}
MONTH, DATE = r"^\d{4}-\d{2}$", r"^\d{4}(-\d{2}(-\d{2})?)?$"


def both_words(text: Text) -> str:
    """Return a text in both languages, for places that have room for one string."""
    return " / ".join(dict.fromkeys(text[language] for language in LANGUAGES if text.get(language)))


def schema_of(described: Described, choices: Choices) -> JsonTable:
    """Return the schema of a property or member; a member that nobody needs to fill in may be null."""
    schema = {"title": both_words(described.label)} | _of_type(described.type, choices)
    if described.help:
        schema["description"] = both_words(described.help)
    is_needed = isinstance(described, Member) and described.is_needed
    is_required = isinstance(described, Property) and described.is_required
    return schema if is_needed or is_required else _nullable(schema)


def _nullable(schema: JsonTable) -> JsonTable:
    """Return a schema that lets null pass, too."""
    values = schema.get("enum")
    more = {"enum": [*values, None]} if isinstance(values, list) else {}
    return schema | {"type": [schema["type"], "null"]} | more


def _of_type(kind: Type, choices: Choices) -> JsonTable:
    match kind:
        case BilingualText():
            return dict(TEXT)
        case BilingualList():
            return {"type": "array", "items": TEXT}
        case Choice():
            return STRING | {"enum": list(kind.values or choices[kind.of])}
        case Number():
            return _number(kind)
        case YesNo():
            return {"type": "boolean"}
        case Month() | Date():
            return STRING | {"pattern": MONTH if isinstance(kind, Month) else DATE}
        case Listed():
            return {"type": "array", "items": STRING | _of_list(kind, choices)}
        case Stops():
            return {"type": "array", "items": STRING}
        case ItemList():
            return {"type": "array", "items": _table(kind.members, choices)}
        case Table():
            return _table(kind.members, choices)
        case PlainText(form="url"):
            return STRING | {"format": "uri"}
        case _:
            return dict(STRING)


def _of_list(kind: Listed, choices: Choices) -> JsonTable:
    return {"enum": list(choices[kind.of])} if kind.of in choices else {}


def _number(kind: Number) -> JsonTable:
    least, most = ("exclusiveMinimum", "exclusiveMaximum") if kind.is_open else ("minimum", "maximum")
    return {"type": "integer" if kind.is_whole else "number", least: kind.least, most: kind.most}


def _table(members: Sequence[Member], choices: Choices) -> JsonTable:
    needed = [member.key for member in members if member.is_needed]
    rows = {member.key: schema_of(member, choices) for member in members}
    table: JsonTable = {"type": "object", "properties": rows}
    return table | ({"required": needed} if needed else {})
