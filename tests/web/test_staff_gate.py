"""Go through every address of the desk: nobody gets past without a login, a role and a form of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from cityatlas.store.people import accounts
from cityatlas.web.http.desk import is_desk
from cityatlas.web.http.rate_limit import Buckets
from cityatlas.web.staff.auth.access import ACCESS
from hostile import addresses
from staff import log_in, logged_in, make_desk, send, store_of, token

OPEN = {"staff_auth.login", "staff_auth.welcome", "staff_factor.code", "staff_told.atom"}
ADMIN = re.compile(r"(/en|/zh)?/staff/accounts")
OPENED = re.compile(rb'name="opened" value="[^"]+"')  # when a report's form was opened: another second, another mark


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """Return a desk with three people, which no test here changes."""
    return make_desk(tmp_path_factory.mktemp("desk"))


def address_of(rule: Rule) -> str:
    """Return an address of a rule, with something in each place."""
    fixed = re.sub(r"<any\(([^,)]+)[^>]*>", r"\1", rule.rule)
    return re.sub(r"<[^>]*>", "x", re.sub(r"<(int|float)[^>]*>", "1", fixed))


HANDBOOK = "staff_help.show"  # beside the desk, at /help/staff: it says how to log in, and nothing of the store


def asked(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Yield endpoint, method and address of everything at the desk."""
    for rule in app.url_map.iter_rules():
        if "/staff" in rule.rule and rule.endpoint != HANDBOOK:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule.endpoint, method, address_of(rule)


def test_every_address_of_the_desk_asks_for_a_login(desk: Flask) -> None:
    client, seen = desk.test_client(), set()
    for endpoint, method, address in asked(desk):
        assert is_desk(address), address
        if endpoint in OPEN:
            continue
        answer = client.open(address, method=method)
        expected = 303 if method == "GET" else 401
        assert answer.status_code == expected, (method, address)
        if method == "GET":
            assert re.match(r"/(zh|en)/staff/login(\?next=|$)", answer.headers["Location"]), address
        seen.add(endpoint)
    assert {"desk.show", "staff_me.show", "staff_me.password", "staff_accounts.add", "staff_auth.logout"} <= seen


