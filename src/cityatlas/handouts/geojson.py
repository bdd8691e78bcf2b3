"""Write an itinerary as GeoJSON (RFC 7946): a point for each stop, a line for each walk and boat trip."""

from __future__ import annotations

import json
from collections.abc import Iterable

from ..planner.itinerary.itinerary import ItineraryStop, Leg
from ..schema.strict_json import JsonTable
from ..tiles.geojson import DECIMALS
from .handout import Handout, boat_line, is_located, leg_name, leg_notes, stop_name, stop_notes, way_words


def itinerary_geojson(handout: Handout) -> bytes:
    """Return a FeatureCollection in WGS-84, lon before lat; foreign members tell the plan's name, day and address."""
    itinerary = handout.itinerary
    features = [_stop(handout, number, stop) for number, stop in enumerate(itinerary.stops, 1)]
    features += [_boat(handout, stop, line) for stop in itinerary.stops if (line := boat_line(stop))]
    features += [
        _way(handout, number, span)
        for number, leg in enumerate(itinerary.legs, 1)
        for span in (leg.spans if leg else ())
        if len(span.coords) > 1
    ]
    collection = {
        "type": "FeatureCollection",
        "name": f"{handout.title} {handout.day.isoformat()}",
        "date": handout.day.isoformat(),
        "link": handout.link,
        "note": handout.words("take.schematic_file"),
        **({"attribution": handout.credits} if handout.credits else {}),
        "features": features,
    }
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _stop(handout: Handout, number: int, stop: ItineraryStop) -> JsonTable:
    properties = {
        "role": "stop",
        "number": number,
        "name": stop_name(handout, number),
        **_times(handout, stop.begin_s, stop.end_s),
        "position": stop.place.position_class,
        "is_located": is_located(stop),
        "notes": stop_notes(handout, stop),
        "page": handout.page_of(stop.feature),
    }
    point = {"type": "Point", "coordinates": _rounded([(stop.place.lon, stop.place.lat)])[0]}
    return {"type": "Feature", "id": stop.feature.id, "geometry": point, "properties": properties}


def _way(handout: Handout, number: int, leg: Leg) -> JsonTable:
    properties = {
        "role": "leg",
        "mode": leg.mode,
        "name": leg_name(handout, number),
        **_times(handout, leg.begin_s, leg.end_s),
        "length_m": leg.length_m,
        "are_steps_unknown": leg.are_steps_unknown,
        "notes": [way_words(handout, leg)] * bool(leg.ride) + leg_notes(handout, leg),
    }
    return _line(leg.coords, properties)


def _boat(handout: Handout, stop: ItineraryStop, line: Iterable[tuple[float, float]]) -> JsonTable:
    name = handout.name(stop.feature)
    return _line(line, {"role": "leg", "mode": "boat", "name": name, **_times(handout, stop.begin_s, stop.end_s)})


def _line(line: Iterable[tuple[float, float]], properties: JsonTable) -> JsonTable:
    geometry = {"type": "LineString", "coordinates": _rounded(line)}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _times(handout: Handout, begin_s: int, end_s: int) -> JsonTable:
    return {"begin": handout.moment(begin_s).isoformat(), "end": handout.moment(end_s).isoformat()}


def _rounded(line: Iterable[tuple[float, float]]) -> list[list[float]]:
    return [[round(lon, DECIMALS), round(lat, DECIMALS)] for lon, lat in line]
