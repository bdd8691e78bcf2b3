"""Say what people call a column of a sheet, and what is wrong in a cell of it.

A column goes by its key: a property's path as `summary.en`, or one of FRAME.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ...i18n import LANGUAGES, Language, translate
from ...schema import faults as schema
from ...schema.faults import label
from ...schema.properties import properties
from ...schema.property_types import Described, Table

ID, VERSION, LON, LAT, SHAPE = "id", "version", "lon", "lat", "shape"
FRAME = (ID, VERSION, LON, LAT, SHAPE)  # columns that are no property


def heading_of(key: str, language: Language) -> str:
    """Return the heading of a column. Raises KeyError for one that there is not."""
    if key in FRAME:
        return translate(f"files.column_{key}", language)
    words = described(key).heading(language)
    tag = key.rpartition(".")[2]
    return translate(f"files.column_in_{tag}", language, heading=words) if tag in LANGUAGES else words


def described(key: str) -> Described:
    """Return the property of a column, or the member of a table. Raises KeyError for a column that there is not."""
    first, _, rest = key.partition(".")
    found = properties().by_key[first]
    if not isinstance(found.type, Table):
        return found
    return {member.key: member for member in found.members}[rest.partition(".")[0]]


@dataclass(frozen=True)
class FileFault:
    """Say what is wrong in a file: `where` is a cell as C14 or a feature's number, `cure` a value that would do.

    `column` is the key of the column of ours that it is about. Of `values` that end in _zh and _en the one in the
    reader's language fills the place without that end.
    """

    key: str
    values: tuple[tuple[str, str], ...] = ()
    where: str = ""
    cure: str = ""
    column: str = ""

    def sentence(self, language: Language) -> str:
        """Return what is wrong, without where."""
        filled = {name.removesuffix(f"_{language}"): value for name, value in self.values}
        return translate(self.key, language, **filled)

    def title(self, language: Language) -> str:
        """Return what people call the column, or "" where the fault is about none."""
        return heading_of(self.column, language) if self.column else ""

    def say(self, language: Language) -> str:
        """Return the sentence, beginning with where the fault is and what its column is called."""
        title = self.title(language)
        place = translate("files.at_column", language, where=self.where, column=title) if title else self.where
        return (
            translate("files.at", language, place=place, fault=self.sentence(language))
            if place
            else self.sentence(language)
        )


def fault(key: str, where: str = "", cure: str = "", column: str = "", /, **values: object) -> FileFault:
    """Return a fault; `values` fill in its sentence."""
    return FileFault(key, tuple((name, str(value)) for name, value in values.items()), where, cure, column)


def of_check(found: schema.Fault, where: str = "", column: str = "") -> FileFault:
    """Return what a check of data found as a fault of a file, with the cell and the column that it is about."""
    named = {f"path_{language}": label(found.path, language) for language in LANGUAGES}
    within = {f"within_{language}": label(found.within, language) for language in LANGUAGES}
    return fault(f"fault.{found.rule}", where, "", column, **dict(found.values) | named | within)


def gathered(faults: Iterable[FileFault]) -> list[tuple[FileFault, list[str]]]:
    """Return each fault once, with all the places where it stands, in the order of the first."""
    found: dict[FileFault, list[str]] = {}
    for told in faults:
        found.setdefault(replace(told, where=""), []).append(told.where)
    return list(found.items())
