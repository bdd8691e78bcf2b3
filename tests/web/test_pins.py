"""Check addresses that stay at a state of the map: the same bytes for ever, honest words where that cannot be."""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.catalogue.changes.past import Past
from cityatlas.catalogue.folder import versions
from cityatlas.catalogue.live import LiveCatalogue
from cityatlas.catalogue.reconcile import build_shown
from cityatlas.settings import Settings
from cityatlas.store import Order, archive, publish_content
from cityatlas.versioning.content import Content, content_of
from cityatlas.web.http.rate_limit import Buckets, Turns
from cityatlas.web.http.sending import caching
from staff import add_person, desk_settings, make_desk, store_of
from toy import feature, point, text

PUBLICATIONS = 20
CALM: dict[str, Any] = {"recheck_s": 1e9, "store_recheck_s": 1e9, "plans_per_minute": 600}
OPEN: dict[str, Any] = {
    "opening_hours": "Mo-Su 09:00-17:00",
    "hours_source": "paper",
    "sources": [{"title": "paper", "date": "2024"}],
}


def said(name: str, kind: str = "house", layer: str = "sights", **more: Any) -> Content:
    row = feature("any", kind, text(f"{name}中", name), point(121.0), **more)
    return content_of(layer, row["geometry"], row["properties"])


def put(app: Flask, feature_id: str, content: Content, seen: int = 0, **order: object) -> int:
    return publish_content(store_of(app), feature_id, content, seen, Order("ann", **order)).revision.number  # type: ignore[arg-type]


def wait_for(is_so: Callable[[], bool]) -> None:
    """Wait until something is so; at most twenty seconds, on a machine that may be busy."""
    end_s = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end_s, "it did not come to be"
        time.sleep(0.02)


def live_of(app: Flask) -> LiveCatalogue:
    live: LiveCatalogue = app.extensions["cityatlas_live"]
    return live


def past_of(app: Flask) -> Past:
    past: Past = app.extensions["cityatlas_past"]
    return past


def pin_now(app: Flask) -> str:
    live_of(app).refresh()
    return str(past_of(app).pin_of(live_of(app).newest))


