"""Plan tours of the toy city as a visitor without scripts, and as a program."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.settings import Settings
from days import FRIDAY, coming
from plan_pages import DAY, MORNING, look, words
from toy_plan import write_walkable

MONDAY = (coming(FRIDAY) + timedelta(days=3)).isoformat()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a browser that sees the toy city with its streets."""
    folder = write_walkable(tmp_path_factory.mktemp("city") / "toy")
    return create_app(Settings(geodata=folder, public_url="https://atlas.example")).test_client()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("query", ["", f"?{MORNING}", f"?date={MONDAY}&must=hall"])
def test_a_page_is_whole(client: FlaskClient, language: str, query: str) -> None:
    soup = look(client, f"/{language}/plan{query}")
    assert len(soup.select("h1")) == 1
    assert not soup.select("[style], style")
    ids = [str(found["id"]) for found in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    for field in soup.select("form.plan-form input:not([type=checkbox], [type=radio]), form.plan-form select"):
        assert soup.select(f'label[for="{field["id"]}"]')


def test_the_form_alone_is_enough(client: FlaskClient) -> None:
    soup = look(client, "/en/plan")
    fields = soup.select(".plan-form input[value]:not([type=checkbox], [type=radio]), .plan-form input[checked]")
    ways = {"place.mill": "must", "place.hall": "not"}
    query = (
        "&".join(f"{f['name']}={ways.get(str(f['name']), f['value'])}" for f in fields)
        + "&start_at=&end_at=&pace=normal&fullness=normal"
    )
    answer = client.get(f"/en/plan?{query}")
    assert answer.status_code == 303  # each place has a field; the address that is shown has two keys for them all
    address = answer.headers["Location"]
    assert address.startswith("/en/plan?date=")
    assert address.endswith("&must=mill&not=hall")
    assert words(look(client, address), ".stop-name") == ["Old mill"]


def test_a_plan_is_told_with_times_walks_and_what_to_know(client: FlaskClient) -> None:
    soup = look(client, f"/en/plan?{MORNING}")
    assert words(soup, ".stop-name") == ["Old mill", "Memory hall"]
    assert "09:15–09:45" in words(soup, ".row.visit")[0]
    assert words(soup, ".hours-unknown") == ["Hours unknown at stop 1: check first."]  # once, not at each stop
    assert "check first" not in " ".join(words(soup, ".row.visit"))
    assert words(soup, ".row.walk")[0].startswith("09:00 Walk about 960 m, about 15 min")
    assert words(soup, ".row.edge")[-1].startswith("11:15 End at Memory hall")
    assert len(soup.select("#picture svg a")) == 2


def test_the_switch_of_language_keeps_the_wish(client: FlaskClient) -> None:
    (link,) = look(client, f"/en/plan?{MORNING}").select('.languages a[hreflang="zh-CN"]')
    assert f"date={DAY}" in str(link["href"])
    assert "start_at=quay" in str(link["href"])
    assert words(look(client, str(link["href"])), ".stop-name") == ["老磨坊", "纪念馆"]


def test_a_stop_can_be_left_out_by_a_link(client: FlaskClient) -> None:
    soup = look(client, f"/en/plan?{MORNING}")
    assert words(look(client, str(soup.select(".stop-links a")[0]["href"])), ".stop-name") == ["Memory hall"]


def test_why_not_offers_links_that_work(client: FlaskClient) -> None:
    soup = look(client, f"/en/plan?date={MONDAY}&must=hall")
    assert words(soup, "#nothing li") == ["Memory hall: it is closed on that day"]
    links = {" ".join(a.get_text().split()): str(a["href"]) for a in soup.select(".changes a")}
    (tuesday,) = [address for label, address in links.items() if re.match(r"Go on Tuesday, \d+ [A-Z][a-z]+$", label)]
    assert words(look(client, tuesday), ".stop-name") == ["Memory hall"]


def test_sentences_are_as_one_says_them(client: FlaskClient) -> None:
    soup = look(client, f"/zh/plan?{MORNING}")
    assert words(soup, ".row.walk")[0].startswith("09:00 步行约 960 米，约 15 分钟")
    left_out = words(look(client, f"/en/plan?date={DAY}&must=mill"), ".offer")
    assert left_out[0].startswith("1 place is left out: no published hours.")
    labels = words(look(client, f"/zh/plan?date={MONDAY}&must=hall"), ".changes a")
    assert any(re.match(r"改到\d+月\d+日（周二）$", label) for label in labels)


def test_the_form_keeps_what_was_asked(client: FlaskClient) -> None:
    soup = look(client, f"/en/plan?{MORNING}&must=hall&not=mill&theme=art&lunch=yes&party=3")
    checked = {(f["name"], f["value"]) for f in soup.select(".plan-form input[checked]")}
    wanted = {
        ("place.hall", "must"),
        ("place.mill", "not"),
        ("theme", "art"),
        ("lunch", "yes"),
        ("unknown_hours", "yes"),
    }
    assert {(name, value) for name, value in checked if value} == wanted
    assert [f["value"] for f in soup.select(".plan-form option[selected]")] == ["quay", "hall", "normal", "full"]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("date=2020-01-01", "That time is past."),
        (f"date={DAY}&start=14:00&end=13:00", "The end has to come after the start."),
        (f"date={DAY}&start=14:00&end=14:03", "from 20 minutes to 16 hours"),
        (f"date={DAY}&minutes=1576800", "“1576800” is not a number"),
        (f"date={DAY}&must=nowhere", "There is no place “nowhere”."),
        (f"date={DAY}&must=hal", "There is no place “hal”. Did you mean Memory hall?"),
        (f"date={DAY}&must=hall&not=hall", "Memory hall is both a must and left out"),
        (f"date={DAY}&mustt=hall", "“mustt” in the address is a slip; it should be “must”."),
        (f"date={DAY}&stay=hall", "Nothing is said of Memory hall"),
        (f"date={DAY}&pace=gallop", "“gallop” is not one of the choices: slow, normal, brisk."),
        (f"date={DAY}&must={','.join(['hall'] * 500)}", "too many places; at most 12"),
        (f"date={DAY}&start_at=121.09,30.79", "from any path that the map knows"),
        (f"date={DAY}&start_at=%3Cscript%3E", "There is no place “<script>”."),
    ],
)
def test_a_wish_that_cannot_be_read_gets_a_sentence_and_the_form(client: FlaskClient, query: str, told: str) -> None:
    soup = look(client, f"/en/plan?{query}", 422)
    assert told in words(soup, "#fault")[0]
    assert soup.select(".plan-form")


