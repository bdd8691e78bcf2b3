"""Set a booklet as PDF with typst: its texts are data, never markup, and its one font is embedded."""

from __future__ import annotations

import json
import threading
from datetime import datetime
from functools import cache

import typst

from ..paths import static_dir, templates_dir
from ..schema.strict_json import JsonTable

_one_at_a_time = threading.Lock()  # one takes 0.1 s; many at once would take the server's cores


def booklet_pdf(booklet: JsonTable, made_at: datetime) -> bytes:
    """Return a booklet as PDF; a sign that the font lacks is left as an empty box.

    Only one is set at a time, in whatever thread; the others wait. The page's description lies in
    templates/plan/booklet.typ and sees nothing but `booklet`.
    """
    page = templates_dir() / "plan" / "booklet.typ"
    data = json.dumps(booklet, ensure_ascii=False, allow_nan=False)
    with _one_at_a_time:
        pdf = typst.compile(
            str(page),
            root=str(page.parent),  # nothing else may be read
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"booklet": data},
            timestamp=int(made_at.timestamp()),
            format="pdf",
        )
    if not isinstance(pdf, bytes):
        raise TypeError(f"typst made {type(pdf).__name__}, not one PDF")
    return pdf


@cache
def _fonts() -> typst.Fonts:
    """Return the font that the build put beside the styles; the fonts of this machine stay out."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(static_dir() / "fonts")]
    )
