"""Change a planned day of the toy city by its links alone, as a visitor without scripts does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.settings import Settings
from plan_pages import DAY, MORNING, look, words
from toy import text, with_properties
from toy_plan import walkable_sights, works_at, write_walkable


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a browser that sees the toy city with its streets."""
    folder = write_walkable(tmp_path_factory.mktemp("city") / "toy")
    return create_app(Settings(geodata=folder)).test_client()


def follow(client: FlaskClient, soup: BeautifulSoup, stop_id: str, change: str) -> tuple[dict[str, str], BeautifulSoup]:
    """Return the query and the page behind a link of a stop."""
    (link,) = soup.select(f'.row[data-id="{stop_id}"] [data-change="{change}"]')
    query = {key: values[0] for key, values in parse_qs(urlsplit(str(link["href"])).query).items()}
    return query, look(client, str(link["href"]))


def drawn(soup: BeautifulSoup) -> dict[str, Any]:
    """Return what the map's script is told."""
    (node,) = soup.select("#plan-drawn")
    found: dict[str, Any] = json.loads(node.text)
    return found


def test_a_visit_is_made_longer_and_stays_in_the_plan(client: FlaskClient) -> None:
    query, soup = follow(client, look(client, f"/en/plan?{MORNING}"), "mill", "longer")
    assert (query["stay"], query["must"]) == ("mill:40", "mill")
    assert "09:15–09:55" in words(soup, ".row.visit")[0]


def test_a_visit_is_made_shorter(client: FlaskClient) -> None:
    query, soup = follow(client, look(client, f"/en/plan?{MORNING}"), "mill", "shorter")
    assert query["stay"] == "mill:20"
    assert "09:15–09:35" in words(soup, ".row.visit")[0]


def test_a_time_is_fixed_at_a_whole_minute_that_can_be_kept_and_freed_again(client: FlaskClient) -> None:
    query, soup = follow(client, look(client, f"/en/plan?{MORNING}"), "mill", "pin")
    assert query["begin_at"] == "mill:09:15"  # when it begins as it is
    assert words(soup, ".tag") == ["time fixed"]
    query, soup = follow(client, soup, "mill", "unpin")
    assert "begin_at" not in query
    assert words(soup, ".tag") == ["must"]


def test_stops_change_places(client: FlaskClient) -> None:
    soup = look(client, f"/en/plan?{MORNING.replace('12:00', '16:00')}")
    assert words(soup, ".stop-name") == ["Old mill", "Memory hall"]
    assert not soup.select('.row[data-id="mill"] [data-change="earlier"]')
    query, soup = follow(client, soup, "mill", "later")
    assert query["order"] == "hall,mill"
    assert words(soup, ".stop-name") == ["Memory hall", "Old mill"]


def test_what_was_changed_by_hand_can_be_let_go_in_the_form(client: FlaskClient) -> None:
    soup = look(client, f"/en/plan?{MORNING}&stay=mill:40&order=mill,hall&begin_at=hall:10:45")
    told = words(soup, ".by-hand label")
    assert told == ["Order: Old mill → Memory hall", "Old mill: 40 min", "Memory hall begins at 10:45"]
    fields = {(field["name"], field["value"]) for field in soup.select(".by-hand input[checked]")}
    assert fields == {("order", "mill,hall"), ("stay", "mill:40"), ("begin_at", "hall:10:45")}


