"""Lay the form of a feature out: groups of lines and lists, each field with its value, choices and faults.

Tell a script which fields of its form have other values now, since somebody else's changes were merged in.

Without that its next save would begin from the merged draft, with the old values still in the form, and so take the
other's changes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from ...catalogue.catalogue import Catalogue
from ...city.spec import LayerSpec
from ...i18n import Language, Text, say, translate
from ...schema.properties import GROUPS, Derived, by_group, properties
from ...schema.property_types import Choice, ItemList, Listed, PlainText, SourceTitle, Stops, Type, YesNo
from ...versioning.content import Content
from ..diff import field_of
from ..stop_names import stop_name
from .edit_source import HERE
from .faults import Faults
from .fields import FIELDS, ROWS, Kind, described, row_numbers, to_fields

IN_GROUP = Derived(lambda table: {key: tuple(p.key for p in group) for key, group in by_group(table).items()})
Options = tuple[tuple[str, str], ...]  # value, words
ALWAYS_OPEN = frozenset(group.key for group in GROUPS if group.is_always_open)


@dataclass(frozen=True)
class Field:
    """Hold one field; `tag` is zh or en for one of a pair, `options` are (value, words) where there is a choice.

    `pictures` are the addresses of photos among them, by value.
    """

    name: str
    kind: Kind
    label: str
    tag: str
    value: str
    options: Options
    faults: tuple[str, ...]
    pictures: Mapping[str, str]

    @property
    def values(self) -> list[str]:
        """Return the values of a field that takes several."""
        return [value for value in self.value.split("\n") if value]


@dataclass(frozen=True)
class FormLine:
    """Hold a field, or the two of a text in Chinese and English."""

    fields: tuple[Field, ...]

    @property
    def missing(self) -> str:
        """Return the language in which a text that is there in the other one is missing, or nothing."""
        blank = [field.tag for field in self.fields if not field.value.strip()]
        return blank[0] if len(self.fields) == 2 and len(blank) == 1 else ""


@dataclass(frozen=True)
class Rows:
    """Hold a list: its rows, of which the last one is empty, and what is wrong with it as a whole.

    `row_words` name a row by its `{number}`, `add` is the button for one more.
    """

    key: str
    row_words: str
    add: str
    rows: tuple[tuple[FormLine, ...], ...]
    faults: tuple[str, ...]

    def name_of(self, number: int | str) -> str:
        """Return what a row is called."""
        return self.row_words.format(number=number)


@dataclass(frozen=True)
class FormGroup:
    """Hold a part of the form; one that says nothing yet may begin closed, and an unusual one stands behind all others.

    Unusual is what no place of this kind has yet, such as phases of works at a lake. `kinds` are those that it is usual
    for, "" among them while none is chosen.
    """

    key: str
    parts: tuple[FormLine | Rows, ...]
    faults: tuple[str, ...]
    is_open: bool
    is_usual: bool = True
    kinds: tuple[str, ...] = ()


def lay_out(
    fields: Mapping[str, str],
    faults: Faults,
    spec: LayerSpec,
    catalogue: Catalogue,
    language: Language,
    photos: Options = (),
    pictures: Mapping[str, str] = MappingProxyType({}),
) -> tuple[FormGroup, ...]:
    """Return the groups of a form that shows these fields.

    `photos` are (name, words) of those to choose from, `pictures` their addresses by name.
    """
    maker = _Maker(fields, faults, spec, catalogue, language, photos, pictures)
    groups = (maker.group(key, names) for key, names in IN_GROUP.items())
    used = _used(spec, catalogue)
    return tuple(_placed(group, fields.get("kind", ""), used) for group in groups)


def _placed(group: FormGroup, kind: str, used: Mapping[str, set[str]]) -> FormGroup:
    """Return a group with the kinds that it is usual for; one that says something stands in its place for any."""
    names, is_always = IN_GROUP[group.key], group.key in ALWAYS_OPEN
    usual = tuple(key for key, said in used.items() if is_always or not said or not said.isdisjoint(names))
    return replace(group, is_usual=group.is_open or kind not in used or kind in usual, kinds=usual)


def _used(spec: LayerSpec, catalogue: Catalogue) -> dict[str, set[str]]:
    """Return by kind, "" for none yet, what places of it in a layer say of themselves, and what all may say.

    Where one says how long a visit takes, one may say when; before a kind is chosen, one may say either. Of a kind
    without places nothing is known.
    """
    used: dict[str, set[str]] = {kind: set() for kind in ("", *spec.kinds)}
    for feature in catalogue.layers[spec.id].features:
        said = {name for name, value in feature.properties.items() if value}
        for kind in {"", feature.kind} & {*used}:
            used[kind] |= said
    return {kind: _completed(kind, said, catalogue) for kind, said in used.items()}


def _completed(kind: str, said: set[str], catalogue: Catalogue) -> set[str]:
    """Return what places of a kind may say; nothing where nothing is known of them."""
    if not said:
        return said
    is_route = kind in catalogue.city.kinds and catalogue.city.kinds[kind].role == "route"
    hours = {"opening_hours", "visit_min"} if not kind or "visit_min" in said else set()
    return said | {"notices", "photos", "facts"} | hours | ({"stops"} if is_route else set())


class _Maker:
    """Make the parts of a form from what it shows."""

    def __init__(
        self,
        fields: Mapping[str, str],
        faults: Faults,
        spec: LayerSpec,
        catalogue: Catalogue,
        language: Language,
        photos: Options,
        pictures: Mapping[str, str],
    ) -> None:
        self._fields, self._faults, self._language = fields, faults, language
        self._catalogue = catalogue
        self._pictures = pictures
        self._spec, self._photos = spec, photos

    def group(self, key: str, names: tuple[str, ...]) -> FormGroup:
        """Return one group with the fields of these names."""
        parts: list[FormLine | Rows] = []
        for name in names:
            parts += [self._list(name)] if name in ROWS else self._lines(name)
        told = {field.partition(".")[0] for field, value in self._fields.items() if value} | {
            name.partition(".")[0] for name in self._faults
        }
        shown = {field.name for part in parts if isinstance(part, FormLine) for field in part.fields}
        shown |= {name.removesuffix(".zh") for name in shown} | set(ROWS)
        faults = [fault for name in names if name not in shown for fault in self._faults.get(name, ())]
        return FormGroup(key, tuple(parts), tuple(faults), key in ALWAYS_OPEN or not told.isdisjoint(names))

    def _lines(self, name: str) -> list[FormLine]:
        kinds = {key: kind for key, kind in FIELDS.items() if key == name or key.startswith(f"{name}.")}
        return self._paired(kinds, "")

    def _list(self, key: str) -> Rows:
        numbers = row_numbers(self._fields, key)
        numbers.append(numbers[-1] + 1 if numbers else 0)
        rows = tuple(tuple(self._paired(ROWS[key], f"{key}.{number}.")) for number in numbers)
        of = properties().by_key[key].type
        words = (of.row[self._language], of.add[self._language]) if isinstance(of, ItemList | Stops) else ("", "")
        return Rows(key, *words, rows, tuple(self._faults.get(key, ())))

    def _paired(self, kinds: Mapping[str, Kind], prefix: str) -> list[FormLine]:
        """Return the lines of fields; the two languages of a text stand together."""
        lines: dict[str, list[Field]] = {}
        for name, kind in kinds.items():
            stem, _, tag = name.rpartition(".")
            is_pair = tag in ("zh", "en")
            lines.setdefault(stem if is_pair else name, []).append(
                self._field(prefix + name, kind, tag if is_pair else "")
            )
        return [FormLine(tuple(fields)) for fields in lines.values()]

    def _field(self, name: str, kind: Kind, tag: str) -> Field:
        value = self._fields.get(name, "")
        value = stop_name(self._catalogue, value, self._language) if kind == "stop" else value
        of = described(name)
        options = self._options(of.type)
        chosen = value.split("\n") if kind == "themes" else [value]
        unknown = tuple((text, text) for text in chosen if text and text not in dict(options))
        unknown = unknown if options or kind == "photo" else ()
        faults = [*self._faults.get(name, ())]
        faults += self._faults.get(name.removesuffix(f".{tag}"), ()) if tag == "zh" else ()
        pictures = self._pictures if kind == "photo" else {}
        return Field(name, kind, of.asked(self._language), tag, value, options + unknown, tuple(faults), pictures)

    def _options(self, of: Type) -> Options:
        """Return what a field of a type can be chosen from; nothing where it is written."""
        city, say_it = self._catalogue.city, partial(translate, language=self._language)
        match of:
            case Choice(of="kinds"):
                return self._titled(self._spec.kinds, {key: kind.title for key, kind in city.kinds.items()})
            case Choice(values, form_words=words):
                return tuple((key, say_it(words + key)) for key in values)
            case Listed("themes"):
                return self._titled(city.themes, city.themes)
            case Listed("figures"):
                return self._titled(*_figures(self._catalogue))
            case YesNo(is_claim):
                yes, no = ("edit.is_yes", "edit.is_no") if is_claim else ("edit.yes", "edit.no")
                return (("yes", say_it(yes)), ("no", say_it(no)))
            case PlainText("photo"):
                return self._photos
            case SourceTitle():
                return (*((title, title) for title in self._titles()), (HERE, say_it("edit.cites_here")))
        return ()

    def _titles(self) -> list[str]:
        """Return the titles of the sources that the form lists."""
        listed = (self._fields.get(f"sources.{number}.title", "") for number in row_numbers(self._fields, "sources"))
        return list(dict.fromkeys(title for title in listed if title.strip()))

    def _titled(self, keys: Iterable[str], titles: Mapping[str, Text]) -> Options:
        return tuple((key, say(titles[key], self._language).text) for key in keys)


def _figures(catalogue: Catalogue) -> tuple[Iterable[str], Mapping[str, Text]]:
    """Return the ids of the city's figures, and their labels."""
    labels = {figure.id: figure.label for figure in catalogue.figures}
    return labels, labels


Pairs = list[tuple[str, str]]


def came_in(paths: Iterable[str], content: Content) -> tuple[Pairs, list[str]]:
    """Return name and value of each field that shows what changed at these paths, and the lists among them, whole."""
    fields, lists, names = to_fields(content), [], []
    for path in paths:
        key = field_of(path)
        if key in ROWS:
            lists.append(key)
            names += [name for name in fields if name.startswith(f"{key}.")] + (["is_loop"] if key == "stops" else [])
        elif key == "geometry":
            names += [name for name in ("geometry", "lon", "lat", "corners", "shape") if name in fields]
        else:
            names += [key] if key in FIELDS else [name for name in FIELDS if name.partition(".")[0] == key]
    pairs = [pair for name in dict.fromkeys(names) for pair in _pairs(name, fields[name])]
    return pairs, list(dict.fromkeys(lists))


def _pairs(name: str, value: str) -> Pairs:
    """Return a field as the form sends it: boxes one by one behind an empty one, coordinates with what they were."""
    if FIELDS.get(name) == "themes":
        return [(name, ""), *((name, theme) for theme in value.split("\n") if theme)]
    return [(name, value), (f"{name}_was", value)] if name in ("lon", "lat", "corners") else [(name, value)]
