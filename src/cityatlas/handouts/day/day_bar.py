"""Draw a day as one strip of hours, with a bar for each visit, walk, ride, meal and wait, and a key below."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from ...planner.itinerary.timeline import TimelineRow, timeline
from ...render.naming.name_lines import text_width_px
from ..handout import Handout

# The colours of the plan's page (css/plan_day.css).
COLOURS = {
    "visit": "#a8321f",
    "walk": "#3f8595",
    "boat": "#1f4f86",
    "bicycle": "#6d4f86",
    "bus": "#6d4f86",
    "taxi": "#6d4f86",
    "lunch": "#2d6a4f",
    "wait": "#b98a2f",
    "rest": "#c9a87c",
}
WIDTH_PX, SIDE_PX, BAR_PX = 700, 14, 26
KEY_GAP_PX, SWATCH_PX, TEXT_PX = 16, 11, 13
INK, GROUND = "#51606b", "#ece5d6"
HOUR_S = 3600
Bar = tuple[str, int, int, int]  # kind, begin and end in seconds, number of a visit or 0


def draw_strip(handout: Handout) -> Markup:
    """Return an SVG document `WIDTH_PX` wide: hours above, bars with the numbers of stops, a key of what is there."""
    bars = [bar for row in timeline(handout.itinerary) for bar in _bars(row)]
    first_s = handout.itinerary.begin_s // HOUR_S * HOUR_S
    last_s = -(-handout.itinerary.end_s // HOUR_S) * HOUR_S
    a_second = (WIDTH_PX - 2 * SIDE_PX) / max(last_s - first_s, HOUR_S)

    def x(seconds: int) -> float:
        return round(SIDE_PX + (seconds - first_s) * a_second, 1)

    body = [
        _rect(x(first_s), 20, x(last_s) - x(first_s), BAR_PX, GROUND),
        *(_hour(x(hour * HOUR_S), hour) for hour in range(first_s // HOUR_S, last_s // HOUR_S + 1)),
        *(mark for bar in bars for mark in _drawn(bar, x(bar[1]), x(bar[2]))),
        *_key(handout, {bar[0] for bar in bars}),
    ]
    head = Markup('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} 78" font-family="sans-serif" role="img">')
    title = Markup("<title>{}</title>").format(handout.words("take.strip"))
    return head.format(WIDTH_PX) + title + Markup("").join(body) + Markup("</svg>")


def _bars(row: TimelineRow) -> list[Bar]:
    if row.leg:
        return [(part.mode, part.begin_s, part.end_s, 0) for part in row.leg.spans]
    is_boat = row.kind == "visit" and row.stop is not None and row.stop.is_boat
    return [("boat" if is_boat else row.kind, row.begin_s, row.end_s, row.number if row.kind == "visit" else 0)]


def _drawn(bar: Bar, left: float, right: float) -> Iterator[Markup]:
    kind, _, _, number = bar
    yield _rect(left, 20, max(right - left, 1), BAR_PX, COLOURS[kind])
    if number and right - left >= text_width_px(str(number), TEXT_PX) + 2:
        yield _text((left + right) / 2, 38, str(number), "#fff", is_middle=True)


def _hour(x: float, hour: int) -> Markup:
    tick = Markup('<path d="M{:g} 16v4" stroke="{}"/>').format(x, INK)
    return tick + _text(x, 12, f"{hour}", INK, is_middle=True)


def _key(handout: Handout, kinds: set[str]) -> Iterator[Markup]:
    x = float(SIDE_PX)
    for kind in (kind for kind in COLOURS if kind in kinds):
        words = handout.words(f"take.bar_{kind}")
        yield _rect(x, 60, SWATCH_PX, SWATCH_PX, COLOURS[kind])
        yield _text(x + SWATCH_PX + 5, 70, words, INK)
        x += SWATCH_PX + 5 + text_width_px(words, TEXT_PX) + KEY_GAP_PX


def _rect(x: float, y: float, width: float, height: float, colour: str) -> Markup:
    return Markup('<rect x="{:g}" y="{:g}" width="{:g}" height="{:g}" fill="{}"/>').format(x, y, width, height, colour)


def _text(x: float, y: float, text: str, colour: str, *, is_middle: bool = False) -> Markup:
    drawn = Markup('<text x="{:g}" y="{:g}" font-size="{}" fill="{}" text-anchor="{}">{}</text>')
    return drawn.format(x, y, TEXT_PX, colour, "middle" if is_middle else "start", text)
