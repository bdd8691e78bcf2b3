"""Give the drawn map its other looks: each colour of the light one has one in the dark, and one on white paper.

Marks keep theirs: the colour of a layer means the same everywhere. Lines of a layer are lightened in the dark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from markupsafe import Markup

from .basemap import BASE_STYLES

# Light, dark, print. Grounds and waters first, then streets, then words and what keeps them off the ground.
TABLE: Final = (
    ("#ebe4d5", "#1b242b", "#ffffff"),  # beyond the city
    ("#f6f1e6", "#222c33", "#ffffff"),  # land, and the halo of words
    ("#cdbf9f", "#5a6670", "#999999"),  # the city's edge
    ("#eee5d2", "#2a353c", "#f4f4f4"),  # built up
    ("#dde6cd", "#2a3d36", "#ececec"),  # green
    ("#e3d7be", "#39444c", "#dedede"),  # a building
    ("#d3c5a6", "#4b5760", "#b5b5b5"),  # its edge
    ("#c3dade", "#27434d", "#e2e2e2"),  # sea
    ("#bcd5d9", "#2f505c", "#d6d6d6"),  # lake, river, canal
    ("#93b9c0", "#4d7684", "#a5a5a5"),  # a lake's edge
    ("#d8ccb2", "#161d22", "#8a8a8a"),  # casings
    ("#ddd3bd", "#161d22", "#9a9a9a"),
    ("#e2d9c6", "#161d22", "#b0b0b0"),
    ("#fffdf8", "#4c5863", "#ffffff"),  # streets, as lines alone: as an area it is a mark's
    ("#2b6673", "#9fd0da", "#000000"),  # words on water
    ("#6b5f49", "#cbc3b2", "#000000"),  # on streets
    ("#5c523f", "#d8d0bf", "#000000"),  # on land
    ("#22303a", "#f3efe6", "#000000"),  # of places
    ("#51606b", "#b9c2c8", "#333333"),  # notes
    ("#23606f", "#8fd0de", "#222222"),  # what is walked in a plan
    ("#1f4f86", "#a3c4ee", "#222222"),  # what is sailed
    ("#a02e1c", "#f0a08f", "#a02e1c"),  # the title of a picture
)
LOOKS: Final = {"dark": 1, "print": 2}
COLOURS: Final = {look: {row[0]: row[column] for row in TABLE} for look, column in LOOKS.items()}
DRAWN_LOOKS: Final = ("light", *LOOKS)
MARK_PAPER: Final = "#fffdf8"
LIGHTER: Final = 0.45  # of the way to white, for lines in the dark
PAINTED = re.compile('(?<= )(fill|stroke)="(#[0-9a-f]{6})"')
OF_LAYER = re.compile('(?<= fill-opacity="0.08" )stroke="(#[0-9a-fA-F]{6})"')


def dressed(drawing: str, look: str) -> Markup:
    """Return a drawn map in a look; in light and auto it is as it was drawn."""
    if look not in LOOKS:
        return Markup(drawing)  # nosec B704 # drawn by us

    def paint(found: re.Match[str]) -> str:
        return f'{found[1]}="{painted(found[1], found[2], look)}"'

    if look == "dark":
        drawing = OF_LAYER.sub(lambda found: f'stroke="{lightened(found[1])}"', drawing)
    return Markup(PAINTED.sub(paint, drawing))  # nosec B704 # drawn by us, in other colours


def painted(name: str, colour: str, look: str) -> str:
    """Return a colour of the light map (#rrggbb) as a look has it; `name` is fill or stroke."""
    is_kept = look not in LOOKS or (name == "fill" and colour == MARK_PAPER)
    return colour if is_kept else COLOURS[look].get(colour, colour)


def styles_in(look: str) -> dict[str, dict[str, Any]]:  # Any: as BASE_STYLES
    """Return the basemap's styles in a look, for the live map."""
    if look not in LOOKS:
        return BASE_STYLES
    table = COLOURS[look]
    return {kind: {key: table.get(value, value) for key, value in style.items()} for kind, style in BASE_STYLES.items()}


def lightened(colour: str) -> str:
    """Return a colour of a layer as its lines have it in the dark."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * LIGHTER):02x}" for part in parts)


def dark_sheet(colours: Iterable[str]) -> str:
    """Return the style sheet that makes drawn maps dark, given the layers' colours; attributes yield to any rule."""
    return "".join(_rules(colours))


def _rules(colours: Iterable[str]) -> Iterator[str]:
    for light, dark, _ in TABLE:
        for name in ("fill", "stroke"):
            if (name, light) != ("fill", MARK_PAPER):
                yield f'.picture [{name}="{light}"]{{{name}:{dark}}}'
    for colour in sorted(set(colours)):
        yield f'.picture [fill-opacity="0.08"][stroke="{colour}"]{{stroke:{lightened(colour)}}}'
