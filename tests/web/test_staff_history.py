"""Go back in a feature's history: see it, bring back a field or a version, undo, archive, and cancel what waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from cityatlas.store import Edit, Order, Revision, open_draft, publish
from cityatlas.store.log.desk_lists import read_history
from cityatlas.versioning.content import content_of
from cityatlas.web.staff.review import histories
from staff import logged_in, make_desk, send, store_of
from staff_desk import act, content, forms, look, put, renamed, words
from toy import point, text

PAGE = "/en/staff/features/mill/history"
FIRST: dict[str, Any] = {"name": text("一", "First mill"), "summary": text("一", "First words")}
SECOND: dict[str, Any] = {"name": text("二", "Second mill"), "summary": text("二", "Second words")}


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """Return a desk at which the mill was changed twice."""
    made = make_desk(tmp_path)
    first = put(made, "mill", **FIRST, order={"comment": "first change"})
    put(made, "mill", first, **SECOND)
    return made


def shown(app: Flask) -> str:
    """Return what visitors read on the page of the mill."""
    look(app)
    return words(app.test_client().get("/en/sites/mill"))


def number_now(app: Flask, feature_id: str = "mill") -> int:
    current = read_history(store_of(app), feature_id)[1].current
    assert current is not None
    return current.number


def test_the_history_tells_who_when_what_and_why_newest_first(app: Flask) -> None:
    answer = logged_in(app, "coco").get(PAGE)
    soup = BeautifulSoup(answer.text, "html.parser")
    assert [step["id"] for step in soup.select(".steps > li")] == ["revision-2", "revision-1", "revision-0"]
    newest, oldest = soup.select(".steps > li")[:2]
    assert newest.select("ins")[0].get_text() == "put in: Second"
    assert "what visitors see" in newest.get_text()
    assert "first change" in oldest.get_text()
    assert " · ed" in oldest.select("h3")[0].get_text()
    assert forms(answer) == set()  # a contributor only looks


def test_a_change_of_place_is_drawn_on_the_map(app: Flask) -> None:
    moved = content_of("sights", point(121.005), content(app, "mill").properties)
    made = open_draft(store_of(app), Edit("mill", moved, "coco", number_now(app))).revision
    publish(store_of(app), made.branch or "", made.number, Order("ed"))
    soup = BeautifulSoup(logged_in(app, "ed").get(PAGE).text, "html.parser")
    assert [len(step.select("svg.picture")) for step in soup.select(".steps > li")] == [1, 0, 0, 0]
    assert "drafted by coco" in soup.select(".steps > li")[0].get_text()


def test_one_field_of_an_earlier_version_is_brought_back_and_the_rest_stays(app: Flask) -> None:
    fields = {"number": 1, "seen": 2, "what": "fields", "fields": "name.en", "comment": "the sign says so"}
    assert act(logged_in(app, "ed"), PAGE, "restore", **fields).status_code == 303
    page = shown(app)
    assert ("First mill" in page, "Second words" in page, "First words" in page) == (True, True, False)


def test_a_whole_version_and_that_of_the_folder_are_brought_back(app: Flask) -> None:
    editor = logged_in(app, "ed")
    assert act(editor, PAGE, "restore", number=1, seen=2, what="all").status_code == 303
    assert "First words" in shown(app)
    assert act(editor, PAGE, "restore", number=0, seen=3, what="all").status_code == 303
    assert "A mill by the water." in shown(app)


def test_to_bring_back_nothing_is_refused(app: Flask) -> None:
    answer = act(logged_in(app, "ed"), PAGE, "restore", number=1, seen=2, what="fields")
    assert (answer.status_code, number_now(app)) == (422, 2)


def test_undo_takes_back_one_change_and_keeps_what_came_later(app: Flask) -> None:
    editor = logged_in(app, "ed")
    put(app, "mill", 2, **SECOND, address=text("新路", "New Road"))
    assert act(editor, PAGE, "undo", number=2, comment="not yet").status_code == 303
    page = shown(app)
    assert ("First mill" in page, "New Road" in page, "Second mill" in page) == (True, True, False)


def test_an_undo_that_meets_a_later_change_asks(app: Flask) -> None:
    answer = act(logged_in(app, "ed"), PAGE, "undo", number=1)
    assert answer.status_code == 409
    assert "Somebody else changed the same" in words(answer)
    answered = str(BeautifulSoup(answer.text, "html.parser").select("input[name=answered]")[0]["value"])
    paths = [str(field["name"]) for field in BeautifulSoup(answer.text, "html.parser").select("input[value=mine]")]
    fields: dict[str, Any] = {"number": 1, "answered": answered} | dict.fromkeys(paths, "mine")
    assert send(logged_in(app, "ed"), f"{PAGE}/undo", **fields).status_code == 303
    assert "A mill by the water." in shown(app)


def test_an_answer_to_an_older_conflict_does_not_undo_anything(app: Flask) -> None:
    page = BeautifulSoup(act(logged_in(app, "ed"), PAGE, "undo", number=1).text, "html.parser")
    mine = {str(field["name"]): "mine" for field in page.select("fieldset.question input[value=mine]")}
    answer = send(logged_in(app, "ed"), f"{PAGE}/undo", number=1, answered="1", **mine)
    assert (answer.status_code, len(mine) > 0) == (409, True)
    assert "A mill by the water." not in shown(app)


def test_a_feature_is_taken_off_the_map_with_words_and_put_back(app: Flask) -> None:
    admin, page = logged_in(app, "ann"), "/en/staff/features/old-town/history"
    assert act(admin, page, "archive", seen=0, comment="closed for good").status_code == 303
    look(app)
    assert app.test_client().get("/en/sites/old-town").status_code == 410
    answer = admin.get(page)
    assert "This place was taken off the map." in words(answer)
    assert "closed for good" in words(answer)
    assert "what visitors see" not in words(answer, ".steps .tag")
    assert "Public page" not in words(answer, ".button")
    assert forms(answer) >= {"unarchive", "undo"}
    assert act(admin, page, "unarchive", seen=3).status_code == 303
    look(app)
    assert app.test_client().get("/en/sites/old-town").status_code == 200


def test_what_takes_the_place_of_one_taken_off_is_named_to_visitors(app: Flask) -> None:
    admin, page = logged_in(app, "ann"), "/en/staff/features/old-town/history"
    for nobody in ("old-town", "nowhere", "<b>"):
        refused = act(admin, page, "archive", seen=0, successor=nobody)
        assert (refused.status_code, "Only a place on the map" in words(refused)) == (422, True)
    assert act(admin, page, "archive", seen=0, successor="hall").status_code == 303
    look(app)
    visitor = app.test_client()
    for address in ("/en/sites/old-town", "/zh/embed/sites/old-town"):
        answer = visitor.get(address)
        led = BeautifulSoup(answer.text, "html.parser").select("main a[href$='/sites/hall']")
        assert (answer.status_code, len(led)) == (410, 1), address
    assert "See instead: Memory hall" in words(admin.get(page))
    assert act(admin, page, "unarchive", seen=number_now(app, "old-town")).status_code == 303
    look(app)
    assert visitor.get("/en/sites/old-town").status_code == 200
    assert "successor" not in content(app, "old-town").properties


def test_what_a_route_stops_at_is_not_taken_off_the_map(app: Flask) -> None:
    answer = act(logged_in(app, "ed"), PAGE, "archive", seen=2)
    assert answer.status_code == 422
    assert 'is a stop of route "boat-tour"' in words(answer)
    assert "Second mill" in shown(app)


def test_what_waits_for_its_moment_can_be_cancelled_and_its_draft_is_open_again(app: Flask) -> None:
    made = later(app)
    editor = logged_in(app, "ed")
    assert "comes public on" in words(editor.get(PAGE), ".waiting")
    assert act(editor, PAGE, "cancel", number=number_now(app)).status_code == 409  # does not wait
    assert act(editor, PAGE, "cancel", number=made.number + 1).status_code == 303
    answer = editor.get(PAGE)
    assert words(answer, ".waiting") == ""
    assert f"/en/staff/drafts/{made.branch}" in answer.text


def later(app: Flask) -> Revision:
    """Publish a draft of the mill in a week; return the draft's revision."""
    made = open_draft(store_of(app), Edit("mill", content(app, "mill", visit_min=5), "coco", 2)).revision
    order = Order("ed", publish_at=datetime.now(UTC) + timedelta(days=7))
    publish(store_of(app), made.branch or "", made.number, order)
    return made


