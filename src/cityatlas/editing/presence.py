"""Remember for a minute who has a feature open at the desk: a file for each, which several processes see."""

from __future__ import annotations

import time
from pathlib import Path

from ..limits import PRESENT_S

FOLDER = "present"


def tell_presence(var: Path, feature_id: str, login: str) -> None:
    """Note that somebody has a feature open now, and forget those who have left any feature.

    `feature_id` is the slug of one that there is, `login` that of an account.
    """
    folder = var / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{feature_id}~{login}").touch()
    for path in folder.iterdir():
        if not _is_here(path):
            path.unlink(missing_ok=True)


def present_at(var: Path, feature_id: str) -> list[str]:
    """Return the logins of those who have a feature open."""
    return [path.name.partition("~")[2] for path in sorted((var / FOLDER).glob(f"{feature_id}~*")) if _is_here(path)]


def _is_here(path: Path) -> bool:
    """Return whether a file was touched of late; a clock that was put back makes nobody stay."""
    try:
        return abs(time.time() - path.stat().st_mtime) <= PRESENT_S
    except FileNotFoundError:  # another process was faster
        return False
