"""Say what keeps a feature from being published, and what its editor should only be warned of.

What each rule does is set in `[publishing]` of city.toml. Whether the properties are well formed at all is not asked
here: `property_checks.py` does that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from ..city.spec import City
from ..i18n import LANGUAGES, Language, translate
from ..schema.faults import Fault, fault, path_of
from ..schema.items import Attributes
from ..schema.strict_json import JsonObject
from .completeness import is_blank, uncredited, undescribed, unlicensed, unsourced, untranslated


class HasProperties(Protocol):
    """Be a feature of a snapshot, or the content of a draft."""

    @property
    def properties(self) -> JsonObject:
        """Return the properties as GeoJSON has them."""


@dataclass(frozen=True, slots=True)
class Objection:
    """Name a rule that is not met, and the field that mends it; no field where the city itself must be mended."""

    rule: str
    field: str

    def sentence(self, language: Language) -> str:
        """Return what is missing and what to do, for people."""
        return translate(f"worklist.guard_{self.rule}", language)

    @property
    def fault(self) -> Fault:
        """Return it as what is wrong with a change."""
        said = {f"said_{language}": self.sentence(language) for language in LANGUAGES}
        return fault("unpublishable", path_of(self.field), field=self.field, **said)


def check_publishable(feature: HasProperties, city: City) -> tuple[tuple[Objection, ...], tuple[Objection, ...]]:
    """Return what blocks publishing, and what only warns; both empty when nothing is missing."""
    found: dict[str, list[Objection]] = {"block": [], "warn": [], "off": []}
    for rule, level in city.publishing.items():
        found[level] += [Objection(rule, field) for field in RULES[rule](feature.properties, city)]
    return tuple(found["block"]), tuple(found["warn"])


def _name(properties: JsonObject, _: City) -> Iterator[str]:
    name = Attributes.of(properties).name
    yield from (f"name.{tag}" for tag in LANGUAGES if is_blank(name.get(tag)))


def _translation(properties: JsonObject, _: City) -> Iterator[str]:
    yield from (path for path in untranslated(properties) if not path.startswith("name."))  # `name` has its own rule


def _source(properties: JsonObject, _: City) -> Iterator[str]:
    yield from unsourced(properties)


def _photo_credit(properties: JsonObject, _: City) -> Iterator[str]:
    yield from uncredited(properties)


def _photo_licence(properties: JsonObject, _: City) -> Iterator[str]:
    yield from unlicensed(properties)


def _photo_alt(properties: JsonObject, _: City) -> Iterator[str]:
    yield from undescribed(properties)


def _position(properties: JsonObject, _: City) -> Iterator[str]:
    """Yield the class where it is missing, and the day of a survey that nobody dated."""
    position = Attributes.of(properties).position
    if is_blank(position.trust):
        yield "position.class"
    elif position.trust == "surveyed" and not position.verified_on:
        yield "position.verified_on"


def _map_approval(_: JsonObject, city: City) -> Iterator[str]:
    if is_blank(city.organiser.map_approval):
        yield ""


RULES: dict[str, Callable[[JsonObject, City], Iterable[str]]] = {
    "name": _name,
    "translation": _translation,
    "source": _source,
    "photo_credit": _photo_credit,
    "photo_licence": _photo_licence,
    "photo_alt": _photo_alt,
    "position": _position,
    "map_approval": _map_approval,
}
