"""Care for accounts as an admin: invite, give roles, disable; and answer an invitation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cityatlas.store.people import accounts
from staff import log_in, logged_in, make_desk, send, store_of, token

ACCOUNTS = "/en/staff/accounts"
NEW = "four grey geese at noon"


@pytest.fixture
def desk(tmp_path: Path) -> Flask:
    """Return a desk with three people."""
    return make_desk(tmp_path)


def change(client: FlaskClient, what: str, **fields: object) -> TestResponse:
    """Send a form of the page of accounts."""
    return send(client, f"{ACCOUNTS}/{what}", ACCOUNTS, **fields)


def link_on(client: FlaskClient) -> str:
    """Return the path of the invitation that the page of accounts shows."""
    field = BeautifulSoup(client.get(ACCOUNTS).text, "html.parser").select_one("#invitation")
    assert field
    return str(field["value"]).removeprefix("http://localhost")


def test_an_invited_person_chooses_a_password_and_is_in(desk: Flask) -> None:
    ann, bob = logged_in(desk, "ann"), desk.test_client()
    added = change(ann, "add", login="Bob", display_name="Bob Builder", role="editor", layers=["works", "nowhere"])
    assert added.status_code == 303
    link = link_on(ann)
    assert "Welcome, Bob Builder" in bob.get(link).text
    assert bob.get(link).status_code == 200  # looking at it, as chat apps do, does not use it up
    answer = send(bob, link, link, new=NEW, again=NEW)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/staff/")
    assert "Hello Bob Builder" in bob.get("/en/staff/").text
    account = accounts.find_account(store_of(desk), "bob")
    assert account is not None
    assert (account.role, account.layers) == ("editor", ("works",))


def test_a_link_is_shown_once_and_works_once(desk: Flask) -> None:
    ann, bob = logged_in(desk, "ann"), desk.test_client()
    change(ann, "add", login="bob", role="contributor")
    link = link_on(ann)
    assert link not in ann.get(ACCOUNTS).text
    send(bob, link, link, new=NEW, again=NEW)
    late = desk.test_client()
    assert late.get(link).status_code == 404
    csrf = token(late.get("/en/staff/login"))
    assert late.post(link, data={"csrf": csrf, "new": NEW, "again": NEW}).status_code == 404
    assert log_in(late, "bob", NEW).status_code == 303


@pytest.mark.parametrize(
    ("new", "again", "words"),
    [("short", "short", "too short"), (NEW, "other", "differ"), ("bobbobbobbob", "bobbobbobbob", "easily guessed")],
)
def test_a_bad_choice_does_not_use_the_link_up(desk: Flask, new: str, again: str, words: str) -> None:
    ann, bob = logged_in(desk, "ann"), desk.test_client()
    change(ann, "add", login="bob", role="contributor")
    link = link_on(ann)
    answer = send(bob, link, link, new=new, again=again)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert send(bob, link, link, new=NEW, again=NEW).status_code == 303


def test_a_new_link_for_somebody_leaves_the_old_password_until_it_is_used(desk: Flask) -> None:
    ann, ed = logged_in(desk, "ann"), logged_in(desk, "ed")
    change(ann, "ed/invite")
    link = link_on(ann)
    assert ed.get("/en/staff/me").status_code == 200
    send(desk.test_client(), link, link, new=NEW, again=NEW)
    assert ed.get("/en/staff/me").status_code == 303
    assert log_in(desk.test_client(), "ed").status_code == 401


def test_a_role_is_given_with_its_layers(desk: Flask) -> None:
    ann = logged_in(desk, "ann")
    assert change(ann, "coco/role", role="editor", layers="sights").status_code == 303
    assert "Saved." in ann.get(ACCOUNTS).text
    coco = accounts.find_account(store_of(desk), "coco")
    assert coco is not None
    assert (coco.role, coco.layers) == ("editor", ("sights",))
    change(ann, "coco/role", role="contributor", layers="sights")
    coco = accounts.find_account(store_of(desk), "coco")
    assert coco is not None
    assert (coco.role, coco.layers) == ("contributor", None)


def test_disabling_logs_out_and_enabling_lets_in_again(desk: Flask) -> None:
    ann, ed = logged_in(desk, "ann"), logged_in(desk, "ed")
    change(ann, "ed/active", active="no")
    assert ed.get("/en/staff/me").status_code == 303
    assert log_in(desk.test_client(), "ed").status_code == 401
    change(ann, "ed/active", active="yes")
    assert log_in(desk.test_client(), "ed").status_code == 303


@pytest.mark.parametrize(
    ("what", "fields", "words"),
    [
        ("add", {"login": "ED", "role": "editor"}, "There is an account with this login name already"),
        ("add", {"login": "no spaces", "role": "editor"}, "This login name cannot be used"),
        ("add", {"login": "bob", "role": "king"}, "There is no such role"),
        ("add", {"login": "bob", "role": "editor", "display_name": "x" * 61}, "This name cannot be used"),
        ("ann/role", {"role": "editor"}, "This is the last admin"),
        ("ann/active", {"active": "no"}, "This is the last admin"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(desk: Flask, what: str, fields: dict[str, str], words: str) -> None:
    ann = logged_in(desk, "ann")
    answer = change(ann, what, **fields)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert [account.login for account in accounts.all_accounts(store_of(desk))] == ["ann", "coco", "ed"]


def test_somebody_who_is_not_there_is_not_found(desk: Flask) -> None:
    ann = logged_in(desk, "ann")
    for what in ("nobody/role", "nobody/active", "nobody/invite"):
        assert change(ann, what, role="editor").status_code == 404


def test_a_name_is_shown_as_text(desk: Flask) -> None:
    ann = logged_in(desk, "ann")
    name = "<img src=x onerror=alert(1)>{{7*7}}"
    change(ann, "add", login="bob", role="editor", display_name=name)
    soup = BeautifulSoup(ann.get(ACCOUNTS).text, "html.parser")
    assert name in [h2.get_text() for h2 in soup.select(".account h2")]
    assert soup.select("img") == []


def test_every_page_of_the_desk_is_whole_in_both_languages(desk: Flask) -> None:
    ann = logged_in(desk, "ann")
    change(ann, "add", login="bob", role="editor")
    link = link_on(ann)
    for language in ("zh", "en"):
        for page in ("", "me", "accounts", link.partition("/staff/")[2]):
            soup = BeautifulSoup(ann.get(f"/{language}/staff/{page}").text, "html.parser")
            assert len(soup.select("h1")) == 1
            assert soup.title
            assert soup.select_one("html[lang]")
            labelled = {label["for"] for label in soup.select("label[for]")}
            fields = soup.select("main :is(input:not([type=hidden]):not([type=checkbox]):not([hidden]), select)")
            assert {field["id"] for field in fields} <= labelled
            ids = [tag["id"] for tag in soup.select("[id]")]
            assert len(ids) == len(set(ids))
            assert not re.search(r"\bstaff\.\w+", soup.get_text())
