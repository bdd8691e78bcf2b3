"""Write one layer or all of them in any format that others read."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import pyogrio
import shapefile
import shapely
from gpxpy.gpx import GPX, GPXTrack, GPXTrackPoint, GPXTrackSegment, GPXWaypoint
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from ...city.layers import Feature, Layer
from ...city.spec import City
from ...errors import InvalidValue
from ...i18n import Language, say, translate
from ...limits import SHAPEFILE_BYTES
from ...tiles.geojson import whole_geojson
from ..tables.columns import Column, short_names
from .archive import add_file
from .flat import Value, both_credits, credits_of, flat_columns, flat_values
from .frames import typed_frame
from .sheets import Versions, layer_csv, layer_xlsx

MADE = "2000-01-01T00:00:00.000Z"  # stands in every GeoPackage: else two servers' files of one city would differ


def layers_geopackage(layers: Iterable[Layer], city: City, *, is_open: bool = False) -> bytes:
    """Return a GeoPackage in WGS-84. It is written to a folder that goes at once: SQLite needs a file.

    What `is_open`, here and below, has no column for what is staff's alone.
    """
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": MADE})
    with TemporaryDirectory() as folder:
        path = Path(folder) / "city.gpkg"
        for layer in layers:
            told = {"DESCRIPTION": text} if (text := both_credits(layer)) else {}
            frame = typed_frame(layer.features, flat_columns(layer, city, is_open=is_open))
            frame.to_file(path, layer=layer.spec.id, driver="GPKG", engine="pyogrio", index=False, layer_options=told)
        return path.read_bytes()


Ring = Sequence[Sequence[float]]


def layers_gpx(layers: Iterable[Layer], title: str, language: Language) -> bytes:
    """Return a GPX document in WGS-84; it says that schematic positions are no directions."""
    gpx = GPX()
    gpx.creator = "cityatlas"
    gpx.name = title
    layers = tuple(layers)
    gpx.description = " ".join((translate("page.schematic", language), credits_of(layers, language))).strip()
    for layer in layers:
        kind = say(layer.spec.title, language).text
        for feature in layer.features:
            _add_shape_gpx(gpx, feature, kind, language)
    return gpx.to_xml(version="1.1").encode()


def _add_shape_gpx(gpx: GPX, feature: Feature, kind: str, language: Language) -> None:
    name = say(feature.name, language).text
    position = translate(f"position.{feature.position_class}", language)
    notes = " ".join(part for part in (say(feature.summary, language).text, f"[{position}]") if part)
    shape = mapping(feature.geometry)
    if shape["type"] == "Point":
        lon, lat = shape["coordinates"]
        gpx.waypoints.append(GPXWaypoint(lat, lon, name=name, description=notes, type=kind, comment=feature.id))
        return
    track = GPXTrack(name=name, description=notes)
    track.comment = feature.id
    track.type = kind  # type: ignore[assignment]  # gpxpy forgets that it may be a text
    for line in gpx_lines(feature.geometry):
        track.segments.append(GPXTrackSegment([GPXTrackPoint(lat, lon) for lon, lat in line]))
    gpx.tracks.append(track)


def gpx_lines(geometry: BaseGeometry) -> Iterator[Ring]:
    """Yield the lines of a geometry, lon, lat; an area's are its rings, a point has none."""
    shape = mapping(geometry)
    return iter(()) if shape["type"] == "Point" else _lines_gpx(shape["type"], shape["coordinates"])


def _lines_gpx(kind: str, coordinates: Any) -> Iterator[Ring]:  # Any: nested as deep as the kind of geometry says
    """Yield the lines of a geometry; an area's are its rings."""
    if kind == "LineString":
        yield coordinates
    elif kind in ("MultiLineString", "Polygon"):
        yield from coordinates
    else:
        for polygon in coordinates:
            yield from polygon


KML = "http://www.opengis.net/kml/2.2"


