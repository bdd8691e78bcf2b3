"""Tell people what differs between two versions of a feature, field by field, words that go and words that come."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from ..city.opening.hours_sentence import say_hours
from ..city.spec import City
from ..i18n import LANGUAGES, Language, messages, say, translate
from ..schema.properties import Derived, properties
from ..schema.property_types import Choice, Described, Hours, ItemList, Property, PropertyTable, Stops
from ..schema.strict_json import JsonObject
from ..versioning.content import Content
from ..versioning.fields import ABSENT
from ..versioning.merge import Difference, differences

Mark = Literal["same", "out", "in"]
Turn = Literal["added", "removed", "changed", "order"]
# A Latin word or number is one sign of a text, and so is each Chinese letter.
SIGNS = re.compile(r"[A-Za-z0-9\u00c0-\u024f]+(?:[.:][0-9]+)*|\s+|.", re.DOTALL)
MAX_PAIRS = 1_000_000  # signs of one text times signs of the other: beyond, the whole text is told as replaced
MIN_KEPT = 0.4  # of the shorter text: below, marks would be confetti


def _choices(table: PropertyTable) -> dict[str, str]:
    """Return what messages begin with that say the ids of a member, or of a list by its first member."""
    members = [(m.key, m.type) for p in table for m in p.members]
    lists = [(p.key, p.members[0].type) for p in table if isinstance(p.type, ItemList)]
    return {key: of.words for key, of in (*members, *lists) if isinstance(of, Choice) and of.words}


def _as_members(table: PropertyTable) -> dict[str, Described]:
    """Return what describes a member by its key; a property is a member where several are merged as one."""
    members = {m.key: m for p in reversed(table.rows) for m in reversed(p.members)}
    return members | {p.key: p for p in table if p.merge == "together"}


CHOICES = Derived(_choices)
MEMBERS = Derived(_as_members)
NAMED = ("stops", "photos", "file")  # ids and files that have names: those of places, and what a photo shows
AND = {"zh": "、", "en": ", "}


@dataclass(frozen=True)
class Piece:
    """Hold a piece of a text: in both versions, only in the old one (out), or only in the new one (in)."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class Part:
    """Hold one text of a field that differs; `label` says which, empty where the field has only one."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class DiffLine:
    """Hold one field that differs: its path as in a merge, its name for people, and its texts."""

    path: str
    title: str
    turn: Turn
    parts: tuple[Part, ...]

    @property
    def field(self) -> str:
        """Return the field of the form that holds it."""
        return field_of(self.path)


def field_noun(key: str, language: Language) -> str:
    """Return what a sentence calls a property, or another field of a feature as its place on the map."""
    found = properties().by_key.get(key)
    return found.in_sentence(language) if found else messages(language).get(f"worklist.field_{key}", key)


def _form_name(of: Property, language: Language) -> str:
    """Return what the form calls a property; a list by what it calls one of its rows."""
    return of.in_sentence(language) if isinstance(of.type, ItemList | Stops) else of.as_member(language)


def field_of(path: str) -> str:
    """Return the field of the form for a path of a merge: that of the list for an item of it."""
    return path.partition("[")[0].partition(":")[0]


def redline(
    old: Content, new: Content, city: City, language: Language, name_of: Callable[[str], str] = str
) -> tuple[DiffLine, ...]:
    """Return the fields in which two versions differ, for people; `name_of` names the stop of a route by its id.

    A photo is called by what it shows.
    """
    name_of = photo_naming((old, new), language, name_of)
    found = {difference.path: difference for difference in differences(old, new)}
    return tuple(diff_line(found[path], city, language, name_of) for path in in_reading_order(found, language))


def photo_naming(
    contents: Iterable[Content], language: Language, name_of: Callable[[str], str] = str
) -> Callable[[str], str]:
    """Return what calls a photo of these contents, of which the last counts most, by its words instead of its file.

    One without words is "照片 2", as the form calls it; all else is named by `name_of`.
    """
    numbered: dict[str, str] = {}
    said: dict[str, str] = {}
    for content in contents:
        for number, photo in enumerate(content.attributes.photos, 1):
            numbered[photo.file] = _photo_row(language, number)
            if words := say(photo.alt, language).text:
                said[photo.file] = words
    names = numbered | said
    return lambda name: names.get(name) or name_of(name)


def _photo_row(language: Language, number: int | str) -> str:
    of = properties().by_key["photos"].type
    return of.row[language].format(number=number) if isinstance(of, ItemList) else str(number)


def in_reading_order(paths: Iterable[str], language: Language) -> list[str]:
    """Return paths with the reader's language of each field before the other, and all else as it is."""
    first: dict[str, int] = {}
    for number, path in enumerate(listed := list(paths)):
        first.setdefault(_stem(path), number)
    return sorted(listed, key=lambda path: (first[_stem(path)], _is_other(path, language)))


