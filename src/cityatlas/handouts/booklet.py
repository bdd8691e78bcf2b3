"""Gather what a group's booklet tells, as plain texts and SVG: one table for HTML and for PDF alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from ..catalogue.catalogue import Catalogue
from ..city.layers import Feature
from ..city.opening.opening_hours import describe
from ..i18n import TAGS, length_words, say, tag_of
from ..paths import templates_dir
from ..planner.itinerary.itinerary import ItineraryStop
from ..schema.items import Fact, Programme
from ..schema.strict_json import JsonTable
from .day.day_bar import draw_strip
from .day.day_lines import day_lines
from .day.day_map import draw_itinerary
from .handout import Handout, draw_qr, is_located, map_words, span, stop_notes
from .typeset import typeset

# An A5 page inside its margins, and about how much of its height each part of the day takes: what is left below is
# the map's, and when that is too little the map has a page of its own.
PAGE_MM, HEADS_MM, LINE_MM, NOTE_MM, LEAST_MM = (118, 176), 52, 6.2, 4.6, 62
PX_A_MM = 6
LATER = ("length_assumed", "steps_unknown")  # told on the stop's own page, not in the day's table
# The booklet's own words, by the key under which its pages find them.
WORDS = {
    "booklet": "take.booklet",
    "contents": "take.contents",
    "day": "planner.timeline",
    "map": "take.map",
    "programmes": "card.programmes",
    "questions": "take.questions",
    "no_questions": "take.no_questions",
    "discussion": "take.discussion",
    "facts": "card.facts",
    "hours": "card.hours",
    "address": "take.address",
    "sources": "card.sources",
    "scan": "take.scan",
    "scan_plan": "take.scan_plan",
    "sign_in": "take.sign_in",
    "name": "take.name",
    "unit": "take.unit",
    "group": "take.group",
    "leader": "take.leader",
    "phone": "take.phone",
    "signature": "take.signature",
    "lines": "take.lines",
}


def make_booklet(catalogue: Catalogue, handout: Handout) -> JsonTable:
    """Return the booklet of an itinerary as a table of texts, ready for `json`; drawings are SVG documents.

    A party of one gets no sheet to sign.
    """
    itinerary = handout.itinerary
    request = itinerary.request
    lines = day_lines(handout, without=LATER)
    room_mm = PAGE_MM[1] - HEADS_MM - LINE_MM * len(lines) - NOTE_MM * sum(len(line.notes) for line in lines)
    return {
        "lang": TAGS[handout.language],
        "title": handout.title,
        "date": handout.day_words,
        "span": handout.span,
        "party": handout.words("planner.people", n=request.party) if request.party > 1 else "",
        "lines": _lines(catalogue, handout),
        "sums": sums_words(handout),
        "about": " ".join((handout.words("take.schematic_file"), *handout.estimates)),
        "rows": [asdict(line) for line in lines],
        "strip": draw_strip(handout),
        "is_map_alone": room_mm < LEAST_MM,
        "map": draw_itinerary(catalogue, itinerary, _map_px(room_mm), handout.language, handout.page_of),
        "map_words": map_words(handout),
        "link": handout.link,
        "qr": draw_qr(handout.link),
        "stops": [_stop(catalogue, handout, n, stop) for n, stop in enumerate(itinerary.stops, 1)],
        "signers": request.party if request.party > 1 else 0,
        "words": {name: handout.words(key) for name, key in WORDS.items()},
    }


def _map_px(room_mm: float) -> tuple[int, int]:
    """Return the size of a map in the room below the day, or on a page of its own."""
    height_mm = PAGE_MM[1] - 20 if room_mm < LEAST_MM else room_mm
    return PAGE_MM[0] * PX_A_MM, int(height_mm * PX_A_MM)


def sums_words(handout: Handout) -> str:
    """Return how many stops a plan has, and how far one walks."""
    itinerary = handout.itinerary
    length = length_words(itinerary.walk_m, handout.language, is_about=True)
    return handout.words("take.sums", n=len(itinerary.stops), length=length)


def cited(features: Sequence[Feature]) -> list[JsonTable]:
    """Return the sources of features, each once, in the order in which they come, with the tags of their languages."""
    unique: dict[str, JsonTable] = {}
    for source in (source for feature in features for source in feature.sources):
        told: JsonTable = {"title": source.title, "tag": tag_of(source.title), "date": source.date, "url": source.url}
        unique.setdefault(source.title, told)
    return list(unique.values())


def _lines(catalogue: Catalogue, handout: Handout) -> list[str]:
    """Return the names of the tour routes that the plan rests on: the one adapted, and those that are ridden."""
    wanted = [catalogue.features.get(handout.itinerary.request.route)]
    wanted += [stop.feature for stop in handout.itinerary.stops if stop.is_boat]
    wanted += [leg.ride.line for leg in handout.itinerary.legs if leg and leg.ride]
    return list(dict.fromkeys(handout.name(feature) for feature in wanted if feature))


def _stop(catalogue: Catalogue, handout: Handout, number: int, stop: ItineraryStop) -> JsonTable:
    feature, language = stop.feature, handout.language
    sources = cited([feature])
    numbers = {str(source["title"]): n for n, source in enumerate(sources, 1)}
    programmes = _programmes(stop)
    other = say(feature.name, "en" if language == "zh" else "zh")
    return {
        "number": number,
        "name": handout.name(feature),
        "other_name": other.text if other.text != handout.name(feature) else "",
        "other_tag": TAGS[other.language],
        "kind": say(catalogue.city.kinds[feature.kind].title, language).text,
        "span": span(stop.begin_s, stop.end_s),
        "summary": say(feature.summary, language).text,
        "address": say(feature.address, language).text,
        "position": "" if is_located(stop) else handout.words("take.schematic_stop"),
        "hours": _hours(catalogue, handout, feature),
        "notes": stop_notes(handout, stop),
        "facts": [_fact(fact, numbers, handout) for fact in feature.facts],
        "programmes": [_programme(programme, numbers, handout) for programme in programmes],
        "questions": [say(q, language).text for p in programmes for q in p.questions],
        "sources": sources,
        "page": handout.page_of(feature),
        "qr": draw_qr(handout.page_of(feature)),
    }


def _hours(catalogue: Catalogue, handout: Handout, feature: Feature) -> list[list[str]]:
    """Return the opening hours of the tour's week; unknown ones give no rows."""
    hours = feature.opening_hours
    if not hours:
        return []
    return [list(row) for row in describe(hours, handout.language, on=handout.day)]


def _programmes(stop: ItineraryStop) -> list[Programme]:
    """Return the programme that was chosen, or else all that the place offers."""
    return [stop.programme] if stop.programme else list(stop.feature.programmes)


def _fact(fact: Fact, numbers: dict[str, int], handout: Handout) -> JsonTable:
    label, value = (say(told, handout.language).text for told in (fact.label, fact.value))
    return {"label": label, "value": value, "source": numbers.get(fact.source, 0)}


def _programme(programme: Programme, numbers: dict[str, int], handout: Handout) -> JsonTable:
    told = {"title": programme.title, "summary": programme.summary, "booking": programme.booking}
    length = handout.words("unit.min", n=programme.duration_min) if programme.duration_min else ""
    texts = {key: say(text, handout.language).text for key, text in told.items()}
    return texts | {"length": length, "source": numbers.get(programme.source, 0)}


def booklet_pdf(booklet: JsonTable, made_at: datetime) -> bytes:
    """Return a booklet as PDF; its description lies in templates/plan/booklet.typ."""
    return typeset(templates_dir() / "plan" / "booklet.typ", "booklet", booklet, made_at)