def layers_kml(
    layers: Iterable[Layer],
    city: City,
    language: Language,
    versions: Versions | None = None,
    *,
    title: str = "",
    is_open: bool = False,
) -> bytes:
    """Return a KML document in WGS-84; texts are data in it, never markup."""
    root = Element("kml", xmlns=KML)
    document = SubElement(root, "Document")
    SubElement(document, "name").text = title or say(city.title, language).text
    layers = tuple(layers)
    told = (translate("page.schematic", language), credits_of(layers, language))
    SubElement(document, "description").text = " ".join(told).strip()
    for layer in layers:
        folder = SubElement(document, "Folder")  # without an id: a place may have the same one
        SubElement(folder, "name").text = say(layer.spec.title, language).text
        columns = flat_columns(layer, city, versions, is_open=is_open)
        for feature in layer.features:
            _add_placemark(
                folder, feature, zip(columns, flat_values(feature, columns, versions), strict=True), language
            )
    body: bytes = tostring(root, "utf-8", xml_declaration=True)
    return body


def _add_placemark(
    folder: Element, feature: Feature, values: Iterable[tuple[Column, Value]], language: Language
) -> None:
    named = {"id": feature.id} if feature.id[0].isalpha() else {}  # an XML id does not begin with a digit
    placemark = SubElement(folder, "Placemark", named)
    SubElement(placemark, "name").text = say(feature.name, language).text
    if summary := say(feature.summary, language).text:
        SubElement(placemark, "description").text = summary
    data = SubElement(placemark, "ExtendedData")
    for column, value in values:
        if value is not None:
            SubElement(SubElement(data, "Data", name=column.key), "value").text = str(value)
    add_shape_kml(placemark, feature.geometry)


def add_shape_kml(placemark: Element, geometry: BaseGeometry) -> None:
    """Add a geometry in WGS-84 to a placemark."""
    shape = mapping(geometry)
    _add_shape_kml(placemark, shape["type"], shape["coordinates"])


def _add_shape_kml(parent: Element, kind: str, coordinates: Any) -> None:  # Any: nested as the kind says
    """Add a geometry; one of several parts is a MultiGeometry."""
    if kind.startswith("Multi"):
        several = SubElement(parent, "MultiGeometry")
        for part in coordinates:
            _add_shape_kml(several, kind.removeprefix("Multi"), part)
    elif kind == "Polygon":
        polygon = SubElement(parent, "Polygon")
        for number, ring in enumerate(coordinates):
            boundary = SubElement(polygon, "innerBoundaryIs" if number else "outerBoundaryIs")
            _positions(SubElement(boundary, "LinearRing"), ring)
    else:
        _positions(SubElement(parent, kind), [coordinates] if kind == "Point" else coordinates)


def _positions(parent: Element, positions: Iterable[tuple[float, float]]) -> None:
    SubElement(parent, "coordinates").text = " ".join(f"{lon:.7f},{lat:.7f}" for lon, lat in positions)


_PRJ = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
_SHAPES = {"Point": ("points", shapefile.POINT), "LineString": ("lines", shapefile.POLYLINE)}
_SHAPES |= {"MultiLineString": _SHAPES["LineString"]}
_SHAPES |= dict.fromkeys(("Polygon", "MultiPolygon"), ("areas", shapefile.POLYGON))


