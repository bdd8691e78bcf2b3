"""Ask a server as one browser does: cookies, one kept connection, and a lost one opened again where that is safe."""

from __future__ import annotations

import gzip
import http.client
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from staff import CHROME, PASSWORD

PATIENCE_S = 15.0  # nobody waits longer; official sites are inspected so
FORM_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
LOST = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Answer:
    """Hold an answer; status 0 is none."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """Return the body as text."""
        body = gzip.decompress(self.body) if self.headers.get("Content-Encoding") == "gzip" else self.body
        return body.decode("utf-8", "replace")


NO_ANSWER = Answer(0, {}, b"")


class Browser:
    """Hold one browser at an `address` of its own, as a proxy would name it; with `tls` it speaks TLS."""

    def __init__(self, host: str, port: int, address: str = "", tls: ssl.SSLContext | None = None) -> None:
        self._connection = (
            http.client.HTTPSConnection(host, port, timeout=PATIENCE_S, context=tls)
            if tls
            else http.client.HTTPConnection(host, port, timeout=PATIENCE_S)
        )
        self._is_kept = False
        self._cookies: dict[str, str] = {}
        self._headers = {"User-Agent": CHROME, "Accept-Encoding": "gzip", "Accept-Language": "zh-CN"}
        self._headers |= {"X-Forwarded-For": address} if address else {}

    def get(self, path: str) -> Answer:
        """Ask for an address; where a kept connection was lost it asks once more, as all browsers do."""
        was_kept = self._is_kept
        answer = self._ask("GET", path, None)
        return self._ask("GET", path, None) if answer is NO_ANSWER and was_kept else answer

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form once."""
        return self._ask("POST", path, urlencode(fields))

    def log_in(self, login: str) -> bool:
        """Log in, and return whether that was done."""
        self._cookies.clear()
        if not (found := FORM_TOKEN.search(self.get("/en/staff/login").text)):
            return False
        return self.post("/en/staff/login", csrf=found[1], login=login, password=PASSWORD, next="").status == 303

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
        self._is_kept = False

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = self._headers | {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        try:
            self._connection.request(method, path, body, headers)
            came = self._connection.getresponse()
            answer = Answer(came.status, dict(came.getheaders()), came.read())
        except LOST:
            self.close()
            return NO_ANSWER
        self._is_kept = not came.will_close
        for line in came.headers.get_all("Set-Cookie") or ():
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return answer
