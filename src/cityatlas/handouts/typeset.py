"""Set a page's description as PDF with typst: its texts are data, never markup, and its one font is embedded."""

from __future__ import annotations

import json
import threading
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from ..paths import static_dir

_one_at_a_time = threading.Lock()  # one takes 0.1 s; many at once would take the server's cores


def typeset(page: Path, name: str, table: dict[str, Any], made_at: datetime) -> bytes:  # Any: what JSON holds
    """Return a page as PDF; a sign that the font lacks is left as an empty box.

    Only one is set at a time, in whatever thread; the others wait. The page's description sees nothing but the
    table, by its name.
    """
    with _one_at_a_time:
        pdf = typst.compile(
            str(page),
            root=str(page.parent),  # nothing else may be read
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={name: json.dumps(table, ensure_ascii=False, allow_nan=False)},
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
