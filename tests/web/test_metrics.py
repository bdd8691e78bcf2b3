"""Hold the counts for operators to what was asked, and to those who may read them."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from cityatlas.app import create_app
from cityatlas.settings import Settings
from cityatlas.web.http.rate_limit import Turns
from cityatlas.web.http.sending.caching import PRIVATE

TOKEN = "a-word-of-operators"


@pytest.fixture
def app(tmp_path: Path, toy_city: Path) -> Flask:
    return create_app(Settings(geodata=toy_city, var=tmp_path / "var"))


def counted(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """Return each value by its name and its labels without the process, as a reader of Prometheus' text sees it."""
    answer = client.get("/metrics")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, PRIVATE)
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    samples = [one for family in text_string_to_metric_families(answer.text) for one in family.samples]
    assert all(one.labels["process"].isdigit() for one in samples)
    return {(one.name, *(v for k, v in one.labels.items() if k != "process")): one.value for one in samples}


def test_answers_are_counted_by_kind_and_status_whether_made_or_repeated(app: Flask) -> None:
    client = app.test_client()
    for _ in range(3):
        etag = client.get("/zh/sites/mill").headers["ETag"]
    for address in ("/zh/nowhere", "/layers/sights.geojson", "/zh/hours.json?at=never"):
        client.get(address)
    client.get("/zh/sites/mill", headers={"If-None-Match": etag})
    told = counted(client)
    requests = {key[1:]: value for key, value in told.items() if key[0] == "cityatlas_requests_total"}
    assert requests == {
        ("page", "2xx"): 3,
        ("page", "4xx"): 1,
        ("data", "2xx"): 1,
        ("data", "4xx"): 1,
        ("none", "3xx"): 1,
    }
    assert told["cityatlas_request_seconds_count",] == 7
    assert told["cityatlas_request_seconds_bucket", "+Inf"] == 7


def test_what_is_shown_and_refused_is_told(app: Flask) -> None:
    client = app.test_client()
    app.extensions["cityatlas_turns"] = Turns(0, 0)
    assert client.get("/zh/map.png").status_code == 503
    told = counted(client)
    assert told["cityatlas_busy_total",] == 1
    assert told["cityatlas_snapshot_revision", client.get("/ready").get_json()["snapshot"]] == 0
    states = {key[1]: value for key, value in told.items() if key[0] == "cityatlas_store_state"}
    assert states == {"ok": 0, "none": 1, "lost": 0}
    assert told["cityatlas_faults",] == 0


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {"Host": "127.0.0.1:8000"}, 200),
        ("::1", {"Host": "[::1]:8000"}, 200),
        ("127.0.0.1", {"Host": "map.city.example"}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "9.9.9.9"}, 403),
        ("9.9.9.9", {}, 403),
        ("", {}, 403),
    ],
)
def test_without_a_token_this_machine_alone_reads(
    app: Flask, address: str, headers: dict[str, str], status: int
) -> None:
    answer = app.test_client().get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == status
    assert ("cityatlas_requests" in answer.text) == (status == 200)


def test_with_a_token_nobody_reads_without_it(tmp_path: Path, toy_city: Path) -> None:
    settings = Settings(geodata=toy_city, var=tmp_path / "var", metrics_token=TOKEN)
    client = create_app(settings).test_client()
    assert TOKEN not in repr(settings)
    for given, status in ((None, 403), (f"Bearer {TOKEN}", 200), ("Bearer wörd", 403), (TOKEN, 403)):
        headers = {} if given is None else {"Authorization": given}
        answer = client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": "9.9.9.9"})
        assert answer.status_code == status, given
