"""Check that a hostile text stays a text: in every property, title and query, at every address."""

from __future__ import annotations

import io
import itertools
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from defusedxml import ElementTree
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.test import TestResponse

from cityatlas.app import create_app
from cityatlas.catalogue.folder_export import content_of_feature
from cityatlas.settings import Settings
from cityatlas.store import Edit, Order, open_draft, publish_content
from cityatlas.store.reports import NewReport, add_report
from cityatlas.versioning.content import content_of
from cityatlas.web.http.sending.headers import BOOT_SCRIPT
from hostile import EVERYTHING, LONG, PAYLOADS, RUN, addresses, said_by, write_hostile_city
from staff import add_person, logged_in, store_of
from toy import text
from toy_plan import paths

# A template is the same in both languages, as are the texts here: the payloads take turns.
LANGUAGE_LEFT_OUT = dict(zip(PAYLOADS.values(), itertools.cycle(["/zh/", "/en/"]), strict=False))
HARMLESS = "harmless\u2028"  # with a line break, of which the desk tells wherever a name holds one
ADDRESS_KEYS = {"href", "src", "action", "formaction", "xlink:href", "poster", "data", "srcset"}


class Markup(HTMLParser):
    """Gather a page's elements with the names of their attributes, its addresses, its texts and scripts."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shapes: Counter[tuple[str, frozenset[str]]] = Counter()
        self.addresses: list[str] = []
        self.texts: list[str] = []
        self.values: list[str] = []
        self.scripts: list[tuple[dict[str, str], str]] = []
        self._open: dict[str, str] | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        table = {key: value or "" for key, value in attrs}
        self.shapes[tag, frozenset(table)] += 1
        self.addresses += [value for key, value in table.items() if key in ADDRESS_KEYS]
        self.values += table.values()
        self._open = table if tag == "script" else None

    def handle_endtag(self, tag: str) -> None:
        """End a script."""
        if tag == "script":
            self._open = None

    def handle_data(self, data: str) -> None:
        """Note a text, or what a script element holds."""
        if self._open is None:
            self.texts.append(data)
        else:
            self.scripts.append((self._open, data))


def app_of(folder: Path, payload: str) -> Flask:
    """Return the application of a toy city that holds the payload everywhere; its desk has an admin."""
    city = write_hostile_city(folder, payload)
    app = create_app(Settings(geodata=city, var=folder.parent / "var", public_url="https://atlas.example"))
    add_person(store_of(app), "ann", "admin")
    return app


@pytest.fixture(scope="module", params=PAYLOADS)
def attacked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Flask, str]:
    """Return an attacked city's application and the payload."""
    payload = PAYLOADS[request.param]
    return app_of(tmp_path_factory.mktemp("attacked") / "toy", payload), payload


@pytest.fixture(scope="module")
def harmless_shapes(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, frozenset[str]]]:
    """Return the elements, by name and attributes, that all pages of a harmless city have together."""
    app = app_of(tmp_path_factory.mktemp("harmless") / "toy", HARMLESS)
    pages = (answer.text for _, answer in answers(app, HARMLESS) if answer.mimetype == "text/html")
    leader = ("path", frozenset({"d", "stroke", "stroke-width"}))  # from a mark to a name that has no room beside it
    return {shape for page in pages for shape in Markup(page).shapes} | {leader}


def answers(app: Flask, payload: str, unasked: str | None = None) -> Iterator[tuple[str, TestResponse]]:
    """Yield the answer at every address, the desk's too; a browser's Accept is sent, so that errors are pages.

    Addresses in the language of `unasked` (`/zh/`) are left out.
    """
    client: FlaskClient = logged_in(app, "ann")
    for address in addresses(app, payload):
        if unasked and address.startswith(unasked):
            continue
        yield address, client.get(address, headers={"Accept": "text/html,*/*;q=0.8"})


