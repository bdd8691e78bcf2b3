"""Kill processes while people save."""

from __future__ import annotations

import os
import random
import signal
import time

from ..scene import Scene

KILLS = 5


def all_killed(scene: Scene) -> None:
    """Kill the server and all its processes at random moments, and start it anew at once, as systemd would."""
    chance = random.Random(3)
    for _ in range(KILLS):
        scene.site.kill(signal.SIGKILL)
        scene.site.start()
        time.sleep(2 + chance.random())
    scene.note = f"{KILLS} times the whole server, started anew at once: judged by its outage"


def one_killed(scene: Scene) -> None:
    """Kill one of the processes that answer, again and again; its master replaces it."""
    chance = random.Random(4)
    for _ in range(KILLS):
        os.kill(chance.choice(scene.site.workers()), signal.SIGKILL)
        time.sleep(2 + chance.random())
    scene.note = f"{KILLS} times one of two processes"
