"""Publish what would break a route, a layer or the map later: refused at the desk, also when somebody was faster."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from cityatlas.errors import Unpublishable
from cityatlas.geo import datum
from cityatlas.store import Edit, Order, Revision, archive, open_draft, publish_content
from cityatlas.versioning.content import Content, content_of
from cityatlas.web.staff.review.publishing import make_check
from staff import logged_in, make_desk, store_of
from staff_desk import act, content, look, words
from toy import feature, point, text


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """Return a desk in whose city a kiosk was published, which no route needs."""
    made = make_desk(tmp_path)
    publish_content(store_of(made), "kiosk", said("house", text("亭", "Kiosk"), 121.005), 0, Order("ed"))
    look(made)
    return made


def said(kind: str, name: dict[str, str], lon: float, lat: float = 30.7, **properties: Any) -> Content:
    row = feature("any", kind, name, point(lon, lat), **properties)
    return content_of("sights", row["geometry"], row["properties"])


def tour(app: Flask, *stops: str) -> Content:
    """Return what a new route through some stops says."""
    line = content(app, "boat-tour")
    own = {"stops": list(stops), "name": text("新线", "New tour"), "legs": [{"mode": "walk"}] * (len(stops) - 1)}
    return content_of(line.layer, line.geometry, line.properties | own)


def draft(app: Flask, feature_id: str, content: Content, seen: int = 0) -> Revision:
    return open_draft(store_of(app), Edit(feature_id, content, "coco", seen)).revision


def publish(app: Flask, made: Revision, **fields: Any) -> TestResponse:
    return act(logged_in(app, "ann"), f"/en/staff/drafts/{made.branch}", "publish", head=made.number, **fields)


def archived(app: Flask, feature_id: str, seen: int) -> TestResponse:
    return act(logged_in(app, "ann"), f"/en/staff/features/{feature_id}/history", "archive", seen=seen)


def in_hours(hours: int) -> str:
    """Return a moment as the form takes it, by the clock of Shanghai."""
    return (datetime.now(UTC) + timedelta(hours=8 + hours)).strftime("%Y-%m-%dT%H:%M")


def test_the_district_of_a_layer_is_not_taken_off_the_map(tmp_path: Path) -> None:
    app = make_desk(tmp_path)
    toml = tmp_path / "toy" / "city.toml"
    toml.write_text(toml.read_text("utf-8").replace('id = "works"', 'id = "works"\ndistrict = "old-town"'), "utf-8")
    live = app.extensions["cityatlas_live"]
    live.refresh()
    answer = archived(app, "old-town", 0)
    assert (answer.status_code, 'district of layer "works"' in words(answer)) == (422, True)


def test_a_stop_of_a_route_that_waits_is_not_taken_off_the_map(app: Flask) -> None:
    assert publish(app, draft(app, "later", tour(app, "kiosk", "quay")), publish_at=in_hours(2)).status_code == 303
    answer = archived(app, "kiosk", 1)
    assert (answer.status_code, 'route "later", which waits' in words(answer)) == (422, True)


def test_a_place_that_ends_is_no_stop_of_a_route_that_goes_on(app: Flask) -> None:
    ends = draft(app, "kiosk", said("house", text("亭", "Kiosk"), 121.005, summary=text("一", "One")), 1)
    assert publish(app, ends, expires_at=in_hours(5)).status_code == 303
    look(app)
    route = draft(app, "new-tour", tour(app, "kiosk", "quay"))
    answer = publish(app, route)
    assert (answer.status_code, 'stop "kiosk" leaves the map on' in words(answer)) == (422, True)
    assert publish(app, route, expires_at=in_hours(4)).status_code == 303


def test_a_stop_is_given_no_end_before_that_of_its_route(app: Flask) -> None:
    assert publish(app, draft(app, "new-tour", tour(app, "kiosk", "quay")), expires_at=in_hours(4)).status_code == 303
    look(app)
    ends = draft(app, "kiosk", said("house", text("亭", "Kiosk"), 121.005, summary=text("一", "One")), 1)
    answer = publish(app, ends, expires_at=in_hours(3))
    assert (answer.status_code, "cannot be given an end" in words(answer)) == (422, True)
    assert publish(app, ends, expires_at=in_hours(5)).status_code == 303


def test_a_place_off_its_namesake_by_a_datum_is_refused(app: Flask) -> None:
    lon, lat = datum.convert(121.01, 30.7, "WGS-84", "GCJ-02")
    answer = publish(app, draft(app, "quay2", said("boat_stop", text("渡口", "Quay"), lon, lat)))
    assert (answer.status_code, 'lies off "quay" of the same name' in words(answer)) == (422, True)


def test_a_change_is_checked_against_what_was_published_a_moment_before(app: Flask) -> None:
    store = store_of(app)
    with logged_in(app, "ann") as client:
        client.get("/en/staff/")  # what follows is asked by who is logged in
        check = make_check("new-tour")
        archive(store, "kiosk", 1, Order("ed"))  # no look: the snapshot still shows it
        with pytest.raises(Unpublishable):
            publish_content(store, "new-tour", tour(app, "kiosk", "quay"), 0, Order("ann", check=check))
        check = make_check("kiosk2")
        publish_content(store, "fresh", tour(app, "kiosk2", "quay"), 0, Order("ed"))
        publish_content(store, "kiosk2", said("house", text("二", "Two"), 121.006), 0, Order("ed", check=check))
        with pytest.raises(Unpublishable):
            archive(store, "kiosk2", 4, Order("ed", check=check))


def test_the_desk_and_ready_tell_what_is_not_shown_and_lead_to_it(app: Flask) -> None:
    publish_content(store_of(app), "later", tour(app, "nowhere", "quay"), 0, Order("ed"))
    look(app)
    page = logged_in(app, "coco").get("/zh/staff/")
    assert "已发布的“later”：站点“nowhere”不在任何图层里" in words(page, ".notice.fault")
    assert "/zh/staff/features/later" in page.text
    told = app.test_client().get("/ready").get_json()["faults"]
    assert told == ['published feature "later": stop "nowhere" is in no layer; it is not shown']
