"""Open a page of another site with a browser that is logged in at the desk: its form comes to nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from browser.conftest import served
from cityatlas.settings import Settings
from cityatlas.store import open_store, published
from staff import PASSWORD, make_desk

pytestmark = pytest.mark.browser


class Evil(BaseHTTPRequestHandler):
    """Answer with a page that sends a form to the desk by itself."""

    target = ""

    def do_GET(self) -> None:
        """Answer with the page."""
        fields = '<input name="seen" value="0"><input name="comment" value="evil">'
        script = "setTimeout(() => document.forms[0].submit(), 50)"
        page = f'<form method="post" action="{self.target}">{fields}</form><script>{script}</script>'
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def evil() -> Iterator[str]:
    """Return the address of another site: localhost, where the desk is at 127.0.0.1."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Evil)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_form_that_another_site_sends_offers_nothing_to_click(browser: Browser, evil: str, tmp_path: Path) -> None:
    settings: Settings = make_desk(tmp_path).config["SETTINGS"]
    context = browser.new_context()
    with served(settings) as desk:
        page = context.new_page()
        page.goto(f"{desk}/en/staff/me")
        page.locator("[name=login]").fill("ann")
        page.locator("[name=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_contain_text("Where you are logged in")
        Evil.target = f"{desk}/en/staff/features/mill/history/archive"
        page.goto(evil)
        expect(page.locator("main")).to_contain_text("did not come from a page of this site")
        expect(page.locator("main form")).to_have_count(0)
    context.close()
    store = open_store("", settings.var, "toy")
    assert published(store).revisions == ()
    store.close()
