"""Hold what is wrong with data as data: rule, path, values; it becomes a sentence here, once, in the reader's language.

The sentences stand in `messages/faults.toml` by rule. One names the property where it says `{path}`, and only the item
that it is in where it says `{within}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from ..i18n import Language, messages, translate
from .properties import properties
from .property_types import Described, Property, SourceTitle

Severity = Literal["error", "warning"]
PART = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")  # of a path: a key, or the number of an item
TAGS = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Fault:
    """Say what is wrong: `path` leads to the value in what is looked at, as `phases[2].from`; "" is all of it.

    Of `values` that end in _zh and _en the one in the reader's language fills the place without that end. The edge of
    a file adds `file`, and in it the `item` and of which `kind` it is: a feature's id, a figure's number.
    """

    rule: str
    path: str = ""
    values: tuple[tuple[str, str], ...] = ()
    severity: Severity = "error"
    file: str = ""
    kind: str = ""
    item: str = ""

    def __str__(self) -> str:
        return self.line("en")

    @property
    def root(self) -> str:
        """Return the property that the fault is in, or ""."""
        return re.split(r"[.\[]", self.path, maxsplit=1)[0]

    @property
    def within(self) -> str:
        """Return the path of what holds the value; of the title of a source, that of what rests on it."""
        row = properties().by_key.get(self.path)
        if row and isinstance(row.type, SourceTitle) and row.type.of:
            return row.type.of
        return self.path.rpartition(".")[0] or self.path

    @property
    def feature(self) -> str:
        """Return the id of the feature that it is about, or ""."""
        return self.item if self.kind == "feature" else ""

    def under(self, path: str) -> Fault:
        """Return the fault as one of what holds the value: its path begins with `path`."""
        dot = "." if self.path and not self.path.startswith("[") else ""
        return replace(self, path=f"{path}{dot}{self.path}")

    def of(self, kind: str, item: str = "") -> Fault:
        """Return the fault as one of an item of a file."""
        return replace(self, kind=kind, item=item)

    def sentence(self, language: Language) -> str:
        """Return what is wrong and the cure, without where, for those who know properties by what a form calls them."""
        return self._filled(language, label(self.path, language), label(self.within, language))

    def line(self, language: Language) -> str:
        """Return file, item, property, what is wrong and the cure, for those who write files by hand."""
        is_named = "{item}" in messages(language)[f"fault.{self.rule}"]
        item = translate(f"faultline.{self.kind}", language, item=self.item) if self.kind and not is_named else ""
        parts = [part for part in (self.file, item, self._for_writers(language)) if part]
        return printable(translate("faultline.colon", language).join(parts))

    def _for_writers(self, language: Language) -> str:
        """Return what is wrong for those who know properties by their keys; in Chinese beside what they are called."""
        if language == "en":
            return self._filled("en", keys(self.path), keys(self.within))

        def both(path: str) -> str:
            named = label(path, language)
            return translate("faultline.key", language, label=named, path=path) if named != path else path

        return self._filled(language, both(self.path), both(self.within))

    def _filled(self, language: Language, path: str, within: str) -> str:
        filled = {name.removesuffix(f"_{language}"): value for name, value in self.values}
        filled |= {"path": path, "within": within, "item": self.item}
        return printable(translate(f"fault.{self.rule}", language, **filled).strip())

    def as_json(self, language: Language) -> dict[str, object]:
        """Return the fault for programs."""
        item = {"kind": self.kind, "id": self.item}
        where: dict[str, object] = {"file": self.file, "feature": self.feature, "item": item}
        what: dict[str, object] = {
            "rule": self.rule,
            "path": self.path,
            "severity": self.severity,
            "values": dict(self.values),
        }
        return where | what | {"sentence": self._for_writers(language)}


def fault(rule: str, path: str = "", /, **values: object) -> Fault:
    """Return a fault; `values` fill in its sentence."""
    return Fault(rule, path, tuple((name, str(value)) for name, value in values.items()))


def under(path: str, faults: Iterable[Fault]) -> Iterator[Fault]:
    """Yield faults of a value as those of what holds it."""
    return (one.under(path) for one in faults)


def field_of(path: str) -> str:
    """Return the name of a form's field: `phases.2.from` for the path `phases[2].from`."""
    return re.sub(r"\[([0-9]+)\]", r".\1", path)


def path_of(field: str) -> str:
    """Return the path of a form's field."""
    return re.sub(r"\.([0-9]+)(?=\.|$)", r"[\1]", field)


def keys(path: str) -> str:
    """Return the keys of a path as words: which item and which language is for the eye to find."""
    named = [key for key, _ in PART.findall(path) if key]
    return " ".join(named[:-1] if len(named) > 1 and named[-1] in TAGS else named)


def label(path: str, language: Language) -> str:
    """Return what people call the property that a path leads to; what has no such name is called by its key."""
    said = ""
    known: Mapping[str, Described] = properties().by_key
    for key, number in PART.findall(path):
        if number:
            said = translate("faultline.numbered", language, label=said, number=int(number) + 1)
        elif said and key in TAGS:
            said = translate(f"faultline.tag_{key}", language, label=said)
        else:
            described = known.get(key)
            named = described.label[language] if described else key
            known = {member.key: member for member in described.members} if isinstance(described, Property) else {}
            said = translate("faultline.part", language, label=said, part=named) if said else named
    return said


def printable(text: str) -> str:
    """Return a text with whatever could break a line, a terminal or an encoding written as an escape."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
