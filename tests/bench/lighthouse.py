"""Run Lighthouse, its mobile default, on pages of a running server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


def scores(address: str) -> list[int]:
    """Return the four scores of a page, 0 to 100: performance, accessibility, best practices, SEO."""
    env = {**os.environ, "CHROME_PATH": os.environ.get("CHROME_PATH") or shutil.which("chromium") or ""}
    flags = ["--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}"]
    chrome = "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage"
    command = [str(_program()), address, *flags, chrome]
    said = subprocess.run(command, cwd=FOLDER, env=env, capture_output=True, text=True, check=True, timeout=180).stdout
    found = json.loads(said)["categories"]
    return [round(100 * (found[name]["score"] or 0)) for name in CATEGORIES]


def _program() -> Path:
    program = FOLDER / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        subprocess.run(["npm", "ci", "--ignore-scripts"], cwd=FOLDER, check=True, capture_output=True)
    return program