def _stem(path: str) -> str:
    head, _, tail = path.rpartition(".")
    return head if tail in LANGUAGES else path


def _is_other(path: str, language: Language) -> bool:
    tail = path.rpartition(".")[2]
    return tail in LANGUAGES and tail != language


def diff_line(difference: Difference, city: City, language: Language, name_of: Callable[[str], str] = str) -> DiffLine:
    """Return one difference for people."""
    words = _Words(city, language, name_of)
    key = field_of(difference.path)
    if difference.path.endswith(":order"):
        old, new = (
            AND[language].join(words.scalar(key, name) for name in side) for side in (difference.old, difference.new)
        )
        return DiffLine(difference.path, words.title(difference.path), "order", (Part("", marked(old, new)),))
    old_texts, new_texts = (words.texts(key, side) for side in (difference.old, difference.new))
    parts = tuple(
        Part(label, marked(old_texts.get(label, ""), new_texts.get(label, "")))
        for label in dict.fromkeys([*old_texts, *new_texts])
        if old_texts.get(label) != new_texts.get(label)
    )
    turn: Turn = "added" if difference.old is ABSENT else "removed" if difference.new is ABSENT else "changed"
    return DiffLine(difference.path, words.title(difference.path), turn, parts)


def value_text(
    path: str, value: object, city: City, language: Language, name_of: Callable[[str], str] = str
) -> list[tuple[str, str]]:
    """Return one value of a field as (label, text); nothing for one that is not there."""
    return list(_Words(city, language, name_of).texts(field_of(path), value).items())


def title_of(path: str, city: City, language: Language, name_of: Callable[[str], str] = str) -> str:
    """Return the name of a field for people; `name_of` is that of `redline`, or what `photo_naming` makes of it."""
    return _Words(city, language, name_of).title(path)


def marked(old: str, new: str) -> tuple[Piece, ...]:
    """Return two texts as one, with what goes and what comes; as a whole where little is kept."""
    before, after = SIGNS.findall(old), SIGNS.findall(new)
    first = _shared(before, after)
    last = _shared(before[first:][::-1], after[first:][::-1])
    middle = before[first : len(before) - last], after[first : len(after) - last]
    pieces = [Piece("same", "".join(before[:first])), *_middle(*middle)]
    pieces.append(Piece("same", "".join(before[len(before) - last :])))
    return tuple(piece for piece in pieces if piece.text)


def _middle(before: list[str], after: list[str]) -> Iterator[Piece]:
    """Yield the part between what two texts begin and end with."""
    whole = [("replace", 0, len(before), 0, len(after))]
    codes = whole
    if len(before) * len(after) <= MAX_PAIRS:
        codes = list(SequenceMatcher(None, before, after, autojunk=False).get_opcodes())
        kept = _told(sign for tag, a1, a2, _, _ in codes if tag == "equal" for sign in before[a1:a2])
        codes = codes if kept >= MIN_KEPT * min(_told(before), _told(after)) else whole
    for tag, a1, a2, b1, b2 in codes:
        if tag == "equal":
            yield Piece("same", "".join(before[a1:a2]))
        else:
            yield Piece("out", "".join(before[a1:a2]))
            yield Piece("in", "".join(after[b1:b2]))


