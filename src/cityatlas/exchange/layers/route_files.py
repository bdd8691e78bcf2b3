"""Write a curated tour route for others: its line, its stops in order, and how one gets from each to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from gpxpy.gpx import GPX, GPXRoute, GPXRoutePoint, GPXTrack, GPXTrackPoint, GPXTrackSegment, GPXWaypoint
from shapely.geometry import mapping

from ...city.layers import Feature
from ...i18n import LANGUAGES, say, translate
from ...routing.route_legs import RouteLeg
from ...schema.strict_json import JsonTable
from ...tiles.geojson import stops_geojson
from .about import Part, told_table
from .exports import KML, add_shape_kml, gpx_lines
from .flat import Value, both_credits, credits_of
from .open_data import encoded, place_table
from .open_table import table


@dataclass(frozen=True)
class RouteFile:
    """Hold a route with its stops in order and the legs between them, none where they are not known.

    `part` is the route's layer with the route and its stops' layers: whose the data are.
    """

    route: Feature
    stops: Sequence[Feature]
    legs: Sequence[RouteLeg]
    part: Part

    @property
    def is_about(self) -> bool:
        """Return whether its lengths are only about right: its line or a stop is not surveyed."""
        return any(feature.position_class != "surveyed" for feature in (self.route, *self.stops))

    def name(self, feature: Feature) -> str:
        """Return a feature's name in the file's language; one whose position is only drawn says so."""
        mark = translate("take.schematic_mark", self.part.language) if feature.position_class == "schematic" else ""
        return say(feature.name, self.part.language).text + mark

    @property
    def note(self) -> str:
        """Return what a file says of its positions, and whose they are."""
        told = translate("take.schematic_file", self.part.language), credits_of(self.part.layers, self.part.language)
        return " ".join(told).strip()


def route_json(file: RouteFile) -> bytes:
    """Return the route with its stops and legs as JSON."""
    stops = [{"number": n} | place_table(stop, file.part) for n, stop in enumerate(file.stops, 1)]
    legs = [{"mode": leg.mode, "length_m": leg.length_m, "walk_min": leg.walk_min} for leg in file.legs]
    own = place_table(file.route, file.part) | {"page": f"{file.part.root}/routes/{file.route.id}"}
    drawn: JsonTable = {"line": mapping(file.route.geometry), "are_lengths_about": file.is_about}
    return encoded(
        own | drawn | {"stops": stops, "legs": legs} | told_table(file.part.root, file.part.path, file.part.credits)
    )


def route_geojson(file: RouteFile) -> bytes:
    """Return a FeatureCollection in WGS-84: the line, then the stops; each says its role and number."""
    return stops_geojson(file.route, file.stops, file.part.credits)


def route_csv(file: RouteFile) -> bytes:
    """Return the stops as a table, a row each, with the way to the next one."""
    names = tuple(f"name.{language}" for language in LANGUAGES)
    header = ("number", "id", *names, "kind", "lon", "lat", "position.class")
    legs: Sequence[RouteLeg | None] = [*file.legs] if file.legs else [None] * len(file.stops)
    ways = [*legs[: len(file.stops)], *[None] * (len(file.stops) - len(legs))]
    credits = " / ".join(dict.fromkeys(filter(None, (both_credits(layer) for layer in file.part.layers))))
    rows = [
        [*_stop(number, stop), *_way(leg), credits]
        for number, (stop, leg) in enumerate(zip(file.stops, ways, strict=True), 1)
    ]
    return table([*header, "next.mode", "next.length_m", "next.walk_min", "attribution"], rows)


def _stop(number: int, stop: Feature) -> list[Value]:
    names = [stop.name.get(language) for language in LANGUAGES]
    return [number, stop.id, *names, stop.kind, round(stop.lon, 6), round(stop.lat, 6), stop.position_class]


def _way(leg: RouteLeg | None) -> list[Value]:
    return [leg.mode, leg.length_m, leg.walk_min] if leg else [None, None, None]


def route_gpx(file: RouteFile) -> bytes:
    """Return waypoints for the stops, a route through them, and the line as a track."""
    gpx = GPX()
    gpx.creator, gpx.name, gpx.description = "cityatlas", file.part.title, file.note
    named = [(stop, f"{n}. {file.name(stop)}") for n, stop in enumerate(file.stops, 1)]
    for stop, name in named:
        kind = translate(f"position.{stop.position_class}", file.part.language)
        notes = " ".join(filter(None, (say(stop.summary, file.part.language).text, f"[{kind}]")))
        gpx.waypoints.append(GPXWaypoint(stop.lat, stop.lon, name=name, description=notes))
    if named:
        way = GPXRoute(name=file.part.title)
        way.points = [GPXRoutePoint(stop.lat, stop.lon, name=name) for stop, name in named]
        gpx.routes.append(way)
    track = GPXTrack(name=file.name(file.route))
    for line in gpx_lines(file.route.geometry):
        track.segments.append(GPXTrackSegment([GPXTrackPoint(lat, lon) for lon, lat in line]))
    gpx.tracks += [track] if track.segments else []
    return gpx.to_xml(version="1.1").encode()


def route_kml(file: RouteFile) -> bytes:
    """Return the stops and the line for a globe; its XML is built, never joined."""
    root = Element("kml", xmlns=KML)
    document = SubElement(root, "Document")
    SubElement(document, "name").text = file.part.title
    SubElement(document, "description").text = file.note
    for number, stop in enumerate(file.stops, 1):
        _mark(document, file, stop, f"{number}. {file.name(stop)}")
    _mark(document, file, file.route, file.name(file.route))
    body: bytes = tostring(root, "utf-8", xml_declaration=True)
    return body


def _mark(document: Element, file: RouteFile, feature: Feature, name: str) -> None:
    placemark = SubElement(document, "Placemark")
    SubElement(placemark, "name").text = name
    if summary := say(feature.summary, file.part.language).text:
        SubElement(placemark, "description").text = summary
    data = SubElement(SubElement(placemark, "ExtendedData"), "Data", name="position")
    SubElement(data, "value").text = feature.position_class
    if feature is file.route:
        add_shape_kml(placemark, feature.geometry)
    else:
        coordinates = f"{feature.lon:.7f},{feature.lat:.7f}"
        SubElement(SubElement(placemark, "Point"), "coordinates").text = coordinates


ROUTE_WRITERS: Mapping[str, Callable[[RouteFile], bytes]] = {
    "json": route_json,
    "geojson": route_geojson,
    "csv": route_csv,
    "gpx": route_gpx,
    "kml": route_kml,
}