@pytest.mark.parametrize(
    ("query", "told", "marked"),
    [
        (f"date={DAY}&start=14:00&end=13:00", "End: The end has to come after the start.", "plan-end"),
        (f"date={DAY}&start=25:00", "Start: “25:00” is not a time", "plan-start"),
        ("date=2020-01-01", "Day: That time is past.", "plan-date"),
        (f"date={DAY}&party=0", "People: “0” is not a number that fits here: from 1 to 500.", "plan-party"),
        (f"date={DAY}&start_at=121.09,30.79", "Start at: This place is", "plan-start_at"),
    ],
)
def test_a_fault_names_and_marks_its_field(client: FlaskClient, query: str, told: str, marked: str) -> None:
    soup = look(client, f"/en/plan?{query}", 422)
    assert words(soup, "#fault-text")[0].startswith(told)
    (field,) = soup.select("[aria-invalid=true]")
    assert (field["id"], field["aria-describedby"]) == (marked, "fault-text")
    folds = [parent for parent in field.parents if parent.name == "details"]
    assert all(parent.has_attr("open") for parent in folds)


def test_a_link_whose_day_has_passed_offers_the_same_weekday(client: FlaskClient) -> None:
    soup = look(client, "/en/plan?date=2020-01-03&start=09:00&end=16:00&must=hall&unknown_hours=yes", 422)  # a Friday
    (link,) = soup.select("#fault a.button")
    again = look(client, str(link["href"]))
    assert words(again, ".plan-when strong")[0].startswith("Friday")
    assert words(again, ".stop-name")


def test_a_fault_leaves_what_was_right_in_the_form(client: FlaskClient) -> None:
    soup = look(client, f"/en/plan?date={DAY}&start=11:00&end=10:00&start_at=quay&party=4", 422)
    values = {
        str(f["name"]): f["value"] for f in soup.select(".fields input, .fields option[selected]") if "name" in f.attrs
    }
    assert (values["date"], values["start"], values["party"]) == (DAY, "11:00", "4")
    assert soup.select('#plan-start_at option[value="quay"][selected]')


