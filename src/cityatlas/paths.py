"""Find templates/, geodata/ and static/, in a checkout and in an installed wheel alike."""

from __future__ import annotations

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    """Return a folder that a wheel holds inside the package and a checkout at its top level."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parents[1] / name


def templates_dir() -> Path:
    """Return the folder of Jinja templates."""
    return _shipped("templates")


def geodata_dir() -> Path:
    """Return the folder of the city that is shipped with the program."""
    return _shipped("geodata")


def var_dir() -> Path:
    """Return the folder that is written to: var/ of a checkout, else one of the user's own."""
    if (PACKAGE.parents[1] / "pyproject.toml").is_file():
        return PACKAGE.parents[1] / "var"
    data = os.environ.get("XDG_DATA_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(data) if data else Path("~/.local/share").expanduser()) / "cityatlas"


def static_dir() -> Path:
    """Return the folder of built scripts, styles and icons."""
    return PACKAGE / "static" / "dist"
