"""Take a draft through its review: the difference, the preview, what blocks it, and what each role may do with it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from cityatlas.store import Edit, Revision, open_draft, published
from cityatlas.store.log.desk_lists import open_drafts
from cityatlas.versioning.content import content_of
from staff import logged_in, make_desk, send, store_of
from staff_desk import act, content, draft, forms, look, put, renamed, words
from toy import point, text

OLD_NAME, NEW_NAME = "Old mill", "Young mill"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return make_desk(tmp_path)


def page_of(revision: Revision) -> str:
    return f"/en/staff/drafts/{revision.branch}"


def public(app: Flask, feature_id: str = "mill") -> str:
    look(app)
    return app.test_client().get(f"/en/sites/{feature_id}").text


def test_a_draft_goes_from_its_writer_over_a_return_to_the_public_map(app: Flask) -> None:
    made = renamed(app, "mill", NEW_NAME)
    page, writer, editor = page_of(made), logged_in(app, "coco"), logged_in(app, "ed")
    assert act(writer, page, "send", head=made.number, comment="is this right?").status_code == 303
    assert "in review" in words(editor.get(page))
    assert act(editor, page, "return", head=made.number + 1, comment="the name is on the sign").status_code == 303
    assert "the name is on the sign" in words(writer.get(page))
    assert act(writer, page, "send", head=made.number + 2).status_code == 303
    assert NEW_NAME not in public(app)
    assert act(editor, page, "publish", head=made.number + 3, comment="as on the sign").status_code == 303
    assert NEW_NAME in public(app)
    assert "Published by ed" in words(editor.get(page))
    assert forms(editor.get(page)) == {"undo"}


def test_a_draft_shows_words_that_go_and_come_and_both_places(app: Flask) -> None:
    made = renamed(app, "mill", NEW_NAME)
    soup = BeautifulSoup(logged_in(app, "coco").get(page_of(made)).text, "html.parser")
    assert [found.get_text() for found in soup.select(".redline del")] == ["taken out: Old", "taken out: 老磨坊"]
    assert soup.select(".redline ins")[0].get_text() == "put in: Young"
    link = str(soup.select(".redline dt a")[0]["href"])
    assert link == f"/en/staff/features/mill?draft={made.branch}#name.en"
    assert soup.select(".difference") == []


def test_the_page_of_a_draft_is_titled_by_how_it_stands(app: Flask) -> None:
    made, editor = renamed(app, "mill", NEW_NAME), logged_in(app, "ed")
    page, history = page_of(made), "/en/staff/features/mill/history"

    def title() -> str:
        look(app)
        answer = editor.get(page)
        assert words(answer, "title").startswith(words(answer, "h1"))
        return words(answer, "h1")

    assert title() == f"Draft: {NEW_NAME}"
    act(editor, page, "send", head=made.number)
    assert title() == f"In review: {NEW_NAME}"
    act(editor, page, "publish", head=made.number + 1, publish_at="2999-02-01T10:00")
    assert title() == f"Scheduled: {NEW_NAME}"
    assert forms(editor.get(page)) == {"cancel"}
    assert "waiting" in words(editor.get("/en/staff/"), "#lately + p + ul")
    act(editor, history, "cancel", number=made.number + 2)
    assert title() == f"Draft: {NEW_NAME}"
    again = renamed(app, "mill", NEW_NAME)
    page = page_of(again)
    act(editor, page, "publish", head=again.number)
    assert title() == f"Published: {NEW_NAME}"
    answer = editor.get(page)
    assert "/en/sites/mill" in str(BeautifulSoup(answer.text, "html.parser").select(".stage a"))
    assert "Next" in words(answer, ".stage h2")
    act(editor, history, "undo", number=again.number + 1)
    assert title() == f"Published before: {NEW_NAME}"
    gone, admin = renamed(app, "old-town", NEW_NAME), logged_in(app, "ann")
    act(admin, page_of(gone), "publish", head=gone.number)
    (seen,) = (one.number for one in published(store_of(app)).shown if one.feature_id == "old-town")
    refused = act(admin, "/en/staff/features/old-town/history", "archive", seen=seen)
    assert refused.status_code == 303, words(refused)
    assert words(admin.get(page_of(gone)), "h1") == f"Taken off the map: {NEW_NAME}"
    away = draft(app, "hall", visit_min=9)
    act(editor, page_of(away), "put-away", head=away.number)
    assert words(editor.get(page_of(away)), "h1").startswith("Draft put away: ")


def test_a_moved_feature_is_drawn_before_and_after(app: Flask) -> None:
    said = content(app, "mill")
    moved = content_of(said.layer, point(121.01), said.properties)
    made = open_draft(store_of(app), Edit("mill", moved, "coco"), said).revision
    answer = logged_in(app, "coco").get(page_of(made))
    assert "It moves by 958 m." in words(answer, ".difference")
    assert "before after" in words(answer, ".difference svg")


def test_the_preview_is_the_public_page_with_the_draft_and_stays_at_the_desk(app: Flask) -> None:
    made = renamed(app, "mill", NEW_NAME)
    answer = logged_in(app, "coco").get(f"{page_of(made)}/preview")
    assert words(answer, "h1") == NEW_NAME
    assert "This is a preview; it is not published." in words(answer, ".preview-banner")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers
    assert BeautifulSoup(answer.text, "html.parser").select("script[src]") == []
    assert NEW_NAME not in public(app)
    assert OLD_NAME in public(app)


def test_a_draft_that_lacks_something_has_no_preview_and_cannot_be_published(app: Flask) -> None:
    made = draft(app, "mill", name={"zh": "磨坊"}, sources=None)
    page, editor = page_of(made), logged_in(app, "ed")
    assert editor.get(f"{page}/preview").status_code == 422
    answer = act(editor, page, "publish", head=made.number)
    assert answer.status_code == 422
    links = {str(a["href"]) for a in BeautifulSoup(answer.text, "html.parser").select(".verdict.fault a")}
    edit = f"/en/staff/features/mill?draft={made.branch}"
    assert {f"{edit}#name.en", f"{edit}#sources"} <= links
    assert OLD_NAME in public(app)


def test_what_only_warns_is_told_and_does_not_block(app: Flask) -> None:
    made = draft(app, "mill", summary={"zh": "只有中文"})
    page, editor = page_of(made), logged_in(app, "ed")
    assert "It can be published, but mind:" in words(editor.get(page), ".verdict")
    assert "#summary.en" in editor.get(page).text
    assert act(editor, page, "publish", head=made.number).status_code == 303


def test_each_role_is_offered_what_it_may_do_and_refused_the_rest_in_words(app: Flask) -> None:
    mill, school = renamed(app, "mill", "New mill"), renamed(app, "school", "New school")
    editor, mine = {"send", "publish", "put-away"}, {"send", "put-away"}
    cases = [("coco", mill, mine), ("ed", mill, editor), ("ed", school, set()), ("ann", school, editor)]
    for login, made, offered in cases:
        client = logged_in(app, login)
        assert forms(client.get(page_of(made))) == offered, login
        for step in {"publish", "return", "send", "put-away"} - offered if "publish" not in offered else ():
            answer = act(client, page_of(made), step, head=made.number, comment="x")
            assert answer.status_code == 403, (login, step)
            said = "publish in this layer" if step in ("publish", "return") else "This draft is somebody else’s"
            assert said in words(answer), (login, step)
    assert ("New mill" in public(app), "New school" in public(app, "school")) == (False, False)


def test_a_return_without_words_and_moments_that_are_past_are_refused(app: Flask) -> None:
    made = renamed(app, "mill", NEW_NAME)
    page, editor = page_of(made), logged_in(app, "ed")
    act(editor, page, "send", head=made.number)
    head = made.number + 1
    assert act(editor, page, "return", head=head, comment=" ").status_code == 422
    for wrong in ({"publish_at": "2020-01-01T10:00"}, {"expires_at": "2020-01-01T10:00"}, {"publish_at": "soon"}):
        assert act(editor, page, "publish", head=head, **wrong).status_code == 422
    turned = {"publish_at": "2999-02-01T10:00", "expires_at": "2999-01-01T10:00"}
    assert act(editor, page, "publish", head=head, **turned).status_code == 422
    assert NEW_NAME not in public(app)


def test_words_of_a_form_that_was_refused_are_still_in_it(app: Flask) -> None:
    made = renamed(app, "mill", NEW_NAME)
    fields = {"publish_at": "2020-01-01T10:00", "comment": "so much\nwritten"}
    answer = act(logged_in(app, "ed"), page_of(made), "publish", head=made.number, **fields)
    soup = BeautifulSoup(answer.text, "html.parser")
    assert soup.select("#comment-publish")[0].get_text().removeprefix("\n") == "so much\nwritten"
    assert (soup.select("#publish_at")[0]["value"], soup.select("#comment-send")[0].get_text()) == (
        "2020-01-01T10:00",
        "\n",
    )


def test_a_draft_that_moved_since_it_was_read_is_not_published(app: Flask) -> None:
    made = renamed(app, "mill", NEW_NAME)
    page, editor = page_of(made), logged_in(app, "ed")
    act(logged_in(app, "coco"), page, "send", head=made.number, comment="new words")
    answer = act(editor, page, "publish", head=made.number)
    assert answer.status_code == 409
    assert "Somebody was faster" in words(answer, ".notice")
    assert "new words" in words(answer)
    assert NEW_NAME not in public(app)


def test_a_field_that_somebody_else_published_is_asked_about_and_nothing_is_lost(app: Flask) -> None:
    made = renamed(app, "mill", NEW_NAME)
    page, editor = page_of(made), logged_in(app, "ed")
    put(app, "mill", name=text("他名", "Their mill"), summary=text("他的", "Theirs"))
    assert "In 2 fields somebody else published" in words(editor.get(page))
    asked = act(editor, page, "publish", head=made.number, comment="two\nlines")
    assert asked.status_code == 409
    assert [legend.get_text() for legend in BeautifulSoup(asked.text, "html.parser").select("main legend")] == [
        "name · English",
        "name · 中文",
    ]
    assert all(name in words(asked) for name in (OLD_NAME, NEW_NAME, "Their mill"))
    kept = {
        str(area["name"]): area.get_text().strip("\n")
        for area in BeautifulSoup(asked.text, "html.parser").select("form textarea")
    }
    answered = str(BeautifulSoup(asked.text, "html.parser").select("input[name=answered]")[0]["value"])
    english, chinese = (str(r["name"]) for r in BeautifulSoup(asked.text, "html.parser").select("[value=mine]"))
    choices = {chinese: "theirs", english: "mine", "answered": answered}
    assert send(editor, f"{page}/publish", **kept, **choices).status_code == 303
    assert kept["comment"] == "two\nlines"
    shown = public(app)
    assert (NEW_NAME in shown, "他名" in shown, "Theirs" in shown) == (True, True, True)


def test_a_publication_comes_public_and_ends_at_its_moments(app: Flask) -> None:
    made, now = renamed(app, "old-town", "New town"), datetime.now(UTC)
    begin, end = ((now + timedelta(hours=hours + 8)).strftime("%Y-%m-%dT%H:%M") for hours in (1, 5))  # by Shanghai's
    page, admin = page_of(made), logged_in(app, "ann")
    assert act(admin, page, "publish", head=made.number, publish_at=begin, expires_at=end).status_code == 303
    assert "New town" not in public(app, "old-town")
    assert "comes public on" in words(admin.get(page))
    turn_clock(app, now + timedelta(hours=2))
    assert "New town" in public(app, "old-town")
    turn_clock(app, now + timedelta(hours=6))
    look(app)
    assert app.test_client().get("/en/sites/old-town").status_code == 410


def test_a_place_that_a_route_stops_at_is_given_no_end(app: Flask) -> None:
    made = renamed(app, "mill", NEW_NAME)
    answer = act(logged_in(app, "ed"), page_of(made), "publish", head=made.number, expires_at="2999-01-01T10:00")
    assert (answer.status_code, "cannot be given an end" in words(answer)) == (422, True)


def turn_clock(app: Flask, moment: datetime) -> None:
    """Let the store, whose clock all go by, believe that it is later."""
    store_of(app)._clock = lambda: moment


def test_a_draft_is_put_away_by_its_owner_or_an_editor_of_its_layer_alone(app: Flask) -> None:
    made = renamed(app, "school", "New", owner="ann")
    for step in ("put-away", "send"):
        assert act(logged_in(app, "coco"), page_of(made), step, head=made.number).status_code == 403
    own = renamed(app, "school", "Newer")
    answer = act(logged_in(app, "coco"), page_of(own), "put-away", head=own.number)
    assert answer.status_code == 303
    assert "This draft was put away" in words(logged_in(app, "coco").get(page_of(own)))


def test_a_draft_that_was_put_away_is_sent_by_nobody_and_opened_again_by_whoever_leads_it(app: Flask) -> None:
    made = renamed(app, "school", NEW_NAME, owner="ann")
    writer, owner = logged_in(app, "coco"), logged_in(app, "ann")
    act(owner, page_of(made), "put-away", head=made.number)
    answer = act(owner, page_of(made), "send", head=made.number + 1)
    assert (answer.status_code, "the draft was put away. Save it again" in words(answer)) == (422, True)
    edit = "/en/staff/features/school"
    assert NEW_NAME not in writer.get(f"{edit}?draft={made.branch}").text  # their own, or what visitors see
    assert NEW_NAME in owner.get(f"{edit}?draft={made.branch}").text
    fields = {"draft": made.branch, "seen": made.number + 1, "summary.en": "My long text"}
    refused = send(writer, edit, page=edit, **fields)
    assert (refused.status_code, "My long text" in refused.text) == (403, True)
    assert "put away meanwhile" in words(refused)
    assert send(writer, f"{edit}/autosave", page=edit, **fields).status_code == 403
    assert "put away" in words(owner.get(page_of(made)), ".tag")
    assert send(owner, edit, page=edit, **fields).status_code == 303
    assert "My long text" in words(owner.get(page_of(made)))


def test_a_draft_of_somebody_else_that_is_open_is_written_in_by_both(app: Flask) -> None:
    made = renamed(app, "school", NEW_NAME, owner="ann")
    writer, edit = logged_in(app, "coco"), "/en/staff/features/school"
    fields = {"draft": made.branch, "seen": made.number, "summary.en": "Her words"}
    assert send(writer, edit, page=edit, **fields).status_code == 303
    page = words(writer.get(page_of(made)))
    assert all(said in page for said in ("Her words", "Young", "ann or an editor of this layer sends this draft"))


def test_many_drafts_are_published_at_once_and_each_that_cannot_be_says_why(app: Flask) -> None:
    good, poor, foreign = renamed(app, "mill", NEW_NAME), draft(app, "hall", sources=None), renamed(app, "school", "X")
    page, editor = "/en/staff/drafts/", logged_in(app, "ed")
    listed = BeautifulSoup(editor.get(f"{page}?kind=all").text, "html.parser").select("input[name=draft]")
    assert {str(box["value"]) for box in listed} == {f"{made.branch}:{made.number}" for made in (good, poor)}
    answer = send(editor, f"{page}publish", draft=[str(box["value"]) for box in listed], kind="all")
    assert answer.status_code == 409
    assert "Memory hall This cannot be done yet" in words(answer, ".notice.fault")
    assert NEW_NAME in public(app)
    own = renamed(app, "quay", "New quay")
    ticked = [f"{made.branch}:{made.number}" for made in (own, foreign)]
    answer = send(editor, f"{page}publish", draft=ticked, kind="all")
    assert "X You do not publish in this layer" in words(answer, ".notice.fault")
    assert ("New quay" in public(app, "quay"), "X" in words(answer, ".notice.fault")) == (True, True)
    assert send(logged_in(app, "coco"), f"{page}publish", draft="x:1").status_code == 403


def test_hostile_words_in_a_draft_and_its_comment_stay_words(app: Flask) -> None:
    attack = '</textarea><script>x</script>{{7*191}}"onx=1'
    made = draft(app, "mill", name=text(attack, attack), summary=text(attack, attack))
    page, writer = page_of(made), logged_in(app, "coco")
    act(writer, page, "send", head=made.number, comment=attack)
    for address in (page, f"{page}/preview", "/en/staff/", "/zh/staff/features/mill/history"):
        answer = writer.get(address)
        assert answer.status_code == 200, address
        assert "<script>x" not in answer.text, address
        assert "1337" not in answer.text, address
        assert "{{7*191}}" in words(answer, "body"), address


def test_an_unknown_draft_is_404(app: Flask) -> None:
    assert logged_in(app, "ann").get("/en/staff/drafts/nothing").status_code == 404


def test_a_place_that_ended_is_shown_again_when_it_is_published_again(app: Flask) -> None:
    end = datetime.now(UTC) + timedelta(seconds=1)
    seen = put(app, "old-town", name=text("新城", "New town"), order={"expires_at": end})
    time.sleep(1.1)
    look(app)
    assert app.test_client().get("/en/sites/old-town").status_code == 410
    again = open_draft(store_of(app), Edit("old-town", content_of("works", *ended(app)), "coco", seen)).revision
    admin = logged_in(app, "ann")
    soup = BeautifulSoup(admin.get(page_of(again)).text, "html.parser")
    assert soup.select("#expires_at")[0].get("value", "") == "", "an end that is past is not offered"
    ticked = f"{again.branch}:{again.number}"
    assert send(admin, "/en/staff/drafts/publish", draft=ticked, kind="all").status_code == 303
    assert "New town" in public(app, "old-town")


def ended(app: Flask) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return geometry and properties of the place that ended, with other words."""
    said = published(store_of(app)).revisions[0].content
    assert said.geometry
    return said.geometry, said.properties | {"summary": text("又", "Again")}


