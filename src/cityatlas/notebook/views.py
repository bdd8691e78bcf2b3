"""Hold a drawn map and an interactive one, which notebooks show as they are and which go into files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup

from ..catalogue.catalogue import Catalogue
from ..errors import InvalidValue
from ..i18n import Language
from ..render.city_map import to_png
from ..render.looks import DRAWN_LOOKS
from ..render.subject_sheet import SheetOptions, city_subject, draw_subject

FRAME = Markup(
    '<iframe srcdoc="{page}" title="{title}" width="100%" height="{height_px}" frameborder="0" allow="fullscreen" '
    'sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"></iframe>'
)


@dataclass(frozen=True)
class Picture:
    """Hold a picture as an SVG document; its size is in pixels."""

    svg: str

    def png(self) -> bytes:
        """Return the picture as PNG, in its own size; its words are set in the font of the package."""
        return to_png(self.svg)

    def save(self, path: str | Path) -> Path:
        """Write the picture as the name's ending says, `.svg` or `.png`, and return where it is.

        Raises InvalidValue for another ending.
        """
        path = Path(path)
        match path.suffix.lower():
            case ".svg":
                path.write_text(self.svg, "utf-8")
            case ".png":
                path.write_bytes(self.png())
            case _:
                raise InvalidValue(f'"{path.name}" is no picture.', "Let the name end in .svg or .png.")
        return path

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_png_(self) -> bytes:
        return self.png()


def draw_city(catalogue: Catalogue, size_px: tuple[int, int], language: Language, look: str) -> Picture:
    """Return the whole city on a sheet with title, legend, scale and north. Raises InvalidValue for another look."""
    if look not in DRAWN_LOOKS:
        raise InvalidValue(f'look="{look}" is not known.', f"There are: {', '.join(DRAWN_LOOKS)}.")
    options = SheetOptions(size_px, look)
    drawn = draw_subject(catalogue, city_subject(catalogue), options, language, lambda feature: f"#{feature.id}")
    return Picture(str(drawn))


@dataclass(frozen=True)
class MapView:
    """Hold a map that asks nobody for anything: its scripts, its basemap and all its places are in `html`."""

    html: str = field(repr=False)
    title: str
    height_px: int

    def save(self, path: str | Path) -> Path:
        """Write the map as an HTML file, which opens from a disk without a network, and return where it is."""
        path = Path(path)
        path.write_text(self.html, "utf-8")
        return path

    def _repr_html_(self) -> str:
        return str(FRAME.format(page=self.html, title=self.title, height_px=self.height_px))
