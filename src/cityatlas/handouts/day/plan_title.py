"""Say in a line what a planned day is: when, where, and the places that it goes to."""

from __future__ import annotations

from ...catalogue.catalogue import Catalogue
from ...i18n import Language, say, translate
from ...planner.itinerary.itinerary import Itinerary

NAMED = 3  # places; of more the first ones, and how many there are
HOUR_S = 3600
NOON_S, MORNING_ENDS_S, EVENING_S, AFTERNOON_ENDS_S = 12 * HOUR_S, 13 * HOUR_S, 17 * HOUR_S, 19 * HOUR_S


def plan_title(catalogue: Catalogue, itinerary: Itinerary, language: Language) -> str:
    """Return the title of a plan with stops: "Saturday afternoon in the city: museum, a park, 2 stops"."""
    city = say(catalogue.city.region, language).text or say(catalogue.city.title, language).text
    names = [say(stop.feature.name, language).text for stop in itinerary.stops[:NAMED]]
    comma = translate("unit.list_comma", language)
    count = len(itinerary.stops)
    return translate(
        "plantitle.one" if count == 1 else "plantitle.more",
        language,
        city=city,
        weekday=translate(f"planner.weekday_{itinerary.request.day.weekday()}", language),
        part=translate(f"plantitle.{part_of_day(itinerary)}", language),
        names=comma.join(names) + ("…" if count > NAMED else ""),
        count=count,
    )


def part_of_day(itinerary: Itinerary) -> str:
    """Return the part of the day that a tour takes: morning, afternoon, evening, or day."""
    begin_s, end_s = itinerary.begin_s, itinerary.end_s
    if end_s <= MORNING_ENDS_S and begin_s < NOON_S:
        return "morning"
    if begin_s >= EVENING_S:
        return "evening"
    return "afternoon" if begin_s >= NOON_S and end_s <= AFTERNOON_ENDS_S else "day"