def test_every_address_answers_well_formed_and_evaluates_nothing(
    attacked: tuple[Flask, str], harmless_shapes: set[tuple[str, frozenset[str]]]
) -> None:
    app, payload = attacked
    kinds: Counter[str] = Counter()
    unasked = LANGUAGE_LEFT_OUT[payload]
    for address, answer in answers(app, payload, unasked):
        kind = answer.mimetype or ""
        kinds[kind] += 1
        assert answer.status_code in (200, 204, 302, 303, 404, 410, 422), address
        if kind.startswith("image/") and "svg" not in kind:
            continue
        if answer.data.startswith(b"PK"):  # a workbook
            with zipfile.ZipFile(io.BytesIO(answer.data)) as parts:
                assert not [name for name in parts.namelist() if b"1337" in parts.read(name)], address
            continue
        if kind.startswith(("application/geopackage", "application/vnd.mapbox-vector-tile")):
            assert b"1337" not in answer.data, address
            continue
        if kind == "application/pdf":
            assert not [page for page in PdfReader(io.BytesIO(answer.data)).pages if "1337" in page.extract_text()]
            continue
        body = answer.get_data(as_text=True)
        assert "1337" not in body, f"{address} evaluated a template"
        if kind == "text/html":
            check_page(address, body, harmless_shapes)
        elif "json" in kind and body:
            json.loads(body, parse_constant=pytest.fail)
        elif "xml" in kind or "svg" in kind:
            check_xml(address, body)
        elif address.startswith(("/maps/", "/city.css", "/robots")):
            assert payload not in body, address
    assert {"text/html", "application/json", "application/geo+json", "image/svg+xml", "application/xml"} <= set(kinds)


def check_page(address: str, body: str, shapes: set[tuple[str, frozenset[str]]] | None) -> None:
    """Fail when a page has an element, attribute or address that the payload brought.

    `shapes` are those of a harmless city's pages; without them only what runs or leads elsewhere is looked for.
    """
    page = Markup(body)
    assert shapes is None or set(page.shapes) <= shapes, f"{address}: {set(page.shapes) - shapes}"
    for tag, keys in page.shapes:
        assert not [key for key in keys if key.startswith("on") or key == "style"], f"{address}: {tag} {keys}"
    for link in page.addresses:
        is_call = re.fullmatch(r"tel:\+?[0-9]+(;ext=[0-9]+)?", link)
        assert is_call or urlsplit(link.strip()).scheme in ("", "https"), f"{address}: {link}"
    for attributes, script in page.scripts:
        if "json" in attributes.get("type", ""):
            json.loads(script)
        elif address.endswith("/map.html"):  # the map as one file holds its scripts, which hold no text of the city
            assert RUN not in script, address
        else:
            assert script == BOOT_SCRIPT, address


def check_xml(address: str, body: str) -> None:
    """Fail when a picture or sitemap is not well-formed, or an element or address came from the payload."""
    for element in ElementTree.fromstring(body).iter():
        name = element.tag.rpartition("}")[2]
        assert name not in ("script", "img", "foreignObject", "style", "iframe"), address
        assert not [key for key in element.attrib if key.lower().startswith("on") or key == "style"], address
        assert not element.get("href", "").startswith("javascript"), address


def test_the_payload_is_there_as_text(attacked: tuple[Flask, str]) -> None:
    app, payload = attacked
    page = Markup(app.test_client().get("/en/sites/hall").text)
    whole = "".join(page.texts)
    assert f"{payload}e" in whole
    assert f"{payload}{'l' * LONG}" in whole
    table = app.test_client().get("/sites/hall.geojson").get_json()
    assert table["properties"]["name"]["en"] == f"{payload}e"
    assert table["properties"]["aliases"] == [payload, f"x{payload}"]


