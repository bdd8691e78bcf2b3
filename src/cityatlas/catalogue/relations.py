"""Join layers in space: what lies in which area, which stop and route are near, which works a route meets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from ..city.layers import Feature
from ..city.spec import City
from ..geo import projection

NEAR_STOP_M = 1500.0  # a stop farther away than about twenty minutes' walk helps nobody
NEAR_ROUTE_M = 500.0
SITE_REACH_M = 15.0  # works this close to a route are met by those who follow it


@dataclass(frozen=True, slots=True)
class Relations:
    """Say how a feature stands to others: ids, with straight-line metres where one is near another."""

    within: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    nearest_stop: str = ""
    nearest_stop_m: int = 0
    nearest_route: str = ""
    nearest_route_m: int = 0
    meets_works: tuple[str, ...] = ()
    length_m: int = 0
    area_m2: int = 0


NONE = Relations()


def relate(frame: gpd.GeoDataFrame, features: Mapping[str, Feature], city: City) -> dict[str, Relations]:
    """Return the relations of every feature of a WGS-84 frame (columns role, kind; index id)."""
    if frame.empty:
        return {}
    metric = projection.to_metres(frame, city.view.lon, city.view.lat)
    points = metric.set_geometry(metric.representative_point())
    found = {
        feature_id: Relations(length_m=round(length_m), area_m2=round(area_m2))
        for feature_id, length_m, area_m2 in zip(metric.index, _line_lengths_m(metric), metric.area, strict=True)
    }
    _join_areas(points, metric[(metric["role"] == "area") & (metric.area > 0)], found)
    _join_nearest(points, metric[metric["role"] == "stop"], NEAR_STOP_M, "nearest_stop", found)
    _join_nearest(points, metric[metric["role"] == "route"], NEAR_ROUTE_M, "nearest_route", found)
    _join_works(metric, features, found)
    return found


def at_work(features: Mapping[str, Feature]) -> tuple[str, ...]:
    """Return the ids of the construction sites at work: of all properties, the only ones that relations depend on."""
    projects = ((key, feature.phase) for key, feature in features.items() if feature.phases)
    return tuple(key for key, phase in projects if phase and phase.is_active)


def _line_lengths_m(metric: gpd.GeoDataFrame) -> pd.Series:
    lengths_m: pd.Series = metric.length.where(metric.geom_type.str.endswith("LineString"), 0)
    return lengths_m


def _join_areas(points: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, found: dict[str, Relations]) -> None:
    """Note for each point the areas around it, smallest first, and for each area what it contains."""
    pairs = points[["geometry"]].sjoin(areas[["geometry"]], predicate="within")
    order = areas.area.to_dict()
    for inner, rows in pairs.groupby(level=0):
        around = tuple(sorted((a for a in rows["index_right"] if a != inner), key=lambda a: order[a]))
        found[inner] = replace(found[inner], within=around)
        for area in around:
            found[area] = replace(found[area], contains=(*found[area].contains, inner))


def _join_nearest(
    points: gpd.GeoDataFrame, targets: gpd.GeoDataFrame, most_m: float, name: str, found: dict[str, Relations]
) -> None:
    """Note the nearest target of each point within reach; a target has none of its own role."""
    if targets.empty:
        return
    others = points[~points.index.isin(targets.index)]
    pairs = others[["geometry"]].sjoin_nearest(targets[["geometry"]], max_distance=most_m, distance_col="away_m")
    for row in pairs.itertuples():
        found[row.Index] = replace(found[row.Index], **{name: row.index_right, f"{name}_m": round(row.away_m)})


def _join_works(metric: gpd.GeoDataFrame, features: Mapping[str, Feature], found: dict[str, Relations]) -> None:
    """Note for each route the construction sites at work that it passes."""
    works = metric.loc[list(at_work(features)), ["geometry"]]
    routes = metric[metric["role"] == "route"]
    if works.empty or routes.empty:
        return
    reach = works.set_geometry(works.buffer(SITE_REACH_M))
    for route, rows in routes[["geometry"]].sjoin(reach, predicate="intersects").groupby(level=0):
        found[route] = replace(found[route], meets_works=tuple(sorted(rows["index_right"])))