def test_a_program_gets_the_same_plan_by_get_and_by_post(client: FlaskClient) -> None:
    wish = dict(pair.split("=") for pair in MORNING.split("&")) | {"unknown_hours": True}
    got, posted = client.get(f"/plan.json?{MORNING}"), client.post("/api/plan", json=wish)
    assert (got.status_code, posted.status_code) == (200, 200)
    assert got.json == posted.json
    table: dict[str, Any] = got.get_json()
    assert [stop["id"] for stop in table["stops"]] == ["mill", "hall"]
    assert table["totals"]["walk_min"] == 60
    assert table["page"] == f"/plan?{table['query']}"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "The body is not a JSON object."),
        (b"[1]", "The body is not a JSON object."),
        (b"[" * 30_000, "The body is not a JSON object."),
        (b'{"must": "\\ud800"}', "The body is not a JSON object."),
        (b'{"date": "soon"}', 'date="soon" is not a day.'),
        (b'{"strat": "13:30"}', '"strat" is not known.'),
        (b'{"must": {"a": 1}}', "There is no site"),
        (b'{"party": 1e400}', "party="),
        (b'{"must": [["hall"]]}', "must holds a list or an object where one value belongs."),
        (b'{"start_at": {"type": "Point", "coordinates": [121, 30.7]}}', "start_at holds a list or an object"),
    ],
)
def test_a_wrong_body_gets_the_one_shape_of_errors(client: FlaskClient, body: bytes, message: str) -> None:
    answer = client.post("/api/plan", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.get_json()["error"]["code"] == "invalid_tour"
    assert message in answer.get_json()["error"]["message"]


def test_an_error_says_its_sentence_in_the_language_that_a_program_accepts(client: FlaskClient) -> None:
    told = {
        language: client.get("/plan.json?must=hal", headers={"Accept-Language": language}).get_json()["error"]
        for language in ("zh", "en")
    }
    assert told["en"]["reason"] == "unknown_site"
    assert told["en"]["sentence"] == "There is no place “hal”. Did you mean Memory hall?"
    assert told["zh"]["sentence"] == "没有“hal”这个地点，您要找的是不是纪念馆？"


def test_what_chat_apps_and_counters_add_to_an_address_is_let_be(client: FlaskClient) -> None:
    added = "from=singlemessage&isappinstalled=0&utm_source=a&utm_term=b&fbclid=c&lang=en&share_token=d&scene=1"
    assert client.get(f"/plan.json?{MORNING}&{added}").status_code == 200
    assert client.get(f"/plan.json?{MORNING}&themes=art").status_code == 422


def test_a_body_without_its_header_or_beyond_its_size_is_told_what_it_needs(client: FlaskClient) -> None:
    bare = client.post("/api/plan", data=b"{}")
    assert "Content-Type: application/json" in bare.get_json()["error"]["hint"]
    long = client.post("/api/plan", data=b'{"must": "' + b"a" * 61_000 + b'"}', content_type="application/json")
    assert "60000 bytes" in long.get_json()["error"]["message"]


def test_a_whole_number_may_have_a_point(client: FlaskClient) -> None:
    assert client.post("/api/plan", json={"date": DAY, "minutes": 120.0, "unknown_hours": True}).status_code == 200


def test_a_card_leads_to_a_plan_only_where_one_can_go(client: FlaskClient) -> None:
    (link,) = look(client, "/en/sites/mill").select('a[href^="/en/plan?must=mill"]')
    assert "Old mill" in words(look(client, str(link["href"])), ".stop-name")  # of no known hours, as most places are
    assert not look(client, "/en/sites/school").select('a[href^="/en/plan?must"]')


def test_a_city_without_paths_has_no_planner_in_its_menu(toy_app: Any) -> None:
    bare = toy_app.test_client()
    assert not look(bare, "/en/about").select('.site-nav a[href="/en/plan"]')
    assert "no paths to walk on" in words(look(bare, f"/en/plan?date={DAY}", 422), "#fault")[0]
