"""Tell field by field what keeps a draft from being published; saving it is never refused for that."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ...catalogue.catalogue import Catalogue
from ...i18n import Language, translate
from ...limits import ITEMS as MAX_ITEMS
from ...limits import NAME_LETTERS as MAX_NAME
from ...schema.faults import Fault, field_of
from ...schema.properties import properties
from ...store.log.desk_lists import Around
from ...versioning.content import Content
from ..change_checks import QUIET, change_faults
from ..publishing_rules import check_publishable
from .fields import to_fields

Faults = dict[str, list[str]]  # by field, sentences in the reader's language
UNCITED = ("no_source", "no_own_source", "unknown_source")  # follow from a list of sources that is faulty itself
# Rules that a field fails by being empty; the form says so in a word.
BY_EMPTY = ("empty_text", "missing", "not_choice", "not_id", "not_string", "not_text")
# What the form says where it has a list to choose from, while a file is written with keys.
CHOSEN: Mapping[str, str] = {
    "no_figure": "figures",
    "no_photo_file": "photo",
    "no_stop": "stop",
    "not_choice": "choice",
    "not_kind": "kind",
    "not_theme": "themes",
    "not_truth": "yes_no",
}


def field_faults(
    catalogue: Catalogue, feature_id: str, content: Content, language: Language, around: Around = QUIET
) -> Faults:
    """Return by field what a feature cannot be published with; empty when it may be.

    What no field can mend stands under its property, and what no property can under "".
    """
    fields, faults = to_fields(content), Faults()
    found = change_faults(catalogue, feature_id, content, around)
    are_sources_faulty = any(one.root == "sources" for one in found)
    for one in found:
        if one.rule in UNCITED and are_sources_faulty:
            continue
        name = _field(one.path, fields)
        said = faults.setdefault(name, [])
        if (sentence := _sentence(one, fields.get(name), language)) not in said:
            said.append(sentence)
    for objection in check_publishable(content, catalogue.city)[0]:
        if objection.field and objection.field not in faults:
            faults[objection.field] = [objection.sentence(language)]
    return faults


def fault_of(key: str, language: Language) -> str:
    """Return what the form itself has to say of a field."""
    return translate(f"edit.fault_{key}", language, most=MAX_ITEMS, letters=MAX_NAME)


def _field(path: str, fields: Collection[str]) -> str:
    """Return the field of the form that shows a value, or what it is part of: its list, its property, or ""."""
    parts = field_of(path).split(".")
    if parts[0] == "legs":  # a stop's row says how one goes on from it
        parts[0] = "stops"
    if parts[0] == "stops" and len(parts) == 2:
        parts.append("id")
    for end in range(len(parts), 0, -1):
        name = ".".join(parts[:end])
        if name in fields or name == "geometry" or name in properties().by_key:
            return name
        if f"{name}.zh" in fields:
            return f"{name}.zh"
    return ""


def _sentence(found: Fault, shown: str | None, language: Language) -> str:
    """Return what to say at a field that shows a text; None where it is no field."""
    if found.path.startswith("legs["):
        return fault_of("mode", language)
    if shown == "" and found.rule in BY_EMPTY:
        return fault_of("needed", language)
    key = CHOSEN.get(found.rule)
    return fault_of(key, language) if key else found.sentence(language)
