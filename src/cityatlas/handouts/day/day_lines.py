"""Tell a planned day line by line, as every paper prints it and as plain text for a chat."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from ...planner.itinerary.timeline import TimelineRow, timeline
from ...planner.request.request import clock
from ..handout import Handout, Tip, leg_notes, span, stop_notes, unknown_hours, way_words

TOLD_ELSEWHERE = ("length_assumed", "hours_unknown")  # in a chat: not at all, and once for all stops
Kind = Literal["start", "walk", "ride", "transfer", "visit", "rest", "lunch", "wait", "end"]


@dataclass(frozen=True)
class DayLine:
    """Hold one line of the day; a visit has its number from 1, everything else 0."""

    kind: Kind
    time: str
    text: str
    number: int = 0
    notes: tuple[str, ...] = ()


def day_lines(handout: Handout, without: Collection[str] = ()) -> list[DayLine]:
    """Return the lines in the order of the clock; warnings of stops `without` those named."""
    itinerary = handout.itinerary
    rows = [row for row in timeline(itinerary) if row.kind != "rest"]  # minutes to spare need no line
    start, end = _edge(handout, "start", handout.start), _edge(handout, "end", handout.end)
    return [
        DayLine("start", clock(itinerary.begin_s), start),
        *(_line(handout, row, without) for row in rows),
        DayLine("end", clock(itinerary.end_s), end),
    ]


def _edge(handout: Handout, which: Literal["start", "end"], tip: Tip | None) -> str:
    """Return where the day starts or ends."""
    if tip:
        return handout.words(f"planner.{which}_here") + tip.name
    return handout.words("planner.start_first" if which == "start" else "planner.end_last")


def _line(handout: Handout, row: TimelineRow, without: Collection[str]) -> DayLine:
    if row.kind == "visit" and row.stop:
        notes = tuple(stop_notes(handout, row.stop, without))
        return DayLine("visit", span(row.begin_s, row.end_s), handout.name(row.stop.feature), row.number, notes)
    if row.leg:
        return DayLine(row.kind, clock(row.begin_s), way_words(handout, row.leg), 0, tuple(leg_notes(handout, row.leg)))
    return DayLine(row.kind, clock(row.begin_s), handout.words(f"planner.row_{row.kind}", n=row.minutes))


def itinerary_text(handout: Handout) -> str:
    """Return lines of text. The address stands alone on the last one, where chat apps make a link of it."""
    itinerary = handout.itinerary
    lines = [handout.title, f"{handout.day_words} {handout.span}", ""]
    if handout.start:
        lines.append(f"{clock(itinerary.begin_s)} {handout.words('planner.start_here')}{handout.start.name}")
    for row in timeline(itinerary):
        lines += _lines(handout, row)
    if handout.end:
        lines.append(f"{clock(itinerary.end_s)} {handout.words('planner.end_here')}{handout.end.name}")
    if told := unknown_hours(handout):
        lines += ["", told]
    if itinerary.is_about:
        lines += ["", handout.words("planner.about")]
    if handout.estimates:
        lines += ["", *handout.estimates]
    return "\n".join([*lines, "", handout.link])


def itinerary_file(handout: Handout) -> str:
    """Return the same as a file, whose last line says whose the data are."""
    return "\n".join(filter(None, (itinerary_text(handout), f"\n{handout.credits}" if handout.credits else ""))) + "\n"


def _lines(handout: Handout, row: TimelineRow) -> list[str]:
    if row.kind == "visit" and row.stop:
        head = f"{span(row.begin_s, row.end_s)} {row.number}. {handout.name(row.stop.feature)}"
        return [
            head,
            *(f"  · {note}" for note in stop_notes(handout, row.stop, without=["length_assumed", "hours_unknown"])),
        ]
    if row.leg:
        return [f"  ↓ {way_words(handout, row.leg)}", *(f"  · {note}" for note in leg_notes(handout, row.leg))]
    if row.kind == "rest":
        return []  # a chat needs no minutes to spare
    return [f"{clock(row.begin_s)} {handout.words(f'planner.row_{row.kind}', n=row.minutes)}"]
