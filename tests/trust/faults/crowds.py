"""Come in crowds: two hundred editors, and ten thousand reports in a minute."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator

from sqlalchemy import text

from cityatlas.limits import FREE_REPORTS, MOST_REPORTS

from ..browser import Browser
from ..scene import Scene

REPORTS, WITHIN_S, SENDERS = 10_000, 60.0, 8
EDITORS, EDITOR_PAUSE_S, CROWD_S = 200, 5.0, 30.0
PLACE = "pinghu-museum"
STAMP = re.compile(r'name="opened" value="([^"]+)"')


def crowded(scene: Scene) -> None:
    """Let all editors write for half a minute."""
    time.sleep(CROWD_S)
    scene.note = f"each saves every {EDITOR_PAUSE_S:.0f} s"


def reported(scene: Scene) -> None:
    """Send reports as fast as they come, each sixth from a new address; what was thanked for must be kept."""
    opened, thanked, numbers, lock = _opened(scene), list[str](), iter(range(REPORTS)), threading.Lock()
    begun_s = time.monotonic()
    until_s = begun_s + WITHIN_S
    senders = [
        threading.Thread(target=_send, args=(scene, opened, thanked, numbers, lock, until_s)) for _ in range(SENDERS)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    took_s = time.monotonic() - begun_s
    with scene.site.store().reading() as connection:
        kept = set(connection.execute(text("SELECT words FROM reports")).scalars())
    scene.gone += sorted(set(thanked) - kept)
    scene.note = (
        f"{next(numbers, REPORTS)} in {took_s:.0f} s, {len(thanked)} thanked for and kept (at most {MOST_REPORTS} wait)"
    )


def _opened(scene: Scene) -> str:
    """Return the stamp of a form that was opened long enough ago."""
    found = STAMP.search(Browser(scene.site.host, scene.site.port).get(f"/en/sites/{PLACE}/report").text)
    assert found, "the form has no stamp"
    time.sleep(3.5)
    return found[1]


def _send(
    scene: Scene, opened: str, thanked: list[str], numbers: Iterator[int], lock: threading.Lock, until_s: float
) -> None:
    while True:
        with lock:
            number = next(numbers, None)
        if number is None or time.monotonic() > until_s:
            return
        home = number // FREE_REPORTS
        browser = Browser(scene.site.host, scene.site.port, f"172.{home >> 16}.{home >> 8 & 255}.{home & 255}")
        words = f"report {number}"
        answer = browser.post(
            f"/en/sites/{PLACE}/report", opened=opened, kind="other", words=words, contact="", website=""
        )
        if answer.status == 303:
            thanked.append(words)
        browser.close()
