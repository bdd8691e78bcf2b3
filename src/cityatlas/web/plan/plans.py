"""Plan each wish once per snapshot: the page, the program's answer and the files share what was planned."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime

from cachetools import LRUCache
from flask import Flask, current_app

from ...catalogue.catalogue import Catalogue
from ...planner.advice.advice import find_changes
from ...planner.advice.alternatives import Alternative, find_alternatives
from ...planner.advice.changes import Change
from ...planner.itinerary.itinerary import Itinerary, plan
from ...planner.request.request import TourRequest
from ..http.rate_limit import make_in_turn

MOST_KEPT = 256


@dataclass(frozen=True, eq=False)
class Planned:
    """Hold what was planned for a wish.

    The itinerary, the changes that would make an impossible wish possible, and alternatives to what was planned;
    an alternative that was asked for stands as the itinerary, with the others beside it.
    """

    itinerary: Itinerary
    changes: tuple[Change, ...]
    alternatives: tuple[Alternative, ...]


class Plans:
    """Keep the plans that were made last."""

    def __init__(self) -> None:
        self._kept: LRUCache[object, Planned] = LRUCache(MOST_KEPT)
        self._lock = threading.Lock()

    def get(self, catalogue: Catalogue, wish: TourRequest, moment: datetime) -> Planned:
        """Return the plan of a wish at a moment of the city's time; of two that ask at once each may plan.

        Raises TooManyPlans or ServerBusy when it has to be made and cannot be now.
        """
        if wish.variant:
            return _variant(self.get(catalogue, replace(wish, variant=""), moment), wish)
        key = (catalogue.tag, wish.to_query(), moment.date())
        with self._lock:
            if found := self._kept.get(key):
                return found
        made = make_in_turn(lambda: make_plan(catalogue, wish, moment))
        with self._lock:
            self._kept[key] = made
        return made


def make_plan(catalogue: Catalogue, wish: TourRequest, moment: datetime) -> Planned:
    """Return the plan of a wish without a variant; it depends on the moment's day alone, and, today, on its hour."""
    itinerary = replace(plan(catalogue, wish), made_on=moment.date())
    alternatives = find_alternatives(catalogue, itinerary)
    return Planned(itinerary, find_changes(catalogue, itinerary, moment), alternatives)


def _variant(made: Planned, wish: TourRequest) -> Planned:
    """Return an alternative as what was planned; where it is none any more, the plan itself, which says so."""
    chosen = next((other for other in made.alternatives if other.kind == wish.variant), None)
    if chosen is None:
        itinerary = replace(made.itinerary, notices=(*made.itinerary.notices, "variant_gone"))
        return replace(made, itinerary=itinerary)
    others = tuple(other for other in made.alternatives if other is not chosen)
    return Planned(replace(chosen.itinerary, made_on=made.itinerary.made_on), made.changes, others)


def init_app(app: Flask) -> None:
    """Give an application its plans."""
    app.extensions["cityatlas_plans"] = Plans()


def planned(catalogue: Catalogue, wish: TourRequest, moment: datetime) -> Planned:
    """Return what is planned for a wish."""
    plans: Plans = current_app.extensions["cityatlas_plans"]
    return plans.get(catalogue, wish, moment)
