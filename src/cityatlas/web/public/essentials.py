"""Say what a visitor asks first: notices, today's hours, price, booking, phone; and what of it is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import g

from ...catalogue.catalogue import Catalogue
from ...catalogue.visiting import is_visitable
from ...city.contacts import host_of
from ...city.layers import Feature
from ...city.opening.feature_opening import closure_on, is_in_season, notices_from
from ...city.opening.opening_hours import tell_days
from ...i18n import Language, translate
from ...schema.items import PlaceNotice, Price
from ..http.snapshots import now

AMOUNTS = {"CNY": "price.amount_CNY"}  # currencies that have a word of their own; the code stands for others


@dataclass(frozen=True)
class Essentials:
    """Hold what a card says first. `unknown` are the keys of what nobody knows of a place that one can visit.

    `hours_today` is "" where hours are not known; `closed_by` is the notice that closes the place today.
    """

    today: date
    notices: tuple[PlaceNotice, ...]
    closed_by: PlaceNotice | None
    hours_today: str
    prices: tuple[tuple[str, str, Price], ...]
    website_host: str
    is_in_season: bool
    unknown: tuple[str, ...]


def essentials(catalogue: Catalogue, feature: Feature) -> Essentials:
    """Return what a visitor asks first, as of today."""
    today = now(catalogue).date()
    closed_by = closure_on(feature, today)
    return Essentials(
        today=today,
        notices=notices_from(feature, today),
        closed_by=closed_by,
        hours_today=translate("card.closed_today", g.language) if closed_by else _hours_on(catalogue, feature, today),
        prices=tuple((_payer(price), amount_words(price, g.language), price) for price in feature.prices),
        website_host=host_of(feature.website),
        is_in_season=is_in_season(feature, today),
        unknown=tuple(_unknown(catalogue, feature)),
    )


def amount_words(price: Price, language: Language) -> str:
    """Return what is paid in words; nothing is free."""
    if not price.amount:
        return translate("price.free", language)
    amount = f"{price.amount:.2f}".rstrip("0").rstrip(".")
    return translate(AMOUNTS.get(price.currency, "price.amount"), language, amount=amount, currency=price.currency)


def _payer(price: Price) -> str:
    return translate(f"price.for_{price.payer}", g.language) if price.payer else ""


def _hours_on(catalogue: Catalogue, feature: Feature, day: date) -> str:
    hours = feature.opening_hours
    if not hours:
        return ""
    ((_, times),) = tell_days(hours, day, 1, g.language, holidays=catalogue.city.holidays)
    return times


def _unknown(catalogue: Catalogue, feature: Feature) -> Iterator[str]:
    """Yield what a visitor may ask of a place and nobody knows; of what is no visit nothing is asked."""
    if not is_visitable(catalogue, feature):
        return
    is_route = catalogue.city.kinds[feature.kind].role == "route"
    access = feature.access
    known = {
        "hours": is_route or bool(feature.opening_hours),
        "price": bool(feature.prices),
        "reservation": feature.reservation.needed is not None,
        "phone": bool(feature.phone),
        "website": bool(feature.website),
        "steps": (access.boat_gangway if is_route else access.step_free) is not None,
        "toilets": access.toilets is not None,
    }
    yield from (key for key, is_known in known.items() if not is_known)
