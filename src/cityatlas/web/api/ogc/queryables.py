"""Choose features by their properties: the table of properties says by which, and what each may be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from ....city.layers import Layer
from ....city.spec import City
from ....errors import InvalidQuery
from ....schema.json_schema import Choices, schema_of
from ....schema.properties import properties
from ....schema.property_types import (
    BilingualText,
    Choice,
    Date,
    Described,
    Hours,
    Listed,
    Month,
    Number,
    PlainText,
    Property,
    PropertyTable,
    Stops,
    Table,
    Type,
    YesNo,
)
from ....schema.strict_json import JsonObject, JsonTable

SIMPLE = (Choice, Number, YesNo, PlainText, Date, Month, Hours, Listed, Stops)
YES_NO = {"true": True, "false": False}
SHOWN = 40  # letters of a wrong value in a message
Wanted = frozenset[object]


@dataclass(frozen=True, eq=False)
class Queryable:
    """Describe a parameter: its name, as `position.class`, what it asks for, and the values there are, if few."""

    name: str
    described: Described
    values: tuple[str, ...] = ()

    def read(self, text: str) -> Wanted:
        """Return what a parameter asks for, one of several where they are listed. Raises InvalidQuery."""
        if self.values:
            return frozenset(self._known(part) for part in text.split(","))
        if isinstance(self.described.type, YesNo):
            if text not in YES_NO:
                raise InvalidQuery(f'{self.name}="{text[:SHOWN]}" is neither true nor false.')
            return frozenset([YES_NO[text]])
        return frozenset([self._number(text) if isinstance(self.described.type, Number) else text])

    def _known(self, part: str) -> str:
        if part not in self.values:
            raise InvalidQuery(f'{self.name}="{part[:SHOWN]}" is not known.', f"There are: {', '.join(self.values)}.")
        return part

    def _number(self, text: str) -> float:
        try:
            return float(text)
        except ValueError:
            raise InvalidQuery(f'{self.name}="{text[:SHOWN]}" is not a number.') from None

    def fits(self, held: JsonObject, wanted: Wanted) -> bool:
        """Return whether the properties of a feature hold one of what is wanted; a text does in either language."""
        value: object = held
        for key in self.name.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        return any(one in wanted for one in _values(value) if one is not None)

    def schema(self, choices: Choices) -> JsonTable:
        """Return what the parameter may be, as JSON Schema; a list is asked for by one of its items."""
        schema = schema_of(self.described, choices)
        if isinstance(self.described.type, BilingualText | Listed | Stops):
            return {"title": schema["title"], "type": "string"} | ({"enum": list(self.values)} if self.values else {})
        kinds, values = schema["type"], schema.get("enum")
        plain = {"type": kinds[0] if isinstance(kinds, list) else kinds}
        return schema | plain | ({"enum": [v for v in values if v is not None]} if isinstance(values, list) else {})


def _values(value: object) -> Iterable[object]:
    """Return what is to be compared of a value: each item of a list, a text in each language."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else (value,)


def choices_of(city: City, layer: Layer | None = None) -> Choices:
    """Return the ids that a layer's features may hold, or those of the whole city."""
    return {"kinds": layer.spec.kinds if layer else tuple(city.kinds), "themes": tuple(city.themes)}


def queryables(city: City, layer: Layer | None = None) -> dict[str, Queryable]:
    """Return each parameter by its name, for a layer or for the whole city."""
    choices = choices_of(city, layer)
    return _queryables(properties(), tuple(choices["kinds"]), tuple(choices["themes"]))


@lru_cache(maxsize=64)
def _queryables(table: PropertyTable, kinds: tuple[str, ...], themes: tuple[str, ...]) -> dict[str, Queryable]:
    named = [pair for one in table if one.is_public for pair in _named(one)]
    known = {"kinds": kinds, "themes": themes}
    return {name: Queryable(name, described, _listed(described.type, known)) for name, described in named}


def names() -> Iterator[str]:
    """Yield the names of the parameters that the table gives every city."""
    return (name for one in properties() if one.is_public for name, _ in _named(one))


def _named(one: Property) -> Iterator[tuple[str, Described]]:
    """Yield a property or, of a table, its members, with the names of their parameters; what is long has none."""
    if isinstance(one.type, SIMPLE) or (isinstance(one.type, BilingualText) and one.type.size == "name"):
        yield one.key, one
    if isinstance(one.type, Table):
        yield from ((f"{one.key}.{member.key}", member) for member in one.members if isinstance(member.type, SIMPLE))


def _listed(kind: Type, choices: Choices) -> tuple[str, ...]:
    if isinstance(kind, Choice):
        return kind.values or tuple(choices[kind.of])
    return tuple(choices.get(kind.of, ())) if isinstance(kind, Listed) else ()
