"""Repeat kept answers without asking Flask, and never a stale one."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Response
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers

from cityatlas.app import create_app
from cityatlas.settings import Settings
from cityatlas.web.http.sending import repeats
from cityatlas.web.http.sending.answers import AnswerCache
from cityatlas.web.http.sending.caching import PUBLIC
from cityatlas.web.ops.metrics import Meter
from toy import sights, with_properties, write_city

BROTLI = {"Accept-Encoding": "br"}


def flask_calls(client: FlaskClient) -> list[str]:
    """Return a list that grows with each request that reaches Flask."""
    asked: list[str] = []
    client.application.before_request_funcs.setdefault(None, []).append(lambda: asked.append("asked"))
    return asked


@pytest.fixture
def fresh(toy_city: Path) -> FlaskClient:
    return create_app(Settings(geodata=toy_city, recheck_s=0.01, embed_days=0)).test_client()


def test_second_request_is_repeated_byte_for_byte_with_all_headers(fresh: FlaskClient) -> None:
    asked = flask_calls(fresh)
    first, second = (fresh.get("/zh/sites/mill", headers=BROTLI) for _ in range(2))
    assert asked == ["asked"]
    assert second.data == first.data
    assert sorted(second.headers) == sorted(first.headers)


def test_other_coding_and_304_come_from_the_same_answer(fresh: FlaskClient) -> None:
    first = fresh.get("/zh/")
    asked = flask_calls(fresh)
    assert fresh.get("/zh/", headers=BROTLI).headers["Content-Encoding"] == "br"
    again = fresh.get("/zh/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert asked == []


def test_addresses_that_depend_on_the_visitor_or_the_minute_always_ask(fresh: FlaskClient) -> None:
    asked = flask_calls(fresh)
    for path in ("/", "/zh/hours.json", "/zh/sites/nowhere", "/health"):
        for _ in range(2):
            fresh.get(path)
    assert len(asked) == 8


def test_new_snapshot_is_answered_anew(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city")
    client = create_app(Settings(geodata=folder, recheck_s=0.01)).test_client()
    client.get("/en/sites/mill")
    write_city(folder, sights=with_properties(sights(), "mill", name={"zh": "新磨坊", "en": "New mill"}))
    end_s = time.monotonic() + 20  # the rebuild runs beside, on a machine that may be busy
    while time.monotonic() < end_s:
        if b"New mill" in client.get("/en/sites/mill").data:
            return
        time.sleep(0.02)
    raise AssertionError("the old answer was repeated")


def test_answer_is_repeated_for_seconds_only(toy_city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repeats, "REPEAT_S", -1.0)
    client = create_app(Settings(geodata=toy_city)).test_client()
    asked = flask_calls(client)
    client.get("/zh/")
    client.get("/zh/")
    assert len(asked) == 2


def kept(client: FlaskClient) -> AnswerCache:
    """Return the answers that an application keeps."""
    answers: AnswerCache = client.application.extensions["cityatlas_answers"]
    return answers


@pytest.mark.parametrize(
    "address",
    [
        "/city.css?v={}",
        "/city.css?q={}",
        "/zh/?v={}",
        "/zh/?utm_source={}",
        "/layers/sights.geojson?v={}",
        "/en/about?q={}",
    ],
)
def test_a_key_that_the_page_does_not_read_makes_no_second_answer(fresh: FlaskClient, address: str) -> None:
    bodies = {fresh.get(address.format(number)).data for number in range(20)}
    assert (len(bodies), len(kept(fresh))) == (1, 1)


def test_what_a_long_query_asks_for_is_not_kept(fresh: FlaskClient) -> None:
    for number in range(20):
        answer = fresh.get(f"/zh/search?q=mill{number}{'x' * 2_100}")
        assert answer.status_code == 200
    assert len(kept(fresh)) == 0
    assert fresh.get("/zh/search?q=mill").status_code == 200
    assert len(kept(fresh)) == 1


def test_an_answer_that_was_let_go_is_made_anew(fresh: FlaskClient) -> None:
    first = fresh.get("/zh/sites/mill")
    kept(fresh)._kept.clear()
    asked = flask_calls(fresh)
    assert fresh.get("/zh/sites/mill").data == first.data
    assert len(asked) == 1


def test_repeats_take_no_more_than_their_share(fresh: FlaskClient) -> None:
    meter = fresh.application.wsgi_app
    assert isinstance(meter, Meter)
    before_app = meter._app
    assert isinstance(before_app, repeats.ReadyAnswers)
    for number in range(600):
        fresh.get(f"/zh/about?utm={number}{'x' * 1_900}")
    assert 100 < len(before_app._kept) < 600
    assert before_app._kept.currsize <= repeats.MOST_BYTES
    assert len(kept(fresh)) == 1
    fresh.get(f"/zh/sites/?utm={'x' * 2_100}")
    assert not any("/sites/" in path for _, path, _ in before_app._kept)


def test_an_answer_that_is_kept_after_the_snapshot_was_swapped_is_not_repeated(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city")
    app = create_app(Settings(geodata=folder, recheck_s=0.01))
    live, client = app.extensions["cityatlas_live"], app.test_client()
    others: list[int] = []

    class Swapping(Headers):
        """Swap the snapshot while an answer is being kept, and let another visitor ask in that moment."""

        def __iter__(self) -> Iterator[tuple[str, str]]:
            if not others:
                others.append(1)
                write_city(folder, sights=with_properties(sights(), "mill", name={"zh": "新磨坊", "en": "New mill"}))
                live.refresh()
                other = threading.Thread(target=lambda: others.append(app.test_client().get("/en/about").status_code))
                other.start()
                other.join()
            return super().__iter__()

    @app.after_request
    def hook(response: Response) -> Response:
        response.headers = Swapping(list(response.headers))
        return response

    assert "Old mill" in client.get("/en/sites/mill").text
    assert others == [1, 200]
    assert "New mill" in client.get("/en/sites/mill").text


@pytest.mark.parametrize("path", ["/zh/hours.json", "/zh/search.json?q=mill"])
def test_what_names_places_is_asked_for_again_each_time(fresh: FlaskClient, path: str) -> None:
    assert fresh.get(path).headers["Cache-Control"] == PUBLIC
