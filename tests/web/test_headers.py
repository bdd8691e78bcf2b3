"""Check what goes round every answer: policy, caches, codings, methods, languages, errors, hosts."""

from __future__ import annotations

import gzip
import io
import json
import re
from pathlib import Path

import brotli
import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from cityatlas.app import create_app
from cityatlas.settings import Settings
from cityatlas.web.http.desk import is_desk
from cityatlas.web.http.sending import caching
from cityatlas.web.http.sending.caching import PRIVATE, PUBLIC, REDIRECT
from hostile import addresses
from staff import make_desk
from toy import CITY_TOML, sights, with_properties, write_city

PAGES = [
    "/",
    "/sites/",
    "/sites/hall",
    "/routes/",
    "/routes/boat-tour",
    "/layers/",
    "/layers/works",
    "/figures",
    "/about",
    "/search?q=mill",
]
CACHED = [
    "/zh/",
    "/en/sites/hall",
    "/layers/sights.geojson",
    "/zh/map.svg",
    "/sitemap.xml",
    "/city.css",
    "/zh/base.json",
]
SECURITY_HEADERS = (
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
)
ENGLISH = {"Accept-Language": "en-GB,en;q=0.9"}


def policy(client: FlaskClient, address: str) -> dict[str, list[str]]:
    """Return the content policy of an answer as {directive: values}."""
    text = client.get(address).headers["Content-Security-Policy"]
    return {name: values for name, *values in (part.split() for part in text.split(";"))}


def test_every_answer_has_the_strict_policy_and_sets_no_cookie(toy_app: Flask) -> None:
    client = toy_app.test_client()
    for address in addresses(toy_app, "mill"):
        answer = client.get(address)
        text = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in text, address
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address
        assert "Set-Cookie" not in answer.headers, address
        is_frame = "/embed/" in address and not address.endswith(("/embed/builder", "/embed/kit.zip"))
        assert ("frame-ancestors 'none'" in text) == (not is_frame), address


def test_the_policy_is_closed_but_for_us(client: FlaskClient) -> None:
    parts = policy(client, "/zh/")
    assert parts["default-src"] == ["'none'"]
    assert parts["style-src"] == parts["connect-src"] == parts["font-src"] == parts["form-action"] == ["'self'"]
    assert parts["img-src"] == ["'self'", "data:"]
    assert parts["base-uri"] == ["'none'"]
    first, once = parts["script-src"]
    assert (first, once[:8]) == ("'self'", "'sha256-")


@pytest.mark.parametrize(
    "address", ["/nowhere", "/zh/sites/pier", "/zh/?z=nan", "/layers/pier.geojson", "/sites/old-mill"]
)
def test_an_error_has_the_policy_too(client: FlaskClient, address: str) -> None:
    assert policy(client, address)["frame-ancestors"] == ["'none'"]
    assert client.get(address).headers["Cache-Control"] == "no-store"


def test_the_policy_lets_in_the_tiles_that_the_organiser_turned_on(tmp_path: Path) -> None:
    tiles = """
[[basemaps]]
id = "tiles"
title = { zh = "底图", en = "Tiles" }
enabled = true
datum = "WGS-84"
tiles = ["https://t{s}.tiles.example/{z}/{x}/{y}.png"]
subdomains = "01"
attribution = { zh = "某公司", en = "A company" }
max_zoom = 18
"""
    folder = write_city(tmp_path / "toy")
    (folder / "city.toml").write_text(CITY_TOML + tiles, "utf-8")
    images = policy(create_app(Settings(geodata=folder)).test_client(), "/zh/")["img-src"]
    assert images == ["'self'", "data:", "https://t0.tiles.example", "https://t1.tiles.example"]


