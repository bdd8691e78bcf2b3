"""Check what is told of what was published: on the page, in the feeds, by layer and feature; and what is not told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from bs4 import BeautifulSoup
from defusedxml import ElementTree
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.catalogue.live import LiveCatalogue
from cityatlas.limits import CHANGES
from cityatlas.schema.properties import with_added
from cityatlas.schema.property_types import BilingualText, Property, both
from cityatlas.settings import Settings
from cityatlas.store import Order, archive, publish_all, publish_content
from cityatlas.versioning.content import Content, content_of
from hostile import EVERYTHING
from toy import feature, point, sights, text, write_city

DAY = timedelta(days=1)
NOTE = Property("desk_note", BilingualText("long"), both("内部", "Internal"), group="visit", is_public=False)
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
XML_NAMES = {"atom": "http://www.w3.org/2005/Atom"}


class City:
    """Hold a city whose clock stands where it is put, with what staff published in it."""

    def __init__(self, folder: Path, now: datetime) -> None:
        settings = Settings(
            geodata=write_city(folder / "toy"),
            var=folder / "var",
            public_url="https://atlas.example",
            store_recheck_s=1e6,
        )
        self.app = create_app(settings)
        self.live: LiveCatalogue = self.app.extensions["cityatlas_live"]
        self.now = now
        self.live.store._clock = lambda: self.now
        self.last: dict[str, int] = {}
        self.client: FlaskClient = self.app.test_client()

    def publish(self, key: str, content: Content, origin: Content | None = None, **order: Any) -> None:
        """Publish what a feature says."""
        told = Order("ann", "reason-for-staff", origin=origin, **order)
        saved = publish_content(self.live.store, key, content, self.last.get(key, 0), told)
        self.last[key] = saved.revision.number
        self.now += timedelta(minutes=1)
        self.live.refresh()

    def soup(self, address: str) -> BeautifulSoup:
        """Return a page."""
        answer = self.client.get(address)
        assert answer.status_code == 200, answer.text
        return BeautifulSoup(answer.text, "html.parser")


def place(name: str, **properties: Any) -> Content:
    """Return what a house says."""
    row = feature("any", "house", text(f"{name}中", name), point(121.005), **properties)
    return content_of("sights", row["geometry"], row["properties"])


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Return a city in which the hall has other hours, and a new place came, changed inside alone, ended and went."""
    city = City(tmp_path_factory.mktemp("city"), datetime.now(UTC) - DAY)
    row = next(row for row in sights()["features"] if row["id"] == "hall")
    hall = content_of("sights", row["geometry"], row["properties"])
    longer = Content("sights", hall.geometry, hall.properties | {"opening_hours": "Tu-Su 09:00-18:00"})
    city.publish("hall", longer, origin=hall)
    city.publish("gate", place("Gate"))
    city.publish("gate", place("Gate", internal={"note": "secret-of-staff"}))
    archive(city.live.store, "gate", city.last["gate"], Order("ann", "reason-for-staff"))
    city.publish("fair", place("Fair"), expires_at=city.now + timedelta(minutes=5))
    city.publish("dream", place("Dream"), publish_at=city.now + DAY)
    city.publish("attack", place(EVERYTHING, summary=text(EVERYTHING, EVERYTHING)))
    city.publish("attack", place(f"{EVERYTHING}2", summary=text("短", EVERYTHING)))
    city.now += timedelta(minutes=30)
    city.live.refresh()
    yield city
    city.live.close()


def test_changes_are_told_in_words_newest_first(city: City) -> None:
    page = city.soup("/en/changes")
    titles = [one.text for one in page.select(".change-list h2")]
    ours = [title for title in titles if "onfocus" not in title]
    assert ours == [  # what was withdrawn is not said again
        "Taken off the map: A place",
        "New: A place",
        "Taken off the map: A place",
        "New: A place",
        "Changed: Memory hall",
    ]
    (hall,) = (one for one in page.select(".change-list li") if "Memory hall" in one.text)
    assert [one.text for one in hall.select("dt")] == ["opening hours"]
    assert "8" in hall.select_one("del").text  # type: ignore[union-attr]
    assert "18" in "".join(one.text for one in hall.select("ins"))
    assert city.soup("/zh/changes").select_one("h1").text == "最近更新"  # type: ignore[union-attr]


