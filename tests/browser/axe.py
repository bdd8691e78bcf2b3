"""Let axe-core look at a page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "src/frontend/node_modules/axe-core/axe.min.js"
# All rules, also those that axe leaves off by itself: WCAG 2.2 wants targets of 24 pixels.
OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}


def faults_of(page: Page) -> list[str]:
    """Return the rules of axe-core that a page breaks."""
    page.evaluate(f"() => {{ {AXE.read_text('utf-8')}; window.axe = axe; }}")
    found = page.evaluate("options => window.axe.run(document, options)", OPTIONS)
    return [f"{page.url}: {violation['id']}" for violation in found["violations"]]
