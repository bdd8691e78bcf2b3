"""Show a day with a boat by timetable: on the page, in every file, and on the line's own page."""

from __future__ import annotations

import json
from pathlib import Path

import gpxpy
import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.settings import Settings
from days import FRIDAY, coming
from plan_pages import look, words
from toy import with_properties
from toy_plan import walkable_sights, write_walkable

DAY = f"date={coming(FRIDAY)}&start=08:50&end=12:00&start_at=mill&must=hall&not=mill&fullness=full&boat=yes"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a browser that sees the toy city with a boat from the quay to the hall and back."""
    sailings = [
        {"times": "09:10 09:20; 11:10 11:20", "days": "Mo-Fr", "seats": 12, "source": "Town paper"},
        {"times": "11:00 11:08", "is_back": True, "source": "Town paper"},
    ]
    line = {"stops": ["quay", "hall"], "legs": [{"mode": "boat"}], "sailings": sailings}
    sights = with_properties(walkable_sights(), "boat-tour", **line)
    folder = write_walkable(tmp_path_factory.mktemp("city") / "toy", sights=sights)
    return create_app(Settings(geodata=folder)).test_client()


def test_the_page_tells_walk_boat_and_landings(client: FlaskClient) -> None:
    soup = look(client, f"/en/plan?{DAY}")
    (ride,) = words(soup, ".row.ride")
    assert ride.startswith("08:53 By boat: Boat tour")
    assert "Walk about 960 m" in ride
    assert "09:10–09:20 Quay → Memory hall" in ride.replace(" → ", "→").replace("→", " → ")
    assert [str(rect["class"][0]) for rect in soup.select(".row.ride .bar rect")] == ["walk", "boat"]
    (drawn,) = soup.select("#plan-drawn")
    leg = json.loads(drawn.text)["legs"][0]
    assert [part["mode"] for part in leg["ride"]["parts"]] == ["walk", "boat"]
    assert (leg["ride"]["board"], leg["ride"]["at"]) == ("Quay", [121.01, 30.7])


def test_every_file_tells_of_the_boat(client: FlaskClient) -> None:
    told = "boat 09:10 from Quay (Boat tour), at Memory hall 09:20"
    assert told in client.get(f"/en/plan.txt?{DAY}").text
    assert told in client.get(f"/en/plan.ics?{DAY}").text.replace("\r\n ", "").replace("\\,", ",")
    assert told in client.get(f"/en/plan/print?{DAY}").text
    assert told in client.get(f"/en/plan/booklet.html?{DAY}").text
    assert told in client.get(f"/en/plan.kml?{DAY}").text
    features = json.loads(client.get(f"/en/plan.geojson?{DAY}").text)["features"]
    assert [f["properties"]["mode"] for f in features if f["properties"]["role"] == "leg"] == ["walk", "boat"]
    gpx = gpxpy.parse(client.get(f"/en/plan.gpx?{DAY}").text)
    assert [track.name for track in gpx.tracks] == [f"Toy City Atlas {coming(FRIDAY)}", "Boat tour"]


def test_one_may_ask_for_boats_on_the_form(client: FlaskClient) -> None:
    soup = look(client, f"/en/plan?{DAY}")
    assert [option["value"] for option in soup.select("#plan-boat option")] == ["no", "yes", "only"]
    (chosen,) = soup.select("#plan-boat option[selected]")
    assert chosen["value"] == "yes"


def test_a_boat_line_shows_its_timetable_both_ways(client: FlaskClient) -> None:
    soup = look(client, "/en/routes/boat-tour")
    assert words(soup, ".sailings h2") == ["Timetable", "Timetable (back)"]
    rows = [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in soup.select(".runs tr")]
    assert rows == [
        *(["Quay", "09:10", "11:10"], ["Memory hall", "09:20", "11:20"]),
        *(["Memory hall", "11:00"], ["Quay", "11:08"]),
    ]
    assert words(soup, ".sailings p")[0].startswith("Runs: Mon–Fri, 12 seats")


def test_too_large_a_party_walks(client: FlaskClient) -> None:
    assert not look(client, f"/en/plan?{DAY}&party=13").select(".row.ride")


def test_a_city_without_boats_does_not_ask_for_them(tmp_path: Path) -> None:
    on_foot = with_properties(walkable_sights(), "boat-tour", stops=None, legs=None)
    folder = write_walkable(tmp_path / "toy", sights=on_foot)
    page = BeautifulSoup(create_app(Settings(geodata=folder)).test_client().get("/en/plan").text, "html.parser")
    assert not page.select("#plan-boat")
