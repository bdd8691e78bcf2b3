"""Draw figures as small bar charts in SVG, and write them as text: "about 600,000 visits"."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from markupsafe import Markup

from ..city.figures import Figure
from ..i18n import Language, say, translate

WIDTH = 340  # units of the picture; the page scales it
LABEL_PX, LINE, BAR, GAP = 13, 19, 14, 14
LABEL_EM = WIDTH / LABEL_PX - 0.5  # widths of a Chinese character that fit on a line
MYRIAD = 10_000


def amount(figure: Figure, language: Language) -> str:
    """Return a figure with its bound, range and unit as a text in one language."""
    numbers = _number(figure.value, language)
    if figure.value_max is not None:
        numbers += ("至" if language == "zh" else " to ") + _number(figure.value_max, language)
    unit = say(figure.unit, language).text
    joined = f"{numbers}{unit}" if language == "zh" else f"{numbers} {unit}"
    return translate(f"figures.{figure.bound}", language, amount=joined)


def _number(value: float, language: Language) -> str:
    """Return a number to read: 600,000, in Chinese 60万."""
    if language == "zh" and value >= MYRIAD and value % (MYRIAD / 10) == 0:
        return f"{value / MYRIAD:,.4g}万"
    return f"{value:,.10g}"


def charted(figures: Iterable[Figure]) -> list[list[Figure]]:
    """Return figures that can be compared, together: of one unit, at least two, largest first."""
    ordered = sorted(figures, key=lambda figure: (_unit(figure), -_most(figure)))
    units = (list(rows) for _, rows in groupby(ordered, key=_unit))
    return [rows for rows in units if len(rows) > 1]


def _unit(figure: Figure) -> str:
    return figure.unit.get("en") or figure.unit.get("zh") or ""


def _most(figure: Figure) -> float:
    return figure.value if figure.value_max is None else max(figure.value, figure.value_max)


def bar_chart(figures: Sequence[Figure], language: Language, element_id: str) -> Markup:
    """Return bars of figures of one unit as inline SVG, for screen readers a picture with title and text.

    The bars begin at zero. A range ends in a paler part; "more than" ends in a point.
    """
    most = max(_most(figure) for figure in figures) or 1
    rows, height = [], 0
    for figure in figures:
        lines = list(_wrapped(say(figure.label, language).text))
        rows.append(_row(figure, lines, height, most, language))
        height += len(lines) * LINE + BAR + GAP
    title = translate("figures.chart_title", language, unit=say(figures[0].unit, language).text)
    told = "; ".join(f"{say(figure.label, language).text}: {amount(figure, language)}" for figure in figures)
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-desc">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>'
    ).format(WIDTH, height, *[element_id] * 3, title, element_id, told, Markup("").join(rows))


def _row(figure: Figure, lines: list[str], top: int, most: float, language: Language) -> Markup:
    """Return one bar with its label above and its amount at the right of it or, when long, inside."""
    texts = [
        Markup('<text x="0" y="{}">{}</text>').format(top + LINE * n + LABEL_PX, line) for n, line in enumerate(lines)
    ]
    y = top + len(lines) * LINE
    told = amount(figure, language)
    room = WIDTH - _em(told) * LABEL_PX - 10
    bar, whole = (max(2.0, room * value / most) for value in (figure.value, _most(figure)))
    parts = [_shape(bar, y, is_pointed=figure.bound == "more_than")]
    if whole > bar:
        parts.insert(0, Markup('<rect class="range" x="0" y="{}" width="{:.1f}" height="{}"/>').format(y, whole, BAR))
    value = Markup('<text class="value" x="{:.1f}" y="{}">{}</text>').format(whole + 8, y + BAR - 2, told)
    return Markup("").join([*texts, *parts, value])


def _shape(width: float, y: int, *, is_pointed: bool) -> Markup:
    if not is_pointed or width < BAR:
        return Markup('<rect class="bar" x="0" y="{}" width="{:.1f}" height="{}"/>').format(y, width, BAR)
    path = f"M0 {y}H{width - BAR / 2:.1f}L{width:.1f} {y + BAR / 2:g}L{width - BAR / 2:.1f} {y + BAR}H0Z"
    return Markup('<path class="bar" d="{}"/>').format(path)


def _em(text: str) -> float:
    """Return the width of a text in widths of a Chinese character."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WF" else 0.56 for sign in text)


def _wrapped(text: str) -> Iterator[str]:
    """Yield a label's lines; words stay whole, Chinese breaks anywhere."""
    line = ""
    for piece in _pieces(text):
        if line and _em(line + piece.rstrip()) > LABEL_EM:
            yield line.rstrip()
            line = ""
        line += piece
    yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    word = ""
    for sign in text:
        word += sign
        if sign == " " or unicodedata.east_asian_width(sign) in "WF":
            yield word
            word = ""
    if word:
        yield word
