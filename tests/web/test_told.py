"""Tell people what waits for them: as counts, by a feed that only they know of, by mail once a day at most."""

from __future__ import annotations

import logging
import re
import socketserver
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from bs4 import BeautifulSoup
from flask import Flask

from cityatlas.app import create_app
from cityatlas.store import change_state
from cityatlas.store.people import accounts
from cityatlas.store.people.tellings import account_of_feed, claim_mail, due_mails, renew_feed, set_mail, telling_of
from cityatlas.store.reports import NewReport, add_report
from cityatlas.web.ops.request_log import LOGGER
from cityatlas.web.staff.review import told
from cityatlas.web.staff.review.told import send_mails
from staff import PASSWORD, logged_in, make_desk, send, store_of
from staff_desk import put, renamed, words

CALM: dict[str, Any] = {"recheck_s": 1e9, "store_recheck_s": 1e9}
TOLD = "/en/staff/told"


class Mailbox(socketserver.StreamRequestHandler):
    """Take mail as a server of SMTP does, and keep it."""

    taken: list[str]

    def handle(self) -> None:
        """Answer what smtplib says to a server without extensions."""
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            self.say({"DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 fine"))
            if verb == "DATA":
                lines = iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), ".")
                self.taken.append("\n".join(lines))
                self.say("250 taken")
            if verb == "QUIT":
                return

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def mailbox() -> Iterator[tuple[int, list[str]]]:
    """Give the port of a mail server and what it has taken."""
    taken: list[str] = []
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), type("Own", (Mailbox,), {"taken": taken})) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_address[1], taken
        server.shutdown()


def waiting_desk(folder: Path, **more: Any) -> Flask:
    """Return a desk where a draft waits for review, a visitor reported something, and a place ends soon."""
    app = make_desk(folder, **CALM, **more)
    app.extensions["cityatlas_live"].when_tidied.clear()  # which would send mail, too
    draft = renamed(app, "hall", "Town hall")
    change_state(store_of(app), draft.branch or "", draft.number, "in_review", "coco")
    add_report(store_of(app), NewReport("mill", "hours", "closed", "", "en"))
    put(app, "quay", order={"expires_at": datetime.now(UTC) + timedelta(days=3)}, summary={"zh": "渡", "en": "Ferry"})
    return app


def test_counts_stand_on_the_desk_and_beside_it(tmp_path: Path) -> None:
    app = waiting_desk(tmp_path)
    ed, coco = logged_in(app, "ed"), logged_in(app, "coco")
    assert words(ed.get("/en/staff/"), ".waits") == "1 to review 1 visitors' reports 1 end soon"
    assert words(ed.get("/en/staff/layers/"), "nav .count") == "3"
    told = words(ed.get(TOLD))
    for sentence in ("Town hall: a draft waits for review", "Old mill: a visitor reported", "Quay: ends soon"):
        assert sentence in told
    assert words(coco.get("/en/staff/layers/"), "nav .count") == ""
    assert "Nothing waits for you" in words(coco.get(TOLD))


def test_a_feed_is_known_to_its_owner_alone_until_it_is_renewed_or_the_password_changes(tmp_path: Path) -> None:
    app = waiting_desk(tmp_path)
    ed, reader = logged_in(app, "ed"), app.test_client()

    def made() -> str:
        assert send(ed, f"{TOLD}/feed", TOLD, what="renew").status_code == 303
        field = BeautifulSoup(ed.get(TOLD).text, "html.parser").select_one("#feed-address")
        assert field
        return str(field["value"]).removeprefix("http://localhost")

    first = made()
    answer = reader.get(first)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    feed = feedparser.parse(answer.data)
    assert not feed.bozo
    assert feed.entries[0].title == "Town hall: a draft waits for review"
    assert "feed-address" not in ed.get(TOLD).text
    second = made()
    assert (reader.get(first).status_code, reader.get(second).status_code) == (404, 200)
    accounts.set_password(store_of(app), "ed", accounts.hash_password(PASSWORD))
    assert reader.get(second).status_code == 404
    ed = logged_in(app, "ed")
    third = made()
    send(ed, f"{TOLD}/feed", TOLD, what="end")
    assert reader.get(third).status_code == 404
    fourth = made()
    accounts.set_active(store_of(app), "ed", is_active=False)
    assert reader.get(fourth).status_code == 404
    word = re.sub(r".*/feed/|\.atom", "", fourth)
    assert account_of_feed(store_of(app), word) is None


