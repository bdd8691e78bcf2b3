"""Check how web addresses are asked: against a server of our own, never against the network."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote, unquote

import pytest
from click.testing import CliRunner

from cityatlas.cli.main import main
from cityatlas.editing.worklist import links
from cityatlas.editing.worklist.links import Link, check_links, is_public, read_links, write_links
from cityatlas.errors import InvalidFile
from toy import PAPER, sights, with_properties, write_city

DAY = "2026-11-24"


class Pages(BaseHTTPRequestHandler):
    """Answer by the address: /404 with that status, /to/3 with three redirects; remember what was asked."""

    asked: ClassVar[list[tuple[str, str, str]]] = []

    def do_HEAD(self) -> None:
        """Answer without a page."""
        self.asked.append((self.command, self.path, self.headers["User-Agent"]))
        part = self.path.split("/")
        if part[1] == "to" and part[2] != "0":
            self._answer(302, f"/to/{int(part[2]) - 1}")
        elif part[1] == "inside":
            self._answer(301, "http://10.0.0.1/")
        elif part[1] == "file":
            self._answer(301, "file:///etc/passwd")
        elif part[1] == "nohead":
            self._answer(405 if self.command == "HEAD" else 200)
        else:
            self._answer(int(part[1]) if part[1].isdigit() else 200)

    def do_GET(self) -> None:
        """Answer as without a page."""
        self.do_HEAD()

    def _answer(self, status: int, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Return the address of a server on this machine."""
    made = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()


def ask(url: str, *, allow_private: bool = True) -> Link:
    """Return what one address answers."""
    return check_links([url], DAY, {}, allow_private=allow_private)[url]


STATES = [
    ("/", "ok", 200),
    ("/404", "gone", 404),
    ("/410", "gone", 410),
    ("/403", "refused", 403),
    ("/429", "refused", 429),
    ("/500", "failing", 500),
    ("/nohead", "ok", 200),
    ("/中文?a=磨坊&b=%E7%A3%A8", "ok", 200),
]


@pytest.mark.parametrize(("path", "state", "status"), STATES)
def test_an_answer_becomes_a_state(server: str, path: str, state: str, status: int) -> None:
    link = ask(server + path)
    assert (link.state, link.status, link.redirects, link.since, link.checked_on) == (state, status, 0, DAY, DAY)


def test_an_address_is_written_as_http_wants_it_and_says_who_asks(server: str) -> None:
    Pages.asked.clear()
    ask(server + "/磨?b=%E7 c")
    assert Pages.asked == [("HEAD", "/%E7%A3%A8?b=%E7%20c", links.USER_AGENT)]


def test_a_server_that_refuses_head_is_asked_for_the_page(server: str) -> None:
    Pages.asked.clear()
    ask(server + "/nohead")
    assert [method for method, *_ in Pages.asked] == ["HEAD", "GET"]


def test_five_redirects_are_followed_and_no_sixth(server: str) -> None:
    assert ask(server + "/to/5") == Link("ok", 200, 5, f"{server}/to/0", DAY, DAY)
    assert ask(server + "/to/6") == Link("failing", 302, 5, f"{server}/to/1", DAY, DAY)


def test_each_address_is_asked_once(server: str) -> None:
    Pages.asked.clear()
    found = check_links([f"{server}/a", f"{server}/b", f"{server}/a"], DAY, {}, allow_private=True)
    assert list(found) == [f"{server}/a", f"{server}/b"]
    assert [path for _, path, _ in Pages.asked] == ["/a", "/b"]