def test_who_publishes_in_one_layer_takes_nothing_out_of_another_or_into_it(app: Flask) -> None:
    moved = content(app, "school", name=text("学", "Moved school"), kind="museum", phases=None)
    edit = Edit("school", content_of("sights", moved.geometry, moved.properties), "coco")
    into_own = open_draft(store_of(app), edit, content(app, "school")).revision
    editor = logged_in(app, "ed")
    assert act(editor, page_of(into_own), "publish", head=into_own.number).status_code == 403
    ticked = f"{into_own.branch}:{into_own.number}"
    answer = send(editor, "/en/staff/drafts/publish", draft=ticked, kind="all")
    assert "You do not publish in this layer" in words(answer, ".notice.fault")
    assert act(logged_in(app, "ann"), page_of(into_own), "publish", head=into_own.number).status_code == 303
    look(app)
    history = "/en/staff/features/school/history"
    assert act(editor, history, "restore", number=0, seen=into_own.number + 1, what="all").status_code == 403


def test_a_tick_of_any_form_sends_no_draft_of_somebody_else_and_breaks_nothing(app: Flask) -> None:
    sends, branch = "/en/staff/drafts/send", renamed(app, "mill", "Mill", "ed").branch
    coco = logged_in(app, "coco")
    for tick in (f"{branch}:1", f"{branch}:{'9' * 5_000}", f"{branch}:²", f"{branch}:", "1:1", "'--"):
        answer = send(coco, sends, "/en/staff/", draft=tick)
        assert answer.status_code == (409 if branch and tick.startswith(branch) else 303), tick
    assert [one.head.state for one in open_drafts(store_of(app))] == ["draft"]
    assert send(logged_in(app, "ed"), sends, "/en/staff/", draft=f"{branch}:{'9' * 5_000}").status_code == 409
