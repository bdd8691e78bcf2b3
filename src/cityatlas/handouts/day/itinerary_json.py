"""Write an itinerary for programs: one JSON object with stops, legs as GeoJSON lines, sums and alternatives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date

from ...catalogue.visiting import phase_on
from ...city.layers import Feature
from ...planner.advice.alternatives import Alternative
from ...planner.advice.changes import Change
from ...planner.itinerary.itinerary import Itinerary, ItineraryStop, Leg
from ...planner.itinerary.plan_diff import Since
from ...planner.itinerary.timeline import scores_by_theme
from ...planner.request.read import Renewal
from ...planner.request.request import clock
from ...versioning.content import Json


def itinerary_json(
    itinerary: Itinerary,
    changes: Sequence[Change],
    alternatives: Sequence[Alternative] = (),
    since: Since | None = None,
    lost: Sequence[Renewal] = (),
) -> Json:
    """Return an itinerary as a table for `json`; times are HH:MM in the city's zone, positions lon-lat."""
    lunch = itinerary.lunch
    return {
        "status": itinerary.status,
        "query": itinerary.request.to_query(),
        "date": itinerary.request.day.isoformat(),
        "begin": clock(itinerary.begin_s),
        "end": clock(itinerary.end_s),
        "totals": _totals(itinerary),
        "stops": [_stop(stop) for stop in itinerary.stops],
        "legs": [_leg(leg, itinerary.request.day) if leg else None for leg in itinerary.legs],
        "lunch": {"begin": clock(lunch.begin_s), "end": clock(lunch.end_s)} if lunch else None,
        "are_times_about": itinerary.is_about,
        "notices": list(itinerary.notices),
        "gone": list(itinerary.gone),
        "missing": _reasons(itinerary.missing),
        "changes": [_change(change) for change in changes],
        "left_out": itinerary.left_out,
        "dropped": _reasons(itinerary.dropped),
        "alternatives": [_alternative(other) for other in alternatives],
        "since": _since(since, lost) if since else None,
    }


def _totals(itinerary: Itinerary) -> Json:
    return {
        "stops": len(itinerary.stops),
        "walk_m": itinerary.walk_m,
        "walk_min": round(itinerary.walk_s / 60),
        "wait_min": round(itinerary.wait_s / 60),
        "score": itinerary.score,
        "by_theme": scores_by_theme(itinerary),
    }


def _reasons(reasons: Mapping[str, str]) -> list[Json]:
    return [{"id": feature_id, "reason": reason} for feature_id, reason in reasons.items()]


def _change(change: Change) -> Json:
    told = {"kind": change.kind, "value": change.value, "query": change.request.to_query()}
    parts = [{"kind": step.kind, "value": step.value} for step in change.steps]
    return told | ({"parts": parts} if len(parts) > 1 else {})


def _alternative(other: Alternative) -> Json:
    return {
        "kind": other.kind,
        "theme": other.theme,
        "query": other.itinerary.request.to_query(),
        "begin": clock(other.itinerary.begin_s),
        "end": clock(other.itinerary.end_s),
        "totals": _totals(other.itinerary),
        "stops": [
            {"id": s.feature.id, "name": s.feature.name, "begin": clock(s.begin_s)} for s in other.itinerary.stops
        ],
    }


def _since(since: Since, lost: Sequence[Renewal]) -> Json:
    rows = [
        {"kind": c.kind, "id": c.feature_id, "name": dict(c.name), "before": c.before, "now": c.now}
        for c in since.changes
    ]
    wish = [{"kind": renewal.kind, "old_id": renewal.old_id, "new_id": renewal.new_id} for renewal in lost]
    return {"day": since.day.isoformat(), "changes": rows, "wish": wish}


def _stop(stop: ItineraryStop) -> Json:
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
        "is_begin_fixed": stop.is_begin_fixed,
        "programme": _programme(stop),
        "mode": "boat" if stop.is_boat else "visit",
        "warnings": list(stop.warnings),
    }


def _programme(stop: ItineraryStop) -> Json | None:
    """Return the programme that was chosen, without what nobody says of it."""
    if stop.programme is None:
        return None
    return {key: value for key, value in asdict(stop.programme).items() if value not in (None, "", {}, ())}


def _leg(leg: Leg, day: date) -> Json:
    return {
        "mode": leg.mode,
        "begin": clock(leg.begin_s),
        "end": clock(leg.end_s),
        "length_m": leg.length_m,
        "minutes": round((leg.end_s - leg.begin_s) / 60),
        "are_steps_unknown": leg.are_steps_unknown,
        "works": [_site(feature, day) for feature in leg.works],
        "avoided": [_site(feature, day) for feature in leg.avoided],
        "detour_m": leg.detour_m,
        "line": {"type": "LineString", "coordinates": leg.coords},
    } | (_by_estimate(leg, day) if leg.is_estimate else _by_boat(leg, day))


def _by_estimate(leg: Leg, day: date) -> Json:
    """Return what a way by bicycle, bus or taxi has beside: that it is an estimate, its bus, and its parts."""
    told: Json = {"is_estimate": True}
    if bus := leg.bus:
        told["bus"] = {"line": bus.line.id, "from": bus.board.id, "to": bus.alight.id}
    return told | ({"parts": [_leg(part, day) for part in leg.parts]} if leg.parts else {})


def _site(feature: Feature, day: date) -> Json:
    """Return a construction site as it is on a day, and since which month (YYYY-MM)."""
    phase = phase_on(feature, day)
    return {"id": feature.id, "phase": phase.phase if phase else None, "since": phase.since if phase else None}


def _by_boat(leg: Leg, day: date) -> Json:
    """Return what a way by boat has beside: its line and landings, and its parts, whose metres are their own."""
    ride = leg.ride
    if ride is None:
        return {}
    told = {"route": ride.line.id, "from": ride.board.id, "to": ride.alight.id}
    return {"ride": told | {"parts": [_leg(part, day) for part in leg.parts]}} if leg.parts else {"ride": told}
