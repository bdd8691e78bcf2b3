"""Write one layer or all of them in any format that others read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...city.layers import Layer
from ...city.spec import City
from ...errors import InvalidValue
from ...i18n import Language, say
from ...tiles.geojson import whole_geojson
from .geopackage import layers_geopackage
from .gpx import layers_gpx
from .kml import layers_kml
from .shapefile import layers_shapefile
from .sheets import Versions, layer_csv, layer_xlsx


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
            archive.writestr(f"{layer.spec.id}.{chosen.suffix}", write(layer))
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
