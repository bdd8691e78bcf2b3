"""Look at the desk as each role: what to do first, drafts, what waits, what was published, and the search."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from cityatlas.app import create_app
from cityatlas.store import change_state
from cityatlas.web.staff.review import tasks
from staff import add_person, desk_settings, logged_in, make_desk, store_of
from staff_desk import content, draft, look, put, renamed, words
from toy import figures, text

DESK = "/en/staff/"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return a desk with a draft, two that wait for review, one that was published and one that waits for its day."""
    app = make_desk(tmp_path_factory.mktemp("desk"))
    renamed(app, "mill", "Draft mill")
    for feature_id, name in (("hall", "Reviewed hall"), ("school", "Reviewed school")):
        sent = renamed(app, feature_id, name)
        change_state(store_of(app), sent.branch or "", sent.number, "in_review", "coco", f"please see {name}")
    put(app, "quay", summary=text("渡口。", "A quay."), order={"comment": "said what it is"})
    later = datetime.now(UTC) + timedelta(days=3)
    put(app, "old-town", name=text("新城", "New town"), order={"publish_at": later})
    return app


def test_the_worklist_comes_first_and_each_task_leads_to_the_field_that_mends_it(desk: Flask) -> None:
    answer = logged_in(desk, "ed").get(DESK)
    soup = BeautifulSoup(answer.text, "html.parser")
    assert soup.select("main h2")[0].get_text(" ", strip=True) == "To do 8"
    links = {str(link["href"]) for link in soup.select(".worklist-tile li a")}
    assert {"/en/staff/features/school#phases.2", "/en/staff/features/hall#opening_hours"} <= links, links
    assert words(answer, ".worklist-tile h3").startswith("Opening hours to be checked 1")


def test_a_task_of_a_figure_names_its_file_and_leads_to_no_form(tmp_path: Path) -> None:
    told = figures()
    del told["figures"][0]["sentence"]["en"]
    settings = desk_settings(tmp_path)
    (settings.geodata / "figures.json").write_text(json.dumps(told), "utf-8")
    app = create_app(settings)
    add_person(store_of(app), "coco", "contributor")
    answer = logged_in(app, "coco").get("/en/staff/worklist?kind=translation")
    assert "kept in the file figures.json (id visits)" in words(answer)
    assert BeautifulSoup(answer.text, "html.parser").select(".desk-list a") == []


def test_a_new_place_is_begun_from_the_desk_in_the_layers_that_are_ones_own(desk: Flask) -> None:
    offered = {login: words(logged_in(desk, login).get(DESK), ".new-place li") for login in ("coco", "ed", "ann")}
    assert offered == {"coco": "Sights Works", "ed": "Sights", "ann": "Sights Works"}
    assert "/en/staff/new/works" in logged_in(desk, "coco").get(DESK).text


def test_one_kind_of_task_can_be_seen_whole(desk: Flask) -> None:
    client = logged_in(desk, "coco")
    assert "All 6 : Positions to be verified" in words(client.get(DESK), ".worklist-tile a")
    answer = client.get("/en/staff/worklist?kind=position")
    assert words(answer, "h2") == "Positions to be verified"
    assert len(BeautifulSoup(answer.text, "html.parser").select(".desk-list li")) == 6
    assert len(BeautifulSoup(client.get("/en/staff/worklist").text, "html.parser").select(".desk-list li")) == 8


def test_the_tasks_of_the_city_are_found_once_for_each_snapshot(desk: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = logged_in(desk, "coco")
    client.get(DESK)

    def refuse(*_: object) -> None:
        raise AssertionError("looked through the city again")

    monkeypatch.setattr(tasks, "find_city_tasks", refuse)
    assert client.get(DESK).status_code == 200


def test_a_contributor_sees_own_drafts_and_an_editor_what_waits_in_own_layers(desk: Flask) -> None:
    mine = words(logged_in(desk, "coco").get(DESK), "section[aria-labelledby=mine]")
    assert mine.startswith("My drafts 3 ")
    assert "Draft mill" in mine
    assert words(logged_in(desk, "coco").get(DESK), "section[aria-labelledby=review]") == ""
    review = words(logged_in(desk, "ed").get(DESK), "section[aria-labelledby=review]")  # of the sights alone
    assert ("Reviewed hall" in review, "Reviewed school" in review) == (True, False)
    assert "please see Reviewed hall" in review
    assert words(logged_in(desk, "ann").get(DESK), "section[aria-labelledby=review]").startswith(
        "Waiting for your review 2"
    )


def test_what_was_published_lately_and_what_waits_for_its_day_are_listed(desk: Flask) -> None:
    answer = logged_in(desk, "coco").get(DESK)
    assert "said what it is" in words(answer, "section[aria-labelledby=lately]")
    assert "New town comes public on" in words(answer, "section[aria-labelledby=waiting]")


def test_the_search_leads_to_the_form(desk: Flask) -> None:
    answer = logged_in(desk, "coco").get(f"{DESK}?q=lao+mo+fang")  # means one place
    assert (answer.status_code, answer.headers["Location"]) == (302, "/en/staff/features/mill")
    soup = BeautifulSoup(logged_in(desk, "coco").get(f"{DESK}?q=old").text, "html.parser")
    assert "/en/staff/features/mill" in [a["href"] for a in soup.select("section[aria-labelledby=found] a")]
    assert "Nothing found" in logged_in(desk, "coco").get(f"{DESK}?q=%3Cb%3Exyz").text


def test_drafts_can_be_listed_by_what_they_wait_for(desk: Flask) -> None:
    client = logged_in(desk, "ed")
    counts = {kind: words(client.get(f"{DESK}drafts/?kind={kind}"), "h1 .count") for kind in ("mine", "review", "all")}
    assert counts == {"mine": "0", "review": "1", "all": "3"}


def test_an_expiry_and_a_draft_that_nobody_touched_are_tasks(tmp_path: Path) -> None:
    app = make_desk(tmp_path)
    store = store_of(app)
    month_ago = datetime.now(UTC) - timedelta(days=30)
    store._clock = lambda: month_ago
    left = draft(app, "mill")
    put(app, "quay", name=text("旧渡口", "Old quay"), order={"expires_at": month_ago + timedelta(days=35)})
    store._clock = None
    look(app)
    answer = logged_in(app, "coco").get("/en/staff/worklist")
    assert f"/en/staff/drafts/{left.branch}" in answer.text
    assert "A draft by coco that nobody touched since" in words(answer)
    assert "Old quay It expires on" in words(answer)


def test_a_draft_without_a_name_is_listed_by_its_id(tmp_path: Path) -> None:
    app = make_desk(tmp_path)
    draft(app, "mill", name=None)
    assert content(app, "mill").properties["name"]
    assert "(no name yet: mill)" in words(logged_in(app, "coco").get(DESK))


def test_a_moment_is_one_piece_that_no_line_breaks(tmp_path: Path) -> None:
    app = make_desk(tmp_path)
    branch = draft(app, "mill", "ed", summary=text("新的", "New")).branch
    page = logged_in(app, "ed").get(f"/zh/staff/drafts/{branch}")
    assert "&lt;span" not in page.text
    (moment,) = BeautifulSoup(page.text, "html.parser").select(".moment")
    assert datetime.fromisoformat(moment.get_text()).year >= 2026
