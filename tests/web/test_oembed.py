"""Check the answer to programs that ask what to show for a pasted address of ours."""

from __future__ import annotations

import random
import socket
import threading
from html import escape
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree import ElementTree

import micawber
import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from hostile import PAYLOADS

OURS = "https://atlas.example"
PAGES = {
    "/zh/": "/zh/embed/",
    "/en/?site=mill&layers=sights": "/en/embed/?layers=sights&site=mill",
    "/en/layers/works": "/en/embed/layers/works",
    "/en/sites/mill": "/en/embed/sites/mill",
    "/zh/routes/boat-tour": "/zh/embed/routes/boat-tour",
    "/en/sites/?theme=family&page=1": "/en/embed/list?theme=family",
    "/en/embed/sites/mill?look=dark": "/en/embed/sites/mill?look=dark",
    "/sites/mill": "/zh/embed/sites/mill",
}


def answer_of(client: FlaskClient, url: str, **limits: int) -> dict[str, Any]:
    answer = client.get("/oembed", query_string={"url": url, **limits})
    assert answer.status_code == 200, url
    table: dict[str, Any] = answer.get_json()
    return table


def frame_of(table: dict[str, Any]) -> Tag:
    frame = BeautifulSoup(table["html"], "html.parser").select_one("iframe")
    assert frame
    return frame


@pytest.mark.parametrize(("page", "frame"), PAGES.items())
def test_the_page_of_each_thing_is_answered_with_its_frame(client: FlaskClient, page: str, frame: str) -> None:
    for url in (f"{OURS}{page}", page, f"http://localhost{page}#part"):
        table = answer_of(client, url)
        assert (table["version"], table["type"], table["cache_age"]) == ("1.0", "rich", 86400)
        assert frame_of(table)["src"] == f"{OURS}{frame}"
    assert client.get(frame).status_code == 200


def test_the_link_stands_before_the_frame_and_both_say_the_title(client: FlaskClient) -> None:
    table = answer_of(client, f"{OURS}/en/sites/mill", maxwidth=500, maxheight=750)
    soup = BeautifulSoup(table["html"], "html.parser")
    assert [node.name for node in soup.find_all(recursive=False)] == ["blockquote", "iframe"]
    link, frame = soup.select_one("blockquote > a"), soup.iframe
    assert link
    assert frame
    assert (link["href"], link.get_text(), frame["title"]) == (f"{OURS}/en/sites/mill", "Old mill", "Old mill")
    assert (frame["width"], frame["height"], frame["frameborder"]) == ("500", str(table["height"]), "0")
    assert (table["title"], table["provider_name"]) == ("Old mill", "Toy City Atlas")
    assert table["provider_url"] == f"{OURS}/en/"
    assert "script" not in table["html"]


def test_no_frame_is_larger_than_a_host_allows(client: FlaskClient) -> None:
    dice = random.Random(7)
    pages = [page for page in PAGES if not page.startswith("/en/embed")]
    for _ in range(200):
        most = {"maxwidth": dice.randint(1, 2_000), "maxheight": dice.randint(1, 2_000)}
        table = answer_of(client, f"{OURS}{dice.choice(pages)}", **most)
        frame = frame_of(table)
        assert (frame["width"], frame["height"]) == (str(table["width"]), str(table["height"]))
        assert 1 <= table["width"] <= most["maxwidth"]
        assert 1 <= table["height"] <= most["maxheight"]
        assert "max-width:100%" in str(frame["style"])
        assert table.get("thumbnail_width", 0) <= most["maxwidth"]
        assert table.get("thumbnail_height", 0) <= most["maxheight"]


@pytest.mark.parametrize("limit", ["", "0", "-5", "x", "1e3", "9" * 40, "１２"])
def test_a_limit_that_is_no_number_limits_nothing(client: FlaskClient, limit: str) -> None:
    asked = {"url": "/en/sites/mill", "maxwidth": limit, "maxheight": limit}
    table = client.get("/oembed", query_string=asked).get_json()
    assert (table["width"], table["height"]) == (640, 397 + 48 + 168 + 72)


