"""Write layers as a GeoPackage, a table for each."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import pandas as pd

from ...city.layers import Layer
from ...city.spec import City
from ...geo.projection import WGS84
from .flat import credits_of, flat_columns, flat_values

_TYPES: dict[str, Any] = {"whole": "Int64", "truth": "boolean"}  # pandas' types that may be missing; others are texts


def layers_geopackage(layers: Iterable[Layer], city: City) -> bytes:
    """Return a GeoPackage in WGS-84. It is written to a folder that goes at once: SQLite needs a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "city.gpkg"
        for layer in layers:
            told = {"DESCRIPTION": text} if (text := credits_of((layer,), "en")) else {}
            frame = _frame(layer, city)
            frame.to_file(path, layer=layer.spec.id, driver="GPKG", engine="pyogrio", index=False, layer_options=told)
        return path.read_bytes()


def _frame(layer: Layer, city: City) -> gpd.GeoDataFrame:
    """Return a layer's rows; dates stay texts."""
    columns = flat_columns(layer, city)
    rows = [flat_values(feature, columns) for feature in layer.features]
    table = {
        column.key.replace(".", "_"): pd.array([row[at] for row in rows], dtype=_TYPES.get(column.codec.kind, "string"))
        for at, column in enumerate(columns)
    }
    return gpd.GeoDataFrame(table, geometry=[feature.geometry for feature in layer.features], crs=WGS84)