def test_mail_comes_once_a_day_at_most_and_only_with_something_new(
    tmp_path: Path, mailbox: tuple[int, list[str]]
) -> None:
    port, taken = mailbox
    smtp = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_from": "desk@atlas.example"}
    app = waiting_desk(tmp_path, public_url="https://atlas.example", **smtp)
    store, now = store_of(app), datetime.now(UTC)
    account = accounts.find_account(store, "ed")
    assert account
    with pytest.raises(Exception, match="no mail address"):
        set_mail(store, account, "ed@a.example\nBcc: all@b.example", "en")
    set_mail(store, account, "ed@paper.example", "en")
    assert (send_mails(app), send_mails(app)) == (1, 0)
    assert "To: ed@paper.example" in taken[0]
    assert "1 to review" in taken[0]
    assert "https://atlas.example/en/staff/drafts/" in taken[0]
    store._clock = lambda: now + timedelta(hours=25)
    assert len(due_mails(store)) == 1
    assert send_mails(app) == 0  # nothing has come since
    add_report(store, NewReport("mill", "text", "typo", "", "en"))
    assert send_mails(app) == 1
    assert "2 visitors' reports" in taken[1]


def test_where_a_server_dies_over_a_mail_another_sends_it(
    tmp_path: Path, mailbox: tuple[int, list[str]], monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    port, taken = mailbox
    smtp = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_from": "desk@atlas.example"}
    app = waiting_desk(tmp_path, database_url=database_url, **smtp)
    other, now = create_app(app.config["SETTINGS"]), datetime.now(UTC)
    account = accounts.find_account(store_of(app), "ed")
    assert account
    set_mail(store_of(app), account, "ed@paper.example", "en")
    monkeypatch.setattr(told, "_post", lambda *_: sys.exit())
    with pytest.raises(SystemExit):
        send_mails(app)
    monkeypatch.undo()
    assert (send_mails(other), taken) == (0, [])  # the first may still be at it
    store_of(other)._clock = lambda: now + timedelta(minutes=11)
    assert (send_mails(other), send_mails(app), len(taken)) == (1, 0, 1)
    telling = telling_of(store_of(app), account)
    assert [bool(claim_mail(store_of(app), account, telling)) for _ in range(2)] == [True, False]
    store_of(app)._clock = lambda: now - timedelta(hours=5)  # it was ahead, and is right now
    assert claim_mail(store_of(app), account, telling)


def test_a_mail_password_goes_to_nobody_who_does_not_prove_a_name(
    tmp_path: Path, mailbox: tuple[int, list[str]], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    port, taken = mailbox  # it speaks no TLS
    monkeypatch.setattr(told, "NEAR", ())
    smtp = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_from": "desk@atlas.example"}
    app = waiting_desk(tmp_path, smtp_user="desk", smtp_password="hush", **smtp)
    account = accounts.find_account(store_of(app), "ed")
    assert account
    set_mail(store_of(app), account, "ed@paper.example", "en")
    assert send_mails(app) == 0
    assert taken == []
    assert "SMTPNotSupportedError" in caplog.text
    assert "hush" not in caplog.text


def test_a_feed_s_address_reaches_no_log_no_cache_and_no_other_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app = waiting_desk(tmp_path, request_log=True)
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(LOGGER, "handlers", [caplog.handler])
    account = accounts.find_account(store_of(app), "ed")
    assert account
    word = renew_feed(store_of(app), account)
    reader, answers = app.test_client(), []
    for address in (f"/en/staff/feed/{word}.atom", f"/staff/feed/{word}.atom", f"/en/staff/feed/{word}x.atom"):
        asked = ("GET", "HEAD", "OPTIONS", "POST", "GET")
        answers += [reader.open(address, method=how, headers={"Origin": "https://evil.example"}) for how in asked]
    with monkeypatch.context() as patch:
        patch.setattr(told, "waits", lambda *_: 1 / 0)
        answers.append(reader.get(f"/en/staff/feed/{word}.atom"))
    assert {answer.status_code for answer in answers} == {200, 404, 405, 500}
    for answer in answers:
        assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == (
            "private, no-store",
            "same-origin",
        )
        assert not {"ETag", "Set-Cookie", "Access-Control-Allow-Origin"} & set(answer.headers.keys())
    assert "no answer for /<any(zh, en):lang>/staff/feed/<word>.atom" in caplog.text
    assert '"rule": "/<any(zh, en):lang>/staff/feed/<word>.atom", "status": 200' in caplog.text
    assert word not in caplog.text
    assert word not in "".join(str(reader.get(page).data) for page in ("/metrics", "/changes.atom", "/en/staff/login"))
    accounts.set_role(store_of(app), "ed", "contributor")
    assert b"Town hall" not in reader.get(f"/en/staff/feed/{word}.atom").data
