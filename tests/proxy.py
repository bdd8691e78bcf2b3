"""Run nginx with the configuration that `cityatlas print-config nginx` prints, TLS and cache and all, for tests.

What is changed of it are the two ports and the folder of its cache; the certificate is made for it.
"""

from __future__ import annotations

import base64
import getpass
import hashlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from cityatlas.cli.main import main

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")  # Debian keeps it from users
NAME = "localhost"
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
START_S = 10


@dataclass(frozen=True)
class Proxy:
    """Hold a running nginx: its ports, the folder of its cache, its first process, and its certificate."""

    port: int
    plain_port: int
    cache: Path
    pid: int
    chain: Path

    @property
    def key_digest(self) -> str:
        """Return the SHA-256 of its public key in base64, by which Chromium can be told to trust it."""
        public = subprocess.run(
            ["openssl", "x509", "-in", self.chain, "-pubkey", "-noout"], check=True, capture_output=True
        ).stdout
        coded = subprocess.run(
            ["openssl", "pkey", "-pubin", "-outform", "der"], input=public, check=True, capture_output=True
        ).stdout
        return base64.b64encode(hashlib.sha256(coded).digest()).decode()


def trusting() -> ssl.SSLContext:
    """Return a context that takes the certificate that was made here."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def printed(*args: str, env: Mapping[str, str] | None = None) -> str:
    """Return what `cityatlas print-config` prints."""
    result = CliRunner().invoke(main, ["print-config", *args], env=env)
    assert result.exit_code == 0, result.output
    return result.output


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate for `NAME`, and return it with its key."""
    files = folder / "chain.pem", folder / "key.pem"
    kind = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
    command = ["openssl", "req", "-x509", *kind, "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    subprocess.run([*command, "-out", files[0], "-keyout", files[1]], check=True, capture_output=True)
    return files


@contextmanager
def running_nginx(folder: Path, origin_port: int) -> Iterator[Proxy]:
    """Give an nginx before a server on this machine, after `nginx -t` has passed; it ends with the block."""
    assert NGINX, "nginx is not here"
    chain, key = certificate(folder)
    env = {"CITYATLAS_PORT": str(origin_port)}
    site = printed("nginx", "--name", NAME, "--certificate", str(chain), "--key", str(key), env=env)
    port, plain = free_ports()
    for told, ours in (("443 ssl", f"127.0.0.1:{port} ssl"), ("80", f"127.0.0.1:{plain}")):
        site = site.replace(f"listen {told}", f"listen {ours}")
    site = re.sub(r"^ *listen \[.*\n", "", site, flags=re.MULTILINE)
    site = site.replace("/var/cache/nginx/cityatlas", str(folder / "cache"))
    temp = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in TEMPORARY)
    config = folder / "nginx.conf"
    config.write_text(
        f"user {getpass.getuser()}; pid {folder}/pid; error_log {folder}/error.log; daemon off; "
        f"events {{ worker_connections 4096; }} http {{ access_log off; {temp} {site} }}"
    )
    checked = subprocess.run([NGINX, "-t", "-c", config], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    with subprocess.Popen([NGINX, "-c", config], stderr=subprocess.DEVNULL) as process:
        try:
            _await(port)
            yield Proxy(port, plain, folder / "cache", process.pid, chain)
        finally:
            process.terminate()


def free_ports() -> tuple[int, int]:
    """Return two ports that nobody uses just now."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        return one.getsockname()[1], other.getsockname()[1]


def _await(port: int) -> None:
    end_s = time.monotonic() + START_S
    while time.monotonic() < end_s:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise AssertionError("nginx does not answer")
