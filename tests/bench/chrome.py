"""Look at pages with Chromium: bytes and requests of a cold visit, time until a map can be used."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
# Lighthouse's "Slow 4G": 1.6 Mbit/s down, 750 kbit/s up, 150 ms there and back; its phone is 4 times slower.
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
CPU_SLOWDOWN = 4
QUIET_MS = 500
GIVE_UP_MS = 120_000

# A beat every 20 ms: one that comes late tells of a task of more than 50 ms, and when it ended.
HEARTBEAT = """
(() => {
  let last = performance.now();
  window.bench = { busyUntil: 0, worst: 0 };
  const beat = () => {
    const now = performance.now();
    if (now - last > 70) window.bench.busyUntil = now;
    window.bench.worst = Math.max(window.bench.worst, now - last);
    last = now;
    setTimeout(beat, 20);
  };
  setTimeout(beat, 20);
})();
"""
# Resolve with the milliseconds from the start of the navigation to the later of: the layer is on the screen (its
# elements are there, and two frames have passed), the last long task has ended. Both must have held for a while.
INTERACTIVE = """
([selector, quiet, most]) => new Promise((resolve) => {
  let painted = 0;
  const look = () => {
    const now = performance.now();
    if (!painted && document.querySelector(selector)) {
      painted = now;
      requestAnimationFrame(() => requestAnimationFrame(() => { painted = performance.now(); }));
    }
    const since = Math.max(painted, window.bench.busyUntil);
    if (painted && now - since > quiet) resolve(since);
    else if (now > most) resolve(most);
    else setTimeout(look, 20);
  };
  look();
})
"""
FRAMES = """
() => new Promise((resolve) => {
  const gaps = [];
  let last = performance.now();
  const frame = (now) => {
    gaps.push(now - last);
    last = now;
    if (gaps.length < 60) requestAnimationFrame(frame);
    else resolve(gaps.sort((a, b) => a - b)[56]);
  };
  requestAnimationFrame(frame);
})
"""


@dataclass(frozen=True)
class Visit:
    """Hold what a visit took; `pan_ms` is the 95th percentile between frames while the map is dragged."""

    interactive_ms: float
    bytes: int
    requests: int
    heap_mb: float
    pan_ms: float = 0.0


@contextmanager
def browser() -> Iterator[Browser]:
    """Yield a fresh Chromium, without any cache."""
    path = os.environ.get("CHROME_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield chromium
        chromium.close()


def visit(chromium: Browser, address: str, painted: str, *, is_phone: bool = False, pans: bool = False) -> Visit:
    """Return what one cold visit takes until the selector `painted` is found and the page is quiet."""
    context = chromium.new_context(**(PHONE if is_phone else DESKTOP))
    page = context.new_page()
    page.set_default_timeout(GIVE_UP_MS)
    page.add_init_script(HEARTBEAT)
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    sizes: list[int] = []
    tools.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    if is_phone:
        tools.send("Network.emulateNetworkConditions", SLOW_4G)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWDOWN})
    page.goto(address, wait_until="commit", timeout=GIVE_UP_MS)
    ready_ms = float(page.evaluate(INTERACTIVE, [painted, QUIET_MS, GIVE_UP_MS]))
    page.wait_for_timeout(QUIET_MS)  # what comes late still counts; folium's page never falls silent
    count, total = len(sizes), sum(sizes)
    pan_ms = _pan(page) if pans else 0.0
    tools.send("HeapProfiler.collectGarbage")
    heap = tools.send("Runtime.getHeapUsage")["usedSize"] / 1e6
    context.close()
    return Visit(ready_ms, total, count, heap, pan_ms)


def _pan(page: Page) -> float:
    """Drag the map by 300 pixels in 12 steps and return the 95th percentile of the time between frames."""
    box = page.locator(".folium-map").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(f"window.bench.frames = ({FRAMES})()")
    for step in range(1, 13):
        page.mouse.move(x - step * 25, y + step * 5)
    gap_ms = float(page.evaluate("window.bench.frames"))
    page.mouse.up()
    return gap_ms
