"""Let axe-core look at a page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "src/frontend/node_modules/axe-core/axe.min.js"
# All rules, also those that axe leaves off by itself: WCAG 2.2 wants targets of 24 pixels.
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


SETTLED_MS = 700  # by then the marks of a map have found their places


def faults_of(page: Page) -> list[str]:
    """Return the rules of axe-core that a page breaks, and still breaks when its map has settled."""
    page.evaluate(f"() => {{ {AXE.read_text('utf-8')}; window.axe = axe; }}")
    found = _seen(page)
    if found:
        page.wait_for_timeout(SETTLED_MS)
        found = _seen(page)
    return [f"{page.url}: {rule}" for rule in found]


def _seen(page: Page) -> list[str]:
    violations = page.evaluate("options => window.axe.run(document, options)", OPTIONS)["violations"]
    return [str(violation["id"]) for violation in violations]
