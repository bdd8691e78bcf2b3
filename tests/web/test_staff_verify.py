"""Stand at a place and say so: drafts by phone, sent twice or far apart, and what the public card then offers."""

from __future__ import annotations

import io
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cityatlas.limits import FIX_AGE_DAYS
from cityatlas.store.log import desk_lists
from photo_files import half_red, written
from staff import logged_in, make_desk, send, store_of, token

WORDS = {"alt_zh": "门", "alt_en": "A door", "credit": "Li", "licence": "CC0"}


@pytest.fixture
def desk(tmp_path: Path) -> Flask:
    return make_desk(tmp_path, store_recheck_s=0.001)


def stand(browser: FlaskClient, place: str, **more: object) -> TestResponse:
    """Send a fix as the page's script does."""
    told: dict[str, object] = {"lon": 121.0301, "lat": 30.7004, "accuracy_m": 8}
    told |= {"taken_at": datetime.now(UTC).isoformat(), **more}
    headers = {"X-CSRF-Token": token(browser.get("/en/staff/verify")), "Accept": "application/json"}
    return browser.post(f"/en/staff/verify/{place}", data=told, headers=headers)


def photograph(browser: FlaskClient, place: str, raw: bytes, **words: str) -> TestResponse:
    """Send a photo as the page's script does."""
    headers = {"X-CSRF-Token": token(browser.get("/en/staff/verify")), "Accept": "application/json"}
    sent = {"photo": (io.BytesIO(raw), "image.jpg"), **words}
    return browser.post(f"/en/staff/verify/{place}/photo", data=sent, headers=headers)


def photos_of(desk: Flask, place: str) -> list[list[dict[str, object]]]:
    """Return the photos of each open draft of a place."""
    return [
        one.head.content.properties.get("photos", [])
        for one in desk_lists.open_drafts(store_of(desk), feature_id=place)
    ]


def waiting(browser: FlaskClient) -> list[Tag]:
    """Return the rows of the table of photos that wait."""
    return BeautifulSoup(browser.get("/en/staff/photos/").text, "html.parser").select(".photo-rows > li")


def test_places_that_are_worth_a_walk_come_first(desk: Flask) -> None:
    page = BeautifulSoup(logged_in(desk, "coco").get("/en/staff/verify").text, "html.parser")
    places = [str(row["data-place"]) for row in page.select("[data-place]")]
    assert {"hall", "mill"} <= set(places)
    assert "boat-tour" not in places  # a line
    bar = page.select_one("progress")
    assert bar
    assert (bar["value"], bar["max"]) == ("0", str(len(places)))
    assert logged_in(desk, "coco").get("/en/staff/").text.count("/en/staff/verify") == 1


def test_the_page_says_which_positions_of_the_worklist_are_lines_and_areas(desk: Flask) -> None:
    coco = logged_in(desk, "coco")
    listed = BeautifulSoup(coco.get("/zh/staff/worklist?kind=position").text, "html.parser").select(".desk-list li")
    page = BeautifulSoup(coco.get("/zh/staff/verify").text, "html.parser")
    points = len(page.select("[data-place]"))
    assert points == len(listed) - 2  # the boat tour's line and the old town's area
    assert f"共 {len(listed)} 项：{points} 项在这里；2 项是线或面" in page.get_text()
    assert page.select_one('a[href="/zh/staff/worklist?kind=position"]')


def test_a_fix_becomes_a_draft_and_sent_twice_still_one(desk: Flask) -> None:
    coco = logged_in(desk, "coco")
    moment = datetime.now(UTC).isoformat()
    first, second = (stand(coco, "hall", taken_at=moment).get_json() for _ in range(2))
    assert first["state"] == second["state"] == "saved"
    assert first["draft"] == second["draft"]
    (draft,) = desk_lists.open_drafts(store_of(desk), feature_id="hall")
    assert draft.head.content.properties["position"]["class"] == "surveyed"
    assert coco.get(first["draft"]).status_code == 200
    assert "draft waits" in coco.get("/en/staff/verify").text


