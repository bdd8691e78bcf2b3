"""Write an itinerary as a calendar (RFC 5545): an event for each stop, in the city's time zone."""

from __future__ import annotations

from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event, vDuration

from ...i18n import say
from ...planner.itinerary.itinerary import ItineraryStop, Leg
from ...planner.request.request import clock
from ..handout import Handout, is_located, leg_notes, stop_notes, way_words

LEAD_S = 10 * 60  # the alarm comes this long before one has to leave for a stop


def itinerary_ics(handout: Handout, made_at: datetime) -> bytes:
    """Return a calendar; `made_at` goes into each event, as RFC 5545 wants.

    A stop of a day keeps its UID, and SEQUENCE grows by the minute: the file of a changed plan moves the events of
    the one before. What the change left out stays in the calendar, since a file cannot take it away.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//cityatlas//{handout.title}//")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", handout.title)
    told = " ".join((handout.words("take.schematic_file"), handout.credits)).strip()
    calendar.add("description", told)  # RFC 7986; older programs read the next one
    calendar.add("x-wr-caldesc", told)
    for number in range(1, len(handout.itinerary.stops) + 1):
        calendar.add_component(_event(handout, number, made_at))
    calendar.add_missing_timezones()
    ics: bytes = calendar.to_ical()
    return ics


def _event(handout: Handout, number: int, made_at: datetime) -> Event:
    stop, leg = handout.itinerary.stops[number - 1], _leg_to(handout, number)
    event = Event()
    event.add("uid", f"{handout.day.isoformat()}-{stop.feature.id}@cityatlas")
    event.add("sequence", int(made_at.timestamp()) // 60)
    event.add("dtstamp", made_at)
    event.add("last-modified", made_at)
    event.add("dtstart", handout.moment(stop.begin_s))
    event.add("dtend", handout.moment(stop.end_s))
    event.add("summary", f"{number}. {handout.name(stop.feature)}")
    event.add("location", say(stop.place.address, handout.language).text or handout.name(stop.place))
    event.add("url", handout.page_of(stop.feature))
    event.add("description", "\n".join(_description(handout, number, stop, leg)))
    if is_located(stop):  # nobody is to be led to a place that is only drawn
        event.add("geo", (stop.place.lat, stop.place.lon))
    if leg:
        travel = vDuration(timedelta(minutes=round((leg.end_s - leg.begin_s) / 60)))
        event.add("x-apple-travel-duration", travel, parameters={"VALUE": "DURATION"})
    event.add_component(_alarm(handout, stop, leg))
    return event


def _leg_to(handout: Handout, number: int) -> Leg | None:
    """Return the walk to a stop, where there is something to walk."""
    leg = handout.itinerary.legs[number - 1] if handout.itinerary.legs else None
    return leg if leg and leg.end_s > leg.begin_s else None


def _alarm(handout: Handout, stop: ItineraryStop, leg: Leg | None) -> Alarm:
    """Return an alarm before one has to leave for a stop, or before it begins where there is no way to go."""
    at_s, words = (leg.begin_s, "take.leave") if leg else (stop.begin_s, "take.begins")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", timedelta(minutes=(at_s - LEAD_S) // 60 - stop.begin_s // 60))
    alarm.add("description", handout.words(words, time=clock(at_s), name=handout.name(stop.feature)))
    return alarm


def _description(handout: Handout, number: int, stop: ItineraryStop, leg: Leg | None) -> list[str]:
    """Return how to come here, what to know, what comes after the last stop, and where to read more."""
    lines = []
    if leg:
        lines += [f"{clock(leg.begin_s)} {way_words(handout, leg)}", *leg_notes(handout, leg)]
    lines += stop_notes(handout, stop)
    if leg and leg.is_estimate:
        lines += handout.estimates
    if not is_located(stop):
        lines.append(handout.words("take.schematic_stop"))
    lunch = handout.itinerary.lunch
    if lunch and lunch.position in (number - 1, -1) and number == max(1, lunch.position + 1):
        minutes = (lunch.end_s - lunch.begin_s) // 60
        lines.append(f"{clock(lunch.begin_s)} {handout.words('planner.row_lunch', n=minutes)}")
    last = handout.itinerary.legs[-1] if handout.itinerary.legs else None
    if number == len(handout.itinerary.stops) and handout.end and last and last.end_s > last.begin_s:
        goal = handout.words("planner.end_here") + handout.end.name
        lines.append(f"{clock(last.begin_s)} {way_words(handout, last)} → {clock(last.end_s)} {goal}")
    lines.append(f"{handout.words('take.plan_page')}: {handout.link}")
    return lines + ([handout.credits] if handout.credits else [])  # calendars show an event's words alone