def test_a_hostile_query_finds_its_feature_and_stays_text(attacked: tuple[Flask, str]) -> None:
    app, payload = attacked
    page = Markup(app.test_client().get("/en/search", query_string={"q": payload}).text)
    assert payload.strip() in [value.strip() for value in page.values]
    table = app.test_client().get("/en/search.json", query_string={"q": payload}).get_json()
    assert table["query"] == payload.strip()


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
@pytest.mark.parametrize(
    "key", ["site", "layers", "theme", "kind", "phase", "at", "month", "c", "z", "page", "q", "v", "x"]
)
def test_a_hostile_value_in_an_address_stays_text(client: FlaskClient, key: str, payload: str) -> None:
    known: set[tuple[str, frozenset[str]]] = set()
    for path in ("/en/", "/en/sites/", "/en/search", "/en/nowhere"):
        known |= set(Markup(client.get(path, query_string={key: HARMLESS}).text).shapes)
    for path in ("/en/", "/en/sites/", "/en/search", "/en/nowhere"):
        answer = client.get(path, query_string={key: payload})
        assert answer.status_code in (200, 404, 422)
        check_page(path, answer.text, known)


ODD = [
    "/sites/?page=" + "9" * 5000,
    "/sites/?page=-1",
    "/?z=nan",
    "/?z=-1e400",
    "/?c=nan,nan",
    "/?c=1e400,1",
    "/?at=9999-12-31T23:59-14:00",
    "/?at=0001-01-01T00:00",
    "/hours.json?at=9999-12-31T23:59",
    "/hours.json?at=2026-01-01T00:00%2B99:00",
    "/sitemap-" + "9" * 5000 + ".xml",
    "/sitemap-0.xml",
    "/map-tiles/sights/" + "9" * 400 + "/1/1.json",
    "/map-tiles/sights/14/" + "9" * 4000 + "/1.json",
    "/map-tiles/sights/0/1/1.json",
    "/map-tiles/sights/-1/0/0.json",
    "/tiles/sights/" + "9" * 400 + "/1/1.mvt",
    "/tiles/sights/14/" + "9" * 4000 + "/1.mvt",
    "/tiles/style/0/0/0.mvt",
    "/photos/../city.toml",
    "/photos/%2e%2e%2fcity.toml",
    "/photos/hall.jpg%00",
    "/static/..%2f..%2fapp.py",
    "/sites/%00",
    "/sites/%ff%fe",
    "/sites/" + "a" * 5000,
    "/layers/%0d%0aSet-Cookie:a=b",
    "/search?q=%00%ff%ed%a0%80",
    "/search.json?q=" + "%E6%B2%B3" * 3000,
    "/maps/map.%3Cscript%3E.js",
    "/maps/../map.x.js",
    "/zh/zh/",
    "/%2e%2e/%2e%2e/etc/passwd",
]


@pytest.mark.parametrize("address", ODD, ids=lambda address: address[:40])
def test_an_odd_address_never_breaks_the_server(client: FlaskClient, address: str) -> None:
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code in (200, 204, 308, 404, 414, 422)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("q=磨坊".encode(), "磨坊"),
        ("q=磨坊".encode("gbk"), "\u0125%B7%BB"),
        (b"q=\xed\xa0\x80", "%ED%A0%80"),
        (b"q=mill%20mill", "mill mill"),
    ],
    ids=["utf-8", "gbk", "half a letter", "escaped"],
)
def test_a_query_in_raw_bytes_is_read(client: FlaskClient, query: bytes, asked: str) -> None:
    raw = {"QUERY_STRING": query.decode("latin-1")}
    assert client.get("/zh/search.json", environ_overrides=raw).get_json()["query"] == asked
    for path in ("/zh/", "/en/plan", "/nowhere"):
        assert client.get(path, environ_overrides=raw).status_code < 500, path


