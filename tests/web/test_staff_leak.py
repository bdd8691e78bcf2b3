"""Go through every public address: what is not published is in none of them, and what is published is."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.catalogue.folder_export import content_of_feature
from cityatlas.settings import Settings
from cityatlas.store import Edit, Order, Store, archive, change_state, open_draft, publish, publish_content
from cityatlas.versioning.content import Content, content_of
from cityatlas.web.http.desk import is_desk
from hostile import addresses, said_by
from staff import add_person, logged_in, store_of
from toy import feature, point, text
from toy_plan import write_walkable

OPEN = "Openword"
PLACE = 121.01234  # where a draft would move the hall to: published nowhere
SECRETS = ["Leakdraft", "Leaknew", "Leakreview", "Leaklater", "Leakexpired", "Leakarchived", "unborn-place", str(PLACE)]
DAY = (datetime.now(UTC) + timedelta(days=30)).date()
WISH = (
    f"?date={DAY - timedelta(days=DAY.weekday() - 4)}&start=09:00&end=12:00&start_at=quay&must=hall&unknown_hours=yes"
)
PLANS = (
    *(
        "/plan",
        "/plan.json",
        "/plan.ics",
        "/plan.gpx",
        "/plan.kml",
        "/plan.geojson",
        "/plan.txt",
        "/plan.qr.svg",
        "/plan.svg",
    ),
    *("/plan/print", "/plan/booklet.html", "/plan/booklet.pdf"),
)
SHOWS_NAMES = (
    *("/en/sites/hall", "/en/sites/hall/card", "/en/layers/sights", "/layers/sights.geojson", "/en/map.svg"),
    *("/en/search.json?q=Openword", "/en/?site=hall", "/en/embed/?site=hall", "/sites/hall.geojson"),
    *("/en/sites/", "/en/routes/boat-tour", "/en/figures"),
)


def filled(value: Any, word: str) -> Any:  # Any: what JSON holds
    """Return properties in which every text in two languages says a word."""
    if isinstance(value, list):
        return [filled(item, word) for item in value]
    if isinstance(value, dict) and value and value.keys() <= {"zh", "en"}:
        return {language: f"{word} {language} {old}" for language, old in value.items()}
    return {key: filled(item, word) for key, item in value.items()} if isinstance(value, dict) else value


def saying(content: Content, word: str, geometry: dict[str, Any] | None = None) -> Content:
    """Return a content in which every text says a word: the source's title, which others name, too."""
    properties = filled(content.properties, word) | {"summary": text(word, word), "aliases": [f"{word}alias"]}
    properties["sources"] = [*properties["sources"], {"title": f"{word} paper", "date": "2026-01", "url": None}]
    return content_of(content.layer, geometry or content.geometry, properties)


