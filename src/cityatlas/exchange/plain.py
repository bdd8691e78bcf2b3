"""Write an itinerary as plain text for a chat: a line for each span of the day."""

from __future__ import annotations

from ..i18n import Language, say, translate
from ..planner.itinerary import Itinerary
from ..planner.request import clock
from ..planner.timeline import Row, timeline
from .ics import stop_notes


def itinerary_text(itinerary: Itinerary, title: str, link: str, language: Language) -> bytes:
    """Return lines of text in UTF-8, the plan's address last."""
    request = itinerary.request
    weekday = translate(f"planner.weekday_{request.day.weekday()}", language)
    lines = [title, f"{request.day.isoformat()} {weekday} {clock(request.start_s)}–{clock(request.end_s)}", ""]
    for row in timeline(itinerary):
        lines += _lines(row, language)
    if itinerary.is_about:
        lines += ["", translate("planner.about", language)]
    return "\n".join([*lines, "", link, ""]).encode()


def _lines(row: Row, language: Language) -> list[str]:
    if row.kind == "visit" and row.stop:
        name = say(row.stop.feature.name, language).text
        head = f"{clock(row.begin_s)}–{clock(row.end_s)} {row.number}. {name}"
        return [head, *(f"    {note}" for note in stop_notes(row.stop, language))]
    if row.kind == "walk" and row.leg:
        about = translate("unit.about", language)
        metres = translate("unit.m", language, n=round(row.leg.length_m, -1))
        minutes = translate("unit.min", language, n=row.minutes)
        words = translate("planner.walk", language)
        return [f"{clock(row.begin_s)} {words} {about}{metres}{translate('unit.comma', language)}{about}{minutes}"]
    return [f"{clock(row.begin_s)} {translate(f'planner.row_{row.kind}', language, n=row.minutes)}"]
