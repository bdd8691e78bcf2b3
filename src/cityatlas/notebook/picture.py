"""Hold a drawn map, which notebooks show as it is and which goes into a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ..catalogue.catalogue import Catalogue
from ..errors import InvalidValue
from ..i18n import Language
from ..render.city_map import to_png
from ..render.looks import DRAWN_LOOKS
from ..render.subject_sheet import SheetOptions, city_subject, draw_subject


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
