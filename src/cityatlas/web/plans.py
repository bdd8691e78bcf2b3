"""Plan each wish once per snapshot: the page, the program's answer and the files share what was planned."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app

from ..catalogue import Catalogue
from ..planner.advice import Change, find_changes
from ..planner.itinerary import Itinerary, plan
from ..planner.request import TourRequest

MOST_KEPT = 256


@dataclass(frozen=True, eq=False)
class Planned:
    """Hold what was planned for a wish: the itinerary, and the changes that would make an impossible wish possible."""

    itinerary: Itinerary
    changes: tuple[Change, ...]


class Plans:
    """Keep the plans that were made last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, Planned] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, catalogue: Catalogue, wish: TourRequest, moment: datetime) -> Planned:
        """Return the plan of a wish at a moment of the city's time; of two that ask at once each may plan."""
        key = (catalogue.tag, wish.to_query(), moment.date())
        with self._lock:
            if found := self._kept.get(key):
                self._kept.move_to_end(key)
                return found
        itinerary = plan(catalogue, wish)
        made = Planned(itinerary, find_changes(catalogue, itinerary, moment))
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return made


def init_app(app: Flask) -> None:
    """Give an application its plans."""
    app.extensions["cityatlas_plans"] = Plans()


def planned(catalogue: Catalogue, wish: TourRequest, moment: datetime) -> Planned:
    """Return what is planned for a wish."""
    plans: Plans = current_app.extensions["cityatlas_plans"]
    return plans.get(catalogue, wish, moment)
