"""Write layers as zipped Shapefiles, with a legend for what their tables cannot say."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence

import shapefile
import shapely
from shapely.geometry.base import BaseGeometry

from ...city.layers import Layer
from ...city.spec import City
from ...i18n import Language, translate
from ...limits import SHAPEFILE_BYTES
from ..tables.columns import Column, short_names
from .flat import Value, credits_of, flat_columns, flat_values
from .sheets import Versions

_PRJ = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
_SHAPES = {"Point": ("points", shapefile.POINT), "LineString": ("lines", shapefile.POLYLINE)}
_SHAPES |= {"MultiLineString": _SHAPES["LineString"]}
_SHAPES |= dict.fromkeys(("Polygon", "MultiPolygon"), ("areas", shapefile.POLYGON))


def layers_shapefile(
    layers: Iterable[Layer], city: City, language: Language, versions: Versions | None = None
) -> bytes:
    """Return a zip: for each layer a Shapefile for its points, its lines and its areas, and legend.csv."""
    output, legend = io.BytesIO(), io.StringIO(newline="")
    writer = csv.writer(legend)
    writer.writerow([translate(f"files.legend_{name}", language) for name in ("layer", "field", "key", "title")])
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        layers = tuple(layers)
        for layer in layers:
            columns = flat_columns(layer, city, versions)
            names = short_names(columns)
            writer.writerows([layer.spec.id, names[c.key], c.key, c.title(language)] for c in columns)
            for part in ("points", "lines", "areas"):
                chosen = [f for f in layer.features if _SHAPES[f.geometry.geom_type][0] == part]
                if chosen:
                    rows = [(feature.geometry, flat_values(feature, columns, versions)) for feature in chosen]
                    _write(archive, f"{layer.spec.id}_{part}", rows, columns, names)
        writer.writerow([translate("files.legend_cut", language, most=SHAPEFILE_BYTES)])
        if told := credits_of(layers, language):
            writer.writerow([told])
        archive.writestr("legend.csv", legend.getvalue().encode("utf-8-sig"))
    return output.getvalue()


def _write(
    archive: zipfile.ZipFile,
    name: str,
    rows: Sequence[tuple[BaseGeometry, Sequence[Value]]],
    columns: Sequence[Column],
    names: dict[str, str],
) -> None:
    files = {suffix: io.BytesIO() for suffix in ("shp", "shx", "dbf")}
    kind = _SHAPES[rows[0][0].geom_type][1]
    with shapefile.Writer(shapeType=kind, encoding="utf-8", **files) as writer:
        for column in columns:
            _add_field(writer, names[column.key], column)
        for geometry, values in rows:
            writer.shape(json.loads(shapely.to_geojson(geometry)))  # lists: tuples it does not take
            writer.record(*(_bounded(value, column) for value, column in zip(values, columns, strict=True)))
    for suffix, file in files.items():
        archive.writestr(f"{name}.{suffix}", file.getvalue())
    archive.writestr(f"{name}.prj", _PRJ)
    archive.writestr(f"{name}.cpg", "UTF-8")


def _add_field(writer: shapefile.Writer, name: str, column: Column) -> None:
    if column.codec.kind == "whole":
        writer.field(name, "N", size=9, decimal=0)
    else:
        writer.field(name, "C", size=SHAPEFILE_BYTES)


def _bounded(value: Value, column: Column) -> Value:
    """Return a value that fits its field; a text is cut between letters, and ends in no space, which a DBF drops.

    True and false are words: readers take a DBF's blank truth value for false, and unknown is not false.
    """
    if column.codec.kind == "whole":
        return value
    text = str(value).lower() if isinstance(value, bool) else str(value or "")
    return text.encode()[:SHAPEFILE_BYTES].decode("utf-8", "ignore").rstrip()
