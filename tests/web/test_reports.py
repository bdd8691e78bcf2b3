"""Report a problem as a visitor, and answer it as staff; nobody else ever reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from cityatlas.app import create_app
from cityatlas.catalogue.live import LiveCatalogue
from cityatlas.store import back_up
from cityatlas.store.reports import Report, all_reports, answer_report
from cityatlas.web.public import report_form
from hostile import EVERYTHING, addresses
from staff import desk_settings, logged_in, make_desk, send, store_of
from toy import CITY_TOML

PAGE = "/en/sites/mill/report"
WORDS = "The entrance is on the east side"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Return a desk whose visitors write as fast as a test does."""
    monkeypatch.setattr(report_form, "LEAST_S", 0)
    return make_desk(tmp_path)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Return such a desk, in which no test leaves anything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report_form, "LEAST_S", 0)
        yield make_desk(tmp_path_factory.mktemp("quiet"))


def opened(client: FlaskClient, page: str = PAGE) -> str:
    found = re.search(r'name="opened" value="([^"]+)"', client.get(page).text)
    assert found
    return found[1]


def report(
    client: FlaskClient, changed: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> TestResponse:
    fields = {"opened": opened(client), "kind": "position", "words": WORDS, "contact": "Li, 123456"}
    return client.post(PAGE, data=fields | (changed or {}), headers=headers or {})


def kept(app: Flask) -> list[Report]:
    return all_reports(store_of(app))


def test_a_report_is_kept_and_thanked_for(desk: Flask) -> None:
    answer = report(desk.test_client(), headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}/thanks")
    assert "within 90 days" in desk.test_client().get(answer.headers["Location"]).text
    (found,) = kept(desk)
    assert (found.feature_id, found.kind, found.words, found.contact) == ("mill", "position", WORDS, "Li, 123456")
    assert (found.language, found.state) == ("en", "new")


@pytest.mark.parametrize("page", ["/zh/sites/mill", "/en/sites/mill/card", "/zh/?site=mill"])
def test_every_feature_leads_to_the_form(quiet: Flask, page: str) -> None:
    link = BeautifulSoup(quiet.test_client().get(page).data, "html.parser").select_one(".report-link a")
    assert link
    assert quiet.test_client().get(str(link["href"])).status_code == 200


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"words": " \n"}, 422, "Please say in a sentence"),
        ({"words": "x" * 1001}, 422, "too long"),
        ({"contact": "x" * 121}, 422, "too long"),
        ({"opened": ""}, 422, "open for too long"),
        ({"opened": "mill.aaaa.bbbb"}, 422, "open for too long"),
    ],
)
def test_what_cannot_be_taken_is_said_and_the_words_stay(
    quiet: Flask, changed: dict[str, str], status: int, said: str
) -> None:
    answer = report(quiet.test_client(), changed)
    page = BeautifulSoup(answer.data, "html.parser")
    fault, words = page.select_one("[role=alert]"), page.select_one("textarea")
    assert fault
    assert words
    assert (answer.status_code, said in fault.text) == (status, True)
    assert words.text.strip("\n") == changed.get("words", WORDS).strip("\n")
    assert kept(quiet) == []


def test_a_form_of_another_feature_does_not_do(quiet: Flask) -> None:
    client = quiet.test_client()
    assert report(client, {"opened": opened(client, "/en/sites/hall/report")}).status_code == 422


def test_who_answers_at_once_is_no_person(quiet: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_form, "LEAST_S", 3)
    answer = report(quiet.test_client())
    assert (answer.status_code, "too quick" in answer.text, kept(quiet)) == (422, True, [])


def test_who_fills_in_what_people_do_not_see_is_thanked_and_forgotten(quiet: Flask) -> None:
    answer = report(quiet.test_client(), {"website": "https://spam.example"})
    assert answer.headers["Location"] == f"{PAGE}/thanks"
    assert kept(quiet) == []


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {"Origin": "http://[::1"}],
    ids=str,
)
def test_a_form_from_another_site_is_not_taken(quiet: Flask, headers: dict[str, str]) -> None:
    assert report(quiet.test_client(), headers=headers).status_code == 403
    assert kept(quiet) == []


