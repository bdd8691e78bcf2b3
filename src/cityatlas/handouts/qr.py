"""Draw an address as a QR code: SVG with its quiet zone, black on white, to be read from paper."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup

QUIET_MODULES = 4  # the standard's least


def draw_qr(address: str) -> Markup:
    """Return an SVG document of a QR code of error level M or better; its width is left to the page."""
    stream = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    # Inline in HTML a second XML declaration or a class would be in the way.
    code.save(stream, kind="svg", border=QUIET_MODULES, dark="#000", light="#fff", xmldecl=False, omitsize=True)
    return Markup(stream.getvalue().decode().strip())