def test_a_line_end_in_a_query_begins_no_header(client: FlaskClient) -> None:
    answer = client.get("/about", environ_overrides={"QUERY_STRING": "q=1\r\nX-Evil: 1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/zh/about?q=1%0D%0AX-Evil:%201")
    assert "X-Evil" not in answer.headers


DAY = (datetime.now(UTC) + timedelta(days=30)).date()
WISH = f"?date={DAY - timedelta(days=DAY.weekday() - 4)}&start=09:00&end=12:00&start_at=quay&must=hall,mill"
VIEWS = (  # with queries, of which `addresses` knows none
    *(
        f"/en/embed/{of}?look={look}"
        for of in ("", "list", "sites/hall", "routes/boat-tour")
        for look in ("dark", "print")
    ),
    *(f"/en/embed/builder?of={of}" for of in ("", "list", "sites/hall", "routes/boat-tour", "layers/works")),
    *(f"/oembed?url=/en/{of}&format={form}" for of in ("sites/hall", "routes/boat-tour") for form in ("json", "xml")),
    *("/en/embed/kit.zip?of=sites/hall", "/en/embed/sites/hall?poster=1", "/en/map.svg?site=hall&look=dark"),
    *("/en/routes/boat-tour.pdf?paper=a5", "/ogc/collections/sights/items?f=html", "/en/changes?page=1"),
    *("/layers/sights.geojson?since=0", "/en/sites/?theme=family", "/en/?theme=family&look=dark"),
)
PLANS = ("", ".txt", ".ics", ".gpx", ".kml", ".geojson", ".json", ".svg", "/print", "/booklet.html", "/booklet.pdf")


def test_plans_frames_handouts_and_what_was_published_show_a_hostile_text_as_text(tmp_path: Path) -> None:
    city = write_hostile_city(tmp_path / "toy", EVERYTHING)
    (city / "paths.geojson").write_text(json.dumps(paths()), "utf-8")
    app = create_app(Settings(geodata=city, var=tmp_path / "var", public_url="https://atlas.example"))
    add_person(store_of(app), "ann", "admin")
    live, store = app.extensions["cityatlas_live"], store_of(app)
    live.watch()
    for key in ("hall", "boat-tour"):
        said = content_of_feature(live.newest.features[key])
        other = content_of(said.layer, said.geometry, said.properties | {"summary": text(EVERYTHING, f"{EVERYTHING}!")})
        publish_content(store, key, other, 0, Order("ann", EVERYTHING, origin=said))
        open_draft(store, Edit(key, said, "ann", comment=EVERYTHING), other)
    add_report(store, NewReport("hall", "text", EVERYTHING, EVERYTHING, "en"))
    live.watch()
    state = live.newest.revision
    pin = f"{state.state.number}-{state.folder[:8]}"
    desk = (
        "told",
        "drafts/",
        "reports",
        "changes",
        "features/hall/history",
        "features/hall",
        "searches",
        "embeds",
        "layers/",
    )
    client = logged_in(app, "ann")
    asked = [*VIEWS, *(f"/en/plan{form}{WISH}" for form in PLANS), f"/en/embed/plan{WISH}", "/en/map.html"]
    asked += [
        f"/en/embed/sites/hall@{pin}",
        f"/en/layers/sights.map.json@{pin}",
        f"/embed/since/{pin}.json?of=sites/hall",
    ]
    asked += ["/en/changes", "/changes.atom", "/changes.json", "/en/layers/sights.atom", "/en/offline-cards.json"]
    asked += [f"/en/staff/{page}" for page in desk]
    shown = 0
    for address in asked:
        answer = client.get(address, headers={"Accept": "text/html,*/*;q=0.8"}, follow_redirects=True)
        assert answer.status_code in (200, 400, 404), address
        body = said_by(answer)
        shown += "window.__x=1" in body
        assert "1337" not in body, address
        if answer.mimetype == "text/html":
            check_page(address, body, None)
        elif answer.mimetype and ("xml" in answer.mimetype or "svg" in answer.mimetype):
            check_xml(address, body)
        elif "json" in (answer.mimetype or ""):
            cards = json.loads(body, parse_constant=pytest.fail)
            for card in cards.values() if address.endswith("-cards.json") else ():
                check_page(address, card["card"], None)
    assert shown > len(asked) / 2
