"""Let the clock of the server's machine jump, by a library of ours that is laid before the system's (`clock.c`)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..scene import Scene
from ..site import Site, need, run, served

SOURCE = Path(__file__).parents[1] / "clock.c"
JUMPS_H = (5, -72, 20, 0)
HOUR_S = 3600
EACH_S = 4.0


@contextmanager
def false_clock(folder: Path, editors: tuple[str, ...]) -> Iterator[Site]:
    """Give a site whose clock is off by what a file says."""
    need("cc")
    library, told = folder / "clock.so", folder / "clock"
    run("cc", "-shared", "-fPIC", "-O2", "-o", library, SOURCE, "-ldl")
    told.write_text("0")
    environ = {"LD_PRELOAD": str(library), "ATLAS_CLOCK": str(told)}
    with served(Site(folder, environ=environ), editors) as site:
        yield site


def jumping(scene: Scene) -> None:
    """Put the clock forward and back, by hours and days, and right again."""
    for hours in JUMPS_H:
        aside = scene.site.folder / "clock.aside"
        aside.write_text(str(hours * HOUR_S))
        aside.rename(scene.site.folder / "clock")
        time.sleep(EACH_S)
    scene.note = f"off by {', '.join(f'{hours:+d} h' for hours in JUMPS_H[:-1])}, and right again"
