"""Ask for plans as a program does: the documented example, every key in its natural form, and any nonsense."""

from __future__ import annotations

import json
import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cityatlas.app import create_app
from cityatlas.limits import ADDRESS_LETTERS
from cityatlas.planner.request.request import KEYS
from cityatlas.settings import Settings
from days import FRIDAY, coming
from toy_plan import write_walkable

DAY = coming(FRIDAY).isoformat()
PLENTY = 100_000  # plans a minute: what these tests check is not the share of an address
README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """Return a program that asks the toy city."""
    folder = write_walkable(tmp_path_factory.mktemp("city") / "toy")
    return create_app(Settings(geodata=folder, plans_per_minute=PLENTY)).test_client()


@pytest.fixture(scope="module")
def shipped() -> FlaskClient:
    """Return a program that asks the shipped city."""
    return create_app(Settings(plans_per_minute=PLENTY)).test_client()


def post(client: FlaskClient, **wish: Any) -> dict[str, Any]:
    usual = {"date": DAY, "start": "09:00", "end": "16:00", "unknown_hours": True, "fullness": "full"}
    answer = client.post("/api/plan", json=usual | wish)
    assert answer.status_code == 200, answer.text
    table: dict[str, Any] = answer.get_json()
    return table


def test_the_readmes_example_is_answered_with_the_lecture(shipped: FlaskClient) -> None:
    (body,) = re.findall(r"/api/plan -d '(\{.*?\})'", README.read_text("utf-8"), re.DOTALL)
    wish = json.loads(body) | {"date": (coming(FRIDAY) + timedelta(days=1)).isoformat()}  # a Saturday
    answer = shipped.post("/api/plan", json=wish)
    assert answer.status_code == 200
    table = answer.get_json()
    (lecture,) = [stop for stop in table["stops"] if stop["programme"]]
    assert lecture["id"] == "on-board-lecture-line"
    assert lecture["programme"]["title"]["zh"] == "水上党课（菜单式）"
    assert {"boat_unknown", "length_assumed"} <= set(lecture["warnings"])
    assert table["alternatives"]


def test_objects_and_lists_mean_what_the_address_means(client: FlaskClient) -> None:
    posted = post(
        client,
        stay={"hall": 60},
        begin_at={"hall": "13:00"},
        programme={"hall": "talk"},
        party=6,
        order=["mill", "hall"],
    )
    (hall,) = [stop for stop in posted["stops"] if stop["id"] == "hall"]
    assert (hall["begin"], hall["end"], hall["is_begin_fixed"]) == ("13:00", "14:00", True)
    assert hall["programme"]["id"] == "talk"
    assert client.get(f"/plan.json?{posted['query']}").get_json() == posted


def test_an_alternative_is_answered_by_its_own_address(shipped: FlaskClient) -> None:
    table = post(shipped)
    for other in table["alternatives"]:
        again = shipped.get(f"/plan.json?{other['query']}").get_json()
        assert [stop["id"] for stop in again["stops"]] == [stop["id"] for stop in other["stops"]]
        assert again["totals"] == other["totals"]
        assert other["kind"] not in [o["kind"] for o in again["alternatives"]]
    assert table["alternatives"]


def test_an_alternative_that_is_none_any_more_gives_the_plan_and_says_so(client: FlaskClient) -> None:
    plan, other = post(client, must=["hall", "mill"]), post(client, must=["hall", "mill"], variant="more")
    assert other["stops"] == plan["stops"]
    assert "variant_gone" in other["notices"]
    assert "variant_gone" not in plan["notices"]


def test_a_plan_that_is_asked_for_again_tells_what_changed_since(client: FlaskClient) -> None:
    made = post(client)["made"]
    since = post(client, made=made)["since"]
    assert since["changes"] == []
    assert post(client, made="x" * 5000)["since"] is None
    assert post(client, made=made, pace="slow")["since"] is None  # of another wish


def test_why_a_route_lacks_a_stop_is_told_by_name(client: FlaskClient) -> None:
    assert {"id": "quay", "reason": "not_visited"} in post(client, route="boat-tour")["dropped"]


HALF = ["hall", "mill", "quay", "boat-tour", "old-mill", "hall:45", "hall:13:00", "hall:talk", "yes", "art:3", "less"]
WRONG = ["121.0,30.7", "nan,nan", DAY, "0001-01-01", "9999-12-31", "24:00", "-1", "²", "1e400", "", ",", ":", "\x00"]
LONG = ["💣", "hall," * 500, "a" * 3000, "%00", "../../etc", "{{7*191}}"]
WORDS = st.sampled_from([*HALF, *WRONG, *LONG])
VALUES = WORDS | st.text(max_size=30)
QUERIES = st.lists(st.tuples(st.sampled_from([*KEYS, "made", "x"]), VALUES), max_size=8)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | VALUES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(VALUES, inner, max_size=4),
    max_leaves=8,
)
WISHES = st.dictionaries(st.sampled_from([*KEYS, "from", "to", "made", "x"]), DOCUMENTS, max_size=6) | DOCUMENTS
MOST_S = 3.0


def is_answered(status: int, table: dict[str, Any], begun_s: float) -> None:
    assert time.thread_time() - begun_s < MOST_S
    assert status in (200, 422)
    if status == 422:
        assert table["error"]["message"]
        assert table["error"]["code"] == "invalid_tour"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUERIES)
def test_any_address_is_planned_or_gets_a_sentence(client: FlaskClient, pairs: list[tuple[str, str]]) -> None:
    query, begun_s = urlencode(pairs, errors="replace"), time.thread_time()
    answer = client.get(f"/plan.json?{query}")
    if len("/plan.json") + len(query) > ADDRESS_LETTERS:
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (414, "request_uri_too_long")
        return
    is_answered(answer.status_code, answer.get_json(), begun_s)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WISHES)
def test_any_document_is_planned_or_gets_a_sentence(client: FlaskClient, wish: Any) -> None:
    begun_s = time.thread_time()
    body = json.dumps(wish).encode("ascii")
    answer = client.post("/api/plan", data=body, content_type="application/json")
    is_answered(answer.status_code, answer.get_json(), begun_s)