def _shared(before: list[str], after: list[str]) -> int:
    """Return with how many signs both texts begin."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((number for number, (one, other) in pairs if one != other), min(len(before), len(after)))


def _told(signs: Iterable[str]) -> int:
    """Return how many signs are more than room between words."""
    return sum(not sign.isspace() for sign in signs)


@dataclass(frozen=True)
class _Words:
    """Say paths and values in one language."""

    city: City
    language: Language
    name_of: Callable[[str], str] = str

    def title(self, path: str) -> str:
        """Return a path in words: `name.zh` as "名称 · 中文", `facts[建成]` as "要点 · 建成"."""
        plain = path.removesuffix(":order")
        head, _, item = plain.partition("[")
        key, _, member = head.partition(".")
        of = properties().by_key.get(key)
        names = [_form_name(of, self.language) if of else field_noun(key, self.language)]
        rest = [self.label(part, of) for part in member.split(".") if part]
        names = rest if member[:1].isdecimal() else [*names, *rest]  # a row's name says of what it is
        names += [self.scalar(key, item.removesuffix("]"))] if item else []
        if key == "photos" and names[-1].removeprefix(_photo_row(self.language, "")).isdecimal():
            return names[-1]  # not "照片 · 照片 2"
        return " · ".join(names)

    def label(self, key: str, of: Property | None = None) -> str:
        """Return what the form calls a member of a property, and a row of its list by its number."""
        if key in LANGUAGES:
            return translate(f"lang.{key}", self.language)
        if key.isdecimal() and of and isinstance(of.type, ItemList | Stops):
            return of.type.row[self.language].format(number=int(key) + 1)
        own = (member for member in of.members if member.key == key) if of else iter(())
        found = next(own, None) or MEMBERS.get(key)
        return found.in_sentence(self.language) if found else key

    def texts(self, key: str, value: object) -> dict[str, str]:
        """Return the texts of a value by label; what is not there has none."""
        if value is ABSENT or value is None:
            return {}
        if key == "geometry" and isinstance(value, dict):
            return {"": self.shape(value)}
        return {" · ".join(labels): text for labels, text in self._flat(key, value, ())}

    def shape(self, geometry: JsonObject) -> str:
        """Return a geometry in words: lon, lat of a point, the number of corners of all else."""
        coordinates = geometry.get("coordinates")
        if geometry.get("type") == "Point" and isinstance(coordinates, list):
            return ", ".join(f"{number:.6f}" for number in coordinates[:2] if isinstance(number, float))
        kind = "area" if str(geometry.get("type")).endswith("Polygon") else "line"
        return translate(f"office.shape_{kind}", self.language, count=_corners(coordinates))

    def scalar(self, key: str, value: object) -> str:
        """Return a plain value in words: ids of the city and of our lists by their titles."""
        if isinstance(value, bool):
            return translate("office.yes" if value else "office.no", self.language)
        if not isinstance(value, str):
            return str(value)
        if key == "kind" and value in self.city.kinds:
            return say(self.city.kinds[value].title, self.language).text
        if key == "themes" and value in self.city.themes:
            return say(self.city.themes[value], self.language).text
        if key in NAMED:
            return self.name_of(value)
        if (of := properties().by_key.get(key)) and of.type == Hours():
            return say_hours(value, self.language)
        return messages(self.language).get(f"{CHOICES[key]}{value}", value) if key in CHOICES else value

    def _flat(self, key: str, value: object, labels: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
        if isinstance(value, dict):
            shown = dict(value)
            if key == "photos" and len(value) > 1:
                shown.pop("file", None)  # the photo is called by what it shows
            for member, part in sorted(shown.items(), key=lambda pair: _is_other(pair[0], self.language)):
                yield from self._flat(member, part, (*labels, self.label(member, properties().by_key.get(key))))
        elif isinstance(value, list) and any(isinstance(part, dict) and len(part) > 1 for part in value):
            for number, part in enumerate(value, 1):
                yield from self._flat(key, part, (*labels, str(number)))
        elif isinstance(value, list):
            parts = [next(iter(part.values()), "") if isinstance(part, dict) else part for part in value]
            yield labels, AND[self.language].join(self.scalar(key, part) for part in parts)
        elif value is not None:
            yield labels, self.scalar(key, value)


def _corners(coordinates: object) -> int:
    if not isinstance(coordinates, list) or not coordinates:
        return 0
    return 1 if isinstance(coordinates[0], float) else sum(_corners(part) for part in coordinates)
