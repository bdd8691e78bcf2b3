"""Describe features and routes for search engines: schema.org as JSON-LD, safe inside a script element."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta

from flask import current_app, request
from markupsafe import Markup

from ...catalogue.catalogue import Catalogue
from ...city.layers import Feature
from ...city.opening.opening_hours import week
from ...i18n import TAGS, Language, say, translate
from ...schema.strict_json import JsonTable
from ..http.languages import localised

Trail = Sequence[tuple[str | Feature, str, dict[str, str]]]
CONTEXT = "https://schema.org"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAY = timedelta(days=1)
# A Monday in each season without a public holiday in its week; hours that differ between them have seasons.
SEASONS = (date(2025, 1, 13), date(2025, 4, 14), date(2025, 7, 14), date(2025, 11, 10))
TYPES = {
    "exhibition": "Museum",
    "museum": "Museum",
    "gallery": "Museum",
    "memorial": "LandmarksOrHistoricalBuildings",
    "house": "LandmarksOrHistoricalBuildings",
    "tower": "LandmarksOrHistoricalBuildings",
    "fort": "LandmarksOrHistoricalBuildings",
    "bridge": "LandmarksOrHistoricalBuildings",
    "lake": "TouristAttraction",
    "islet": "TouristAttraction",
    "park": "TouristAttraction",
    "viewpoint": "TouristAttraction",
    "night_market": "TouristAttraction",
}


def feature_ld(catalogue: Catalogue, feature: Feature, language: Language) -> Markup:
    """Return a feature's JSON-LD; a schematic position gives no coordinates."""
    place = _place(catalogue, feature, language)
    place |= _hours(feature, catalogue) | _contact(feature)
    trail: Trail = [("list.all", "public.sites", {}), (feature, "public.site", {"site_id": feature.id})]
    return _dump([place, _breadcrumbs(trail, language)])


def route_ld(catalogue: Catalogue, route: Feature, stops: Sequence[Feature], language: Language) -> Markup:
    """Return a route's JSON-LD: a trip whose itinerary lists the stops in order."""
    address = _address("public_routes.route", language, route_id=route.id)
    items = [
        {"@type": "ListItem", "position": number, "item": _place(catalogue, stop, language)}
        for number, stop in enumerate(stops, 1)
    ]
    trip = _named("TouristTrip", address, route, language)
    trip |= {"offers": offers} if (offers := _offers(route, language)) else {}
    trip["itinerary"] = {"@type": "ItemList", "numberOfItems": len(items), "itemListElement": items}
    trail: Trail = [
        ("routes.title", "public_routes.routes", {}),
        (route, "public_routes.route", {"route_id": route.id}),
    ]
    return _dump([trip, _breadcrumbs(trail, language)])


def public_url() -> str:
    """Return the address that visitors use, without a slash at its end."""
    return str(current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/"))


def _address(endpoint: str, language: Language, **values: str) -> str:
    return public_url() + localised(endpoint, language, **values)


def _named(kind: str, address: str, feature: Feature, language: Language) -> JsonTable:
    summary = say(feature.summary, language).text
    others = [name for name in feature.name.values() if name != say(feature.name, language).text]
    named = {
        "@type": kind,
        "@id": address,
        "url": address,
        "inLanguage": TAGS[language],
        "name": say(feature.name, language).text,
        "alternateName": [*others, *feature.aliases],
        "description": summary,
    }
    if kind != "TouristTrip":
        del named["inLanguage"]  # a property of works and events, not of places
    return {key: value for key, value in named.items() if value}


def _place(catalogue: Catalogue, feature: Feature, language: Language) -> JsonTable:
    place = _named(_type(feature), _address("public.site", language, site_id=feature.id), feature, language)
    if feature.position_class != "schematic":
        place["geo"] = {"@type": "GeoCoordinates", "latitude": feature.lat, "longitude": feature.lon}
    if address := say(feature.address, language).text:
        place["address"] = address
    if feature.access.step_free is not None:
        place["amenityFeature"] = {
            "@type": "LocationFeatureSpecification",
            "name": translate("card.step_free", language),
            "value": feature.access.step_free,
        }
    return place


def _contact(feature: Feature) -> JsonTable:
    """Return how to reach a place, whether it is free, and on which days a notice closes it."""
    told: JsonTable = {"telephone": feature.phone, "sameAs": feature.website}
    if prices := feature.prices:
        told["isAccessibleForFree"] = all(price.amount == 0 for price in prices)
    told["specialOpeningHoursSpecification"] = [
        {
            "@type": "OpeningHoursSpecification",
            "opens": "00:00",  # from midnight to midnight: closed
            "closes": "00:00",
            "validFrom": notice.first.isoformat(),
            "validThrough": notice.last.isoformat(),
        }
        for notice in feature.notices
        if notice.is_closing and notice.begins and notice.ends
    ]
    return {key: value for key, value in told.items() if value not in (None, "", [])}


def _offers(route: Feature, language: Language) -> list[JsonTable]:
    """Return what a tour costs; a place has prices too, but schema.org knows offers of trips alone."""
    offers = []
    for price in route.prices:
        named = {"name": translate(f"price.for_{price.payer}", language)} if price.payer else {}
        offers.append({"@type": "Offer", "price": price.amount, "priceCurrency": price.currency} | named)
    return offers


def _type(feature: Feature) -> str:
    return TYPES.get(feature.kind, "Place")


def _hours(feature: Feature, catalogue: Catalogue) -> JsonTable:
    """Return opening hours that are the same in all seasons; others cannot be told in a week's table."""
    text = feature.opening_hours
    if not text:
        return {}
    weeks = [_week(text, monday, catalogue.city.timezone) for monday in SEASONS]
    if any(other != weeks[0] for other in weeks) or not weeks[0]:
        return {}
    rows = [
        {"@type": "OpeningHoursSpecification", "dayOfWeek": days, "opens": opens, "closes": closes}
        for (opens, closes), days in weeks[0].items()
    ]
    return {"openingHoursSpecification": rows}


def _week(text: str, monday: date, timezone: str) -> dict[tuple[str, str], list[str]]:
    """Return {(opens, closes): days} of a week; a day that is open throughout closes at 23:59."""
    table: dict[tuple[str, str], list[str]] = {}
    for day, intervals in week(text, monday, timezone=timezone):
        for start, end in intervals:
            is_whole = end - start == DAY
            times = (f"{start:%H:%M}", "23:59" if is_whole else f"{end:%H:%M}")
            table.setdefault(times, []).append(DAYS[day.weekday()])
    return table


def _breadcrumbs(trail: Trail, language: Language) -> JsonTable:
    """Return the way from the map to a page; a step is named by a message's key or by its feature."""
    steps = [("nav.map", "public.show_map", {}), *trail]
    items = []
    for number, (name, endpoint, values) in enumerate(steps, 1):
        title = translate(name, language) if isinstance(name, str) else say(name.name, language).text
        item = _address(endpoint, language, **values)
        items.append({"@type": "ListItem", "position": number, "name": title, "item": item})
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _dump(graph: list[JsonTable]) -> Markup:
    """Return JSON in which nothing can end a script element or begin a comment in it."""
    text = json.dumps({"@context": CONTEXT, "@graph": graph}, ensure_ascii=False, separators=(",", ":"))
    sealed = re.sub("[<>&\u2028\u2029]", lambda sign: f"\\u{ord(sign[0]):04x}", text)
    return Markup(sealed)  # nosec B704 # sealed above
