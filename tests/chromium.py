"""Find Chromium and say how it is started: quiet, and without a network of its own."""

from __future__ import annotations

import os
import shutil

# Debian's shell of Chromium draws the same pages without the windows about them, at half the work of the whole one.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def chromium_path() -> str | None:
    """Return the program that CITYATLAS_CHROMIUM names, else the first of `NAMES` in the PATH, None without any."""
    return os.environ.get("CITYATLAS_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
