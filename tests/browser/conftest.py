"""Serve the shipped city to a real browser that may ask nobody else, and fail on anything it complains of."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Route, sync_playwright
from waitress.server import create_server

from browser.hosts import OpenHost, OtherSite, host_opener, other_site
from chromium import QUIET, chromium_path
from cityatlas.app import create_app
from cityatlas.settings import Settings

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
Spot = tuple[float, float]


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """Yield the address of a server that runs until the block ends."""
    server = create_server(create_app(settings), host="127.0.0.1", port=0, threads=8)

    def run() -> None:
        with suppress(OSError):  # its socket is closed below while it waits for it
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"  # type: ignore[union-attr]
    server.close()
    thread.join(timeout=5)


@pytest.fixture(scope="module", autouse=True)
def begun_quickly(quickly_begun: None) -> None:
    """Begin the applications of a file of tests quickly."""


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the shipped city."""
    with served(Settings(var=tmp_path_factory.mktemp("var"))) as url:
        yield url


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Return playwright; it drives Debian's Chromium, not one that it would download."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Return a browser without a network of its own."""
    flags = [*QUIET, "--host-resolver-rules=MAP *.example 127.0.0.1"]  # so that a site of ours can have a name
    chromium = playwright.chromium.launch(executable_path=chromium_path(), args=flags)
    yield chromium
    chromium.close()


def drag_by_finger(page: Page, start: Spot, goal: Spot) -> None:
    """Put a finger down at x, y of the window, move it and lift it, as a touch screen does."""
    session = page.context.new_cdp_session(page)

    def touch(kind: str, *points: Spot) -> None:
        at = [{"x": x, "y": y} for x, y in points]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    touch("touchStart", start)
    for step in range(1, 9):
        touch("touchMove", tuple(one + (other - one) * step / 8 for one, other in zip(start, goal, strict=True)))  # type: ignore[arg-type]
    touch("touchEnd")
    session.detach()


class Visit:
    """Open pages as one visitor, and keep what the browser complains of."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.complaints: list[str] = []
        context.route(lambda url: not url.startswith((address, "data:", "blob:")), self._refuse)
        context.on("page", self._watch)

    def _refuse(self, route: Route) -> None:
        self.complaints.append(f"asked a foreign host: {route.request.url}")
        route.abort()

    def _watch(self, page: Page) -> None:
        page.on("console", lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def allow_complaints(self) -> None:
        """Forget what the browser complained of: the test broke something on purpose."""
        self.context.pages[-1].wait_for_timeout(100)
        self.complaints.clear()

    def open(self, path: str) -> Page:
        """Return a page that has loaded; on the map's page, one whose map is drawn."""
        page = self.context.new_page()
        page.goto(self.address + path)
        if page.locator("#atlas").count() and self.has_script:
            page.wait_for_selector("#picture", state="detached")
        return page

    @property
    def has_script(self) -> bool:
        """Return whether this visitor's browser runs scripts."""
        return not getattr(self, "is_scriptless", False)


OpenVisit = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[OpenVisit]:
    """Return a function that begins a visit; complaints of the browser fail the test at its end."""
    visits: list[Visit] = []

    def begin(device: dict[str, Any] = DESKTOP, *, at: str = address, **options: Any) -> Visit:
        made = Visit(browser.new_context(**(device | options)), at)
        made.is_scriptless = options.get("java_script_enabled") is False  # type: ignore[attr-defined]
        visits.append(made)
        return made

    yield begin
    complaints = [complaint for made in visits for complaint in made.complaints]
    for made in visits:
        made.context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def site() -> Iterator[OtherSite]:
    """Return somebody else's site."""
    with other_site() as made:
        yield made


@pytest.fixture
def host(visit: OpenVisit, site: OtherSite, address: str) -> OpenHost:
    """Return a function that opens a page of somebody else's with `{atlas}` in it, as one visitor."""
    return host_opener(visit, site, address)
