"""Write a part of the city for everybody, in each format: one place, a layer, what a list holds, the whole city."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from ...city.layers import Feature, Layer
from ...i18n import LANGUAGES, translate
from ...schema.strict_json import JsonTable
from ...tiles.geojson import feature_geojson, layer_geojson, layers_geojson
from .about import Part, about_rows, about_text, told_table
from .archive import packed
from .exports import layers_geopackage, layers_gpx, layers_kml, layers_shapefile
from .open_table import part_csv
from .sheets import layers_xlsx

Writer = Callable[[Part], bytes]


def encoded(table: JsonTable) -> bytes:
    """Return a table as JSON in UTF-8."""
    return json.dumps(table, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def place_table(feature: Feature, part: Part) -> JsonTable:
    """Return a place for programs that draw no map: where its mark stands in WGS-84, and all that it says.

    `position` in it tells how far lon and lat can be trusted, `geometry` of what kind its shape is.
    """
    table: JsonTable = {"id": feature.id, "layer": feature.layer, "lon": round(feature.lon, 6)}
    table |= {"lat": round(feature.lat, 6), "geometry": feature.geometry.geom_type}
    return table | dict(feature.properties) | {"page": f"{part.root}/sites/{feature.id}"}


def _told(part: Part) -> JsonTable:
    return told_table(part.root, part.path, part.credits)


def place_json(part: Part) -> bytes:
    """Return one place as JSON."""
    return encoded(place_table(part.layers[0].features[0], part) | _told(part))


def part_json(part: Part) -> bytes:
    """Return places as JSON, without their shapes."""
    layers = {layer.spec.id: {"title": dict(layer.spec.title)} for layer in part.layers}
    places = [place_table(feature, part) for layer in part.layers for feature in layer.features]
    return encoded({"count": part.count, "layers": layers, "places": places} | _told(part))


def place_geojson(part: Part) -> bytes:
    """Return one place as a Feature."""
    return feature_geojson(part.layers[0].features[0], part.layers[0])


def one_layer_geojson(part: Part) -> bytes:
    """Return one layer as its file has it."""
    return layer_geojson(part.layers[0])


def part_geojson(part: Part) -> bytes:
    """Return places of several layers as one FeatureCollection."""
    return layers_geojson(part.layers)


def part_xlsx(part: Part) -> bytes:
    """Return a workbook: a sheet a layer, and what it is."""
    return layers_xlsx(part.layers, part.city, part.language, about_rows(part))


def part_gpx(part: Part) -> bytes:
    """Return places as waypoints, lines and areas as tracks."""
    return layers_gpx(part.layers, part.title, part.language)


def part_kml(part: Part) -> bytes:
    """Return places for a globe, a folder a layer."""
    return layers_kml(part.layers, part.city, part.language, title=part.title, is_open=True)


def part_gpkg(part: Part) -> bytes:
    """Return a GeoPackage, a table a layer."""
    return layers_geopackage(part.layers, part.city, is_open=True)


def part_shapefile(part: Part) -> bytes:
    """Return Shapefiles in a zip, with a text that says what they cannot hold."""
    readme = about_text(part, translate("formats.shapefile_limits", part.language))
    return layers_shapefile(part.layers, part.city, part.language, is_open=True, readme=readme)


def part_zip(part: Part) -> bytes:
    """Return a zip with each layer as GeoJSON and as CSV, and README.txt in both languages."""
    files: dict[str, bytes] = {}
    for layer in part.layers:
        files |= _layer_files(layer, part)
    for language in LANGUAGES:
        name = "README.txt" if language == "en" else f"README.{language}.txt"
        files[name] = about_text(_in(part, language), translate("formats.zip_holds", language))
    return packed(files)


def _layer_files(layer: Layer, part: Part) -> Mapping[str, bytes]:
    alone = Part(part.city, (layer,), part.title, part.root, part.path, part.language)
    return {f"{layer.spec.id}.geojson": layer_geojson(layer), f"{layer.spec.id}.csv": part_csv(alone)}


def _in(part: Part, language: str) -> Part:
    return Part(part.city, part.layers, part.title, part.root, part.path, "en" if language == "en" else "zh")


# By suffix; what of a place or a layer is written otherwise stands in its own row.
WRITERS: Mapping[str, Writer] = {
    "json": part_json,
    "geojson": part_geojson,
    "csv": part_csv,
    "xlsx": part_xlsx,
    "gpx": part_gpx,
    "kml": part_kml,
    "gpkg": part_gpkg,
    "shp.zip": part_shapefile,
    "zip": part_zip,
}
OWN: Mapping[str, Mapping[str, Writer]] = {
    "site": {"json": place_json, "geojson": place_geojson},
    "layer": {"geojson": one_layer_geojson},
}


def writer_of(subject: str, suffix: str) -> Writer:
    """Return what writes a format of a subject."""
    return OWN.get(subject, {}).get(suffix) or WRITERS[suffix]
