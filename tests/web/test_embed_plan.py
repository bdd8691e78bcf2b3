"""Check the frame of a planned day: its stops, its line, what it says of a day that is past, and who leads to it."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.settings import Settings
from cityatlas.web.http import caching
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


def test_a_bare_address_leads_to_a_language(client: FlaskClient) -> None:
    answer = client.get(f"/embed/plan?{MORNING}")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/zh/embed/plan?{MORNING}")


def test_a_plan_whose_day_is_past_is_an_example_of_that_weekday(client: FlaskClient) -> None:
    soup = look(client, f"/en/embed/plan?{MORNING.replace(DAY, PAST)}")
    (link,) = soup.select("p.embed-base a[href*='/en/plan?']")
    (moved,) = parse_qs(urlsplit(str(link["href"])).query)["date"]
    told = link.parent
    assert told
    assert "an example of such a Friday" in told.get_text()
    assert date.fromisoformat(moved).weekday() == date.fromisoformat(PAST).weekday() == 4
    assert date.today() <= date.fromisoformat(moved) <= date.today() + timedelta(days=8)  # noqa: DTZ011
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
