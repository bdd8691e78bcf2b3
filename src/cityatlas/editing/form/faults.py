"""Tell field by field what keeps a draft from being published; saving it is never refused for that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ...catalogue.catalogue import Catalogue
from ...city.opening_hours import check_hours
from ...city.property_checks import PHOTO
from ...city.spec import SLUG
from ...city.timetables import DEPARTURES, are_days, runs_faults
from ...city.type_checks import MONTH
from ...city.value_checks import MAX_ITEMS, MAX_NAME, MAX_TEXT, URL, is_date, matches
from ...errors import InvalidHours
from ...geo.geojson import NOT_TEXT
from ...i18n import Language, translate
from ...schema.properties import POSITION_CLASSES, Derived, properties
from ...schema.property_types import Number
from ...store.pending import Around
from ...versioning.content import Content
from ..change_checks import QUIET, change_faults
from ..completeness import SINGLE
from ..publishing_rules import check_publishable
from .fields import FIELDS, ROWS, Kind, described, is_name, name_fault, row_numbers, to_fields

SHAPE = ("geometry", "coordinates", "ring", "has")  # with what sentences about a geometry begin
ALIASES = {"stop": "stops", "legs": "stops", "figure": "figures"}
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,17})?(e[+-]?[0-9]{1,3})?")  # as a form shows what JSON holds
CITED = re.compile("has the source|has no source")  # follows from a list of sources that is faulty itself
NEEDED = Derived(lambda table: {p.key: tuple(m.key for m in p.members if m.is_needed) for p in table})


@dataclass(frozen=True)
class Fault:
    """Hold what is wrong with a field: a sentence and its language; it is English where only our checks know."""

    sentence: str
    language: Language


Faults = dict[str, list[Fault]]


def field_faults(
    catalogue: Catalogue, feature_id: str, content: Content, language: Language, around: Around = QUIET
) -> Faults:
    """Return by field what a feature cannot be published with; empty when it may be.

    What a sentence of ours can say is said in the reader's language; what else the checks find is added to the
    property that they name, or to "" when they name none.
    """
    faults: Faults = {}
    for name, key in _found(catalogue, content):
        faults.setdefault(name, []).append(fault_of(key, language, **_limits(name, key)))
    for objection in check_publishable(content, catalogue.city)[0]:
        if objection.field and objection.field not in faults:
            faults[objection.field] = [Fault(objection.sentence(language), language)]
    known = {name.partition(".")[0] for name in faults}
    for found in change_faults(catalogue, feature_id, content, around):
        sentence = str(found)
        key = _property(sentence)
        if key == "geometry" and content.geometry:
            faults.setdefault(key, [Fault(translate("edit.fault_place", language), language)])
        if key not in known and not (known & {"sources", *SINGLE.values()} and CITED.search(sentence)):
            faults.setdefault(key, []).append(Fault(sentence.removeprefix(f'feature "{feature_id}": '), "en"))
    return faults


def fault_of(key: str, language: Language, **values: object) -> Fault:
    """Return a fault that a sentence of ours says."""
    filled = {"most": MAX_ITEMS, "letters": MAX_NAME} | values
    return Fault(translate(f"edit.fault_{key}", language, **filled), language)


def _limits(name: str, key: str) -> dict[str, str]:
    """Return the limits of a field's number, for the sentence that says them."""
    of = described(name).type if key == "limits" else None
    return {"least": f"{of.least:,}", "most": f"{of.most:,}"} if isinstance(of, Number) else {}


def _property(sentence: str) -> str:
    """Return the property that a sentence of the checks is about, "geometry" or "stops" for both, or ""."""
    sentence = re.sub(r'^feature "[^"]*": ', "", sentence)
    word = re.match(r"[a-z_]*", sentence)[0]  # type: ignore[index]  # an empty word is found in any text
    if word in SHAPE or sentence.startswith("position ["):
        return "geometry"
    return ALIASES.get(word, word if word in properties().by_key else "")


