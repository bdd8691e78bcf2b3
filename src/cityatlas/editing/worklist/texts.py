"""Find texts that lack a language, statements that lack a source, photos that lack words, and links that are dead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from ...catalogue.catalogue import Catalogue
from ...city.figures import Figure
from ...city.layers import Feature
from ...i18n import Text
from ...limits import FAILING_DAYS
from ...schema.strict_json import JsonObject
from ...versioning.fields import ITEMS
from ..completeness import undescribed, unsourced, untranslated
from .links import Link
from .task import Task


def text_tasks(feature: Feature) -> Iterator[Task]:
    """Yield the tasks of a feature's words."""
    properties = feature.properties
    for path in unsourced(properties):
        yield Task("source", "source", feature.id, feature.name, path, subject=_subject(properties, path))
    for path in undescribed(properties):
        yield Task("alt", "alt", feature.id, feature.name, path, subject=_subject(properties, path))
    for path in untranslated(properties):
        yield _translation(feature.id, feature.name, path, _subject(properties, path))


def figure_tasks(catalogue: Catalogue) -> Iterator[Task]:
    """Yield a task for each text of a figure in figures.json that lacks a language."""
    for figure in catalogue.figures:
        texts = {"label": figure.label, "unit": figure.unit, "sentence": figure.sentence, "period": figure.period}
        for path in untranslated(texts):
            path = f"figures.{figure.id}.{path}"
            yield _translation(figure.feature, _name(catalogue, figure), path, path)


def link_tasks(catalogue: Catalogue, checked: Mapping[str, Link]) -> Iterator[Task]:
    """Yield a task for each source, and each place's own page, that is gone or has not answered for a week."""
    for feature in catalogue.features.values():
        for number, source in enumerate(feature.sources):
            yield from _link(feature.id, feature.name, f"sources.{number}.url", source.url, checked)
        yield from _link(feature.id, feature.name, "website", feature.website, checked)
    for figure in catalogue.figures:
        path = f"figures.{figure.id}.source.url"
        yield from _link(figure.feature, _name(catalogue, figure), path, figure.source.url, checked)


def source_urls(catalogue: Catalogue) -> tuple[str, ...]:
    """Return each distinct web address of a place or of a source that it or a figure names, in alphabetical order."""
    sources = [source for feature in catalogue.features.values() for source in feature.sources]
    sources += [figure.source for figure in catalogue.figures]
    websites = {feature.website for feature in catalogue.features.values()}
    return tuple(sorted(({source.url for source in sources} | websites) - {""}))


def _link(feature_id: str, name: Text, path: str, url: str, checked: Mapping[str, Link]) -> Iterator[Task]:
    link = checked.get(url)
    if url and link and _is_dead(link):
        values = {"url": url, "day": link.since, "status": str(link.status)}
        yield Task("link", f"link_{link.state}", feature_id, name, path, link.since, values, f"{path} {url}")


def _is_dead(link: Link) -> bool:
    if link.state == "failing":
        since, until = date.fromisoformat(link.since), date.fromisoformat(link.checked_on)
        return until - since >= timedelta(days=FAILING_DAYS)
    return link.state == "gone"


def _translation(feature_id: str, name: Text, path: str, subject: str) -> Task:
    missing = path.rpartition(".")[2]
    return Task("translation", f"translation_{missing}", feature_id, name, path, subject=subject)


def _name(catalogue: Catalogue, figure: Figure) -> Text:
    feature = catalogue.features.get(figure.feature)
    return feature.name if feature else figure.label


def _subject(properties: JsonObject, path: str) -> str:
    """Return a path with an item's own name in the place of its number: `facts[Built].label.en`."""
    key, _, rest = path.partition(".")
    number, _, rest = rest.partition(".")
    rows = properties.get(key)
    if key not in ITEMS or not number.isdigit() or not isinstance(rows, list):
        return path
    return f"{key}[{ITEMS[key](rows[int(number)])}].{rest}"
