"""Tell what is wrong with a wish in the visitor's language, with places by their names."""

from __future__ import annotations

from ...catalogue.catalogue import Catalogue
from ...errors import InvalidTour
from ...i18n import Language, messages, say

PLACES = ("place", "near")  # values that are ids of features


def fault_words(error: InvalidTour, catalogue: Catalogue, language: Language) -> str:
    """Return the sentence of a fault, or an empty text where there is none in the visitor's words."""
    reason, values = error.values.get("reason", ""), {"value": ""} | error.values
    reason = f"{reason}_near" if values.get("near") else reason
    told = messages(language).get(f"planner.wrong_{reason}")
    values |= {key: say(catalogue.features[values[key]].name, language).text for key in PLACES if values.get(key)}
    return told.format_map(values) if told else ""