@pytest.mark.parametrize("view", ["", ".atom", ".json"])
def test_nothing_is_told_of_staff_nor_of_what_waits(city: City, view: str) -> None:
    told = city.client.get(f"/en/changes{view}").text
    for hidden in ("ann", "reason-for-staff", "secret-of-staff", "Dream"):
        assert hidden not in told, hidden


def test_a_layer_and_a_feature_have_pages_of_their_own(city: City) -> None:
    assert city.soup("/en/changes?layer=works").select(".change-list li") == []
    assert len(city.soup("/en/changes?feature=fair").select(".change-list li")) == 2
    assert city.client.get("/en/changes?layer=none").status_code == 404
    assert city.client.get("/en/changes?page=2").status_code == 404
    page = city.soup("/en/layers/sights")
    feed = page.select_one('link[type="application/atom+xml"]')
    assert feed["href"] == "/en/layers/sights.atom"  # type: ignore[index]


def test_a_feed_reader_understands_the_atom_feed(city: City) -> None:
    answer = city.client.get("/en/changes.atom")
    assert answer.mimetype == "application/atom+xml"
    feed = feedparser.parse(answer.data)
    assert not feed.bozo
    assert (feed.version, feed.feed.language, feed.feed.title) == ("atom10", "en", "What has changed · Toy City Atlas")
    entries = {entry.title: entry for entry in feed.entries}
    hall = entries["Changed: Memory hall"]
    assert hall.content[0].value == "opening hours: Tue–Sun 8:30–16:30 → Tue–Sun 9:00–18:00"
    assert hall.link == hall.id == "https://atlas.example/en/changes?feature=hall#c1"
    assert len({entry.id for entry in feed.entries}) == len(feed.entries) == 7
    assert feed.feed.updated == max(entry.updated for entry in feed.entries)


def test_what_is_gone_has_a_tombstone_of_the_entry_that_it_ends(city: City) -> None:
    root = ElementTree.fromstring(city.client.get("/en/changes.atom?feature=fair").data)
    ids = [one.text for one in root.iterfind("atom:entry/atom:id", XML_NAMES)]
    (stone,) = root.iterfind(TOMBSTONE)
    assert stone.get("ref") == ids[1]
    assert ids[0] == f"{ids[1]}-end"


