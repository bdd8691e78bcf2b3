"""Say all that a card and a feature's page show of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import g

from ...catalogue.catalogue import Catalogue
from ...catalogue.relations import Relations
from ...city.figures import Figure
from ...city.layers import Feature
from ...city.opening.opening_hours import describe
from ...i18n import say
from ...render.charts import amount
from ...routing.navigation_links import DirectionLink, direction_links, search_links
from ...schema.items import Source
from ...schema.phases import PHASES
from ..http.html_page import HtmlPage
from ..http.snapshots import now
from .essentials import Essentials, essentials


@dataclass(frozen=True)
class Card:
    """Hold what a card and a feature's page show; a schematic position is looked for by its name alone.

    `goal` is where `directions` lead: to a route's first stop, else to the feature itself.
    `hours` are (days, times), `numbers` those of the sources by their titles, `works` the sites that a route meets,
    `parts` the projects in an area by their phase, the furthest first.
    """

    feature: Feature
    relation: Relations
    address: str
    hours: list[tuple[str, str]]
    essentials: Essentials
    goal: Feature
    directions: Sequence[DirectionLink]
    figures: list[Figure]
    sources: list[Source]
    numbers: Mapping[str, int]
    within: list[Feature]
    contains: list[Feature]
    parts: list[tuple[str, list[Feature]]]
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
    contains = [catalogue.features[key] for key in relation.contains]
    figures = [f for f in catalogue.figures if f.feature == feature.id or f.id in feature.figures]
    sources = card_sources(feature, figures)
    goal = catalogue.features[feature.stops[0]] if feature.stops else feature
    return Card(
        feature=feature,
        relation=relation,
        address=say(feature.address, g.language).text,
        hours=_hours(text, catalogue) if text else [],
        essentials=essentials(catalogue, feature),
        goal=goal,
        directions=_directions(catalogue, goal),
        figures=figures,
        sources=sources,
        numbers={source.title: number for number, source in enumerate(sources, 1)},
        within=[catalogue.features[key] for key in relation.within],
        contains=contains,
        parts=parts_by_phase(contains),
        routes=[r for r in catalogue.of_role("route") if feature.id in r.stops],
        works=[catalogue.features[key] for key in relation.meets_works],
    )


def parts_by_phase(features: Sequence[Feature]) -> list[tuple[str, list[Feature]]]:
    """Return the projects among features, each once, by the phase that is known last; the furthest phase first."""
    found: dict[str, list[Feature]] = {}
    for feature in dict.fromkeys(features):
        if feature.phase:
            found.setdefault(feature.phase.phase, []).append(feature)
    return sorted(found.items(), key=lambda row: -PHASES.index(row[0]))


def _directions(catalogue: Catalogue, feature: Feature) -> Sequence[DirectionLink]:
    """Return the links into map apps: to the position where it can be trusted, else to what they find by the name."""
    name, region = feature.name, catalogue.city.region
    if feature.position_class != "schematic":
        title, address = (say(text, g.language).text for text in (name, feature.address))
        return direction_links(feature.lon, feature.lat, title, address, g.language)
    return search_links(say(name, "zh").text, say(region, "zh").text, g.language) if region else ()


def card_sources(feature: Feature, figures: list[Figure]) -> list[Source]:
    """Return the sources that a card cites, in the order of their numbers: its own, then its figures'."""
    unique: dict[str, Source] = {}
    for source in (*feature.sources, *(figure.source for figure in figures)):
        unique.setdefault(source.title, source)
    return list(unique.values())


def _hours(text: str, catalogue: Catalogue) -> list[tuple[str, str]]:
    return describe(text, g.language, on=now(catalogue).date())
