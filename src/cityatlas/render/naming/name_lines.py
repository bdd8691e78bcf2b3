"""Break names into lines of about one width; static/js/map/name_lines.js does the same (tests/data/labels.json)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

# Widths in hundredths of an em: Chinese letters are square, others about as in the usual fonts without serifs.
SQUARE, CAPITAL, SMALL = 100, 70, 55
OTHERS = {**dict.fromkeys("ijlItfr'.,:;|!-() ", 32), **dict.fromkeys("mwMW@%", 88), **dict.fromkeys("“”…—", SQUARE)}
MOST_LINES, MOST_PIECES = 3, 40  # a longer name stays one line, which finds no room
# What stays together: a Chinese letter with the signs that open before it and close behind it, or a word and its space.
PIECE = re.compile(
    r"[（“《「【]*[\u2e80-\U0010ffff][）”》」】、，。：·]*|[^\s\u2e80-\U0010ffff“]+[）”》」】]*\s*|\s+|“"
)


def text_width_px(text: str, size_px: float) -> float:
    """Return about how wide a text is drawn."""
    return _width(text) * size_px / 100


@lru_cache(maxsize=4096)
def break_name(text: str, most_em: float) -> tuple[str, ...]:
    """Return the fewest lines, at most three, of which none is wider than `most_em` if that can be."""
    pieces = PIECE.findall(text)
    if not 0 < len(pieces) <= MOST_PIECES:
        return (text,)
    for count in range(1, min(MOST_LINES, len(pieces)) + 1):
        lines = _split(pieces, count)
        if max(map(_width, lines)) <= most_em * 100:
            break
    return tuple(lines)


def _split(pieces: Sequence[str], count: int) -> list[str]:
    """Return pieces in so many lines that the widest is as narrow as can be."""
    if count == 1:
        return ["".join(pieces).strip()]
    tries = (
        ["".join(pieces[:first]).strip(), *_split(pieces[first:], count - 1)]
        for first in range(1, len(pieces) - count + 2)
    )
    return min(tries, key=lambda lines: max(map(_width, lines)))


def _width(text: str) -> int:
    return sum(map(_letter_width, text))


def _letter_width(letter: str) -> int:
    if ord(letter) > 0x2E7F:
        return SQUARE
    return OTHERS.get(letter, SMALL if letter == letter.lower() else CAPITAL)
