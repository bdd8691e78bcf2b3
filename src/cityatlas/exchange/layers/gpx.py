"""Write layers as GPX 1.1: points as waypoints, lines and the outlines of areas as tracks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from gpxpy.gpx import GPX, GPXTrack, GPXTrackPoint, GPXTrackSegment, GPXWaypoint
from shapely.geometry import mapping

from ...city.layers import Feature, Layer
from ...i18n import Language, say, translate
from .flat import credits_of

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
            _add(gpx, feature, kind, language)
    return gpx.to_xml(version="1.1").encode()


def _add(gpx: GPX, feature: Feature, kind: str, language: Language) -> None:
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
    for line in _lines(shape["type"], shape["coordinates"]):
        track.segments.append(GPXTrackSegment([GPXTrackPoint(lat, lon) for lon, lat in line]))
    gpx.tracks.append(track)


def _lines(kind: str, coordinates: Any) -> Iterator[Ring]:  # Any: nested as deep as the kind of geometry says
    """Yield the lines of a geometry; an area's are its rings."""
    if kind == "LineString":
        yield coordinates
    elif kind in ("MultiLineString", "Polygon"):
        yield from coordinates
    else:
        for polygon in coordinates:
            yield from polygon
