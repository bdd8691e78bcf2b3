"""Put features into a typed GeoDataFrame: a column for each part of a property, in WGS-84."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...geo.projection import WGS84
from ..tables.columns import Column
from ..tables.headings import ID
from .about import open_layers
from .flat import Value, flat_values
from .open_table import LAYER, open_columns

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


def city_frame(catalogue: Catalogue) -> gpd.GeoDataFrame:
    """Return a row for each feature by its id, in the order of the layers; columns of `typed_frame`, and the layer."""
    layers = open_layers(catalogue.layers.values())
    columns = [column for column in open_columns(layers, catalogue.city) if column.is_property]
    features = [feature for layer in layers for feature in layer.features]
    frame = typed_frame(features, columns)
    named = [feature.layer for feature in features]
    frame.insert(0, LAYER, pd.Categorical(named, categories=[layer.spec.id for layer in layers]))
    frame.index = pd.Index([feature.id for feature in features], name=ID, dtype="string")
    return frame


def _series(values: list[Value], column: Column) -> pd.Series:
    return pd.Series(values, dtype=_TYPES.get(column.codec.kind, pd.StringDtype()))