def test_xml_says_the_same_as_json(client: FlaskClient) -> None:
    asked = {"url": f"{OURS}/zh/routes/boat-tour", "maxwidth": 500}
    table = client.get("/oembed", query_string=asked).get_json()
    answer = client.get("/oembed", query_string=asked | {"format": "xml"})
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    root = ElementTree.fromstring(answer.data)
    assert (root.tag, {node.tag: node.text for node in root}) == ("oembed", {k: str(v) for k, v in table.items()})


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("", 404),
        ("/zh/sites/no-such", 404),
        ("/zh/sites/old-mill", 404),  # withdrawn: the standard knows no 410
        ("/zh/routes/mill", 404),
        ("/zh/about", 404),
        ("/zh/map.png", 404),
        ("https://elsewhere.example/zh/sites/mill", 404),
        ("//elsewhere.example/zh/sites/mill", 404),
        ("https://atlas.example@elsewhere.example/zh/sites/mill", 404),
        ("https://user@atlas.example/zh/sites/mill", 404),
        ("https://atlas.example:8443/zh/sites/mill", 404),
        ("ftp://atlas.example/zh/sites/mill", 404),
        ("javascript:alert(1)", 404),
        ("http://[::1", 404),
        ("https://atlas.example:99999/zh/", 404),
        ("zh/sites/mill", 404),
        ("\\\\elsewhere.example/zh/sites/mill", 404),
        ("https://atlas.example\\@elsewhere.example/zh/sites/mill", 404),
        ("https://elsewhere.example\\.atlas.example/zh/sites/mill", 404),
        ("https://atlas.example.elsewhere.example/zh/sites/mill", 404),
        ("https://atlas。example/zh/sites/mill", 404),
        ("https://atlas.example/zh/sites/" + "%25" * 1_000 + "mill", 404),
        ("/zh/sites/mill%00", 404),
        ("/zh/%73taff/", 401),
        ("/zh/embed/sites/mill@" + "9" * 1_000, 404),
        ("/oembed?url=/oembed?url=/zh/", 404),
        ("file:///etc/passwd", 404),
        ("/zh//sites/mill", 404),
        ("/zh/sites/mill%2f..%2f..%2fstaff", 404),
        ("/zh/?site=no-such", 404),
        ("/zh/staff/", 401),
        (f"{OURS}/staff/media", 401),
        ("/en/staff/no-such", 401),
    ],
)
def test_statuses_are_those_of_the_standard(client: FlaskClient, url: str, status: int) -> None:
    answer = client.get("/oembed", query_string={"url": url})
    assert answer.status_code == status
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert (answer.headers["Cache-Control"] == "no-store") == (status != 200)


@pytest.mark.parametrize("form", ["yaml", "JSON", "jsonp", "<x>"])
def test_another_format_is_not_implemented(client: FlaskClient, form: str) -> None:
    answer = client.get("/oembed", query_string={"url": "/zh/", "format": form})
    assert (answer.status_code, answer.mimetype) == (501, "application/json")


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_a_hostile_address_stays_text(client: FlaskClient, payload: str) -> None:
    for url in (payload, f"/zh/sites/{payload}", f"/zh/?theme={quote(payload)}&look={quote(payload)}"):
        answer = client.get("/oembed", query_string={"url": url})
        assert answer.status_code in (200, 404)
        if answer.status_code == 200:
            soup = BeautifulSoup(answer.get_json()["html"], "html.parser")
            assert {node.name for node in soup.find_all()} == {"blockquote", "a", "iframe"}
            assert urlsplit(str(frame_of(answer.get_json())["src"])).netloc == "atlas.example"


def test_nothing_is_fetched(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for page in (*PAGES, "http://169.254.169.254/latest", "http://localhost:1/zh/"):
        client.get("/oembed", query_string={"url": page, "maxwidth": 333})


@pytest.mark.parametrize("page", ["/zh/", "/en/layers/works", "/en/sites/mill", "/zh/routes/boat-tour", "/en/sites/"])
def test_a_page_leads_to_its_answer_early_in_its_head(client: FlaskClient, page: str) -> None:
    html = client.get(page, query_string={"theme": "family"} if page == "/en/sites/" else {}).text
    links = BeautifulSoup(html, "html.parser").select("head > link[type$='+oembed']")
    assert [str(link["type"]) for link in links] == ["application/json+oembed", "text/xml+oembed"]
    assert html.index("+oembed") < 1_500
    for link, mimetype in zip(links, ("application/json", "text/xml"), strict=True):
        address = urlsplit(str(link["href"]))
        assert address.netloc == "atlas.example"
        assert parse_qs(address.query)["url"][0].startswith(f"{OURS}{page}")
        assert client.get(f"{address.path}?{address.query}").mimetype == mimetype


def test_a_page_without_a_frame_leads_to_no_answer(client: FlaskClient) -> None:
    for page in ("/zh/about", "/zh/sites/old-mill", "/zh/no-such", "/staff/login"):
        assert "+oembed" not in client.get(page).text


def test_what_a_host_writes_into_its_page_is_what_we_meant(client: FlaskClient) -> None:
    table = answer_of(client, f"{OURS}/en/?layers=sights,works&look=dark")
    src = f"{OURS}/en/embed/?layers=sights,works&look=dark"
    assert f'src="{escape(src)}"' in table["html"]


def test_a_consumer_of_others_reads_the_answer_and_puts_the_frame_into_a_text(toy_app: Flask) -> None:
    server = make_server("127.0.0.1", 0, toy_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    asked = micawber.Provider(f"http://127.0.0.1:{server.server_port}/oembed", maxwidth=500, maxheight=750)
    known = micawber.ProviderRegistry()
    known.register(rf"{OURS}/\S+", asked)
    page = f"{OURS}/en/sites/mill"
    assert known.request(page)["title"] == "Old mill"
    written = BeautifulSoup(micawber.parse_html(f"<p>{page}</p>", known), "html.parser")
    assert [str(node["src"]) for node in written.select("p iframe")] == [f"{OURS}/en/embed/sites/mill"]
    with pytest.raises(micawber.ProviderException, match="404"):
        known.request(f"{OURS}/en/sites/no-such")
    server.shutdown()
    thread.join()
    server.server_close()
