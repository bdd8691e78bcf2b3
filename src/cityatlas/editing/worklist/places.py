"""Find positions that nobody has verified, and features that lie outside the city or their district."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import geopandas as gpd
from shapely import union_all
from shapely.geometry.base import BaseGeometry

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...city.spec import City
from ...geo import projection
from ...i18n import Text
from ...limits import DISTRICT_M, OUTLINE_M, POSITION_YEARS
from ...schema.dates import span_of, years_before
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
