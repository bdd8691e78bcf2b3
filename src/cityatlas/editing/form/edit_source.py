"""Take the one source of an edit into the form: beside each statement that was changed, and once into the sources.

A form says it in `cites`, the title of a source that is known, or in `cites.title`, `cites.date` and `cites.url`, a new
one, which counts before. A field of a source that holds `HERE` asks for it by name. `cites_listed` names the source
that the edit itself has put into the list: another in its place takes it out again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ...schema.items import Source
from ...schema.properties import properties
from ...schema.property_types import ItemList, Property, SourceTitle, Table
from ...versioning.content import Content
from .fields import FIELDS, ROWS, Fields, read_fields, row_numbers, to_fields
from .place import read_place

CITES = "cites"
LISTED = "cites_listed"
NEW = ("cites.title", "cites.date", "cites.url")
HERE = "@edit"


@dataclass(frozen=True)
class _Form:
    """Hold what is typed, what the fields of what visitors see would be, and the source before this one."""

    fields: Fields
    shown: Mapping[str, str]
    before: str

    def has_changed(self, names: Iterable[str]) -> bool:
        """Return whether one of these fields has another text now, and one says anything at all."""
        listed = [name for name in names if name in self.fields]
        is_other = any(_text(self.fields[name]) != _text(self.shown.get(name, "")) for name in listed)
        return is_other and any(self.fields[name].strip() for name in listed)

    def is_open(self, name: str) -> bool:
        """Return whether nobody chose another source in a field."""
        typed = self.fields.get(name, "").strip()
        return typed in ("", self.before, self.shown.get(name, "").strip())


def read_edit_source(fields: Fields, known: Mapping[str, Source]) -> Source | None:
    """Return the source that a form names for all of an edit, or None; `known` are those to choose from by title."""
    title, date, url = (fields.get(name, "").strip() for name in NEW)
    found = known.get(title or fields.get(CITES, ""))
    if not title:
        return found
    return Source(title=title, date=date or (found.date if found else ""), url=url or (found.url if found else ""))


def with_edit_source(fields: Fields, shown: Content, known: Mapping[str, Source]) -> dict[str, str]:
    """Return the fields with the source of the edit beside what differs from `shown`, which is what visitors see.

    A source that somebody chose beside a statement stays, unless it is the one that the edit named before
    (`cites_was`). The source joins the list of sources where that has none of its title, and goes from there when
    another one is named, unless something cites it or visitors see it among the sources.
    """
    source = read_edit_source(fields, known)
    title = source.title if source else ""
    filled = {name: title if typed == HERE else typed for name, typed in fields.items()}
    if source is None or read_fields(filled, shown).content == shown:
        return filled
    form = _Form(filled, to_fields(shown), fields.get(f"{CITES}_was", "").strip())
    filled |= dict.fromkeys(_uncited(form, shown), title)
    filled |= _unlisted(form, filled, title)
    added = _listed(filled, source)
    listed = title if added or title == fields.get(LISTED) else ""
    return filled | added | ({LISTED: listed} if listed != fields.get(LISTED, "") else {})


def _uncited(form: _Form, shown: Content) -> Iterator[str]:
    """Yield the fields of sources that stand beside a statement that was changed, and name no other source."""
    for one in properties():
        if isinstance(one.type, ItemList) and one.is_list_of_statements:
            yield from _uncited_rows(form, one)
        elif one.is_sourced and form.is_open(one.cited_in) and form.has_changed(_names(one)):
            yield one.cited_in
        elif isinstance(one.type, Table):
            cited = {f"{one.key}.{m.key}" for m in one.members if isinstance(m.type, SourceTitle)}
            has_moved = one.group == "place" and read_place(form.fields, shown.geometry)[0] != shown.geometry
            if has_moved or form.has_changed(set(_names(one)) - cited):
                yield from (name for name in cited if form.is_open(name))


def _uncited_rows(form: _Form, of: Property) -> Iterator[str]:
    """Yield the same of the rows of a list that are not among those that visitors see."""
    kept = [_row(form.shown, of.key, number) for number in row_numbers(form.shown, of.key)]
    for number in row_numbers(form.fields, of.key):
        row = _row(form.fields, of.key, number)
        if row and row not in kept and form.is_open(name := f"{of.key}.{number}.source"):
            yield name


def _row(fields: Fields, key: str, number: int) -> dict[str, str]:
    """Return what a row says beside its source."""
    names = (name for name, kind in ROWS[key].items() if kind != "source")
    said = {name: _text(fields.get(f"{key}.{number}.{name}", "")) for name in names}
    return {name: text for name, text in said.items() if text}


def _names(of: Property) -> Iterator[str]:
    return (name for name in FIELDS if name == of.key or name.startswith(f"{of.key}."))


def _unlisted(form: _Form, filled: Fields, title: str) -> Fields:
    """Return empty fields for the row of the source that the edit listed before, where nothing needs it any more.

    Any field that says its title counts as one that cites it.
    """
    before = form.fields.get(LISTED, "").strip()
    if before in ("", title) or before in _titles(form.shown).values():
        return {}
    row = next((number for number, listed in _titles(filled).items() if listed == before), None)
    own = {CITES, *NEW, LISTED, f"{CITES}_was", f"sources.{row}.title"}
    if row is None or any(name not in own and text.strip() == before for name, text in filled.items()):
        return {}
    return {f"sources.{row}.{key}": "" for key in ROWS["sources"]}


def _titles(fields: Fields) -> dict[int, str]:
    """Return the title of each row of sources."""
    numbers = row_numbers(fields, "sources")
    return {number: fields.get(f"sources.{number}.title", "").strip() for number in numbers}


def _listed(fields: Fields, source: Source) -> dict[str, str]:
    """Return the fields of one more row of sources; none where a row has the title."""
    numbers = row_numbers(fields, "sources")
    if source.title in _titles(fields).values():
        return {}
    blank = (n for n in numbers if not any(fields.get(f"sources.{n}.{key}", "").strip() for key in ROWS["sources"]))
    row = f"sources.{next(blank, max(numbers, default=-1) + 1)}"
    return {f"{row}.title": source.title, f"{row}.date": source.date, f"{row}.url": source.url}


def _text(typed: str) -> str:
    return "\n".join(typed.split())
