"""Find what the build made of our scripts and styles: files whose names carry a hash of their content."""

from __future__ import annotations

import json
from functools import cache

from ..paths import static_dir


@cache
def manifest() -> dict[str, dict[str, str]]:
    """Return {name: {"file", "integrity"}} of the built files."""
    table: dict[str, dict[str, str]] = json.loads((static_dir() / "manifest.json").read_text("utf-8"))
    return table


def built_text(name: str) -> str:
    """Return a built script or style sheet."""
    return (static_dir() / manifest()[name]["file"]).read_text("utf-8")
