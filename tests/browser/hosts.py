"""Stand in for other people's sites: pages of another origin that show ours in a frame."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Frame, Page
from waitress.server import create_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from browser.conftest import Visit

OpenHost = Callable[..., "tuple[Visit, Page]"]
SANDBOXED = "sandboxed and the 'allow-scripts' permission is not set"  # what Chromium says of each script there
PILES = """() => [...document.querySelectorAll('.leaflet-marks-pane > *')].reduce(
  (sum, mark) => sum + (mark.matches('.pile') ? parseInt(mark.querySelector('[aria-label]').ariaLabel) : 1), 0)"""


class OtherSite:
    """Hold the pages of somebody else's site by their paths."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[str, list[tuple[str, str]]]] = {}
        self.address = ""

    def put(self, body: str, headers: Iterable[tuple[str, str]] = (), attributes: str = "") -> str:
        """Add a page, and return its address."""
        path = f"/{len(self.pages)}"
        html = f'<!doctype html><html lang="en" {attributes}><title>Town</title><body>{body}'
        self.pages[path] = (html, [("Content-Type", "text/html; charset=utf-8"), *headers])
        return self.address + path

    def answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        """Answer with a page that was added; browsers ask for an icon by themselves."""
        body, headers = self.pages.get(environ["PATH_INFO"], ("", []))
        start_response("200 OK" if headers else "204 No Content", headers)
        return [body.encode()]


@contextmanager
def other_site() -> Iterator[OtherSite]:
    """Yield a site of another origin that runs until the block ends."""
    site = OtherSite()
    server = create_server(site.answer, host="127.0.0.1", port=0)

    def run() -> None:
        with suppress(OSError):  # its socket is closed below while it waits for it
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    site.address = f"http://town.example:{server.effective_port}"  # type: ignore[union-attr]
    yield site
    server.close()
    thread.join(timeout=5)


def named(address: str) -> str:
    """Return our own address by a name, as visitors know a site: without TLS it is not trusted then."""
    return address.replace("127.0.0.1", "atlas.example")


def open_host(guest: Visit, site: OtherSite, atlas: str, address: str) -> Page:
    """Open a page of another site as a visitor who may ask that site and ours, and nobody else."""
    for own in (site.address, atlas):
        guest.context.route(f"{own}/**", lambda route: route.continue_())
    page = guest.context.new_page()
    page.goto(address)
    return page


def host_opener(visit: Callable[..., Visit], site: OtherSite, address: str) -> OpenHost:
    """Return a function that opens a page of another site, `{atlas}` in it being ours, as one visitor."""
    atlas = named(address)

    def begin(body: str, device: Any = None, *, headers: Any = (), attributes: str = "") -> tuple[Visit, Page]:
        sent = [(key, value.replace("{atlas}", atlas)) for key, value in headers]
        guest = visit(*([device] if device else []), at=site.address)
        return guest, open_host(guest, site, atlas, site.put(body.replace("{atlas}", atlas), sent, attributes))

    return begin


def framed(path: str, attributes: str = "", style: str = "width:640px;height:700px") -> str:
    """Return our page in a frame, as an editor would paste it."""
    return f'<iframe title="Map" src="{{atlas}}{path}" {attributes} style="border:0;{style}"></iframe>'


def frames_of(page: Page) -> list[Frame]:
    """Return our frames in a page, in their order."""
    return [frame for frame in page.frames if "/embed/" in frame.url]


def drawn(frame: Frame) -> int:
    """Return how many places the map of a frame shows, those in piles too, once it is there."""
    frame.wait_for_selector("#picture", state="detached")
    count: int = frame.evaluate(PILES)
    return count
