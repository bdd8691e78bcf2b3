"""Plan a tour for programs: the same plan as the page's, as JSON."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, g, request

from ..catalogue import Catalogue
from ..exchange.itineraries import itinerary_json
from ..planner.request import TourRequest, read_json, read_request
from .explore import now
from .pages import JSON, send
from .plans import planned
from .snapshots import snapshot

bp = Blueprint("plan_api", __name__)


@bp.get("/plan.json")
def plan_json() -> Response:
    """Answer with a tour as JSON; the address asks as that of the page does."""
    g.language, g.is_language_fixed = "zh", True  # names are in both languages
    catalogue = snapshot()
    return _as_json(read_request(request.args, catalogue, now(catalogue)))


@bp.post("/api/plan")
def post_plan() -> Response:
    """Answer a wish in JSON with a tour; nothing is stored."""
    g.language, g.is_language_fixed = "zh", True
    catalogue = snapshot()
    return _as_json(read_json(_body(), catalogue, now(catalogue)))


def _body() -> Any:  # Any: what JSON holds
    """Return the body as JSON; None for what is none, is nested too deep or holds half a letter."""
    try:
        document = request.get_json(silent=True)
        json.dumps(document, ensure_ascii=False).encode()
    except (RecursionError, UnicodeEncodeError):
        return None
    return document


def _as_json(wish: TourRequest) -> Response:
    moment = now(snapshot())

    def make(catalogue: Catalogue) -> bytes:
        made = planned(catalogue, wish, moment)
        table = itinerary_json(made.itinerary, made.changes)
        return json.dumps(table | {"page": f"/plan?{wish.to_query()}"}, ensure_ascii=False).encode()

    return send(make, JSON, key=(wish.to_query(), moment.date()), is_hard=False, is_repeated=False)
