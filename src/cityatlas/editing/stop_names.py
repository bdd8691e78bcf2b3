"""Call the stops of a tour route by their names in a form, and give the programmes that it adds their ids."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping

from ..catalogue.catalogue import Catalogue
from ..i18n import Language, say
from ..search.pinyin import make_slug
from ..search.segment import EXACT

STOP = re.compile(r"stops\.\d{1,6}\.id")


def stop_name(catalogue: Catalogue, feature_id: str, language: Language) -> str:
    """Return the name of a feature where it means no other one, else its id."""
    feature = catalogue.features.get(feature_id)
    name = say(feature.name, language).text if feature else ""
    return name if name and find_stop(catalogue, name) == feature_id else feature_id


def naming(catalogue: Catalogue, language: Language) -> Callable[[str], str]:
    """Return what names a stop by its id as visitors read it; an id that the map does not know stays."""

    def name_of(feature_id: str) -> str:
        feature = catalogue.features.get(feature_id)
        return (say(feature.name, language).text if feature else "") or feature_id

    return name_of


def find_stop(catalogue: Catalogue, typed: str) -> str:
    """Return the id that a text means: an id, the name of one feature alone, or what finds one alone, as pinyin does.

    A text that finds nothing, or several, is given back as it is.
    """
    text = typed.strip()
    if text in catalogue.features:
        return text
    hits = catalogue.index.find(text, 2) if text else []
    exact = [hit for hit in hits if hit.rank == EXACT]
    found = exact or [hit for hit in hits if hit.field != "text"]
    return found[0].id if len(found) == 1 else typed


def with_stop_ids(catalogue: Catalogue, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a form with the ids of the stops in place of their names."""
    return {name: find_stop(catalogue, text) if STOP.fullmatch(name) else text for name, text in fields.items()}


def with_stop_names(catalogue: Catalogue, pairs: list[tuple[str, str]], language: Language) -> list[tuple[str, str]]:
    """Return fields, as pairs, with the names of stops in place of their ids."""
    return [(name, stop_name(catalogue, text, language) if STOP.fullmatch(name) else text) for name, text in pairs]


def offered_stops(catalogue: Catalogue, language: Language) -> list[str]:
    """Return what a field for a stop offers: each name that means one feature, else the id."""
    named = {feature.id: say(feature.name, language).text for feature in catalogue.features.values()}
    count = Counter(named.values())
    return [name if count[name] == 1 else feature_id for feature_id, name in named.items()]


PROGRAMME = re.compile(r"(programmes\.\d{1,6})\.id")


def with_programme_ids(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a form with an id for each new programme, made from its title."""
    filled = dict(fields)
    for name, value in fields.items():
        row = PROGRAMME.fullmatch(name)
        title = {tag: fields.get(f"{row[1]}.title.{tag}", "").strip() for tag in ("zh", "en")} if row else {}
        if not value.strip() and any(title.values()):
            taken = {text for key, text in filled.items() if PROGRAMME.fullmatch(key)}
            filled[name] = make_slug(title, taken.__contains__)
    return filled
