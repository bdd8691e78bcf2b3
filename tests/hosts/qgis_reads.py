"""Run in Debian's own Python with QGIS: open a layer by OGC API - Features and its vector tiles, and say what is there.

`QT_QPA_PLATFORM=offscreen /usr/bin/python3 qgis_reads.py SITE LAYER LON LAT` prints a JSON object: how many features
the layer has, its CRS and fields, and how many pixels of a drawn square of 512 about lon, lat its tiles colour.
"""

from __future__ import annotations

import json
import os
import sys

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileBasicRenderer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize, Qt

SIDE_PX, REACH_M = 512, 3_000
WHITE = 0xFFFFFFFF
ZOOMS = "zmin=8&zmax=14"


def read_features(site: str, layer_id: str) -> dict[str, object]:
    """Return what QGIS makes of a collection below /ogc."""
    paged = "pagingEnabled='true' pageSize='1000' restrictToRequestBBOX='0'"
    layer = QgsVectorLayer(f"{paged} typename='{layer_id}' url='{site}/ogc'", layer_id, "OAPIF")
    if not layer.isValid():
        return {"count": None}
    fields = [field.name() for field in layer.fields()]
    return {"count": sum(1 for _ in layer.getFeatures()), "crs": layer.crs().authid(), "fields": fields}


def drawn_pixels(site: str, layer_id: str, lon: float, lat: float) -> int:
    """Return how many pixels a layer's tiles colour where nothing else is drawn."""
    source = f"type=xyz&{ZOOMS}&url={site}/tiles/{layer_id}/{{z}}/{{x}}/{{y}}.mvt"
    layer = QgsVectorTileLayer(source, layer_id)
    if not layer.isValid():
        return 0
    renderer = QgsVectorTileBasicRenderer()
    renderer.setStyles(QgsVectorTileBasicRenderer.simpleStyleWithRandomColors())
    layer.setRenderer(renderer)
    mercator = QgsCoordinateReferenceSystem("EPSG:3857")
    to_metres = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"), mercator, QgsProject.instance())
    at = to_metres.transform(QgsPointXY(lon, lat))
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(mercator)
    settings.setBackgroundColor(Qt.white)
    settings.setOutputSize(QSize(SIDE_PX, SIDE_PX))
    settings.setExtent(QgsRectangle(at.x() - REACH_M, at.y() - REACH_M, at.x() + REACH_M, at.y() + REACH_M))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    return sum(image.pixel(x, y) != WHITE for x in range(SIDE_PX) for y in range(SIDE_PX))


def main(site: str, layer_id: str, lon: float, lat: float) -> None:
    """Print what was read."""
    application = QgsApplication([], False)
    application.initQgis()
    found = read_features(site, layer_id) | {"pixels": drawn_pixels(site, layer_id, lon, lat)}
    sys.stdout.write(json.dumps(found))
    sys.stdout.flush()
    os._exit(0)  # it crashes where it ends by itself


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
