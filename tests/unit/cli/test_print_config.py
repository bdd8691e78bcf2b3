"""Configurations that are printed: nginx and systemd take them, and nginx keeps what may be kept and nothing else."""

from __future__ import annotations

import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from waitress.server import create_server

from cityatlas.app import create_app
from cityatlas.cli.main import main, needs_tls
from cityatlas.settings import Settings
from proxy import NGINX, Proxy, printed, running_nginx, trusting
from toy import write_city


@pytest.mark.parametrize("name", ["a b", "x;y", "-x.example", "a" * 300, "x.example\nuser root;", "x.example/"])
def test_a_name_that_is_none_gets_into_no_file(name: str) -> None:
    result = CliRunner().invoke(main, ["print-config", "nginx", "--name", name])
    assert result.exit_code == 2
    assert "is no host name" in result.output


def test_a_path_that_would_be_read_otherwise_is_refused() -> None:
    result = CliRunner().invoke(main, ["print-config", "nginx", "--certificate", "/etc/x;y.pem"])
    assert result.exit_code == 2


def test_the_wsgi_module_has_an_application(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CITYATLAS_GEODATA", str(write_city(tmp_path / "toy")))
    monkeypatch.setenv("CITYATLAS_VAR", str(tmp_path / "var"))
    module: dict[str, object] = {}
    exec(printed("wsgi"), module)
    assert callable(module["application"])


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "cityatlas.service"
    told = printed("systemd", "--name", "map.example")
    unit.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", told, flags=re.MULTILINE))
    checked = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert str(unit) not in checked.stderr, checked.stderr
    assert "CITYATLAS_PUBLIC_URL=https://map.example" in told


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """Return an nginx with the printed configuration before a toy city."""
    if not NGINX:
        pytest.skip("nginx is not here")
    folder = tmp_path_factory.mktemp("nginx")
    app = create_app(Settings(geodata=write_city(folder / "toy"), var=folder / "var", proxies=1))
    server = create_server(app, host="127.0.0.1", port=0, clear_untrusted_proxy_headers=False)
    threading.Thread(target=lambda: _run(server), daemon=True).start()
    with running_nginx(folder, server.effective_port) as running:  # type: ignore[union-attr]
        yield running
    server.close()


if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

BRIEF = "public, max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error=86400"


def _run(server: object) -> None:
    with suppress(OSError):
        server.run()  # type: ignore[attr-defined]


def ask(connection: HTTPConnection, path: str, **headers: str) -> HTTPResponse:
    """Return the answer to one request, read and closed."""
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def by_tls(proxy: Proxy, path: str, **headers: str) -> HTTPResponse:
    """Return what nginx answers."""
    return ask(HTTPSConnection("localhost", proxy.port, timeout=10, context=trusting()), path, **headers)


def kept(proxy: Proxy, path: str, **headers: str) -> list[str]:
    """Return what nginx says of an address that is asked twice, redirects not followed."""
    return [by_tls(proxy, path, **headers).headers.get("X-Cache", "") for _ in range(2)]


@pytest.mark.parametrize("path", ["/zh/", "/en/sites/hall", "/layers/sights.geojson", "/zh/embed/"])
def test_nginx_keeps_public_pages(proxy: Proxy, path: str) -> None:
    assert kept(proxy, path)[1] == "HIT"


@pytest.mark.parametrize("path", ["/", "/zh/staff/login", "/health"])
def test_nginx_keeps_nothing_that_is_private_or_of_one_moment(proxy: Proxy, path: str) -> None:
    assert "HIT" not in kept(proxy, path)


def test_browsers_that_name_their_codings_otherwise_share_what_is_kept(proxy: Proxy) -> None:
    kept(proxy, "/en/about", Accept_Encoding="gzip, deflate, br, zstd")
    assert kept(proxy, "/en/about", Accept_Encoding="br;q=1.0, gzip") == ["HIT", "HIT"]
    assert kept(proxy, "/en/about", Accept_Encoding="br;q=0, gzip") == ["MISS", "HIT"]


def test_what_an_address_shows_by_accept_is_kept_apart(proxy: Proxy) -> None:
    assert kept(proxy, "/ogc/collections", Accept="application/json") == ["MISS", "HIT"]
    assert kept(proxy, "/ogc/collections", Accept="text/html") == ["MISS", "MISS"]  # leads to a page


def test_a_request_through_nginx_is_nobodys_of_this_machine(proxy: Proxy) -> None:
    assert by_tls(proxy, "/metrics").status == 403  # which answers who asks from here, by a name of its own


def test_a_withdrawn_page_leaves_the_cache_and_a_dead_origin_does_not(tmp_path: Path) -> None:
    if not NGINX:
        pytest.skip("nginx is not here")
    asked: list[str] = []

    def origin(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        asked.append(environ["PATH_INFO"])
        is_gone = environ["PATH_INFO"] == "/gone" and asked.count("/gone") > 1
        cache = "no-store" if is_gone else BRIEF
        start_response("404 NOT FOUND" if is_gone else "200 OK", [("Cache-Control", cache), ("Content-Length", "1")])
        return [b"x"]

    server = create_server(origin, host="127.0.0.1", port=0)
    threading.Thread(target=lambda: _run(server), daemon=True).start()
    with running_nginx(tmp_path, server.effective_port) as proxy:  # type: ignore[union-attr]
        assert [by_tls(proxy, path).status for path in ("/gone", "/stays")] == [200, 200]
        end_s = time.monotonic() + 10  # it is fresh for one second, and shown while it is asked for anew for another
        while by_tls(proxy, "/gone").status == 200:
            assert time.monotonic() < end_s
            time.sleep(0.2)
        server.close()
        assert by_tls(proxy, "/stays").status == 200


@pytest.mark.parametrize(
    ("host", "public_url", "is_told"),
    [
        ("127.0.0.1", "", False),
        ("0.0.0.0", "", True),
        ("127.0.0.1", "http://map.example", True),
        ("0.0.0.0", "https://map.example", False),
    ],
)
def test_serve_tells_who_does_without_tls(host: str, public_url: str, is_told: bool) -> None:
    assert needs_tls(Settings(host=host, public_url=public_url)) == is_told


def test_without_tls_nginx_leads_to_it(proxy: Proxy) -> None:
    answer = ask(HTTPConnection("localhost", proxy.plain_port, timeout=10), "/zh/?c=1")
    assert (answer.status, answer.headers["Location"]) == (301, "https://localhost/zh/?c=1")
    assert "max-age" in by_tls(proxy, "/zh/").headers["Strict-Transport-Security"]