def _found(catalogue: Catalogue, content: Content) -> Iterator[tuple[str, str]]:
    """Yield the name of each field that holds what it may not, and the key of what to say."""
    fields, spec = to_fields(content), catalogue.city.layer(content.layer)
    if content.geometry is None:
        yield "geometry", "no_place"
    if not fields["kind"] or (spec and fields["kind"] not in spec.kinds):
        yield "kind", "kind"
    for key, value in content.properties.items():
        if isinstance(value, list) and len(value) > MAX_ITEMS:
            yield key, "many"
    for name, kind in FIELDS.items():
        yield from _value_faults(name, kind, fields[name], catalogue)
    for key, kinds in ROWS.items():
        for number in row_numbers(fields, key):
            for column, kind in kinds.items():
                name = f"{key}.{number}.{column}"
                yield from _value_faults(name, kind, fields[name], catalogue)
            for column in NEEDED[key]:
                names = [f"{key}.{number}.{end}" for end in kinds if end.partition(".")[0] == column]
                if not any(fields[name] for name in names):
                    yield names[0], "needed"
    yield from _position(fields)
    yield from _order(fields)
    yield from ((f"stops.{n}.mode", "mode") for n in row_numbers(fields, "stops")[:-1] if not fields[f"stops.{n}.mode"])


def _order(fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield phases that end before they begin, or begin before the one above them."""
    begun = ""
    for number in row_numbers(fields, "phases"):
        first, last = fields[f"phases.{number}.from"], fields[f"phases.{number}.to"]
        if first and first < begun:
            yield f"phases.{number}.from", "phase_before"
        begun = first or begun
        if last and last < begun:
            yield f"phases.{number}.to", "phase_ends"


def _position(fields: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what a position of its class lacks."""
    chosen = fields["position.class"]
    if chosen == "approximate" and not fields["position.accuracy_m"]:
        yield "position.accuracy_m", "accuracy"
    if chosen == "schematic" and not (fields["position.located_by.zh"] or fields["position.located_by.en"]):
        yield "position.located_by.zh", "located_by"
    if chosen and chosen not in POSITION_CLASSES:
        yield "position.class", "choice"


def _value_faults(name: str, kind: Kind, text: str, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the text of a field by its kind; an empty one says nothing."""
    if not text:
        return
    if NOT_TEXT.search(text):
        yield name, "control"
    if fault := name_fault(text) if is_name(name) else "long" if len(text) > MAX_TEXT else "":
        yield name, fault
    of = described(name).type
    if isinstance(of, Number):
        yield from ((name, wrong) for wrong in _number_faults(text, of, kind))
    elif any(_is_wrong(_last(name), kind, line, catalogue) for line in text.split("\n")):
        yield name, _last(name) if _last(name) in OWN else kind
    if re.fullmatch(r"programmes\.[0-9]+\.id", name) and not matches(SLUG, text):
        yield name, "slug"


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _is_wrong(last: str, kind: Kind, text: str, catalogue: Catalogue) -> bool:
    """Return whether a text, of a field whose name ends with `last`, is none of its kind."""
    if last in OWN:
        return not OWN[last](text, catalogue)
    return kind in CHECKS and not CHECKS[kind](text, catalogue)


def _number_faults(text: str, number: Number, kind: Kind) -> Iterator[str]:
    """Yield the key of what is wrong with a text as a number: it is none, or beyond the limits."""
    is_number = text.isdecimal() if number.is_whole else NUMBER.fullmatch(text)
    if not is_number:
        yield kind
    elif not number.holds(float(text)):
        yield kind if number.is_open else "limits"


def _are_hours(text: str) -> bool:
    try:
        check_hours(text)
    except InvalidHours:
        return False
    return True


def _are_runs(text: str) -> bool:
    """Return whether a text holds runs of a boat, as far as that can be told without its stops."""
    return not any(True for _ in runs_faults(text, len(text.split(";")[0].split())))


Check = Callable[[str, Catalogue], bool]
CHECKS: Mapping[str, Check] = {
    "month": lambda text, _: matches(MONTH, text),
    "date": lambda text, _: is_date(text),
    "url": lambda text, _: matches(URL, text),
    "hours": lambda text, _: _are_hours(text),
    "photo": lambda text, _: matches(PHOTO, text),
    "stop": lambda text, catalogue: text in catalogue.features,
    "themes": lambda text, catalogue: text in catalogue.city.themes,
    "yes_no": lambda text, _: text in ("yes", "no"),
}
# Fields that ask more than their kind does, by the end of their names.
OWN: Mapping[str, Check] = {
    "times": lambda text, _: _are_runs(text),
    "departures": lambda text, _: matches(DEPARTURES, text),
    "days": lambda text, _: are_days(text),
    "figures": lambda text, catalogue: text in {figure.id for figure in catalogue.figures},
}
