"""Describe what a property of a feature can be: its type, its names in both languages, how it is grouped and cited."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from ..i18n import LANGUAGES, Language, Text

NameOf = Callable[[Any], str]  # Any: an item as JSON holds it; what has no name raises TypeError, KeyError and the like


def both(zh: str, en: str) -> Text:
    """Return a text in both languages."""
    return {"zh": zh, "en": en}


@dataclass(frozen=True)
class BilingualText:
    """Hold {"zh": ..., "en": ...}: a name on one short line, a line, or sentences.

    A short name stands in for a name in a language in which that is long; it need not be there in the other.
    """

    size: Literal["short", "name", "line", "long"] = "line"

    @property
    def is_name(self) -> bool:
        """Return whether it is a name, short or whole."""
        return self.size in ("short", "name")


@dataclass(frozen=True)
class BilingualList:
    """Hold a list of texts in both languages, one a line on the form."""


@dataclass(frozen=True)
class PlainText:
    """Hold a text in no language: an id, the file of a photo, an address on the web, a phone number, times of day."""

    form: Literal["line", "id", "photo", "url", "stop", "phone", "currency"] = "line"


@dataclass(frozen=True)
class SourceTitle:
    """Hold the title of one of the feature's sources; `of` is the property that rests on it, "" within an item."""

    of: str = ""


@dataclass(frozen=True)
class Choice:
    """Hold one of a few ids: of `values`, or of the list of the city or the layer that `of` names.

    The messages that begin with `words` say each of `values`, on the form those that begin with `form_words`.
    """

    values: tuple[str, ...] = ()
    words: str = ""
    form_words: str = ""
    of: Literal["", "kinds"] = ""


@dataclass(frozen=True)
class Number:
    """Hold a number from `least` to `most`; `is_whole` for one without a fraction. The unit stands in the key.

    `is_open` where the limits themselves are beyond what may be.
    """

    least: float
    most: float
    is_whole: bool = False
    is_open: bool = False

    def holds(self, number: float) -> bool:
        """Return whether a number is within the limits; one that is not a number is not."""
        return self.least < number < self.most or (not self.is_open and number in (self.least, self.most))


@dataclass(frozen=True)
class YesNo:
    """Hold true or false; a claim is answered with is and is not, all else with there is and there is not."""

    is_claim: bool = False


@dataclass(frozen=True)
class Date:
    """Hold a year, a month or a day as ISO text."""


@dataclass(frozen=True)
class Month:
    """Hold a month as ISO text."""


@dataclass(frozen=True)
class Hours:
    """Hold opening hours in OpenStreetMap syntax."""


@dataclass(frozen=True)
class Listed:
    """Hold a list of texts that people write, or of ids that they tick; its order says nothing worth a question."""

    of: Literal["texts", "themes", "figures"] = "texts"


@dataclass(frozen=True)
class ItemList:
    """Hold a list of tables; `name_of` says by what an item is the same one in two versions.

    `sheet` has the order of the members in a cell where it is not theirs here: what came later stands last, so that
    older sheets are still read. A member that is not in it has no room there. `row` names a row on the form by its
    `{number}`, `add` the button for one more.
    """

    members: tuple[Member, ...]
    name_of: NameOf | None = None
    row: Text = field(default_factory=dict)
    add: Text = field(default_factory=dict)
    sheet: tuple[str, ...] = ()

    @property
    def in_cell(self) -> tuple[Member, ...]:
        """Return the members in the order of a cell."""
        named = {member.key: member for member in self.members}
        return tuple(named[key] for key in self.sheet or named)


@dataclass(frozen=True)
class Stops:
    """Hold the ids of a tour route's stops; on the form each is a row, with the way that leads on from it."""

    members: tuple[Member, ...]
    row: Text
    add: Text


@dataclass(frozen=True)
class Table:
    """Hold a table of members."""

    members: tuple[Member, ...]


Type = (
    BilingualText
    | BilingualList
    | PlainText
    | SourceTitle
    | Choice
    | Number
    | YesNo
    | Date
    | Month
    | Hours
    | Listed
    | ItemList
    | Stops
    | Table
)


