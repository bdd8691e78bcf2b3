"""Show the map inside other people's pages: from another origin, and in a frame that has none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import FrameLocator, expect
from waitress.server import create_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

pytestmark = pytest.mark.browser
OpenVisit = Callable[..., Any]  # Any: what the fixture `visit` begins
SIZE: Any = {"width": 900, "height": 600}
FRAMES = {"another origin": "", "no origin": 'sandbox="allow-scripts"'}
MARKS = ".mark-pin, .cluster"


def host_page(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
    """Answer with a page that shows what its query names in a frame: `?address` or `?address|attributes`."""
    if environ["PATH_INFO"] != "/":
        start_response("204 No Content", [])
        return [b""]
    address, _, attributes = environ["QUERY_STRING"].replace("%22", '"').partition("|")
    start_response("200 OK", [("Content-Type", "text/html")])
    frame = f'<iframe {attributes} style="width:900px;height:600px;border:0" src="{address}"></iframe>'
    return [f"<!doctype html><title>Town</title>{frame}".encode()]


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    """Return the address of somebody else's site."""
    server = create_server(host_page, host="127.0.0.1", port=0)

    def run() -> None:
        with suppress(OSError):  # its socket is closed below while it waits for it
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"  # type: ignore[union-attr]
    server.close()
    thread.join(timeout=5)


def named(address: str, name: str) -> str:
    """Return an address on this machine by a name, as visitors know a site: without TLS it is not trusted then."""
    return address.replace("127.0.0.1", name)


def embedded(visit: OpenVisit, host: str, address: str, path: str, attributes: str) -> tuple[Any, FrameLocator]:
    """Return a visit of the host's page, and the frame in it."""
    host, address = named(host, "town.example"), named(address, "atlas.example")
    guest = visit(at=host)
    guest.context.route(f"{address}/**", lambda route: route.continue_())
    page = guest.context.new_page()
    page.goto(f"{host}/?{address}{path}|{attributes}")
    return guest, page.frame_locator("iframe")


@pytest.mark.parametrize("attributes", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("path", ["/zh/embed/", "/embed/"])
def test_all_marks_are_drawn_and_the_console_stays_clean(
    visit: OpenVisit, host: str, address: str, path: str, attributes: str
) -> None:
    own = visit({"viewport": SIZE}, at=address).open(path)
    own.wait_for_selector(MARKS)
    guest, frame = embedded(visit, host, address, path, attributes)
    expect(frame.locator("#picture")).to_have_count(0)
    expect(frame.locator(MARKS)).to_have_count(own.locator(MARKS).count())
    assert guest.complaints == []


@pytest.mark.parametrize("attributes", FRAMES.values(), ids=FRAMES)
def test_a_mark_opens_its_card(visit: OpenVisit, host: str, address: str, attributes: str) -> None:
    guest, frame = embedded(visit, host, address, "/en/embed/?c=121.0165,30.6905&z=16", attributes)
    frame.locator(".mark-pin[aria-label^='Lu Weizhao']").click()
    expect(frame.locator("article.card h2")).to_be_visible()
    assert guest.complaints == []