@pytest.mark.parametrize("address", CACHED)
def test_a_known_etag_is_answered_304(client: FlaskClient, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert first.headers["Cache-Control"] == PUBLIC


@pytest.mark.parametrize("address", CACHED)
def test_every_coding_holds_the_same_content(client: FlaskClient, address: str) -> None:
    plain = client.get(address)
    for coding, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        packed = client.get(address, headers={"Accept-Encoding": coding})
        is_packed = packed.headers.get("Content-Encoding") == coding
        assert is_packed == (len(plain.data) > 500)
        assert (unpack(packed.data) if is_packed else packed.data) == plain.data
        assert "Accept-Encoding" in packed.headers["Vary"]


def test_an_address_with_the_snapshot_s_tag_is_kept_for_ever(client: FlaskClient) -> None:
    tag = client.get("/health").get_json()["snapshot"]
    for address in ("/zh/base.json", "/en/layers/sights.map.json", "/city.css"):
        assert "immutable" in client.get(f"{address}?v={tag}").headers["Cache-Control"]
        assert client.get(f"{address}?v=other").headers["Cache-Control"] == PUBLIC
    assert "immutable" in client.get(f"/maps/map.{tag}.js").headers["Cache-Control"]
    assert client.get("/maps/map.other.js").headers["Cache-Control"] == PUBLIC


def test_a_built_file_is_kept_for_ever(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/zh/").text, "html.parser")
    files = [str(tag["src"]) for tag in soup.select("script[src^='/static/']")]
    files += [str(tag["href"]) for tag in soup.select("link[href^='/static/']")]
    assert len(files) >= 3
    for file in files:
        answer = client.get(file)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")


def test_the_old_name_of_the_icon_is_answered_with_ours(client: FlaskClient) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.mimetype) == (200, "image/vnd.microsoft.icon")
    assert answer.headers["Cache-Control"] == PUBLIC
    assert client.get("/favicon.ico", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    with Image.open(io.BytesIO(answer.data)) as icon:
        assert (icon.format, icon.size) == ("ICO", (48, 48))
        assert icon.convert("RGB").getpixel((24, 44)) == (168, 50, 31)  # the red of ui-logo.svg, below its waves


def test_only_a_page_that_may_be_framed_says_nothing_of_windows(client: FlaskClient) -> None:
    for address, policy in (("/zh/", "same-origin"), ("/zh/embed/", None)):
        assert client.get(address).headers.get("Cross-Origin-Opener-Policy") == policy, address


def test_health_is_never_kept(client: FlaskClient) -> None:
    assert client.get("/health").headers["Cache-Control"] == PRIVATE
    assert client.get("/ready").get_json()["ready"] is True


@pytest.mark.parametrize("address", [*CACHED, "/health", "/robots.txt"])
def test_head_has_the_headers_of_get_and_no_body(client: FlaskClient, address: str) -> None:
    head, get = client.head(address), client.get(address)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Content-Type", "Content-Length", "Content-Security-Policy"):
        assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
@pytest.mark.parametrize("address", ["/zh/", "/sites/hall", "/layers/sights.geojson", "/health"])
def test_another_method_is_refused_with_what_is_allowed(client: FlaskClient, method: str, address: str) -> None:
    answer = client.open(address, method=method)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize(
    ("address", "status", "zh", "en"),
    [
        ("/sites/pier", 404, "没有找到这一页", "This page was not found"),
        ("/nowhere", 404, "没有找到这一页", "This page was not found"),
        ("/sites/old-mill", 410, "这一处已经撤下", "This place was withdrawn"),
        ("/?c=here", 422, "这个地址里有看不懂的内容", "Part of this address cannot be read"),
    ],
)
def test_an_error_is_a_page_in_both_languages(client: FlaskClient, address: str, status: int, zh: str, en: str) -> None:
    for language, title in (("zh", zh), ("en", en)):
        answer = client.get(f"/{language}{address}")
        heading = BeautifulSoup(answer.text, "html.parser").select_one("h1")
        assert (answer.status_code, heading and heading.get_text(strip=True)) == (status, title)
        search = BeautifulSoup(answer.text, "html.parser").select_one("main form[role=search]")
        assert search, "no way on"
        assert search["action"] == f"/{language}/search"


@pytest.mark.parametrize(
    ("address", "status", "error"),
    [
        ("/sites/mil.geojson", 404, ("unknown_site", 'There is no site "mil".', 'Did you mean "mill"?')),
        ("/layers/sight.geojson", 404, ("unknown_layer", 'There is no layer "sight".', "There are: sights, works.")),
        ("/sites/old-mill.geojson", 410, ("retired", '"old-mill" was withdrawn.', "See mill.")),
        (
            "/hours.json?at=noon",
            422,
            ("invalid_view", 'at="noon" is not a time.', "Example: ?at=2026-12-05T13:30"),
        ),
    ],
)
def test_an_error_has_one_json_shape(
    client: FlaskClient, address: str, status: int, error: tuple[str, str, str]
) -> None:
    answer = client.get(address)
    code, message, hint = error
    assert answer.status_code == status
    assert answer.get_json() == {"error": {"code": code, "message": message, "hint": hint}}


def test_a_program_that_asks_for_json_gets_errors_as_json(client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("language", "title"), [("zh", "我们这边出了点问题"), ("en", "Something went wrong on our side")]
)
def test_a_fault_of_ours_is_a_page_without_a_traceback(tmp_path: Path, language: str, title: str) -> None:
    app = create_app(Settings(geodata=write_city(tmp_path / "toy")))

    def fail(**_: object) -> str:
        raise ZeroDivisionError("secret")

    app.view_functions["public.about"] = fail
    answer = app.test_client().get(f"/{language}/about")
    assert answer.status_code == 500
    assert title in answer.text
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("address", "cookie", "browser", "language"),
    [
        ("/en/sites/", "zh", "zh-CN", "en"),
        ("/zh/sites/", "en", "en", "zh-CN"),
        ("/sites/", "en", "zh-CN", "en"),
        ("/sites/", "", "en-GB,en;q=0.9", "en"),
        ("/sites/", "", "zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("/sites/", "", "fr", "zh-CN"),
        ("/sites/", "xx", "en", "en"),
        ("/sites/", "", "", "zh-CN"),
    ],
)
def test_the_address_wins_over_the_cookie_and_the_cookie_over_the_browser(
    toy_app: Flask, address: str, cookie: str, browser: str, language: str
) -> None:
    client = toy_app.test_client()
    if cookie:
        client.set_cookie("lang", cookie)
    answer = client.get(address, headers={"Accept-Language": browser}, follow_redirects=True)
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.html is not None
    assert page.html["lang"] == language


def test_the_four_classes_of_caching_are_these() -> None:
    assert caching.IMMUTABLE == "public, max-age=31536000, immutable"
    assert PUBLIC == "public, max-age=0, s-maxage=5, stale-while-revalidate=60, stale-if-error=86400"
    assert (REDIRECT, PRIVATE) == ("no-store", "private, no-store")


def test_no_public_answer_varies_with_the_visitor(toy_app: Flask) -> None:
    client = toy_app.test_client()
    public = [address for address in addresses(toy_app, "mill") if not is_desk(address)]
    assert len(public) > 100
    for address in public:
        answer = client.get(address, headers={"Cookie": "lang=en", "Accept-Language": "fr"})
        by_type = (
            "Accept, " if address.startswith("/ogc") and answer.status_code == 200 else ""
        )  # data, or the way to a page
        assert answer.headers.get("Vary", "Accept-Encoding") == f"{by_type}Accept-Encoding", address


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/", "/en/"),
        ("/?theme=family&utm_source=%E4%B8%AD", "/en/?theme=family&utm_source=%E4%B8%AD"),
        ("/sites/mill", "/en/sites/mill"),
        ("/map.png?site=mill", "/en/map.png?site=mill"),
        ("/embed/", "/en/embed/"),
        ("/sites/%E4%B8%AD%0d%0aSet-Cookie:a", "/en/sites/%E4%B8%AD%0D%0ASet-Cookie%3Aa"),
    ],
)
def test_a_bare_page_leads_to_a_language_and_no_cache_keeps_that(
    client: FlaskClient, address: str, leads_to: str
) -> None:
    answer = client.get(address, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["Location"]) == (302, leads_to)
    assert answer.headers["Cache-Control"] == REDIRECT
    assert answer.data == b""