def layers_shapefile(
    layers: Iterable[Layer],
    city: City,
    language: Language,
    versions: Versions | None = None,
    *,
    is_open: bool = False,
    readme: bytes = b"",
) -> bytes:
    """Return a zip: for each layer a Shapefile for its points, its lines and its areas, legend.csv, and README.txt."""
    output, legend = io.BytesIO(), io.StringIO(newline="")
    writer = csv.writer(legend)
    writer.writerow([translate(f"files.legend_{name}", language) for name in ("layer", "field", "key", "title")])
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        layers = tuple(layers)
        for layer in layers:
            columns = flat_columns(layer, city, versions, is_open=is_open)
            names = short_names(columns)
            writer.writerows([layer.spec.id, names[c.key], c.key, c.title(language)] for c in columns)
            for part in ("points", "lines", "areas"):
                chosen = [f for f in layer.features if _SHAPES[f.geometry.geom_type][0] == part]
                if chosen:
                    rows = [(feature.geometry, flat_values(feature, columns, versions)) for feature in chosen]
                    _write_shapes(archive, f"{layer.spec.id}_{part}", rows, columns, names)
        writer.writerow([translate("files.legend_cut", language, most=SHAPEFILE_BYTES)])
        if told := credits_of(layers, language):
            writer.writerow([told])
        add_file(archive, "legend.csv", legend.getvalue().encode("utf-8-sig"))
        if readme:
            add_file(archive, "README.txt", readme)
    return output.getvalue()


def _write_shapes(
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
        add_file(archive, f"{name}.{suffix}", file.getvalue())
    add_file(archive, f"{name}.prj", _PRJ.encode())
    add_file(archive, f"{name}.cpg", b"UTF-8")


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


@dataclass(frozen=True)
class ExportFormat:
    """Describe a format: the file's suffix and media type, and whether one file holds several layers."""

    suffix: str
    mimetype: str
    is_one_file: bool


XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: dict[str, ExportFormat] = {
    "geojson": ExportFormat("geojson", "application/geo+json", False),
    "xlsx": ExportFormat("xlsx", XLSX_TYPE, False),
    "csv": ExportFormat("csv", "text/csv", False),
    "gpx": ExportFormat("gpx", "application/gpx+xml", True),
    "kml": ExportFormat("kml", "application/vnd.google-earth.kml+xml", True),
    "shapefile": ExportFormat("zip", "application/zip", True),
    "gpkg": ExportFormat("gpkg", "application/geopackage+sqlite3", True),
}


@dataclass(frozen=True)
class Exported:
    """Hold a file to be downloaded; `file` is a plain name of ours."""

    content: bytes
    file: str
    mimetype: str


def export_layers(
    layers: Sequence[Layer], city: City, name: str, language: Language, versions: Versions | None = None
) -> Exported:
    """Return layers in a format of FORMATS; several that need a file each come in a zip.

    Raises InvalidValue for another format.
    """
    if name not in FORMATS:
        raise InvalidValue(f'"{name[:40]}" is no format.', f"There are: {', '.join(FORMATS)}.")
    chosen = FORMATS[name]
    stem = layers[0].spec.id if len(layers) == 1 else city.id
    if chosen.is_one_file:
        return Exported(_joined(layers, city, name, language, versions), f"{stem}.{chosen.suffix}", chosen.mimetype)
    write = _writer(city, name, language, versions)
    if len(layers) == 1:
        return Exported(write(layers[0]), f"{stem}.{chosen.suffix}", chosen.mimetype)
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for layer in layers:
            add_file(archive, f"{layer.spec.id}.{chosen.suffix}", write(layer))
    return Exported(output.getvalue(), f"{stem}-{name}.zip", "application/zip")


def _joined(layers: Sequence[Layer], city: City, name: str, language: Language, versions: Versions | None) -> bytes:
    match name:
        case "gpx":
            return layers_gpx(layers, say(city.title, language).text, language)
        case "kml":
            return layers_kml(layers, city, language, versions)
        case "shapefile":
            return layers_shapefile(layers, city, language, versions)
    return layers_geopackage(layers, city)


def _writer(city: City, name: str, language: Language, versions: Versions | None) -> Callable[[Layer], bytes]:
    match name:
        case "xlsx":
            return lambda layer: layer_xlsx(layer, city, language, versions)
        case "csv":
            return lambda layer: layer_csv(layer, city, language, versions)
    return lambda layer: whole_geojson(layer, versions)
