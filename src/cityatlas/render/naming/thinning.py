"""Make a drawn map lighter where it stands in for the live one: whole pixels, each from the one before.

It is half as many bytes, also compressed, and the eye sees no difference at the size for which it was drawn.
"""

from __future__ import annotations

import re
from itertools import pairwise

from markupsafe import Markup

LINES = re.compile(r'(?<!">)<path d="(M[-0-9.MLz ]+)"')  # but for the shapes of marks, each in an <svg> of its own
Spot = tuple[int, int]


def thinned(drawing: str) -> Markup:
    """Return a drawn map whose lines and areas run over whole pixels."""
    thinned = LINES.sub(lambda found: f'<path d="{"".join(_parts(found[1]))}"', drawing)
    return Markup(thinned)  # nosec B704 # drawn by us


def _parts(path: str) -> list[str]:
    return [_part(part) for part in path.split("M")[1:]]


def _part(part: str) -> str:
    """Return one line or ring; spots that fall together are one."""
    spots = [_spot(text) for text in part.removesuffix("z").split("L")]
    kept = [spots[0], *(spot for last, spot in pairwise(spots) if spot != last)]
    steps = " ".join(f"{x - last_x} {y - last_y}" for (last_x, last_y), (x, y) in pairwise(kept))
    line = f"l{steps.replace(' -', '-')}" if steps else "h0"
    return f"M{kept[0][0]} {kept[0][1]}{line}{'z' if part.endswith('z') else ''}"


def _spot(text: str) -> Spot:
    x, y = text.split(" ")
    return round(float(x)), round(float(y))
