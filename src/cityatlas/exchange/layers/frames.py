"""Put features into a typed GeoDataFrame: a column for each part of a property, in WGS-84."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from ...city.layers import Feature
from ...geo.projection import WGS84
from ..tables.columns import Column
from .flat import Value, flat_values

_TYPES = {"whole": pd.Int64Dtype(), "number": pd.Float64Dtype(), "truth": pd.BooleanDtype()}  # all others are texts


def typed_frame(features: Sequence[Feature], columns: Sequence[Column]) -> gpd.GeoDataFrame:
    """Return a row for each feature, its geometry in EPSG:4326, lon before lat; dates stay ISO texts.

    A column is named as its key, with `_` for each dot: `name_zh`. What a feature does not say is missing (`pd.NA`).
    """
    rows = [flat_values(feature, columns) for feature in features]
    table = {
        column.key.replace(".", "_"): _series([row[at] for row in rows], column) for at, column in enumerate(columns)
    }
    return gpd.GeoDataFrame(table, geometry=[feature.geometry for feature in features], crs=WGS84)


def _series(values: list[Value], column: Column) -> pd.Series:
    return pd.Series(values, dtype=_TYPES.get(column.codec.kind, pd.StringDtype()))