def test_a_page_that_is_out_of_date_changes_nothing(app: Flask) -> None:
    answer = act(logged_in(app, "ed"), PAGE, "archive", seen=1)
    assert (answer.status_code, number_now(app)) == (409, 2)


@pytest.mark.parametrize("login", ["coco", "ed"])
def test_nobody_changes_a_layer_that_is_not_theirs(app: Flask, login: str) -> None:
    page = "/en/staff/features/school/history"
    for step in ("restore", "undo", "archive", "unarchive", "cancel"):
        answer = act(logged_in(app, login), page, step, seen=0, number=0, what="all")
        assert answer.status_code == 403, step
        assert "You do not publish in this layer" in words(answer), step
    assert forms(logged_in(app, login).get(page)) == set()


def test_a_new_feature_has_a_history_only_through_its_draft(app: Flask) -> None:
    client = logged_in(app, "coco")
    assert client.get("/en/staff/features/brand-new/history").status_code == 404
    assert client.post("/en/staff/features/brand-new/history/archive").status_code == 403  # no form of ours
    open_draft(store_of(app), Edit("brand-new", content(app, "mill", name=text("新", "Brand new")), "coco"))
    assert "History: Brand new" in words(client.get("/en/staff/features/brand-new/history"), "h1")
    assert act(logged_in(app, "ann"), "/en/staff/features/brand-new/history", "archive", seen=0).status_code == 404


def test_a_long_history_is_shown_by_pages(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(histories, "PER_PAGE", 1)
    client = logged_in(app, "coco")
    assert "first change" not in words(client.get(PAGE))
    assert "first change" in words(client.get(f"{PAGE}?page=2"))


def test_drafts_of_a_feature_stand_above_its_history(app: Flask) -> None:
    made = renamed(app, "mill", "Third mill")
    assert f"/en/staff/drafts/{made.branch}" in logged_in(app, "coco").get(PAGE).text


@pytest.mark.parametrize("number", ["9" * 30, "9" * 5_000, "-1", "²", ""])
def test_a_number_that_no_revision_can_have_is_of_none(app: Flask, number: str) -> None:
    put(app, "mill", summary=text("新", "New"))
    admin = logged_in(app, "ann")
    for action in ("undo", "restore", "cancel"):
        answer = act(admin, PAGE, action, seen=number, number=number)
        assert answer.status_code in (303, 404, 409, 422), (action, answer.status_code)
    for address in ("changes", "drafts", "features/mill/history", "photos"):
        assert admin.get(f"/en/staff/{address}?page={number}").status_code in (200, 404), address
