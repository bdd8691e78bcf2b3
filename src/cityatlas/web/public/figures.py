"""Group the city's figures, and count its sources."""

from __future__ import annotations

from flask import g

from ...catalogue.catalogue import Catalogue
from ...city.figures import Figure
from ...i18n import messages
from ...render.charts import amount, bar_chart, charted
from ...schema.items import Source


def figure_groups(catalogue: Catalogue) -> list[dict[str, object]]:
    """Return the figures by group, each group with its title, rows of (figure, amount) and charts."""
    groups: dict[str, list[Figure]] = {}
    for figure in catalogue.figures:
        groups.setdefault(figure.group, []).append(figure)
    return [
        {
            "id": group,
            "title": messages(g.language).get(f"figures.group_{group}", group),
            "rows": [(figure, amount(figure, g.language)) for figure in rows],
            "charts": [bar_chart(part, g.language, f"chart-{group}-{n}") for n, part in enumerate(charted(rows))],
        }
        for group, rows in groups.items()
    ]


def all_sources(catalogue: Catalogue) -> list[tuple[Source, int]]:
    """Return every source with the number of features that cite it, most cited first."""
    counted: dict[str, tuple[Source, int]] = {}
    for feature in catalogue.features.values():
        for source in feature.sources:
            first, count = counted.get(source.title, (source, 0))
            counted[source.title] = (first, count + 1)
    return sorted(counted.values(), key=lambda pair: (-pair[1], pair[0].title))
