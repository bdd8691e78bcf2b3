"""Tell what else a day could be, and what has changed since its link was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask import g

from ...catalogue.catalogue import Catalogue
from ...i18n import say, translate
from ...planner.advice.alternatives import Alternative
from ...planner.itinerary.itinerary import Itinerary
from ...planner.itinerary.plan_diff import SinceChange, compare
from ...planner.request.read import Renewal
from .form import Asked
from .links import plan_link


@dataclass(frozen=True)
class OtherPlan:
    """Hold another way to spend the day: its title, what differs, and its address."""

    title: str
    address: str
    stops: int
    walk_m: int
    end_s: int
    new: str


@dataclass(frozen=True)
class Told:
    """Hold what the page says has changed since `day` (ISO); no sentences mean that all is the same."""

    day: str
    sentences: tuple[str, ...]


def others(catalogue: Catalogue, itinerary: Itinerary, alternatives: Sequence[Alternative]) -> list[OtherPlan]:
    """Return the alternatives as the page shows them."""
    wish = itinerary.request
    return [_other(catalogue, itinerary, other, plan_link(replace(wish, variant=other.kind))) for other in alternatives]


def _other(catalogue: Catalogue, itinerary: Itinerary, other: Alternative, address: str) -> OtherPlan:
    planned = {stop.feature.id for stop in itinerary.stops}
    new = [say(s.feature.name, g.language).text for s in other.itinerary.stops if s.feature.id not in planned]
    theme = say(catalogue.city.themes.get(other.theme), g.language).text
    is_only_shorter = other.kind == "less" and other.itinerary.walk_m >= itinerary.walk_m
    kind = "shorter" if is_only_shorter else other.kind
    return OtherPlan(
        title=translate(f"planmap.other_{kind}", g.language, theme=theme),
        address=address,
        stops=len(other.itinerary.stops),
        walk_m=other.itinerary.walk_m,
        end_s=other.itinerary.end_s,
        new=translate("unit.list_comma", g.language).join(new),
    )


def since(catalogue: Catalogue, itinerary: Itinerary, asked: Asked, today: date) -> Told | None:
    """Return what differs from the plan that a link was made of; None without one, or for a broken one."""
    found = compare(asked.made, itinerary, catalogue, today, asked.query) if asked.made else None
    if found is None:
        return None
    wished = [_renewal(catalogue, renewal) for renewal in asked.lost]
    return Told(found.day.isoformat(), (*wished, *(_sentence(change) for change in found.changes)))


def _renewal(catalogue: Catalogue, renewal: Renewal) -> str:
    """Return what became of a part of the wish."""
    feature = catalogue.features.get(renewal.new_id or renewal.old_id)
    name = say(feature.name, g.language).text if feature else ""
    return translate(f"planner.since_{renewal.kind}", g.language, old=renewal.old_id, name=name)


def _sentence(change: SinceChange) -> str:
    name = say(change.name, g.language).text or change.feature_id or translate("planmap.since_unnamed", g.language)
    values = {"name": name, "before": change.before, "now": change.now}
    return translate(f"planmap.since_{change.kind}", g.language, **values)
