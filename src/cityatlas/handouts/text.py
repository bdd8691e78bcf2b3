"""Write an itinerary as plain text for a chat: a line for each span of the day, no markup, the address last."""

from __future__ import annotations

from ..planner.itinerary.timeline import TimelineRow, timeline
from ..planner.request.request import clock
from .handout import Handout, leg_notes, span, stop_notes, way_words


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
    if itinerary.is_about:
        lines += ["", handout.words("planner.about")]
    return "\n".join([*lines, "", handout.link])


def _lines(handout: Handout, row: TimelineRow) -> list[str]:
    if row.kind == "visit" and row.stop:
        head = f"{span(row.begin_s, row.end_s)} {row.number}. {handout.name(row.stop.feature)}"
        return [head, *(f"  · {note}" for note in stop_notes(handout, row.stop, without=["length_assumed"]))]
    if row.kind in ("walk", "ride") and row.leg:
        return [f"  ↓ {way_words(handout, row.leg)}", *(f"  · {note}" for note in leg_notes(handout, row.leg))]
    if row.kind == "rest":
        return []  # a chat needs no minutes to spare
    return [f"{clock(row.begin_s)} {handout.words(f'planner.row_{row.kind}', n=row.minutes)}"]
