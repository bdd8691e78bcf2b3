"""Hold an interactive map as one HTML document, which a notebook shows in a frame and which goes into a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup

FRAME = Markup(
    '<iframe srcdoc="{page}" title="{title}" width="100%" height="{height_px}" frameborder="0" allow="fullscreen" '
    'sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"></iframe>'
)


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