def seen_desk(folder: Path) -> Flask:
    """Return a desk that saw its folder before anything was published, and looks again when a test lets it."""
    app = create_app(desk_settings(folder, public_url="https://atlas.example", **CALM))
    add_person(store_of(app), "ann", "admin", None)
    live_of(app).watch()
    assert len(versions(folder / "var")) == 1
    return app


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Flask]:
    """Return a desk of which nothing is published."""
    app = seen_desk(tmp_path)
    yield app
    live_of(app).close()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Return a desk with two publications, to which no test adds."""
    app = seen_desk(tmp_path_factory.mktemp("kept"))
    put(app, "mill", said("First mill", **OPEN))
    put(app, "mill", said("Second mill", **OPEN), 1)
    live_of(app).refresh()
    yield app
    live_of(app).close()


def frames(pin: str) -> list[str]:
    named = [f"/zh/embed/{name}@{pin}" for name in ("", "layers/works", "sites/mill", "routes/boat-tour", "list")]
    data = [f"/en/layers/sights.map.json@{pin}", f"/layers/sights.geojson@{pin}", f"/en/base.json@{pin}"]
    return [
        *named,
        f"/en/embed/sites/mill@{pin}?look=dark",
        *data,
        f"/city.css@{pin}",
        f"/en/map.svg@{pin}?size=300x200",
    ]


def test_what_is_pinned_is_the_same_bytes_twenty_publications_and_a_start_later(desk: Flask, tmp_path: Path) -> None:
    put(desk, "mill", said("First mill", **OPEN))
    pin = pin_now(desk)
    assert re.fullmatch(r"1-[0-9a-f]{8}", pin)
    client = desk.test_client()
    before = {address: client.get(address) for address in frames(pin)}
    assert {(a.status_code, a.headers["Cache-Control"]) for a in before.values()} == {(200, caching.IMMUTABLE)}
    assert "First mill" in before[f"/en/embed/sites/mill@{pin}?look=dark"].text
    for number in range(1, PUBLICATIONS + 1):
        put(desk, "mill", said(f"Mill {number}"), number)
    archive(store_of(desk), "boat-tour", 0, Order("ann", origin=said("x", "route")))
    toml = tmp_path / "toy" / "city.toml"
    toml.write_text(toml.read_text("utf-8").replace("Toy City Atlas", "Renamed Atlas"), "utf-8")
    live_of(desk).close()
    settings = Settings(geodata=tmp_path / "toy", var=tmp_path / "var", public_url="https://atlas.example", **CALM)
    other = create_app(settings)
    anew = other.test_client()
    assert "Mill 20" in anew.get("/en/embed/sites/mill").text
    assert "Renamed Atlas" in anew.get("/en/embed/").text
    assert {address: anew.get(address).data for address in before} == {a: b.data for a, b in before.items()}
    assert anew.get("/zh/embed/routes/boat-tour").status_code == 410
    told = anew.get(f"/embed/since/{pin}.json?of=sites/mill").get_json()
    assert told == {"changes": 1, "is_folder_other": True}
    assert anew.get(f"/embed/since/{pin}.json").get_json()["changes"] == 2  # the mill, and the tour that is gone
    live_of(other).close()


def test_a_pinned_frame_says_of_which_day_it_is_and_holds_nothing_that_moves(kept: Flask) -> None:
    pin, client = pin_now(kept), kept.test_client()
    day = live_of(kept).newest.moment[:4]
    for address, words in ((f"/en/embed/sites/mill@{pin}", "As of "), (f"/zh/embed/sites/mill@{pin}", "截至")):
        soup = BeautifulSoup(client.get(address).text, "html.parser")
        (row,) = soup.select(".embed-pinned")
        assert row.get_text().strip().startswith(words)
        assert day in row.get_text()
        assert [a["href"] for a in row.select("a")] == [address.partition("@")[0].replace("embed/", "")]
        assert not soup.select("[data-open], [data-hours]")
    latest = BeautifulSoup(client.get("/en/embed/sites/mill").text, "html.parser")
    assert latest.select("[data-open]")
    assert not latest.select(".embed-pinned")


def test_everything_that_a_pinned_frame_asks_for_is_pinned_and_its_links_lead_to_the_latest(kept: Flask) -> None:
    pin = pin_now(kept)
    page = kept.test_client().get(f"/en/embed/@{pin}").text
    soup = BeautifulSoup(page, "html.parser")
    asked = [str(node.get("src") or node.get("href")) for node in soup.select("head [src], head [href]")]
    asked = [address for address in asked if not address.startswith(("/static/", "https://atlas.example/oembed"))]
    atlas = soup.select_one("#atlas")
    assert atlas
    asked += re.findall(r'"(/[^"]*(?:\.json|/card)[^"]*)"', atlas.get_text().replace("\\u0026", "&"))
    moving = {"/en/hours.json", "/en/search.json", "/en/sites/-/card"}  # that a frame's script does not ask for
    assert [address for address in asked if f"@{pin}" not in address and address not in moving] == []
    assert len(asked) >= 6
    assert all("@" not in str(link["href"]) for link in soup.select("main a[href]"))


def test_a_pin_that_cannot_be_told_says_so_and_leads_to_the_latest(kept: Flask) -> None:
    client = kept.test_client()
    for pin in ("7", "0.1", "2.1", "0-0000000", "x", "1e3"):
        answer = client.get(f"/en/embed/layers/works@{pin}?look=dark")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store"), pin
        assert BeautifulSoup(answer.text, "html.parser").h1
    never = BeautifulSoup(client.get("/en/embed/layers/works@7?look=dark").text, "html.parser")
    assert never.select("main a[href='/en/embed/layers/works?look=dark']")
    answer = client.get("/en/embed/layers/works@0-00000000?look=dark")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (410, "no-store")
    assert BeautifulSoup(answer.text, "html.parser").select("main a[href='/en/embed/layers/works?look=dark']")
    assert client.options("/en/layers/works.png@0-00000000").status_code == 200
    assert client.get("/maps/none.x.js@0-00000000").status_code == 410
    assert client.get("/maps/none.x.js@2").status_code == 404
    assert client.get(f"/en/map.svg@0-00000000?odd={'x' * 9000}").status_code == 414
    picture = client.get("/en/layers/works.png@0-00000000")
    assert (picture.status_code, "The map of that day is gone" in picture.text) == (410, True)


def test_a_pin_whose_folder_was_lost_is_gone_and_not_guessed(desk: Flask, tmp_path: Path) -> None:
    pin = pin_now(desk)
    shutil.rmtree(tmp_path / "var" / "geodata")
    (tmp_path / "toy" / "city.toml").write_text(
        (tmp_path / "toy" / "city.toml").read_text("utf-8").replace("Toy City Atlas", "Renamed"), "utf-8"
    )
    live_of(desk).refresh()
    assert desk.test_client().get(f"/en/embed/@{pin}").status_code == 410


def test_while_the_store_is_away_a_frame_has_words_and_is_not_called_gone(desk: Flask, tmp_path: Path) -> None:
    pin, client = pin_now(desk), desk.test_client()
    assert client.get(f"/en/embed/sites/mill@{pin}").status_code == 200
    (database,) = (tmp_path / "var").glob("*.sqlite")
    live_of(desk).store.close()
    database.rename(tmp_path / "aside")
    kept, new = client.get(f"/en/embed/sites/mill@{pin}"), client.get("/en/embed/sites/mill@0")
    assert (kept.status_code, new.status_code) == (200, 503)
    assert BeautifulSoup(new.text, "html.parser").h1
    assert client.get(f"/embed/since/{pin}.json").status_code in (404, 503)


def test_a_city_without_a_store_keeps_nothing_and_offers_no_pin(tmp_path: Path) -> None:
    client = create_app(desk_settings(tmp_path)).test_client()
    folder = live_of(client.application).current().revision.folder[:8]
    for pin in ("0", "57", f"0-{folder}", "57-3f9a2c81"):
        for path in ("/en/embed/", "/zh/embed/routes/boat-tour"):
            answer = client.get(f"{path}@{pin}?list=none")
            assert answer.status_code == 410
            assert BeautifulSoup(answer.text, "html.parser").select(f"main a[href='{path}?list=none']")
    assert not BeautifulSoup(client.get("/en/embed/builder").text, "html.parser").select("[name=pin]")


def test_a_bare_number_is_the_folder_as_it_was_then(kept: Flask) -> None:
    client = kept.test_client()
    assert "First mill" in client.get("/en/embed/sites/mill@1").text
    assert "Second mill" in client.get("/en/embed/sites/mill@2").text
    answer = client.get("/embed/sites/mill@1?look=dark")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/zh/embed/sites/mill@1?look=dark")


def test_what_waits_for_its_moment_cannot_be_seen_before_and_has_a_pin_of_its_own_after(desk: Flask) -> None:
    put(desk, "mill", said("First mill"))
    now = datetime.now(UTC)
    put(desk, "mill", said("Coming mill"), 1, publish_at=now + timedelta(days=1))
    put(desk, "gate", said("Gate"), expires_at=now + timedelta(days=2))
    client, before = desk.test_client(), pin_now(desk)
    assert [client.get(f"/en/embed/sites/mill@{pin}").status_code for pin in ("2", "3.1", "3.2")] == [404] * 3
    assert before.startswith("3-")
    pins = [before]
    for days in (1, 2):
        store_of(desk)._clock = lambda days=days: now + timedelta(days=days, seconds=1)
        pins.append(pin_now(desk))
    names = [pin.partition("-")[0] for pin in pins]
    assert names == ["3", "3.1", "3.2"]
    frames = [client.get(f"/en/embed/sites/mill@{pin}").text for pin in pins]
    assert ["First mill" in frames[0], "Coming mill" in frames[1], "Coming mill" in frames[2]] == [True] * 3
    assert client.get("/en/embed/sites/mill@2").status_code == 200
    changes = [client.get(f"/embed/since/{pin}.json").get_json()["changes"] for pin in pins]
    assert changes == [2, 1, 0]


def test_changes_are_counted_of_what_a_frame_shows(desk: Flask) -> None:
    pin = pin_now(desk)
    put(desk, "mill", said("First mill"))
    put(desk, "mill", said("Second mill"), 1)
    put(desk, "old-town", said("Town", "district", "works"))
    live_of(desk).refresh()
    client = desk.test_client()
    counts = {
        of: client.get(f"/embed/since/{pin}.json", query_string={"of": of}).get_json()["changes"]
        for of in ("", "layers/works", "sites/mill", "sites/hall", "routes/boat-tour", "layers/none", "x" * 900)
    }
    stops = client.get("/sites/boat-tour.geojson").get_json()["properties"]["stops"]
    of_route = len({"mill", "old-town"} & set(stops))
    assert of_route
    expected = {"": 2, "layers/works": 1, "sites/mill": 1, "sites/hall": 0, "routes/boat-tour": of_route}
    assert counts == {**expected, "layers/none": 0, "x" * 900: 2}


def test_at_most_four_are_in_memory_and_a_kept_answer_needs_none(desk: Flask) -> None:
    for number in range(6):
        put(desk, "mill", said(f"Mill {number}"), number)
    client = desk.test_client()
    answers = [client.get(f"/en/embed/sites/mill@{number}").data for number in range(1, 7)]
    desk.extensions |= {"cityatlas_turns": Turns(0, 0)}
    asked = [client.get(f"/en/embed/list@{number}").status_code for number in range(1, 7)]
    assert asked == [503, 503, 200, 200, 200, 200]
    assert client.get("/en/embed/sites/mill@1").data == answers[0]


def test_making_one_is_limited_as_plans_are(kept: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client, new = kept.test_client(), pin_now(kept)[2:]
    monkeypatch.setitem(kept.extensions, "cityatlas_past", Past(kept.config["SETTINGS"], store_of(kept)))
    monkeypatch.setitem(kept.extensions, "cityatlas_turns", Turns(0, 0))
    busy = client.get(f"/en/embed/sites/mill@1-{new}")
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "2")
    monkeypatch.setitem(kept.extensions, "cityatlas_turns", Turns())
    monkeypatch.setitem(kept.extensions, "cityatlas_buckets", Buckets(1))
    asked = [f"/en/embed/layers/sights@{pin}" for pin in (f"1-{new}", f"0-{new}", "1")]
    assert [client.get(address).status_code for address in asked] == [200, 200, 429]


def test_two_that_ask_at_once_make_one(kept: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def counted(*given: Any) -> Any:  # Any: as it is called
        made.append(given)
        return build_shown(*given)

    monkeypatch.setattr("cityatlas.catalogue.changes.past.build_shown", counted)
    asking = [threading.Thread(target=kept.test_client().get, args=("/en/embed/list@0",)) for _ in range(2)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert len(made) == 1


def test_the_builder_pins_to_today_and_every_snippet_stays_pinned(kept: Flask) -> None:
    pin, client = pin_now(kept), kept.test_client()
    soup = BeautifulSoup(client.get("/en/embed/builder?of=sites/mill").text, "html.parser")
    assert [str(o["value"]) for o in soup.select("[name=pin] option")] == ["", pin]
    soup = BeautifulSoup(client.get(f"/en/embed/builder?of=sites/mill&look=dark&pin={pin}").text, "html.parser")
    (frame,) = soup.select("#made iframe")
    assert frame["src"] == f"/en/embed/sites/mill@{pin}?look=dark"
    texts = {str(area["aria-labelledby"]).removeprefix("for-"): area.get_text() for area in soup.select("textarea")}
    ours = "https://atlas.example"
    for id_ in ("page", "stripped", "wordpress"):
        assert f"{ours}{frame['src']}" in texts[id_]
    assert f"{ours}/en/sites/mill.png@{pin}" in texts["picture"]
    element = BeautifulSoup(texts["element"], "html.parser").select_one("city-atlas")
    assert element
    assert element.attrs == {"lang": "en", "theme": "dark", "site": "mill", "pin": pin}
    wrong = BeautifulSoup(client.get("/en/embed/builder?pin=x&look=dark").text, "html.parser")
    assert [f["src"] for f in wrong.select("#made iframe")] == ["/en/embed/?look=dark"]
    assert "pin" in wrong.select("#made .warning li")[0].get_text()


def test_what_a_pasted_pin_is_answered_with_stays_pinned(kept: Flask) -> None:
    pin = f"1-{pin_now(kept)[2:]}"
    page = f"/en/embed/sites/mill@{pin}?look=dark"
    head = BeautifulSoup(kept.test_client().get(page).text, "html.parser").select(
        "head > link[type='application/json+oembed']"
    )
    table = kept.test_client().get(str(head[0]["href"]).removeprefix("https://atlas.example")).get_json()
    assert table["title"] == "First mill"
    assert f'src="https://atlas.example/en/embed/sites/mill@{pin}?look=dark"' in table["html"]
    assert f"/en/sites/mill.png@{pin}" in table["thumbnail_url"]
    assert '<a href="https://atlas.example/en/sites/mill">' in table["html"]
    assert kept.test_client().get("/oembed", query_string={"url": "/en/embed/sites/mill@99"}).status_code == 404


def test_an_archived_feature_answers_with_words_and_its_successor(client: FlaskClient) -> None:
    answer = client.get("/en/embed/sites/old-mill")
    soup = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 410
    assert [str(a["href"]) for a in soup.select("main p a[href*='/sites/']")] == ["/en/sites/mill"]


def test_the_latest_shows_an_edit(tmp_path: Path) -> None:
    settings = desk_settings(tmp_path)
    assert settings.store_recheck_s + settings.recheck_s / 10 < 2  # how long an edit may go unseen at the origin
    app = make_desk(tmp_path / "desk")
    client = app.test_client()
    assert "Old mill" in client.get("/en/embed/sites/mill").text
    put(app, "mill", said("New mill"))
    wait_for(lambda: "New mill" in client.get("/en/embed/sites/mill").text)
    live_of(app).close()
