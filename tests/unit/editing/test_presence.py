"""Remember who has a feature open, for a minute and no longer."""

from __future__ import annotations

import os
import time
from pathlib import Path

from cityatlas.editing.edit_base import FOLDER, present_at, tell_presence
from cityatlas.limits import PRESENT_S


def test_whoever_left_any_feature_is_forgotten_when_somebody_tells_of_themselves(tmp_path: Path) -> None:
    for number in range(300):
        tell_presence(tmp_path, f"mill-{number}", "coco")
    for path in (tmp_path / FOLDER).iterdir():
        os.utime(path, (time.time() - PRESENT_S - 1,) * 2)
    assert present_at(tmp_path, "mill-7") == []
    tell_presence(tmp_path, "hall", "ann")
    tell_presence(tmp_path, "hall", "ed")
    assert sorted(path.name for path in (tmp_path / FOLDER).iterdir()) == ["hall~ann", "hall~ed"]
    assert present_at(tmp_path, "hall") == ["ann", "ed"]


def test_nobody_stays_because_the_clock_was_put_back(tmp_path: Path) -> None:
    tell_presence(tmp_path, "hall", "ann")
    os.utime(tmp_path / FOLDER / "hall~ann", (time.time() + 3600,) * 2)
    assert present_at(tmp_path, "hall") == []
