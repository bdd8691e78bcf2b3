"""Hold the log of requests to what the page of privacy says: what was asked for by its rule, nothing of who asked."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.settings import read_settings
from cityatlas.web.ops.request_log import LOGGER

WHO = {"User-Agent": "Secret/1.0", "Referer": "https://paper.example/secret", "X-Forwarded-For": "203.0.113.9"}


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Lines:
    made = Lines()
    monkeypatch.setattr(LOGGER, "handlers", [made])
    monkeypatch.setattr(LOGGER, "level", logging.INFO)
    return made


def client_of(tmp_path: Path, toy_city: Path, setting: str) -> FlaskClient:
    settings = read_settings({"CITYATLAS_REQUEST_LOG": setting, "CITYATLAS_VAR": str(tmp_path)}, toy_city)
    return create_app(settings).test_client()


def test_each_answer_has_a_line_without_who_asked_and_for_what(tmp_path: Path, toy_city: Path, lines: Lines) -> None:
    client = client_of(tmp_path, toy_city, "1")
    for _ in range(2):  # the second is repeated before Flask is asked
        answer = client.get("/en/sites/mill?q=secret-wish", headers=WHO)
    client.get("/en/secret-path", headers=WHO)
    client.open("/en/", method="SECRET")
    found = [json.loads(text) for text in lines.texts]
    assert [(row["method"], row["rule"], row["status"]) for row in found] == [
        *[("GET", "/<any(zh, en):lang>/sites/<site_id>", 200)] * 2,
        ("GET", "-", 404),
        ("OTHER", "-", 405),
    ]
    assert found[1]["bytes"] == len(answer.data)
    assert {key for row in found for key in row} == {"at", "method", "rule", "status", "ms", "bytes"}
    assert not any(word in "".join(lines.texts) for word in ("mill", "ecret", "203.0", "127.0"))


def test_without_the_setting_nothing_is_written(tmp_path: Path, toy_city: Path, lines: Lines) -> None:
    client = client_of(tmp_path, toy_city, "0")
    client.get("/en/sites/mill")
    assert lines.texts == []
    assert "None by the program" in client.get("/en/help/privacy").text
    told = client_of(tmp_path, toy_city, "1").get("/en/help/privacy").text
    assert "A line for each answer" in told
