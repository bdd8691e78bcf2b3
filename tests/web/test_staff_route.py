"""Measure a tour route at the desk, join its stops along the network, and call them by their names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.settings import Settings
from cityatlas.store.log.desk_lists import open_drafts
from staff import add_person, logged_in, store_of, token
from toy_plan import write_walkable

ROUTE = ("/en/staff/route", "/en/staff/features/boat-tour")


@pytest.fixture
def desk(tmp_path: Path) -> Flask:
    """Return a desk of the toy city with its streets, with the contributor coco."""
    app = create_app(Settings(geodata=write_walkable(tmp_path / "toy"), var=tmp_path / "var"))
    add_person(store_of(app), "coco", "contributor")
    return app


@pytest.fixture
def coco(desk: Flask) -> FlaskClient:
    return logged_in(desk, "coco")


def measured(client: FlaskClient, **fields: Any) -> dict[str, Any]:
    """Return what the desk tells of a route."""
    headers = {"X-CSRF-Token": token(client.get(ROUTE[1]))}
    told: dict[str, Any] = client.post(ROUTE[0], data=fields, headers=headers).get_json()
    return told


def test_the_stops_are_joined_along_the_network_with_metres_and_minutes(coco: FlaskClient) -> None:
    stops = {"stop": ["mill", "Quay", "纪念馆"], "mode": ["walk", "boat", ""]}
    told = measured(coco, **stops, join="yes", times="09:00 09:10 09:35; 10:00 10:10 10:35")
    assert told["geometry"]["coordinates"] == [[121.0, 30.7], [121.01, 30.7], [121.03, 30.7]]
    assert [leg["to"] for leg in told["legs"]] == ["Quay", "Memory hall"]
    assert told["legs"][0]["told"] == "958 m on foot, about 15 min"  # 65 m a minute
    assert told["legs"][1]["told"].endswith("m by boat, about 25 min")
    again = measured(
        coco, **stops, geometry='{"type": "LineString", "coordinates": [[121.0, 30.7], [121.01, 30.7], [121.03, 30.7]]}'
    )
    assert (again["is_joined"], "geometry" in again) == (True, False)
    assert "the time aboard is the timetable's" in again["total"]


def test_hours_of_any_length_are_no_hours(coco: FlaskClient) -> None:
    stops = {"stop": ["mill", "纪念馆"], "mode": ["walk", ""]}
    long = "9" * 5_000  # more digits than Python makes a number of
    assert measured(coco, **stops, join="yes", times=f"{long}:00 09:{long}")["legs"]


def test_a_line_that_was_drawn_is_measured_as_it_is(coco: FlaskClient) -> None:
    bow = '{"type": "LineString", "coordinates": [[121.0, 30.7], [121.0, 30.705], [121.01, 30.705], [121.01, 30.7]]}'
    told = measured(coco, stop=["mill", "quay"], mode=["walk"], geometry=bow)
    assert told["is_joined"] is False
    assert told["legs"][0]["told"] == "2067 m on foot, about 32 min"  # 554 up, 958 along, 554 down


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"stop": ["mill"]}, "With two stops or more"),
        ({"stop": ["mill", "Atlantis"]}, "no place “Atlantis”"),
        ({"stop": ["mill", "quay"], "geometry": ""}, "no line yet"),
        ({"stop": ["mill", "quay"], "geometry": '{"type": "Point", "coordinates": [121.0, 30.7]}'}, "no line yet"),
    ],
)
def test_what_cannot_be_measured_is_told(coco: FlaskClient, fields: dict[str, Any], words: str) -> None:
    assert words in measured(coco, **fields)["fault"]


BROKEN = [
    "{",
    "[" * 5_000,
    "[" * 17 + "]" * 17,
    '{"a":' * 300 + "1" + "}" * 300,
    "[NaN]",
    "[1e999]",
    f"[{'9' * 5_000}]",
]


@pytest.mark.parametrize("text", BROKEN, ids=lambda text: text[:6])
def test_a_line_that_is_no_json_is_refused_in_words_and_by_the_form_too(coco: FlaskClient, text: str) -> None:
    csrf = token(coco.get(ROUTE[1]))
    for lang, words in (("en", "cannot be read"), ("zh", "读不出来")):
        fields = {"stop": ["mill", "quay"], "geometry": text, "csrf": csrf}
        answer = coco.post(f"/{lang}/staff/route", data=fields)
        assert (answer.status_code, words in answer.get_json()["fault"]) == (422, True)
    saved = coco.post(ROUTE[1], data={"seen": "0", "draft": "", "geometry": text, "csrf": csrf})
    assert saved.status_code == 422
    assert "This is no GeoJSON of a point, line or area" in saved.text


def test_stops_are_shown_and_taken_by_name_or_pinyin(desk: Flask, coco: FlaskClient) -> None:
    soup = BeautifulSoup(coco.get(ROUTE[1]).text, "html.parser")
    shown = [node["value"] for node in soup.select("[name^='stops.'][name$='.id']")]
    assert shown == ["Old mill", "Quay", "Memory hall", ""]
    typed = {str(node["name"]): str(node.get("value", "")) for node in soup.select("#edit input[name]")}
    typed |= {
        "stops.0.id": "jinianguan",
        "stops.0.mode": "walk",
        "stops.1.id": "渡口",
        "stops.1.mode": "walk",
        "stops.2.id": "old mill",
    }
    typed |= {str(node["name"]): "route" for node in soup.select("select[name=kind]")}
    coco.post(ROUTE[1], data=typed)
    (draft,) = open_drafts(store_of(desk), feature_id="boat-tour")
    assert draft.head.content.properties["stops"] == ["hall", "quay", "mill"]
