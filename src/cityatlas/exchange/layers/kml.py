"""Write layers as KML 2.2: a folder for each layer, its properties as extended data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from shapely.geometry import mapping

from ...city.layers import Feature, Layer
from ...city.spec import City
from ...i18n import Language, say, translate
from ..tables.columns import Column
from .flat import Value, credits_of, flat_columns, flat_values
from .sheets import Versions

_NAMESPACE = "http://www.opengis.net/kml/2.2"


def layers_kml(layers: Iterable[Layer], city: City, language: Language, versions: Versions | None = None) -> bytes:
    """Return a KML document in WGS-84; texts are data in it, never markup."""
    root = Element("kml", xmlns=_NAMESPACE)
    document = SubElement(root, "Document")
    SubElement(document, "name").text = say(city.title, language).text
    layers = tuple(layers)
    told = (translate("page.schematic", language), credits_of(layers, language))
    SubElement(document, "description").text = " ".join(told).strip()
    for layer in layers:
        folder = SubElement(document, "Folder", id=layer.spec.id)
        SubElement(folder, "name").text = say(layer.spec.title, language).text
        columns = flat_columns(layer, city, versions)
        for feature in layer.features:
            _add(folder, feature, zip(columns, flat_values(feature, columns, versions), strict=True), language)
    body: bytes = tostring(root, "utf-8", xml_declaration=True)
    return body


def _add(folder: Element, feature: Feature, values: Iterable[tuple[Column, Value]], language: Language) -> None:
    placemark = SubElement(folder, "Placemark", id=feature.id)
    SubElement(placemark, "name").text = say(feature.name, language).text
    if summary := say(feature.summary, language).text:
        SubElement(placemark, "description").text = summary
    data = SubElement(placemark, "ExtendedData")
    for column, value in values:
        if value is not None:
            SubElement(SubElement(data, "Data", name=column.key), "value").text = str(value)
    shape = mapping(feature.geometry)
    _add_shape(placemark, shape["type"], shape["coordinates"])


def _add_shape(parent: Element, kind: str, coordinates: Any) -> None:  # Any: nested as the kind says
    """Add a geometry; one of several parts is a MultiGeometry."""
    if kind.startswith("Multi"):
        several = SubElement(parent, "MultiGeometry")
        for part in coordinates:
            _add_shape(several, kind.removeprefix("Multi"), part)
    elif kind == "Polygon":
        polygon = SubElement(parent, "Polygon")
        for number, ring in enumerate(coordinates):
            boundary = SubElement(polygon, "innerBoundaryIs" if number else "outerBoundaryIs")
            _positions(SubElement(boundary, "LinearRing"), ring)
    else:
        _positions(SubElement(parent, kind), [coordinates] if kind == "Point" else coordinates)


def _positions(parent: Element, positions: Iterable[tuple[float, float]]) -> None:
    SubElement(parent, "coordinates").text = " ".join(f"{lon:.7f},{lat:.7f}" for lon, lat in positions)
