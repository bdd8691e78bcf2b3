"""Check the frame of a planned day: its stops, its line, what it says of a day that is past, and who leads to it."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from PIL import Image

from cityatlas.app import create_app
from cityatlas.settings import Settings
from cityatlas.web.embed import plan as embed_plan
from cityatlas.web.http.sending import caching
from hostile import PAYLOADS
from plan_pages import DAY, MORNING, look
from toy_plan import write_walkable

SITE = "https://atlas.example"
PAST = (date.fromisoformat(DAY) - timedelta(days=70)).isoformat()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a browser that sees the toy city with its streets."""
    folder = write_walkable(tmp_path_factory.mktemp("city") / "toy")
    return create_app(Settings(geodata=folder, public_url=SITE, plans_per_minute=600)).test_client()


def test_a_plan_s_frame_shows_its_stops_and_its_line_and_nothing_else(client: FlaskClient) -> None:
    answer = client.get(f"/en/embed/plan?{MORNING}&look=dark")
    soup = BeautifulSoup(answer.text, "html.parser")
    stops = [stop["id"] for stop in client.get(f"/plan.json?{MORNING}").get_json()["stops"]]
    shown = [str(row["data-id"]) for row in soup.select("#stops li")]
    assert stops
    assert shown == stops
    assert len(soup.select("#picture svg > a")) == len(shown)
    assert soup.select("#picture svg path[stroke-dasharray='1 7']")
    assert (answer.headers["Cache-Control"], "frame-ancestors" in answer.headers["Content-Security-Policy"]) == (
        caching.PUBLIC,
        False,
    )
    assert soup.html
    assert soup.html["data-look"] == "dark"
    assert not soup.select(".embed-wrong")


def atlas_of(client: FlaskClient, address: str) -> dict[str, Any]:
    """Return what a frame tells its scripts."""
    (told,) = look(client, address).select("#atlas")
    table: dict[str, Any] = json.loads(told.get_text())
    return table


def test_the_live_map_of_a_plan_has_its_stops_and_its_ways_alone(client: FlaskClient) -> None:
    atlas = atlas_of(client, f"/en/embed/plan?{MORNING}&controls=zoom&gestures=free")
    whole, *ways = atlas["plan"]
    assert whole["properties"]["stops"] == ["mill", "hall"] == [row["id"] for row in atlas["inline"]["features"]]
    assert [way["properties"].get("dashArray") for way in ways] == ["1 7", None, None, None, None]
    assert whole["geometry"]["coordinates"][-2:] == [[[121.0, 30.7]] * 2, [[121.03, 30.7]] * 2]
    assert atlas["fit"] == [121.0, 30.7, 121.03, 30.7]
    assert (atlas["look"]["controls"], atlas["look"]["gestures"]) == ("zoom", "free")
    dark = atlas_of(client, f"/en/embed/plan?{MORNING}&look=dark")["plan"]
    assert [way["properties"]["color"] for way in dark[:2]] == ["#4c5863", "#8fd0de"]


def test_a_plan_s_frame_obeys_view_and_card_and_tells_of_filters_that_do_nothing(client: FlaskClient) -> None:
    atlas = atlas_of(client, f"/en/embed/plan?{MORNING}&c=121.01,30.7&z=15&site=mill")
    assert (atlas["view"], atlas["fit"]) == ({"lon": 121.01, "lat": 30.7, "zoom": 15.0}, None)
    assert atlas["chosen"]["id"] == "mill"
    assert "kind" in look(client, f"/en/embed/plan?{MORNING}&kind=mill").select(".embed-wrong")[0].get_text()


def test_the_poster_of_a_plan_brings_the_map_of_the_same_wish(client: FlaskClient) -> None:
    soup = look(client, f"/en/embed/plan?{MORNING}&poster=1&look=dark")
    (button,) = soup.select("#open-map")
    assert parse_qs(urlsplit(str(button["data-map"])).query) == parse_qs(f"{MORNING}&look=dark")
    assert soup.select("#picture svg path[stroke-dasharray='1 7']")


def test_the_builder_of_a_plan_shows_no_option_that_does_nothing(client: FlaskClient) -> None:
    asked = {"of": "plan", "plan": MORNING, "site": "mill", "kind": "museum"}
    soup = BeautifulSoup(client.get("/en/embed/builder", query_string=asked).text, "html.parser")
    for key in ("layers", "theme", "kind", "phase", "month", "at"):
        assert all(
            field.find_parent(attrs={"data-not-of": "plan", "hidden": True}) for field in soup.select(f"[name={key}]")
        )
    (frame,) = soup.select("#made iframe")
    query = parse_qs(urlsplit(str(frame["src"])).query)
    assert (query["site"], "kind" in query) == (["mill"], False)
    assert not look(client, "/en/embed/builder").select("[data-not-of][hidden]")


