"""Say what a card of the map in one file shows of a place, as data: its script writes texts, never markup."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...city.opening.hours_sentence import say_hours
from ...i18n import Language, say, translate
from ...schema.items import Phase
from ...schema.strict_json import JsonTable


def place_card(
    catalogue: Catalogue, feature: Feature, language: Language, address: Callable[[Feature], str]
) -> JsonTable:
    """Return a card's texts in one language: `rows` are (label, text), `phases` (name, when), `sources` (title, URL).

    `page` is where all about the place is, "" where nowhere.
    """
    return {
        "title": say(feature.name, language).text,
        "layer": feature.layer,
        "note": " · ".join(place_notes(catalogue, feature, language)),
        "summary": say(feature.summary, language).text,
        "rows": list(_rows(feature, language)),
        "stops": [say(catalogue.features[stop].name, language).text for stop in feature.stops],
        "phases": [[translate(f"phase.{one.phase}", language), _span(one, language)] for one in feature.phases],
        "sources": [[source.title, source.url] for source in feature.sources],
        "page": address(feature),
    }


def place_notes(catalogue: Catalogue, feature: Feature, language: Language) -> Iterator[str]:
    """Yield of which kind a place is, how far its works are, and how far its position can be trusted."""
    yield say(catalogue.city.kinds[feature.kind].title, language).text
    if feature.phase:
        yield translate(f"phase.{feature.phase.phase}", language)
    if feature.position_class != "surveyed":
        error = f" ±{feature.position.accuracy_m} m" if feature.position.accuracy_m else ""
        yield translate(f"position.{feature.position_class}", language) + error


def card_words(language: Language) -> dict[str, str]:
    """Return the headings of a card's parts."""
    keys = {"stops": "card.stops", "phases": "card.phases", "sources": "card.sources", "all": "frame.all_about"}
    return {name: translate(key, language) for name, key in keys.items()}


def _rows(feature: Feature, language: Language) -> Iterator[list[str]]:
    said = {
        "card.hours": say_hours(feature.opening_hours, language) if feature.opening_hours else "",
        "card.place": say(feature.address, language).text,
        "card.ask_phone": feature.phone,
        "card.ask_website": feature.website,
    }
    for notice in feature.notices:
        yield [translate("mapfile.notice", language), say(notice.text, language).text]
    yield from ([translate(key, language), text] for key, text in said.items() if text)
    yield from ([say(fact.label, language).text, say(fact.value, language).text] for fact in feature.facts)


def _span(phase: Phase, language: Language) -> str:
    """Return the months of a phase; an end that is not known is left open."""

    def words(key: str) -> str:
        return translate(f"date.{key}", language)

    if phase.begins and phase.ends and phase.begins != phase.ends:
        return _day(phase.begins, language) + words("to") + _day(phase.ends, language)
    for day, kind in ((phase.begins, "since"), (phase.ends, "until")):
        if day:
            return words(f"{kind}_before") + _day(day, language) + words(f"{kind}_after")
    return words("unknown")


def _day(text: str, language: Language) -> str:
    """Return a date as the sources have it: a year, a month or a day."""
    parts: Sequence[str] = text.split("-")
    month = translate(f"date.m{parts[1]}", language) if len(parts) > 1 else ""
    kind = ("year", "month", "day")[len(parts) - 1]
    return translate(f"date.{kind}", language, year=parts[0], month=month, day=int(parts[2]) if len(parts) > 2 else "")
