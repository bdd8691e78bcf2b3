"""Group the city's figures, and count its sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from flask import g

from ...catalogue.catalogue import Catalogue
from ...city.figures import Figure
from ...i18n import messages
from ...render.charts import amount, bar_chart, charted
from ...schema.items import Source
from ..http.html_page import HtmlPage
from .files.downloads import Download


@dataclass(frozen=True)
class FigureGroup:
    """Hold the figures of one group: its title, rows of (figure, amount) and charts."""

    id: str
    title: str
    rows: list[tuple[Figure, str]]
    charts: list[str]


@dataclass(frozen=True, kw_only=True)
class FiguresPage(HtmlPage):
    """Hold the figures that the sources state."""

    template = "public/figures.html"
    groups: list[FigureGroup]


@dataclass(frozen=True, kw_only=True)
class AboutPage(HtmlPage):
    """Hold where the data comes from: each source with the number of features that cite it.

    `trusted` counts the features by how far their position can be trusted; `left_out` says what the map in one file
    has not.
    """

    template = "public/about.html"
    trusted: Mapping[str, int]
    sources: list[tuple[Source, int]]
    downloads: list[Download]
    left_out: str


def figure_groups(catalogue: Catalogue) -> list[FigureGroup]:
    """Return the figures by group."""
    groups: dict[str, list[Figure]] = {}
    for figure in catalogue.figures:
        groups.setdefault(figure.group, []).append(figure)
    return [
        FigureGroup(
            group,
            messages(g.language).get(f"figures.group_{group}", group),
            [(figure, amount(figure, g.language)) for figure in rows],
            [bar_chart(part, g.language, f"chart-{group}-{n}") for n, part in enumerate(charted(rows))],
        )
        for group, rows in groups.items()
    ]


def count_trusted(catalogue: Catalogue) -> Mapping[str, int]:
    """Return how many features there are of each class of positions; 0 for a class without any."""
    return Counter(feature.position_class for feature in catalogue.features.values())


def all_sources(catalogue: Catalogue) -> list[tuple[Source, int]]:
    """Return every source with the number of features that cite it, most cited first."""
    counted: dict[str, tuple[Source, int]] = {}
    for feature in catalogue.features.values():
        for source in feature.sources:
            first, count = counted.get(source.title, (source, 0))
            counted[source.title] = (first, count + 1)
    return sorted(counted.values(), key=lambda pair: (-pair[1], pair[0].title))
