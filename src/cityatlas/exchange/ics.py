"""Write an itinerary as a calendar (RFC 5545): an event for each stop, in the city's time zone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from ..i18n import Language, say, translate
from ..planner.itinerary import Itinerary, Stop


def itinerary_ics(itinerary: Itinerary, title: str, timezone: str, language: Language, made_at: datetime) -> bytes:
    """Return a calendar; `title` is the city's, `made_at` goes into each event as RFC 5545 wants."""
    calendar = Calendar()
    calendar.add("prodid", f"-//cityatlas//{title}//")
    calendar.add("version", "2.0")
    for number, stop in enumerate(itinerary.stops, 1):
        calendar.add_component(_event(itinerary, number, stop, timezone, language, made_at))
    if itinerary.stops:
        calendar.add_missing_timezones()
    ics: bytes = calendar.to_ical()
    return ics


def _event(
    itinerary: Itinerary, number: int, stop: Stop, timezone: str, language: Language, made_at: datetime
) -> Event:
    day, zone = itinerary.request.day, ZoneInfo(timezone)
    name = say(stop.feature.name, language).text
    event = Event()
    key = f"{itinerary.request.to_query()} {number} {stop.feature.id}"
    event.add("uid", f"{sha256(key.encode()).hexdigest()[:24]}@cityatlas")
    event.add("dtstamp", made_at)
    event.add("dtstart", _moment(day, stop.begin_s, zone))
    event.add("dtend", _moment(day, stop.end_s, zone))
    event.add("summary", f"{number}. {name}")
    event.add("location", say(stop.place.get("address"), language).text or say(stop.place.name, language).text)
    event.add("description", "\n".join(stop_notes(stop, language)))
    if stop.place.position_class != "schematic":  # nobody is to be led to a place that is only drawn
        event.add("geo", (stop.place.lat, stop.place.lon))
    return event


def stop_notes(stop: Stop, language: Language) -> list[str]:
    """Return what to know of a stop, in a sentence each."""
    minutes = (stop.end_s - stop.begin_s) // 60
    return [
        translate(f"planner.note_{warning}", language, n=minutes) for warning in stop.warnings if warning != "schematic"
    ]


def _moment(day: date, seconds: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone) + timedelta(seconds=seconds)
