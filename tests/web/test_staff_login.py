"""Log in and out: what the cookie may do, what a copy of it is worth, and how guessing is slowed down."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from cityatlas.app import create_app
from cityatlas.settings import Settings
from cityatlas.store.people import accounts
from cityatlas.store.people.accounts import NewAccount
from staff import PASSWORD, desk_settings, log_in, logged_in, make_desk, send, store_of, token

NEW = "four grey geese at noon"


@pytest.fixture
def desk(tmp_path: Path) -> Flask:
    """Return a desk with three people."""
    return make_desk(tmp_path)


def copied(app: Flask, client: FlaskClient) -> FlaskClient:
    """Return another browser with a copy of a cookie."""
    cookie, thief = client.get_cookie("desk"), app.test_client()
    assert cookie is not None
    thief.set_cookie("desk", cookie.value)
    return thief


def is_in(client: FlaskClient) -> bool:
    """Return whether a browser is let in."""
    return client.get("/en/staff/me").status_code == 200


def test_the_right_password_lets_in_however_the_name_is_typed(desk: Flask) -> None:
    client = desk.test_client()
    answer = log_in(client, " ANN ")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/staff/")
    assert "Hello ann" in client.get("/en/staff/").text


@pytest.mark.parametrize(
    ("login", "password"), [("ann", "wrong"), ("nobody", PASSWORD), ("", ""), ("ann", ""), ("new", "")]
)
def test_whatever_is_wrong_the_words_are_the_same(desk: Flask, login: str, password: str) -> None:
    accounts.add_account(store_of(desk), NewAccount("new", "editor"))  # was invited, has no password yet
    answer = log_in(desk.test_client(), login, password)
    assert answer.status_code == 401
    assert "The login name or the password is wrong." in answer.text


def test_a_disabled_account_is_a_wrong_one(desk: Flask) -> None:
    accounts.set_active(store_of(desk), "ed", is_active=False)
    answer = log_in(desk.test_client(), "ed")
    assert (answer.status_code, "The login name or the password is wrong." in answer.text) == (401, True)


@pytest.mark.parametrize(("public_url", "is_https"), [("", False), ("https://atlas.example", True)])
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(tmp_path: Path, public_url: str, is_https: bool) -> None:
    answer = log_in(make_desk(tmp_path, public_url=public_url).test_client(), "ann")
    cookies = sorted(answer.headers.getlist("Set-Cookie"))
    for cookie, begin in zip(cookies, ("desk-known=", "desk="), strict=True):
        name, *rest = cookie.split("; ")
        assert name.startswith(f"__Host-{begin}" if is_https else begin)
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(rest)
        assert ("Secure" in rest) == is_https
        assert "Domain" not in cookie


def test_the_cookie_before_the_login_is_not_the_one_after(desk: Flask) -> None:
    client = desk.test_client()
    before = token(client.get("/en/staff/login"))
    fixed = client.get_cookie("desk")
    log_in(client, "ann")
    assert token(client.get("/en/staff/me")) != before
    thief = desk.test_client()
    assert fixed is not None
    thief.set_cookie("desk", fixed.value)
    assert not is_in(thief)


@pytest.mark.parametrize("ending", ["logout", "password", "disabled", "ended elsewhere"])
def test_a_copied_cookie_is_worth_nothing_after(desk: Flask, ending: str) -> None:
    client = logged_in(desk, "ed")
    thief = copied(desk, client)
    assert is_in(thief)
    if ending == "logout":
        assert send(client, "/en/staff/logout").status_code == 303
    elif ending == "password":
        changed = send(client, "/en/staff/me/password", current=PASSWORD, new=NEW, again=NEW)
        assert changed.status_code == 303
        assert is_in(client)  # who changed it stays
    elif ending == "disabled":
        accounts.set_active(store_of(desk), "ed", is_active=False)
    else:
        send(logged_in(desk, "ed"), "/en/staff/me/sessions")
    answer = thief.get("/en/staff/me")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/staff/login?next=/en/staff/me")


def test_a_cookie_that_was_changed_or_signed_by_others_lets_nobody_in(desk: Flask, tmp_path: Path) -> None:
    client = logged_in(desk, "ann")
    cookie = client.get_cookie("desk")
    assert cookie is not None
    for value in (cookie.value[:-2], cookie.value.replace(".", "x", 1), "", "x"):
        client.set_cookie("desk", value)
        assert not is_in(client)
    other = create_app(desk_settings(tmp_path, secret="another secret of thirty-two letters"))
    foreign = other.test_client()
    foreign.set_cookie("desk", cookie.value)
    assert not is_in(foreign)


def test_every_process_on_the_same_store_knows_a_session(desk: Flask, tmp_path: Path) -> None:
    other = create_app(desk_settings(tmp_path))
    client = logged_in(desk, "ann")
    there = copied(other, client)
    assert is_in(there)
    send(there, "/en/staff/logout")
    assert not is_in(client)


def test_guessing_is_slowed_down_over_two_processes(desk: Flask, tmp_path: Path) -> None:
    apps = [desk, create_app(desk_settings(tmp_path))]
    statuses = [log_in(apps[n % 2].test_client(), "ann", f"wrong {n}").status_code for n in range(20)]
    assert statuses == [401] * 5 + [429] * 15
    answer = log_in(desk.test_client(), "ann")
    assert answer.status_code == 429  # the right password as well: nothing was compared
    assert "Please try again in 1 min." in answer.text


def test_twenty_guesses_at_the_same_moment_are_no_faster(desk: Flask, tmp_path: Path) -> None:
    apps, statuses = [desk, create_app(desk_settings(tmp_path))], []

    def guess(number: int) -> None:
        statuses.append(log_in(apps[number % 2].test_client(), "ann", f"wrong {number}").status_code)

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [401] * 5 + [429] * 15


def test_an_ipv6_household_is_one_guesser(desk: Flask) -> None:
    statuses = [
        log_in(desk.test_client(), f"name{n}", "wrong", address=f"2001:db8:1:2::{n:x}").status_code for n in range(21)
    ]
    assert statuses == [401] * 20 + [429]
    assert log_in(desk.test_client(), "ann", address="2001:db8:1:3::1").status_code == 303


def test_a_guesser_elsewhere_does_not_lock_a_phone_out_that_was_logged_in_before(desk: Flask) -> None:
    phone, other = desk.test_client(), desk.test_client()
    log_in(phone, "ed", address="10.1.2.3")
    log_in(other, "coco", address="10.1.2.3")
    for client in (phone, other):
        send(client, "/en/staff/logout")
    for number in range(6):
        log_in(desk.test_client(), "ed", "wrong", address=f"203.0.113.{number}")
    assert log_in(desk.test_client(), "ed", address="198.51.100.7").status_code == 429
    assert log_in(other, "ed", address="198.51.100.7").status_code == 429  # it is coco's
    forged = desk.test_client()
    forged.set_cookie("desk-known", "WyJlZCIsImFhIl0.AAAA")
    assert log_in(forged, "ed", address="198.51.100.7").status_code == 429
    assert log_in(phone, "ed", address="198.51.100.7").status_code == 303
    send(phone, "/en/staff/logout")
    for _ in range(5):
        assert log_in(phone, "ed", "wrong", address="198.18.0.7").status_code == 401
    assert log_in(phone, "ed", "wrong", address="198.18.1.7").status_code == 429


def test_guessers_on_one_address_do_not_lock_out_a_device_there_that_was_logged_in_before(desk: Flask) -> None:
    phone = logged_in(desk, "ed")  # at 10.1.2.3, as the guessers are
    send(phone, "/en/staff/logout")
    guesses = [log_in(desk.test_client(), f"name{n}", "wrong").status_code for n in range(21)]
    assert guesses == [401] * 20 + [429]
    assert log_in(desk.test_client(), "ed").status_code == 429  # any other browser waits
    assert log_in(phone, "ed").status_code == 303
    send(phone, "/en/staff/logout")
    assert log_in(phone, "ann").status_code == 429  # it is ed's alone


def test_guesses_at_an_account_from_its_own_office_do_not_lock_its_known_device_out(desk: Flask) -> None:
    phone = logged_in(desk, "ed")
    send(phone, "/en/staff/logout")
    assert [log_in(desk.test_client(), "ed", "wrong").status_code for _ in range(7)] == [401] * 5 + [429] * 2
    assert log_in(phone, "ed").status_code == 303


def test_a_stolen_name_of_a_device_is_worth_five_guesses_wherever_they_are_made(desk: Flask) -> None:
    phone, thief = logged_in(desk, "ed"), desk.test_client()
    cookie = phone.get_cookie("desk-known")
    assert cookie is not None
    thief.set_cookie("desk-known", cookie.value)
    tried = [log_in(thief, "ed", "wrong", address=f"203.0.{n}.1").status_code for n in range(8)]
    assert tried == [401] * 5 + [429] * 3
    assert log_in(thief, "ed", address="10.1.2.3").status_code == 429  # the right one as well
    assert is_in(phone)  # who is in stays in


def test_all_devices_of_one_person_together_are_worth_twenty_guesses(desk: Flask, tmp_path: Path) -> None:
    devices = [logged_in(desk, "ed") for _ in range(8)]
    for device in devices:
        send(device, "/en/staff/logout")
    apps = [desk, create_app(desk_settings(tmp_path))]
    statuses = []
    for number in range(32):
        stolen, client = devices[number % 8].get_cookie("desk-known"), apps[number % 2].test_client()
        assert stolen is not None
        client.set_cookie("desk-known", stolen.value)
        statuses.append(log_in(client, "ed", "wrong", address=f"203.0.{number}.1").status_code)
    assert statuses == [401] * 20 + [429] * 12


def test_a_guesser_elsewhere_does_not_lock_out_who_logs_in_from_the_office(desk: Flask) -> None:
    assert log_in(desk.test_client(), "ann", address="10.1.2.3").status_code == 303
    statuses = [log_in(desk.test_client(), "ann", "wrong", address=f"172.16.{n}.1").status_code for n in range(8)]
    assert statuses == [401] * 5 + [429] * 3
    assert log_in(desk.test_client(), "ann", address="172.16.99.1").status_code == 429
    for name in ("ann 10.1.2.0/24", "10.1.2.0/24 ann") * 3:
        log_in(desk.test_client(), name, "wrong", address="172.17.0.1")
    assert log_in(desk.test_client(), "ann", address="10.1.2.4").status_code == 303


def test_a_right_password_clears_what_was_mistyped_before(desk: Flask) -> None:
    for _ in range(3):
        assert [log_in(desk.test_client(), "ed", "wrong").status_code for _ in range(4)] == [401] * 4
        assert log_in(desk.test_client(), "ed").status_code == 303


def test_the_address_is_that_of_the_connection_unless_a_proxy_is_set(tmp_path: Path) -> None:
    networks = []
    for proxies in (0, 1):
        app = make_desk(tmp_path / str(proxies), proxies=proxies)
        client = app.test_client()
        csrf = token(client.get("/en/staff/login"))
        client.post(
            "/en/staff/login",
            data={"csrf": csrf, "login": "ann", "password": PASSWORD},
            headers={"X-Forwarded-For": "6.6.6.6, 203.0.113.9"},
            environ_base={"REMOTE_ADDR": "127.0.0.1"},
        )
        networks += re.findall(r"network ([\d.]+/\d+)", client.get("/en/staff/me").text)
    assert networks == ["127.0.0.0/24", "203.0.113.0/24"]


def test_people_see_where_they_are_logged_in_and_end_it(desk: Flask) -> None:
    office, phone = logged_in(desk, "ed"), desk.test_client()
    wechat = "Mozilla/5.0 (Linux; Android 14) Chrome/107.0 Mobile Safari/537.36 MicroMessenger/8.0"
    csrf = token(phone.get("/zh/staff/login"))
    phone.post(
        "/zh/staff/login",
        data={"csrf": csrf, "login": "ed", "password": PASSWORD},
        headers={"User-Agent": wechat},
        environ_base={"REMOTE_ADDR": "2001:db8:7:7::5"},
    )
    page = office.get("/en/staff/me").text
    assert "Chrome · Windows computer" in page
    assert "WeChat · Android phone" in page
    assert "2001:db8:7:7::/64" in page
    assert "10.1.2.3" not in page
    assert "微信 · 安卓手机" in phone.get("/zh/staff/me").text
    found = re.search(r'name="session" value="(\w+)"', page)
    assert found
    assert send(office, "/en/staff/me/sessions", session=found[1]).status_code == 303
    assert (is_in(office), is_in(phone)) == (True, False)


def test_nobody_ends_another_person_s_session(desk: Flask) -> None:
    ann, ed = logged_in(desk, "ann"), logged_in(desk, "ed")
    with store_of(desk).reading() as connection:
        ids = connection.exec_driver_sql("SELECT id FROM sessions").scalars().all()
    for session_id in ids:
        if is_in(ed):
            send(ed, "/en/staff/me/sessions", session=session_id)
    assert is_in(ann)


@pytest.mark.parametrize(
    ("current", "new", "again", "words"),
    [
        ("wrong", NEW, NEW, "The present password is wrong"),
        (PASSWORD, NEW, NEW + "x", "The two new passwords differ"),
        (PASSWORD, "short", "short", "The password is too short"),
        (PASSWORD, "x1" * 65, "x1" * 65, "The password is too long"),
        (PASSWORD, "password12345", "password12345", "This password is easily guessed"),
    ],
)
def test_a_password_is_changed_only_by_its_owner_for_a_good_one(
    desk: Flask, current: str, new: str, again: str, words: str
) -> None:
    client = logged_in(desk, "ed")
    answer = send(client, "/en/staff/me/password", current=current, new=new, again=again)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert log_in(desk.test_client(), "ed").status_code == 303


def test_after_a_change_only_the_new_password_lets_in(desk: Flask) -> None:
    send(logged_in(desk, "ed"), "/en/staff/me/password", current=PASSWORD, new=NEW, again=NEW)
    assert log_in(desk.test_client(), "ed").status_code == 401
    assert log_in(desk.test_client(), "ed", NEW).status_code == 303


def test_the_present_password_cannot_be_guessed_in_the_form_that_changes_it(desk: Flask) -> None:
    client = logged_in(desk, "ed")
    tried = [
        send(client, "/en/staff/me/password", current=f"wrong {n}", new=NEW, again=NEW).status_code for n in range(7)
    ]
    assert tried == [422] * 5 + [429] * 2


def test_what_is_typed_on_the_login_page_is_shown_as_text(desk: Flask) -> None:
    answer = log_in(desk.test_client(), '"><script>window.__x=1</script>')
    assert "<script>window" not in answer.text
    assert "&gt;&lt;script&gt;" in answer.text


def test_the_secret_is_never_a_default(tmp_path: Path) -> None:
    assert Settings(geodata=tmp_path).secret == ""
    first, second = (make_desk(tmp_path / name) for name in ("a", "b"))
    for app in (first, second):
        app.test_client().get("/staff")
    assert len(first.secret_key or "") >= 48
    assert first.secret_key != second.secret_key


def test_the_language_can_be_changed_at_every_step(desk: Flask) -> None:
    client = desk.test_client()
    pages = [client.get("/en/staff/login?next=/en/staff/me"), log_in(client, "ann", "wrong", next="/en/staff/me")]
    log_in(client, "ann")
    pages += [client.get("/en/staff/me"), send(client, "/en/staff/me/password", current="wrong")]
    pages += [send(client, "/en/staff/accounts/add", login="ann")]
    links = [
        BeautifulSoup(page.text, "html.parser").select(".languages a[hreflang=zh-CN]")[0]["href"] for page in pages
    ]
    login, own = "/zh/staff/login?next=/en/staff/me", "/zh/staff/me"
    assert links == [login, login, own, own, "/zh/staff/accounts"]
