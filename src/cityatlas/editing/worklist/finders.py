"""Find what staff should mend: positions, texts, sources and links, and what time has passed by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

import geopandas as gpd
from shapely import union_all
from shapely.geometry.base import BaseGeometry

from ...catalogue.catalogue import Catalogue
from ...catalogue.visiting import BUILT, is_visitable
from ...city.figures import Figure
from ...city.layers import Feature
from ...city.opening.feature_opening import closure_on
from ...city.spec import City
from ...geo import projection
from ...i18n import Text
from ...limits import DISTRICT_M, FAILING_DAYS, HOURS_OLD_DAYS, OUTLINE_M, PHASE_MONTHS, POSITION_YEARS
from ...schema.dates import months_between, span_of, years_before
from ...schema.items import Phase
from ...schema.strict_json import JsonObject
from ...versioning.fields import ITEMS
from ..completeness import undescribed, unsourced, untranslated
from .links import Link
from .task import Task


def position_tasks(feature: Feature, today: date) -> Iterator[Task]:
    """Yield a task for a position that is schematic, that nobody verified, or that was verified long ago.

    An approximate position that somebody verified lately is as good as it gets: no task.
    """
    verified = feature.position.verified_on
    told, field = "position_old", "position.verified_on"
    if feature.position_class == "schematic":
        told, field = "position_schematic", "position.class"
    elif not verified:
        told = "position_unverified"
    elif span_of(verified)[1] >= years_before(today, POSITION_YEARS):
        return
    values = {"day": verified, "years": str(POSITION_YEARS)}
    subject = f"{feature.position_class} {verified}"
    yield Task("position", told, feature.id, feature.name, field, verified, values, subject)


def outside_tasks(catalogue: Catalogue) -> Iterator[Task]:
    """Yield a task for each feature off the city, and for each off the district that its layer says it lies in.

    The city is its extent and, where the basemap has land, the outline of that.
    """
    outline = union_all([s.geometry for s in catalogue.base.shapes if (s.group, s.kind) == ("land", "land")])
    features = list(catalogue.features.values())
    away = _away_m(catalogue.city, features, outline) if not outline.is_empty else [0.0] * len(features)
    for feature, away_m in zip(features, away, strict=True):
        if not _is_in_extent(feature, catalogue.city) or away_m > OUTLINE_M:
            yield _outside(feature, "outside_city", {})
    for layer in catalogue.layers.values():
        district = catalogue.features.get(layer.spec.district)
        if district is None:
            continue
        others = [f for f in (catalogue.features.get(f.id) for f in layer.features) if f and f is not district]
        for feature, away_m in zip(others, _away_m(catalogue.city, others, district.geometry), strict=True):
            if away_m > DISTRICT_M:
                values: dict[str, str | Text] = {"metres": f"{round(away_m, -1):.0f}", "district": district.name}
                yield _outside(feature, "outside_district", values)


def _outside(feature: Feature, told: str, values: Mapping[str, str | Text]) -> Task:
    subject = f"{feature.lon:.4f} {feature.lat:.4f}"  # moved by ten metres, it is another task
    return Task("outside", told, feature.id, feature.name, "geometry", "", values, subject)


def _is_in_extent(feature: Feature, city: City) -> bool:
    west, south, east, north = city.extent
    return west <= feature.lon <= east and south <= feature.lat <= north


def _away_m(city: City, features: Iterable[Feature], area: BaseGeometry) -> list[float]:
    """Return how many metres each feature lies outside an area; zero where they meet."""
    shapes = gpd.GeoSeries([area, *(feature.geometry for feature in features)], crs=projection.WGS84)
    metric = projection.to_metres(shapes, city.view.lon, city.view.lat)
    return [float(away_m) for away_m in metric.iloc[1:].distance(metric.iloc[0])]


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
    if key not in ITEMS or not number.isdecimal() or not isinstance(rows, list):
        return path
    return f"{key}[{ITEMS[key](rows[int(number)])}].{rest}"


def hours_tasks(catalogue: Catalogue, feature: Feature, today: date) -> Iterator[Task]:
    """Yield a task for a place that a visit can be planned to and whose hours are unknown, old or of unknown age.

    Hours are as old as their source. Of a date that is a year or a month each day in it is possible: old is what
    is old on all of them; what is old on some counts as of unknown age.
    """
    if closure_on(feature, today):  # nobody can look at its door now
        return
    hours = feature.opening_hours
    if not hours:
        if is_visitable(catalogue, feature, today):
            yield Task("hours_unknown", "hours_unknown", feature.id, feature.name, "opening_hours")
        return
    dated = _date_of(feature, feature.hours_source)
    first, last = span_of(dated) if dated else (date.min, today)
    limit = today - timedelta(days=HOURS_OLD_DAYS)
    if first >= limit:
        return
    told = "hours_old" if last < limit else "hours_inexact" if dated else "hours_undated"
    values = {"day": dated, "source": feature.hours_source, "days": str(HOURS_OLD_DAYS)}
    yield Task("hours_old", told, feature.id, feature.name, "opening_hours", dated, values, f"{hours} {dated}")


def phase_tasks(feature: Feature, today: date) -> Iterator[Task]:
    """Yield a task for a phase that is over with none after it, and for one without news for too long.

    News is the phase's beginning or the date of its source, whichever is later. What is complete or open needs none.
    """
    phases, month = feature.phases, today.isoformat()[:7]
    begun = [number for number, phase in enumerate(phases) if phase.begins <= month]
    if not begun or phases[begun[-1]].phase in BUILT:
        return
    number = begun[-1]
    phase = phases[number]
    is_last = number == len(phases) - 1
    subject = f"{phase.phase} {phase.begins or None} {phase.ends or None}"
    if is_last and phase.ends and phase.ends < month:
        told, since = "phase_over", phase.ends
    else:
        since = _news(feature, phase)
        if since and months_between(_month(since), month) <= PHASE_MONTHS:
            return
        told = "phase_silent" if since else "phase_undated"
    values = {"phase": phase.phase, "day": since, "months": str(PHASE_MONTHS)}
    yield Task("phase", told, feature.id, feature.name, f"phases.{number}", since, values, subject)


def _news(feature: Feature, phase: Phase) -> str:
    """Return the later of a phase's beginning and its source's date as it is written; empty when nobody knows."""
    dated = [text for text in (phase.begins, _date_of(feature, phase.source)) if text]
    return max(dated, key=_month, default="")


def _month(text: str) -> str:
    """Return the last month that a date can mean."""
    return span_of(text)[1].isoformat()[:7]


def _date_of(feature: Feature, title: str | None) -> str:
    """Return the date of the feature's source with this title; empty when it has none."""
    return next((source.date for source in feature.sources if source.title == title), "")
