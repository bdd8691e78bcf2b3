"""Measure a tour route while staff edit it, along the line that is drawn or, where they ask, along the network."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, zip_longest
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from ....catalogue.catalogue import Catalogue
from ....city.layers import Feature
from ....editing.stop_names import find_stop
from ....i18n import say, translate
from ....limits import STOPS
from ....routing.route_legs import WALK_M_PER_MIN, Joint, join_stops, legs_drawn, line_of
from ....schema.strict_json import MOST_DEPTH, NotJson, parse_strictly
from ...http.languages import page
from ...http.snapshots import snapshot
from ..review.embeds import route_pages

bp = Blueprint("staff_route", __name__)
Answer = Response | tuple[Response, int]
Leg = tuple[str, int, bool]  # mode, metres, whether it is only a straight line


@page(bp, "/staff/route", methods=["POST"])
def show() -> Answer:
    """Answer with metres and minutes of each leg and in all; with `join`, with the line along the network too.

    `broken` says which stops pages of others would lose, of the published route that is named `feature`;
    `is_joined` tells whether the line that is drawn is that one. A line that cannot be read is refused in words.
    """
    try:
        drawn = _drawn(request.form.get("geometry", ""))
    except NotJson:
        return jsonify(_fault("unreadable")), 422
    catalogue = snapshot()
    typed = [text for text in request.form.getlist("stop") if text.strip()][:STOPS]
    stops = [catalogue.features.get(find_stop(catalogue, text)) for text in typed]
    known = [stop for stop in stops if stop]
    if len(known) < len(stops):
        return jsonify(_fault("unknown", name=typed[stops.index(None)]))
    broken = _broken(catalogue, request.form.get("feature", ""), known)
    return jsonify({**_measured(catalogue, known, drawn), "broken": broken})


def _broken(catalogue: Catalogue, feature_id: str, stops: Sequence[Feature]) -> str:
    """Return in words what pages of others lose of a route that would have these stops; "" for nothing."""
    pages = route_pages(feature_id)
    lost = {*catalogue.features[feature_id].stops} - {stop.id for stop in stops} if pages else ()
    return translate("uses.carries_fewer", g.language, stops=len(lost), n=len(pages)) if lost else ""


def _measured(catalogue: Catalogue, known: Sequence[Feature], drawn: object) -> dict[str, object]:
    if len(known) < 2:
        return _fault("few")
    modes = [mode if mode == "boat" else "walk" for mode in request.form.getlist("mode")][: len(known) - 1]
    modes += ["walk"] * (len(known) - 1 - len(modes))
    joints = join_stops(catalogue.network, [(stop.geometry, stop.lon, stop.lat) for stop in known], modes)
    return _answer(catalogue, known, modes, joints, drawn)


def _answer(
    catalogue: Catalogue, stops: Sequence[Feature], modes: Sequence[str], joints: Sequence[Joint], drawn: object
) -> dict[str, object]:
    joined = {"type": "LineString", "coordinates": [list(place) for place in line_of(joints)]}
    is_joined = "join" in request.form or drawn == joined
    legs: list[Leg] = [(joint.mode, joint.length_m, joint.is_straight) for joint in joints]
    if not is_joined:
        along = legs_drawn(drawn, catalogue.city, stops, modes)
        if not along:
            return _fault("no_line")
        legs = [(leg.mode, leg.length_m, False) for leg in along]
    minutes = [_minutes(leg, ride) for leg, ride in zip_longest(legs, _rides(len(stops)))]
    names = [say(stop.name, g.language).text for stop in stops]
    told: dict[str, object] = {
        "legs": [
            {"from": start, "to": end, "mode": leg[0], "told": _told(leg, leg_min)}
            for start, end, leg, leg_min in zip(names, names[1:], legs, minutes, strict=False)
        ],
        "total": _total(legs, minutes),
        "is_joined": is_joined,
    }
    return told | ({"geometry": joined} if "join" in request.form else {})


def _fault(key: str, **values: object) -> dict[str, object]:
    return {"fault": translate(f"editmap.route_{key}", g.language, **values)}


def _drawn(text: str) -> Any:  # Any: what JSON holds
    """Return the geometry that a text says, or None for an empty one. Raises NotJson."""
    return parse_strictly(text, most_depth=MOST_DEPTH) if text.strip() else None


def _rides(count: int) -> list[int | None]:
    """Return the minutes between stops of the first run of the timetable, as far as it says them."""
    calls = request.form.get("times", "").split(";")[0].split()
    at_min = [_clock_min(call) for call in calls] if len(calls) == count else [None] * count
    return [
        end - start if start is not None and end is not None and end > start else None
        for start, end in pairwise(at_min)
    ]


def _clock_min(text: str) -> int | None:
    hour, _, minute = text.partition(":")
    is_clock = hour.isdecimal() and minute.isdecimal() and len(text) <= len("00:00")
    return int(hour) * 60 + int(minute) if is_clock else None


def _minutes(leg: Leg, ride_min: int | None) -> int | None:
    """Return the minutes of a leg; those of a boat are its timetable's."""
    return ride_min if leg[0] == "boat" else max(1, round(leg[1] / WALK_M_PER_MIN))


def _told(leg: Leg, minutes: int | None) -> str:
    mode, length_m, is_straight = leg
    words = translate(f"editmap.route_{mode}", g.language, metres=length_m)
    words += translate("editmap.route_min", g.language, minutes=minutes) if minutes is not None else ""
    return words + (translate("editmap.route_straight", g.language) if is_straight else "")


def _total(legs: Sequence[Leg], minutes: Sequence[int | None]) -> str:
    key = "editmap.route_total"
    if None in minutes:
        key += "_part" if any(leg[0] == "walk" for leg in legs) else "_boat"
    known = sum(part for part in minutes if part is not None)
    return translate(key, g.language, metres=sum(leg[1] for leg in legs), minutes=known)
