"""Work at the desk in a browser."""

from __future__ import annotations

import json

from playwright.sync_api import Page

from browser.conftest import Visit
from staff import PASSWORD

SAVED = "Saved as a draft at"
SOON_MS = 15_000  # two seconds after the last change, on a machine that has other things to do


def log_in(visitor: Visit, login: str, path: str) -> Page:
    """Return a page of the desk, opened by somebody who logs in on the way."""
    page = visitor.open(path)
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{path}")
    page.locator(".edit-state").wait_for(state="attached")  # the scripts are there
    return page


def place_of(page: Page) -> object:
    """Return the geometry that the form holds."""
    return json.loads(page.locator("[name=geometry]").input_value())
