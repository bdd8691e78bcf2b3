"""Read the built icons: {name: {"viewBox", "body"}}, each a solid drawing in currentColor."""

from __future__ import annotations

import json
from functools import cache

from ..paths import static_dir


@cache
def read_icons() -> dict[str, dict[str, str]]:
    """Return all icons by name; the bodies are SVG of ours or of the icon package, never of a person."""
    table: dict[str, dict[str, str]] = json.loads((static_dir() / "icons.json").read_text("utf-8"))
    return table
