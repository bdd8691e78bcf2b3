"""Say all that a card and a feature's page show of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import g

from ...catalogue.catalogue import Catalogue
from ...catalogue.relations import Relations
from ...city.figures import Figure
from ...city.layers import Feature
from ...city.opening_hours import describe
from ...i18n import say
from ...render.charts import amount
from ...routing.navigation_links import DirectionLink, direction_links
from ...schema.items import Source
from ..http.html_page import HtmlPage
from ..http.snapshots import now
from .essentials import Essentials, essentials


@dataclass(frozen=True)
class Card:
    """Hold what a card and a feature's page show; a schematic position offers no directions.

    `hours` are (days, times), `numbers` those of the sources by their titles, `works` the sites that a route meets.
    """

    feature: Feature
    relation: Relations
    address: str
    hours: list[tuple[str, str]]
    essentials: Essentials
    directions: Sequence[DirectionLink]
    figures: list[Figure]
    sources: list[Source]
    numbers: Mapping[str, int]
    within: list[Feature]
    contains: list[Feature]
    routes: list[Feature]
    works: list[Feature]

    def amount(self, figure: Figure) -> str:
        """Return a figure's value with its unit."""
        return amount(figure, g.language)


@dataclass(frozen=True, kw_only=True)
class CardPage(HtmlPage):
    """Hold a page with a card in it; the page of the feature itself says more, and that of a route its name apart."""

    template = "public/card.html"
    is_full = hides_lead = False
    card: Card | None


def make_card(catalogue: Catalogue, feature: Feature) -> Card:
    """Return the card of a feature."""
    relation = catalogue.relation(feature.id)
    text = feature.opening_hours
    is_located = feature.position_class != "schematic"
    name, address = say(feature.name, g.language).text, say(feature.address, g.language).text
    figures = [f for f in catalogue.figures if f.feature == feature.id or f.id in feature.figures]
    sources = card_sources(feature, figures)
    return Card(
        feature=feature,
        relation=relation,
        address=address,
        hours=_hours(text, catalogue) if text else [],
        essentials=essentials(catalogue, feature),
        directions=direction_links(feature.lon, feature.lat, name, address, g.language) if is_located else (),
        figures=figures,
        sources=sources,
        numbers={source.title: number for number, source in enumerate(sources, 1)},
        within=[catalogue.features[key] for key in relation.within],
        contains=[catalogue.features[key] for key in relation.contains],
        routes=[r for r in catalogue.of_role("route") if feature.id in r.stops],
        works=[catalogue.features[key] for key in relation.meets_works],
    )


def card_sources(feature: Feature, figures: list[Figure]) -> list[Source]:
    """Return the sources that a card cites, in the order of their numbers: its own, then its figures'."""
    unique: dict[str, Source] = {}
    for source in (*feature.sources, *(figure.source for figure in figures)):
        unique.setdefault(source.title, source)
    return list(unique.values())


def _hours(text: str, catalogue: Catalogue) -> list[tuple[str, str]]:
    return describe(text, g.language, on=now(catalogue).date())
