"""Put all layers of a city into one typed frame."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from ..catalogue.catalogue import Catalogue
from ..exchange.layers.about import open_layers
from ..exchange.layers.frames import typed_frame
from ..exchange.layers.open_table import LAYER, open_columns
from ..exchange.tables.headings import ID


def city_frame(catalogue: Catalogue) -> gpd.GeoDataFrame:
    """Return a row for each feature by its id, in the order of the layers; see `Atlas.frame`."""
    layers = open_layers(catalogue.layers.values())
    columns = [column for column in open_columns(layers, catalogue.city) if column.is_property]
    features = [feature for layer in layers for feature in layer.features]
    frame = typed_frame(features, columns)
    named = [feature.layer for feature in features]
    frame.insert(0, LAYER, pd.Categorical(named, categories=[layer.spec.id for layer in layers]))
    frame.index = pd.Index([feature.id for feature in features], name=ID, dtype="string")
    return frame
