"""Read the wish of an address; a link that remembers its plan may be older than what the map has now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import request

from ...catalogue.catalogue import Catalogue
from ...planner.itinerary.plan_diff import is_of
from ...planner.request.read import read_request, refuse_misspelt
from ...planner.request.renewal import Renewal, renewed
from ...planner.request.request import KEYS, TourRequest

MADE = "made"  # what the plan was when the link was made; no part of the wish


@dataclass(frozen=True)
class Asked:
    """Hold the wish of an address, what the address remembers of its plan, its own query, and what went since."""

    wish: TourRequest
    made: str
    query: str
    lost: tuple[Renewal, ...]


def asked_wish(catalogue: Catalogue, moment: datetime) -> Asked:
    """Return what the present address asks for. Raises InvalidTour."""
    args, made = request.args, request.args.get(MADE, "")
    lost: tuple[Renewal, ...] = ()
    refuse_misspelt(key for key in args if key != MADE)
    query = urlencode([(key, value) for key, value in args.items(multi=True) if key in KEYS], safe=",:")
    values: Mapping[str, object] = args
    if is_of(made, query):
        values, lost = renewed(dict(args.lists()), catalogue)
    return Asked(read_request(values, catalogue, moment), made, query, lost)