def test_the_map_is_told_the_same_day_as_the_page(client: FlaskClient) -> None:
    # 957 m from the quay to the mill and 2,871 m on to the hall, in whole minutes at 65 m each; neither is surveyed.
    day = drawn(look(client, f"/en/plan?{MORNING}"))
    assert [(stop["id"], stop["is_about"], stop["begin_s"] // 60) for stop in day["stops"]] == [
        ("mill", True, 9 * 60 + 15),
        ("hall", True, 10 * 60 + 30),
    ]
    assert [leg["mode"] for leg in day["legs"] if leg] == ["walk", "walk", "walk"]
    assert day["start"] == [121.01, 30.7]


def test_bars_have_the_length_of_their_minutes(client: FlaskClient) -> None:
    visit, *_ = look(client, f"/en/plan?{MORNING}").select(".row.visit .bar rect.visit")
    assert float(str(visit["width"])) == pytest.approx(30, abs=0.1)
    assert float(str(visit["x"])) == pytest.approx(15, abs=0.1)


def test_a_link_tells_what_has_changed_since_it_was_made(client: FlaskClient) -> None:
    page = look(client, f"/en/plan?{MORNING}")
    button = page.select("[data-share]")[0]
    shared = urlsplit(str(button["data-share"]))
    assert words(page, "head title") == [
        f"{button['data-title']} · Toy City Atlas"
    ]  # a chat calls it what the page is called
    assert "made=" in shared.query
    assert words(look(client, f"{shared.path}?{shared.query}"), "#since p") == ["The plan is still the same."]
    assert not look(client, f"/en/plan?{MORNING}&made=broken").select("#since")


def test_a_link_that_knows_its_plan_is_planned_without_what_went(client: FlaskClient, tmp_path: Path) -> None:
    page = look(client, f"/en/plan?{MORNING}&programme=hall:talk&party=6")
    shared = str(page.select("[data-share]")[0]["data-share"])
    other = {"id": "walk", "title": text("走", "Walk"), "duration_min": 40, "source": "Town paper"}
    folder = write_walkable(tmp_path / "toy", sights=with_properties(walkable_sights(), "hall", programmes=[other]))
    later = create_app(Settings(geodata=folder)).test_client()
    told = words(look(later, shared[shared.index("/en/") :]), "#since li")
    assert told[0] == "Memory hall no longer has the programme that was chosen"
    assert later.get(f"/en/plan?{MORNING}&programme=hall:talk&party=6").status_code == 422


def test_lunch_is_no_warning_of_an_afternoon_after_it(client: FlaskClient) -> None:
    page = look(client, f"/en/plan?{MORNING}&lunch=yes".replace("09:00", "13:30").replace("12:00", "16:30"))
    assert "left out" in page.text
    assert not any("Lunch" in told for told in words(page, ".notice"))


def test_the_empty_form_offers_first_taps_and_no_plan(client: FlaskClient) -> None:
    soup = look(client, "/zh/plan")
    parts = [said.split()[1] for said in words(soup, ".day:nth-of-type(2) [data-span]")]
    assert parts == ["上午", "下午", "一整天"]  # of the weekend; of today only those that have not begun
    assert not soup.select(".timeline, #plan-drawn")


def test_interest_keeps_its_weight(client: FlaskClient) -> None:
    soup = look(client, f"/en/plan?date={DAY}&theme=art:2")
    (field,) = soup.select("[data-theme=art][checked]")
    assert field["value"] == "art:2"


def test_a_way_round_works_is_told_with_its_metres(tmp_path: Path) -> None:
    folder = write_walkable(tmp_path / "toy", works=works_at(121.02, 30.7))
    soup = look(create_app(Settings(geodata=folder)).test_client(), f"/en/plan?{MORNING}")
    _, note = words(soup, ".row.walk .note")  # the first says that it is a long walk
    assert note.startswith("About 1.1 km farther, to go round works: School: Piling")  # twice 0.005 degrees


def test_a_long_walk_is_said_to_be_one_on_the_page_and_in_the_text(client: FlaskClient) -> None:
    wish = f"date={DAY}&start=09:00&end=13:00&start_at=mill&end_at=hall&must=mill&unknown_hours=yes&step_free=yes"
    assert words(look(client, f"/en/plan?{wish}"), ".row.walk .note")[0].startswith("A long way on foot")  # 4 km round
    assert "A long way on foot" in client.get(f"/en/plan.txt?{wish}").text
    assert not words(look(client, f"/en/plan?{MORNING}"), ".row.walk .note")  # 2.9 km by the steps


def test_a_route_asks_for_the_time_first_and_tells_what_did_not_fit(client: FlaskClient) -> None:
    soup = look(client, "/en/plan?route=boat-tour&unknown_hours=yes")
    assert words(soup, "#plan-ask h2")[0].startswith("When will you follow")
    assert soup.select("#plan-ask .plan-form [name=date]")
    assert len(soup.select(".plan-form")) == 1
    soup = look(client, f"/en/plan?route=boat-tour&unknown_hours=yes&date={DAY}&start=10:00&end=11:15")
    assert not soup.select("#plan-ask .plan-form")
    (kept,) = words(soup, ".stop-name")  # one needs 30 minutes, the other 45, and 44 lie between them
    (left,) = {"Old mill", "Memory hall"} - {kept}
    assert words(soup, ".along li") == [f"{left}: there is not enough time"]
    soup = look(client, f"/en/plan?route=boat-tour&date={DAY}&start=10:00&end=15:00")
    assert words(soup, ".along li")[0].startswith("Old mill: its hours are not published")


def test_the_strip_names_its_hours_and_only_the_colours_that_it_has(client: FlaskClient) -> None:
    soup = look(client, f"/en/plan?{MORNING}")
    assert words(soup, ".strip text") == ["09:00", "10:00", "11:15"]  # 11:00 would touch the end
    assert words(soup, ".legend-line li") == ["visit", "walk"]
    soup = look(client, f"/en/plan?{MORNING.replace('&fullness=full', '').replace('12:00', '16:00')}&lunch=yes")
    assert words(soup, ".legend-line li") == ["visit", "walk", "lunch", "wait", "spare"]


def test_a_sheet_that_one_visitor_asked_for_keeps_nothing_of_theirs_for_the_next(client: FlaskClient) -> None:
    first = client.get(f"/en/plan/print?{MORNING}&ad=BUY-NOW")
    second = client.get(f"/en/plan/print?{MORNING}")
    assert (first.status_code, "BUY-NOW" in first.text, "BUY-NOW" in second.text) == (200, False, False)
    (link,) = BeautifulSoup(second.text, "html.parser").select("nav.tools a")
    assert client.get(str(link["href"])).status_code == 200
    assert parse_qs(urlsplit(str(link["href"])).query) == parse_qs(MORNING)


@pytest.mark.parametrize("query", ["v=1", "utm_source=chat"])
def test_a_key_that_says_nothing_does_not_hide_the_planner_from_search_engines(client: FlaskClient, query: str) -> None:
    pages = [look(client, address) for address in (f"/en/plan?{query}", "/en/plan", f"/en/plan?{MORNING}")]
    assert [len(page.select('meta[name="robots"]')) for page in pages] == [0, 0, 1]
