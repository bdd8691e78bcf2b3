"""Serve the shipped city on a port that hosts ask, and drive a browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Browser, sync_playwright
from waitress.server import BaseWSGIServer, create_server

from chromium import QUIET, chromium_path
from cityatlas.app import create_app
from cityatlas.settings import Settings

WORDPRESS_PORTS = (8080, 80)  # WordPress asks no others


@pytest.fixture(scope="session")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the shipped city."""
    app = create_app(Settings(var=tmp_path_factory.mktemp("var"), plans_per_minute=1_000))
    for port in WORDPRESS_PORTS:
        with suppress(OSError):
            server = create_server(app, host="127.0.0.1", port=port, threads=8)
            break
    else:
        pytest.skip(f"none of the ports {WORDPRESS_PORTS} is free")
    threading.Thread(target=_run, args=[server], daemon=True).start()
    yield f"http://127.0.0.1:{port}"
    server.close()


def _run(server: BaseWSGIServer) -> None:
    with suppress(OSError):  # its socket is closed while it waits for it
        server.run()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a browser without a network of its own."""
    path = chromium_path()
    if not path:
        pytest.skip("not installed here: chromium")
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=path, args=[*QUIET])
        yield chromium
        chromium.close()