def test_a_script_is_told_401(desk: Flask) -> None:
    answer = desk.test_client().get("/en/staff/me", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (401, "login")


def test_accounts_are_for_admins(desk: Flask) -> None:
    refused = 0
    for name in ("coco", "ed"):
        client = logged_in(desk, name)
        csrf = token(client.get("/en/staff/me"))
        for _, method, address in asked(desk):
            if ADMIN.match(address):
                answer = client.open(address, method=method, headers={"X-CSRF-Token": csrf})
                assert answer.status_code == 403, (name, method, address)
                refused += 1
    assert refused >= 20
    assert logged_in(desk, "ann").get("/en/staff/accounts").status_code == 200


def test_an_address_that_names_a_role_refuses_everybody_below_it(desk: Flask) -> None:
    client, refused = logged_in(desk, "coco"), set()
    csrf = token(client.get("/en/staff/me"))
    for endpoint, method, address in asked(desk):
        if not ACCESS[endpoint].lets_in("contributor"):
            assert client.open(address, method=method, headers={"X-CSRF-Token": csrf}).status_code == 403, address
            refused.add(endpoint)
    assert {"staff_accounts.show", "staff_accounts.role", "staff_accounts.active"} <= refused


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-CSRF-Token": "guess"},
        {"X-CSRF-Token": "right", "Origin": "https://evil.example"},
        {"X-CSRF-Token": "right", "Origin": "null"},
        {"X-CSRF-Token": "right", "Origin": "http://[::1"},
        {"X-CSRF-Token": "right", "Origin": "http://localhost.evil.example"},
        {"X-CSRF-Token": "right", "Sec-Fetch-Site": "cross-site"},
        {"X-CSRF-Token": "right", "Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_no_write_is_done_without_a_form_of_ours(desk: Flask, headers: dict[str, str]) -> None:
    client = logged_in(desk, "ann")
    page, tried = client.get("/en/staff/me"), 0
    sent = {key: token(page) if value == "right" else value for key, value in headers.items()}
    for _, method, address in asked(desk):
        if method != "GET":
            assert client.open(address, method=method, headers=sent).status_code == 403, address
            tried += 1
    assert tried > 10
    assert client.get("/en/staff/me").status_code == 200  # not even logged out


def test_a_token_is_one_session_s_own(desk: Flask) -> None:
    foreign = token(logged_in(desk, "ann").get("/en/staff/me"))
    client = logged_in(desk, "coco")
    assert client.post("/en/staff/logout", data={"csrf": foreign}).status_code == 403
    assert client.get("/en/staff/me").status_code == 200


def test_a_write_from_our_own_page_is_done(desk: Flask) -> None:
    client = logged_in(desk, "coco")
    csrf = token(client.get("/en/staff/me"))
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/en/staff/logout", data={"csrf": csrf}, headers=headers).status_code == 303


def test_the_public_address_counts_as_our_own_behind_a_proxy_that_renames_the_host(tmp_path: Path) -> None:
    client = make_desk(tmp_path, public_url="https://atlas.example").test_client()
    csrf = token(client.get("/en/staff/login", headers={"Host": "127.0.0.1:8000"}))
    for origin, status in (("https://atlas.example", 401), ("https://evil.example", 403)):
        headers = {"Host": "127.0.0.1:8000", "Origin": origin}
        answer = client.post("/en/staff/login", data={"csrf": csrf, "login": "x"}, headers=headers)
        assert answer.status_code == status, origin


def test_a_page_of_the_desk_is_kept_by_no_cache_and_framed_by_nobody(desk: Flask) -> None:
    for client in (desk.test_client(), logged_in(desk, "ann")):
        for _, method, address in asked(desk):
            if method != "GET" and client.get_cookie("desk"):
                continue  # would log out
            answer = client.open(address, method=method)
            assert answer.headers["Cache-Control"] == "private, no-store", address
            if answer.status_code != 303:
                assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], address
                assert answer.headers["Referrer-Policy"] == "same-origin", address


def test_no_public_address_sets_or_reads_a_cookie_of_the_desk(desk: Flask) -> None:
    desk.extensions["cityatlas_buckets"] = Buckets(10_000)  # each picture and plan is asked for twice in a minute
    member, visitor = logged_in(desk, "ann"), desk.test_client()
    cookie, seen = member.get_cookie("desk"), 0
    for address in addresses(desk, "mill"):
        if is_desk(address.partition("?")[0]):
            continue
        answer, public = member.get(address), visitor.get(address)
        assert "Set-Cookie" not in answer.headers, address
        if address != "/metrics":  # its counts grow with each request
            assert OPENED.sub(b"", answer.data) == OPENED.sub(b"", public.data), address
        assert answer.headers.get("Vary") == public.headers.get("Vary"), address
        assert answer.headers.get("Cache-Control") == public.headers.get("Cache-Control"), address
        seen += 1
    assert seen > 50
    assert visitor.get_cookie("desk") is None
    assert member.get_cookie("desk") == cookie


def test_a_member_who_loses_the_role_is_refused_on_the_next_page(tmp_path: Path) -> None:
    app = make_desk(tmp_path)
    accounts.set_role(store_of(app), "ed", "admin")
    client = logged_in(app, "ed")
    assert client.get("/en/staff/accounts").status_code == 200
    accounts.set_role(store_of(app), "ed", "editor")
    answer = client.get("/en/staff/accounts")
    assert (answer.status_code, "Your role does not reach so far" in answer.text) == (403, True)


DESK = "/en/staff/"
ATTACKS = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "/\t/evil.example",
    "/en/staff/\n//evil.example",
    "http://localhost@evil.example/staff/",
    "/en/staff//evil.example",
    "/en/staff/me?x=\\evil.example",
    "%2f%2fevil.example",
    "/en/staff/../../zh/",
    "/zh/",
    "/staff/no-such-page",
    "/staff/logout",
    "/staffroom",
    "x" * 3000,
]


@pytest.mark.parametrize("wanted", ATTACKS)
def test_a_login_leads_nowhere_but_to_the_desk(desk: Flask, wanted: str) -> None:
    client = desk.test_client()
    assert log_in(client, "ann", next=wanted).headers["Location"] == DESK
    again = client.get("/en/staff/login", query_string={"next": wanted})  # logged in already
    assert again.headers["Location"] == DESK


@pytest.mark.parametrize("wanted", ["/en/staff/me", "/staff/accounts", "/zh/staff/me?a=1&b=%E4%B8%AD", "/staff"])
def test_a_login_leads_on_to_the_page_that_was_wanted(desk: Flask, wanted: str) -> None:
    asked_first = desk.test_client().get(wanted)
    assert asked_first.status_code == 303
    client = desk.test_client()
    form = client.get(asked_first.headers["Location"])
    assert f'name="next" value="{wanted.replace("&", "&amp;")}"' in form.text
    assert log_in(client, "ann", next=wanted).headers["Location"] == wanted


def test_a_form_that_was_sent_without_a_login_says_that_it_was_not_saved(desk: Flask) -> None:
    answer = desk.test_client().post("/zh/staff/me/password")
    assert answer.status_code == 401
    assert "这一步没有保存" in answer.text


def test_a_token_may_come_in_a_header_for_scripts(desk: Flask) -> None:
    client = logged_in(desk, "ed")
    csrf = token(client.get("/en/staff/me"))
    assert client.post("/en/staff/me/sessions", headers={"X-CSRF-Token": csrf}).status_code == 303
    assert send(client, "/en/staff/me/sessions").status_code == 303
