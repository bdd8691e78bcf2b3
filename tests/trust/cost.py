"""Compute what ten million frames a day cost, from measured bytes of a view and CPU of a request."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from playwright.sync_api import CDPSession, sync_playwright

from bench.servers import Server
from chromium import QUIET, chromium_path
from proxy import Proxy, trusting

from .story import addresses, shipped

if TYPE_CHECKING:
    from .nginx import Told

VIEWS_A_DAY, DAY_S, PEAK = 10_000_000, 86_400, 5
FRAME = "/zh/embed/"
FRAME_IS_THERE = "body:not(:has(#picture)) .leaflet-base-pane canvas"
HANDSHAKES = 300
KEPT_S = 5  # s-maxage of what is asked for again


def frame_views(proxy: Proxy) -> Mapping[str, tuple[int, int]]:
    """Return requests and bytes on the wire of a visitor's first view of the frame, and of the next."""
    with sync_playwright() as playwright:
        trusted = f"--ignore-certificate-errors-spki-list={proxy.key_digest}"  # who ignores errors has no cache
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=[*QUIET, trusted])
        page = browser.new_context(locale="zh-CN").new_page()
        session = page.context.new_cdp_session(page)
        found = {what: _view(page, session, proxy) for what in ("first", "next")}
        browser.close()
    return found


def _view(page: object, session: CDPSession, proxy: Proxy) -> tuple[int, int]:
    sizes: list[int] = []

    def note(event: Mapping[str, object]) -> None:
        sizes.append(int(float(str(event["encodedDataLength"]))))

    session.on("Network.loadingFinished", note)
    session.send("Network.enable")
    page.goto("about:blank")  # type: ignore[attr-defined]
    page.goto(f"https://localhost:{proxy.port}{FRAME}")  # type: ignore[attr-defined]
    page.wait_for_selector(FRAME_IS_THERE)  # type: ignore[attr-defined]
    page.wait_for_load_state("networkidle")  # type: ignore[attr-defined]
    session.remove_listener("Network.loadingFinished", note)
    return sum(size > 0 for size in sizes), sum(sizes)


def handshake_ms(proxy: Proxy) -> float:
    """Return the milliseconds of nginx's CPU that a new connection takes, TLS and one kept answer included."""
    server, tls = Server(proxy.port, proxy.pid, 0), trusting()
    before_s = server.cpu_s
    for _ in range(HANDSHAKES):
        with socket.create_connection(("127.0.0.1", proxy.port)) as plain, _spoken(tls, plain) as connection:
            connection.sendall(f"GET {FRAME} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            while connection.recv(65536):
                pass
    return (server.cpu_s - before_s) * 1000 / HANDSHAKES


def _spoken(tls: ssl.SSLContext, plain: socket.socket) -> ssl.SSLSocket:
    return tls.wrap_socket(plain, server_hostname="localhost", suppress_ragged_eofs=True)


def cost_table(proxy: Proxy, told: Sequence[Told], log: Sequence[Mapping[str, object]], cpu_s: Sequence[float]) -> None:
    """Print the table of ten million views a day; `cpu_s` is what origin and nginx took for the story."""
    views, opened_ms = frame_views(proxy), handshake_ms(proxy)
    origin_ms, nginx_ms = cpu_s[0] * 1000 / max(len(log), 1), cpu_s[1] * 1000 / len(told)
    frames = len(addresses(shipped())["embed"])
    print(f"\nCPU: {origin_ms:.1f} ms for a request at the origin, publications included; nginx {nginx_ms:.2f} ms for ")
    print(f"one on a kept connection, {opened_ms:.2f} ms for a new one with TLS. {frames} frames are asked for.")
    print(
        "\n| ten million frames a day | requests a view | KB a view | requests/s, mean | peak (x 5) | GB a day "
        "| origin, requests/s at most | nginx, cores at the peak | origin, cores at most |\n" + "|---" * 9 + "|"
    )
    views_s = VIEWS_A_DAY / DAY_S
    for what, (requests, size) in views.items():
        asked_s = min(frames * (requests if what == "next" else 2) / KEPT_S, views_s * requests)
        cores = PEAK * views_s * (opened_ms + (requests - 1) * nginx_ms) / 1000
        print(
            f"| all views are the {what} of somebody | {requests} | {size / 1000:.1f} | {views_s * requests:.0f} "
            f"| {PEAK * views_s * requests:.0f} | {size * VIEWS_A_DAY / 1e9:.0f} | {asked_s:.0f} "
            f"| {cores:.2f} | {asked_s * origin_ms / 1000:.2f} |"
        )
