"""Write an itinerary for programs: one JSON object with stops, legs as GeoJSON lines, and sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..planner.advice import Change
from ..planner.itinerary import Itinerary, Leg, Stop
from ..planner.request import clock

Json = dict[str, Any]  # Any: what JSON holds


def itinerary_json(itinerary: Itinerary, changes: Sequence[Change]) -> Json:
    """Return an itinerary as a table for `json`; times are HH:MM in the city's zone, positions lon-lat."""
    lunch = itinerary.lunch
    return {
        "status": itinerary.status,
        "query": itinerary.request.to_query(),
        "date": itinerary.request.day.isoformat(),
        "begin": clock(itinerary.begin_s),
        "end": clock(itinerary.end_s),
        "totals": {
            "stops": len(itinerary.stops),
            "walk_m": itinerary.walk_m,
            "walk_min": round(itinerary.walk_s / 60),
            "wait_min": round(itinerary.wait_s / 60),
            "score": itinerary.score,
        },
        "stops": [_stop(stop) for stop in itinerary.stops],
        "legs": [_leg(leg) if leg else None for leg in itinerary.legs],
        "lunch": {"begin": clock(lunch.begin_s), "end": clock(lunch.end_s)} if lunch else None,
        "are_times_about": itinerary.is_about,
        "missing": [{"id": feature_id, "reason": reason} for feature_id, reason in itinerary.missing.items()],
        "changes": [{"kind": c.kind, "value": c.value, "query": c.request.to_query()} for c in changes],
        "left_out": itinerary.left_out,
    }


def _stop(stop: Stop) -> Json:
    return {
        "id": stop.feature.id,
        "name": stop.feature.name,
        "lon": stop.place.lon,
        "lat": stop.place.lat,
        "arrive": clock(stop.arrive_s),
        "begin": clock(stop.begin_s),
        "end": clock(stop.end_s),
        "leave": clock(stop.leave_s),
        "slack_min": stop.slack_s // 60,
        "is_must": stop.is_must,
        "mode": "boat" if stop.is_boat else "visit",
        "warnings": list(stop.warnings),
    }


def _leg(leg: Leg) -> Json:
    return {
        "mode": leg.mode,
        "begin": clock(leg.begin_s),
        "end": clock(leg.end_s),
        "length_m": leg.length_m,
        "minutes": round((leg.end_s - leg.begin_s) / 60),
        "are_steps_unknown": leg.are_steps_unknown,
        "works": [feature.id for feature in leg.works],
        "line": {"type": "LineString", "coordinates": leg.coords},
    }
