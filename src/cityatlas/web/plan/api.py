"""Plan a tour for programs: the same plan as the page's, as JSON."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, g, request

from ...catalogue.catalogue import Catalogue
from ...errors import InvalidTour
from ...exchange.layers.about import told_table
from ...handouts.day.itinerary_json import itinerary_json
from ...i18n import say
from ...limits import WISH_KB
from ...planner.itinerary.plan_diff import compare, remember
from ...planner.request.read import read_json
from ...planner.request.request import rest_of_today
from ..http.pages import JSON, send
from ..http.sending.file_names import disposition, licensed
from ..http.snapshots import now, snapshot
from .form import MADE, Asked, asked_wish
from .plans import planned

bp = Blueprint("plan_api", __name__)


@bp.get("/plan.json")
def plan_json() -> Response:
    """Answer with a tour as JSON; the address asks as that of the page does."""
    g.language, g.is_language_fixed = "zh", True  # names are in both languages
    catalogue = snapshot()
    return _as_json(asked_wish(catalogue, now(catalogue)))


@bp.post("/api/plan")
def post_plan() -> Response:
    """Answer a wish in JSON with a tour; nothing is stored."""
    g.language, g.is_language_fixed = "zh", True
    catalogue, document = snapshot(), _body()
    made = document.pop(MADE, "") if isinstance(document, dict) else ""
    return _as_json(Asked(read_json(document, catalogue, now(catalogue)), str(made), "", ()))


def _body() -> Any:  # Any: what JSON holds
    """Return the body as JSON; None for what is none, is nested too deep or holds half a letter."""
    if not request.is_json:
        message = "The body's Content-Type is not application/json."
        raise InvalidTour(message, "Send the header Content-Type: application/json.", reason="no_json")
    if request.content_length and request.content_length > WISH_KB * 1_000:
        raise InvalidTour(f"The body has more than {WISH_KB * 1_000} bytes.", "Name fewer places.", reason="too_large")
    try:
        document = request.get_json(silent=True)
        json.dumps(document, ensure_ascii=False).encode()
    except (RecursionError, UnicodeEncodeError):
        return None
    return document


def _as_json(asked: Asked) -> Response:
    moment, wish = now(snapshot()), asked.wish
    rest = rest_of_today(wish, moment)

    def make(catalogue: Catalogue) -> bytes:
        found = planned(catalogue, wish, moment)
        since = compare(asked.made, found.itinerary, catalogue, moment.date(), asked.query)
        table = itinerary_json(found.itinerary, found.changes, found.alternatives, since, asked.lost)
        table["from_now"] = rest.to_query() if rest else None
        table |= told_table("", f"/plan?{wish.to_query()}", catalogue.attributions) | {MADE: remember(found.itinerary)}
        return json.dumps(table, ensure_ascii=False).encode()

    key = (wish.to_query(), asked.made, moment.date(), rest)
    city, day = snapshot().city, wish.day.isoformat()
    response = send(make, JSON, key=key, is_hard=False, is_repeated=False)
    name = disposition("inline", f"{city.id}-{day}", f"{say(city.title, g.language).text} {day}", "json")
    response.headers["Content-Disposition"] = name
    return licensed(response, snapshot().attributions)