def test_one_address_is_slowed_down_and_others_are_not(desk: Flask) -> None:
    client = desk.test_client()
    assert [report(client).status_code for _ in range(7)] == [303] * 5 + [429] * 2
    fields = {"opened": opened(client), "kind": "text", "words": WORDS}
    assert client.post(PAGE, data=fields, environ_base={"REMOTE_ADDR": "192.0.2.9"}).status_code == 303
    assert len(kept(desk)) == 6


def test_no_more_are_taken_when_nobody_reads_them(desk: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cityatlas.store.reports.MOST_REPORTS", 1)
    client = desk.test_client()
    assert [report(client).status_code for _ in range(2)] == [303, 429]
    answer_report(store_of(desk), kept(desk)[0].id, "done", "", "ed")
    assert report(client).status_code == 303


def test_without_a_database_the_page_says_so_and_whom_to_tell(tmp_path: Path) -> None:
    settings = desk_settings(tmp_path)
    organiser = '\n[organiser]\nname = { zh = "馆", en = "The museum" }\ncontact = "tel 0573-1"\n'
    (settings.geodata / "city.toml").write_text(CITY_TOML + organiser, "utf-8")
    client = create_app(settings).test_client()
    for answer in (client.get(PAGE), client.post(PAGE, data={"words": WORDS, "opened": "x"})):
        assert answer.status_code == 503
        assert "Please tell the organiser: The museum tel 0573-1" in answer.text
    assert WORDS in answer.text
    assert not (settings.var / "toy.sqlite").exists()


def test_nothing_of_a_report_is_public(desk: Flask) -> None:
    for field in ("words", "contact"):
        report(desk.test_client(), {field: "Zaubernuss"})
    visitor = desk.test_client()
    assert [a for a in addresses(desk, "Zaubernuss") if "Zauber" not in a and b"Zauber" in visitor.get(a).data] == []


def test_staff_see_a_report_beside_its_feature_and_answer_it(desk: Flask) -> None:
    report(desk.test_client())
    client = logged_in(desk, "ed")
    page = BeautifulSoup(client.get("/en/staff/reports").data, "html.parser")
    card = page.select_one("article.report")
    assert card
    assert WORDS in card.text
    assert "Li, 123456" in card.text
    beside = card.select_one(".report-feature a")
    assert beside
    assert beside["href"] == "/en/sites/mill"
    assert card.select(".report-feature a[href='/en/staff/features/mill#geometry']")  # to what is reported
    (found,) = kept(desk)
    told = client.get("/en/staff/").text
    assert "A visitor reported on " in told
    assert ": The position." in told
    assert WORDS not in told
    for answer, note in (("task", "look on Monday"), ("done", "")):
        assert send(client, f"/en/staff/reports/{found.id}", answer=answer, note=note).status_code == 303
    (found,) = kept(desk)
    assert [(a.answer, a.note, a.author) for a in found.answers] == [
        ("task", "look on Monday", "ed"),
        ("done", "", "ed"),
    ]
    assert "A visitor reported on " not in client.get("/en/staff/").text
    assert "Answered (1)" in client.get("/en/staff/reports").text


def test_contributors_do_not_see_who_wrote(quiet: Flask) -> None:
    assert logged_in(quiet, "coco").get("/en/staff/reports").status_code == 403


def test_a_hostile_report_is_words_and_nothing_else(desk: Flask) -> None:
    report(desk.test_client(), {"words": EVERYTHING, "contact": EVERYTHING[:100]})
    page = BeautifulSoup(logged_in(desk, "ed").get("/en/staff/reports").data, "html.parser")
    words = page.select_one(".report-words")
    assert words
    assert words.text == EVERYTHING
    assert not page.select("main img, main svg[onload], main [onfocus]")


def test_a_server_deletes_old_reports_without_anybody_asking(desk: Flask) -> None:
    report(desk.test_client())
    settings = desk.config["SETTINGS"]
    live = LiveCatalogue(settings)
    live.store._clock = lambda: datetime.now(UTC) + timedelta(days=91)
    live.tidy()
    assert kept(desk) == []
    live.close()


def test_a_backup_holds_no_report(desk: Flask, tmp_path: Path) -> None:
    report(desk.test_client())
    counts = back_up(store_of(desk), tmp_path / "copy.gz")
    assert not {"reports", "report_answers"} & counts.keys()