def test_the_json_feed_says_the_same(city: City) -> None:
    answer = city.client.get("/en/changes.json?feature=hall")
    assert answer.mimetype == "application/feed+json"
    feed = json.loads(answer.data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    (item,) = feed["items"]
    assert item["content_text"] == "opening hours: Tue–Sun 8:30–16:30 → Tue–Sun 9:00–18:00"
    assert item["_cityatlas"] == {"feature": "hall", "layer": "sights", "turn": "changed"}


def test_hostile_text_stays_a_text(city: City) -> None:
    page = city.soup("/en/changes?feature=attack")
    (changed, added) = page.select(".change-list h2")
    assert (changed.text, added.text) == (f"Changed: {EVERYTHING}2", f"New: {EVERYTHING}")
    assert not page.select("img, [onfocus], [onerror]")
    (entry, _) = feedparser.parse(city.client.get("/en/changes.atom?feature=attack").data, sanitize_html=False).entries
    assert (entry.title, entry.title_detail.type) == (f"Changed: {EVERYTHING}2", "text/plain")
    (item, _) = city.client.get("/en/changes.json?feature=attack").json["items"]  # type: ignore[index]
    assert item["title"] == f"Changed: {EVERYTHING}2"
    assert "7*191" in item["title"]


def test_a_long_history_comes_in_pages(tmp_path: Path) -> None:
    city = City(tmp_path, datetime(2026, 1, 1, tzinfo=UTC))
    contents = [(f"place-{number}", place(f"Place {number}"), 0, Order("ann")) for number in range(CHANGES + 1)]
    publish_all(city.live.store, contents)
    city.now += DAY
    city.live.refresh()
    first, last = (city.client.get(f"/en/changes.json?page={number}").json for number in (1, 2))
    assert first
    assert last
    assert (len(first["items"]), len(last["items"])) == (CHANGES, 1)
    assert first["next_url"] == "https://atlas.example/en/changes.json?page=2"
    assert "next_url" not in last
    assert city.soup("/en/changes").select_one('a[rel="next"]')
    assert not city.soup("/en/").select(".news")  # that was long ago


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Return a city whose folder lost a place, got one, and says another summary of two, one of which staff changed."""
    with with_added(NOTE):
        city = City(tmp_path_factory.mktemp("folder"), datetime.now(UTC) - DAY)
        path = city.live._settings.geodata / "sights.geojson"
        document = json.loads(path.read_text("utf-8"))
        rows = {row["id"]: row for row in document["features"]}
        spare = feature("spare", "house", text("备", "Spare"), point(121.002))
        path.write_text(json.dumps(document | {"features": [*rows.values(), spare]}), "utf-8")
        city.live.refresh()
        city.publish(
            "hall",
            place("Hall of staff"),
            origin=content_of("sights", rows["hall"]["geometry"], rows["hall"]["properties"]),
        )
        city.live.keep_folder()
        for key in ("mill", "hall"):
            rows[key]["properties"]["summary"] = text("新话", "New words")
        rows["mill"]["properties"]["desk_note"] = text("secret-of-staff", "secret-of-staff")
        came = feature("barn", "house", text("仓", "Barn"), point(121.003))
        path.write_text(json.dumps(document | {"features": [*rows.values(), came]}), "utf-8")
        city.now += timedelta(hours=1)
        city.live.refresh()
        city.live.keep_folder()
        city.now += timedelta(hours=1)
        city.publish("gate", place("Gate"))
        yield city
        city.live.close()


def test_a_changed_folder_is_told_among_the_others(changed: City) -> None:
    titles = [one.text for one in changed.soup("/en/changes").select(".change-list h2")]
    assert titles == [
        "New: Gate",
        "New: Barn",
        "Changed: Old mill",
        "Taken off the map: A place",
        "Changed: Hall of staff",
    ]
    (mill,) = (one for one in changed.soup("/en/changes?feature=mill").select(".change-list li"))
    assert [one.text for one in mill.select("dt")] == ["summary · English", "summary · 中文"]
    assert "New words" in mill.select_one("ins").text  # type: ignore[union-attr]
    for view in ("", ".atom", ".json"):
        assert "secret-of-staff" not in changed.client.get(f"/en/changes{view}").text
    entries = feedparser.parse(changed.client.get("/en/layers/sights.atom").data).entries
    assert len({entry.id for entry in entries}) == len(entries) == 5
    assert changed.soup("/en/changes?layer=works").select(".change-list li") == []
    log = changed.app.extensions["cityatlas_changes"]
    assert log.newest_at(changed.live.newest) == log.read(changed.live.newest, first=0, limit=1).changes[0].moment


def test_pages_of_both_kinds_join_without_a_gap(changed: City) -> None:
    log = changed.app.extensions["cityatlas_changes"]
    whole = log.read(changed.live.newest, first=0, limit=9)
    for size in (1, 2, 3):
        parts = [log.read(changed.live.newest, first=first, limit=size).changes for first in range(0, 5, size)]
        assert [change for part in parts for change in part] == list(whole.changes), size
    assert (whole.count, len(whole.changes)) == (5, 5)


def test_the_map_says_that_there_is_something_new(city: City, client: FlaskClient) -> None:
    (link,) = city.soup("/en/").select(".news a")
    assert (link.text, link["href"]) == ("New in the city", "/en/changes")
    assert "New in the city" not in client.get("/en/").text


def test_a_city_in_which_nothing_was_published_says_so(client: FlaskClient) -> None:
    assert "Nothing has been published yet." in client.get("/en/changes").text
    feed = feedparser.parse(client.get("/zh/changes.atom").data)
    assert (feed.bozo, feed.entries, feed.feed.updated) == (False, [], "1970-01-01T00:00:00Z")
    assert client.get("/zh/changes.json").json["items"] == []  # type: ignore[index]