@dataclass(frozen=True, eq=False)
class Described:
    """Hold the key of a property or of a member of one, its type, and what people call it.

    `help` stands behind the label on the form. `title` is the heading of a sheet's column where the label alone says
    too little, `noun` the name in a sentence; without them the label does. `known_as` are other headings, parted by
    spaces, that a column is known by; by language where it has one.
    """

    key: str
    type: Type
    label: Text
    help: Text = field(default_factory=dict)
    title: Text = field(default_factory=dict)
    noun: Text = field(default_factory=dict)
    known_as: Mapping[str, str] = field(default_factory=dict)

    def asked(self, language: Language) -> str:
        """Return what the form asks for: the label and, in brackets, how to write it."""
        label, hint = self.label[language], self.help.get(language)
        opening, closing = ("（", "）") if language == "zh" else (" (", ")")
        return f"{label}{opening}{hint}{closing}" if hint else label

    def heading(self, language: Language) -> str:
        """Return the heading of a column."""
        return (self.title or self.label)[language]

    def in_sentence(self, language: Language) -> str:
        """Return what a sentence calls it: the label with a small letter where it has no other noun."""
        return self.noun[language] if self.noun else self.as_member(language)

    def as_member(self, language: Language) -> str:
        """Return the label with a small letter, as it stands behind that of what it is part of."""
        label = self.label[language]
        return label[:1].lower() + label[1:]


@dataclass(frozen=True, eq=False)
class Member(Described):
    """Describe a member of a table or of the items of a list."""

    is_needed: bool = False


Merge = Literal["fields", "whole", "together"]


@dataclass(frozen=True, eq=False)
class Property(Described):
    """Describe a property of a feature.

    `group` is the part of the form that it stands in. A statement that `is_sourced` has beside it the title of its
    source, as `source_key`, which several may share, or `<key>_source`. One that has no field stands in the rows of
    another; one that is not public stays at the desk and in the files that staff exchange. `merge` says what
    two edits are joined by: what the type falls into (members, items), the whole value, or all properties that are
    merged together as if they were one.
    """

    group: str = ""
    is_required: bool = False
    is_sourced: bool = False
    source_key: str = ""
    source_label: Text = field(default_factory=dict)
    has_field: bool = True
    is_public: bool = True
    merge: Merge = "fields"

    @property
    def members(self) -> tuple[Member, ...]:
        """Return the members of a table, or of the items of a list; none for all else."""
        return self.type.members if isinstance(self.type, ItemList | Stops | Table) else ()

    @property
    def cited_in(self) -> str:
        """Return the key of the property that holds the title of this one's source."""
        return self.source_key or f"{self.key}_source"

    @property
    def is_list_of_statements(self) -> bool:
        """Return whether each item names a source of its own."""
        return isinstance(self.type, ItemList) and any(isinstance(m.type, SourceTitle) for m in self.members)

    def companion(self) -> Property | None:
        """Return the property that holds the title of this one's source."""
        if not self.is_sourced:
            return None
        named = self.source_label or both(f"{self.label['zh']}的来源", f"Source of the {self.as_member('en')}")
        told: Text = {language: self.in_sentence(language) for language in LANGUAGES}
        of = SourceTitle(self.key)
        return Property(self.cited_in, of, named, noun=told, group=self.group, is_public=self.is_public)


@dataclass(frozen=True)
class Group:
    """Describe a part of the form; one that is always open begins so even when it says nothing."""

    key: str
    is_always_open: bool = False


@dataclass(frozen=True, eq=False)
class PropertyTable:
    """Hold the properties in order, each statement followed by its source."""

    rows: tuple[Property, ...]

    @classmethod
    def of(cls, rows: tuple[Property, ...]) -> PropertyTable:
        """Return the table of rows and of the sources that they ask for; one that is shared stands behind the first."""
        made: dict[str, Property] = {}
        for one in (one for row in rows for one in (row, row.companion()) if one):
            made.setdefault(one.key, one)
        return cls(tuple(made.values()))

    @cached_property
    def by_key(self) -> Mapping[str, Property]:
        """Return each property by its key."""
        return {row.key: row for row in self.rows}

    def __iter__(self) -> Iterator[Property]:
        return iter(self.rows)
