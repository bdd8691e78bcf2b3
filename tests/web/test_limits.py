"""Check that one address cannot take all the planning, and that nobody else notices when one tries."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.errors import ServerBusy
from cityatlas.limits import ADDRESS_LETTERS
from cityatlas.planner.request.request import TourRequest
from cityatlas.settings import Settings
from cityatlas.web.http.rate_limit import MOST_ADDRESSES, MOST_AT_ONCE, MOST_WAITING, Buckets, Turns
from cityatlas.web.plan import plans
from days import FRIDAY, coming
from toy_plan import walkable, write_walkable

DAY = coming(FRIDAY).isoformat()


class Clock:
    """Tell the time that a test says."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_a_bucket_holds_two_minutes_worth_and_fills_again() -> None:
    clock = Clock()
    buckets = Buckets(6, clock)  # one each 10 s
    assert [buckets.take("a") for _ in range(13)] == [0] * 12 + [10]
    assert buckets.take("b") == 0
    clock.now_s = 9.0
    assert buckets.take("a") == 1
    clock.now_s = 10.5
    assert buckets.take("a") == 0
    assert buckets.take("a") > 0


def test_a_bucket_never_holds_more_than_it_can() -> None:
    clock = Clock()
    buckets = Buckets(1, clock)
    clock.now_s = 10**6
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 60]


def test_a_flood_of_addresses_takes_no_more_memory() -> None:
    buckets = Buckets(1, Clock())
    for number in range(MOST_ADDRESSES + 100):
        buckets.take(str(number))
    assert len(buckets._kept) == MOST_ADDRESSES


def test_an_address_that_asks_again_is_not_forgotten_for_others() -> None:
    buckets = Buckets(1, Clock())
    assert [buckets.take("mine"), buckets.take("mine")] == [0, 0]
    for number in range(MOST_ADDRESSES + 100):
        buckets.take(str(number))
        if number % 1_000 == 0:
            assert buckets.take("mine") == 60


def test_the_plan_that_nobody_asked_for_longest_is_planned_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, morning_s = walkable(tmp_path), 9 * 3600
    wishes = [TourRequest(coming(FRIDAY), morning_s, morning_s + hours * 3600) for hours in (2, 3, 4)]
    made: list[str] = []

    def make_in_turn(_: Callable[[], object]) -> object:
        made.append("plan")
        return object()

    monkeypatch.setattr(plans, "MOST_KEPT", 2)
    monkeypatch.setattr(plans, "make_in_turn", make_in_turn)
    kept, now = plans.Plans(), datetime(2026, 5, 1, 9, tzinfo=UTC)
    for number, count in ((0, 1), (1, 2), (0, 2), (2, 3), (0, 3), (1, 4)):
        kept.get(city, wishes[number], now)
        assert len(made) == count


def browser(folder: Path, proxies: int = 0) -> FlaskClient:
    """Return a browser of a city where an address may have two new plans."""
    write_walkable(folder / "toy")
    return create_app(Settings(geodata=folder / "toy", plans_per_minute=1, proxies=proxies)).test_client()


def ask(client: FlaskClient, party: int, path: str = "/plan.json", **headers: str) -> int:
    wish = f"{path}?date={DAY}&start=09:00&party={party}"
    return client.get(wish, headers={k.replace("_", "-"): v for k, v in headers.items()}).status_code


def test_only_new_plans_count(tmp_path: Path) -> None:
    client = browser(tmp_path)
    assert [ask(client, 1) for _ in range(5)] == [200] * 5
    assert ask(client, 1, "/en/plan") == 200
    assert ask(client, 1, "/en/plan.ics") == 200
    assert [ask(client, party) for party in (2, 3, 1, 4)] == [200, 429, 200, 429]
    assert client.get("/en/plan").status_code == 200  # the form alone plans nothing


def test_who_asked_too_much_is_told_when_to_come_again(tmp_path: Path) -> None:
    client = browser(tmp_path)
    assert [ask(client, party) for party in (1, 2)] == [200, 200]
    answer = client.get(f"/plan.json?date={DAY}&party=3")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert answer.get_json()["error"]["code"] == "too_many_plans"
    page = client.get(f"/en/plan?date={DAY}&party=3")
    assert page.status_code == 429
    assert "Wait a minute and try again" in page.text
    assert int(page.headers["Retry-After"]) >= 1