def test_two_fixes_far_apart_are_asked_about(desk: Flask) -> None:
    assert stand(logged_in(desk, "ann"), "hall").get_json()["state"] == "saved"
    coco = logged_in(desk, "coco")
    asked = stand(coco, "hall", lat=30.7034).get_json()
    assert asked["state"] == "far"
    assert 300 < asked["away_m"] < 370
    assert len(desk_lists.open_drafts(store_of(desk), feature_id="hall")) == 1
    assert stand(coco, "hall", lat=30.7034, answer="stand").get_json()["state"] == "saved"


def test_a_published_fix_may_be_navigated_to(desk: Flask) -> None:
    ann = logged_in(desk, "ann")
    draft = stand(ann, "hall").get_json()["draft"]
    page = ann.get(draft)
    head = BeautifulSoup(page.text, "html.parser").select_one("[name=head]")
    assert head
    sent = ann.post(f"{draft}/publish", data={"csrf": token(page), "head": head["value"], "comment": "stood there"})
    assert sent.status_code == 303, sent.text
    visitor, public = desk.test_client(), {}
    for _ in range(100):  # until the store is looked at again
        public = visitor.get("/sites/hall.geojson").get_json()
        if public["properties"]["position"]["class"] == "surveyed":
            break
        time.sleep(0.05)
    assert public["geometry"]["coordinates"] == [121.0301, 30.7004]
    assert public["properties"]["position"]["class"] == "surveyed"
    assert "121.0301" in desk.test_client().get("/en/sites/hall").text  # where "go there" leads
    assert 'value="1"' in ann.get("/en/staff/verify").text


@pytest.mark.parametrize(
    ("place", "more", "status"),
    [
        ("hall", {"accuracy_m": 45}, 422),
        ("hall", {"lon": 12.0}, 422),
        ("boat-tour", {}, 422),
        ("nowhere", {}, 404),
    ],
)
def test_what_cannot_be_taken_is_told_in_words(desk: Flask, place: str, more: dict[str, object], status: int) -> None:
    answer = stand(logged_in(desk, "coco"), place, **more)
    assert answer.status_code == status
    assert answer.get_json()["error"]["message"]
    assert desk_lists.open_drafts(store_of(desk)) == []


def test_of_many_places_those_near_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(sys.modules["cityatlas.web.staff.edit.verify"]), "VERIFY_PLACES", 2)
    coco = logged_in(make_desk(tmp_path), "coco")
    page = BeautifulSoup(coco.get("/en/staff/verify?lon=121.029&lat=30.7").text, "html.parser")
    assert [row["data-place"] for row in page.select("[data-place]")] == ["hall", "school"]
    assert "2 of 4 are listed" in page.text
    worst = BeautifulSoup(coco.get("/en/staff/verify?lon=x").text, "html.parser")
    assert [row["data-place"] for row in worst.select("[data-place]")] == ["school", "mill"]


def test_a_photo_with_its_words_joins_the_draft_of_the_fix_and_sent_twice_only_once(desk: Flask) -> None:
    coco, raw = logged_in(desk, "coco"), written(half_red(2_000, 90), "JPEG")
    draft = stand(coco, "hall").get_json()["draft"]
    answers = [photograph(coco, "hall", raw, **WORDS) for _ in range(2)]
    assert [answer.get_json() for answer in answers] == [{"state": "joined", "address": draft}] * 2
    ((photo,),) = photos_of(desk, "hall")
    assert (photo["alt"], photo["credit"]) == ({"zh": "门", "en": "A door"}, "Li · CC0")
    assert "-1600x" in str(photo["file"])  # the server made it smaller
    assert waiting(coco) == []


def test_a_photo_without_its_words_waits_once_and_joins_the_draft_of_who_stood_there(desk: Flask) -> None:
    coco, ed, raw = logged_in(desk, "coco"), logged_in(desk, "ed"), written(half_red(70), "JPEG")
    stand(coco, "hall")
    first, second = (photograph(coco, "hall", raw, alt_zh="门", credit="x" * 999).get_json() for _ in range(2))
    assert first == second
    assert (first["state"], first["address"].split("#")[0]) == ("waits", "/en/staff/photos/")
    (row,) = waiting(ed)
    assert "taken at the place" in row.text
    assert [field.text.strip() for field in row.select("textarea")] == ["门", ""]
    said = {f"{row['id']}.{key}": text for key, text in WORDS.items()} | {f"{row['id']}.place": "Memory hall"}
    assert send(ed, "/en/staff/photos/save", "/en/staff/photos/", **said).status_code == 200
    ((photo,),) = photos_of(desk, "hall")  # one draft, the one of the fix
    assert photo["alt"] == {"zh": "门", "en": "A door"}
    assert photograph(coco, "hall", raw).get_json()["state"] == "joined"
    assert waiting(ed) == []


