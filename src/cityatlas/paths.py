"""Find templates/, geodata/ and static/, in a checkout and in an installed wheel alike."""

from __future__ import annotations

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


def static_dir() -> Path:
    """Return the folder of built scripts, styles and icons."""
    return PACKAGE / "static" / "dist"
