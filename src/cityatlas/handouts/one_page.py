"""Gather what a plan's one A4 page tells, and the shape of its map, which gets the room that is left."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..schema.strict_json import JsonTable
from .day.day_lines import DayLine, day_lines
from .day.day_map import route_shape
from .handout import Handout, is_located

MANY_ROWS = 11  # with more of them the page is set closer
# Millimetres of A4 inside its margins, and about how much each part takes of its height; the page's style stretches
# the map to what is really left, so that these need not be exact.
WIDTH_MM, HEIGHT_MM = 186, 279
HEAD_MM, ROW_MM, CLOSE_ROW_MM, NOTE_MM, NARROW_NOTE_MM, SOURCE_MM, FOOT_MM = 36, 6.2, 5.0, 3.7, 6.0, 7.0, 16
TALL_MM = 106  # wide is the map of a tall route; the notes stand beside it
LEAST_MM, PX_A_MM = 60, 4
SOURCE_COLUMNS = 3


@dataclass(frozen=True)
class PageRow:
    """Hold a row of the page: a line of the day, how one gets there, and the numbers of what to know."""

    line: DayLine
    way: str
    notes: tuple[int, ...]


@dataclass(frozen=True)
class Page:
    """Hold the rows, what is said once for all stops, and the notes by their numbers from 1."""

    rows: tuple[PageRow, ...]
    common: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """Say whether the map of a tall route has the notes beside it, and the sources too; and the map's size."""

    is_tall: bool
    are_sources_beside: bool
    map_px: tuple[int, int]


def make_page(handout: Handout) -> Page:
    """Return what the page tells; start and end have a row where the visitor named them."""
    common = _common(handout)
    numbers: dict[str, int] = {}
    rows: list[PageRow] = []
    way: str = ""
    notes: list[str] = []
    for line in day_lines(handout):
        notes += line.notes + _position_notes(handout, line)
        if line.kind in ("walk", "ride", "transfer"):
            way = line.text  # it stands in the row of where it leads
        elif line.kind not in ("start", "end") or getattr(handout, line.kind):
            marks = {numbers.setdefault(note, len(numbers) + 1) for note in notes if note not in common}
            rows.append(PageRow(line, way, tuple(sorted(marks))))
            way, notes = "", []
    return Page(tuple(rows), common, tuple(numbers))


def _position_notes(handout: Handout, line: DayLine) -> tuple[str, ...]:
    is_drawn = line.number and not is_located(handout.itinerary.stops[line.number - 1])
    return (handout.words("take.schematic_stop"),) if is_drawn else ()


def _common(handout: Handout) -> tuple[str, ...]:
    """Return what would stand at each of several stops, and is said once instead."""
    visits = [line for line in day_lines(handout) if line.number]
    told = [{*line.notes, *_position_notes(handout, line)} for line in visits]
    if len(told) < 2:
        return ()
    order = dict.fromkeys(note for line in visits for note in (*line.notes, *_position_notes(handout, line)))
    return tuple(note for note in order if all(note in notes for notes in told))


def is_close(page: Page) -> bool:
    """Return whether there is so much that it has to be set closer."""
    return len(page.rows) > MANY_ROWS


def layout(handout: Handout, page: Page, sources: Sequence[JsonTable]) -> Layout:
    """Return how the page is set: what the rows leave free goes to the map, whose shape is the route's."""
    rows_mm = len(page.rows) * (CLOSE_ROW_MM if is_close(page) else ROW_MM)
    left_mm = HEIGHT_MM - HEAD_MM - rows_mm - FOOT_MM
    below_mm = math.ceil(len(sources) / SOURCE_COLUMNS) * SOURCE_MM
    if route_shape(handout.itinerary) > 1:
        beside_mm = (len(page.notes) + len(page.common) + 2 * len(handout.estimates)) * NARROW_NOTE_MM + len(
            sources
        ) * SOURCE_MM
        is_beside = beside_mm < left_mm
        return Layout(True, is_beside, _size_px(TALL_MM, left_mm - (0 if is_beside else below_mm)))
    notes_mm = (math.ceil(len(page.notes) / 2) + len(page.common) + len(handout.estimates)) * NOTE_MM
    return Layout(False, False, _size_px(WIDTH_MM, left_mm - below_mm - notes_mm))


def _size_px(width_mm: float, height_mm: float) -> tuple[int, int]:
    return int(width_mm * PX_A_MM), int(max(LEAST_MM, height_mm) * PX_A_MM)
