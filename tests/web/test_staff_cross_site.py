"""Send forms of another site's making with a browser that is logged in: nothing is done, and nothing is given back."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cityatlas.web.staff.auth.access import ACCESS
from staff import log_in, logged_in, make_desk, token
from staff_desk import renamed

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
]
OURS = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
# What each form that is given back does when it is sent again, in both languages; DRAFT is a draft of the hall.
ACTIONS = {
    "/staff/features/mill": ("存为“老磨坊”的草稿", "save a draft of “Old mill”"),
    "/staff/new/sights": ("在“景点”里新建一处", "begin a new place in “Sights”"),
    "/staff/features/mill/history/archive": ("把“老磨坊”从地图上撤下", "take “Old mill” off the map"),
    "/staff/features/gone/history/unarchive": ("把“gone”放回地图", "put “gone” back on the map"),
    "/staff/features/mill/history/undo": (
        "撤销“老磨坊”的一次改动并发布",
        "undo a change of “Old mill”, and publish it",
    ),
    "/staff/features/mill/history/restore": (
        "恢复“老磨坊”以前的内容并发布",
        "bring back what “Old mill” said before, and publish it",
    ),
    "/staff/drafts/DRAFT/send": ("把“纪念馆”的草稿送审", "send the draft of “Memory hall” for review"),
    "/staff/drafts/DRAFT/return": ("退回“纪念馆”的草稿", "return the draft of “Memory hall”"),
    "/staff/drafts/DRAFT/publish": ("发布“纪念馆”的草稿", "publish the draft of “Memory hall”"),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return a desk which no test here changes, with a draft that coco began of the hall."""
    app = make_desk(tmp_path_factory.mktemp("desk"), store_recheck_s=3600)
    app.config["DRAFT"] = renamed(app, "hall", "Secret hall").branch
    return app


@pytest.fixture
def ann(desk: Flask) -> FlaskClient:
    """Return the browser of an admin, who may do all."""
    return logged_in(desk, "ann")


def kept(answer: TestResponse) -> str | None:
    """Return what the button of a form says that was given back, or None where there is none."""
    button = BeautifulSoup(answer.text, "html.parser").select_one(".kept form button")
    return button.get_text() if button else None


def address_of(desk: Flask, path: str, language: str = "en") -> str:
    return f"/{language}{path}".replace("DRAFT", str(desk.config["DRAFT"]))


def test_each_form_that_is_given_back_is_looked_at_here(desk: Flask) -> None:
    marked = {endpoint for endpoint, row in ACCESS.items() if row.action}
    adapter = desk.url_map.bind("localhost")
    assert {adapter.match(address_of(desk, path), method="POST")[0] for path in ACTIONS} == marked


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("path", ACTIONS)
def test_a_form_of_another_site_is_refused_and_not_given_back_whether_the_cookie_comes_or_not(
    desk: Flask, ann: FlaskClient, path: str, headers: dict[str, str]
) -> None:
    address, words = address_of(desk, path), {"comment": "buy now", "seen": "0", "summary.en": "buy now"}
    for client in (desk.test_client(), ann):  # SameSite=Lax leaves the cookie at home, and not for each browser
        answer = client.post(address, data=words, headers=headers)
        assert answer.status_code == 403
        assert "did not come from a page of this site" in answer.text
        assert kept(answer) is None
        assert "buy now" not in answer.text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ACTIONS)
def test_the_button_says_what_sending_again_does(desk: Flask, ann: FlaskClient, path: str, language: str) -> None:
    answer = ann.post(address_of(desk, path, language), data={"comment": "mine"}, headers=OURS)
    assert answer.status_code == 403  # without a token, as a page has it that was open too long
    said = dict(zip(("zh", "en"), ACTIONS[path], strict=True))[language]
    assert kept(answer) == {"zh": f"再送一次：{said}", "en": f"Send it again: {said}"}[language]


def test_words_are_given_back_after_the_session_has_ended_and_can_be_sent(desk: Flask) -> None:
    client = logged_in(desk, "coco")
    csrf = token(client.get("/en/staff/features/mill"))
    client.delete_cookie("desk")
    answer = client.post("/en/staff/features/mill", data={"csrf": csrf, "summary.en": "A long text"}, headers=OURS)
    assert (answer.status_code, kept(answer)) == (401, "Send it again: save a draft of “Old mill”")
    assert "A long text" in answer.text
    log_in(client, "coco")
    fields = {"csrf": csrf, "summary.en": "A long text", "seen": "0", "draft": ""}
    again = client.post("/en/staff/features/mill", data=fields, headers=OURS)
    assert again.status_code == 403  # with a token of the new session now
    fields["csrf"] = re.findall(r'name="csrf" value="([^"]+)"', again.text)[-1]
    assert client.post("/en/staff/features/mill", data=fields, headers=OURS).status_code == 303


def test_who_is_not_logged_in_learns_nothing_of_a_draft(desk: Flask) -> None:
    address = address_of(desk, "/staff/drafts/DRAFT/publish")
    answer = desk.test_client().post(address, data={"comment": "mine"}, headers=OURS)
    assert answer.status_code == 401
    assert kept(answer) == f"Send it again: publish the draft of “{desk.config['DRAFT']}”"
    assert "hall" not in answer.text