def fill(store: Store, contents: dict[str, Content]) -> None:
    """Put a feature into each state that visitors must not see, and publish one change of the hall."""
    now = datetime.now(UTC)

    def put(feature_id: str, content: Content, **order: Any) -> int:
        told = Order("ed", origin=contents.get(feature_id), **order)
        return publish_content(store, feature_id, content, 0, told).revision.number

    shown = saying(contents["hall"], OPEN)
    number = put("hall", shown)
    open_draft(store, Edit("hall", saying(contents["hall"], "Leakdraft", point(PLACE)), "coco", number))
    row = feature("any", "house", text("Leaknew", "Leaknew"), point(121.0))
    new = saying(content_of("sights", row["geometry"], row["properties"]), "Leaknew")
    open_draft(store, Edit("unborn-place", new, "coco"))
    review = open_draft(store, Edit("quay", saying(contents["quay"], "Leakreview"), "coco"), contents["quay"])
    branch = review.revision.branch or ""
    change_state(store, branch, review.revision.number, "in_review", "coco", "Leakreview")
    later = open_draft(store, Edit("mill", saying(contents["mill"], "Leaklater"), "coco"), contents["mill"]).revision
    publish(
        store,
        later.branch or "",
        later.number,
        Order("ed", "Leaklater", contents["mill"], publish_at=now + timedelta(days=9)),
    )
    put("was-here", saying(new, "Leakexpired"), expires_at=now - timedelta(hours=1))
    archived = put("was-there", saying(new, "Leakarchived"))
    archive(store, "was-there", archived, Order("ed"))


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return an application with a feature in every state; pages are compressed quickly."""
    folder = tmp_path_factory.mktemp("leak")
    app = create_app(Settings(geodata=write_walkable(folder / "toy"), var=folder / "var"))
    add_person(store_of(app), "ann", "admin")
    live = app.extensions["cityatlas_live"]
    fill(store_of(app), {key: content_of_feature(f) for key, f in live.current().features.items()})
    live.look_at_store()
    assert OPEN in live.current().features["hall"].name["en"]
    return app


def asked(app: Flask) -> list[str]:
    """Return every public address, with each feature, and the files of a plan."""
    plans = [f"/{language}{plan}{WISH}" for language in ("zh", "en") for plan in PLANS]
    views = [f"/{language}/map.svg?site={key}" for language in ("zh", "en") for key in ("hall", "mill", "quay")]
    public = [address for address in addresses(app, "paper") if not is_desk(address.partition("?")[0])]
    return [*(address for address in public if not address.startswith("/static/")), *plans, *views, *SHOWS_NAMES]


def visit(client: FlaskClient, address: str, number: int = 0) -> str:
    coding = ("br", "gzip", "identity")[number % 3]
    answer = client.get(address, headers={"Accept-Encoding": coding})
    assert answer.status_code < 500, address
    head = " ".join(f"{key}: {value}" for key, value in answer.headers)
    return f"{head}\n{said_by(answer)}"


def test_nothing_unpublished_is_at_any_public_address(full: Flask) -> None:
    for client in (full.test_client(), logged_in(full, "ann")):
        wanted = asked(full) if client.get_cookie("desk") is None else [*SHOWS_NAMES, "/en/sites/mill", "/sitemap.xml"]
        leaks = {
            (address, secret)
            for number, address in enumerate(wanted)
            for body in [visit(client, address, number)]
            for secret in SECRETS
            if secret.lower() in body.lower()
        }
        assert leaks == set()


def test_what_is_published_is_at_the_addresses_that_show_it(full: Flask) -> None:
    client = full.test_client()
    plans = [f"/en{plan}{WISH}" for plan in PLANS if plan not in ("/plan.qr.svg", "/plan.json")]  # these hold no names
    assert [address for address in (*SHOWS_NAMES, *plans) if OPEN not in visit(client, address)] == []


@pytest.mark.parametrize("secret", SECRETS)
def test_a_search_for_what_is_unpublished_finds_nothing(full: Flask, secret: str) -> None:
    client = full.test_client()
    assert client.get(f"/en/search.json?q={secret}").get_json()["results"] == []
    assert "feature-item" not in client.get(f"/en/search?q={secret}").text


@pytest.mark.parametrize(("gone", "status"), [("unborn-place", 404), ("was-here", 410), ("was-there", 410)])
def test_the_page_of_what_is_not_public_says_nothing_of_it(full: Flask, gone: str, status: int) -> None:
    for address in (f"/en/sites/{gone}", f"/sites/{gone}.geojson", f"/zh/sites/{gone}/card", f"/en/?site={gone}"):
        answer = full.test_client().get(address)
        assert answer.status_code == status, address
        assert "leak" not in answer.text.lower(), address


def test_a_change_of_the_folder_shows_nothing_that_is_not_published(tmp_path: Path) -> None:
    city = write_walkable(tmp_path / "toy")
    app = create_app(Settings(geodata=city, var=tmp_path / "var", recheck_s=1e9, store_recheck_s=1e9))
    live, client = app.extensions["cityatlas_live"], app.test_client()
    live.watch()
    fill(store_of(app), {key: content_of_feature(f) for key, f in live.current().features.items()})
    live.watch()
    before, moment = live.newest.revision, datetime.now(UTC).isoformat().replace("+00:00", "Z")
    layer = json.loads((city / "sights.geojson").read_text("utf-8"))
    for row in layer["features"]:
        row["properties"]["summary"] = text("新", "Folderword")
    layer["features"].append(feature("unborn-place", "house", text("新", "Folderborn"), point(121.005)))
    (city / "sights.geojson").write_text(json.dumps(layer), "utf-8")
    live.watch()
    live.refresh()
    since = f"{before.state.number}-{before.folder[:8]}"
    told = [f"/layers/sights.geojson?since={since}", f"/ogc/collections/sights/items?f=json&datetime={moment}"]
    told += [f"/en/embed/list@{since}", f"/layers/sights.geojson@{since}", f"/embed/since/{since}.json"]
    told += [
        "/changes.json",
        "/changes.atom",
        "/en/changes",
        "/sites.geojson",
        "/city.geojson",
        "/en/sites/unborn-place",
    ]
    said = {address: visit(client, address) for address in (*told, *SHOWS_NAMES, "/en/sites/quay", "/en/sites/mill")}
    leaks = {(address, word) for address, body in said.items() for word in SECRETS[:6] if word.lower() in body.lower()}
    assert leaks == set()
    assert all(word in said["/sites.geojson"] for word in ("Folderword", "Folderborn", OPEN))
    assert "Folderborn" not in said[f"/layers/sights.geojson@{since}"]
