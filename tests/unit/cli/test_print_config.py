"""Configurations that are printed: nginx and systemd take them, and nginx keeps what may be kept and nothing else."""

from __future__ import annotations

import getpass
import re
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest
from click.testing import CliRunner
from waitress.server import create_server

from cityatlas.app import create_app
from cityatlas.cli.main import main
from cityatlas.settings import Settings
from toy import write_city

NGINX = shutil.which("nginx") or next((p for p in ("/usr/sbin/nginx",) if Path(p).exists()), None)


def printed(*args: str) -> str:
    """Return what the command prints."""
    result = CliRunner().invoke(main, ["print-config", *args])
    assert result.exit_code == 0, result.output
    return result.output


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
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of an nginx with the printed configuration (without TLS) before a toy city."""
    if not NGINX:
        pytest.skip("nginx is not here")
    folder = tmp_path_factory.mktemp("nginx")
    app = create_app(Settings(geodata=write_city(folder / "toy"), var=folder / "var"))
    server = create_server(app, host="127.0.0.1", port=0)
    threading.Thread(target=lambda: _run(server), daemon=True).start()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    _, _, site = printed("nginx", "--name", "localhost").partition("server {")[2].partition("server {")
    head = printed("nginx", "--name", "localhost").partition("server {")[0]
    site = re.sub(r"^ *(?:ssl_\S+|listen \[).*\n", "", "server {" + site, flags=re.MULTILINE)
    site = site.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    site = site.replace("127.0.0.1:8000", f"127.0.0.1:{server.effective_port}")  # type: ignore[union-attr]
    temp = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"user {getpass.getuser()}; pid {folder}/pid; error_log {folder}/error.log; daemon off; events {{}} "
        f"http {{ access_log off; {temp} {head.replace('/var/cache/nginx/cityatlas', str(folder / 'cache'))} {site} }}"
    )
    checked = subprocess.run([NGINX, "-t", "-c", str(config)], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen([NGINX, "-c", str(config)], stderr=subprocess.DEVNULL) as process:
        try:
            _await(address)
            yield address
        finally:
            process.terminate()
            server.close()


def _run(server: object) -> None:
    with suppress(OSError):
        server.run()  # type: ignore[attr-defined]


def _await(address: str) -> None:
    for _ in range(100):
        with suppress(OSError):
            urllib.request.urlopen(f"{address}/health").read()
            return
        time.sleep(0.05)
    raise AssertionError("nginx does not answer")


def kept(address: str, path: str) -> list[str]:
    """Return what nginx says of an address that is asked twice, redirects not followed."""
    told = []
    for _ in range(2):
        connection = HTTPConnection(address.removeprefix("http://"), timeout=10)
        connection.request("GET", path)
        told.append(connection.getresponse().headers.get("X-Cache", ""))
        connection.close()
    return told


@pytest.mark.parametrize("path", ["/zh/", "/en/sites/hall", "/layers/sights.geojson", "/zh/embed/"])
def test_nginx_keeps_public_pages(proxy: str, path: str) -> None:
    assert kept(proxy, path)[1] == "HIT"


@pytest.mark.parametrize("path", ["/", "/zh/staff/login", "/health"])
def test_nginx_keeps_nothing_that_is_private_or_of_one_moment(proxy: str, path: str) -> None:
    assert "HIT" not in kept(proxy, path)