def test_bare_data_is_in_both_languages(client: FlaskClient) -> None:
    (mill,) = client.get("/search.json?q=mill", headers={"Accept-Language": "en"}).get_json()["results"][:1]
    assert mill["name"] == {"zh": "老磨坊", "en": "Old mill"}
    assert client.get("/en/search.json?q=mill").get_json()["results"][0]["name"] == "Old mill"
    assert (
        client.get("/hours.json").get_json()["sites"].keys() == client.get("/zh/hours.json").get_json()["sites"].keys()
    )


@pytest.mark.parametrize("page", PAGES[:-1])
def test_a_page_names_itself_in_both_languages(client: FlaskClient, page: str) -> None:
    soup = BeautifulSoup(client.get(f"/en{page}?layers=works").text, "html.parser")
    links = {str(tag["hreflang"]): str(tag["href"]) for tag in soup.select("link[hreflang]")}
    site = "https://atlas.example"
    assert links == {"zh-CN": f"{site}/zh{page}", "en": f"{site}/en{page}", "x-default": f"{site}{page}"}
    assert [str(tag["href"]) for tag in soup.select("link[rel=canonical]")] == [f"{site}/en{page}"]


def test_the_switch_keeps_view_and_filters(client: FlaskClient) -> None:
    soup = BeautifulSoup(client.get("/en/?c=121.01%2C30.7&z=15&theme=family").text, "html.parser")
    assert [str(tag["href"]) for tag in soup.select(".languages a")] == [
        "/zh/?c=121.01%2C30.7&z=15&theme=family",
        "/en/?c=121.01%2C30.7&z=15&theme=family",
    ]