def test_a_bare_address_leads_to_a_language(client: FlaskClient) -> None:
    answer = client.get(f"/embed/plan?{MORNING}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/zh/embed/plan?{MORNING}")


@pytest.mark.parametrize(("clock", "party"), [("08:00", 1), ("10:30", 2), ("12:00", 3), ("23:59", 4)])
def test_a_plan_whose_day_is_past_is_an_example_of_that_weekday_whatever_the_hour(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, clock: str, party: int
) -> None:
    moment = datetime.fromisoformat(f"{date.fromisoformat(DAY) - timedelta(days=7)}T{clock}+08:00")
    monkeypatch.setattr(embed_plan, "now", lambda _: moment)
    soup = look(client, f"/en/embed/plan?{MORNING.replace(DAY, PAST)}&party={party}")  # none is told a kept answer
    (link,) = soup.select("p.embed-base a[href*='/en/plan?']")
    (moved,) = parse_qs(urlsplit(str(link["href"])).query)["date"]
    told = link.parent
    assert told
    assert "an example of such a Friday" in told.get_text()
    assert date.fromisoformat(moved).weekday() == date.fromisoformat(PAST).weekday() == 4
    assert date.fromisoformat(moved) == moment.date() + timedelta(days=7 * (clock >= "12:00"))
    assert soup.select("#stops li")
    assert look(client, str(link["href"])).select(".plan-page, main")
    assert not look(client, f"/en/embed/plan?{MORNING}").select("p.embed-base a[href*='/en/plan?']")


@pytest.mark.parametrize(
    "query", ["date=x", "date=2026-99-99", f"date={DAY}&start=09:00&end=09:05", "must=nobody", f"date={DAY}&theme=none"]
)
def test_a_wish_that_gives_no_plan_is_told_in_words(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/en/embed/plan?{query}")
    soup = BeautifulSoup(answer.text, "html.parser")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (422, "no-store")
    assert soup.select("p.embed-base")[0].get_text(strip=True)


@pytest.mark.parametrize("payload", PAYLOADS.values(), ids=PAYLOADS)
def test_a_hostile_wish_stays_text(client: FlaskClient, payload: str) -> None:
    for query in (
        {"must": payload},
        {"date": DAY, "odd<b>": payload},
        {"of": "plan", "plan": f"date={DAY}&must={payload}"},
    ):
        address = "/en/embed/builder" if "of" in query else "/en/embed/plan"
        soup = BeautifulSoup(client.get(address, query_string=query).text, "html.parser")
        assert soup.h1
        assert not soup.select("img, svg[onload], b, [onmouseover]")


def test_a_plan_s_page_leads_to_the_builder_which_shows_its_frame(client: FlaskClient) -> None:
    page = look(client, f"/en/plan?{MORNING}")
    (link,) = page.select(".take a[href*='/embed/builder']")
    soup = look(client, str(link["href"]) + "&look=dark&controls=zoom")
    (frame,) = soup.select("#made iframe")
    assert not soup.select("#made .warning")
    frame_soup = look(client, str(frame["src"]))
    assert frame_soup.select("#stops li")
    assert parse_qs(urlsplit(str(frame["src"])).query)["look"] == ["dark"]
    texts = {str(area["aria-labelledby"]).removeprefix("for-"): area.get_text() for area in soup.select("textarea")}
    picture = BeautifulSoup(texts["picture"], "html.parser").select_one("img")
    assert picture
    assert client.get(str(picture["src"]).removeprefix(SITE)).mimetype == "image/png"
    element = BeautifulSoup(texts["element"], "html.parser").select_one("city-atlas")
    assert element
    assert parse_qs(str(element["plan"]))["date"] == [DAY]


def test_the_pictures_of_a_plan_s_kit_show_its_ways(client: FlaskClient) -> None:
    answer = client.get("/en/embed/kit.zip", query_string={"of": "plan", "plan": MORNING})
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        for name in ("map-1080.png", "cover-900x383.png"):
            colours = Image.open(io.BytesIO(archive.read(name))).convert("RGB").getcolors(1 << 20)
            assert colours is not None
            assert sum(count for count, colour in colours if colour == (0x23, 0x60, 0x6F)) > 500  # what is walked


def test_a_pasted_plan_is_answered_with_its_frame(client: FlaskClient) -> None:
    page = look(client, f"/en/plan?{MORNING}")
    (link,) = page.select("head > link[type='application/json+oembed']")
    table = client.get(str(link["href"]).removeprefix(SITE)).get_json()
    frame = BeautifulSoup(table["html"], "html.parser").iframe
    assert frame
    assert look(client, str(frame["src"]).removeprefix(SITE)).select("#stops li")
    assert table["title"].startswith("Friday morning")
    assert client.get(table["thumbnail_url"].removeprefix(SITE)).mimetype == "image/png"
    assert not look(client, "/en/plan").select("head > link[type$='+oembed']")
    assert client.get("/oembed", query_string={"url": "/en/plan"}).status_code == 404
