"""Ask for a second factor: right codes once, wrong ones slowly, recovery codes once, and who must have one has it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from pyotp import TOTP
from werkzeug.test import TestResponse

from cityatlas.cli.main import main
from cityatlas.limits import FREE_TRIES, RECOVERY_CODES
from cityatlas.store.people import accounts, second_factors
from cityatlas.store.people.second_factors import address_of, is_right_code, step_of
from staff import PASSWORD, bytes_of, log_in, logged_in, make_desk, send, store_of, token
from staff_desk import words

FACTOR = "/en/staff/me/factor"
ENTRANCE = "/en/staff/login/code"


class Clock:
    """Hold a time that a test moves."""

    def __init__(self, app: Flask) -> None:
        self.now = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
        store_of(app)._clock = lambda: self.now

    def code(self, secret: str) -> str:
        return TOTP(secret).at(self.now)

    def pass_s(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def desk(tmp_path: Path) -> Flask:
    return make_desk(tmp_path)


def make_factor(client: FlaskClient, clock: Clock) -> tuple[str, list[str]]:
    """Turn the second factor on as a person does; return its secret and the recovery codes."""
    page = BeautifulSoup(client.get(FACTOR).text, "html.parser")
    shown = page.select_one("figure code")
    assert shown
    assert page.select("figure svg")
    answer = send(client, FACTOR, FACTOR, code=clock.code(shown.text), current=PASSWORD)
    assert answer.status_code == 200
    return shown.text, [one.text for one in BeautifulSoup(answer.text, "html.parser").select(".codes code")]


def try_code(client: FlaskClient, code: str) -> TestResponse:
    return client.post(ENTRANCE, data={"csrf": token(client.get(ENTRANCE)), "code": code})


def test_a_code_is_that_of_the_standard_and_a_step_off_at_most() -> None:
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # of RFC 6238, appendix B; its 94287082 at 59 s ends in these six
    assert (step_of(secret, "287 082", 59), step_of(secret, "287082", 89), step_of(secret, "287082", 120)) == (
        1,
        1,
        None,
    )
    assert step_of(secret, "２８７０８２", 59) is None
    assert address_of(secret, "ann", "Toy").startswith("otpauth://totp/Toy:ann?secret=GEZD")


def test_a_password_alone_lets_nobody_in_and_a_code_does_once(desk: Flask) -> None:
    clock, owner = Clock(desk), logged_in(desk, "ed")
    secret, codes = make_factor(owner, clock)
    thief = desk.test_client()
    assert log_in(thief, "ed").headers["Location"].startswith(ENTRANCE)
    assert thief.get("/en/staff/").status_code == 303
    assert try_code(thief, clock.code(secret)).status_code == 401  # it was used to turn it on
    clock.pass_s(30)
    code = clock.code(secret)
    assert try_code(thief, code).status_code == 303
    assert thief.get("/en/staff/").status_code == 200
    other = desk.test_client()
    log_in(other, "ed")
    assert try_code(other, code).status_code == 401
    assert len(codes) == RECOVERY_CODES
    assert try_code(other, codes[3].upper()).status_code == 303
    third = desk.test_client()
    log_in(third, "ed")
    assert try_code(third, codes[3]).status_code == 401
    assert codes[4].replace("-", "").encode() not in bytes_of(store_of(desk))


def test_guessing_codes_is_slowed_down_and_a_stale_password_is_asked_again(desk: Flask) -> None:
    clock, owner = Clock(desk), logged_in(desk, "ed")
    secret, codes = make_factor(owner, clock)
    guesser = desk.test_client()
    log_in(guesser, "ed")
    tried = [try_code(guesser, "000000").status_code for _ in range(FREE_TRIES + 2)]
    assert (tried[0], tried[-1]) == (401, 429)
    assert try_code(guesser, codes[0]).status_code == 429  # a right one is not looked at
    clock.pass_s(3600)
    accounts.set_password(store_of(desk), "ed", accounts.hash_password(PASSWORD))
    assert "/staff/login?" in guesser.get(ENTRANCE).headers["Location"]
    clock.pass_s(3600)
    entered = desk.test_client()
    log_in(entered, "ed")
    assert try_code(entered, clock.code(secret)).status_code == 303


def test_it_is_turned_off_with_password_and_code_and_by_no_thief_of_a_session(desk: Flask) -> None:
    clock, owner = Clock(desk), logged_in(desk, "ed")
    secret, codes = make_factor(owner, clock)
    assert send(owner, f"{FACTOR}/off", FACTOR, current=PASSWORD, code="000000").status_code == 422
    assert send(owner, f"{FACTOR}/off", FACTOR, current="wrong", code=codes[0]).status_code == 422
    renewed = send(owner, f"{FACTOR}/codes", FACTOR, current=PASSWORD, code=codes[1])
    assert "shown this once" in words(renewed)
    assert send(owner, f"{FACTOR}/off", FACTOR, current=PASSWORD, code=codes[0]).status_code == 422  # an old one
    clock.pass_s(60)
    assert send(owner, f"{FACTOR}/off", FACTOR, current=PASSWORD, code=clock.code(secret)).status_code == 303
    assert log_in(desk.test_client(), "ed").headers["Location"].endswith("/staff/")


def test_who_has_password_and_session_puts_no_other_factor_in_its_place(desk: Flask) -> None:
    clock, owner = Clock(desk), logged_in(desk, "ed")
    assert send(owner, FACTOR, current=PASSWORD, code="000000").status_code == 422  # nobody was shown a secret yet
    owner.get(FACTOR)
    thief = desk.test_client()
    cookie = owner.get_cookie("desk")
    assert cookie
    thief.set_cookie("desk", cookie.value)  # with the secret in it
    secret, codes = make_factor(owner, clock)
    clock.pass_s(60)
    assert send(thief, FACTOR, current=PASSWORD, code=clock.code(secret)).status_code == 422
    assert send(owner, f"{FACTOR}/codes", FACTOR, current=PASSWORD).status_code == 422
    other = desk.test_client()
    log_in(other, "ed")
    assert try_code(other, codes[0]).status_code == 303
    clock.pass_s(60)
    renewed = words(send(owner, f"{FACTOR}/codes", FACTOR, current=PASSWORD, code=clock.code(secret)))
    assert "shown this once" in renewed


def test_two_logins_at_once_use_one_code_once(desk: Flask) -> None:
    clock, owner = Clock(desk), logged_in(desk, "ed")
    secret, codes = make_factor(owner, clock)
    store, account = store_of(desk), accounts.find_account(store_of(desk), "ed")
    assert account
    clock.pass_s(60)
    for code in (clock.code(secret), codes[0]):
        with ThreadPoolExecutor(4) as threads:
            let_in = list(threads.map(lambda _, code=code: is_right_code(store, account, code), range(4)))
        assert sum(let_in) == 1


def test_where_it_is_required_nothing_else_opens_until_one_is_made(desk: Flask) -> None:
    clock, ann, ed = Clock(desk), logged_in(desk, "ann"), logged_in(desk, "ed")
    assert send(ann, "/en/staff/accounts/factor", required="all").status_code == 303
    assert ed.get("/en/staff/").headers["Location"] == FACTOR
    assert send(ed, "/en/staff/told/mail", mail="").status_code == 403
    secret, _ = make_factor(ed, clock)
    assert ed.get("/en/staff/").status_code == 200
    clock.pass_s(30)
    kept = send(ed, f"{FACTOR}/off", FACTOR, current=PASSWORD, code=clock.code(secret))
    assert (kept.status_code, "cannot be turned off" in kept.text) == (422, True)


def test_an_admin_and_the_command_take_a_lost_one_away_and_end_sessions(desk: Flask, tmp_path: Path) -> None:
    clock, ed = Clock(desk), logged_in(desk, "ed")
    make_factor(ed, clock)
    ann = logged_in(desk, "ann")
    page = "/en/staff/accounts"
    assert "Second factor" in words(ann.get(page), ".account .tag")
    assert send(ann, f"{page}/ed/factor", page).status_code == 303
    assert ed.get("/en/staff/").status_code == 303
    assert log_in(desk.test_client(), "ed").headers["Location"].endswith("/staff/")
    again = logged_in(desk, "ed")
    assert send(ann, f"{page}/ed/sessions", page).status_code == 303
    assert again.get("/en/staff/").status_code == 303
    variables = ("CITYATLAS_VAR", "CITYATLAS_GEODATA", "CITYATLAS_DATABASE_URL")
    environ = dict(zip(variables, (str(tmp_path / "var"), str(tmp_path / "toy"), ""), strict=True))
    make_factor(logged_in(desk, "ed"), clock)
    told = CliRunner().invoke(main, ["user", "list"], env=environ)
    assert "(second factor)" in told.output
    assert CliRunner().invoke(main, ["user", "second-factor", "ed", "--reset"], env=environ).exit_code == 0
    assert second_factors.with_factor(store_of(desk)) == frozenset()
    assert CliRunner().invoke(main, ["user", "require-second-factor", "admins"], env=environ).exit_code == 0
    assert second_factors.required(store_of(desk)) == "admins"


def test_codes_are_guessed_by_many_sessions_at_once_no_oftener_than_by_one(desk: Flask) -> None:
    clock, owner = Clock(desk), logged_in(desk, "ed")
    make_factor(owner, clock)
    guessers = [desk.test_client() for _ in range(6)]
    for number, guesser in enumerate(guessers):
        log_in(guesser, "ed", address=f"10.{number}.2.3")
    forms = [token(guesser.get(ENTRANCE)) for guesser in guessers]

    def guess(number: int) -> int:
        data = {"csrf": forms[number % 6], "code": f"{number:06}"}
        environ = {"REMOTE_ADDR": f"10.{number % 6}.2.3"}
        return guessers[number % 6].post(ENTRANCE, data=data, environ_base=environ).status_code

    with ThreadPoolExecutor(6) as threads:
        assert sum(status == 401 for status in threads.map(guess, range(12))) == FREE_TRIES
    looked_at = FREE_TRIES
    for minute in range(60):
        clock.pass_s(60)
        looked_at += guess(minute) == 401
        if minute % 9 == 0:  # as a half login holds for ten
            log_in(guessers[(minute + 1) % 6], "ed")
    assert FREE_TRIES < looked_at <= 12  # of a million codes, of which three are right at a time
