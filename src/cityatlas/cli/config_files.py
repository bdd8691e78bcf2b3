"""Print what stands round the server in public: nginx with TLS and a cache, a systemd unit, a WSGI module."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from string import Template

import click

from ..limits import FILE_MB, PHOTOS_MB
from ..settings import read_settings

HOST_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,62})(?:\.[a-z0-9](?:[a-z0-9-]{0,62}))*", re.IGNORECASE)

# Browsers tell positions, keep pages without a network and copy to the clipboard over TLS alone. What a cache may keep
# and for how long says each answer itself (web/http/sending/caching.py): nginx obeys s-maxage, stale-while-revalidate
# and stale-if-error, and keeps nothing that is private or sets a cookie. "updating" does not stand in use_stale: it
# would show a withdrawn page without end, since the 404 that is fetched behind it is not kept; the header's minute ends
# that.
NGINX = Template("""\
limit_conn_zone $$binary_remote_addr zone=cityatlas_each:10m;
# Browsers name the same codings in many ways: one copy of each is kept, whoever asked for it.
map $$http_accept_encoding $$cityatlas_gzip {
  default "";
  "~*\\bgzip(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$$))" gzip;
}
map $$http_accept_encoding $$cityatlas_codings {
  default $$cityatlas_gzip;
  "~*\\bbr(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$$))" "br, $$cityatlas_gzip";
}
# What a program accepts decides below /ogc alone.
map $$uri $$cityatlas_accept {
  default "";
  ~^/ogc $$http_accept;
}
proxy_cache_path /var/cache/nginx/cityatlas levels=1:2 keys_zone=cityatlas:20m max_size=2g inactive=7d
  use_temp_path=off;

server {
  listen 80;
  listen [::]:80;
  server_name $name;
  location /.well-known/acme-challenge/ { root /var/www/html; }
  location / { return 301 https://$$host$$request_uri; }
}

server {
  listen 443 ssl http2;
  listen [::]:443 ssl http2;
  server_name $name;
  ssl_certificate $certificate;
  ssl_certificate_key $key;
  ssl_protocols TLSv1.2 TLSv1.3;
  add_header Strict-Transport-Security "max-age=31536000" always;

  client_header_timeout 10s;
  client_body_timeout 20s;
  client_max_body_size ${body_mb}m;
  limit_conn cityatlas_each 50;

  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $$host;
  proxy_set_header Accept-Encoding $$cityatlas_codings;
  proxy_set_header X-Forwarded-For $$proxy_add_x_forwarded_for;
  proxy_read_timeout 60s;

  location / {
    proxy_pass http://127.0.0.1:$port;
    proxy_cache cityatlas;
    proxy_cache_key "$$host$$request_uri $$cityatlas_codings $$cityatlas_accept";
    proxy_ignore_headers Vary;
    proxy_cache_revalidate on;
    proxy_cache_lock on;
    proxy_cache_background_update on;
    proxy_cache_use_stale error timeout http_500 http_502 http_503 http_504;
    add_header X-Cache $$upstream_cache_status;
    add_header Strict-Transport-Security "max-age=31536000" always;
  }
  location ~ ^/(?:(?:zh|en)/)?staff/photos/add$$ {
    client_max_body_size ${photos_mb}m;  # of who has logged in, which the program sees before the body has come
    proxy_request_buffering off;
    proxy_read_timeout 600s;
    proxy_pass http://127.0.0.1:$port;
    proxy_cache off;
  }
  location ~ ^/(?:(?:zh|en)/)?staff(?:/|$$) {
    proxy_pass http://127.0.0.1:$port;
    proxy_cache off;
  }
}
""")

SYSTEMD = Template("""\
[Unit]
Description=cityatlas, the map of a city
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=$command serve --host 127.0.0.1 --port $port
Environment=CITYATLAS_PUBLIC_URL=https://$name
Environment=CITYATLAS_PROXIES=1
Environment=CITYATLAS_GEODATA=$geodata
Environment=CITYATLAS_VAR=/var/lib/cityatlas
DynamicUser=yes
StateDirectory=cityatlas
Restart=on-failure
TimeoutStopSec=20
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
MemoryMax=2G

[Install]
WantedBy=multi-user.target
""")

WSGI = Template("""\
# For a server that loads a WSGI application, as gunicorn 'wsgi:application'. Set the settings in its environment:
#   CITYATLAS_PUBLIC_URL=https://$name CITYATLAS_PROXIES=1 CITYATLAS_GEODATA=$geodata
from cityatlas.app import create_app

application = create_app()
""")
KINDS = {"nginx": NGINX, "systemd": SYSTEMD, "wsgi": WSGI}


@click.command("print-config")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.option("--name", default="atlas.example", help="Host name that visitors use (default atlas.example).")
@click.option("--certificate", type=Path, help="Chain of certificates, for nginx (default: where certbot puts it).")
@click.option("--key", type=Path, help="Its key.")
def print_config(kind: str, name: str, certificate: Path | None, key: Path | None) -> None:
    """Print a configuration to begin from: nginx, systemd or wsgi.

    \b
    Examples:
      cityatlas print-config nginx --name map.city.example > /etc/nginx/conf.d/cityatlas.conf
      cityatlas print-config systemd --name map.city.example > /etc/systemd/system/cityatlas.service
    """
    if not HOST_NAME.fullmatch(name):
        raise click.BadParameter(f'"{name[:60]}" is no host name.', param_hint="--name")
    settings, live = read_settings(), Path("/etc/letsencrypt/live") / name
    values: dict[str, object] = {
        "name": name,
        "port": settings.port,
        "geodata": _plain(settings.geodata.absolute()),
        "command": _plain(Path(shutil.which("cityatlas") or Path(sys.executable).with_name("cityatlas"))),
        "certificate": _plain(certificate or live / "fullchain.pem"),
        "key": _plain(key or live / "privkey.pem"),
        "body_mb": FILE_MB + 2,
        "photos_mb": PHOTOS_MB + 2,
    }
    click.echo(KINDS[kind].substitute(values), nl=False)


def _plain(path: Path) -> str:
    """Return a path as these files take it without quotes; refuse one that they would read otherwise."""
    text = str(path)
    if not re.fullmatch(r"[\w./~+@-]+", text):
        raise click.UsageError(f"The path {text!r} holds signs that a configuration would read otherwise.")
    return text


COMMANDS = (print_config,)