def test_a_forged_host_never_reaches_an_answer(toy_app: Flask) -> None:
    client = toy_app.test_client()
    for address in [*addresses(toy_app, "mill"), "/zh//sites", "/nowhere"]:
        answer = client.get(address, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
        assert b"evil.example" not in answer.data, address
        assert "evil.example" not in str(answer.headers), address


@pytest.mark.parametrize("host", [".", "a..b", "a" * 300], ids=["dot", "dots", "long"])
@pytest.mark.parametrize("address", ["/zh/", "/en/staff/", "/nowhere", "/layers/sights.geojson", f"/?q={'x' * 9000}"])
def test_a_host_that_is_none_is_refused_in_words(client: FlaskClient, address: str, host: str) -> None:
    answer = client.get(address, headers={"Host": host})
    assert answer.status_code == 400
    assert answer.get_json()["error"]["code"] == "bad_host"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("address", "status"),
    [("/zh//sites/mill", 308), ("/zh/plan?place.mill=must", 303), ("/zh/staff/", 303)],
)
def test_a_redirect_has_the_headers_of_a_page_and_says_nothing(tmp_path: Path, address: str, status: int) -> None:
    client = make_desk(tmp_path).test_client()
    page, answer = client.get("/zh/staff/login" if "staff" in address else "/zh/"), client.get(address)
    assert (answer.status_code, answer.data) == (status, b"")
    for name in SECURITY_HEADERS:
        assert answer.headers.getlist(name) == page.headers.getlist(name) != [], name


def test_without_a_public_address_one_visitor_s_host_is_not_shown_to_the_next(tmp_path: Path) -> None:
    client = create_app(Settings(geodata=write_city(tmp_path / "toy"))).test_client()
    for address in ("/zh/", "/zh/sites/hall", "/sitemap.xml", "/robots.txt", "/zh/routes/boat-tour"):
        client.get(address, headers={"Host": "evil.example"})
        assert "evil.example" not in client.get(address).text


def test_no_page_loads_anything_from_another_host(toy_app: Flask) -> None:
    client = toy_app.test_client()
    loaded = re.compile(r"""url\(|@import""")
    for address in addresses(toy_app, "mill"):
        answer = client.get(address)
        if answer.mimetype == "text/css":
            for part in loaded.split(answer.text)[1:]:
                assert not re.match(r"""\s*["']?(?:[a-z]+:)?//""", part), address
        if answer.mimetype != "text/html":
            continue
        soup = BeautifulSoup(answer.text, "html.parser")
        sources = [
            tag.get("src") or tag.get("srcset") or tag.get("data") for tag in soup.select("[src], [srcset], object")
        ]
        sources += [
            tag["href"] for tag in soup.select("link[rel=stylesheet], link[rel=icon], link[rel=preload], use[href]")
        ]
        assert [s for s in sources if not str(s).startswith(("/", "#"))] == [], address
        assert [s for s in sources if str(s).startswith("//")] == [], address


def test_an_embedded_map_ignores_the_cookie(toy_app: Flask) -> None:
    client = toy_app.test_client()
    client.set_cookie("lang", "en")
    answer = client.get("/zh/embed/")
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert 'lang="zh-CN"' in answer.text


def test_a_layer_is_a_feature_collection_with_both_languages(client: FlaskClient) -> None:
    table = json.loads(client.get("/layers/sights.geojson").data)
    assert [row["id"] for row in table["features"]] == ["mill", "quay", "hall", "boat-tour"]
    assert table["features"][0]["properties"]["name"] == {"zh": "老磨坊", "en": "Old mill"}
    assert table["features"][0]["geometry"] == {"type": "Point", "coordinates": [121, 30.7]}


def test_a_photo_is_sent_as_an_image_and_only_while_a_feature_shows_it(tmp_path: Path) -> None:
    shown = [{"file": "mill.jpg", "alt": {"zh": "磨坊", "en": "The mill"}}]
    folder = write_city(tmp_path / "toy", sights=with_properties(sights(), "mill", photos=shown))
    (folder / "photos").mkdir()
    for name in ("mill.jpg", "secret.jpg"):
        (folder / "photos" / name).write_bytes(b"\xff\xd8\xff\xd9")
    client = create_app(Settings(geodata=folder)).test_client()
    answer = client.get("/photos/mill.jpg")
    assert (answer.status_code, answer.mimetype, answer.headers["Vary"]) == (200, "image/jpeg", "Accept-Encoding")
    assert client.get("/photos/secret.jpg").status_code == 404
    (folder / "photos" / "mill.jpg").unlink()
    assert client.get("/photos/mill.jpg").status_code == 404
