"""Show ways by taxi, bicycle and bus as the estimates that they are: on the page, in every file, on the form."""

from __future__ import annotations

import json
from pathlib import Path

import gpxpy
import pytest
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.settings import Settings
from days import FRIDAY, coming
from plan_pages import look, words
from toy import CITY_TOML
from toy_rides import RIDES, write_riding

DAY = f"date={coming(FRIDAY)}&start=08:50&end=12:00&start_at=mill&must=hall&not=mill,fort&fullness=full"
TOLD = "Taxi about 4.3 km, about 14 min with the wait (estimate)"
BASIS = "Metres and minutes by taxi are an estimate: Assumed."


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = write_riding(tmp_path_factory.mktemp("city") / "toy")
    return create_app(Settings(geodata=folder)).test_client()


def test_the_page_marks_a_ride_as_an_estimate_and_says_on_what_it_rests(client: FlaskClient) -> None:
    soup = look(client, f"/en/plan?{DAY}&modes=walk,taxi&party=9")
    assert words(soup, ".row.transfer") == [f"08:50 {TOLD} You need 3 cars."]
    assert BASIS in soup.select_one("#plan-day").text  # type: ignore[union-attr]
    (drawn,) = soup.select("#plan-drawn")
    leg = json.loads(drawn.text)["legs"][0]
    assert (leg["mode"], leg["estimate"]["words"], leg["length_m"]) == ("taxi", TOLD, 0)
    assert [str(rect["class"][0]) for rect in soup.select(".row.transfer .bar rect")] == ["taxi"]
    assert "taxi" in words(soup, ".legend-line li")


def test_every_file_marks_it_too(client: FlaskClient) -> None:
    wish = f"{DAY}&modes=walk,taxi"
    for kind in ("txt", "ics", "kml", "gpx"):
        told = client.get(f"/en/plan.{kind}?{wish}").text.replace("\r\n ", "").replace("\\,", ",")
        assert TOLD in told, kind
        assert BASIS in told, kind
    for page in ("print", "booklet.html"):
        told = client.get(f"/en/plan/{page}?{wish}").text
        assert TOLD in told, page
        assert BASIS in told, page
    collection = json.loads(client.get(f"/en/plan.geojson?{wish}").text)
    (way,) = [f["properties"] for f in collection["features"] if f["properties"]["role"] == "leg"]
    assert (way["mode"], way["is_estimate"], way["notes"]) == ("taxi", True, [TOLD])
    assert BASIS in collection["note"]
    (leg, _) = client.get(f"/plan.json?{wish}").json["legs"]  # type: ignore[index]
    assert (leg["mode"], leg["is_estimate"], leg["minutes"], leg["parts"][0]["length_m"]) == ("taxi", True, 14, 4311)
    gpx = gpxpy.parse(client.get(f"/en/plan.gpx?{wish}").text)
    assert [track.name for track in gpx.tracks] == [TOLD]


def test_a_long_walk_offers_a_ride_by_one_link(client: FlaskClient) -> None:
    soup = look(client, f"/en/plan?{DAY}")
    (offer,) = soup.select(".ride-offer")
    assert "This walk of about 2.9 km: by taxi about 14 min (estimate)." in " ".join(offer.text.split())
    (link,) = offer.select("a")
    assert words(look(client, str(link["href"])), ".row.transfer") == [f"08:50 {TOLD}"]


def test_a_start_off_every_path_leads_to_the_plan_by_taxi(client: FlaskClient) -> None:
    soup = look(client, f"/en/plan?{DAY.replace('start_at=mill', 'start_at=fort')}", 422)
    (again,) = soup.select("#fault a[data-replan]")
    assert words(look(client, str(again["href"])), ".row.transfer")


def test_the_form_asks_what_one_may_ride(client: FlaskClient, tmp_path: Path) -> None:
    soup = look(client, f"/en/plan?{DAY}&modes=walk,taxi&ride_from=1000")
    assert [box["value"] for box in soup.select("[name=modes]")] == ["taxi", "bus", "bicycle"]
    assert [box["value"] for box in soup.select("[name=modes][checked]")] == ["taxi"]
    (chosen,) = soup.select("#plan-ride_from option[selected]")
    assert chosen["value"] == "1000"
    bare = create_app(Settings(geodata=write_riding(tmp_path / "no-line", RIDES))).test_client()
    soup = look(bare, f"/en/plan?{DAY}")
    assert [box["value"] for box in soup.select("[name=modes]")] == ["taxi", "bicycle"]
    assert "Bus: no line with a source is known" in soup.select_one("#form-rides").text  # type: ignore[union-attr]
    none = create_app(Settings(geodata=write_riding(tmp_path / "none", ""))).test_client()
    assert not look(none, f"/en/plan?{DAY}").select("[name=modes]")


def test_the_empty_form_asks_first_where_one_starts_and_is_a_visitors(client: FlaskClient) -> None:
    soup = look(client, "/en/plan")
    first, second = soup.select(".plan-form > fieldset")[:2]
    assert (first["class"], second["class"]) == (["from"], ["when"])
    assert [button["data-start"] for button in first.select("[data-start]")] == ["quay"]
    assert [option["value"] for option in first.select("#plan-end_at option")][:2] == ["", "start"]
    assert [box["name"] for box in soup.select(".plan-form input[type=checkbox][checked]")] == [
        "unknown_hours",
        "lunch",
        "modes",
    ]
    assert [option["value"] for option in soup.select("#plan-ride_from option[selected]")] == ["1000"]


def test_one_who_comes_back_ends_where_one_starts(client: FlaskClient) -> None:
    soup = look(client, f"/en/plan?{DAY}&end_at=start")
    assert words(soup, ".row.edge")[-1].endswith("End at Old mill")
    (chosen,) = soup.select("#plan-end_at option[selected]")
    assert chosen["value"] == "start"
    assert words(look(client, f"/en/plan?{DAY.replace('start_at=mill', 'end_at=start')}"), ".row.edge")[-1].endswith(
        "the last place"
    )


def test_what_is_for_locals_is_left_to_those_who_choose_its_theme(tmp_path: Path) -> None:
    toml = CITY_TOML.replace('icon = "castle"', 'icon = "castle", for_locals = true')
    here = create_app(Settings(geodata=write_riding(tmp_path / "toy", toml=toml))).test_client()
    wish = f"date={coming(FRIDAY)}&start=09:00&end=16:00&unknown_hours=yes&not=fort"

    def stops(more: str) -> list[str]:
        return sorted(words(look(here, f"/en/plan?{wish}{more}"), ".stop-name"))

    assert stops("") == ["Memory hall", "Old mill"]  # an old address
    assert stops("&audience=visitors") == ["Memory hall"]
    assert stops("&audience=visitors&theme=family,art") == ["Memory hall", "Old mill"]
    assert stops("&audience=visitors&must=mill") == ["Memory hall", "Old mill"]
    assert look(here, "/en/plan").select("[name=audience][checked]")


def test_nobody_is_asked_to_check_first_of_what_has_no_door(tmp_path: Path) -> None:
    toml = CITY_TOML.replace('icon = "castle"', 'icon = "castle", open_air = true')
    here = create_app(Settings(geodata=write_riding(tmp_path / "toy", toml=toml))).test_client()
    wish = f"date={coming(FRIDAY)}&start=09:00&end=16:00&unknown_hours=yes&must=mill&not=fort,hall"
    assert words(look(here, f"/en/plan?{wish}"), ".hours-unknown") == ["Hours unknown at stop 1."]
    assert "Hours unknown\n" in here.get(f"/en/plan.gpx?{wish}").text
