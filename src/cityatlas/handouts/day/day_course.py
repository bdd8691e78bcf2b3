"""Write the ways of a planned day for a live map, drawn as on the day's picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import shapely

from ...planner.itinerary.itinerary import Itinerary
from ...render.looks import painted
from ...schema.strict_json import JsonTable
from .day_map import CASING, END_MARKS, STROKES, courses, named_tips

DECIMALS = 6  # 0.1 m
Line = list[list[float]]


def day_course(itinerary: Itinerary, stops: Sequence[str], look: str) -> list[JsonTable]:
    """Return GeoJSON features (lon, lat) whose properties are Leaflet's options of a path.

    The first is all that is walked, sailed and ridden, below the rest, with the ids of the `stops` in their order, and
    comes past each of them. Start and end, where they were named, are squares: lines of no length.
    """
    lines = {
        mode: [_line(shapely.get_coordinates(course).tolist()) for course in found]
        for mode, found in courses(itinerary).items()
    }
    dots = [_line([(stop.place.lon, stop.place.lat)] * 2) for stop in itinerary.stops]
    ways = [line for found in lines.values() for line in found]
    whole = _feature([*ways, *dots], painted("stroke", CASING, look), 8, stops=list(stops))
    whole["layerId"] = "plan"  # as the style sheet calls its arrows and numbers
    return [whole, *_modes(lines, look), *_tips(itinerary)]


def _modes(lines: dict[str, list[Line]], look: str) -> Iterator[JsonTable]:
    for mode, colour, dashes in STROKES:
        if lines[mode]:
            yield _feature(lines[mode], painted("stroke", colour, look), 4, dashArray=dashes)


def _tips(itinerary: Itinerary) -> Iterator[JsonTable]:
    for kind, tip in named_tips(itinerary).items():
        for colour, weight in (("#ffffff", 20), (END_MARKS[kind], 16)):
            yield _feature([_line([tip, tip])], colour, weight, lineCap="square")


def _feature(lines: list[Line], colour: str, weight_px: int, **options: object) -> JsonTable:
    geometry = {"type": "MultiLineString", "coordinates": lines}
    return {"type": "Feature", "geometry": geometry, "properties": {"color": colour, "weight": weight_px, **options}}


def _line(spots: Iterable[Sequence[float]]) -> Line:
    return [[round(side, DECIMALS) for side in spot[:2]] for spot in spots]