def test_what_is_no_photo_is_told_in_words_and_a_full_table_is_no_loss(
    desk: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    coco = logged_in(desk, "coco")
    stand(coco, "hall")
    for raw, status, words in (
        (b"%PDF-1.7", 422, "JPEG, PNG, WebP or HEIC"),
        (b"", 422, ""),
    ):
        answer = photograph(coco, "hall", raw, **WORDS)
        assert answer.status_code == status
        assert words in answer.get_json()["error"]["message"]
    kind, headers = "multipart/form-data; boundary=x", {"X-CSRF-Token": token(coco.get("/en/staff/verify"))}
    larger = coco.post("/en/staff/verify/hall/photo", data=bytes(12 << 20), content_type=kind, headers=headers)
    assert (larger.status_code, "10 MB" in larger.get_json()["error"]["message"]) == (413, True)
    assert photos_of(desk, "hall") == [[]]  # the fix is there
    raw = written(half_red(72), "JPEG")
    monkeypatch.setitem(vars(sys.modules["cityatlas.web.staff.edit.waiting_photos"]), "PHOTOS_WAITING", 0)
    assert photograph(coco, "hall", raw).status_code == 503  # the phone keeps it
    monkeypatch.undo()
    assert photograph(coco, "nowhere", raw).get_json()["state"] == "waits"  # its place was taken off the map meanwhile
    assert "by where it was taken" in waiting(coco)[0].text


NOW = datetime.now(UTC)
FORGED: list[dict[str, object]] = [
    {"taken_at": (NOW + timedelta(hours=1)).isoformat()},
    {"taken_at": (NOW - timedelta(days=FIX_AGE_DAYS + 1)).isoformat()},
    {"taken_at": "2026-12-01T09:00:00"},  # of no time zone
    {"taken_at": "0001-01-01T00:00:00+14:00"},
    {"taken_at": "9999-12-31T23:59:59-14:00"},
    {"taken_at": "soon"},
    {"lon": "nan"},
    {"lat": "inf"},
    {"lat": 121.0301, "lon": 30.7004},
    {"accuracy_m": -1},
    {"accuracy_m": "nan"},
    {"accuracy_m": "1e400"},
    {"lon": "1" * 5000},
]


def test_no_forged_fix_is_taken_and_none_from_who_has_left(desk: Flask) -> None:
    coco = logged_in(desk, "coco")
    assert [stand(coco, "hall", **more).status_code for more in FORGED] == [422] * len(FORGED)
    form = token(coco.get("/en/staff/verify"))
    kept = coco.get_cookie("desk")
    assert kept
    assert coco.post("/en/staff/logout", data={"csrf": form}).status_code == 303
    thief = desk.test_client()
    thief.set_cookie("desk", kept.value)
    fix = {"lon": 121.0301, "lat": 30.7004, "accuracy_m": 8, "taken_at": datetime.now(UTC).isoformat()}
    headers = {"X-CSRF-Token": form, "Accept": "application/json"}
    assert thief.post("/en/staff/verify/hall", data=fix, headers=headers).status_code == 401
    ed = logged_in(desk, "ed")
    assert ed.post("/en/staff/verify/hall", data=fix, headers=headers).status_code == 403  # with another's token
    assert desk_lists.open_drafts(store_of(desk)) == []


def test_a_fix_that_somebody_else_sends_again_makes_no_second_draft_and_changes_none(desk: Flask) -> None:
    moment = datetime.now(UTC).isoformat()
    first = stand(logged_in(desk, "coco"), "hall", taken_at=moment).get_json()
    again = stand(logged_in(desk, "ann"), "hall", taken_at=moment).get_json()
    assert (again["state"], again["draft"]) == ("saved", first["draft"])
    (draft,) = desk_lists.open_drafts(store_of(desk), feature_id="hall")
    assert (draft.owner, draft.head.author) == ("coco", "coco")