PRIVATE = [
    "http://localhost/",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.1.2.3:8080/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://2130706433/",  # 127.0.0.1 as one number
    "http://0.0.0.0/",
    "http://user:word@127.0.0.1/",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_a_private_address_is_not_asked(url: str) -> None:
    assert ask(url, allow_private=False) == Link("unsafe", 0, 0, url, DAY, DAY)


def test_a_server_on_this_machine_is_not_asked_unless_allowed(server: str) -> None:
    Pages.asked.clear()
    assert ask(server + "/", allow_private=False).state == "unsafe"
    assert Pages.asked == []


def test_a_redirect_into_a_private_network_is_not_followed(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "is_public", lambda address: address == "127.0.0.1")  # the server is taken for public
    assert ask(server + "/inside", allow_private=False) == Link("unsafe", 301, 1, "http://10.0.0.1/", DAY, DAY)


NAMES = {"inner.example": "127.0.0.1", "inner6.example": "::1", "two.example": "8.8.8.8", "meta": "169.254.169.254"}
WITHIN = (  # of the port of a listener on IPv4 or on IPv6
    *("http://127.0.0.1:{4}/", "http://[::1]:{6}/", "http://inner.example:{4}/", "http://inner6.example:{6}/"),
    *("http://two.example:{4}/", "http://8.8.8.8@127.0.0.1:{4}/", "http://localhost.:{4}/", "http://127.1:{4}/"),
    *("http://0x7f.1:{4}/", "http://0177.0.0.1:{4}/", "http://[::ffff:7f00:1]:{4}/", "//127.0.0.1:{4}/"),
    *("http://127.0.0.1:{4}\\@8.8.8.8/", "http://①②⑦.0.0.1:{4}/", "http://inner。example:{4}/"),
    *("http://meta/latest/", "http://169.254.169.254/", "http://10.0.0.1/"),
)


def test_nothing_within_is_reached_by_whatever_name_or_redirect(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    resolve = socket.getaddrinfo

    class Door(Pages):
        """Lead on to the address in the path, and note whoever comes to another one."""

        def do_HEAD(self) -> None:
            """Answer."""
            if not self.path.startswith("/lead/"):
                heard.append(f"{self.headers['Host']}{self.path}")
            self._answer(302, unquote(self.path.removeprefix("/lead/")))

    def look_up(host: str, *given: Any, **more: Any) -> Any:  # Any: as the socket module has it
        found = resolve(NAMES.get(host, host), *given, **more)
        return [*found, *resolve("127.0.0.1", *given, **more)] if host == "two.example" else found

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with DoorOf(("127.0.0.1", 0), Door) as old, DoorOf(("::1", 0), Door) as new:
        for door in (old, new):
            threading.Thread(target=door.serve_forever, args=(0.01,), daemon=True).start()
        ports = {"4": str(old.server_address[1]), "6": str(new.server_address[1])}
        within = [url.replace("{4}", ports["4"]).replace("{6}", ports["6"]) for url in WITHIN]
        asked = [ask(url, allow_private=False) for url in within]
        once: list[bool] = []  # the first door counts as public for the first look alone
        monkeypatch.setattr(links, "is_public", lambda address: address == "8.8.8.8" or bool(once and once.pop()))
        led = []
        for url in filter(str.isascii, within):
            once[:] = [True]
            led.append(ask(f"http://127.0.0.1:{ports['4']}/lead/{quote(url, safe='')}", allow_private=False))
        for door in (old, new):
            door.shutdown()
    assert heard == []
    assert {link.state for link in (*asked, *led)} <= {"unsafe", "failing"}
    assert {link.redirects for link in led} == {1}


class DoorOf(ThreadingHTTPServer):
    """Serve IPv4 and IPv6 alike."""

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, handler)


@pytest.mark.parametrize("url", ["ftp://example.org/", "file:///etc/passwd", "http:///nothing"])
def test_only_http_is_asked(url: str) -> None:
    assert ask(url).state == "unsafe"


def test_a_redirect_to_a_file_is_not_followed(server: str) -> None:
    assert ask(server + "/file") == Link("unsafe", 301, 1, "file:///etc/passwd", DAY, DAY)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://127.0.0.1:99999/", "http://[broken/"])
def test_what_does_not_answer_is_failing(url: str) -> None:
    assert (ask(url).state, ask(url).status) == ("failing", 0)


def test_a_server_that_dawdles_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "TIMEOUT_S", 0.4)
    release = threading.Event()

    class Dawdler(Pages):
        """Never finish."""

        def do_HEAD(self) -> None:
            """Send a letter now and then."""
            while not release.wait(0.1):  # each piece comes in time, the whole never ends
                self.wfile.write(b"H")

    made = ThreadingHTTPServer(("127.0.0.1", 0), Dawdler)
    made.daemon_threads = True
    threading.Thread(target=made.serve_forever, daemon=True).start()
    try:
        assert ask(f"http://127.0.0.1:{made.server_port}/").state == "failing"
    finally:
        release.set()
        made.shutdown()
        made.server_close()


ADDRESSES = [
    ("93.184.216.34", True),
    ("2606:2800:220:1:248:1893:25c8:1946", True),
    ("127.0.0.1", False),
    ("192.168.1.1", False),
    ("172.16.0.1", False),
    ("100.64.0.1", False),  # shared by a provider's customers
    ("224.0.0.1", False),
    ("fe80::1%eth0", False),
    ("fd00::1", False),
    ("::ffff:10.0.0.1", False),
    ("64:ff9b::7f00:1", False),  # 127.0.0.1 through NAT64
    ("64:ff9b::5db8:d822", True),
    ("::ffff:93.184.216.34", True),
    ("::ffff:169.254.169.254", False),
    ("::127.0.0.1", False),  # compatible with IPv4, as once was thought of
    ("::93.184.216.34", False),
    ("::ffff:0:127.0.0.1", False),  # translated into IPv4
    ("::ffff:0:93.184.216.34", False),
    ("64:ff9b:1::5db8:d822", False),  # NAT64 of a network of one's own
    ("64:ff9b:1:ffff::1", False),
    ("5f00::1", False),  # segment routing
    ("fec0::1", False),  # what were sites once
    ("feff:ffff::1", False),
    ("::", False),
    ("ff:ffff::1", False),
    ("2002:7f00:1::", False),  # 127.0.0.1 through 6to4
]


