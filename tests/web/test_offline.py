"""Hold what a phone keeps to its list: every file is answered, whole, with the hash that is told."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import brotli
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.i18n import LANGUAGES
from cityatlas.limits import KEPT_MB
from cityatlas.settings import read_settings
from cityatlas.web.http.html_page import HtmlPage

NEVER = ("/staff", "/embed", "/api", "/oembed", "/health", "/metrics")


def listed(client: FlaskClient, lang: str) -> dict[str, Any]:
    table: dict[str, Any] = client.get(f"/{lang}/offline.json").get_json()
    return table


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_file_of_the_list_is_answered_with_its_hash(client: FlaskClient, lang: str) -> None:
    table = listed(client, lang)
    for file in table["files"]:
        answer = client.get(file["url"])
        assert (answer.status_code, len(answer.data)) == (200, file["bytes"]), file
        assert hashlib.sha256(answer.data).hexdigest() == file["sha256"], file
        assert not file["url"].startswith(NEVER)
    assert table["bytes"] == sum(file["bytes"] for file in table["files"]) < table["most"] == KEPT_MB * 1_000_000
    assert {f"/{lang}/", f"/{lang}/offline", f"/{lang}/routes/boat-tour"} <= {file["url"] for file in table["files"]}


def test_a_list_compresses_no_page_and_a_visitor_gets_the_body_that_it_made(
    toy_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy_app.extensions["cityatlas_answers"].clear()  # which other tests have filled
    packed, compress = list[bytes](), brotli.compress

    def note(body: bytes, quality: int) -> bytes:
        packed.append(body)
        return bytes(compress(body, quality=quality))

    monkeypatch.setattr(brotli, "compress", note)
    client = toy_app.test_client()
    hashes = {file["url"]: file["sha256"] for file in listed(client, "en")["files"]}
    assert packed == []
    monkeypatch.setattr(HtmlPage, "fill", lambda page: pytest.fail(f"{page.template} is filled anew"))
    answer = client.get("/en/about", headers={"Accept-Encoding": "br"})
    assert hashlib.sha256(brotli.decompress(answer.data)).hexdigest() == hashes["/en/about"]


def test_kept_pages_ask_for_nothing_that_is_not_kept(client: FlaskClient) -> None:
    kept = {file["url"] for file in listed(client, "en")["files"]}
    for page in ("/en/", "/en/offline", "/en/routes/boat-tour", "/en/figures"):
        soup = BeautifulSoup(client.get(page).text, "html.parser")
        asked = {str(tag["href"]) for tag in soup.select("link[rel=stylesheet], link[rel=icon]")}
        asked |= {str(tag["src"]) for tag in soup.select("script[src]")}
        assert asked <= kept, page


def test_cards_are_kept_by_id_with_the_name_of_the_place(client: FlaskClient) -> None:
    cards = client.get("/en/offline-cards.json").get_json()
    assert cards["mill"]["title"] == "Old mill"
    assert BeautifulSoup(cards["mill"]["card"], "html.parser").select_one('article.card[data-id="mill"]')


def test_a_phone_is_told_of_icons_that_are_there(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get("/zh/").text, "html.parser")
    address = str(page.select("link[rel=manifest]")[0]["href"])
    answer = client.get(address)
    assert answer.mimetype == "application/manifest+json"
    table = answer.get_json()
    assert (table["name"], table["start_url"], table["display"]) == ("玩具城地图", "/zh/", "standalone")
    assert [client.get(icon["src"]).data[:4] for icon in table["icons"]] == [b"\x89PNG"] * 3
    assert client.get("/icon-7.png").status_code == 404


def test_frames_know_nothing_of_it(client: FlaskClient) -> None:
    frame = client.get("/en/embed/").text
    assert "offline" not in frame
    assert "manifest" not in frame


def test_the_worker_is_asked_for_at_each_visit(client: FlaskClient) -> None:
    answer = client.get("/sw.js")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]


def test_where_it_is_turned_off_phones_let_go_of_it(tmp_path: Path, toy_city: Path) -> None:
    settings = read_settings({"CITYATLAS_OFFLINE": "0", "CITYATLAS_VAR": str(tmp_path)}, toy_city)
    client = create_app(settings).test_client()
    assert "registration.unregister()" in client.get("/sw.js").text
    assert client.get("/en/offline.json").status_code == 404
    assert not BeautifulSoup(client.get("/en/about").text, "html.parser").select("#keep, link[rel=manifest]")


def test_a_browser_that_keeps_nothing_is_offered_one_file(toy_app: Flask) -> None:
    client = toy_app.test_client()
    page = BeautifulSoup(client.get("/en/about").text, "html.parser")
    assert page.select_one('#keep [data-keep=instead]:not([hidden]) a[href="/en/map.html"]')
    assert "Not in this file: Chinese" in page.select_one("#keep [data-keep=instead]").get_text()  # type: ignore[union-attr]
    assert page.select_one("#keep [data-keep=yes][hidden]")
    answer = client.get("/en/map.html")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "Old mill" in answer.text
