"""Ask the web addresses that sources name whether they still answer; a command does, never a request.

The addresses come from files and from people, so a name that leads into the own network is refused: it is resolved
once, every address of it must be public, and the connection goes to the address that was looked at. Each redirect is
looked at in the same way.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import quote, urljoin, urlsplit

from ... import __version__
from ...errors import InvalidFile

State = Literal["ok", "gone", "failing", "refused", "unsafe"]
TIMEOUT_S = 10.0  # for the whole of one question, redirects apart
MOST_REDIRECTS = 5
AT_ONCE = 2  # addresses of one host are asked one after the other
GONE = frozenset({404, 410})
USER_AGENT = f"cityatlas-link-check/{__version__} (checks a city map's sources; asks each address once)"
NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Not of the open internet, though Python 3.11 takes some of it for global: what is compatible with or translated into
# IPv4, local use of NAT64, segment routing, sites. What a mapped address carries is looked at before.
CLOSED = [ipaddress.ip_network(text) for text in ("::/8", "64:ff9b:1::/48", "5f00::/16", "fec0::/10")]


@dataclass(frozen=True, slots=True)
class Link:
    """Hold what one address answered; days are ISO text, `since` is the first day of this state.

    `gone`: the page is not there (404, 410). `failing`: no answer, or the server is broken. `refused`: the server
    does not talk to programs, people may see the page. `unsafe`: not asked, since it leads into a private network.
    """

    state: State
    status: int  # the last HTTP status; 0 without an answer
    redirects: int
    final: str
    since: str
    checked_on: str


class _Unsafe(Exception):
    """An address is not asked."""


class _Pinned(http.client.HTTPConnection):
    """Connect to an address that was looked at, whatever its name resolves to by now, and stop in time."""

    def __init__(self, host: str, port: int, address: str, *, is_tls: bool) -> None:
        super().__init__(host, port, timeout=TIMEOUT_S)
        self.default_port = 443 if is_tls else 80  # which the Host header leaves out
        self._address, self._is_tls = address, is_tls
        self._watch = threading.Timer(TIMEOUT_S, self._stop)  # a server that sends a letter a second never times out
        self._watch.daemon = True

    def connect(self) -> None:
        """Open the connection, with the certificate checked against the name."""
        self.sock = socket.create_connection((self._address, self.port), TIMEOUT_S)
        self._watch.start()
        if self._is_tls:
            context = ssl.create_default_context()
            tls = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = tls  # before the handshake, so that the watch can end that too
            tls.do_handshake()

    def close(self) -> None:
        """Close the connection."""
        self._watch.cancel()
        super().close()

    def _stop(self) -> None:
        with suppress(OSError, AttributeError):  # it was closed meanwhile
            self.sock.shutdown(socket.SHUT_RDWR)


def check_links(
    urls: Iterable[str],
    today: str,
    before: Mapping[str, Link],
    *,
    allow_private: bool = False,
    tell: Callable[[str, Link], None] = lambda url, link: None,
) -> dict[str, Link]:
    """Return what each distinct http or https address answers, by address.

    `before` is what an earlier check found: a state that is still the same keeps its first day. `tell` is called as
    each answer comes.
    """

    def ask_host(host_urls: list[str]) -> list[tuple[str, Link]]:
        found = []
        for url in host_urls:
            link = _ask(url, today, allow_private=allow_private)
            earlier = before.get(url)
            if earlier and earlier.state == link.state:
                link = replace(link, since=earlier.since)
            tell(url, link)
            found.append((url, link))
        return found

    hosts = [list(group) for _, group in groupby(sorted(set(urls), key=_by_host), key=_host)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return dict(sorted(pair for pairs in pool.map(ask_host, hosts) for pair in pairs))


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]  # urlsplit raises for what is no address


def _by_host(url: str) -> tuple[str, str]:
    return _host(url), url


def _ask(url: str, today: str, *, allow_private: bool) -> Link:
    """Return what one address answers after its redirects."""
    state: State = "failing"
    status, redirects, final = 0, 0, url
    try:
        while True:
            status, target = _status_of(final, allow_private=allow_private)
            if not target:
                state = _state_of(status)
                break
            if redirects == MOST_REDIRECTS:
                break
            redirects, final = redirects + 1, urljoin(final, target)
    except _Unsafe:
        state = "unsafe"
    except (OSError, http.client.HTTPException, ValueError):  # ValueError: a redirect to what is no address
        status = 0
    return Link(state, status, redirects, final, today, today)


def _state_of(status: int) -> State:
    if status < 400:
        return "ok"
    if status in GONE:
        return "gone"
    return "failing" if status >= 500 else "refused"


def _status_of(url: str, *, allow_private: bool) -> tuple[int, str]:
    """Return the status and where a redirect leads; many servers refuse HEAD, so GET is asked after that."""
    try:
        status, target = _question("HEAD", url, allow_private=allow_private)
    except (OSError, http.client.HTTPException):
        status, target = 0, ""
    if 0 < status < 400:
        return status, target
    return _question("GET", url, allow_private=allow_private)


def _question(method: str, url: str, *, allow_private: bool) -> tuple[int, str]:
    """Return the status of one question, and where it redirects to or "". Nothing of a page is read.

    Raises _Unsafe, OSError, HTTPException or ValueError.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise _Unsafe
    is_tls = parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    host = parts.hostname.encode("idna").decode("ascii")
    connection = _Pinned(host, port, _address_of(host, port, allow_private=allow_private), is_tls=is_tls)
    try:
        path = quote(f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}", safe="%/:?=&;,+~!$'()*@[]|")
        connection.request(method, path, headers={"User-Agent": USER_AGENT, "Accept": "*/*"})
        response = connection.getresponse()
        is_redirect = response.status in (301, 302, 303, 307, 308)
        return response.status, (response.getheader("Location") or "") if is_redirect else ""
    finally:
        connection.close()


def _address_of(host: str, port: int, *, allow_private: bool) -> str:
    """Return an IP address of a host. Raises _Unsafe when any of them is not public, OSError when there is none."""
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not allow_private and not all(is_public(address) for address in found):
        raise _Unsafe
    return found[0]


def is_public(address: str) -> bool:
    """Return whether an IP address belongs to the open internet, as do all IPv4 addresses that it carries."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner: list[ipaddress.IPv4Address | None] = []
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in NAT64:
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    carried = [v4 for v4 in inner if v4 is not None]
    if carried:
        return all(v4.is_global and not v4.is_multicast for v4 in carried)
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in CLOSED)


def read_links(path: Path) -> dict[str, Link]:
    """Return what an earlier check wrote; nothing where there is no file. Raises InvalidFile."""
    if not path.exists():
        return {}
    try:
        rows = json.loads(path.read_bytes())["links"]
        return {str(url): _read_link(row) for url, row in rows.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InvalidFile(f"{path.name} is no file of cityatlas check-links.", "Delete it and check again.") from None


def _read_link(row: dict[str, Any]) -> Link:  # Any: what JSON holds
    """Return one row of a file. Raises KeyError, TypeError or ValueError."""
    link = Link(**{field.name: row[field.name] for field in fields(Link)})
    date.fromisoformat(link.since)
    date.fromisoformat(link.checked_on)
    if link.state not in get_args(State):
        raise ValueError(link.state)
    return link


def write_links(path: Path, links: Mapping[str, Link]) -> None:
    """Write what a check found, whole or not at all."""
    text = json.dumps({"links": {url: asdict(link) for url, link in links.items()}}, ensure_ascii=False, indent=1)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(f"{text}\n", "utf-8")
    beside.replace(path)