@pytest.mark.parametrize(("address", "expected"), ADDRESSES)
def test_only_the_open_internet_is_public(address: str, expected: bool) -> None:
    assert is_public(address) is expected


def test_a_state_keeps_its_first_day_until_it_changes(server: str) -> None:
    before = {
        f"{server}/404": Link("gone", 404, 0, "", "2026-10-01", "2026-11-17"),
        f"{server}/": Link("failing", 0, 0, "", "2026-10-01", "2026-11-17"),
    }
    found = check_links(before, DAY, before, allow_private=True)
    assert {link.state: (link.since, link.checked_on) for link in found.values()} == {
        "gone": ("2026-10-01", DAY),
        "ok": (DAY, DAY),
    }


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    found = {"https://example.org/磨": Link("gone", 404, 2, "https://example.org/", "2026-10-01", DAY)}
    write_links(tmp_path / "links.json", found)
    assert read_links(tmp_path / "links.json") == found
    assert [path.name for path in tmp_path.iterdir()] == ["links.json"]


def test_no_file_is_no_links(tmp_path: Path) -> None:
    assert read_links(tmp_path / "links.json") == {}


def row_with(state: str, since: str) -> bytes:
    """Return a file of one link; both values are JSON."""
    rest = '"status": 0, "redirects": 0, "final": "", "checked_on": "2026-01-01"'
    return f'{{"links": {{"http://a.example": {{"state": {state}, "since": {since}, {rest}}}}}}}'.encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"links": []}',
        b'{"links": {"a": {"state": "ok"}}}',
        b"\xff",
        row_with('"odd"', '"2026-01-01"'),
        row_with('"gone"', '"soon"'),
        row_with('"gone"', "5"),
    ],
)
def test_a_file_that_is_something_else_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "links.json").write_bytes(content)
    with pytest.raises(InvalidFile, match=r"links\.json"):
        read_links(tmp_path / "links.json")


def city_with(folder: Path, url: str) -> Path:
    """Return the toy city with the mill's source at an address; the other sources have none."""
    layer = sights()
    for row in layer["features"]:
        row["properties"]["sources"] = [PAPER | {"url": None}]
    layer = with_properties(layer, "hall", opening_hours=None, hours_source=None, programmes=None)
    return write_city(folder, sights=with_properties(layer, "mill", sources=[PAPER | {"url": url}]))


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder for staff's changes that is empty."""
    monkeypatch.setenv("CITYATLAS_VAR", str(tmp_path / "var"))
    return tmp_path


def test_the_command_writes_what_the_worklist_tells(server: str, var: Path) -> None:
    city, out = city_with(var / "toy", f"{server}/410"), var / "links.json"
    options = ["--geodata", str(city)]
    result = CliRunner().invoke(main, ["check-links", str(out), "--allow-private", *options])
    assert (result.exit_code, f"gone     410  {server}/410" in result.output.splitlines()) == (0, True)
    assert json.loads(out.read_text("utf-8"))["links"][f"{server}/410"]["state"] == "gone"
    told = CliRunner().invoke(main, ["worklist", "--links", str(out), "--kind", "link", "--json", *options])
    (task,) = json.loads(told.stdout)
    assert (task["feature"], task["field"], f"{server}/410" in task["sentence"]) == ("mill", "sources.0.url", True)


def test_the_command_refuses_a_private_address(server: str, var: Path) -> None:
    city = city_with(var / "toy", f"{server}/")
    result = CliRunner().invoke(main, ["check-links", str(var / "links.json"), "--geodata", str(city)])
    assert result.exit_code == 0
    assert read_links(var / "links.json")[f"{server}/"].state == "unsafe"


def test_a_machine_without_a_network_changes_no_file(var: Path) -> None:
    city, out = city_with(var / "toy", "http://127.0.0.1:1/"), var / "links.json"
    result = CliRunner().invoke(main, ["check-links", str(out), "--allow-private", "--geodata", str(city)])
    assert (result.exit_code, "is this machine online?" in result.output) == (1, True)
    assert not out.exists()