@pytest.mark.parametrize(("proxies", "status"), [(0, 429), (1, 200)])
def test_a_header_is_believed_only_behind_a_proxy(tmp_path: Path, proxies: int, status: int) -> None:
    client = browser(tmp_path, proxies)
    for party in (1, 2):
        assert ask(client, party, X_Forwarded_For="192.0.2.1") == 200
    assert ask(client, 3, X_Forwarded_For="192.0.2.2") == status


def test_an_ipv6_household_shares_one_bucket(tmp_path: Path) -> None:
    client = browser(tmp_path, proxies=1)
    addresses = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::7", "2001:db8:1:2::9", "2001:db8:1:3::1"]
    assert [ask(client, n, X_Forwarded_For=a) for n, a in enumerate(addresses, 1)] == [200, 200, 429, 200]


def test_a_picture_that_must_be_drawn_counts_like_a_plan_and_one_that_is_kept_does_not(tmp_path: Path) -> None:
    client = browser(tmp_path)
    pictures = ["/zh/map.png", "/zh/map.png", "/zh/map.png?z=15", "/zh/map.png?z=16", "/zh/map.png"]
    assert [client.get(address).status_code for address in pictures] == [200, 200, 200, 429, 200]
    assert client.get("/zh/map.png?v=anything").status_code == 200  # the same picture


def test_two_threads_work_some_wait_and_the_others_are_refused() -> None:
    turns, begun, may_end = Turns(), threading.Semaphore(0), threading.Event()
    at_work, most_at_work, lock = 0, 0, threading.Lock()

    def work() -> None:
        nonlocal at_work, most_at_work
        with turns.turn():
            with lock:
                at_work += 1
                most_at_work = max(most_at_work, at_work)
            begun.release()
            may_end.wait(20)
            with lock:
                at_work -= 1

    threads = [threading.Thread(target=work) for _ in range(MOST_AT_ONCE + MOST_WAITING)]
    for thread in threads:
        thread.start()
    for _ in range(MOST_AT_ONCE):
        assert begun.acquire(timeout=20)
    while turns._places.acquire(blocking=False):  # until those that wait have come
        turns._places.release()
    with pytest.raises(ServerBusy), turns.turn():
        pass
    may_end.set()
    for thread in threads:
        thread.join(20)
    assert most_at_work == MOST_AT_ONCE
    with turns.turn():  # all places are free again
        pass


def test_who_comes_while_too_many_wait_is_told_so_and_kept_pages_are_answered(tmp_path: Path) -> None:
    client = browser(tmp_path)
    assert client.get("/zh/map.png").status_code == 200
    client.application.extensions |= {"cityatlas_turns": Turns(0, 0), "cityatlas_buckets": Buckets(30)}
    answer = client.get("/en/map.png")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "We are busy just now" in answer.text
    assert answer.headers["Refresh"] == "2"
    told = client.get(f"/plan.json?date={DAY}")
    assert (told.get_json()["error"]["code"], "Refresh" in told.headers) == ("server_busy", False)
    assert client.get("/zh/map.png").status_code == 200


@pytest.mark.parametrize("address", ["/zh/?q=", "/nowhere/", "/layers/sights.geojson?v=", "/staff/login?next="])
def test_an_address_that_no_proxy_would_let_pass_is_refused_in_words(tmp_path: Path, address: str) -> None:
    client = browser(tmp_path)
    assert client.get(address + "x" * (ADDRESS_LETTERS - 100)).status_code != 414
    answer = client.get(address + "x" * ADDRESS_LETTERS, headers={"Accept-Language": "en"})
    assert answer.status_code == 414
    asked = client.options(f"/layers/sights.xlsx?q={'x' * ADDRESS_LETTERS}")  # which other sites may ask for
    assert (asked.status_code, asked.headers["X-Content-Type-Options"]) == (414, "nosniff")
    assert "too long" in answer.text or "太长" in answer.text or answer.is_json
