"""Remember for a minute who has a feature open at the desk: a file for each, which several processes see."""

from __future__ import annotations

import time
from pathlib import Path

KEPT_S = 60  # a page tells of itself every twenty seconds
FOLDER = "present"


def tell_presence(var: Path, feature_id: str, login: str) -> None:
    """Note that somebody has a feature open now; `feature_id` is a slug, `login` that of an account."""
    folder = var / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{feature_id}~{login}").touch()


def present_at(var: Path, feature_id: str) -> list[str]:
    """Return the logins of those who have a feature open, and forget those who have left."""
    since, found = time.time() - KEPT_S, []
    for path in sorted((var / FOLDER).glob(f"{feature_id}~*")):
        try:
            if path.stat().st_mtime >= since:
                found.append(path.name.partition("~")[2])
            else:
                path.unlink()
        except FileNotFoundError:  # another process was faster
            continue
    return found
