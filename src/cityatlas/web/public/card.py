"""Say all that a card and a feature's page show of it."""

from __future__ import annotations

from functools import partial

from flask import g

from ...catalogue.catalogue import Catalogue
from ...city.figures import Figure
from ...city.layers import Feature
from ...city.opening_hours import describe
from ...i18n import say
from ...render.charts import amount
from ...routing.navigation_links import direction_links
from ...schema.items import Source
from ..http.clock import now


def card_values(catalogue: Catalogue, feature: Feature) -> dict[str, object]:
    """Return what a card and a feature's page show; a schematic position offers no directions."""
    relation = catalogue.relation(feature.id)
    text = feature.opening_hours
    is_located = feature.position_class != "schematic"
    name, address = say(feature.name, g.language).text, say(feature.address, g.language).text
    figures = [f for f in catalogue.figures if f.feature == feature.id or f.id in feature.figures]
    sources = card_sources(feature, figures)
    return {
        "feature": feature,
        "relation": relation,
        "address": address,
        "hours": _hours(text, catalogue) if text else [],
        "directions": direction_links(feature.lon, feature.lat, name, address, g.language) if is_located else (),
        "figures": figures,
        "amount": partial(amount, language=g.language),
        "sources": sources,
        "numbers": {source.title: number for number, source in enumerate(sources, 1)},
        "within": [catalogue.features[key] for key in relation.within],
        "contains": [catalogue.features[key] for key in relation.contains],
        "routes": [r for r in catalogue.of_role("route") if feature.id in r.stops],
        "works": [catalogue.features[key] for key in relation.meets_works],
    }


def card_sources(feature: Feature, figures: list[Figure]) -> list[Source]:
    """Return the sources that a card cites, in the order of their numbers: its own, then its figures'."""
    unique: dict[str, Source] = {}
    for source in (*feature.sources, *(figure.source for figure in figures)):
        unique.setdefault(source.title, source)
    return list(unique.values())


def _hours(text: str, catalogue: Catalogue) -> list[tuple[str, str]]:
    return describe(text, g.language, on=now(catalogue).date())
